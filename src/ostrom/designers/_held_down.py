"""What others can hold a player, or a group, down to when they act as one, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from ..core.game import Array
from ..solvers._highs import solve_lp
from ._remedy import Problem, Profile

DENOMINATORS = (10, 1000, 10**6, 10**9)
"""How fine the odds of a lottery may be, tried from the simplest."""

Lottery = tuple[tuple[tuple[str, ...], float], ...]


def held_down(
    problem: Problem, rewards: Array, place: Profile, group: Sequence[int], lead: float
) -> tuple[float, Lottery]:
    """The most that a group gets in total against the others' plan, and the plan, as labels with odds.

    One joint move of the others where that leaves the group at least `lead` less than it has at `place`, or where no
    lottery is better; otherwise the lottery against which the group gets least (its correlated minimax value).
    """
    total = rewards[..., list(group)].sum(-1)
    own = np.moveaxis(total, group, range(len(group)))
    shape, least = own.shape[len(group) :], float(total[place])
    table = own.reshape(int(np.prod(own.shape[: len(group)])), -1)
    most = table.max(0)
    enough = np.flatnonzero(most <= least - lead)
    pure = int(enough[0]) if len(enough) else int(np.argmin(most))
    alone = float(most[pure]), ((_labels(problem, shape, pure, group), 1.0),)
    if len(enough) or most[pure] < least - 1e-9 * problem.scale:
        return alone
    odds = _lottery(table, float(most[pure]), 1e-9 * problem.scale)
    if odds is None:
        return alone
    drawn = np.flatnonzero(odds)
    return float((table @ odds).max()), tuple((_labels(problem, shape, int(k), group), float(odds[k])) for k in drawn)


def _lottery(table: Array, most: float, slack: float) -> Array | None:
    """Odds of the columns that keep the largest row mean smallest; None where that is not below `most`."""
    count = table.shape[1]
    answer = solve_lp(
        np.append(np.zeros(count), 1.0),
        np.column_stack([table, -np.ones(len(table))]),
        np.zeros(len(table)),
        np.append(np.ones(count), 0.0)[None],
        np.ones(1),
        np.append(np.zeros(count), -np.inf),
    )
    if answer.x is None or answer.value is None or answer.value > most - slack:
        return None
    good = (odds for odds in _short(answer.x[:-1]) if (table @ odds).max() <= answer.value + slack)
    return next(good, answer.x[:-1] / answer.x[:-1].sum())


def _short(odds: Array) -> Iterator[Array]:
    """The odds in simple fractions, and as parts of a grid, finer and finer; all sum to 1."""
    for denominator in DENOMINATORS:
        simple = [Fraction(float(share)).limit_denominator(denominator) for share in odds]
        if sum(simple) == 1 and min(simple) >= 0:
            yield np.array(simple, float)
        parts = np.maximum(np.rint(odds * denominator), 0)
        parts[int(np.argmax(parts))] += denominator - parts.sum()
        yield parts / denominator


def _labels(problem: Problem, shape: tuple[int, ...], number: int, group: Sequence[int]) -> tuple[str, ...]:
    """What the others play, by label; "-" for those who stay out."""
    others = iter(map(int, np.unravel_index(number, shape)))
    return tuple("-" if k in group else own[next(others)] for k, own in enumerate(problem.game.moves))
