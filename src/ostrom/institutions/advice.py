"""A mediator that only whispers: private advice from a public lottery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now, View


class Advice(Institution):
    """Each seat is told privately what to do, drawn from a joint lottery that everybody knows (Aumann, 1974).

    Nobody has to obey. Under advice the question is not the Nash equilibrium of a table but obedience: does anyone
    gain by doing something else than it is told? When nobody does, the lottery is a correlated equilibrium.

    Parameters
    ----------
    device : pairs of (labels of "act", one per seat; probability), e.g. ((("C", "D"), 0.5), (("D", "C"), 0.5)).
    aloud : whether the drawn advice is read out to everybody instead of whispered.
    """

    device: tuple[tuple[tuple[str, ...], float], ...] = ()
    aloud: bool = False
    example: ClassVar[str] = "advice:device=(((C,C),0.5),((C,D),0.25),((D,C),0.25))"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "nobody: it is advice"

    def menu(self, ground: Ground) -> Ground:
        """No new moves; only checks that the device fits the game."""
        odds = [chance for _, chance in self.device]
        if not self.device or min(odds) < 0 or abs(sum(odds) - 1) > 1e-9:
            raise InputError(
                f"The advice is drawn with odds {odds}.", "They must be at least 0 and sum to 1.", "Give such a device."
            )
        for labels, _ in self.device:
            if len(labels) != len(ground.players):
                raise InputError(
                    f"The advice {labels} is for {len(labels)} seats.", f"There are {len(ground.players)}."
                )
            for seat, label in enumerate(labels):
                ground.index("act", label, seat)
        return ground

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One die: which row of the device is drawn."""
        return {"row": np.array([[chance for _, chance in self.device]])}

    def inform(self, now: Now, view: View) -> View:
        """Whisper to each seat its own label, as its number."""
        table = np.array(
            [[now.ground.index("act", label, i) for i, label in enumerate(labels)] for labels, _ in self.device],
            np.int32,
        )
        drawn = now.xp.asarray(table)[now.luck["row"][..., 0]]
        return view.show(advice=drawn) if self.aloud else view.tell(advice=drawn)
