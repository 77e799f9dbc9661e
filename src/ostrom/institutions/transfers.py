"""What everybody receives at every joint move."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now

TOLERANCE = 1e-9
"""How far sums of payments may be from 0, as a share of the largest payment, and still count as 0."""


class Transfers(Institution):
    """A table of payments: seat i receives `payments[a_1, …, a_P, i]` on top when (a_1, …, a_P) is played.

    This is the most general rule that pays for moves (Monderer and Tennenholtz, 2004: k-implementation). It needs
    somebody who sees every move, and money wherever the payments of a joint move sum to more than 0.

    Parameters
    ----------
    moves : for each seat the labels of "act" that the axes of the table stand for, in their order.
    payments : `float[A_1, …, A_P, P]`, payoff units; negative is paid. A leaf: it can be traced and differentiated.

    A joint move with a label that is not in the table, or made while somebody is absent, is paid nothing. Raises
    `InputError` for shapes that do not fit and numbers that are not finite, `UnknownName` for unknown labels.
    """

    moves: tuple[tuple[str, ...], ...]
    payments: np.ndarray
    example: ClassVar[str] = "transfers:moves=((C,D),(C,D)),payments=(((0,0),(2,-2)),((-2,2),(0,0)))"
    scope: ClassVar[Literal["profile"]] = "profile"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe the moves, and has the money"

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.payments, list | tuple):
            object.__setattr__(self, "payments", np.asarray(self.payments, float))
        wanted = (*map(len, self.moves), len(self.moves))
        if np.shape(self.payments) != wanted:
            raise InputError(
                f"The payments have the shape {np.shape(self.payments)}.",
                f"For the moves {self.moves} they need the shape {wanted}: one axis a seat, and the seats last.",
                "Give such a table, or other moves.",
            )
        if isinstance(self.payments, np.ndarray) and not np.isfinite(self.payments).all():
            raise InputError("Some payments are not finite.", "Nobody can pay that.", "Give finite numbers.")

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """What the sums of all joint moves allow to say; nothing while the payments are traced."""
        if not isinstance(self.payments, np.ndarray):
            return None
        sums = self.payments.sum(-1)
        slack = TOLERANCE * max(float(np.abs(self.payments).max(initial=0)), TOLERANCE)
        if (np.abs(sums) <= slack).all():
            return "balanced"
        return "surplus" if (sums <= slack).all() else "deficit" if (sums >= -slack).all() else None

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that the table fits them."""
        if len(self.moves) != len(ground.players):
            raise InputError(
                f"The payments are for {len(self.moves)} seats.",
                f"There are {len(ground.players)}: {', '.join(ground.players[:8])}.",
                "Give one tuple of labels for each seat.",
            )
        for seat, labels in enumerate(self.moves):
            for label in labels:
                ground.index("act", label, seat)
        return ground

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Look the payments up by label."""
        xp, made, act = now.xp, now["act"], now.ground.part("act")
        rows = [
            xp.asarray(_places(act.labels_of(seat), labels))[xp.maximum(made[..., seat], 0)]
            for seat, labels in enumerate(self.moves)
        ]
        known = (made >= 0) & (xp.stack(rows, -1) >= 0) & xp.asarray(now.present)
        paid = xp.asarray(self.payments)[tuple(xp.maximum(row, 0) for row in rows)]
        return payoffs + xp.where(known.all(-1, keepdims=True), paid, 0.0)


def _places(labels: tuple[str, ...], listed: tuple[str, ...]) -> np.ndarray:
    """`int[A]`: where each label stands in the table, -1 where it does not."""
    return np.array([listed.index(label) if label in listed else -1 for label in labels], np.int32)
