"""Which roads to close so that everybody, driving for itself, gets there sooner (Braess's paradox turned round)."""

from __future__ import annotations

import heapq
import itertools
import time
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..core.claim import Claim, Finding
from ..core.errors import InputError
from ..core.forms.network import Network
from ..institutions.quota import Quota
from ..solvers.assignment import Assignment, check_assignment, system_optimum, user_equilibrium
from ._burden import Burden, burden_of
from ._figures import figure, percent

HELPS = 1e-6
"""Share of the total time that a set has to save over another to count as better and not as rounding."""
UNUSED = 1e-9
"""Share of all trips below which a link counts as not used."""
SOURCE = "Braess (1968); Roughgarden (2006), On the Severity of Braess's Paradox: Designing Networks for Selfish Users"


@dataclass(frozen=True, eq=False)
class ClosingPlan:
    """Links to close, where that leads, and who gains.

    Attributes
    ----------
    closed : names of the links, in the order in which they were chosen; empty when no closing that was tried helps.
    institutions, governed : the same as rules, and the network under them (the network itself when none is closed).
    before, after, best : total travel time with all links open, with those closed, and at the system optimum.
    status : "optimal" when no set of at most `at_most` links does better; "bound gap" when tries or time ran out.
    bound : no set of at most `at_most` links can lead to less total time.
    at_most, tries : how many links might be closed, and how many networks were solved.
    claims : that driving on what is left is an equilibrium, and how good the set is.
    effects : who gains, and who loses.
    """

    network: str
    unit: str
    closed: tuple[str, ...]
    institutions: tuple[Quota, ...]
    governed: Network
    before: float
    after: float
    best: float
    status: Literal["optimal", "bound gap"]
    bound: float
    at_most: int
    tries: int
    claims: tuple[Claim, ...]
    effects: Burden

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to close, what it brings, and who pays."""
        return (self._lead, *(self.effects.findings if self.closed else ()))

    @property
    def _lead(self) -> Finding:
        if self.closed:
            sentence = (
                f"With {', '.join(self.closed)} closed all trips together take {figure(self.after)} {self.unit}, "
                f"{percent(1 - self.after / self.before, 1)} less than {figure(self.before)} before; "
                f"{figure(self.best)} is the best."
            )
        else:
            sentence = (
                f"No closing that was tried brings less than the {figure(self.before)} {self.unit} that all trips take."
            )
        if self.status == "bound gap":
            sentence += f" Not all sets were tried; none leads to less than {figure(self.bound)}."
        numbers = {
            "closed": list(self.closed),
            "total time": self.after,
            "total time without it": self.before,
            "best total time": self.best,
            "bound": self.bound,
            "tries": self.tries,
        }
        return Finding("closing", sentence, (), numbers, SOURCE)


@dataclass(order=True)
class _Branch:
    """A set of closed links with its equilibrium, and links that stay open in all sets looked at from here."""

    total: float
    number: int
    closed: tuple[str, ...] = field(compare=False)
    kept: frozenset[str] = field(compare=False)
    network: Network = field(compare=False)
    driven: Assignment = field(compare=False)
    bound: float = field(compare=False)


def closing(
    network: Network,
    *,
    at_most: int | None = None,
    tries: int = 400,
    gap: float = 1e-8,
    seconds: float | None = None,
) -> ClosingPlan:
    """The set of links whose closing leads to the least total travel time when everybody drives for itself.

    Branch and bound, the most promising set first. Only links that are used are closed: closing others changes nothing.
    No set that contains a set leads to less than the system optimum without the latter, so sets that cannot do better
    than the best known are left out. Within `tries` and `seconds` this ends with the best of all sets ("optimal"),
    otherwise with the best that was met and a bound on all others. In general no method is quick: deciding whether
    closing links helps is NP-hard (Roughgarden 2006).

    Parameters
    ----------
    at_most : how many links may be closed; default all.
    tries : networks that are solved at most, each for its equilibrium and its optimum.
    gap : relative gap of each.
    seconds : time limit of the search.

    Total time counts everybody's time the same. Raises `InputError` for limits that leave nothing to try.

    Examples
    --------
    >>> from ostrom.games import Braess
    >>> plan = closing(Braess())
    >>> plan.closed, round(plan.before, 6), round(plan.after, 6), plan.status
    (('north>south',), 2.0, 1.5, 'optimal')
    """
    limit = len(network.links) if at_most is None else at_most
    if limit < 1 or tries < 1 or (seconds is not None and not seconds > 0):
        raise InputError(
            f"Closing at most {limit} links in {tries} tries and {seconds} seconds leaves nothing to try.",
            do="Allow at least one of each.",
        )
    search = _Search(network, limit, tries, gap, np.inf if seconds is None else time.monotonic() + seconds)
    search.run()
    found, root = search.best, search.root
    rules = tuple(Quota(f"link:{name}", 0.0) for name in found.closed)
    return ClosingPlan(
        network=network.name,
        unit=network.unit,
        closed=found.closed,
        institutions=rules,
        governed=network.under(*rules),
        before=root.total,
        after=found.total,
        best=root.bound,
        status="optimal" if search.complete else "bound gap",
        bound=search.bound,
        at_most=limit,
        tries=search.tried,
        claims=(check_assignment(found.network, found.driven), _best(search, network)),
        effects=burden_of(network, found.network, root.driven, found.driven),
    )


class _Search:
    """Branch and bound over sets of closed links."""

    def __init__(self, network: Network, at_most: int, tries: int, gap: float, stop: float) -> None:
        self.at_most, self.tries, self.gap, self.stop = at_most, tries, gap, stop
        self.tried, self._numbers = 0, itertools.count()
        self.floor = UNUSED * float(network.demand.sum())
        root = self._solved(network, (), frozenset(), 0.0)
        if root is None:
            raise InputError(
                f"{network.name} was not solved in time with all its links open.",
                "Every set of links that is closed takes about as long.",
                "Allow more seconds, or a larger gap.",
            )
        self.root = self.best = root
        self.open = [root]

    @property
    def complete(self) -> bool:
        """Whether nothing that could be better is left to look at."""
        return not self.open

    @property
    def bound(self) -> float:
        """No set leads to less total time."""
        return min([self.best.total, *(branch.bound for branch in self.open)])

    def run(self) -> None:
        """Look at sets until all are looked at, or tries or time run out."""
        while self.open:
            branch = heapq.heappop(self.open)
            if not self._may_help(branch.bound) or len(branch.closed) >= self.at_most:
                continue
            if not self._grow(branch):
                heapq.heappush(self.open, branch)
                return

    def _grow(self, branch: _Branch) -> bool:
        """Close one more link in every way; False when tries or time ran out before that."""
        kept = branch.kept
        for name in self._candidates(branch):
            if self.tried >= self.tries or time.monotonic() > self.stop:
                return False
            try:
                smaller = branch.network.without(name)
            except InputError:  # some trip has no other way
                smaller = None
            if smaller is not None:
                child = self._solved(smaller, (*branch.closed, name), kept, branch.bound)
                if child is None:
                    return False
                if child.total < self.best.total * (1 - HELPS):
                    self.best = child
                if self._may_help(child.bound):
                    heapq.heappush(self.open, child)
            kept = kept | {name}
        return True

    def _candidates(self, branch: _Branch) -> list[str]:
        """Links in use, those on which drivers cost each other least first: Braess's link has the flattest time."""
        flows, names = branch.driven.flows, branch.network.link_names
        with np.errstate(invalid="ignore"):
            costs = np.nan_to_num(flows * branch.network.slopes(np.maximum(flows, self.floor)))
        order = np.argsort(costs, kind="stable").tolist()
        return [names[k] for k in order if flows[k] > self.floor and names[k] not in branch.kept]

    def _may_help(self, bound: float) -> bool:
        return bound < self.best.total * (1 - HELPS)

    def _solved(self, network: Network, closed: tuple[str, ...], kept: frozenset[str], least: float) -> _Branch | None:
        """The network with its equilibrium and a bound on all that closes more; None when time ran out."""
        self.tried += 1
        left = None if np.isinf(self.stop) else max(0.0, self.stop - time.monotonic())
        driven, best = (solve(network, gap=self.gap, seconds=left) for solve in (user_equilibrium, system_optimum))
        if "timed out" in (driven.status, best.status):
            return None
        paid = best.flows @ network.marginal().costs(best.flows)  # the optimum is within this times the gap
        bound = max(least, best.total_time - best.gap * float(paid))
        return _Branch(driven.total_time, next(self._numbers), closed, kept, network, driven, bound)


def _best(search: _Search, network: Network) -> Claim:
    """How good the set is: proved to be best by a complete search, else unknown, with the bound."""
    statement = f"Closing no set of at most {search.at_most} links of {network.name} leads to less total travel time."
    method = "branch and bound over sets of used links, with system optima as bounds, in float64"
    numbers = {"total time": search.best.total, "bound": search.bound, "tries": search.tried}
    if search.complete:
        return Claim(statement, "proved", method, HELPS, numbers)
    return Claim(statement, "unknown", method, numbers=numbers)
