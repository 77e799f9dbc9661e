"""Sign first, play then: each promises a move of its own, who gives something up is paid for it, breakers pay."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now

TOLERANCE = 1e-9
"""How far the payments may be from summing to 0, as a share of the largest, and still count as balanced."""


class Agreement(Institution):
    """A contract with terms for each seat, signed before play and in force only if all seats have signed.

    While everybody keeps it, seat i receives `pay[i]` (the payments sum to 0: some compensate others). A seat that does
    not keep it owes `damages[i]`, in equal parts to all others, and nobody is paid. So transfers sum to 0 at every
    joint move (Christoffersen, Haupt and Hadfield-Menell, 2023: contracts as transfers among learning agents). Nothing
    is in force while somebody is absent.

    Parameters
    ----------
    promise : for each seat the label of "act" that it promises.
    pay : payoff units per seat when all keep it, positive is received; sums to 0.
    damages : payoff units per seat, at least 0, for not keeping it.
    same : for each seat the labels that count as kept as well, since nobody can tell them from the promised one; none
        for anybody by default.
    each_round : whether it is signed anew in every round, or once for the whole episode.

    Raises `InputError` for terms that do not fit the seats or do not sum to 0, `UnknownName` for unknown labels.
    """

    promise: tuple[str, ...]
    pay: np.ndarray
    damages: np.ndarray
    same: tuple[tuple[str, ...], ...] = ()
    each_round: bool = False
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "a court that sees what was done"
    example: ClassVar[str] = "agreement:promise=(C,C),pay=(1,-1),damages=(4,4)"

    def __post_init__(self) -> None:
        super().__post_init__()
        seats = len(self.promise)
        for name, value in (("pay", self.pay), ("damages", self.damages)):
            if np.shape(value) != (seats,):
                raise InputError(
                    f"The agreement has {name} of shape {np.shape(value)}.",
                    f"It promises a move for each of {seats} seats: {', '.join(self.promise[:8])}.",
                    "Give one number for each seat.",
                )
        if self.same and len(self.same) != seats:
            raise InputError(
                f"The agreement names labels that count as kept for {len(self.same)} seats of {seats}.",
                do="Give one tuple of labels for each seat, or leave it out.",
            )
        if not isinstance(self.pay, np.ndarray) or not isinstance(self.damages, np.ndarray):
            return  # traced: there are no numbers to look at
        if not np.isfinite([self.pay, self.damages]).all() or (self.damages < 0).any():
            raise InputError(
                f"The agreement pays {self.pay.tolist()}, with damages of {self.damages.tolist()}.",
                "Nobody can pay what is not finite, and damages below 0 would be a reward for breaking it.",
                "Give finite numbers, and damages of at least 0.",
            )
        if abs(self.pay.sum()) > TOLERANCE * max(float(np.abs(self.pay).max(initial=0)), TOLERANCE):
            raise InputError(
                f"The agreement pays {self.pay.tolist()}, {float(self.pay.sum()):.6g} in all.",
                "What some receive the others pay: there is no money from outside.",
                "Give payments that sum to 0.",
            )

    def menu(self, ground: Ground) -> Ground:
        """A stage to sign at: in every round, or as the episode opens."""
        if len(self.promise) != len(ground.players):
            raise InputError(
                f"The agreement is for {len(self.promise)} seats.",
                f"There are {len(ground.players)}: {', '.join(ground.players[:8])}.",
                "Give one promise, one payment and one amount of damages for each.",
            )
        self._keeps(ground)
        sign = Part("sign", ("no", "yes"))
        return ground.preceded_by(sign) if self.each_round else ground.opened_by(sign)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """All kept: the payments. Otherwise breakers pay, and all others share."""
        xp, made, keeps = now.xp, now["act"], self._keeps(now.ground)
        seats = np.arange(len(self.promise))
        kept = (made >= 0) & xp.asarray(keeps)[seats, xp.maximum(made, 0)]
        force = (now.did("sign", "yes") & (made >= 0) & xp.asarray(now.present)).all(-1, keepdims=True)
        owed = xp.where(force & ~kept, xp.asarray(self.damages), 0.0)
        shared = (owed.sum(-1, keepdims=True) - owed) / max(1, len(seats) - 1)
        paid = xp.where(force & kept.all(-1, keepdims=True), xp.asarray(self.pay), 0.0)
        return payoffs + paid - (owed if len(seats) > 1 else 0.0) + shared

    def _keeps(self, ground: Ground) -> np.ndarray:
        """`bool[P, A]`: which labels of each seat keep the promise."""
        act = ground.part("act")
        keeps = np.zeros((len(self.promise), act.width(len(self.promise))), bool)
        for seat, label in enumerate(self.promise):
            for kept in (label, *(self.same[seat] if self.same else ())):
                keeps[seat, ground.index("act", kept, seat)] = True
        return keeps
