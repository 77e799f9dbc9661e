"""What is found on a road network, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.claim import Claim, Finding
from ..solvers.assignment import Assignment
from ._traffic_words import findings

HELPS = 1e-4
"""Share of the total time that a closure has to save to count as a help and not as rounding."""


@dataclass(frozen=True)
class Road:
    """One link as it is driven: flows in trips, times in the network's unit.

    `flow`, `time` at user equilibrium; `free_time` when empty; `best_flow` at the system optimum and `toll`, in time,
    that would lead there; `capacity` and `load` (flow over capacity) are None where no capacity is known.
    """

    name: str
    tail: str
    head: str
    flow: float
    time: float
    free_time: float
    best_flow: float
    toll: float
    capacity: float | None

    @property
    def load(self) -> float | None:
        """Flow at equilibrium over capacity."""
        return None if self.capacity is None else self.flow / self.capacity


@dataclass(frozen=True)
class Trips:
    """Trips of one kind: how many, and their mean time at user equilibrium and at the system optimum.

    `whose` is a pair ("A to D"), an origin or a destination. At the optimum trips of one pair may differ in time.
    """

    whose: str
    trips: float
    time: float
    best_time: float

    @property
    def lost(self) -> float:
        """Time each loses because everybody drives for itself; negative when it gains."""
        return self.time - self.best_time


@dataclass(frozen=True)
class Closure:
    """One link closed: the total time at the new equilibrium, None when some trip has no other way, and what it saves.

    `saved` is a share of the total time with all links open, below 0 when the closure makes things worse, and None
    with the total time.
    """

    link: str
    total_time: float | None
    saved: float | None


@dataclass(frozen=True, eq=False)
class TrafficDiagnosis:
    """Selfish against best driving on one network, with all that a text or a drawing needs.

    Attributes
    ----------
    network, unit : its name, and the unit of time in words.
    equilibrium, optimum : the two assignments, each with its gap and status; `claims` checks both again.
    price_of_anarchy : total time at equilibrium over total time at the optimum.
    roads : every link; pairs, origins, destinations : who drives, with times at both.
    revenue : what marginal-cost tolls would collect, in time; tolled_time : total time at the equilibrium they lead to.
    closures : every link closed in turn, most helpful first; None when the network is too large to try them all.
    places : where each node is drawn, `{node: (x, y)}`, empty for a large network without a map; `mapped` tells
        whether they are coordinates from a map or a layout made for drawing.
    alike : whether time is worth the same to all drivers; tolls in time are at its mean value.
    """

    network: str
    unit: str
    equilibrium: Assignment
    optimum: Assignment
    claims: tuple[Claim, ...]
    price_of_anarchy: float
    roads: tuple[Road, ...]
    pairs: tuple[Trips, ...]
    origins: tuple[Trips, ...]
    destinations: tuple[Trips, ...]
    revenue: float
    tolled_time: float
    closures: tuple[Closure, ...] | None
    places: dict[str, tuple[float, float]]
    mapped: bool
    alike: bool = True

    @property
    def helpful(self) -> tuple[Closure, ...]:
        """The closures that save everybody together time."""
        return tuple(c for c in self.closures or () if c.saved is not None and c.saved > HELPS)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in sentences with their numbers."""
        return findings(self)
