"""A game's payoffs as integers, for the solvers that count exactly."""

from __future__ import annotations

import math

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array

DIGITS = 12
"""Float payoffs are read to this many digits of a player's largest payoff, so that 0.1 + 0.2 equals 0.3."""


def integer_payoffs(game: NormalForm) -> tuple[Array, ...]:
    """Per player, an object array `[A_1, …, A_P]` of integers that is a positive multiple of its payoffs.

    Exact for `Fraction`s and for integers; other floats are first rounded to `DIGITS` digits of the player's
    largest payoff. A positive multiple has the same best replies, so every equilibrium is kept.
    """
    table = game.payoffs if game.exact is None else game.exact
    return tuple(_whole(table[..., i]) for i in range(len(game.players)))


def _whole(payoffs: Array) -> Array:
    """The smallest integers that are a positive multiple of `payoffs`."""
    if payoffs.dtype == object:
        unit = math.lcm(*(entry.denominator for entry in payoffs.flat))
        whole = [int(entry * unit) for entry in payoffs.flat]
    else:
        whole = [int(entry) for entry in _rounded(payoffs).flat]
    divisor = math.gcd(*whole) or 1
    return np.array([entry // divisor for entry in whole], dtype=object).reshape(payoffs.shape)


def _rounded(payoffs: Array) -> Array:
    """Float payoffs times the power of ten that leaves `DIGITS` digits before the point, rounded to whole numbers."""
    if (payoffs == np.rint(payoffs)).all():
        return payoffs
    exponent = max(math.floor(math.log10(np.abs(payoffs).max())), -300)
    return np.rint(payoffs / 10.0**exponent * 10.0 ** (DIGITS - 1))
