"""Everybody knows who is in good standing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ._norms import check_norm, judged


class Reputation(Institution):
    """A public standing, good or bad, given after every round by a norm (Kandori, 1992).

    A norm of the second order judges what a seat did by the standing of whom it met: four letters, for (to bad: D, C;
    to good: D, C), "G" good or "B" bad. "GBBG" is stern judging: good is who cooperates with the good and defects
    against the bad. One of the third order looks at the seat's own standing as well (Ohtsuki and Iwasa, 2004): eight
    letters, those for seats in bad standing first, so that "GBBGGBBG" is stern judging again.
    In a game of more than two seats, "whom it met" is bad when any other seat is bad.

    Parameters
    ----------
    norm : four or eight letters G or B.
    good : the label of "act" that counts as cooperation.
    """

    norm: str = "GBBG"
    good: str = "C"
    scope: ClassVar[Literal["additive"]] = "additive"
    memory: ClassVar[Literal["finite"]] = "finite"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    formal: ClassVar[bool] = False
    central: ClassVar[bool] = False
    emergent: ClassVar[bool] = True
    enforced_by: ClassVar[str] = "the players, by what they do to those of bad standing"

    def menu(self, ground: Ground) -> Ground:
        """No new moves; only checks the norm."""
        check_norm(self.norm)
        ground.index("act", self.good)
        return ground

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Everybody starts in good standing."""
        return {"good": np.ones(len(ground.players), bool)}

    def inform(self, now: Now, view: View) -> View:
        """All standings are public."""
        return view.show(standing=now.record["good"])

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """Judge each seat by the norm; who is absent keeps its standing, and is met by nobody."""
        return {"good": judged(now, self.norm, now.record["good"], now.did("act", self.good))}
