"""Everybody thinks its own of everybody, by what it saw and what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._norms import check_norm, judged


class Gossip(Institution):
    """Private opinions: each seat thinks well or ill of each other one (Hilbe, Schmid, Tkadlec, Chatterjee and Nowak,
    2018).

    After a round each seat, for each other one by itself, either sees what it did (odds `seen`) and judges it by the
    norm and by its own opinions; or else is told by a third seat, each as likely (odds `told` together), what that one
    thought as the round opened, and thinks so too; or learns nothing. Everybody knows itself. All begin with good
    opinions.

    Parameters
    ----------
    norm : four or eight letters G or B, as in `Reputation`: the verdicts on (to bad: D, C; to good: D, C).
    good : the label of "act" that counts as cooperation.
    seen, told : odds, 0 to 1, together at most 1. Between two nobody tells anything.
    error : odds that an act that is seen is taken for its opposite, for each who sees it by itself.

    Who is absent learns nothing, tells nothing, and keeps its name. Raises `InputError` for other norms and odds.
    """

    norm: str = "GBBG"
    good: str = "C"
    seen: Annotated[float, Interval(ge=0, le=1)] = 0.5
    told: Annotated[float, Interval(ge=0, le=1)] = 0.5
    error: Annotated[float, Interval(ge=0, le=1)] = 0.0
    scope: ClassVar[Literal["additive"]] = "additive"
    memory: ClassVar[Literal["finite"]] = "finite"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    formal: ClassVar[bool] = False
    central: ClassVar[bool] = False
    emergent: ClassVar[bool] = True
    enforced_by: ClassVar[str] = "the players, by what they do to those they think ill of"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_norm(self.norm)
        if isinstance(self.seen, float) and isinstance(self.told, float) and self.seen + self.told > 1 + 1e-9:
            raise InputError(
                f"Seats see with odds {self.seen:g} and are told with odds {self.told:g}.",
                "Of each other one a seat learns in one way at most.",
                "Give odds that sum to 1 at most.",
            )

    def menu(self, ground: Ground) -> Ground:
        """No new moves; only checks that there is a good one."""
        ground.index("act", self.good)
        return ground

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """All think well of all: entry (i, j) is what i thinks of j."""
        return {"opinion": np.ones((len(ground.players), len(ground.players)), bool)}

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One for each pair: learns nothing, sees right, sees wrong, or is told by one of the others."""
        xp, others = now.xp, now.players - 2
        told = self.told if others else 0.0
        odds = [1.0 - self.seen - told, self.seen * (1.0 - self.error), self.seen * self.error]
        faces = xp.stack([xp.asarray(chance) for chance in (*odds, *[told / max(others, 1)] * others)])
        return {"learned": xp.broadcast_to(xp.maximum(faces, 0.0), (now.players * (now.players - 1), 3 + others))}

    def inform(self, now: Now, view: View) -> View:
        """Each seat knows its own opinions."""
        return view.tell(opinion=now.record["opinion"])

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What each thinks after the round."""
        xp, thought, present = now.xp, now.record["opinion"], now.xp.asarray(now.present)
        place, teller = _pairs(now.players)
        face = xp.where(xp.asarray(place >= 0), now.luck["learned"][np.maximum(place, 0)], 1)
        did = xp.broadcast_to(now.did("act", self.good), thought.shape)
        judgement = judged(now, self.norm, thought, xp.where(face == 2, ~did, did))
        names = np.arange(now.players)
        speaker = xp.asarray(teller)[names[:, None], names, xp.maximum(face - 3, 0)]
        heard = xp.where(present[speaker], thought[speaker, names], thought)
        learned = xp.where(face == 0, thought, xp.where(face < 3, judgement, heard))
        return {"opinion": xp.where(present[:, None] & present, learned, thought)}


def _pairs(players: int) -> tuple[np.ndarray, np.ndarray]:
    """`int[P, P]`, the die of who thinks of whom, -1 for oneself; and `int[P, P, P - 2]`, who could tell it."""
    place, teller = np.full((players, players), -1), np.zeros((players, players, max(players - 2, 1)), int)
    place[~np.eye(players, dtype=bool)] = np.arange(players * (players - 1))
    for i, j in zip(*np.nonzero(place >= 0), strict=True):
        teller[i, j, : players - 2] = [k for k in range(players) if k not in (i, j)]
    return place, teller
