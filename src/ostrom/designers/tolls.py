"""Tolls that lead everybody to the best flows: by marginal cost, with the least revenue, or on the fewest links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..core.claim import Claim, Finding
from ..core.errors import InputError
from ..core.forms.network import Network
from ..core.game import Array
from ..core.lifts.roads import GovernedNetwork
from ..institutions.toll import Toll
from ..solvers.assignment import Assignment, check_assignment, system_optimum, user_equilibrium
from ._burden import Burden, burden_of
from ._burden import burden as burden
from ._figures import figure
from ._least_tolls import Inducing, Least

Kind = Literal["marginal", "minimal", "fewest"]
EXACT = 1e-10
"""Relative gap of the best flows: tolls are made of equalities that hold at them."""
INDUCED = 1e-6
"""Relative gap up to which the best flows count as an equilibrium under the tolls."""
WITHIN = 1e-4
"""Share of the total time by which driving under the tolls may miss the best."""
NOTHING = 1e-6
"""Revenue per unit of travel time below which it is rounding."""
MARGIN = 2.0
"""Tolls may be so many times the largest of the tolls that are known to do."""
SOURCE = {
    "marginal": "Pigou (1920); Beckmann, McGuire and Winsten (1956)",
    "minimal": "Bergendorff, Hearn and Ramana (1997); Cole, Dodis and Roughgarden (2003)",
    "fewest": "Hearn and Ramana (1998); Bai, Hearn and Lawphongpanich (2010)",
}


@dataclass(frozen=True, eq=False)
class TollPlan:
    """Tolls, where they lead, and who pays.

    Attributes
    ----------
    kind : how they were chosen.
    tolls : `float[L]`, what each link charges, in money.
    institution, governed : the tolls as a rule, and the network (without tolls of its own) under it.
    before, after, best : total travel time without the tolls, with them, and at the system optimum.
    revenue, count : money they collect, and how many links charge.
    status : "optimal"; "bound gap" when out of time with tolls that do but may not be the least; for "marginal" always
        "optimal", as there is one answer.
    bound : no tolls that do, none above `highest`, can have less revenue ("minimal") or fewer links ("fewest").
    highest : the largest toll that was allowed, in money.
    claims : that the best flows are an equilibrium under the tolls, and that drivers who start anew end at them.
    effects : who pays, and who gains.
    """

    kind: Kind
    network: str
    unit: str
    tolls: Array
    institution: Toll
    governed: GovernedNetwork
    before: float
    after: float
    best: float
    revenue: float
    count: int
    status: Literal["optimal", "bound gap"]
    bound: float
    highest: float
    claims: tuple[Claim, ...]
    effects: Burden

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the tolls do, what they cost, and who pays."""
        return (self._lead, *self.effects.findings)

    @property
    def _lead(self) -> Finding:
        top = int(np.flatnonzero(self.tolls >= self.tolls.max() * (1 - 1e-6))[0])  # of equal ones the first
        if self.count:
            tolls = f"Tolls on {self.count} of {len(self.tolls)} links, up to {self.tolls[top]:.3g} on "
            tolls += f"{self.governed.base.link_names[top]}, lead to {figure(self.after)} {self.unit} of travel in all"
        else:
            tolls = f"No toll is needed: all trips together take {figure(self.after)} {self.unit}"
        sentence = f"{tolls}, instead of {figure(self.before)} without them and {figure(self.best)} at best"
        collected = (
            f"they collect {figure(self.revenue)}" if self.revenue > NOTHING * self.before else "nobody has to pay them"
        )
        sentence += f"; {collected}." if self.count else "."
        if self.status != "optimal":
            what = "revenue" if self.kind == "minimal" else "links"
            sentence += f" Whether less would do was not settled: the {what} needed are at least {figure(self.bound)}."
        numbers = {
            "tolls": dict(self.institution.charges),
            "total time": self.after,
            "total time without it": self.before,
            "best total time": self.best,
            "revenue": self.revenue,
            "bound": self.bound,
        }
        return Finding("tolls", sentence, (), numbers, SOURCE[self.kind])


