"""Numbers that grow by the very same factor again: the mark of a rule that multiplies, seen after two rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ._loop_series import Series

Array = np.ndarray

PRECISION = 1e-5
"""Factors that agree to so much, in logarithms, are called the same; numbers written more coarsely are given more."""

LONGEST = 12
"""Numbers in a loop at most of which each may be rounded."""

RECENT = 20
"""Rounds within which a number that returns to an earlier value is taken to be chosen from a menu."""


@dataclass(frozen=True)
class Repeats:
    """The same factor again.

    Attributes
    ----------
    e : e-value, the mean over episodes and numbers; it holds at any time one looks.
    members : the numbers that repeat the same factor, in the order in which they move.
    factor : by which they grow a round. cycles : rounds in which they did. at : the last of these rounds.
    """

    e: float
    members: tuple[int, ...]
    factor: float
    cycles: int
    at: int


def repeats(series: Series, trend: float) -> Repeats | None:
    """Whether positive numbers grow by the same factor once more, to the last digit; None where none ever does.

    A change whose law, given the past, is symmetric with its mode at its centre, and the centre within the trend, falls
    between a and b beyond the trend with odds of at most ln(b/a)/2, whatever its scale: its density at x is at most
    1/(2x), for as much lies nearer to the centre. A bet that the next log change is the last one again, to rounding,
    therefore multiplies what is staked by 2/ln(b/a) when it wins. Stakes are spread over the rounds it may begin in.
    """
    starts, total, best = [*series.starts, len(series)], np.zeros(len(series.names)), None
    for first, last in pairwise(starts):
        e, run = _bets(series.values[first:last], trend)
        total += e / (len(starts) - 1)
        if run is not None and (best is None or run.cycles > best.cycles):
            members = tuple(sorted(run.members, key=lambda k: (series.turn[k], k)))
            best = Repeats(0.0, members, run.factor, run.cycles, first + run.at)
    return None if best is None else Repeats(float(min(total.mean(), 1e300)), *list(vars(best).values())[1:])


def _bets(values: Array, trend: float) -> tuple[Array, Repeats | None]:
    """The e-value of every number, `float[d]`, and the longest run."""
    d = values.shape[1]
    started, bets, run, best = np.zeros(d), np.zeros(d, int), np.ones(d, int), None
    rates = np.diff(np.log(values), axis=0)
    quanta, menu = _quanta(values), _menu(values)
    for n in range(1, len(rates)):
        width = np.maximum(PRECISION, min(d, LONGEST) * quanta[n] / values[n])
        beyond = rates[n - 1] - math.log1p(trend)
        able = (beyond > 2 * width) & ~menu[n]
        hit = able & (np.abs(rates[n] - rates[n - 1]) <= width)
        near = np.where(able, width / np.where(able, beyond, 1.0), 0.5)
        bets += able
        stakes = started + np.where(able, 1 / np.maximum(bets * (bets + 1), 1), 0.0)
        started = np.minimum(np.where(able, np.where(hit, stakes / np.arctanh(near), 0.0), started), 1e300)
        run = np.where(hit, run + 1, 1)
        if hit.any() and (best is None or run.max() >= best.cycles):
            lead = int(np.argmax(run))
            same = np.flatnonzero(hit & (np.abs(rates[n] - rates[n][lead]) <= width + width[lead]))
            best = Repeats(0.0, tuple(same.tolist()), float(np.exp(rates[n][lead])), int(run.max()), n + 1)
    return started + 1 / (bets + 1), best


def _quanta(values: Array) -> Array:
    """The steps in which every number was written up to each round, `float[N, d]`: of 1.5, 2.25 and 4 it is 0.25.

    Once it is below a billionth of the number it is not followed further.
    """
    made = np.empty(values.shape)
    for k, column in enumerate(values.T):
        quantum, size = Fraction(0), 0.0
        for n, value in enumerate(column.tolist()):
            if not quantum or size > 1e-9 * value:
                exact = Fraction(repr(value))
                below = quantum.denominator * exact.denominator
                both = quantum.numerator * exact.denominator, exact.numerator * quantum.denominator
                quantum = Fraction(math.gcd(*both), below)
                size = float(quantum)
            made[n, k] = size
    return made


def _menu(values: Array) -> Array:
    """Where a number has lately come back to a value that it had left: it is chosen from a few, `bool[N, d]`."""
    made = np.zeros(values.shape, bool)
    for k, column in enumerate(values.T):
        _, first, within = np.unique(column, return_index=True, return_inverse=True)
        back = np.cumsum((first[within.reshape(-1)] < np.arange(len(column))) & (np.diff(column, prepend=np.nan) != 0))
        made[:, k] = back - np.concatenate([np.zeros(RECENT, int), back])[: len(back)] > 0
    return made
