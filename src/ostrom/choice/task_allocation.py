"""Who does what: one task for each agent, at best, greedily, or agreed upon by agents who only talk to neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array

LARGEST = 5_000


@dataclass(frozen=True)
class Allocation:
    """Who does what.

    Attributes
    ----------
    tasks : for each agent the number of its task, -1 for none.
    score : the sum over agents.
    method : how it was found.
    rounds : rounds of talk that it took; 0 where nobody had to talk.
    """

    tasks: tuple[int, ...]
    score: float
    method: str
    rounds: int = 0


def best_tasks(scores: Any) -> Allocation:
    """The allocation with the highest sum of scores `[N, M]` (agents by tasks), each task and agent at most once.

    By SciPy's shortest augmenting paths (Crouse 2016), exact in float64. Scores below zero are left undone. Raises
    `InputError` for what is no table of finite numbers.
    """
    from scipy.optimize import linear_sum_assignment

    table = _checked(scores)
    rows, columns = linear_sum_assignment(np.maximum(table, 0), maximize=True)
    tasks = np.full(len(table), -1)
    wanted = table[rows, columns] > 0
    tasks[rows[wanted]] = columns[wanted]
    return _answer(table, tasks, "linear assignment")


def greedy_tasks(scores: Any) -> Allocation:
    """The best single pair first, then the best of those left, and so on; of equal ones the first.

    At least half of the best sum (a one-to-one assignment is an intersection of two matroids; Fisher, Nemhauser and
    Wolsey 1978), and no more on `[[1, 1 − ε], [1 − ε, 0]]`. Raises as `best_tasks`.
    """
    table = _checked(scores)
    tasks, free = np.full(len(table), -1), table.copy()
    for _ in range(min(table.shape)):
        agent, task = divmod(int(free.argmax()), table.shape[1])
        if free[agent, task] <= 0:
            break
        tasks[agent] = task
        free[agent, :] = free[:, task] = -np.inf
    return _answer(table, tasks, "greedy")


def consensus_auction(scores: Any, talks: Any = None) -> Allocation:
    """Agents bid for the task they like best, tell neighbours the highest bids they know of, and give way when outbid.

    The consensus-based auction of Choi, Brunet and How (2009): where everybody can hear of everybody in the end it
    settles on the greedy allocation, within `min(N, M)` times the diameter of the network in rounds.

    Parameters
    ----------
    scores : `[N, M]`, agents by tasks. talks : `bool[N, N]`, who talks to whom; by default everybody to everybody.

    Raises
    ------
    InputError : what is no table of finite numbers, or a network in which somebody never hears of somebody.
    """
    table = _checked(scores)
    count = len(table)
    links = _network(talks, count)
    rank = _ranks(table)  # bids all differ, in the order in which greedy would take equal ones
    bids, tasks = np.zeros_like(rank), np.full(count, -1)
    for rounds in range(1, count * (min(table.shape) + 1) + 2):
        before = bids.copy(), tasks.copy()
        for agent in np.flatnonzero(tasks < 0):
            worth = np.where((rank[agent] > bids[agent]) & (table[agent] > 0), rank[agent], 0)
            if worth.any():
                tasks[agent] = int(worth.argmax())
                bids[agent, tasks[agent]] = worth.max()
        bids = np.where(links[:, :, None], bids[None], 0).max(axis=1)
        for agent in np.flatnonzero(tasks >= 0):
            if bids[agent, tasks[agent]] > rank[agent, tasks[agent]]:
                tasks[agent] = -1
        if np.array_equal(bids, before[0]) and np.array_equal(tasks, before[1]):
            return _answer(table, tasks, "consensus-based auction", rounds - 1)
    raise AssertionError("a consensus auction settles within its bound")


def _ranks(table: Array) -> Array:
    order = np.argsort(-table, axis=None, kind="stable")
    rank = np.empty(table.size, dtype=np.int64)
    rank[order] = np.arange(table.size, 0, -1)
    return rank.reshape(table.shape)


def _network(talks: Any, count: int) -> Array:
    links = np.ones((count, count), bool) if talks is None else np.asarray(talks)
    if links.shape != (count, count) or links.dtype.kind not in "biuf":
        raise InputError(f"A network of shape {links.shape} for {count} agents.", do="Give talks[i, j], true or false.")
    links = (links != 0) | np.eye(count, dtype=bool)
    heard = links
    for _ in range(count.bit_length()):
        heard = (heard.astype(float) @ heard) > 0
    if not heard.all():
        deaf, unheard = (int(k) for k in np.argwhere(~heard)[0])
        raise InputError(
            f"Agent {deaf} never hears of agent {unheard}.",
            "Agents that cannot hear of each other cannot agree who does what.",
            "Add links until everybody hears of everybody, over others if need be.",
        )
    return links


def _checked(scores: Any) -> Array:
    try:
        table = np.asarray(scores, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The scores are no table of numbers: {error}.", do="Give scores[agent][task].") from None
    if table.ndim != 2 or 0 in table.shape or max(table.shape) > LARGEST or not np.isfinite(table).all():
        raise InputError(
            f"Scores of shape {table.shape} cannot be allocated.",
            f"They are a table of finite numbers, agents by tasks, of up to {LARGEST:,} each way.",
            "Give a low score to what an agent cannot do.",
        )
    return table


def _answer(table: Array, tasks: Array, method: str, rounds: int = 0) -> Allocation:
    done = np.flatnonzero(tasks >= 0)
    return Allocation(tuple(tasks.tolist()), float(table[done, tasks[done]].sum()), method, rounds)
