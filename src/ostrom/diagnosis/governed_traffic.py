"""What an institution makes of a road network: how long everybody takes, what they pay, and who gains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.claim import Finding
from ..core.game import Array
from ..core.lifts.crowd import GovernedCrowd
from ..core.lifts.roads import GovernedNetwork
from ..core.solution import Solution
from ..solvers.assignment import Assignment, check_assignment, system_optimum, user_equilibrium
from ..solvers.crowd_equilibrium import crowd_equilibrium
from ._tables import percent

Rest = tuple[Solution, Assignment | None, Array, Array]
"""Where drivers come to rest: as a solution, as an assignment, travel times and payments (in time), `float[P]` each."""


@dataclass(frozen=True)
class Drivers:
    """One population under the institution: mean travel time before and now, and what each pays on average."""

    whose: str
    trips: float
    before: float
    time: float
    pays: float


@dataclass(frozen=True, eq=False)
class GovernedTraffic:
    """A road network under an institution, beside the same network without it.

    Attributes
    ----------
    network, rules, unit : names, and the unit of travel time.
    equilibrium : where drivers come to rest under the institution; one equilibrium, with the regret reached.
    before, total_time, best : time of all drivers without it, under it, and at the system optimum.
    drivers : every population.
    assignment : where everybody drives, if the institution leaves a network; None where routes are asked one by one.
    """

    network: str
    rules: str
    unit: str
    equilibrium: Solution
    before: float
    total_time: float
    best: float
    drivers: tuple[Drivers, ...]
    assignment: Assignment | None = None

    @property
    def closed(self) -> float | None:
        """Share of what selfish driving costs that the institution wins back; None where nothing is lost."""
        lost = self.before - self.best
        return (self.before - self.total_time) / lost if lost > 1e-9 * self.before else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in sentences with their numbers."""
        return (self._time, *self._paid)

    @cached_property
    def _time(self) -> Finding:
        change = (self.total_time / self.before - 1) if self.before else 0.0
        word = "less" if change < 0 else "more"
        sentence = f"Under {self.rules} all trips together take {self.total_time:,.6g} {self.unit}"
        if abs(change) < 1e-4:
            sentence += ", as long as without it."
        else:
            sentence += f", {100 * abs(change):.3g} % {word} than the {self.before:,.6g} without it."
        if self.closed is not None:
            sentence += f" That is {percent(self.closed)} of what could be won back." if change < 0 else ""
        if self.equilibrium.status == "timed out" or (self.assignment and self.equilibrium.status == "partial"):
            sentence += f" Drivers had not come to rest (regret {self.equilibrium.regret:.3g})."
        numbers = {
            "total time": self.total_time,
            "total time without it": self.before,
            "best total time": self.best,
            "share won back": self.closed,
            "regret": self.equilibrium.regret,
        }
        return Finding("institution", sentence, (), numbers, "Wardrop (1952)")

    @property
    def _paid(self) -> list[Finding]:
        found = []
        for one in self.drivers:
            gain = one.before - one.time - one.pays
            word = "better" if gain > 0 else "worse"
            pays = f"pays {one.pays:.4g}" if one.pays >= 0 else f"receives {-one.pays:.4g}"
            sentence = (
                f"A driver from {one.whose} takes {one.time:.4g} {self.unit} instead of {one.before:.4g} and {pays}"
            )
            sentence += f": {abs(gain):.4g} {word} off." if abs(gain) > 1e-6 else ": neither better nor worse off."
            numbers = {"trips": one.trips, "time": one.time, "time without it": one.before, "pays": one.pays}
            found.append(Finding("institution", sentence, (one.whose,), numbers))
        return found


def diagnose_governed_network(game: GovernedCrowd | GovernedNetwork, *, gap: float = 1e-9) -> GovernedTraffic:
    """Where drivers come to rest under the institution, against the same network without it and at its best.

    `gap` is the relative gap of every assignment. What is paid is counted in the unit of time, each class's own, and is
    no travel time; it is what the institution takes, a toll that the network charged before counts as before.
    """
    network = game.base
    selfish, best = user_equilibrium(network, gap=gap), system_optimum(network, gap=gap)
    answer, driven, took, pays = _network(game, gap) if isinstance(game, GovernedNetwork) else _crowd(game, gap)
    columns = (column.tolist() for column in (network.demand, selfish.pair_times, took, pays))
    drivers = tuple(Drivers(*row) for row in zip(network.players, *columns, strict=True))
    return GovernedTraffic(
        network=network.name,
        rules=str(game.charter),
        unit=network.unit,
        equilibrium=answer,
        assignment=driven,
        before=selfish.total_time,
        total_time=float(network.demand @ took),
        best=best.total_time,
        drivers=drivers,
    )


def _network(game: GovernedNetwork, gap: float) -> Rest:
    """A network with tolls: traffic assignment, with a certificate."""
    driven = user_equilibrium(game, gap=gap)
    regret = check_assignment(game, driven).numbers["regret"]
    answer = Solution("Wardrop equilibrium", (), driven.status, regret, driven.method, driven.note)
    return answer, driven, driven.pair_times, driven.paid(game.charges) / game.values


def _crowd(game: GovernedCrowd, gap: float) -> Rest:
    """Any other rules: asked route by route."""
    answer = crowd_equilibrium(game, gap=gap)
    below, worth = game.below(answer.points[0]), game.deviation_payoffs(answer.points[0])
    delays, tolled = game.base.facts_of_moves(below)["delay"], game.base.deviation_payoffs(below)
    took, cost = (np.array([float(x @ own) for x, own in zip(below, of, strict=True)]) for of in (delays, tolled))
    got = np.array([float(x @ own) for x, own in zip(answer.points[0], worth, strict=True)])
    return answer, None, took, cost - got
