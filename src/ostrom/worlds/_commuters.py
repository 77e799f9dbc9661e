"""How commuters choose a route, day after day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from ..core.agent import Policy, Sight
from ..core.record import Interval

Array = Any
CLOSE = 1e-5
"""Relative gain below which a commuter does not change its route."""


class Commuter(Policy):
    """Keeps to its route, but for a day now and then on which it takes the one that would have been best yesterday.

    On the first day any route will do. If only one changes at a time, all end where nobody gains by changing: at an
    equilibrium, or where no single change helps all.

    Parameters
    ----------
    owed : `float[P, A]`, money that each route costs a seat besides.
    minds : what is best for its "own" trip, or for "all".
    stays : odds to keep to the route, though another is better.
    """

    owed: np.ndarray
    minds: Literal["own", "all"] = "own"
    stays: Annotated[float, Interval(ge=0, le=1)] = 0.9

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], Mapping[str, Array]]:
        """The route of yesterday, or the best one."""
        xp, last = sight.xp, sight.seen["last"]
        cost = sight.seen["costs" if self.minds == "own" else "burdens"] + xp.asarray(self.owed)[sight.seat]
        cost = xp.where(sight.mask["act"], cost, cost.max() + 1.0)
        number, best = xp.arange(cost.shape[-1]), cost.argmin()
        worth = cost[last] - cost[best] > CLOSE * abs(cost[best])
        odds = xp.where(worth, self.stays, 1.0) * (number == last) + xp.where(worth, 1 - self.stays, 0.0) * (
            number == best
        )
        return {"act": xp.where(last < 0, 0.0, xp.log(odds + 1e-12))}, memory
