"""A log: an event table by columns, as monitors read it.

Every column is dictionary-encoded, each distinct value once and a code per row, so that a million messages take a few
bytes a column beside the texts themselves. Fields inside an observation or among the facts are columns of their own:
`observation.cost`, `facts.harvest`.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from .errors import InputError, TooLarge, UnknownName
from .event import Event

MISSING = -1
"""The code of a row that says nothing in a column."""

PLAIN = ("agent", "channel", "receivers", "action", "message", "payoff", "probability")
NESTED = ("observation", "facts")
PLACE = ("episode", "t")

MOST, LARGEST = 2048, 2**29
"""Columns of one log, and its rows times its columns."""

DEEPEST = 100
"""Levels of lists and objects within one value."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column: `values` in order of first appearance, and `codes`, `int32[N]`, with -1 where a row says nothing."""

    codes: np.ndarray
    values: tuple[Any, ...]

    @cached_property
    def numbers(self) -> np.ndarray:
        """The column as `float64[N]`; NaN where a row says nothing or no number."""
        return np.array([*map(_number, self.values), np.nan])[self.codes]

    @cached_property
    def present(self) -> np.ndarray:
        """Which rows say something, `bool[N]`."""
        return self.codes != MISSING

    def __getitem__(self, row: int) -> Any:
        """The value in a row, None where it says nothing."""
        code = int(self.codes[row])
        return None if code == MISSING else self.values[code]

    def code(self, value: Any) -> int:
        """The code of a value; one that no row has if it is not among them."""
        if type(value) is str:
            return self._texts.get(value, len(self.values))
        return self.values.index(value) if value in self.values else len(self.values)

    @cached_property
    def _texts(self) -> dict[str, int]:
        return {value: code for code, value in enumerate(self.values) if type(value) is str}

    def take(self, rows: np.ndarray) -> Column:
        """Some rows of it, with the values that they have, in order of first appearance."""
        chosen = self.codes[rows]
        present = chosen != MISSING
        used, first, within = np.unique(chosen[present], return_index=True, return_inverse=True)
        order = np.argsort(first)
        codes = np.full(len(chosen), MISSING, np.int32)
        codes[present] = np.argsort(order)[within]
        return Column(codes, tuple(self.values[k] for k in used[order]))


@dataclass(frozen=True, eq=False)
class Log:
    """An event table by columns.

    Attributes
    ----------
    source : where it was read from, in words.
    episode, t : `int64[N]`, as in `Event`.
    row : `int64[N]`, the number under which a reader finds the row in the source: its line, or its place, from 1.
    columns : by name: `agent`, `channel`, `receivers`, `action`, `message`, `payoff`, `probability`, and the fields of
        observations and facts. An observation that is one value is the column `observation`.

    Rows are in the order of the source; within an episode that is the order of time.
    """

    source: str
    episode: np.ndarray
    t: np.ndarray
    row: np.ndarray
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, events: Iterable[Event], source: str = "a log", rows: Sequence[int] | None = None) -> Log:
        """Gather events into columns; they may come from a generator, and none is kept.

        Examples
        --------
        >>> log = Log.of([Event(0, 0, "ann", "message", message="hello", observation={"cost": 3})])
        >>> len(log), log["observation.cost"][0], log.agents
        (1, 3, ('ann',))
        """
        made = Columns()
        for event in events:
            made.add(event)
        return made.log(source, rows)

    def __len__(self) -> int:
        return len(self.t)

    def __getitem__(self, name: str) -> Column:
        """A column by name; `UnknownName` with the nearest names if there is none."""
        if name not in self.columns:
            raise UnknownName("column of the log", name, self.columns)
        return self.columns[name]

    def get(self, name: str) -> Column:
        """A column by name, empty if no row has it."""
        return self.columns.get(name) or Column(np.full(len(self), MISSING, np.int32), ())

    @property
    def agents(self) -> tuple[str, ...]:
        """Who acts in it, in order of appearance; the carrier ("") is nobody."""
        return tuple(name for name in self.get("agent").values if name)

    def take(self, rows: np.ndarray) -> Log:
        """Some rows of it, by a mask or by their numbers; columns that are empty there are gone."""
        some = {name: column.take(rows) for name, column in self.columns.items()}
        kept = {name: column for name, column in some.items() if column.values}
        return Log(self.source, self.episode[rows], self.t[rows], self.row[rows], kept)

    def on(self, channel: str) -> np.ndarray:
        """The numbers of the rows on a channel, `int64[…]`, in order."""
        column = self.get("channel")
        return np.flatnonzero(column.codes == column.code(channel))

    def by(self, agent: str) -> np.ndarray:
        """The numbers of the rows of an agent, `int64[…]`, in order."""
        return self._places.get(agent, np.arange(0))

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        """The rows of every agent, found in one pass: there may be as many agents as rows."""
        column = self.get("agent")
        order = np.argsort(column.codes, kind="stable")
        parts = np.split(order, np.searchsorted(column.codes[order], np.arange(len(column.values))))[1:]
        return dict(zip(column.values, parts, strict=True))

    def events(self) -> Iterator[Event]:
        """The rows as events again."""
        nested = {part: {n.partition(".")[2]: c for n, c in self.columns.items() if n.startswith(f"{part}.")}
                  for part in NESTED}  # fmt: skip
        plain = {name: self.get(name) for name in (*PLAIN, "observation")}
        for k in range(len(self)):
            row = {name: column[k] for name, column in plain.items()}
            for part, inside in nested.items():
                found = {name: column[k] for name, column in inside.items() if column.codes[k] != MISSING}
                if found or part == "facts":
                    row[part] = found
            yield Event(int(self.episode[k]), int(self.t[k]), row.pop("agent"), row.pop("channel"),
                        receivers=row.pop("receivers") or (), **row)  # fmt: skip


