"""Imitators: agents who do as somebody else does. Nothing in them is trained; what changes is what they copy.

They play in any world that shows what others do and what they get: by default, in what a seat sees, `pay float[P]` is
what each seat got, and `does int32[P]` the number of the move by which one does as each seat does (in a table game, the
joint move before). Where imitating takes steps of its own, as in the school, the same names hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.agent import NEVER, Policy, Sight

Array = Any
Answer = tuple[dict[str, Array], Mapping[str, Array]]


class Imitator(Policy):
    """Does as somebody does, whoever it is; the others of this file have a preference for whom.

    Parameters
    ----------
    does : name in the view of `int32[P]`, the number of the move by which one does as each seat does.
    pay : name in the view of `float[P]`, what each seat gets.
    part : the part of a move that is copied.
    """

    does: str = "does"
    pay: str = "pay"
    part: str = "act"

    def liking(self, sight: Sight) -> Array:
        """`float[P]`: how much it would like to be as each seat; the greatest is copied, ties evenly."""
        return sight.xp.zeros(sight.seen[self.does].shape)

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> Answer:
        """The move of a seat it likes best among those it may copy."""
        moves, permitted = sight.seen[self.does], sight.mask[self.part]
        can = (moves >= 0) & permitted[sight.xp.maximum(moves, 0)]
        return {self.part: self.copied(sight, self.liking(sight), can)}, memory

    def copied(self, sight: Sight, liking: Array, can: Array) -> Array:
        """Scores `float[A]` of doing as a seat with the greatest liking among those in `can bool[P]`; even, if none."""
        xp, moves = sight.xp, sight.seen[self.does]
        liking = xp.where(can, liking, -np.inf)
        best = can & (liking == liking.max())
        number = xp.arange(sight.mask[self.part].shape[-1])
        copied = ((moves[:, None] == number) & best[:, None]).any(0)
        return xp.where(copied | ~copied.any(), 0.0, NEVER)


class Loner(Imitator):
    """Imitates nobody: goes on as it did."""

    def liking(self, sight: Sight) -> Array:
        """Itself only."""
        return 1.0 * (sight.xp.arange(sight.seen[self.does].shape[0]) == sight.seat)


class Prestige(Imitator):
    """Copies who is best paid, if that is somebody else (prestige bias; Henrich and Gil-White, 2001)."""

    def liking(self, sight: Sight) -> Array:
        """What each seat is paid."""
        return 1.0 * sight.seen[self.pay]


class Conformist(Imitator):
    """Copies what most do (conformist bias; Boyd and Richerson, 1985).

    Where behaviour is a label, that is the most frequent. Where it is a point in space there is no such thing; then it
    is the seat with the least distance to all others.

    Parameters
    ----------
    behaviour : name in the view of what each seat does, whole numbers `[P]` or points `float[P, …]`.
    """

    behaviour: str = "behaviour"

    def liking(self, sight: Sight) -> Array:
        """How near each seat is to all others."""
        xp, shown = sight.xp, sight.seen[self.behaviour]
        rows = shown.reshape(shown.shape[0], -1)
        gap = rows[:, None] - rows[None]
        whole = np.dtype(shown.dtype).kind in "iub"
        return -1.0 * ((gap != 0).any(-1) if whole else xp.sqrt((gap**2).sum(-1))).sum(-1)


class Verified(Policy):
    """Copies as another imitator would, but only what its principal has looked at and does not mind.

    Before each move the principal answers on a sample what it would think of its agent after each move: `approval
    float[A]`, the more the better, and `strayed float[A]`, how far from what is wanted the agent would then be. A move
    is out if the principal would like it less than going on as before, or if it leads out of the ball. Where nothing
    is left, the agent goes on as before.

    Parameters
    ----------
    rule : whom it would copy.
    ball : how far from what is wanted it may be, in the units of `strayed`; infinite is no bound.
    approval, strayed : their names in the view.
    """

    rule: Imitator = Prestige()
    ball: float = float("inf")
    approval: str = "approval"
    strayed: str = "strayed"

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> Answer:
        """The rule's choice among what was approved."""
        xp, rule = sight.xp, self.rule
        moves, permitted = sight.seen[rule.does], sight.mask[rule.part]
        approval, strayed = sight.seen[self.approval], sight.seen[self.strayed]
        fine = permitted & (approval >= approval[moves[sight.seat]]) & (strayed <= self.ball)
        can = (moves >= 0) & fine[xp.maximum(moves, 0)]
        can = xp.where(can.any(), can, xp.arange(moves.shape[0]) == sight.seat)
        return {rule.part: rule.copied(sight, rule.liking(sight), can)}, memory
