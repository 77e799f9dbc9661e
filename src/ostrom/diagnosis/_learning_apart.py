"""What becomes of learners who each mind their own business: the last thing they play, and their average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.game import Game, Mixture
from ..dynamics.fictitious_play import fictitious_play
from ..dynamics.no_regret import regret_matching
from ..dynamics.replicator import replicator

ROUNDS = 2000
"""Rounds of fictitious play and of regret matching."""

TIME, SAMPLES = 1000.0, 501
"""How long replicator paths are followed, over the range of payoffs, and moments that are averaged."""

NEAR = 0.02
"""Regret, as a share of the range of payoffs, below which play is said to be at an equilibrium."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """How one kind of learning ends.

    `last` and `average` are regrets, as shares of the range of payoffs, of what is played last and of the average over
    time of what each player played.
    """

    method: str
    last: float
    average: float

    @property
    def verdict(self) -> Literal["settles", "its average settles", "does not settle"]:
        """By `NEAR`."""
        if self.last <= NEAR:
            return "settles"
        return "its average settles" if self.average <= NEAR else "does not settle"


def lessons(game: Game, spread: float, seed: int) -> tuple[Lesson, ...]:
    """Replicator dynamics, fictitious play and regret matching from one start drawn evenly with `seed`."""
    rng = np.random.default_rng(seed)
    start = tuple(rng.dirichlet(np.ones(size)) for size in game.sizes)
    times = np.linspace(0.0, TIME / spread, SAMPLES)
    path = replicator(game, start, times.tolist(), tolerance=1e-5)
    found = [("replicator dynamics", tuple(x[-1] for x in path), tuple(x.mean(axis=0) for x in path))]
    for play in (fictitious_play(game, start, ROUNDS), regret_matching(game, start, ROUNDS)):
        found.append((play.method, play.last, play.average))
    return tuple(Lesson(name, _regret(game, last, spread), _regret(game, mean, spread)) for name, last, mean in found)


def _regret(game: Game, mixture: Mixture, spread: float) -> float:
    return max(game.regret(mixture), 0.0) / spread
