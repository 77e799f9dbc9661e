"""Whom each inspection sees, what it costs, and the cheapest that see everybody often enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array
from ..solvers._highs import solve_lp


@dataclass(frozen=True, eq=False)
class Visits:
    """The ways to inspect.

    Attributes
    ----------
    seen : `bool[K, P]`, whom each visit sees. costs : `float[K]`, of each.
    """

    seen: Array
    costs: Array

    @classmethod
    def of(cls, players: Sequence[str], together: Sequence[Sequence[str]], inspection: Any) -> Visits:
        """Checked; without `together`, one visit for each player."""
        rows = [tuple(one) for one in together] or [(player,) for player in players]
        for player in (player for one in rows for player in one):
            if player not in players:
                raise UnknownName("player", player, players)
        seen = np.array([[player in one for player in players] for one in rows])
        costs = np.asarray(inspection, float)
        if costs.shape not in ((), (len(rows),)) or not (np.isfinite(costs) & (costs >= 0)).all():
            raise InputError(
                f"Inspections cost {inspection!r}.",
                f"There are {len(rows)} kinds of them, and each costs a finite amount of at least 0.",
                "Give one number, or one for each.",
            )
        if blind := [player for i, player in enumerate(players) if not seen[:, i].any()]:
            raise InputError(f"No visit sees {', '.join(blind)}.", do="Add one that does, or leave `together` out.")
        return cls(seen, np.broadcast_to(costs, len(rows)).copy())

    def least(self, chances: Array) -> tuple[Array, Array]:
        """The odds of each visit `[K]` that see player i with odds `chances[i]` at least cost, and prices `[P]`.

        A price is what a unit of a player's odds adds to the cost: the dual of a fractional cover.
        """
        if (self.seen.sum(0) == 1).all() and (self.seen.sum(1) == 1).all():
            return np.asarray(chances)[self.seen.argmax(1)], self.costs[self.seen.argmax(0)]
        found = solve_lp(self.costs, -self.seen.T.astype(float), -np.asarray(chances), upper=1.0)
        assert found.x is not None, "visits with odds of 1 see everybody"
        assert found.duals_ub is not None
        return found.x, -found.duals_ub
