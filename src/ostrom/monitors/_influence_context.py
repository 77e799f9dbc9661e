"""The circumstances of a message: what both could see and do before, and how much of it can be held fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..core.log import Column, Log
from ._discrete import chi_square, shared
from ._exchanges import Exchange
from ._influence_codes import coded, filled, in_words, refined

HEARD = ("chat", "heard", "inbox", "message", "messages", "said", "told")
"""Names of fields that hold what was said, unless their speaker was shown the same before."""

LOOKED_AT = 200
"""Rows from which it is told whether a field holds what was said."""

FIELDS = 100
"""Fields of observations that are looked at: of more those of the fewest values, which tell the most by counting."""

SECOND = "the move of {} before that"
"""The listener's last move but one: held fixed where it tells something of the next beside the last."""

MATTERS = 0.05
"""The p-value of a G test up to which the last move but one is taken to tell something of the next."""

CROWDED = 0.5
"""The share of messages that needs others like it in the same circumstances."""


def circumstances(
    exchange: Exchange, listener: str, places: np.ndarray, moves: np.ndarray, said: Column, heard: Sequence[str]
) -> Iterator[tuple[str, Column]]:
    """What could move both: what is public, what the listener saw, and their last moves before.

    Public is what was shown last when the message was sent, or else when the listener moved. What the listener saw is
    what it was shown last when it moved, but for what it heard.
    """
    log = exchange.log
    listening, speaking = (of_agent(log, agent) for agent in (listener, exchange.speaker))
    for name in observed(log):
        column = log[name]
        if name in exchange.public:
            early = latest(log, column.present, places)
            yield short(name), filled(column, np.where(early >= 0, early, latest(log, column.present, moves)))
        seen = filled(column, latest(log, column.present & listening, moves))
        own = filled(column, latest(log, column.present & speaking, places))
        if name.rpartition(".")[2] not in heard and not _heard(name.rpartition(".")[2], seen, own, said):
            yield f"{short(name)} as {listener} saw it", seen
    acts = log.get("action").present & (log.get("channel").codes != log.get("channel").code(exchange.channel))
    last = latest(log, acts & listening, places, before=True)
    yield f"the last move of {listener}", filled(log["action"], last)
    yield SECOND.format(listener), filled(log["action"], before(log, acts & listening, last))
    earlier = latest(log, acts & speaking, moves, before=True, apart=True)
    yield f"the last move of {exchange.speaker}", filled(log["action"], earlier)


def observed(log: Log, most: int | None = FIELDS, declared: Sequence[str] = ()) -> list[str]:
    """The names of the columns that hold what agents were shown.

    Of more than `most` those that are declared, and those of the fewest values.
    """
    names = [name for name in log.columns if name == "observation" or name.startswith("observation.")]
    if most is None or len(names) <= most:
        return names
    named = {name for name in names if name in declared or name.removeprefix("observation.") in declared}
    kept = named | set(sorted(names, key=lambda name: len(log[name].values))[:most])
    return [name for name in names if name in kept]


def passed_over(log: Log) -> int:
    """How many fields of observations are too many to be looked at."""
    return len(observed(log, None)) - len(observed(log))


def short(name: str) -> str:
    """The name of a field without that it was observed."""
    return name.removeprefix("observation.")


def of_agent(log: Log, agent: str) -> np.ndarray:
    """Which rows are of an agent, `bool[N]`."""
    column = log.get("agent")
    return column.codes == column.code(agent)


def latest(log: Log, wanted: np.ndarray, rows: np.ndarray, *, before: bool = False, apart: bool = False) -> np.ndarray:
    """The latest wanted row up to each row (or `before` it) in the same episode, `int64[N]`, -1 where there is none.

    apart : at an earlier step, too: what happens at the same step may be at the same time.
    """
    places = np.flatnonzero(wanted)
    if not len(places):
        return np.full(len(rows), -1, np.int64)
    limit = rows
    if apart:
        step = np.flatnonzero(np.r_[True, (np.diff(log.t) != 0) | (np.diff(log.episode) != 0)])
        limit = step[np.searchsorted(step, rows, side="right") - 1]
    after = np.searchsorted(places, limit, side="left" if before else "right")
    found = places[np.maximum(after - 1, 0)]
    return np.where((after > 0) & (log.episode[found] == log.episode[rows]), found, -1)


def before(log: Log, wanted: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The wanted row before each row that is one (-1: none) in the same episode, `int64[N]`, -1 where there is none."""
    found = latest(log, wanted, np.maximum(rows, 0), before=True)
    return np.where(rows >= 0, found, -1)


def needless(columns: dict[str, Column], listener: str, a: np.ndarray) -> bool:
    """Whether the listener's last move but one tells nothing of its next, given its last: then it need not be fixed."""
    second, last = (coded(columns[name]).codes for name in (SECOND.format(listener), f"the last move of {listener}"))
    return chi_square(shared(second, a, last)) > MATTERS


def _heard(name: str, seen: Column, own: Column, said: Column) -> bool:
    """Whether a field holds what was said: by its name, or as it is the same in half of the rows.

    What the speaker itself was shown in it before is a circumstance, and be it what it then says.
    """
    rows = range(min(len(seen.codes), LOOKED_AT))
    if sum(own.present[k] and _same(seen[k], own[k]) for k in rows) > len(rows) / 2:
        return False
    return name in HEARD or sum(_same(seen[k], said[k]) for k in rows) >= max(1, len(rows) / 2)


def _same(one: Any, other: Any) -> bool:
    return in_words(one) == in_words(other)


def held_fixed(
    columns: dict[str, Column], m: np.ndarray | None, a: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """`(context, names held fixed, names let go)`: everything, as long as most messages have others beside them.

    Otherwise what goes most with both the messages and the moves comes first, and as much of it as can be.
    """
    count = len(a)
    fine = {name: _fine(column) for name, column in columns.items()}
    fine = {name: one for name, one in fine.items() if one.max(initial=0) > 0}
    loose = [name for name in fine if _single(columns[name])]
    fine = {name: one for name, one in fine.items() if name not in loose}
    whole = refined(list(fine.values()), count)
    if _crowded(whole):
        return whole, tuple(fine), tuple(loose)
    weight = {name: min(shared(x, one).bits for x in (m, a) if x is not None) for name, one in fine.items()}
    context, fixed = np.zeros(count, np.int64), []
    for name in sorted(fine, key=lambda name: -weight[name]):
        tried = [refined([context, one], count) for one in (fine[name], coded(columns[name]).codes)]
        finer = [one for one in tried if _crowded(one)]
        context = finer[0] if finer else context
        (fixed if finer else loose).append(name)
    return context, tuple(fixed), tuple(loose)


def _fine(column: Column) -> np.ndarray:
    """Codes of circumstances: words each by themselves, numbers of more than two dozen values by a dozen ranges."""
    numbers = all(isinstance(value, int | float) for value in column.values)
    if numbers and len(column.values) > 24:
        return coded(column, most=12).codes
    return np.unique(column.codes, return_inverse=True)[1].reshape(-1)


def _single(column: Column) -> bool:
    """Whether what is seen is no number and hardly ever the same twice: it cannot be held fixed."""
    numbers = all(isinstance(value, int | float) for value in column.values)
    return not numbers and 2 * len(column.values) > column.present.sum()


def _crowded(context: np.ndarray) -> bool:
    size = np.bincount(context)[context]
    return bool((size >= 5).mean() >= CROWDED)
