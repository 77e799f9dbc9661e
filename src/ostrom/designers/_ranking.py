"""Which proposal comes first, and why: most welfare gained, then the least burden, then the least that can go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ._figures import percent
from ._proposal import Proposal
from ._remedy import Problem
from ._weights import LITTLE, WEIGHTS, parts_of, unwilling, worst_of
from ._weights import weighed as weighed

SAME = LITTLE
"""Share of the range of welfare within which two gains count as the same."""

DIGITS = 6
"""Decimals of a burden that count."""

SMALL = 0.05
"""Share of the range of welfare below which a loss is called little."""

TAKES = {
    "forbidden": "takes more choices away",
    "money": "needs larger fines, or more money at hand",
    "cost": "costs more",
    "information": "has to see more",
    "harm": "leaves more worse off than now",
    "risk": "leaves learners more room to end badly",
    "wishes": "asks people to want something else",
}
"""What weighs more, in words."""

OF = {"forbidden": "choices taken away", "harm": "who is worse off", "wishes": "other wishes"}
"""What a weight is on, where its name does not say so."""

SAID = {"balanced": "balanced payments"}
"""Approaches that are not called what they are."""

PLURAL = ("fines", "promises", "balanced")


@dataclass(frozen=True)
class Ranked:
    """A proposal with what it weighs.

    Attributes
    ----------
    proposal : what is proposed.
    closed : the share of the gap between now and the optimum that it closes when it works.
    worst : the least welfare that learners without regret may end in; NaN where it was not found.
    radius : by how much every payoff may be off before the target stops being an equilibrium.
    burden : the parts, by name of `WEIGHTS`, already weighed.
    """

    proposal: Proposal
    closed: float
    worst: float
    radius: float
    burden: Mapping[str, float]

    @property
    def weight(self) -> float:
        """All parts of the burden together."""
        return float(sum(self.burden.values()))


def ranked(problem: Problem, proposal: Proposal, weights: Mapping[str, float]) -> Ranked:
    """The proposal with its burden; with an objection where it is joined freely and somebody who joins would lose."""
    if not proposal.objection and (why := unwilling(problem, proposal)):
        proposal = replace(proposal, objection=why)
    gap, worst = float(problem.worth.max() - (problem.now * problem.worth).sum()), worst_of(problem, proposal)
    parts = parts_of(problem, proposal, worst)
    return Ranked(
        proposal=proposal,
        closed=proposal.gained / gap if gap > SAME * _span(problem) else 0.0,
        worst=worst,
        radius=_radius(proposal),
        burden={name: weights[name] * part for name, part in parts.items()},
    )


def order(problem: Problem, one: Ranked) -> tuple[bool, int, float, float, float, float, str]:
    """Objections last; then by welfare gained, in steps that matter; then by weight, worst case, gain and radius.

    So a line than which another is as good in welfare, worst case and burden, and better in one, is never first.
    """
    span = _span(problem)
    worst = -np.inf if np.isnan(one.worst) else one.worst
    return (
        bool(one.proposal.objection),
        -_step(problem, one),
        round(one.weight, DIGITS),
        -round(worst / span, DIGITS),
        -round(one.proposal.gained / span, DIGITS),
        -round(one.radius / problem.scale, DIGITS),
        one.proposal.approach,
    )


def swayed(problem: Problem, lines: Sequence[Ranked]) -> tuple[tuple[str, float, str], ...]:
    """`(part, 2 or 0.5, approach)` wherever another comes first when the weight of that part is doubled or halved."""
    open_to = [line for line in lines if not line.proposal.objection]
    found = []
    for part in WEIGHTS if open_to else ():
        for factor in (2.0, 0.5):
            other = min((_reweighed(line, part, factor) for line in open_to), key=lambda line: order(problem, line))
            if other.proposal is not open_to[0].proposal:
                found.append((part, factor, other.proposal.approach))
    return tuple(found)


def steady(changes: Sequence[tuple[str, float, str]]) -> str:
    """Whether the first line hangs on one weight, in a sentence."""
    if not changes:
        return "It stays first when any one weight is doubled or halved."
    by: dict[str, list[str]] = {}
    for part, factor, approach in changes:
        by.setdefault(approach, []).append(f"{'twice' if factor > 1 else 'half'} the weight on {OF.get(part, part)}")
    return " ".join(f"With {' or '.join(ways)}, {_said(name)} would be first." for name, ways in by.items())


def reason(problem: Problem, first: Ranked, second: Ranked | None) -> str:
    """Why the first line is first."""
    name = first.proposal.approach
    come = "come" if name in PLURAL else "comes"
    said = f"{_said(name).capitalize()} {come} first, closing {_percent(first)} of the gap"
    if second is None:
        return f"{said}; nothing else is proposed."
    other = second.proposal.approach
    if _step(problem, first) != _step(problem, second):
        return f"{said}; the next is {_said(other)}, with {_percent(second)}."
    if round(second.weight, DIGITS) <= round(first.weight, DIGITS):
        return f"{said}; {_said(other)} would do as much at the same burden."
    heavier = max(first.burden, key=lambda part: second.burden[part] - first.burden[part])
    return f"{said} at the least burden; {_said(other)} would do as much, but {_takes(other, heavier)}."


def kind_of_problem(problem: Problem, advised: float | None) -> str:
    """Whether advice alone closes the gap (coordination) or not (conflict), and whether it is small."""
    now, best, span = float((problem.now * problem.worth).sum()), float(problem.worth.max()), _span(problem)
    if best - now <= SAME * span:
        return "Nothing is lost, so nothing has to be done."
    little = (
        f"Little is lost: {percent((best - now) / span, 1)} of the range of welfare. "
        if best - now < SMALL * span
        else ""
    )
    if advised is None:
        return f"{little}How much advice alone would close was not found."
    share = (advised - now) / (best - now)
    if share >= 1 - SAME:
        return f"{little}The problem is one of coordination: advice alone closes the gap, if it is believed."
    if share <= SAME:
        return f"{little}The problem is one of conflict: advice alone closes nothing of the gap."
    rest = "the rest is conflict, which only incentives or limits close"
    return f"{little}Advice alone closes {percent(share)} of the gap; {rest}."


def _said(approach: str) -> str:
    return SAID.get(approach, approach)


def _percent(one: Ranked) -> str:
    return f"{max(one.closed, 0):.0%}"


def _takes(approach: str, part: str) -> str:
    """What weighs more, agreeing in number with the approach."""
    if approach not in PLURAL:
        return TAKES[part]
    head, _, rest = TAKES[part].partition(" ")
    return f"{'have' if head == 'has' else head.removesuffix('s')} {rest}"


def _span(problem: Problem) -> float:
    return float(np.ptp(problem.worth)) or 1.0


def _step(problem: Problem, one: Ranked) -> int:
    """The welfare gained, in steps that matter."""
    return round(one.proposal.gained / (SAME * _span(problem)))


def _reweighed(line: Ranked, part: str, factor: float) -> Ranked:
    return replace(line, burden={**line.burden, part: factor * line.burden[part]})


def _radius(proposal: Proposal) -> float:
    """Half of what leaving costs at least: so much may every payoff be off (the target stays an equilibrium)."""
    if proposal.target is None:
        return 0.0
    table = proposal.governed.dense()
    if any(label not in own for own, label in zip(table.moves, proposal.target, strict=True)):
        return 0.0
    place, losses = table.profile(proposal.target), []
    for i, size in enumerate(table.sizes):
        own = table.payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
        if size > 1:
            losses.append(own[place[i]] - np.delete(own, place[i]).max())
    return float(min(losses) / 2) if losses else float("inf")
