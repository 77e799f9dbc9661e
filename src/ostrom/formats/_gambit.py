"""The words that Gambit's files are made of."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from ostrom.core.errors import InputError

from ._text import bad, load, number

_TOKEN = re.compile(
    r'[\s,]*+(?:(?P<text>"(?:[^"\\]|\\.)*+")|(?P<mark>[{}])|(?P<word>[^\s{},"]++)|(?P<odd>"))', re.DOTALL
)


def opened(given: Any, where: str, form: str) -> tuple[str, str]:
    """A text and where it is from: the text as it is, or that of the file at a `Path`. Refuses a file's name."""
    if isinstance(given, os.PathLike):
        return load(Path(given)), str(given)
    if not isinstance(given, str) or ("\n" not in given and given.strip().lower().endswith(form)):
        named = isinstance(given, str)
        raise InputError(
            f"{given!r:.80} is {'the name of a file' if named else 'no text'}.",
            f"A text is what stands in a {form} file.",
            f"Open a file by its name with ostrom.formats.open_subject({given!r:.80})."
            if named
            else "Give a str or Path.",
        )
    return given.removeprefix("\ufeff"), where


class Tokens:
    """The file as a stream of quoted texts, braces and words; `kind` and `line` describe the next one."""

    def __init__(self, text: str, where: str, form: str) -> None:
        self._text, self.where, self._form, self._end = text, where, form, 0
        self._numbers: dict[str, Fraction] = {}
        self._advance()

    @property
    def line(self) -> int:
        return self._text.count("\n", 0, self._start) + 1

    def error(self, found: str, wanted: str) -> InputError:
        return bad(
            self.where, self.line, f"{found}.", f"A {self._form} file has {wanted} here.",
            f"Save the game again from Gambit, or see docs/formats/{self._form[1:]}.md for the form.",
        )  # fmt: skip

    def expect(self, *words: str) -> str:
        if self._value not in words:
            raise self.unexpected(" or ".join(words))
        return self._take()

    def text(self, wanted: str) -> str:
        if self.kind != "text":
            raise self.unexpected(wanted)
        return re.sub(r'\\(["\\])', r"\1", self._take()[1:-1])

    def number(self, wanted: str) -> Fraction:
        if self.kind != "word":
            raise self.unexpected(wanted)
        if self._value not in self._numbers:
            try:
                self._numbers[self._value] = number(self._value)
            except InputError as error:
                raise bad(self.where, self.line, error.what, error.why, error.do) from None
        return self._numbers[self._take()]

    def whole(self, wanted: str, most: int) -> int:
        if not re.fullmatch("[0-9]{1,18}", self._value) or int(self._value) > most:
            raise self.unexpected(f"{wanted}, at most {most:,},")
        return int(self._take())

    def names(self, kind: str, most: int) -> list[str]:
        self.expect("{")
        found: list[str] = []
        while self.kind == "text":
            if len(found) == most:
                raise self.unexpected(f"at most {most:,} names of a {kind}, as a larger table does not fit,")
            found.append(self.text("a name"))
        if not found:
            raise self.unexpected(f"the name of at least one {kind}, in quotes,")
        self.expect("}")
        return found

    def _take(self) -> str:
        value = self._value
        self._advance()
        return value

    def _advance(self) -> None:
        match = _TOKEN.match(self._text, self._end)
        if match is None:
            self._start, self._value, self.kind = len(self._text), "", "end"
            return
        self._start, self._end = match.start(str(match.lastgroup)), match.end()
        self._value = match[str(match.lastgroup)]
        if match.lastgroup == "odd":
            raise self.error("a quotation mark is never closed", "names and texts in pairs of quotes")
        self.kind = self._value if match.lastgroup == "mark" else str(match.lastgroup)

    def unexpected(self, wanted: str) -> InputError:
        return self.error("the file ends" if self.kind == "end" else f"there is {self._value[:40]}", wanted)


def quoted(label: str) -> str:
    """A name as it stands in a file, quotes and backslashes escaped."""
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'
