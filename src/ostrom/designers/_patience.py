"""From which discount factor on an action rule is an equilibrium under a norm."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ._standings import TIE, Stage, reached, tried

Polynomial = tuple[Fraction, ...]
"""Coefficients of 1, δ, δ², …: a departure gains nothing where it is at most 0."""

STEP = 1 / 64
HALVINGS = 50


class Patience(NamedTuple):
    """The least discount factor up to the one that is asked, and what stands behind it.

    Attributes
    ----------
    least : the left end of the discount factors around the asked one at which nobody gains.
    binding : the departure that gains just below it, as a polynomial in δ that is at most 0 where it does not gain;
        empty where none binds, or where it was found by bisection.
    """

    least: float
    binding: Polynomial = ()


def patience(stage: Stage, norm: str, rule: int, discount: float, error: float) -> Patience:
    """The least discount factor: without mistakes from polynomials with exact signs, otherwise by bisection."""
    if error == 0 and isinstance(stage.pays[0, 0], Fraction):
        return _exact(_polynomials(stage, norm, rule), discount)
    return Patience(lowest(lambda at: holds(stage, norm, rule, at, error), discount))


def holds(stage: Stage, norm: str, rule: int, discount: float, error: float) -> bool:
    """Whether nobody gains at any state, in float64."""
    scale = float(np.ptp(stage.floats.pays)) or 1.0
    return bool(tried(stage, norm, discount, error, np.array([rule])).loss[0] >= -TIE * scale)


def lowest(true: Callable[[float], bool], start: float) -> float:
    """The lower end of the numbers from 0 to `start` around `start` for which something is true (as looked at every
    sixty-fourth), by bisection."""
    high = start
    while high > 0 and true(low := max(high - STEP, 0.0)):
        high = low
    if high == 0:
        return 0.0
    low = max(high - STEP, 0.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if true(middle) else (middle, high)
    return high


def _exact(found: list[Polynomial], discount: float) -> Patience:
    """Between neighbouring roots signs do not change, so that one exact look in the middle settles each stretch."""
    ends = sorted({0.0, *(root for one in found for root in _roots(one) if root <= discount)})
    least, above = discount, discount
    for end in reversed(ends):
        if end < above:
            middle = Fraction((end + above) / 2)
            broken = [one for one in found if _at(one, middle) > 0]
            if broken:
                return Patience(least, min(broken, key=lambda one: (len(one), one)))
        least = above = end
    return Patience(least)


def _roots(polynomial: Polynomial) -> list[float]:
    """Its real roots in (0, 1), in float64; roots that nearly touch are all kept."""
    roots = np.polynomial.polynomial.polyroots([float(part) for part in polynomial]) if len(polynomial) > 1 else []
    return [float(root.real) for root in roots if abs(root.imag) < 1e-6 and 0 < root.real < 1]


def _at(polynomial: Polynomial, point: Fraction) -> Fraction:
    value = Fraction(0)
    for part in reversed(polynomial):
        value = value * point + part
    return value


def _polynomials(stage: Stage, norm: str, rule: int) -> list[Polynomial]:
    """What every single departure gains, each state and player, times something positive; without mistakes."""
    number, after, found = stage.played()[rule], stage.after(norm), set()
    for state in np.flatnonzero(reached(after)).tolist():
        made = int(number[state])
        for i, weight in enumerate(stage.weights.tolist()):
            here, there = int(after[state, made]), int(after[state, made ^ weight])
            found.add(_gain(stage, number, after, i, stage.swap[made, i], there, here))
            if stage.stray[made, i] > -np.inf:
                found.add((stage.stray[made, i],))
    return sorted(found, key=lambda one: (len(one), one))


def _gain(stage: Stage, number: Array, after: Array, i: int, first: Fraction, there: int, here: int) -> Polynomial:
    """`first` now, and then the difference between what follows on two states, until that repeats itself."""
    differences, seen = [first], {}
    while (there, here) not in seen:
        seen[there, here] = len(differences)
        differences.append(stage.pays[number[there], i] - stage.pays[number[here], i])
        there, here = (int(after[s, number[s]]) for s in (there, here))
    start = seen[there, here]
    before, cycle = differences[:start], differences[start:]
    if not any(cycle):
        return _simple(before)
    # a(δ) + δ^start c(δ) / (1 - δ^len), times 1 - δ^len
    parts = [Fraction(0)] * (len(differences) + 1)
    for k, part in enumerate(before):
        parts[k] += part
        parts[k + len(cycle)] -= part
    for k, part in enumerate(cycle, start):
        parts[k] += part
    return _simple(parts)


def _simple(parts: list[Fraction]) -> Polynomial:
    """Without zeros at the end, and in whole numbers without a common factor."""
    while len(parts) > 1 and parts[-1] == 0:
        parts = parts[:-1]
    scale = lcm(*(part.denominator for part in parts))
    whole = [int(part * scale) for part in parts]
    common = gcd(*whole) or 1
    return tuple(Fraction(part, common) for part in whole)


def shown(polynomial: Polynomial) -> str:
    """A polynomial in δ as one writes it: "2 - 3 δ"."""
    words = ""
    for power, part in enumerate(polynomial):
        if part:
            sign = (" - " if part < 0 else " + ") if words else ("-" if part < 0 else "")
            times = "" if power == 0 else "δ" if power == 1 else f"δ^{power}"
            size = str(abs(part)) if power == 0 or abs(part) != 1 else ""
            words += sign + " ".join(one for one in (size, times) if one)
    return words or "0"
