"""Which proposal comes first, and why: one number for what an institution weighs, made of parts that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ._proposal import Proposal
from ._remedy import Problem

WEIGHTS: Mapping[str, float] = {
    "forbidden": 1.0,
    "money": 0.5,
    "cost": 1.0,
    "information": 0.25,
    "harm": 0.5,
    "risk": 1.0,
    "wishes": 1.0,
}
"""What one unit of each part of a burden counts: all moves of a player forbidden; a fine or promise as large as all that
is at stake; money from outside as large as the gain; one step of information; all players worse off than now; the whole
range of welfare at risk; that people would have to want something else."""

EQUAL = 1e-6
"""Difference of burdens that counts as none."""

SAME = 0.01
"""Share of the range of welfare within which two gains count as the same."""


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
    """The proposal with its burden."""
    now, best, span = (problem.now * problem.worth).sum(), problem.worth.max(), float(np.ptp(problem.worth)) or 1.0
    gap = float(best - now)
    worst = next((c.numbers["worst"] for c in proposal.claims if "worst" in c.numbers), float("nan"))
    after = proposal.effects.welfare_after
    needs = proposal.needs
    gained = len(problem.game.principals) * max(proposal.gained, SAME * span)
    parts = {
        "forbidden": needs.share,
        "money": max(needs.fine, needs.promise) / problem.scale,
        "cost": needs.cost / gained if needs.cost > 0 else 0.0,
        "information": float(needs.information),
        "harm": _harm(problem, proposal),
        "risk": 0.0 if np.isnan(worst) else max(0.0, after - worst) / span,
        "wishes": 1.0 + proposal.size if proposal.approach == "prosocial" else 0.0,
    }
    return Ranked(
        proposal=proposal,
        closed=proposal.gained / gap if gap > SAME * span else 0.0,
        worst=float(worst),
        radius=_radius(proposal),
        burden={name: weights[name] * part for name, part in parts.items()},
    )


def _harm(problem: Problem, proposal: Proposal) -> float:
    """The share of players who have less than now."""
    change, slack = proposal.effects.change, 1e-9 * problem.scale
    return sum(change[name] < -slack for name in problem.game.players) / len(problem.game.players)


def order(problem: Problem, one: Ranked) -> tuple[bool, int, float, str]:
    """Objections last; then by welfare gained, in steps that matter; then by weight."""
    span = float(np.ptp(problem.worth)) or 1.0
    step = round(one.proposal.gained / (SAME * span))
    return bool(one.proposal.objection), -step, one.weight, one.proposal.approach


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


def reason(problem: Problem, first: Ranked, second: Ranked | None) -> str:
    """Why the first line is first."""
    one = first.proposal
    said = f"{one.approach.capitalize()} comes first: it closes {max(first.closed, 0):.0%} of the gap"
    if second is None:
        return f"{said}, and nothing else does."
    span = float(np.ptp(problem.worth)) or 1.0
    if one.gained - second.proposal.gained > SAME * span:
        return f"{said}, and {second.proposal.approach} only {max(second.closed, 0):.0%}."
    heavier = max(first.burden, key=lambda part: second.burden[part] - first.burden[part])
    if second.weight - first.weight < EQUAL:
        return f"{said}, as {second.proposal.approach} does at the same burden."
    words = {
        "forbidden": "forbids more",
        "money": "has to be able to fine or to promise more",
        "cost": "costs more",
        "information": "has to see more",
        "harm": "leaves more players worse off than now",
        "risk": "leaves learners more room to end badly",
        "wishes": "asks people to want something else",
    }
    return f"{said} at the least burden; {second.proposal.approach}, which does as much, {words[heavier]}."


def kind_of_problem(problem: Problem, advised: float | None) -> str:
    """Whether advice alone closes the gap (coordination) or not (conflict), in a sentence."""
    now, best = float((problem.now * problem.worth).sum()), float(problem.worth.max())
    if best - now <= SAME * (float(np.ptp(problem.worth)) or 1.0):
        return "Nothing is lost, so nothing has to be done."
    if advised is None:
        return "How much advice alone would close was not found."
    share = (advised - now) / (best - now)
    if share >= 1 - SAME:
        return "The problem is one of coordination: advice alone closes the gap, if it is believed."
    if share <= SAME:
        return "The problem is one of conflict: advice alone closes nothing of the gap."
    return f"Advice alone closes {share:.0%} of the gap; the rest is conflict, which only incentives or limits close."
