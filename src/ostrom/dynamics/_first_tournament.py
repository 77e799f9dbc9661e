"""The rules of Axelrod's first tournament (1980) that are no small automata, from the descriptions in that paper.

Where a description leaves something open, it is closed as in the Axelrod library, so that histories can be compared.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from ..core.game import Array
from ._rules import Matches, Rule, counted

RANDOM_BELOW = 3.841458820694124
"""The statistic of chi-squared with one degree of freedom that is passed with odds 0.05."""


class TidemanChieruzzi(Rule):
    """Answers each run of defections with one defection more than the last; now and then gives a fresh start."""

    name = "tideman and chieruzzi"

    def begin(self, matches: Matches) -> SimpleNamespace:
        m = counted(matches, length=0, left=0, runs=0, lead=0.0, since=99, wait=False, last=False, first=False)
        m.gap, m.turns = matches.own - matches.theirs, matches.turns
        m.row = np.arange(matches.count)
        m.forgiven = m.first.copy()
        return m

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """The two cooperations of a fresh start come first, then what is owed, then what is new."""
        ends = m.turns is not None and turn >= m.turns - 2
        if turn == 0 or ends:
            return np.full(len(m.lead), not ends)
        second, lasts = m.first.copy(), m.turns is None or m.turns - (turn + 1) >= 10
        unlike = np.abs(m.runs - turn / 2) >= 1.5 * turn**0.5
        old = ~m.forgiven | (m.since >= 20)
        fresh = ~second & old & (m.lead >= 10) & ~m.last & unlike & lasts
        m.since[fresh], m.forgiven = 0, m.forgiven | fresh
        m.length[fresh], m.left[fresh], m.runs[fresh] = 0, 0, 0
        m.first = fresh
        owed = ~second & ~fresh & (m.left > 0)
        new = ~second & ~fresh & ~owed & m.last
        m.length += new
        m.left = np.where(new, m.length, m.left) - (owed | new)
        return ~(owed | new)

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """Keep the score, the other's defections, and the time since the last fresh start."""
        m.lead += m.gap[m.row, own.astype(np.intp), other.astype(np.intp)]
        m.runs += other
        m.since += 1
        m.last = other


class Shubik(Rule):
    """Answers a defection that it did not provoke with one defection more than the last time."""

    name = "shubik"

    def begin(self, matches: Matches) -> SimpleNamespace:
        return counted(matches, length=0, left=0)

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """It cooperates when it owes nothing."""
        return m.left == 0

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """One departure from cooperation more."""
        new = (m.left == 0) & other
        m.length += new
        m.left = np.where(new, m.length, np.maximum(m.left - 1, 0))


class SteinRapoport(Rule):
    """Tit for tat, but defects against whoever looks random (a chi-squared test every 15 moves), and at the end."""

    name = "stein and rapoport"

    def begin(self, matches: Matches) -> SimpleNamespace:
        m = counted(matches, defections=0, last=False, chance=False)
        m.turns = matches.turns
        return m

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """Four cooperations, tit for tat, and the test."""
        if m.turns is not None and turn >= m.turns - 2:
            return np.zeros(len(m.last), bool)
        if turn < 4:
            return np.ones(len(m.last), bool)
        if (turn + 1) % 15 == 0:
            m.chance = looks_random(m.defections, turn)
        return ~(m.last | m.chance)

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """Count the other's defections."""
        m.defections += other
        m.last = other


class Graaskamp(Rule):
    """Tit for tat with a probe at move 51; then defects for ever, answers in kind, or tries a defection at random."""

    name = "graaskamp"
    draws = True

    def begin(self, matches: Matches) -> SimpleNamespace:
        m = counted(matches, defections=0, last=False, mine=False, chance=False, echo=True, twin=True, next=-1)
        m.random, m.rounds = matches.random, 0
        return m

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """From move 57 on it depends on what the other looks like."""
        if turn < 56:
            return ~(m.last | (turn == 50))
        m.chance |= looks_random(m.defections, turn)
        free = ~(m.chance | m.echo | m.twin)
        m.next = np.where(free & (m.next < 0), turn + m.random.integers(5, 16, len(m.next)), m.next)
        now = free & (m.next == turn)
        m.next = np.where(now, turn + m.random.integers(5, 16, len(m.next)), m.next)
        return ~(m.chance | now | (~free & m.last))

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """Does it echo what this rule did, or do the same?"""
        if m.rounds:
            m.echo &= other == m.mine
        m.rounds += 1
        m.twin &= own == other
        m.defections += other
        m.last, m.mine = other, own


class Downing(Rule):
    """Estimates how the other answers cooperation and defection, and does what pays in the long run."""

    name = "downing"

    def begin(self, matches: Matches) -> SimpleNamespace:
        m = counted(matches, after_c=0, after_d=0, mine=False, defections=0)
        m.own = matches.own
        return m

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """The first two moves are defections: with odds of 1/2 each, defection pays."""
        if turn < 2:
            return np.zeros(len(m.mine), bool)
        alpha = m.after_c / (turn - m.defections + 1)
        beta = m.after_d / np.maximum(m.defections, 2)
        cooperate = alpha * m.own[:, 0, 0] + (1 - alpha) * m.own[:, 0, 1]
        defect = beta * m.own[:, 1, 0] + (1 - beta) * m.own[:, 1, 1]
        return np.where(cooperate == defect, m.mine, cooperate > defect)

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """The first move of the other is taken as an answer to a cooperation before the match."""
        m.after_c += ~m.mine & ~other
        m.after_d += m.mine & ~other
        m.mine = own
        m.defections += own


class Feld(Rule):
    """Tit for tat whose odds of answering a cooperation fall evenly from 1 to 1/2 over 200 moves."""

    name = "feld"
    draws = True

    def begin(self, matches: Matches) -> SimpleNamespace:
        return counted(matches, last=False)

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """Never after a defection."""
        return np.where(m.last, 0.0, max(1 - turn / 400, 0.5))

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """Only the last move counts."""
        m.last = other


class Tullock(Rule):
    """Cooperates eleven times, then 10 % less than the other did in the last ten moves."""

    name = "tullock"
    draws = True

    def begin(self, matches: Matches) -> SimpleNamespace:
        return SimpleNamespace(last=np.zeros((10, matches.count), bool), turn=0)

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """The share of the other's cooperations, less 0.1."""
        return np.ones(m.last.shape[1]) if turn < 11 else np.maximum(0.9 - m.last.sum(0) / 10, 0.0)

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """The last ten moves, in a ring."""
        m.last[m.turn % 10] = other
        m.turn += 1


class Anonymous(Rule):
    """Cooperates with odds that are drawn anew from 0.3 to 0.7: all that is known of how it adjusted them."""

    name = "name withheld"
    draws = True

    def begin(self, matches: Matches) -> SimpleNamespace:
        return SimpleNamespace(random=matches.random, count=matches.count)

    def act(self, m: SimpleNamespace, turn: int) -> Array:
        """Fresh odds every move."""
        return m.random.uniform(0.3, 0.7, m.count)

    def see(self, m: SimpleNamespace, own: Array, other: Array) -> None:
        """Nothing is learnt."""


def looks_random(defections: Array, rounds: int) -> Array:
    """Whether a fair coin would be as far from half as this or further with odds of at least 0.05 (chi-squared)."""
    return (rounds - 2 * defections) ** 2 <= RANDOM_BELOW * rounds
