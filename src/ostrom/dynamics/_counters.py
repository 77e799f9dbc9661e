"""Other well-known rules that count: majorities, growing punishments, what worked best."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..core.game import Array
from ._rules import Matches, Rule, counted


class SoftMajority(Rule):
    """Does what the other did more often, and cooperates where that is a tie."""

    name = "soft majority"

    def begin(self, matches: Matches) -> SimpleNamespace:
        return counted(matches, lead=0)

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """By the other's cooperations less its defections."""
        return m.lead >= 0

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """One up or down."""
        m.lead += np.where(other, -1, 1)


class HardMajority(SoftMajority):
    """Does what the other did more often, and defects where that is a tie."""

    name = "hard majority"

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """By the other's cooperations less its defections."""
        return m.lead > 0


class Gradual(Rule):
    """After the other's n-th unprovoked defection defects n times, then calms down with two cooperations."""

    name = "gradual"

    def begin(self, matches: Matches) -> SimpleNamespace:
        return counted(matches, length=0, left=0, calm=0)

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """It cooperates unless it punishes."""
        return m.left == 0

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """Defections while it punishes, or calms down, are not counted."""
        ends = m.left == 1
        new = (m.left == 0) & (m.calm < 2) & other  # what answers the second of the two cooperations counts again
        m.length += new
        m.calm = np.where(ends, 2, np.maximum(m.calm - 1, 0))
        m.left = np.where(new, m.length, np.maximum(m.left - 1, 0))


class Adaptive(Rule):
    """Six cooperations and five defections, then always what has paid better on average so far."""

    name = "adaptive"

    def begin(self, matches: Matches) -> SimpleNamespace:
        m = SimpleNamespace(own=matches.own, row=np.arange(matches.count))
        m.paid, m.made = np.zeros((matches.count, 2)), np.zeros((matches.count, 2))
        return m

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """A move that was never made counts as 0."""
        mean = m.paid / np.maximum(m.made, 1)
        return mean[:, 0] > mean[:, 1] if turn >= 11 else np.full(len(mean), turn < 6)

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """What the move was paid."""
        own = own.astype(np.intp)
        m.paid[m.row, own] += m.own[m.row, own, other.astype(np.intp)]
        m.made[m.row, own] += 1


class WorseAndWorse(Rule):
    """Defects with odds that grow by a thousandth every move, whatever the other does."""

    name = "worse and worse"
    draws = True

    def begin(self, matches: Matches) -> SimpleNamespace:
        return SimpleNamespace(count=matches.count)

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """The first move has odds of 1/1000."""
        return np.full(m.count, max(1 - (turn + 1) / 1000, 0.0))

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """Nothing is learnt."""
