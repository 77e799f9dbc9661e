"""What every solver answers: points, how complete they are, and how far from exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .game import Mixture

Status = Literal["complete", "partial", "timed out"]


@dataclass(frozen=True)
class Solution:
    """An answer that says how much of an answer it is.

    Attributes
    ----------
    concept : what was looked for, in words ("pure Nash equilibria").
    points : mixtures found, one tuple of probability vectors per player each.
    status : "complete" (all there are, by an exhaustive method), "partial" (there may be others), "timed out".
    regret : the largest regret among the points in float64 (0.0 when there are none).
    method : the algorithm, by its name in the literature.
    note : one sentence when something needs saying (degenerate components, what was left out).

    An empty `points` means "none exists" only when `status` is "complete".
    """

    concept: str
    points: tuple[Mixture, ...]
    status: Status
    regret: float
    method: str
    note: str = ""

    def __len__(self) -> int:
        return len(self.points)
