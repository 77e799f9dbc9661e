"""The count of an instant runoff: who stands, their votes, and which ballots move when somebody goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.game import Array
from ._tally import firsts


@dataclass(frozen=True)
class Stage:
    """Who stands `bool[m]`, the votes for each `[m]`, and the best place of each ballot that somebody has `[B]`."""

    standing: Array
    votes: Array
    top: Array

    @property
    def key(self) -> bytes:
        """Who stands, to look a stage up by."""
        return self.standing.tobytes()

    @cached_property
    def fewest(self) -> Array:
        """Those who stand with the fewest votes, `bool[m]`."""
        return self.standing & (self.votes == self.votes[self.standing].min())

    def who_goes(self, last: Array | None) -> tuple[list[Array], str]:
        """The sets of which one goes next, and how a tie was read: "", by the "order", or "all" ways.

        Empty where the count is over. `last[m]` are places in a declared order.
        """
        fewest, others = self.fewest, self.standing & ~self.fewest
        together = self.votes[fewest].sum()
        if self.standing.sum() == 1 or (together == 0 and not others.any()):
            return [], ""
        if fewest.sum() == 1 or (others.any() and together < self.votes[others].min()):
            return [fewest], ""
        if last is not None:
            return [fewest & (last == last[fewest].max())], "order"
        return [np.arange(len(fewest)) == k for k in np.flatnonzero(fewest)], "all"


class Count:
    """Ballots `places[B, m]` with `weights[B]`, of which only those that move are counted again."""

    def __init__(self, places: Array, weights: Array, each: Array) -> None:
        self.places, self.weights, self.each = places, weights, each
        standing = np.ones(places.shape[1], bool)
        self.begun = Stage(standing, firsts(np, places, weights, standing, each), places.min(1))

    def after(self, stage: Stage, out: Array) -> Stage:
        """The stage after those of `out` went: ballots that had one of them on top go to whom they have next."""
        size, left = len(out), stage.standing & ~out
        moves = np.zeros(len(self.places), bool)
        for gone in np.flatnonzero(out):
            moves |= self.places[:, gone] == stage.top
        moved = np.flatnonzero(moves & (stage.top < size))
        places, weights = self.places[moved], self.weights[moved]
        before = firsts(np, places, weights, stage.standing, self.each)
        now = firsts(np, places, weights, left, self.each)
        top = stage.top.copy()
        top[moved] = np.where(left, places, size).min(1)
        return Stage(left, stage.votes - before + now, top)
