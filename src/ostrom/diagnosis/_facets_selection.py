"""Whether a percent decides: what small tilts of the payoffs do to play, and so to the facets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from ..solvers.logit import Branch, logit_branch, weak_points
from ._play import Aims, Play

PERTURBATION = 0.01
"""Size of a tilt, in units of the mean own-move spread of utilities."""
WORTH_TRYING = 0.02
"""Odds that a tilt of that size moves to first order, below which nothing is tried."""


@dataclass(frozen=True, eq=False)
class Rival:
    """Play that a small change of the payoffs would bring about: at λ and in the limit, and where it branches off."""

    aims: Aims
    precision: float
    bifurcation: bool
    branch: Branch


def rivals(play: Play, aims: Aims) -> Iterator[Rival]:
    """Branches of games within a percent of the agents' game that may lead elsewhere.

    The branch is tilted both ways where it yields most; and where the game is within a percent of one in which more
    moves are alike, the branch of that more symmetric game is followed too (it is the knife's edge itself).
    """
    branch, size = play.branch(aims), PERTURBATION * play.unit
    for point in weak_points(branch):
        tried = product(point.tilts, (size, -size)) if point.gain * size >= WORTH_TRYING else ()
        for tilt, way in tried:
            tilted = play.game(aims, tuple(way * own for own in tilt))
            yield Rival(aims, point.precision * play.unit, point.bifurcation, logit_branch(tilted))
    symmetric = logit_branch(play.game(aims), likeness=size)
    if symmetric.lift.shape[1] < branch.lift.shape[1]:
        yield Rival(aims, math.nan, False, symmetric)