class Columns:
    """Gathers rows into columns. `add` takes events; `log` gives what was gathered so far."""

    def __init__(self) -> None:
        self.episode, self.t = array("q"), array("q")
        self._columns: dict[str, tuple[array[int], dict[Any, int], list[Any]]] = {}
        self._names: dict[str, dict[str, str]] = {part: {} for part in NESTED}

    def __len__(self) -> int:
        return len(self.t)

    def add(self, event: Event) -> None:
        """Gather one more row; a row that cannot be gathered raises `InputError` and leaves what was there."""
        self.add_row(vars(event))

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Gather one more row, given by the names of the fields of an event."""
        cells = self._cells(row)
        count = len(self.t)
        if len(self._columns) + len(cells) > MOST or (count & 0xFFFF) == 0xFFFF:
            self._refuse_too_large({name for name, _, _ in cells})
        try:
            self.episode.append(row["episode"])
            self.t.append(row["t"])
        except (OverflowError, TypeError):
            self.episode = self.episode[:count]
            raise InputError(
                f"Row {count + 1} is of episode {row['episode']!r:.40}, step {row['t']!r:.40}.",
                "Both are whole numbers below 2**63.",
                "Number episodes and steps from 0.",
            ) from None
        for name, key, value in cells:
            codes, values, kept = self._columns.get(name) or self._columns.setdefault(name, (array("i"), {}, []))
            code = values.get(key)
            if code is None:
                code = values[key] = len(kept)
                kept.append(value)
            if len(codes) < count:
                codes.extend(_EMPTY * (count - len(codes)))
            codes.append(code)

    def _named(self, name: str, key: Any) -> str:
        """The column of a key inside an observation or among the facts, which was not met before."""
        names, full = self._names[name], f"{name}.{key}"
        if full in names.values():
            raise InputError(
                f"{'An observation has' if name == 'observation' else 'Facts have'} {key!r:.40} of "
                f"{type(key).__name__} for a key, and another key is written the same.",
                "Keys are names of columns, and of two columns with one name neither could be read.",
                "Give keys that are texts.",
            )
        return names.setdefault(key, full)

    def _cells(self, row: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
        """What a row says: the column, what tells the value apart from others there, and the value."""
        cells: list[tuple[str, Any, Any]] = []
        for name, value in row.items():
            if name in NESTED and (type(value) is dict or isinstance(value, Mapping)):
                names = self._names[name]
                for one, inside in value.items():
                    if inside is not None:
                        full = names.get(one) or self._named(name, one)
                        cells.append((full, inside if type(inside) is str else key_of(inside), inside))
            elif type(value) is str:
                cells.append((name, value, value))
            elif value is not None and name not in PLACE and (type(value) is not tuple or value):
                cells.append((name, key_of(value), value))
        return cells

    def _refuse_too_large(self, names: Collection[str]) -> None:
        columns = len(self._columns.keys() | names)
        if columns > MOST or columns * len(self.t) > LARGEST:
            raise TooLarge(
                f"{len(self.t):,} rows have {columns:,} columns, the last {max(names, default='')!r:.60}.",
                f"A log has at most {MOST:,} columns, and {LARGEST:,} cells.",
                "Give what differs from row to row as a value, not as the name of a field; or split the log.",
            )

    def log(self, source: str = "a log", rows: Sequence[int] | None = None) -> Log:
        """The log of the rows gathered so far; `rows` are their numbers in the source, default 1, 2, …."""
        count = len(self.t)
        self._refuse_too_large(())
        number = np.arange(1, count + 1) if rows is None else np.array(rows, np.int64)
        if number.shape != (count,):
            raise InputError(f"{number.size} row numbers for {count} rows.", do="Give one for each.")
        columns = {}
        for name in sorted(self._columns, key=_place):
            codes, _, kept = self._columns[name]
            dense = np.full(count, MISSING, np.int32)
            dense[: len(codes)] = np.frombuffer(codes, np.int32)
            columns[name] = Column(dense, tuple(kept))
        return Log(source, np.array(self.episode, np.int64), np.array(self.t, np.int64), number, columns)


_EMPTY = array("i", [MISSING])


def _place(name: str) -> tuple[int, str]:
    """Where a column stands among the others: always the same, whatever the order of the fields in a source."""
    return (PLAIN.index(name) if name in PLAIN else len(PLAIN), name)


def key_of(value: Any) -> Any:
    """What tells distinct values apart: 1, 1.0 and True are three, and 0.0 and -0.0 two."""
    kind = type(value)
    if kind is int or (kind is float and not value.is_integer()):
        return value
    if isinstance(value, bool | int | float):
        return kind, value or repr(value)
    if isinstance(value, tuple) and all(type(one) is str for one in value):
        return value
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)
        deep = text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST
    except RecursionError:
        deep = True
    except (TypeError, ValueError):  # keys of several types, or a value that holds itself
        text, deep = repr(value), False
    if deep:
        raise InputError(
            "A value is nested too deep.", f"Within one value there are at most {DEEPEST} levels.", "Give it as text."
        )
    return "json", text


def _depth(value: Any) -> int:
    if isinstance(value, Mapping):
        value = list(value.values())
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list | tuple) else 0


def _number(value: Any) -> float:
    try:
        return float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:  # a whole number of hundreds of digits
        return math.nan


assert {*PLAIN, *NESTED, *PLACE} == {field.name for field in fields(Event)}
