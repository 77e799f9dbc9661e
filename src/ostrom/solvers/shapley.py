"""The Shapley value: what each player adds on average when all arrive in random order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..core.errors import InputError
from ..core.forms.coalitional import Coalitional
from ..core.forms.weighted_voting import WeightedVoting
from ..core.game import Array
from ..core.solution import Status
from ._intervals import normal, wilson
from ._swings import swings


@dataclass(frozen=True)
class Shapley:
    """What each player adds on average.

    Attributes
    ----------
    players : names. values : in float64; they add up to what all are worth.
    exact : in rationals; None where it was sampled, or summed in float64.
    intervals : where it was sampled, the 95 % interval of each.
    status : "complete", or "partial" where it was sampled.
    """

    players: tuple[str, ...]
    values: tuple[float, ...]
    exact: tuple[Fraction, ...] | None
    status: Status
    method: str
    intervals: tuple[tuple[float, float], ...] = ()

    @property
    def shares(self) -> Mapping[str, float]:
        """What each adds, by name."""
        return dict(zip(self.players, self.values, strict=True))


def shapley(game: Coalitional, *, samples: int | None = None, seed: int = 0) -> Shapley:
    """The Shapley value (1953); of weighted voting the index of Shapley and Shubik (1954).

    Exact in rationals: from the list of coalitions (20 players take a fraction of a second), or for weighted voting by
    counting coalitions of every weight and size (hundreds of voters). A float in a table counts as the simplest
    fraction that rounds to it; a long table of them is summed in float64, and `exact` is None. With `samples` that many
    random orders are drawn instead: then no list is needed, and each mean has a 95 % interval (Castro, Gómez and Tejada
    2009).

    Raises
    ------
    TooLarge : more players than can be listed, or weights too fine to be counted, and no samples.
    InputError : fewer than 2 samples.

    Examples
    --------
    >>> [str(share) for share in shapley(Coalitional.weighted_voting(39, [7] * 5 + [1] * 10)).exact[4:6]]
    ['421/2145', '4/2145']
    """
    if samples is not None:
        return _sampled(game, samples, seed)
    if isinstance(game, WeightedVoting):
        exact, method = _of_voting(game), "generating function of weights and sizes, in whole numbers"
    elif not game.countable:
        values = tuple(map(float, _of_table(game.worth, 1)))
        return Shapley(game.players, values, None, "complete", "sums over all coalitions of each size, in float64")
    else:
        exact, method = _of_table(*game.whole), "sums over all coalitions of each size, in whole numbers"
    return Shapley(game.players, tuple(map(float, exact)), exact, "complete", method)


def _of_voting(game: WeightedVoting) -> tuple[Fraction, ...]:
    count = game.count
    orders = [math.factorial(size) * math.factorial(count - size - 1) for size in range(count)]
    return tuple(
        Fraction(sum(a * b for a, b in zip(own, orders, strict=True)), math.factorial(count))
        for own in swings(game, by_size=True)
    )


def _of_table(worth: Array, denominator: int) -> tuple[Fraction, ...]:
    """Σ over sizes of (what coalitions with i are worth, less those without), each size in its share of the orders.

    Coalitions of one size with i and without i are together all of that size, so only the sums with i are needed.
    """
    count = worth.size.bit_length() - 1
    sizes = _sizes(count)
    order = np.argsort(sizes, kind="stable")
    starts, ordered = np.searchsorted(sizes[order], np.arange(count + 1)), worth[order]
    of_size = _exactly(np.add.reduceat(ordered, starts))
    orders = [math.factorial(size) * math.factorial(count - size - 1) for size in range(count)]
    answer = []
    for i in range(count):
        with_i = _exactly(np.add.reduceat(np.where((order >> i & 1).astype(bool), ordered, 0), starts))
        added = [with_i[size + 1] - of_size[size] + with_i[size] for size in range(count)]
        total = sum((ways * one for ways, one in zip(orders, added, strict=True)), Fraction(0))
        answer.append(total / (math.factorial(count) * denominator))
    return tuple(answer)


def _exactly(sums: Array) -> list[Fraction]:
    return [Fraction(one) for one in sums.tolist()]


def _sizes(count: int) -> Array:
    """How many members each coalition has, by mask."""
    sizes = np.zeros(1, dtype=np.int8)
    for _ in range(count):
        sizes = np.concatenate([sizes, sizes + np.int8(1)])
    return sizes


def _sampled(game: Coalitional, samples: int, seed: int) -> Shapley:
    if samples < 2:
        raise InputError(f"{samples} samples.", "An interval needs at least two.", "Give some thousands.")
    rng, count = np.random.default_rng(seed), game.count
    total, squares = np.zeros(count), np.zeros(count)
    for _ in range(samples):
        added, group, before = np.zeros(count), [], 0.0
        for i in rng.permutation(count).tolist():
            group.append(i)
            worth = float(game.value(group))
            added[i], before = worth - before, worth
        total += added
        squares += added**2
    mean = total / samples
    simple = isinstance(game, WeightedVoting)
    intervals = wilson(mean, samples) if simple else normal(mean, squares / samples - mean**2, samples)
    method = f"{samples:,} random orders, seed {seed}, " + ("Wilson" if simple else "normal") + " intervals"
    return Shapley(game.players, tuple(mean.tolist()), None, "partial", method, intervals)