def tolls(
    network: Network,
    *,
    kind: Kind = "minimal",
    highest: float | None = None,
    gap: float = 1e-8,
    seconds: float | None = None,
) -> TollPlan:
    """Tolls under which everybody, driving for itself, makes the flows with the least total travel time.

    Parameters
    ----------
    kind : "marginal": on each link what a driver costs the others, flow times slope (drivers to whom time is worth the
        same). "minimal": the tolls with the least revenue (a linear program). "fewest": tolls on the fewest links, and
        of those the least revenue (an integer program).
    highest : the largest toll allowed, in money; default twice the largest of tolls that are known to do.
    gap : relative gap of the equilibria.
    seconds : time limit of the program, and of every assignment.

    The network's own tolls are taken away first. Drivers may value time differently: tolls in money then do for all
    classes at once, and the best flows are those with the least time of all, whoever spends it.

    Raises
    ------
    InputError : an unknown kind; "marginal" for drivers who value time differently; a `highest` below what is needed;
        a network whose total time is not convex.

    Examples
    --------
    >>> from ostrom.games import Braess
    >>> plan = tolls(Braess(), kind="minimal")
    >>> round(plan.before, 6), round(plan.after, 6), [claim.verdict for claim in plan.claims]
    (2.0, 1.5, ['proved', 'proved'])
    """
    bare = network.tolled(None)
    _refuse(bare, kind, highest)
    best = system_optimum(bare, gap=EXACT, seconds=seconds)
    inducing = Inducing(bare, best)
    top = MARGIN * float(inducing.known.max()) if highest is None else float(highest)
    least = _least(inducing, kind, top, seconds)
    if least.tolls is None:
        raise InputError(
            f"No tolls of at most {top:g} that lead to the best flows of {network.name} were found ({least.status}).",
            f"Tolls that do, the largest of them {inducing.known.max():g}, are known.",
            "Allow higher tolls, or more time.",
        )
    selfish, led = (user_equilibrium(one, gap=gap, seconds=seconds) for one in (bare, bare.tolled(least.tolls)))
    charged = zip(bare.link_names, least.tolls.tolist(), strict=True)
    rule = Toll(tuple((name, amount) for name, amount in charged if amount > 0))
    return TollPlan(
        kind=kind,
        network=network.name,
        unit=network.unit,
        tolls=least.tolls,
        institution=rule,
        governed=GovernedNetwork(bare, (rule,)),
        before=selfish.total_time,
        after=led.total_time,
        best=best.total_time,
        revenue=float(least.tolls @ led.flows),
        count=len(rule.charges),
        status="optimal" if least.status == "optimal" else "bound gap",
        bound=least.bound,
        highest=top,
        claims=(_induces(inducing, least.tolls), _leads(bare.tolled(least.tolls), best, led)),
        effects=burden_of(bare, bare.tolled(least.tolls), selfish, led),
    )


def _refuse(network: Network, kind: str, highest: float | None) -> None:
    if kind not in get_args(Kind) or (highest is not None and not 0 <= highest < np.inf):
        raise InputError(
            f"Tolls are asked for with kind={kind!r} and highest={highest!r}.",
            f"The kinds are {', '.join(get_args(Kind))}, and no toll is below 0.",
            "Give for example kind='minimal'.",
        )
    if kind == "marginal" and np.ptp(network.values):
        raise InputError(
            f"Time is worth from {network.values.min():g} to {network.values.max():g} to drivers of {network.name}.",
            "What a driver costs others is an amount of time, and is worth a different toll to each class.",
            "Ask for kind='minimal': its tolls lead all classes at once.",
        )


def _least(inducing: Inducing, kind: Kind, highest: float, seconds: float | None) -> Least:
    if kind == "marginal":
        return Least(inducing.marginal, "optimal", float(inducing.marginal @ inducing.total))
    allowed = np.full(len(inducing.total), highest)
    found = (inducing.least_revenue if kind == "minimal" else inducing.fewest)(allowed, seconds)
    if found.tolls is None and found.status != "infeasible" and inducing.known.max() <= highest:
        return Least(inducing.known, "timed out", found.bound)  # worse than asked for, and they do
    return found


def _induces(inducing: Inducing, tolls: Array) -> Claim:
    """Whether the best flows are an equilibrium under the tolls, whatever drivers find when they start anew."""
    reached = inducing.gap(tolls)
    statement = f"The best flows are an equilibrium under these tolls, to a relative gap of {INDUCED:g}."
    method = "cost of the flows against shortest distances of every crowd, in float64"
    numbers = {"gap": reached}
    if reached > INDUCED:
        return Claim(statement, "refuted", method, INDUCED, numbers, {"gap": reached, "tolls": tolls.tolist()})
    return Claim(statement, "proved", method, INDUCED, numbers)


def _leads(tolled: Network, best: Assignment, led: Assignment) -> Claim:
    """Whether drivers who start on empty roads under the tolls end with the least total time."""
    checked = check_assignment(tolled, led)
    over = led.total_time / best.total_time - 1 if best.total_time > 0 else 0.0
    statement = f"Drivers who start anew under these tolls end within {WITHIN:g} of the least total time."
    method = f"user equilibrium on the tolled network to a relative gap of {led.gap:.1e}; {checked.method}"
    numbers = {"total time": led.total_time, "best total time": best.total_time, "over": over, "gap": led.gap}
    if checked.verdict != "proved" or led.status != "complete":
        return Claim(statement, "unknown", method, numbers=numbers)
    if abs(over) > WITHIN:
        return Claim(statement, "refuted", method, WITHIN, numbers, {"flows": led.flows.tolist(), "over": over})
    return Claim(statement, "proved", method, WITHIN, numbers)
