"""Braess's paradox: a new road that makes everybody's way longer."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.latency import affine
from ostrom.core.forms.network import Network


class Braess(Network):
    """Two equal ways to work, a short cut between them, and everybody is late.

    A crowd drives from home to work. Each of two ways has a narrow road, whose time grows with its traffic, and a wide
    one, which always takes long: narrow first through the north, or narrow last through the south. Then a short cut is
    opened from north to south. Now home>north>south>work, narrow road twice, is best for each driver whatever the
    others do, and when all take it everybody drives longer than before it was opened.

    Moves are the routes (`home>north>work`, `home>north>south>work`, `home>south>work`), the player is the whole crowd,
    payoffs are minus minutes. Facts: `delay`, the minutes of one's own route, and `link:NAME`, whether it uses a link.

    Parameters
    ----------
    demand : how many drive, above 0.
    slope, start : the narrow roads take `start + slope · flow`.
    fixed, fixed_slope : the wide roads take `fixed + fixed_slope · flow`.
    shortcut, shortcut_slope : the short cut takes `shortcut + shortcut_slope · flow`.
    without_link : leave the short cut closed.

    Source: Braess, "Über ein Paradoxon aus der Verkehrsplanung" (1968); unit demand as in Roughgarden (2005).

    Examples
    --------
    >>> game = Braess()
    >>> game.deviation_payoffs(game.pure(game.profile(["home>north>south>work"])))
    (array([-2., -2., -2.]),)
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Roughgarden (2005), Selfish Routing and the Price of Anarchy, section 1.2",
        "equilibrium time": 2.0,
        "optimal time": 1.5,
        "price of anarchy": 4 / 3,
        "time without the link": 1.5,
        "the classic of six": {
            "source": "Braess-Example of the TNTP collection: six drivers, 10f, 50 + f and 10 + f",
            "parameters": {
                "demand": 6.0, "slope": 10.0, "start": 1e-8, "fixed": 50.0, "fixed_slope": 1.0,
                "shortcut": 10.0, "shortcut_slope": 1.0,
            },
            "equilibrium time": 92.0,
            "optimal time": 83.0,
            "price of anarchy": 92 / 83,
            "time without the link": 83.0,
        },
    }  # fmt: skip

    def __init__(
        self,
        demand: float = 1.0,
        slope: float = 1.0,
        start: float = 0.0,
        fixed: float = 1.0,
        fixed_slope: float = 0.0,
        shortcut: float = 0.0,
        shortcut_slope: float = 0.0,
        without_link: bool = False,
    ) -> None:
        narrow, wide = affine(start, slope), affine(fixed, fixed_slope)
        links = [("home", "north", narrow), ("north", "work", wide), ("home", "south", wide), ("south", "work", narrow)]
        if not without_link:
            links.append(("north", "south", affine(shortcut, shortcut_slope)))
        places = {"home": (0.0, 0.0), "north": (1.0, 0.6), "south": (1.0, -0.6), "work": (2.0, 0.0)}
        super().__init__(links, {("home", "work"): demand}, name="braess", places=places)
