"""Stationary distributions of Markov chains by GTH elimination: no subtraction, so no cancellation.

Grassmann, Taksar and Heyman (1985). States are removed one at a time; the rates among the rest become those of the
chain watched only while it is there. Nothing is ever subtracted, so every answer is right to a few units in the last
digit, however small it is (O'Cinneide 1993). For the same reason the elimination carries over to logarithms of rates,
which cannot underflow, and to leading terms of rates that vanish, which gives limits exactly.
"""

from __future__ import annotations

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ._components import sinks

SAFE = 600.0
"""Sizes of rates may differ by so many powers of e, times the states, before floats could underflow (at 745)."""


def stationary(rates: Array) -> Array:
    """The stationary distribution `float[S]` of a chain with transition rates (or odds) `rates[from, to]`.

    The diagonal is not looked at, so rates, probabilities and generators will all do. States that are left for good
    get exactly 0. Where rates differ by so much that floats might underflow, logarithms are used.

    Raises
    ------
    InputError : what is no square matrix of finite rates from 0, or a chain with several closed classes (its
        long run depends on where it starts).
    """
    rates = _square(rates)
    off = rates[~np.eye(len(rates), dtype=bool)]
    if not (np.isfinite(off) & (off >= 0)).all():
        raise _bad(f"One of the rates is {off[~(np.isfinite(off) & (off >= 0))][0]:g}.")
    with np.errstate(divide="ignore"):
        return stationary_of_logs(np.log(np.where(np.eye(len(rates), dtype=bool), 0.0, rates)))


def stationary_of_logs(logs: Array) -> Array:
    """The same from natural logarithms of rates, `float[S, S]` with -inf for 0: rates such as exp(-100000) will do."""
    logs = _square(logs)
    off = logs[~np.eye(len(logs), dtype=bool)]
    if np.isnan(off).any() or (off == np.inf).any():
        raise _bad("One of the logarithms of rates is no number below infinity.")
    kept = _closed(np.isfinite(logs))
    inner = logs[np.ix_(kept, kept)]
    sizes = inner[np.isfinite(inner) & ~np.eye(len(kept), dtype=bool)]
    middle = sizes.max(initial=0.0)
    plain = np.ptp(sizes) * len(kept) < SAFE if len(sizes) else True
    answer = np.zeros(len(logs))
    answer[kept] = _eliminate(np.exp(inner - middle)) if plain else np.exp(_eliminate_logs(inner))
    return answer


def stationary_limit(powers: Array, logs: Array) -> Array:
    """The limit, as ε falls to 0, of the stationary distribution of a chain with rates `exp(logs) ε^powers`.

    `powers` are whole numbers `int[S, S]` (Python's own, in an object array, where they are large), so that ties are
    ties; `logs` are `float[S, S]`, -inf where there is no transition for any ε. Each number of the elimination is
    kept as its leading term: sums of positive numbers keep the lowest power, products add powers, and nothing cancels.
    So which closed classes of the limiting chain survive, and in which proportion, is exact up to rounding in `logs`.
    """
    logs = _square(logs)
    kept = _closed(np.isfinite(logs))
    place = np.ix_(kept, kept)
    power, log = _eliminate_terms(np.asarray(powers)[place], logs[place])
    answer = np.zeros(len(logs))
    answer[kept] = np.where(power == power.min(), np.exp(log), 0.0)
    return answer / answer.sum()


def _eliminate(rates: Array) -> Array:
    rates, last = rates.copy(), len(rates)
    np.fill_diagonal(rates, 0.0)
    for k in range(last - 1, 0, -1):
        rates[:k, k] /= rates[k, :k].sum()
        rates[:k, :k] += np.outer(rates[:k, k], rates[k, :k])
        np.fill_diagonal(rates[:k, :k], 0.0)
    weights = np.ones(last)
    for k in range(1, last):
        weights[k] = weights[:k] @ rates[:k, k]
    return weights / weights.sum()


def _eliminate_logs(logs: Array) -> Array:
    """The logarithms of the stationary distribution."""
    logs, last = logs.copy(), len(logs)
    np.fill_diagonal(logs, -np.inf)
    for k in range(last - 1, 0, -1):
        logs[:k, k] -= np.logaddexp.reduce(logs[k, :k])
        np.logaddexp(logs[:k, :k], logs[:k, k, None] + logs[k, :k], out=logs[:k, :k])
        np.fill_diagonal(logs[:k, :k], -np.inf)
    weights = np.zeros(last)
    for k in range(1, last):
        weights[k] = np.logaddexp.reduce(weights[:k] + logs[:k, k])
    weights -= weights.max()  # weights of 1e16 would swallow the logarithm of their sum
    return weights - np.logaddexp.reduce(weights)


def _eliminate_terms(powers: Array, logs: Array) -> tuple[Array, Array]:
    """Leading terms of the stationary weights: powers and logarithms of coefficients, up to one common factor."""
    powers, logs, last = powers.copy(), logs.copy(), len(logs)
    np.fill_diagonal(logs, -np.inf)
    for k in range(last - 1, 0, -1):
        power, log = _total(powers[k, :k], logs[k, :k])
        powers[:k, k], logs[:k, k] = powers[:k, k] - power, logs[:k, k] - log
        through = powers[:k, k, None] + powers[k, :k], logs[:k, k, None] + logs[k, :k]
        powers[:k, :k], logs[:k, :k] = _plus((powers[:k, :k], logs[:k, :k]), through)
        np.fill_diagonal(logs[:k, :k], -np.inf)
    power, log = np.zeros(last, powers.dtype), np.zeros(last)
    for k in range(1, last):
        power[k], log[k] = _total(power[:k] + powers[:k, k], log[:k] + logs[:k, k])
    return power, log - log.max()


def _plus(one: tuple[Array, Array], two: tuple[Array, Array]) -> tuple[Array, Array]:
    """The leading terms of sums of terms `(powers, logs)`; a log of -inf is no term at all, whatever its power."""
    (p, a), (q, b) = one, two
    first = np.isfinite(a) & (~np.isfinite(b) | (p <= q).astype(bool))
    second = np.isfinite(b) & (~np.isfinite(a) | (q <= p).astype(bool))
    logs = np.logaddexp(np.where(first, a, -np.inf), np.where(second, b, -np.inf))
    return np.where(first, p, q), logs


def _total(powers: Array, logs: Array) -> tuple[int, float]:
    """The leading term of the sum of many."""
    there = np.isfinite(logs)
    lowest = powers[there].min()
    return lowest, float(np.logaddexp.reduce(logs[there & (powers == lowest).astype(bool)]))


def _closed(there: Array) -> Array:
    """The states of the one closed class of a chain with these transitions, `bool[S, S]`."""
    tails, heads = np.nonzero(there & ~np.eye(len(there), dtype=bool))
    closed = sinks(len(there), tails, heads)
    if len(closed) != 1:
        raise InputError(
            f"This chain has {len(closed)} closed classes of states.",
            "What it does in the long run depends on where it starts, so there is no one stationary distribution.",
            "Let rare transitions (mutations, errors) join them, or ask about each class alone.",
        )
    return np.array(closed[0])


def _square(matrix: Array) -> Array:
    matrix = np.asarray(matrix, float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise _bad(f"A matrix of rates of shape {matrix.shape}.")
    return matrix


def _bad(said: str) -> InputError:
    return InputError(
        said,
        "A chain needs one finite rate, at least 0, from every state to every other.",
        "Give a square matrix rates[from, to].",
    )
