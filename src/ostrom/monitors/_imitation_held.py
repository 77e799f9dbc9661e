"""What all were shown and moves go by: some steps late, or as numbers; so that it is not taken for imitation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..core.log import Column
from ._discrete import chi_square, shared

if TYPE_CHECKING:
    from ._imitation_steps import Moves

LATE = 8
"""Steps by which moves may be late after what all were shown."""

CLEARLY = 1e-3
"""The p-value of a G test up to which moves go by something late, for all fields and steps together."""

MANY = 20
"""Fields of which that is asked."""

KINDS = 8
"""Values up to which numbers are kinds of moves as they are."""


def late(table: Moves, shown: np.ndarray, agent: int) -> tuple[int, int] | None:
    """Which of the fields `shown`, and how many steps before, the moves of an agent most go by, given that field now.

    None where no such clearly tells more than the fields do now. Of many fields the first `MANY` are looked at.
    """
    asked = tuple(int(c) for c in shown[:MANY])
    key = agent, asked
    if key not in table.lags:
        at = np.flatnonzero(table.kind[:, agent] >= 0)
        found = {}
        for c, steps in ((c, steps) for c in asked for steps in range(1, LATE + 1)):
            one = shared(table.kind[at, agent], earlier(table, c, steps, at), table.public[at, c])
            if one.bits > 0 and chi_square(one) <= CLEARLY / (LATE * len(asked)):
                found[c, steps] = one.bits
        table.lags[key] = max(found, key=found.__getitem__) if found else None
    return table.lags[key]


def earlier(table: Moves, field: int, steps: int, at: np.ndarray) -> np.ndarray:
    """What a public field was so many steps before some, `int64[n]`, -1 beyond the start of the episode."""
    before = np.maximum(at - steps, 0)
    same = (at >= steps) & (table.episode[before] == table.episode[at])
    return np.where(same, table.public[before, field], -1)


def beyond(moves: Column, shown: Sequence[Column], who: np.ndarray) -> Column | np.ndarray:
    """Moves that are numbers of many values, less what public numbers explain of each agent's by least squares.

    The numbers, their squares, and both as they were shown the agent the time before. Other moves are left as they are.
    """
    fields = [one.numbers for one in shown if len(one.values) > KINDS and np.isfinite(one.numbers).all()]
    if len(moves.values) <= KINDS or not fields or not np.isfinite(moves.numbers).all():
        return moves
    left = moves.numbers.astype(float).copy()
    for agent in np.unique(who):
        rows = np.flatnonzero(who == agent)
        parts = [np.ones(len(rows))]
        for numbers in fields:
            now = _standard(numbers[rows])
            before = np.r_[now[:1], now[:-1]]
            parts += [now, now**2, before, before**2]
        if len(rows) > 5 * len(parts):
            y, x = _standard(left[rows]), np.stack(parts, 1)
            left[rows] = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return left


def _standard(values: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        spread = float(np.std(values))
        return (values - values.mean()) / spread if 0 < spread < np.inf else np.zeros(len(values))
