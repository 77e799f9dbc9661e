"""Our event table as a file: JSON lines, plain or gzipped, and Parquet. Live sessions write the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from ..core.event import Event
from ..core.log import Log
from ._jsonl import finite
from ._log_json import an_object, first, parsed
from ._log_parquet import MAGIC, read_columns, write_columns
from ._log_source import Place, fed, head, lines

KNOWN = frozenset(Event.__dataclass_fields__)
NEEDED = frozenset(("episode", "t", "agent", "channel"))
FAR = 2**62


def recognises(path: Path) -> bool:
    """Whether a file is an event table: Parquet, or JSON lines with episode, t, agent and channel."""
    return head(path).startswith(MAGIC) or set(first(path)) >= NEEDED


def read_event_log(path: str | Path) -> Iterator[tuple[int, Event]]:
    """Stream an event table, each event with its number in the file: the line, or the row of Parquet from 1.

    Raises `InputError` with file and line for what is not an event, and `MissingExtra` for Parquet without pyarrow.
    """
    path = Path(path)
    if head(path).startswith(MAGIC):
        log = read_columns(path)
        yield from zip(log.row.tolist(), log.events(), strict=True)
    else:
        yield from fed(path, EventLines(path.name))


def write_parquet(log: Log, path: str | Path) -> None:
    """Write a log as Parquet: a column for each of its columns; what is neither text nor number stands there as JSON.

    Raises `MissingExtra` without pyarrow, and `InputError` where the file cannot be written.
    """
    write_columns(log, Path(path))


class EventLines:
    """Turns the lines of an event table into events."""

    def __init__(self, name: str) -> None:
        self.name = name

    def feed(self, number: int, line: bytes) -> Iterator[tuple[int, Event]]:
        """The event of a line; none of a blank one."""
        if not line.isspace():
            yield number, Event(**row_of(line, Place(self.name, number)))


def rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of a file of JSON lines by the names of an event's fields, checked; with the numbers of their lines."""
    for number, line in lines(path):
        yield number, row_of(line, Place(path.name, number))


def row_of(line: bytes, place: Place) -> dict[str, Any]:
    """One line as the fields of an event; `InputError` says which field is not what it has to be."""
    row = parsed(line, place)
    if type(row) is not dict or not NEEDED <= row.keys() <= KNOWN:
        _refuse_fields(an_object(row, place), place)
    if None in row.values():
        row = {name: value for name, value in row.items() if value is not None or name in NEEDED}
    if type(row["episode"]) is not int or type(row["t"]) is not int or type(row["agent"]) is not str:
        _refuse_value(row, place)
    if not -FAR < row["episode"] < FAR or not -FAR < row["t"] < FAR:
        _refuse_value(row, place)
    if type(row["channel"]) is not str or type(row.get("message", "")) is not str:
        _refuse_value(row, place)
    if "receivers" in row:
        named = row["receivers"]
        if type(named) is not list or not all(type(name) is str for name in named):
            _refuse_value(row, place)
        row["receivers"] = tuple(named)
    if finite(row.get("payoff", 0)) is None or type(row.get("facts", _NONE)) is not dict:
        _refuse_value(row, place)
    if "probability" in row and not _is_chance(row["probability"]):
        _refuse_value(row, place)
    return row


_NONE: dict[str, Any] = {}
_HAVE_TO_BE = {
    "episode": "a whole number below 2**62",
    "t": "a whole number below 2**62",
    "agent": "a text",
    "channel": "a text",
    "receivers": "a list of names",
    "message": "a text",
    "facts": "an object",
    "payoff": "a finite number",
    "probability": "a number from 0 to 1, or an object of such numbers",
}


def _is_chance(value: Any) -> bool:
    if type(value) is dict:
        return all(type(one) in (int, float) and 0 <= one <= 1 for one in value.values())
    return type(value) in (int, float) and 0 <= value <= 1


def _refuse_value(row: Mapping[str, Any], place: Place) -> NoReturn:
    needs = "; ".join(f"{name} {needed}" for name, needed in _HAVE_TO_BE.items())
    shown = ", ".join(f"{name} = {row[name]!r:.40}" for name in _HAVE_TO_BE if name in row)
    place.refuse(f"is no event: {shown}", f"Fields have to be: {needs}.", "Mend the line.")


def _refuse_fields(row: Mapping[str, Any], place: Place) -> NoReturn:
    place.refuse(
        f"is not an event: it has {sorted(row)!r:.200}",
        "An event has episode, t, agent and channel, and may have the other columns of the event table.",
        f"Use these columns: {', '.join(Event.__dataclass_fields__)}.",
    )
