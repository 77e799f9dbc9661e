"""A race to build something powerful first, in which care costs speed and the winner's carelessness costs everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Array, Fact
from ostrom.core.record import Interval

from ._scenario import check, labelled, named

Known = Literal["nothing", "own", "all"]


class AIRace(Symmetric):
    """Teams choose how careful to be; whoever is ahead wins, and a careless winner may end in disaster for all.

    A team of capability x (even on 0 … `capability`, and unknown when care is chosen) that takes care s in 0 … 1 scores
    x − s. The highest score wins; with odds s of the winner all is well, otherwise there is a disaster. A win without
    disaster is worth 1 to the winner and `1 − enmity` to the others; a disaster is worth 0 to all. The more teams there
    are, the more they mind the others winning and the less capability decides, the less careful they are.

    Players `team 1`, …; moves the levels of care. Fact: `care`. Bystander `humanity`, whose utility is the odds
    that all is well.

    Parameters
    ----------
    players : how many teams. capability : how much capability counts against care.
    enmity : how much worse another's win is than one's own, as a share of it.
    levels : how many levels of care there are, evenly spaced.

    Source: Armstrong, Bostrom and Shulman, Racing to the precipice (2016).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Armstrong, Bostrom and Shulman (2016)",
        "care of two teams at equilibrium": 0.5,
        "risk by teams, capability and enmity, when nothing, one's own and all capabilities are known": {
            (2, 1.0, 1.0): (0.5, 0.666667, 0.666667),
            (2, 4.0, 1.0): (0.0, 0.083333, 0.229167),
            (5, 4.0, 1.0): (0.2, 0.333333, 0.451986),
        },
    }
    pressed: ClassVar[dict[str, Any]] = {
        "goal": "humanity",
        "players": (2, 3, 4),
        "enmity": (0.5, 0.75, 1.0),
        "capability": (0.5, 1.0, 1.5),
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=12)] = 2,
        capability: Annotated[float, Interval(ge=0.01, le=100)] = 1.0,
        enmity: Annotated[float, Interval(ge=0, le=1)] = 1.0,
        levels: Annotated[int, Interval(ge=2, le=21)] = 11,
    ) -> None:
        self.parameters = {"players": players, "capability": capability, "enmity": enmity, "levels": levels}
        check(AIRace, {**self.parameters})
        care = np.linspace(0, 1, levels)

        known: dict[bytes, Array] = {}

        def wins(counts: Array) -> Array:
            if (key := counts.tobytes()) not in known:
                known[key] = _wins(counts, care, capability)
            return known[key]

        def paid(own: int, others: Array) -> Array:
            found = []
            for counts in others + np.eye(levels, dtype=int)[own]:
                good = wins(counts) * care
                found.append(good[own] + (1 - enmity) * (counts @ good - good[own]))
            return np.array(found)

        super().__init__(
            paid,
            players=named("team", players),
            moves=labelled(care),
            name="ai_race",
            bystanders=("humanity",),
            bystander_payoffs=lambda totals: np.array([[counts @ (wins(counts) * care)] for counts in totals]),
            facts=[Fact.of_own_move("care", "odds that its own win goes well", care.tolist())],
        )


def equilibrium_care(
    players: int, capability: float, enmity: float, known: Known = "nothing"
) -> Callable[[Array], Array] | float:
    """Care at the equilibrium of the race with any level of care, by what teams know of capabilities.

    "nothing": a number. "own": a function of one's own capability. "all": a function of the lead over the next;
    that is the leader's care (who follows takes none that matters). Armstrong, Bostrom and Shulman (2016).
    """
    if known == "nothing":
        return min(1.0, capability / (players * enmity)) if enmity else 1.0
    if known == "own":
        return lambda own: np.minimum(1.0, own / (players * enmity - enmity + 1))
    return lambda lead: np.minimum(1.0, lead / enmity) if enmity else np.ones_like(lead)


def risk(players: int, capability: float, enmity: float, known: Known = "nothing") -> float:
    """The odds of disaster at that equilibrium, exact but for rounding (piecewise polynomials, integrated as such)."""
    care = equilibrium_care(players, capability, enmity, known)
    if known == "nothing":
        assert isinstance(care, float)
        return 1 - care
    assert callable(care)
    full = (players * enmity - enmity + 1) if known == "own" else enmity
    ends = np.unique(np.clip([0.0, full, capability], 0, capability))
    nodes, weights = _gauss(ends, players + 2)
    share = nodes / capability
    # the highest of n even draws has density n y^(n-1); the lead of the highest n (1-y)^(n-1), both per unit of y
    density = players * (share if known == "own" else 1 - share) ** (players - 1) / capability
    return float(weights @ ((1 - care(nodes)) * density))


def _wins(counts: Array, care: Array, capability: float) -> Array:
    """The odds that one team at each level of care has the highest score, 0 where nobody is: `float[A]`."""
    wins = np.zeros(len(care))
    for own in np.flatnonzero(counts):
        rivals = np.array(counts)
        rivals[own] -= 1
        shifts = care[rivals > 0] - care[own]  # a rival is beaten when its capability is below x + shift
        ends = np.unique(np.clip([0.0, *(-shifts), *(capability - shifts), capability], 0, capability))
        nodes, weights = _gauss(ends, int(counts.sum()))
        below = np.clip((nodes[:, None] + shifts) / capability, 0, 1)
        wins[own] = weights @ np.prod(below ** rivals[rivals > 0], axis=1) / capability
    return wins


def _gauss(ends: Array, degree: int) -> tuple[Array, Array]:
    """Nodes and weights that integrate polynomials up to `degree` exactly between each two of `ends`."""
    points, weights = np.polynomial.legendre.leggauss(degree // 2 + 1)
    half, middle = np.diff(ends) / 2, (ends[1:] + ends[:-1]) / 2
    return (middle[:, None] + half[:, None] * points).ravel(), (half[:, None] * weights).ravel()
