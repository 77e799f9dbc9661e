"""What each hands over is held until all have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._seats import EVERYBODY, meant


class Escrow(Institution):
    """A third party holds what is handed over: it goes through if all parties have, and is handed back otherwise.

    Who does `give` while another party does not is as if it had done `keep`. Parties are the seats that have both
    moves and are present; with fewer than two of them nothing can be exchanged, and all is handed back.

    Parameters
    ----------
    give : the label of "act" that hands something over.
    keep : the label that is made of it when it is handed back.
    fee : payoff units that whoever hands something over pays to the third party, at least 0.

    Raises `InputError` when both are the same, `UnknownName` for labels that nobody has.
    """

    give: str = "C"
    keep: str = "D"
    fee: Annotated[float, Interval(ge=0)] = 0.0
    example: ClassVar[str] = "escrow:give=C,keep=D,fee=0.1"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["surplus"]] = "surplus"
    enforced_by: ClassVar[str] = "a third party that all trust with what they hand over"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.give == self.keep:
            raise InputError(
                f"Giving and keeping are both {self.give!r}.",
                "What is handed back has to be something else than what is handed over.",
                "Name two different moves.",
            )

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that they are there."""
        meant(ground, EVERYBODY, self.give)
        meant(ground, EVERYBODY, self.keep)
        return ground

    def complete(self, now: Now) -> Any:
        """`bool[..., 1]`: whether every party has handed over what it should."""
        party = now.xp.asarray(self._party(now)) & now.xp.asarray(now.present)
        return (now.did("act", self.give) | ~party).all(-1, keepdims=True) & (party.sum(-1, keepdims=True) > 1)

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """Hand back what was handed over, unless the exchange is complete."""
        act = now.ground.part("act")
        back = now.did("act", self.give) & now.xp.asarray(self._party(now)) & ~self.complete(now)
        codes = now.xp.asarray(act.codes(self.keep, now.players))
        return {**moves, act.name: now.xp.where(back, codes, moves[act.name]).astype(moves[act.name].dtype)}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """The third party is paid by those who used it."""
        gave = now.did("act", self.give) & now.xp.asarray(self._party(now)) & now.xp.asarray(now.present)
        return payoffs - self.fee * gave

    def _party(self, now: Now) -> np.ndarray:
        """`bool[P]`: who has both moves."""
        act = now.ground.part("act")
        return (act.codes(self.give, now.players) >= 0) & (act.codes(self.keep, now.players) >= 0)
