"""What samples of a game tell: estimates, the probability of being an equilibrium, and what to sample next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.forms.normal_form import NormalForm
from ..core.game import Array

NAMED = 4
"""Equilibria named in a sentence."""

SOURCE = (
    "Empirical game-theoretic analysis (Wellman 2006), sampling where it decides (Jordan, Vorobeychik and Wellman "
    "2008); payoffs by a hierarchical normal model (Rubin 1981)."
)


@dataclass(frozen=True, eq=False)
class SampledGame:
    """Estimates of a game's payoffs.

    Attributes
    ----------
    game : the table of means. counts : `int[A_1, …, A_P]`, samples of each joint move.
    margins : `float[A_1, …, A_P, P]`, half the width of each mean's 95 % interval (Student).
    probability : `float[A_1, …, A_P]`, how likely the regret of each joint move is at most `slack`, given the samples.
    none : how likely that is of no joint move. slack : gains that count as none, in payoffs.
    pull : `float[A_1, …, A_P]`, how much one more sample of each would tell about what is still open.
    confidence : above it, and below one less it, a probability counts as settled.
    """

    game: NormalForm
    counts: Array = field(repr=False)
    margins: Array = field(repr=False)
    probability: Array = field(repr=False)
    none: float
    slack: float
    pull: Array = field(repr=False)
    confidence: float = 0.95

    @property
    def settled(self) -> bool:
        """Whether of no joint move it is open that it is an equilibrium."""
        return bool((np.maximum(self.probability, 1 - self.probability) >= self.confidence).all())

    @property
    def equilibria(self) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Joint moves with the probability of being an equilibrium, likeliest first; none below one in a hundred."""
        order = np.argsort(-self.probability, axis=None, kind="stable")
        places = [np.unravel_index(k, self.counts.shape) for k in order[: int((self.probability >= 0.01).sum())]]
        return tuple((self._labels(at), float(self.probability[at])) for at in places)

    def next(self, count: int = 1) -> tuple[tuple[str, ...], ...]:
        """The joint moves of which one more sample would tell most about what is open; none where nothing is open."""
        order = np.argsort(-self.pull, axis=None, kind="stable")[: min(count, int((self.pull > 0).sum()))]
        return tuple(self._labels(np.unravel_index(k, self.counts.shape)) for k in order)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is likely to be stable, and what to sample next."""
        total, likely = int(self.counts.sum()), [one for one in self.equilibria if one[1] > 1 - self.confidence]
        told = ", ".join(f"({', '.join(labels)}) {odds:.0%}" for labels, odds in likely[:NAMED])
        said = f"After {total:,} samples, the probability of being an equilibrium is {told}"
        if not likely:
            said = f"After {total:,} samples no joint move is likely to be an equilibrium"
        elif len(likely) > NAMED:
            said += f", and over {1 - self.confidence:.0%} of {len(likely) - NAMED} more"
        if self.none > 1 - self.confidence:
            said += f"; with probability {self.none:.0%} none is"
        said += "."
        if not self.settled and self.next():
            said += f" To know better, sample ({', '.join(self.next()[0])}) next."
        numbers = {
            "samples": total,
            "equilibria": [{"moves": list(labels), "probability": odds} for labels, odds in self.equilibria[:100]],
            "none": self.none,
            "slack": self.slack,
        }
        return (Finding("sampled game", said, self.game.players, numbers, SOURCE),)

    def _labels(self, at: Any) -> tuple[str, ...]:
        return self.game.labels(tuple(int(k) for k in at))
