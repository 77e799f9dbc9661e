"""Sums of choices: the states of a crowd, and how likely each is when everybody mixes in their own way."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from ..game import Array


class Sums:
    """Every sum that `draws` choices among `weights` can have, and how their distribution grows by one chooser.

    A chooser who has not been added yet counts as choosing the first weight, so one set of sums serves throughout.

    Attributes
    ----------
    weights : `int[A]` (64 bits, or Python's own integers where those do not suffice); draws : how many choosers.
    values : the C sums, ascending; start : `float[C]`, the distribution before anybody was added.
    """

    def __init__(self, weights: Array, draws: int) -> None:
        self.weights, self.draws = weights, draws
        levels = [np.zeros(1, weights.dtype)]
        for _ in range(draws):
            levels.append(np.unique(levels[-1][:, None] + weights))
        self.values = levels[-1]
        self._levels = levels
        self.start = np.eye(1, len(self.values), int(self.index(draws * weights[0])))[0]

    def index(self, sums: Any) -> Array:
        """Where each sum stands in `values`."""
        return np.searchsorted(self.values, sums)

    @cached_property
    def _moves(self) -> list[tuple[Array, Array]]:
        """For every weight after the first: the sums it leads to, and the sums it comes from."""
        links = []
        for weight in self.weights[1:]:
            before = self.values - (weight - self.weights[0])
            source = np.minimum(self.index(before), len(self.values) - 1)
            target = np.flatnonzero(self.values[source] == before)
            links.append((target, source[target]))
        return links

    def add(self, odds: Array, mixture: Array) -> Array:
        """The distribution `[..., C]` after one more chooser with probabilities `[..., A]`."""
        grown = odds * mixture[..., :1]
        for k, (target, source) in enumerate(self._moves, 1):
            grown[..., target] += odds[..., source] * mixture[..., k, None]
        return grown

    def examples(self) -> Array:
        """For every sum, choices that have it: `int[C, draws]`."""
        left, chosen = self.values, np.zeros((len(self.values), self.draws), int)
        for k in range(self.draws - 1, -1, -1):
            reachable = [np.isin(left - weight, self._levels[k]) for weight in self.weights]
            chosen[:, k] = np.argmax(reachable, axis=0)
            left = left - self.weights[chosen[:, k]]
        return chosen
