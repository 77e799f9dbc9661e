"""Integer programs over all divisions of goods: who has which is `x[i, g]`, with numbers of its own behind."""

from __future__ import annotations

from time import monotonic
from typing import NamedTuple

import numpy as np

from ..core._numbers import number
from ..core.errors import TooLarge
from ..core.game import Array
from ..solvers._highs import Outcome, Sparse, solve_milp


class Found(NamedTuple):
    """What a program came to: owners `int[M]` or None, the most there could be, and HiGHS's word."""

    owners: Array | None
    bound: float
    outcome: Outcome


CELLS = 10_000_000
"""Numbers in the rows of a program beyond which it is not written down."""


class Budget:
    """Seconds that programs share; `InputError` for none."""

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + number(seconds, "budget of seconds", above=0.0, infinite=True)

    @property
    def left(self) -> float:
        """What is left, at least a hundredth: no answer at all is worth less than a late one."""
        return max(self.end - monotonic(), 0.01)

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return monotonic() >= self.end


def most(
    gain: Array, shape: tuple[int, int], rows: Array, right: Array, lower: Array, upper: Array, budget: Budget
) -> Found:
    """Maximise `gain · (x, y)` where every good has one owner and `rows (x, y) ≤ right`; `y` between its bounds.

    Only `x` is whole; there are as many `y` as bounds.
    """
    agents, goods = shape
    pairs = agents * goods
    answer = solve_milp(
        -gain,
        rows,
        right,
        once_each(agents, goods, len(lower)),
        np.ones(goods),
        np.append(np.zeros(pairs), lower),
        np.append(np.ones(pairs), upper),
        np.arange(pairs + len(lower)) < pairs,
        time_limit=budget.left,
    )
    owners = None if answer.x is None else answer.x[:pairs].reshape(agents, goods).argmax(0)
    return Found(owners, -answer.bound, answer.status)


def once_each(agents: int, goods: int, extra: int) -> Sparse:
    """The rows over `(x, y)` by which every good has one owner, with as many `y`."""
    pairs = agents * goods
    return Sparse(np.ones(pairs), np.tile(np.arange(goods), agents), np.arange(pairs), (goods, pairs + extra))


def utility_rows(values: Array, extra: int, times: int = 1) -> Array:
    """`[N, N·M + extra]`: the utility of each agent as a row over `(x, y)`; `TooLarge` where `times` as many are."""
    agents, goods = values.shape
    if times * agents * (agents * goods + extra) > CELLS:
        raise TooLarge(
            f"{agents:,} agents and {goods:,} goods.",
            f"The integer program would have over {CELLS:,} numbers.",
            "Divide among fewer, or by a simple rule such as round_robin.",
        )
    rows = np.zeros((agents, agents * goods + extra))
    for i in range(agents):
        rows[i, i * goods : (i + 1) * goods] = values[i]
    return rows


def logarithms(values: Array, points: list[Array], budget: Budget) -> Found:
    """Maximise the sum of logarithms of utilities, each under its tangents at the points: a bound on the most."""
    agents, goods = values.shape
    utility, rows, right = utility_rows(values, agents, max(map(len, points))), [], []
    for i in range(agents):
        for point in points[i]:
            row = -utility[i] / point
            row[agents * goods + i] = 1
            rows.append(row)
            right.append(np.log(point) - 1)
    floor = np.log([own[own > 0].min() for own in values])  # whoever has anything has this
    gain = np.append(np.zeros(agents * goods), np.ones(agents))
    return most(gain, values.shape, np.array(rows), np.array(right), floor, np.log(values.sum(1)), budget)


def lowest(values: Array, reached: list[float], slack: float, budget: Budget) -> Found:
    """Maximise what the k lowest have together, where the j lowest have what was reached for every j < k.

    The sum of the k lowest is the largest `k t − Σ max(t − u_i, 0)` over `t`.
    """
    agents, goods = values.shape
    count, pairs = len(reached) + 1, agents * goods
    size = agents + 1  # of each k: t, then what each agent lacks of it
    utility, rows, right = utility_rows(values, count * size, count), [], []
    sums = np.zeros((count, pairs + count * size))
    for k in range(count):
        at = pairs + k * size
        sums[k, at], sums[k, at + 1 : at + size] = k + 1, -1
        for i in range(agents):
            row = -utility[i]
            row[at], row[at + 1 + i] = 1, -1
            rows.append(row)
            right.append(0.0)
    rows += [-row for row in sums[:-1]]
    right += [slack - one for one in reached]
    top = np.full(count * size, values.sum(1).max())
    return most(sums[-1], values.shape, np.array(rows), np.array(right), np.zeros(count * size), top, budget)


def improvement(values: Array, had: Array, slack: float, budget: Budget) -> Found:
    """Maximise the sum of utilities where nobody has less than it had."""
    utility = utility_rows(values, 0)
    none = np.zeros(0)
    return most(utility.sum(0), values.shape, -utility, slack - had, none, none, budget)


def served(likes: Array) -> list[int]:
    """The largest group of agents that can all have a good they like, earlier agents before later ones.

    `likes` is `bool[N, M]`. Groups that can be served are a matroid, so that taking one agent after another is best.
    """
    owner: dict[int, int] = {}
    wanted = int(likes.any(0).sum())
    return [agent for agent in range(len(likes)) if len(owner) < wanted and _placed(likes, owner, agent)]


def _placed(likes: Array, owner: dict[int, int], agent: int) -> bool:
    """Whether an agent can have a good, others moving on to other goods; `owner` says then who has which."""
    asks: dict[int, int] = {}  # good -> who would take it
    waiting = [agent]
    for one in waiting:  # grows while it is walked
        for good in np.flatnonzero(likes[one]).tolist():
            if good in asks:
                continue
            asks[good] = one
            if good in owner:
                waiting.append(owner[good])
                continue
            while True:  # back along the chain, each takes the good that it asked for
                taker = asks[good]
                had = next((g for g, who in owner.items() if who == taker), None)
                owner[good] = taker
                if taker == agent or had is None:
                    return True
                good = had
    return False
