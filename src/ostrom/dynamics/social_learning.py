"""Learning from neighbours: what stubborn ones do to all others, and averages that a few bad ones cannot move far."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.game import Array

Rule = Literal["mean", "trimmed mean", "w-msr"]

MOST = 18
"""Agents up to which all 2^N sets are gone through."""


def stubborn_weights(trust: Any, stubbornness: Any) -> Array:
    """Where everybody ends, by whose start: `x = weights @ x_0`, as exact as a linear system.

    In x_{g+1} = (I - Λ) W x_g + Λ x_0 everybody keeps a share Λ of its own start (Friedkin and Johnsen, 1990). The
    limit is (I - (I - Λ) W)⁻¹ Λ x_0. Column j of the weights tells what j does to all: with a share ε of the agents
    contaminated, the amplification κ is what their columns sum to, over ε.

    Parameters
    ----------
    trust : W `float[N, N]`, at least 0, rows that sum to 1: whom each learns from.
    stubbornness : Λ, `float[N]` or one number, 0 to 1.

    Returns `float[N, N]`, rows that sum to 1. Raises `InputError` for other numbers, and where somebody is led by
    nobody stubborn: two that learn only from one another end wherever chance takes them.

    Examples
    --------
    >>> stubborn_weights([[0, 1], [1, 0]], [1.0, 0.0]).tolist()
    [[1.0, 0.0], [1.0, 0.0]]
    """
    weights, keeps = _trust(trust), _shares(stubbornness, len(np.atleast_2d(trust)))
    follows = (1 - keeps)[:, None] * weights
    reached = keeps > 0
    for _ in weights:
        reached = reached | ((follows > 0) & reached).any(1)
    if not reached.all():
        raise InputError(
            f"Agents {np.flatnonzero(~reached).tolist()} learn from nobody who is stubborn, nor from who does.",
            "Then there is no such limit: what they end at depends on how they began alone, and on chance.",
            "Give somebody among those they learn from a stubbornness above 0.",
        )
    return np.linalg.solve(np.eye(len(weights)) - follows, np.diag(keeps))


def social_learning(
    trust: Any,
    start: Any,
    *,
    stubbornness: Any = 0.0,
    rule: Rule = "mean",
    trim: int = 0,
    fixed: Any = (),
    rounds: int = 100,
    noise: float = 0.0,
    seed: int = 0,
) -> Array:
    """What everybody is, round after round, when all learn from those they trust.

    Parameters
    ----------
    trust : `float[N, N]`, at least 0, rows that sum to 1; above 0 where the row's agent listens to the column's.
    start : `float[N]` or `float[N, D]`. stubbornness : share kept of one's own start, `float[N]` or one number.
    rule : "mean", weighted with trust; "trimmed mean" (of all listened to but the `trim` highest and `trim` lowest in
        each dimension); "w-msr" (of oneself and of those listened to, but the `trim` highest of those above oneself and
        the `trim` lowest of those below; LeBlanc, Zhang, Koutsoukos and Sundaram, 2013). Both weigh those left alike.
    fixed : numbers of agents who stay as they began, whatever they hear.
    rounds : how many. noise, seed : the deviation of normal mistakes in what each takes over, and what draws them.

    Returns `float[rounds + 1, N, …]`. Raises `InputError` for numbers that do not fit.
    """
    weights = _trust(trust)
    count = len(weights)
    begun = np.asarray(start, float)
    keeps = _shares(stubbornness, count)
    stays = np.isin(np.arange(count), np.asarray(fixed, int))
    if rule not in get_args(Rule):
        raise UnknownName("way to learn", str(rule), get_args(Rule))
    if begun.ndim not in (1, 2) or len(begun) != count or not np.isfinite(begun).all() or rounds < 1:
        raise InputError(
            f"A start of shape {begun.shape} for {count} agents, {rounds} rounds.", do="Give one row an agent, from 1."
        )
    if trim < 0 or not 0 <= noise < np.inf or set(np.ravel(fixed).tolist()) - set(range(count)):
        raise InputError(f"trim {trim}, noise {noise}, fixed {fixed!r:.60}.", do="Give numbers from 0, and of agents.")
    rng = np.random.default_rng(seed)
    found = [begun.reshape(count, -1)]
    column = keeps[:, None]
    for _ in range(rounds):
        taken = _taken(found[-1], weights, rule, trim)
        taken = taken + noise * rng.standard_normal(taken.shape) if noise else taken
        found.append(np.where(stays[:, None], found[0], (1 - column) * taken + column * found[0]))
    return np.stack(found).reshape(rounds + 1, *begun.shape)


def r_robust(listens: Any, r: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """None if a graph is r-robust, else two sets of agents that shut themselves off.

    A graph is r-robust if of any two separate sets of agents, at least one has a member that listens to r or more
    outside its set. If it is (2f + 1)-robust, W-MSR with trim f brings the others together within what they began as,
    whatever up to f of those that anybody listens to do (LeBlanc and others, 2013, theorem 2 and corollary 1).

    Parameters
    ----------
    listens : `bool[N, N]` (or weights), the row's agent listens to the column's. Up to 18 agents. r : from 1.

    Raises `InputError` for what is no such graph, `TooLarge` for more agents.
    """
    given = np.asarray(listens)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or not len(given) or r < 1:
        raise InputError(f"A graph of shape {given.shape}, r = {r}.", do="Give a square matrix, and r from 1.")
    graph = (given != 0) & ~np.eye(len(given), dtype=bool)
    count = len(graph)
    if count > MOST:
        raise TooLarge(
            f"{count} agents have 2^{count} sets.", f"All are gone through, up to {MOST} agents.", "Ask about a part."
        )
    masks = np.arange(2**count)
    shut = masks > 0  # sets none of whose members listens to r outside, as bits
    for member in range(count):
        heard = int((graph[member].astype(np.int64) << np.arange(count)).sum())
        inside = (masks >> member) & 1 > 0
        shut &= ~inside | (np.bitwise_count(heard & ~masks) < r)
    holds = shut.copy()  # sets that have such a set in them
    for member in range(count):
        with_it = masks[(masks >> member) & 1 > 0]
        holds[with_it] |= holds[with_it ^ (1 << member)]
    apart = np.flatnonzero(shut & holds[masks[-1] ^ masks])
    if not len(apart):
        return None
    first = int(apart[0])
    second = int(np.flatnonzero(shut & (masks & first == 0))[0])
    return _members(first), _members(second)


def _members(mask: int) -> tuple[int, ...]:
    return tuple(k for k in range(mask.bit_length()) if mask >> k & 1)


def _taken(now: Array, weights: Array, rule: Rule, trim: int) -> Array:
    """What each takes over in a round."""
    if rule == "mean":
        return weights @ now
    listens = (weights > 0) & ~np.eye(len(weights), dtype=bool)
    return np.stack([_left(now[i], now[listens[i]], rule, trim) for i in range(len(now))])


def _left(own: Array, heard: Array, rule: Rule, trim: int) -> Array:
    """The mean of what is left after the extremes are cut, in each dimension."""
    found = np.empty_like(own)
    for d, mine in enumerate(own):
        values = np.sort(heard[:, d])
        if rule == "trimmed mean":
            kept = values[trim : len(values) - trim] if len(values) > 2 * trim else values[:0]
            found[d] = kept.mean() if len(kept) else mine
        else:
            low, high = min(trim, int((values < mine).sum())), min(trim, int((values > mine).sum()))
            found[d] = np.append(values[low : len(values) - high], mine).mean()
    return found


def _trust(trust: Any) -> Array:
    weights = np.asarray(trust, float)
    square = weights.ndim == 2 and weights.shape[0] == weights.shape[1] and len(weights)
    if not square or not np.isfinite(weights).all() or (weights < 0).any() or not np.allclose(weights.sum(1), 1):
        raise InputError(
            f"Trust of shape {weights.shape} that is no matrix of shares.",
            "Row i tells how agent i divides its trust: numbers from 0 that sum to 1.",
            "Divide every row by its sum.",
        )
    return weights


def _shares(given: Any, count: int) -> Array:
    shares = np.asarray(given, float)
    if shares.shape not in ((), (count,)) or not ((shares >= 0) & (shares <= 1)).all():
        raise InputError(
            f"Stubbornness of shape {shares.shape} for {count} agents, or outside 0 to 1.", do="Give one share each."
        )
    return np.broadcast_to(shares, (count,)).copy()
