"""Which proposal comes first, and why: most welfare gained, then the least burden, then the least that can go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ._proposal import Proposal
from ._remedy import Problem
from ._weights import LITTLE, parts_of, unwilling, worst_of
from ._weights import WEIGHTS as WEIGHTS
from ._weights import weighed as weighed

SAME = LITTLE
"""Share of the range of welfare within which two gains count as the same."""

DIGITS = 6
"""Decimals of a burden that count."""


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
        closed=proposal.gained / gap if gap > SAME * span_of(problem) else 0.0,
        worst=worst,
        radius=_radius(proposal),
        burden={name: weights[name] * part for name, part in parts.items()},
    )


def order(problem: Problem, one: Ranked) -> tuple[bool, int, float, float, float, float, str]:
    """Objections last; then by welfare gained, in steps that matter; then by weight, worst case, gain and radius.

    So a line than which another is as good in welfare, worst case and burden, and better in one, is never first.
    """
    span = span_of(problem)
    worst = -np.inf if np.isnan(one.worst) else one.worst
    return (
        bool(one.proposal.objection),
        -step(problem, one),
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


def span_of(problem: Problem) -> float:
    """The range of welfare; 1 where all joint moves are worth the same."""
    return float(np.ptp(problem.worth)) or 1.0


def step(problem: Problem, one: Ranked) -> int:
    """The welfare gained, in steps that matter."""
    return round(one.proposal.gained / (SAME * span_of(problem)))


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
