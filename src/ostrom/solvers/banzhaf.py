"""The Banzhaf value: what each player adds on average to a coalition drawn evenly from all coalitions of the others."""

from __future__ import annotations

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
class Banzhaf:
    """What each player adds to a random coalition of the others; of a vote, the odds that its voice decides.

    Attributes
    ----------
    players : names. values : in float64; they need not add up to what all are worth.
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

    @property
    def normalised(self) -> tuple[float, ...]:
        """The same as shares of their sum (the index of Banzhaf 1965); all 0 where nobody adds anything."""
        numbers = self.values if self.exact is None else self.exact
        total = sum(numbers)
        return tuple(float(number / total) if total else 0.0 for number in numbers)


def banzhaf(game: Coalitional, *, samples: int | None = None, seed: int = 0) -> Banzhaf:
    """The Banzhaf value (Penrose 1946; Banzhaf 1965; Dubey and Shapley 1979), raw; `normalised` is the index.

    Exact in rationals: from the list of coalitions, or for weighted voting by counting coalitions of every weight
    (hundreds of voters). With `samples`, from that many random coalitions for each player, with 95 % intervals.

    Raises
    ------
    TooLarge : more players than can be listed, or weights too fine to be counted, and no samples.
    InputError : fewer than 2 samples.

    Examples
    --------
    >>> found = banzhaf(Coalitional.weighted_voting(51, [50, 49, 1]))
    >>> found.values, found.normalised
    ((0.75, 0.25, 0.25), (0.6, 0.2, 0.2))
    """
    if samples is not None:
        return _sampled(game, samples, seed)
    if isinstance(game, WeightedVoting):
        exact = tuple(Fraction(own[0], 1 << game.count - 1) for own in swings(game, by_size=False))
        method = "generating function of weights, in whole numbers"
    elif not game.countable:
        values = tuple(map(float, _of_table(game.worth, 1)))
        return Banzhaf(game.players, values, None, "complete", "sums over all coalitions, in float64")
    else:
        exact, method = _of_table(*game.whole), "sums over all coalitions, in whole numbers"
    return Banzhaf(game.players, tuple(map(float, exact)), exact, "complete", method)


def _of_table(worth: Array, denominator: int) -> tuple[Fraction, ...]:
    added = []
    for i in range(worth.size.bit_length() - 1):
        pairs = worth.reshape(-1, 2, 1 << i)
        without, with_i = pairs.sum(axis=(0, 2)).tolist()
        added.append(Fraction(with_i) - Fraction(without))
    return tuple(own * 2 / (denominator * worth.size) for own in added)


def _sampled(game: Coalitional, samples: int, seed: int) -> Banzhaf:
    if samples < 2:
        raise InputError(f"{samples} samples.", "An interval needs at least two.", "Give some thousands.")
    rng, count = np.random.default_rng(seed), game.count
    added = np.empty((samples, count))
    for row in added:
        drawn = set(np.flatnonzero(rng.random(count) < 0.5).tolist())
        for i in range(count):
            row[i] = float(game.value(drawn | {i})) - float(game.value(drawn - {i}))
    mean, simple = added.mean(0), isinstance(game, WeightedVoting)
    intervals = wilson(mean, samples) if simple else normal(mean, added.var(0), samples)
    method = f"{samples:,} random coalitions, seed {seed}, " + ("Wilson" if simple else "normal") + " intervals"
    return Banzhaf(game.players, tuple(mean.tolist()), None, "partial", method, intervals)
