"""The text of TNTP files: metadata, lines with their numbers, and cells that hold numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ostrom.core.errors import InputError

from ._text import at, bad

END = "END OF METADATA"
Metadata = dict[str, tuple[int, str]]
"""For every tag, in capitals, its line and its value."""
_TAG = re.compile(r"\s*<([^<>]*)>(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def metadata(text: str, where: str) -> tuple[Metadata, list[tuple[int, str]]]:
    """Tags with their lines and values, and the lines after the metadata without comments and blanks."""
    meta: Metadata = {}
    lines = enumerate(text.split("\n"), 1)
    for line, raw in lines:
        match = _TAG.fullmatch(raw)
        if match and match[1].strip().upper() == END:
            return meta, [(k, kept) for k, later in lines if (kept := later.partition("~")[0].strip())]
        if match:
            meta[match[1].strip().upper()] = line, match[2].strip()
    raise bad(where, None, f"there is no <{END}>.", "It is cut short, or not a TNTP file.", "Check the file.")


def count(meta: Metadata, tag: str, where: str, default: int | None = None) -> int:
    if tag not in meta and default is not None:
        return default
    if tag not in meta:
        raise bad(where, None, f"there is no <{tag}> in the metadata.", "", f"Add <{tag}> and the number.")
    line, text = meta[tag]
    with at(where, line):
        return whole(text, tag.lower(), 10**9)


def factor(meta: Metadata, tag: str, where: str) -> float:
    if tag not in meta:
        return 0.0
    with at(where, meta[tag][0]):
        return amount(meta[tag][1], tag.lower())


def cells(row: str, zones: int) -> Iterator[tuple[int, float]]:
    """The `destination : trips;` of a line."""
    for cell in row.split(";"):
        if cell.strip():
            target, colon, trips = cell.partition(":")
            if not colon:
                raise InputError(f"{cell.strip()[:40]!r} is not `destination : trips;`.", "", "Correct this entry.")
            yield whole(target, "destination", zones), amount(trips, "trips")


def amount(text: str, what: str, least: float = 0.0) -> float:
    text = text.strip()
    value = float(text) if len(text) <= 400 and _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value) or value < least:
        expected = "a finite number" if least == -math.inf else "a finite number of at least 0"
        raise InputError(f"the {what} is {text[:40]!r}.", f"It has to be {expected}.", "Correct this entry.")
    return value


def whole(text: str, what: str, most: int) -> int:
    text = text.strip()
    if not re.fullmatch("[0-9]{1,10}", text) or not 1 <= int(text) <= most:
        raise InputError(
            f"the {what} is {text[:40]!r}.", f"It has to be a whole number from 1 to {most:,}.", "Correct this entry."
        )
    return int(text)
