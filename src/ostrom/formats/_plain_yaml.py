"""The part of YAML that programs write: blocks of names and lists, plain and quoted words; no tags, no anchors."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from ostrom.core.errors import InputError, TooLarge

from ._text import bad

DEEPEST = 30
LINES = 500_000

_NUMBER = re.compile(r"[-+]?(\d+|\d+\.\d*([eE][-+]?\d{1,3})?|\.\d+([eE][-+]?\d{1,3})?|\d+[eE][-+]?\d{1,3})")
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_MARKS = ("[", "{", "&", "*", "!", "|", ">", "%", "@", "`", "#", "?")
_INFINITE = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf")}
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")


def _split(text: str) -> tuple[str, str] | None:
    """A name and what stands behind its colon; None where there is no such name."""
    if text[:1] in ("'", '"'):
        match = _QUOTED.match(text)
        end = match.end() if match else -1
    elif text[:1] in _MARKS or text.startswith("- "):
        return None
    else:
        end = text.find(": ")
        end = len(text) - 1 if end < 0 and text.endswith(":") else end
    rest = text[end:].lstrip() if end > 0 else ""
    if not rest.startswith(":") or not (rest == ":" or rest[1].isspace()):
        return None
    return text[:end].rstrip(), rest[1:].strip()


@dataclass
class _Line:
    number: int
    indent: int
    text: str


def parse_yaml(text: str, where: str) -> Any:
    """What a text of such YAML holds (JSON is such a text too); `InputError` with the line for any other YAML.

    A mapping whose keys are lists (`? - a`) becomes one whose keys are tuples.
    """
    stripped = text.lstrip()
    if stripped.startswith(("{", "[")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None)
            raise bad(where, line, "this is not JSON, nor YAML in blocks.", "", "Write it again, in blocks.") from None
    lines = [
        _Line(number, len(raw) - len(raw.lstrip(" ")), raw.strip())
        for number, raw in enumerate(text.split("\n"), 1)
        if raw.strip() and not raw.lstrip().startswith("#") and raw.strip() not in ("---", "...")
    ]
    if len(lines) > LINES:
        raise TooLarge(f"{where} has {len(lines):,} lines.", f"More than {LINES:,} are not read.", "Split it.")
    if not lines:
        raise bad(where, None, "there is nothing in it.")
    reader = _Reader(lines, where)
    found = reader.block(lines[0].indent, 0)
    if reader.at < len(lines):
        raise reader.wrong("it is set in differently from what is above.")
    return found


class _Reader:
    def __init__(self, lines: list[_Line], where: str) -> None:
        self.lines, self.where, self.at = lines, where, 0

    def wrong(self, what: str) -> InputError:
        line = self.lines[min(self.at, len(self.lines) - 1)]
        return bad(
            self.where,
            line.number,
            f"{line.text[:40]!r} is no YAML that is read here: {what}",
            "Only blocks of names and lists are, with plain or quoted words.",
            "Write it by NegMAS or ostrom, or as JSON.",
        )

    def block(self, indent: int, depth: int) -> Any:
        """A list, a mapping or a word that begins at this line and is set in so far."""
        if depth > DEEPEST:
            raise self.wrong("it is nested too deep.")
        line = self.lines[self.at]
        if line.text == "-" or line.text.startswith("- "):
            return self._list(indent, depth)
        if line.text.startswith("? ") or _split(line.text):
            return self._mapping(indent, depth)
        self.at += 1
        return self._word(line.text)

    def _here(self, indent: int) -> _Line | None:
        if self.at < len(self.lines) and self.lines[self.at].indent == indent:
            return self.lines[self.at]
        return None

    def _list(self, indent: int, depth: int) -> list[Any]:
        found = []
        while (line := self._here(indent)) and (line.text == "-" or line.text.startswith("- ")):
            found.append(self._after(line, indent, depth))
        return found

    def _after(self, line: _Line, indent: int, depth: int) -> Any:
        """What stands behind a mark (`- `, `? `, `: `): on its line, as if set in by the mark, or below it."""
        rest = line.text[1:].lstrip()
        if not rest:
            self.at += 1
            return self._below(indent, depth)
        line.indent, line.text = indent + len(line.text) - len(rest), rest
        return self.block(line.indent, depth + 1)

    def _below(self, indent: int, depth: int, lists_beside: bool = False) -> Any:
        following = self.lines[self.at] if self.at < len(self.lines) else None
        if following and following.indent > indent:
            return self.block(following.indent, depth + 1)
        if following and lists_beside and following.indent == indent and following.text.startswith("-"):
            return self.block(indent, depth + 1)
        return None

    def _mapping(self, indent: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        while line := self._here(indent):
            if line.text.startswith("? "):
                key = self._after(line, indent, depth)
                value_line = self._here(indent)
                if value_line is None or not value_line.text.startswith(":"):
                    raise self.wrong("a key without a value.")
                value = self._after(value_line, indent, depth)
            else:
                parts = _split(line.text)
                if not parts:
                    raise self.wrong("a name with a colon is expected.")
                key = self._word(parts[0])
                self.at += 1
                value = self._word(parts[1]) if parts[1] else self._below(indent, depth, True)
            key = tuple(key) if isinstance(key, list) else key
            if isinstance(key, dict) or (isinstance(key, tuple) and any(isinstance(k, list | dict) for k in key)):
                raise self.wrong("a key that is no name.")
            if key in found:
                self.at -= 1
                raise self.wrong("the name stands twice.")
            found[key] = value
        return found

    def _word(self, text: str) -> Any:
        if text[:1] == "'" and len(text) > 1 and text[-1] == "'":
            return text[1:-1].replace("''", "'")
        if text[:1] in ('"', "[", "{"):
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                raise self.wrong("its quotes or brackets do not match, or words in brackets lack quotes.") from None
        if text[:1] in (*_MARKS, "'"):
            raise self.wrong(f"what begins with {text[:1]!r}.")
        text = re.split(r"\s#", text)[0].rstrip()
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if text.lower() in _INFINITE:
            return _INFINITE[text.lower()]
        if len(text) <= 40 and _NUMBER.fullmatch(text):
            return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
        return text
