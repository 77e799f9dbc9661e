"""Tables of text in logs: rows with the lines that they begin on, read one at a time, from files or as they grow."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ._jsonl import LONGEST, finite
from ._log_source import Place, head, lines

SEPARATORS = ",;\t|"

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


class TableLines:
    """Puts lines together to rows: a cell in quotation marks may go over several lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._separator, self._columns = "", 0
        self._begun, self._waiting, self._open = 0, [], False

    def row(self, number: int, line: bytes) -> tuple[int, list[str]] | None:
        """The row that ends with this line and the number of its first line; None while it goes on.

        The first row is taken for the header, and all others have to have as many cells.
        """
        place = Place(self.name, self._begun or number)
        text = _decoded(line, Place(self.name, number))
        if not self._open and text.isspace():
            return None
        self._begun = self._begun or number
        self._waiting.append(text)
        self._open ^= text.count('"') % 2 == 1
        if self._open:
            if sum(map(len, self._waiting)) > LONGEST:
                place.refuse("has an open quotation mark", "No end of it is found within 16 MB.")
            return None
        whole, self._waiting, self._begun = "".join(self._waiting), [], 0
        self._separator = self._separator or max(SEPARATORS, key=whole.count)
        cells = self._cells(whole, place)
        self._columns = self._columns or len(cells)
        if len(cells) != self._columns:
            place.refuse(f"has {len(cells)} cells", f"The header has {self._columns}.", "Mend or remove the line.")
        return place.number, cells

    def end(self) -> None:
        """Refuse a row that was begun and not ended."""
        if self._open:
            Place(self.name, self._begun).refuse("has an open quotation mark", "The file ends before it is closed.")

    def _cells(self, text: str, place: Place) -> list[str]:
        try:
            found = list(csv.reader(io.StringIO(text, newline=""), delimiter=self._separator))
        except csv.Error as error:
            place.refuse(f"is no row of a table: {error}", "", "Mend the line, or save the log as JSON lines.")
        if len(found) != 1:
            place.refuse(f"is {len(found)} rows in one", "Its quotation marks do not fit.")
        return found[0]


def table_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with the lines they begin on; the header is the first."""
    table = TableLines(path.name)
    for number, line in lines(path, blank=True):
        if (row := table.row(number, line)) is not None:
            yield row
    table.end()


def header(path: Path) -> list[str]:
    """The cells of the first line of a file; empty where it is no table."""
    line = next((one for one in head(path).split(b"\n") if one.strip()), b"")
    text = line.decode("utf-8", "replace")
    if "\0" in text or len(text) > 2**17 or text[:1] in "{[":
        return []
    separator = max(SEPARATORS, key=text.count)
    try:
        return next(csv.reader([text.strip("\r")], delimiter=separator), [])
    except csv.Error:
        return []


def number_or_text(cell: str) -> Any:
    """A cell as what it says: a whole number, a decimal, True or False, text; None where it says nothing."""
    text = cell.strip()
    if not text:
        return None
    if _INTEGER.fullmatch(text) and (text.lstrip("+-")[0] != "0" or text == "0"):
        return int(text)
    if _DECIMAL.fullmatch(text) and finite(float(text)) is not None and not re.match(r"[+-]?0[0-9]", text):
        return float(text)
    return {"true": True, "false": False}.get(text.lower(), cell)


def seconds(cell: str) -> float | None:
    """A time in seconds: a number as it stands, or a date and time of ISO 8601 (UTC where it does not say)."""
    number = number_or_text(cell)
    if isinstance(number, int | float) and not isinstance(number, bool):
        return float(number)
    try:
        moment = datetime.fromisoformat(cell.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _decoded(line: bytes, place: Place) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        mark = "It begins with the mark of UTF-16." if line[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        place.refuse(f"is not UTF-8 at byte {error.start + 1}", mark, "Save the table as UTF-8.")
    if "\0" in text:
        place.refuse("holds a NUL character", "It is no table of text.", "Save it as UTF-8 text.")
    return text
