"""The verb `design` for road networks: tolls of several kinds and closed roads, ranked beside doing nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..core.claim import Claim, Finding
from ..core.errors import InputError, UnknownName
from ..core.forms.network import Network
from ..core.institution import Institution
from ._burden import LITTLE, Burden
from ._figures import figure, percent
from .closing import ClosingPlan, closing
from .tolls import TollPlan, tolls

SAME = 1e-4
"""Share of the total time within which two plans do as well."""

GAP = 1e-8
"""Relative gap of every assignment."""

Plan = TollPlan | ClosingPlan


@dataclass(frozen=True, eq=False)
class RoadLine:
    """One plan in a table.

    Attributes
    ----------
    approach : "marginal tolls", "least tolls", "fewest tolls" or "closed roads".
    plan : what it is.
    closed : the share of the gap between driving for oneself and the best flows that it closes.
    revenue, highest, links : money collected, the largest toll, and how many links are changed.
    losers : the share of trips that are worse off, tolls counted and not given back.
    """

    approach: str
    plan: Plan
    closed: float
    revenue: float
    highest: float
    links: int
    losers: float


@dataclass(frozen=True, eq=False)
class RoadDesign:
    """What could be done about traffic, the best first.

    Attributes
    ----------
    name, unit : of the network, and of travel time.
    before, best_time : total travel time without anything done, and of the best flows.
    lines : the plans, ranked; unsought : what could not be looked for, with why.
    because : why the first line is first.
    """

    name: str
    unit: str
    before: float
    best_time: float
    lines: tuple[RoadLine, ...]
    unsought: tuple[tuple[str, str], ...]
    because: str
    certificate: None = None

    @property
    def best(self) -> Plan | None:
        """The first plan that helps; None when none does."""
        return self.lines[0].plan if self.lines and self.lines[0].closed > SAME else None

    @property
    def institutions(self) -> tuple[Institution, ...]:
        """The rules of the first plan: `network.under(*design.institutions)`."""
        if self.best is None:
            return ()
        return self.best.institutions if isinstance(self.best, ClosingPlan) else (self.best.institution,)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of every plan that helps."""
        return tuple(claim for line in self.lines if line.closed > SAME for claim in line.plan.claims)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why the first is first, and what each plan does and to whom."""
        first = Finding("design", self.because)
        return first, *(finding for line in self.lines for finding in line.plan.findings)

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        parts = ("name", "unit", "before", "best_time", "because", "lines", "unsought")
        return {part: getattr(self, part) for part in parts}


def design_roads(
    network: Network,
    *,
    ways: Iterable[str] | None = None,
    seconds: float = 15.0,
    progress: Callable[[str], object] = lambda stage: None,
) -> RoadDesign:
    """Tolls and closed roads for a network on which everybody drives for itself, ranked.

    Parameters
    ----------
    network : with a demand for trips; its own tolls are taken away first.
    ways : only these of "marginal tolls", "least tolls", "fewest tolls", "closed roads"; default all.
    seconds : time limit of each search. progress : is told in words what is being looked for.

    Raises
    ------
    InputError : what the designers refuse.

    Examples
    --------
    >>> from ostrom.games import Braess
    >>> [(line.approach, round(line.closed, 3)) for line in design_roads(Braess()).lines][:1]
    [('closed roads', 1.0)]
    """
    found: list[tuple[str, Plan]] = []
    unsought: list[tuple[str, str]] = []
    known = _ways(network, seconds)
    for approach in known if ways is None else ways:
        if approach not in known:
            raise UnknownName("way to design roads", approach, known)
        look = known[approach]
        progress(f"Looking for {approach}")
        try:
            found.append((approach, look()))
        except UnknownName:
            raise
        except InputError as error:
            unsought.append((approach, str(error)))
    lines = sorted((_line(*one) for one in found), key=_order)
    before, best = (found[0][1].before, found[0][1].best) if found else (0.0, 0.0)
    return RoadDesign(
        network.name, network.unit, before, best, tuple(lines), tuple(unsought), " ".join(_because(lines))
    )


def _ways(network: Network, seconds: float) -> dict[str, Callable[[], Plan]]:
    return {
        "marginal tolls": lambda: tolls(network, kind="marginal", gap=GAP, seconds=seconds),
        "least tolls": lambda: tolls(network, kind="minimal", gap=GAP, seconds=seconds),
        "fewest tolls": lambda: tolls(network, kind="fewest", gap=GAP, seconds=seconds),
        "closed roads": lambda: closing(network, seconds=seconds),
    }


def _line(approach: str, plan: Plan) -> RoadLine:
    gap, burden = plan.before - plan.best, plan.effects
    tolled = isinstance(plan, TollPlan)
    return RoadLine(
        approach=approach,
        plan=plan,
        closed=(plan.before - plan.after) / gap if gap > SAME * plan.before else 0.0,
        revenue=plan.revenue if tolled else 0.0,
        highest=float(plan.tolls.max(initial=0.0)) if tolled else 0.0,
        links=plan.count if tolled else len(plan.closed),
        losers=_losers(burden),
    )


def _losers(burden: Burden) -> float:
    trips = sum(share.trips for share in burden.crowds)
    worse = (share.trips for share in burden.crowds if share.change < -LITTLE * share.value * share.before)
    return sum(worse) / trips if trips else 0.0


def _order(line: RoadLine) -> tuple[float, float, float, int, str]:
    """Most of the gap first; then fewer who lose, less money, fewer links."""
    share = line.revenue / (line.plan.before or 1.0)
    return -round(line.closed, 3), round(line.losers, 3), round(share, 6), line.links, line.approach


def _because(lines: list[RoadLine]) -> Iterator[str]:
    if not lines or lines[0].closed <= SAME:
        yield "Nothing is lost, or nothing that was tried helps."
        return
    first, *others = lines
    said = f"{first.approach.capitalize()} come first: they close {percent(first.closed)} of the gap"
    rival = next((line for line in others if line.closed > SAME), None)
    yield f"{said}, and nothing else that was tried does." if rival is None else said + _against(first, rival)


def _against(first: RoadLine, rival: RoadLine) -> str:
    """In what the first plan is better than the next."""
    if first.closed - rival.closed > 1e-3:
        return f"; {rival.approach} close {percent(rival.closed)}."
    if rival.losers - first.losers > 1e-3:
        return (
            f", as {rival.approach} do, and leave {percent(first.losers)} of the trips worse off, before anything is "
            f"given back, instead of {percent(rival.losers)}."
        )
    if rival.revenue - first.revenue > SAME * first.plan.before:
        return f", as {rival.approach} do, and take {figure(first.revenue)} from drivers, not {figure(rival.revenue)}."
    if rival.links > first.links:
        return f", as {rival.approach} do, and change {first.links} of the links, not {rival.links}."
    return f"; {rival.approach} would do as much by as little."
