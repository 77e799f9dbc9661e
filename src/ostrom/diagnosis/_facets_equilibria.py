"""Where else a delegation could settle: the equilibria of its corners, and the worst and the best of them."""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np

from ..core.game import Mixture
from ..solvers.dominance import iterated_elimination
from ..solvers.logit import logit_through
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.vertex_enumeration import vertex_enumeration
from ._play import PURSUED, TIE, Aims, Play, expect

MOVES = 12
"""Moves a player of a two-player game may have for all its equilibria to be listed."""
ELIMINATED = 4096
"""Joint moves up to which dominated moves are removed to see whether one equilibrium is all there is."""
TRACED = 64
"""Equilibria traced back to a finite precision: those of highest and lowest welfare."""


class Settlements:
    """The equilibria of every corner, each for itself; kept once found."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.nash, self.plays = cache(self._nash), cache(self._plays)

    @cached_property
    def listed_all(self) -> bool:
        """Whether all equilibria of the agents' game are looked at, or only the pure ones and the one played."""
        if self._pairwise or self.play.worth.size > ELIMINATED:
            return self._pairwise
        surviving = iterated_elimination(self.play.game(self.play.all(PURSUED))).surviving
        return all(len(own) == 1 for own in surviving)

    @property
    def _pairwise(self) -> bool:
        sizes = self.play.worth.shape
        return len(sizes) == 2 and max(sizes) <= MOVES

    def _nash(self, aims: Aims) -> tuple[Mixture, ...]:
        """The equilibrium at the end of the branch, and the others: all of them, or all pure ones."""
        game = self.play.game(aims)
        found = vertex_enumeration(game).points if self._pairwise else pure_equilibria(game).points
        return (self.play.branch(aims).at(np.inf), *found)

    def _plays(self, aims: Aims, perfect: bool) -> tuple[Mixture, ...]:
        """What agents may settle on: Nash equilibria, or the logit equilibria at λ on the branches that lead there."""
        sharp = (perfect,) * self.play.count
        if perfect or np.isinf(self.play.precision):
            return self.nash(aims)
        points = sorted(self.nash(aims)[1:], key=lambda point: expect(self.play.worth, point))
        chosen = points if len(points) <= TRACED else points[: TRACED // 2] + points[-TRACED // 2 :]
        game = self.play.game(aims)
        traced = [logit_through(game, point, self.play.raw) for point in chosen]
        return (self.play.alone(aims, sharp), *(point for point in traced if point is not None))

    def middle(self, aims: Aims, perfect: bool) -> float:
        """Welfare when agents, each for itself, settle where their own objectives fare best (ties: the mean)."""
        own = self.play.delegation.welfare.on_table(self.play.objectives(aims))
        plays = self.plays(aims, perfect)
        fare = np.array([expect(own, point) for point in plays])
        best = np.flatnonzero(fare >= fare.max() - TIE * max(float(np.ptp(own)), 1e-300))
        return float(np.mean([expect(self.play.worth, plays[k]) for k in best]))

    def extremes(self, aims: Aims) -> tuple[float, float]:
        """The lowest and the highest welfare of principals over what agents may settle on as they are."""
        worths = [expect(self.play.worth, point) for point in self.plays(aims, False)]
        return min(worths), max(worths)
