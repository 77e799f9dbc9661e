"""JSON in logs: one object a line, one list of them, or one document; strict, and streamed where it can be."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..core.errors import InputError, TooLarge
from ._jsonl import LONGEST
from ._log_source import MARK, Place, head, lines, opened

LARGEST = 256 * 2**20
"""Bytes of one JSON document, unpacked, beyond which it is refused: it is held in memory as a whole."""

_PIECE = 2**16
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_BLANK = re.compile(r"[\s,]*")


def parsed(raw: bytes, place: Place) -> Any:
    """The JSON value that bytes hold; NaN, infinities, keys that stand twice, and what is not UTF-8 are refused."""
    try:
        text = raw.decode("utf-8")
        value = DECODER.decode(text)
        return whole(value) if _HALF.search(text) else value
    except UnicodeDecodeError as error:
        why = "It begins with the mark of UTF-16." if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        place.refuse(f"is not UTF-8 at byte {error.start + 1}", why, "Save the file as UTF-8 text.")
    except (ValueError, RecursionError) as error:
        place.refuse(f"is not JSON: {error}", f"It starts {raw[:60]!r}.", "Mend the line, or remove it.")


def an_object(value: Any, place: Place) -> dict[str, Any]:
    """The value, which has to be an object."""
    if type(value) is not dict:
        place.refuse(f"is {value!r:.60}", "A record is one JSON object.")
    return value


def first(path: Path) -> dict[str, Any]:
    """The first object of a file, or the first entry of its list; empty if it does not stand within `HEAD`."""
    text = head(path).decode("utf-8", "replace").lstrip()
    try:
        found, _ = DECODER.raw_decode(text, _past(text, 1) if text.startswith("[") else 0)
    except (ValueError, RecursionError):
        return {}
    return found if type(found) is dict else {}


def records(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The objects of a file: one per line, or the entries of one list, or the one object that the file is."""
    if head(path).lstrip().startswith(b"["):
        return _entries(path)
    return _by_line(path) if _one_a_line(path) else _document(path)


def document(path: Path) -> Any:
    """The one JSON value that a file is, held whole; `TooLarge` beyond `LARGEST`."""
    with opened(path) as stream:
        raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise TooLarge(
            f"{path.name} is one JSON document of more than {LARGEST >> 20} MB.",
            "It would have to be held in memory as a whole.",
            "Write one record per line (JSON lines), or split it.",
        )
    return parsed(raw.removeprefix(MARK), Place(path.name, 1, "Document"))


def whole(value: Any) -> Any:
    """The value with halves of characters, which no file can be written with, replaced by the mark for what is lost."""
    if type(value) is str:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if type(value) is list:
        return [whole(one) for one in value]
    return {whole(k): whole(v) for k, v in value.items()} if type(value) is dict else value


def _one_a_line(path: Path) -> bool:
    try:
        number, line = next(lines(path), (1, b"{}"))
        return type(parsed(line, Place(path.name, number))) is dict
    except InputError:
        return not head(path).lstrip().startswith(b"{")


def _by_line(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    for number, line in lines(path):
        place = Place(path.name, number)
        yield place, an_object(parsed(line, place), place)


def _document(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    place = Place(path.name, 1, "Record")
    yield place, an_object(document(path), place)


def _entries(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The entries of one list, of which only a piece is held in memory."""
    with opened(path) as stream:
        reader = io.TextIOWrapper(stream, encoding="utf-8-sig")
        text, number = reader.read(_PIECE), 1
        at = text.index("[") + 1
        while True:
            place, at = Place(path.name, number, "Record"), _past(text, at)
            if text.startswith("]", at):
                return
            value, end = _entry(text, at, place)
            if end:
                yield place, an_object(value, place)
                at, number = end, number + 1
            elif len(text) - at > LONGEST:
                place.refuse(f"is longer than {LONGEST >> 20} MB")
            elif more := reader.read(max(_PIECE, len(text) - at)):
                text, at = text[at:] + more, 0
            else:
                place.refuse("breaks off", "The end of the list is missing.", "Fetch the file again.")


def _entry(text: str, at: int, place: Place) -> tuple[Any, int]:
    """The value at a place of a text and where it ends; 0 where the text is too short to tell."""
    try:
        value, end = DECODER.raw_decode(text, at)
        return (whole(value) if _HALF.search(text, at, end) else value), (end if end < len(text) else 0)
    except json.JSONDecodeError as error:
        if error.pos >= len(text) - 16 or error.msg.startswith("Unterminated"):
            return None, 0
        place.refuse(f"is not JSON: {error.msg}", f"It starts {text[at : at + 60]!r}.")
    except (ValueError, RecursionError) as error:
        place.refuse(f"is not JSON: {error}", f"It starts {text[at : at + 60]!r}.")


def _past(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, none of whose keys may stand twice: readers and programs would take different ones."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key stands twice among {', '.join(key for key, _ in pairs)[:80]!r}")
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:40]} is no finite number")
    return value


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_refused)
"""Reads strictly; every fault is a `ValueError`."""
