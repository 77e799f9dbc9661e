"""What an institution makes of a road network: how long everybody takes, what they pay, and who gains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.claim import Finding
from ..core.lifts.crowd import GovernedCrowd
from ..core.solution import Solution
from ..solvers.assignment import system_optimum, user_equilibrium
from ..solvers.crowd_equilibrium import crowd_equilibrium


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
    """

    network: str
    rules: str
    unit: str
    equilibrium: Solution
    before: float
    total_time: float
    best: float
    drivers: tuple[Drivers, ...]

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
            sentence += f", {abs(change):.2%} {word} than the {self.before:,.6g} without it."
        if self.closed is not None:
            sentence += f" That is {self.closed:.0%} of what could be won back." if change < 0 else ""
        if self.equilibrium.status == "timed out":
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


def diagnose_governed_network(game: GovernedCrowd, *, gap: float = 1e-9) -> GovernedTraffic:
    """Where drivers come to rest under the institution, against the same network without it and at its best.

    `gap` is the relative gap of every assignment. What is paid is counted in the unit of time and is no travel time.
    """
    network = game.base
    selfish, best = user_equilibrium(network, gap=gap), system_optimum(network, gap=gap)
    answer = crowd_equilibrium(game, gap=gap)
    shares = game.below(answer.points[0])
    times = network.facts_of_moves(shares)["delay"]
    took = [float(x @ own) for x, own in zip(shares, times, strict=True)]
    worth = game.deviation_payoffs(answer.points[0])
    got = [float(x @ own) for x, own in zip(answer.points[0], worth, strict=True)]
    drivers = tuple(
        Drivers(name, float(trips), float(old), new, -new - paid)
        for name, trips, old, new, paid in zip(
            network.players, network.demand, selfish.pair_times, took, got, strict=True
        )
    )
    return GovernedTraffic(
        network=network.name,
        rules=str(game.charter),
        unit=network.unit,
        equilibrium=answer,
        before=selfish.total_time,
        total_time=float(np.dot(network.demand, took)),
        best=best.total_time,
        drivers=drivers,
    )
