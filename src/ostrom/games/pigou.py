"""Pigou's two roads: one wide and slow, one narrow and quick while it is empty."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.latency import constant, monomial
from ostrom.core.forms.network import Link, Network


class Pigou(Network):
    """Two roads to town, and nobody gives way on the quick one.

    A motorway always takes the same time; the lane takes the flow on it to the power of the degree. The lane is never
    slower than the motorway while no more than the whole crowd is on it, so everybody takes it, and it ends up as slow
    as the motorway for all. If some took the motorway they would lose nothing and the others would gain.

    Moves are `home>lane>town` and `home>motorway>town`, the player is the whole crowd, payoffs are minus minutes.
    Facts: `delay`, the minutes of one's own road, and `link:NAME`, whether one uses it.

    Parameters
    ----------
    degree : of the lane's travel time, above 0; the steeper, the worse is selfish driving.
    motorway : minutes on the motorway.
    demand : how many drive, above 0.

    Source: Pigou, The Economics of Welfare (1920); Roughgarden and Tardos (2002) for the price of anarchy,
    `1 / (1 − degree · (degree + 1) ** (−(degree + 1) / degree))` at motorway 1 and demand 1.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Roughgarden and Tardos (2002), Journal of the ACM 49",
        "equilibrium time": 1.0,
        "optimal time": 0.75,
        "price of anarchy by degree": {1: 4 / 3, 2: 1.625752, 3: 1.895628, 4: 2.150502},
        "optimal flow on the lane by degree": {d: (d + 1) ** (-1 / d) for d in (1, 2, 3, 4)},
        "toll on the lane by degree": {d: d / (d + 1) for d in (1, 2, 3, 4)},
    }

    def __init__(self, degree: float = 1.0, motorway: float = 1.0, demand: float = 1.0) -> None:
        links = [
            Link("home", "town", monomial(1.0, degree), "lane"),
            Link("home", "town", constant(motorway), "motorway"),
        ]
        places = {"home": (0.0, 0.0), "town": (1.0, 0.0)}
        super().__init__(links, {("home", "town"): demand}, name="pigou", places=places)
