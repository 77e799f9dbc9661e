"""All vote on what everybody does, by a voting rule."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations, product
from math import factorial
from typing import Any, ClassVar, Literal

import numpy as np

from ..choice import _tally
from ..core.errors import InputError, TooLarge
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now, View
from ._only import only
from ._seats import joint_codes

By = Literal["plurality", "approval", "borda", "copeland", "minimax", "schulze", "instant runoff"]

BALLOTS = 256
"""Ballots that a seat chooses from, at most."""


class Election(Institution):
    """A ballot before play on several motions; what wins by a voting rule is what everybody does.

    The rules are those of `ostrom.choice`, by the same definitions. Ballots name one motion ("plurality"), some of them
    ("approval"), or rank all of them (the others). Motions that are tied are settled for the one that is named first.

    Parameters
    ----------
    motions : what can be decided: each one label of "act" for all, or one for each seat.
    by : the voting rule.
    weights : whole numbers of at least 0, one for each seat; empty: one vote each.

    Who is absent has no vote; without any vote nothing is bound. Raises `InputError` for fewer than two motions, equal
    ones, and weights that do not fit; `TooLarge` where there are more than 256 ballots.
    """

    motions: tuple[str | tuple[str, ...], ...] = ("C", "D")
    by: By = "plurality"
    weights: tuple[int, ...] = ()
    example: ClassVar[str] = "election:motions=(C,D),by=borda"
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "whoever counts the votes, and closes off all other moves"

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(set(self.motions)) < max(2, len(self.motions)) or (self.weights and min(self.weights) < 0):
            raise InputError(
                f"Election(motions={self.motions}, weights={self.weights}).",
                "There are two different motions at least, and no weight is below 0.",
                'Give for example motions=("C", "D").',
            )
        if sum(self.weights) * len(self.motions) >= 2**31:
            raise InputError(
                f"Weights that sum to {sum(self.weights):,}.",
                "Counting them goes beyond 32 bits.",
                "Divide all weights by the same number.",
            )
        count = len(self.motions)
        ballots = {"plurality": count, "approval": 2 ** min(count, 9)}.get(self.by, factorial(min(count, 9)))
        if ballots > BALLOTS:
            raise TooLarge(
                f"{len(self.motions)} motions make more than {BALLOTS} ballots by {self.by}.",
                "Each seat chooses from a list of all ballots.",
                "Put fewer motions to the vote, or count by plurality.",
            )

        if len(set(self.ballots)) < len(self.ballots):
            raise InputError(
                f"The ballots on {self.motions} by {self.by} read the same: {self.ballots}.",
                "A ballot is told by how it is written.",
                'Name motions without "+", ">" and "/", and none of them "none".',
            )

    @property
    def ballots(self) -> tuple[str, ...]:
        """What a seat can vote: "A", "A+B", or "A>B>C", a motion for each seat being written "A/B"."""
        names = [one if isinstance(one, str) else "/".join(one) for one in self.motions]
        if self.by == "plurality":
            return tuple(names)
        if self.by == "approval":
            rows = [[name for name, place in zip(names, row, strict=True) if place == 0] for row in self._places()]
            return tuple("+".join(row) or "none" for row in rows)
        return tuple(">".join(names[k] for k in np.argsort(row)) for row in self._places())

    def menu(self, ground: Ground) -> Ground:
        """A stage of sealed ballots at the start of every round."""
        for motion in self.motions:
            joint_codes("The motion", ground, motion)
        if self.weights and len(self.weights) != len(ground.players):
            raise InputError(f"{len(self.weights)} weights for {len(ground.players)} seats.", do="Give one for each.")
        return ground.preceded_by(Part("ballot", self.ballots))

    def inform(self, now: Now, view: View) -> View:
        """What won, by its number among the motions, once ballots are in; -1 before."""
        return view.show(elected=self.elected(now))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What won is all that can be done, by whom it can be done."""
        elected, act = self.elected(now), now.ground.part("act")
        for number, motion in enumerate(self.motions):
            for label in dict.fromkeys(self._labels(motion, now.players)):
                seats = np.array([own == label for own in self._labels(motion, now.players)])
                seats &= act.codes(label, now.players) >= 0
                mask = only(now, mask, (elected == number) & now.xp.asarray(seats), label)
        return mask

    def elected(self, now: Now) -> Any:
        """`int[..., 1]`: the number of the motion that won; -1 without a vote, and while ballots are not in."""
        xp, made = now.xp, now["ballot"]
        cast = (made >= 0) & xp.asarray(now.present)
        weights = xp.where(cast, xp.asarray(np.array(self.weights or (1,) * now.players)), 0)
        places = xp.asarray(self._places())[xp.maximum(made, 0)]
        won = self._won(xp, places, weights)
        return xp.where((weights > 0).any(-1), xp.argmax(won, -1), -1)[..., None]

    def _won(self, xp: Any, places: Any, weights: Any) -> Any:
        """A mask `[..., m]` of what wins."""
        if self.by == "plurality":
            return _tally.best(xp, _tally.plurality(xp, places, weights))
        if self.by == "approval":
            return _tally.best(xp, _tally.approval(xp, places, weights))
        if self.by == "instant runoff":
            return _tally.instant_runoff(xp, places, weights, xp.arange(len(self.motions)))
        pairs = _tally.pairwise(xp, places, weights)
        if self.by == "schulze":
            return _tally.schulze(xp, pairs)
        score = {"borda": _tally.borda, "copeland": _tally.copeland, "minimax": _tally.minimax}[self.by]
        return _tally.best(xp, score(xp, pairs))

    def _places(self) -> np.ndarray:
        """`int[ballots, m]`: the place of each motion on each ballot; m for what it does not mention."""
        count = len(self.motions)
        if self.by == "plurality":
            return np.where(np.eye(count, dtype=bool), 0, count)
        if self.by == "approval":
            return np.array(list(product((0, count), repeat=count)))
        return np.argsort(np.array(list(permutations(range(count)))), -1)

    @staticmethod
    def _labels(motion: str | tuple[str, ...], players: int) -> tuple[str, ...]:
        return (motion,) * players if isinstance(motion, str) else motion
