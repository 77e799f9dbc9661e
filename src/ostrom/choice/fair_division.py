"""Goods that cannot be cut, divided by simple rules: taking turns, and passing bundles on along circles of envy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.game import Array
from ._goods import Division, order_of, pairs_of_agents, values_of


def round_robin(values: Any, order: Sequence[int] | None = None) -> Division:
    """In turn each takes the good it likes best of those left, round after round.

    Nobody envies another by more than one good (EF1; Caragiannis et al. 2019). Of equal goods the first is taken. It
    can pay to take a good first because others want it.

    Parameters
    ----------
    values : `[N, M]`, what each agent makes of each good, at least 0; values add up.
    order : the numbers of the agents as they take turns, each once; from the first on by default.

    Raises
    ------
    InputError : what is no table of finite values of at least 0, or no order. TooLarge : over a million pairs.

    Examples
    --------
    >>> round_robin([[5, 4, 1], [5, 1, 1]]).bundles
    ((0, 2), (1,))
    """
    table = values_of(values)
    turns = order_of(order, len(table), "agents")
    owners = [-1] * table.shape[1]
    likes = [iter(np.argsort(-row, kind="stable").tolist()) for row in table]
    for turn in range(table.shape[1]):
        agent = turns[turn % len(turns)]
        owners[next(good for good in likes[agent] if owners[good] < 0)] = agent
    return Division(tuple(owners), "round robin", table)


def envy_cycles(values: Any, goods: Sequence[int] | None = None) -> Division:
    """One good after another goes to somebody whom nobody envies; envy that goes in a circle is undone by passing on.

    Nobody envies another by more than one good (EF1), also where values do not add up (Lipton, Markakis, Mossel and
    Saberi 2004); here they do. Of several whom nobody envies, the first gets the good.

    Parameters
    ----------
    values : as for `round_robin`. goods : the order in which goods are given away; from the first on by default.

    Raises as `round_robin`.

    Examples
    --------
    >>> envy_cycles([[5, 4, 1], [5, 1, 1]]).bundles
    ((0,), (1, 2))
    """
    table = values_of(values)
    row, agents = order_of(goods, table.shape[1], "goods"), len(table)
    pairs_of_agents(agents)
    worth, bundles = np.zeros((agents, agents)), [list[int]() for _ in range(agents)]
    for good in row:
        while (envied := _envy(worth).any(0)).all():
            circle = _circle(_envy(worth))
            after = list(range(agents))
            for i, j in zip(circle, (*circle[1:], circle[0]), strict=True):
                after[i] = j
            worth, bundles = worth[:, after], [bundles[j] for j in after]
        lucky = int(envied.argmin())
        bundles[lucky].append(good)
        worth[:, lucky] = table[:, bundles[lucky]].sum(1)  # summed afresh, so that passing on leaves no rounding behind
    owners = np.empty(table.shape[1], int)
    for agent, own in enumerate(bundles):
        owners[own] = agent
    return Division(tuple(owners.tolist()), "envy-cycle elimination", table)


def _envy(worth: Array) -> Array:
    """`bool[N, N]`: whether the row envies the column."""
    return worth > np.diag(worth)[:, None]


def _circle(envy: Array) -> list[int]:
    """A circle in which each envies the next, where everybody is envied."""
    path, i = list[int](), 0
    while i not in path:
        path.append(i)
        i = int(envy[:, i].argmax())  # somebody who envies `i`
    return path[path.index(i) :][::-1]
