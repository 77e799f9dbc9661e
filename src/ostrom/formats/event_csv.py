"""Read a table of text as a log: a column each for who acted, what was said, and whatever else was recorded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import InputError, UnknownName
from ..core.event import Event
from ._jsonl import finite
from ._log_json import DECODER
from ._log_source import Place, lines
from ._log_table import TableLines, header, number_or_text, seconds

GUESSES = {
    "agent": (
        *("agent", "speaker", "sender", "from", "author", "player"),
        *("participant", "who", "actor", "name", "user", "role"),
    ),
    "message": ("message", "text", "content", "utterance", "body", "said", "msg", "comment"),
    "action": ("action", "move", "choice", "decision", "act", "bid", "price"),
    "episode": ("episode", "game", "session", "conversation", "conversation_id", "thread", "run", "match", "dialogue"),
    "t": ("t", "step", "turn", "round", "period", "index"),
    "channel": ("channel", "room", "kind", "type", "phase"),
    "receivers": ("receivers", "receiver", "to", "recipient", "recipients", "target", "listener"),
    "payoff": ("payoff", "reward", "points", "score", "profit", "utility"),
    "probability": ("probability", "prob"),
    "facts.time": ("time", "timestamp", "created_at", "datetime", "date", "seconds"),
}
"""By which names of columns a field of the event table is known; the first name that a table has is taken."""


def recognises(path: Path) -> bool:
    """Whether a file is a table with a column that names who acted, and one of what was said or done."""
    known = guessed(header(path)).values()
    return "agent" in known and bool({"message", "action"} & set(known))


def read_event_csv(path: str | Path, mapping: Mapping[str, str] | None = None) -> Iterator[tuple[int, Event]]:
    """Stream the rows of a table, each with the number of the line that it begins on.

    Parameters
    ----------
    path : text in UTF-8, plain or gzipped; cells are parted by commas, semicolons, tabs or bars.
    mapping : what columns are, `{"speaker": "agent", "cost": "observation.cost"}`. A field is `episode`, `t`, `agent`,
        `channel`, `receivers` (parted by semicolons), `message`, `action`, `payoff`, `probability`, `observation.NAME`,
        `facts.NAME` (`facts.time` in seconds, or as a date) or `-` for a column to be passed over. Columns that are not
        named are guessed (`GUESSES`), and facts where they cannot be.

    Episodes are numbered in order of appearance, and `facts.episode` has what the table calls them. Without `t` the
    rows of an episode are counted; without a channel a row with a message is on "message", any other on "act".

    Raises `InputError` with file and line, and `UnknownName` for a mapping that names a column the table does not have.
    """
    path = Path(path)
    feed = CsvLines(path.name, mapping)
    for number, line in lines(path, blank=True):
        yield from feed.feed(number, line)
    feed.table.end()


def guessed(columns: list[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """The field that each column is, by the column's name."""
    given = dict(mapping or {})
    if unknown := [name for name in given if name not in columns]:
        raise UnknownName("column of the table", unknown[0], columns)
    plain = {_plain(name): name for name in reversed(columns) if name not in given}
    for field, names in GUESSES.items():
        if field not in given.values() and (found := next((plain[n] for n in names if n in plain), None)):
            given.setdefault(found, field)
    return {name: given.get(name) or _by_its_name(name) for name in columns}


