"""A price list of moves: who makes a move that is on it pays."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now
from ._seats import EVERYBODY, check_rows, meant


class Fines(Institution):
    """Each move has its fine, for each player or for all alike (Becker, 1968); the others get it, or nobody.

    When fines are shared, whoever pays gets nothing back of its own fine: all others who are present get it in equal
    parts, so that payments sum to 0. Where nobody else is present nothing is paid.

    Parameters
    ----------
    schedule : rows of (player, label of "act", amount ≥ 0); the player "*" is everybody who has that label. Rows that
        fit the same player and label add up.
    shared : whether the others get what is paid; otherwise it leaves the players.

    Raises `InputError` for amounts that are negative or not finite, `UnknownName` for players and labels that are not
    there.
    """

    schedule: tuple[tuple[str, str, float], ...]
    shared: bool = True
    example: ClassVar[str] = "fines:schedule=((*,D,2.5))"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe the moves"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_rows("Fines", "schedule", self.schedule, (str, str, int | float), '("*", "D", 2.0)')
        for player, label, amount in self.schedule:
            if not 0 <= amount < np.inf:
                raise InputError(
                    f"The fine of {player} for {label} is {amount:g}.",
                    "A fine is a finite amount of at least 0.",
                    "For rewards use Transfers, or a Tax with a negative rate.",
                )

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive when nothing is shared; else how many did what, or who did it where players are named."""
        if not self.shared:
            return "additive"
        return "counts" if all(player == EVERYBODY for player, _, _ in self.schedule) else "profile"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when shared; otherwise never paid out."""
        return "balanced" if self.shared else "surplus"

    def menu(self, ground: Ground) -> Ground:
        """The same moves; only checks that they are there."""
        self.fines(ground)
        return ground

    def fines(self, ground: Ground) -> np.ndarray:
        """`float[P, A]`: what each label of "act" costs each seat."""
        players = len(ground.players)
        table = np.zeros((players, ground.part("act").width(players)))
        for player, label, amount in self.schedule:
            for seat, code in meant(ground, player, label):
                table[seat, code] += amount
        return table

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Take the fines; give them to the others when they are shared."""
        xp, made = now.xp, now["act"]
        here = xp.where(now.present, xp.ones_like(payoffs), 0.0)
        prices = xp.asarray(self.fines(now.ground))[np.arange(now.players), xp.maximum(made, 0)]
        owed = xp.where(made >= 0, here * prices, 0.0)
        if not self.shared:
            return payoffs - owed
        others = here.sum(-1, keepdims=True) - 1
        owed = xp.where(others > 0, owed, 0.0)
        return payoffs - owed + here * (owed.sum(-1, keepdims=True) - owed) / xp.maximum(others, 1)