class CsvLines:
    """Turns the lines of a table into events."""

    def __init__(self, name: str, mapping: Mapping[str, str] | None = None) -> None:
        self.name, self.mapping, self.table = name, mapping, TableLines(name)
        self._fields: list[str] = []
        self._episodes: dict[str, int] = {}
        self._count: Counter[int] = Counter()

    def feed(self, number: int, line: bytes) -> Iterator[tuple[int, Event]]:
        """The event of the row that ends with a line."""
        row = self.table.row(number, line)
        if row is None:
            return
        if not self._fields:
            self._fields = _checked(row[1], self.mapping, Place(self.name, row[0]))
        else:
            yield row[0], self._event(row[1], Place(self.name, row[0]))

    def _event(self, cells: list[str], place: Place) -> Event:
        row: dict[str, Any] = {"observation": {}, "facts": {}, "agent": ""}
        episode, t = "0", ""
        for field, cell in zip(self._fields, cells, strict=True):
            part, _, name = field.partition(".")
            if field == "episode":
                episode = cell.strip()
            elif field == "t":
                t = cell.strip()
            elif not cell.strip() or field == "-":
                continue
            elif name:
                row[part][name] = _timed(cell) if field == "facts.time" else number_or_text(cell)
            else:
                row[part] = _READ.get(field, number_or_text)(cell)
        row |= {"channel": row.get("channel") or ("message" if row.get("message") is not None else "act")}
        row["observation"] = row["observation"] or None
        self._refuse_wrong(row, place)
        row["episode"] = self._episode(episode)
        if episode != str(row["episode"]):
            row["facts"].setdefault("episode", number_or_text(episode))
        row["t"] = self._step(t, row["episode"], place)
        return Event(**row)

    def _episode(self, cell: str) -> int:
        """The number of an episode, in order of appearance."""
        return self._episodes.setdefault(cell, len(self._episodes))

    def _step(self, cell: str, episode: int, place: Place) -> int:
        number = number_or_text(cell)
        if cell and (type(number) not in (int, float) or number != int(number) or abs(number) >= 2**62):
            place.refuse(f"is of step {cell!r:.40}", "Steps are whole numbers.", "Map the column to a fact.")
        self._count[episode] += 1
        return self._count[episode] - 1 if number is None else int(number)

    def _refuse_wrong(self, row: Mapping[str, Any], place: Place) -> None:
        if "payoff" in row and finite(row["payoff"]) is None:
            place.refuse(f"has the payoff {row['payoff']!r:.40}", "Payoffs are finite numbers.", "Mend the cell.")
        chance = row.get("probability")
        chances = list(chance.values()) if isinstance(chance, dict) else [] if chance is None else [chance]
        if not all((p := finite(one)) is not None and 0 <= p <= 1 for one in chances):
            place.refuse(f"has the probability {chance!r:.40}", "It lies between 0 and 1.", "Mend the cell.")


def _checked(columns: list[str], mapping: Mapping[str, str] | None, place: Place) -> list[str]:
    """The fields of the columns of a header, which need an agent, and none twice."""
    if len(set(columns)) < len(columns):
        place.refuse(f"names a column twice: {', '.join(columns)!r:.200}", "", "Give every column a name of its own.")
    if columns and columns[0].lstrip().startswith(("{", "[")):
        place.refuse(
            "is JSON, and no table", "Columns of tables are mapped; JSON lines name their fields.", "Leave --map out."
        )
    fields = guessed(columns, mapping)
    for name, field in fields.items():
        if field not in GUESSES and field != "-" and not re.fullmatch(r"(observation|facts)\..+", field, re.DOTALL):
            raise UnknownName(f"field of an event for the column {name!r:.40}", field, {*GUESSES, "observation.NAME"})
    found = [field for field in fields.values() if field != "-"]
    twice = [field for field, count in Counter(found).items() if count > 1]
    if twice or "agent" not in found:
        raise InputError(
            f"{place} {f'has two columns for {twice[0]}' if twice else 'does not say who acted'}: {fields!r:.300}.",
            "A field is one column; and one column is the agent.",
            "Say what columns are: --map speaker=agent on the command line, once for each; in Python "
            "mapping={'speaker': 'agent'}.",
        )
    return list(fields.values())


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _by_its_name(name: str) -> str:
    prefix, _, rest = name.partition(".")
    return name if prefix in ("observation", "facts") and rest else f"facts.{name or 'unnamed'}"


def _timed(cell: str) -> Any:
    found = seconds(cell)
    return number_or_text(cell) if found is None else found


def _receivers(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split("[;|]", cell) if name.strip())


def _structure(cell: str) -> Any:
    """A cell that may hold JSON."""
    try:
        return DECODER.decode(cell)
    except (ValueError, RecursionError):
        return number_or_text(cell)


_READ: dict[str, Callable[[str], Any]] = {
    "agent": str.strip,
    "channel": str.strip,
    "message": str,
    "receivers": _receivers,
    "probability": _structure,
}
