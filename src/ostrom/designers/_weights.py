"""What an institution weighs: the parts of its burden, each in a unit that is the same for every approach."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.institution import Institution
from ..institutions.advice import Advice
from ..institutions.agreement import Agreement
from ..institutions.contract import Contract
from ..institutions.mediator import Mediator
from ..institutions.prosocial import Prosocial
from ..solvers.correlated import correlated
from ._proposal import Proposal
from ._remedy import Problem

WEIGHTS: Mapping[str, float] = {
    "forbidden": 1.0,
    "money": 0.5,
    "cost": 1.0,
    "information": 0.25,
    "harm": 0.5,
    "risk": 0.5,
    "wishes": 1.0,
}
"""What one unit of each part of a burden counts: all moves of a player forbidden; money at hand as large as all that is
at stake; money from outside as large as the gain; one step of information; everybody worse off than now; the whole gain
at risk; that people would have to want something else.

A risk counts half: learners may end anywhere between what is promised and the worst, and nothing says where (Hurwicz
1951, with no leaning either way)."""

LITTLE = 0.01
"""Share of the range of welfare up to which a gain, or a loss, counts as none."""

ROUGHLY = 1e-6
"""Share of a range within which numbers out of a linear program are the same."""

SECONDS = 10.0
"""Time budget for the worst that may happen anyway."""

JOINED: Mapping[type[Institution], str] = {
    Contract: "sign",
    Agreement: "sign",
    Mediator: "delegate",
    Advice: "follow it",
}
"""Rules, proposed or brought along, that nobody is made to take part in, and what those who do have to do."""


def weighed(weights: Mapping[str, float] | None) -> Mapping[str, float]:
    """`WEIGHTS` with some changed; `UnknownName` for a part there is not, `InputError` for a weight below 0."""
    for name, weight in (weights or {}).items():
        if name not in WEIGHTS:
            raise UnknownName("part of a burden", name, WEIGHTS)
        if not 0 <= weight < np.inf:
            raise InputError(
                f"The weight of {name} is {weight!r}.", "A burden is nothing to look for.", "Give 0 or more."
            )
    return {**WEIGHTS, **(weights or {})}


def parts_of(problem: Problem, proposal: Proposal, worst: float) -> dict[str, float]:
    """The parts of a proposal's burden by name of `WEIGHTS`, before they are weighed; `worst` as by `worst_of`.

    - forbidden: the largest share of one player's moves that is taken away. Who hands its move over to a mediator has
      one left to choose, so that all others count.
    - money: the most that anybody must be able to pay, or be made to pay, at any joint move, by what is at stake.
      Promises have to be kept all together, so that a sponsor needs the sum at hand even where none is called on.
    - cost: what is paid from outside when all goes as planned, by what is gained.
    - information: 0 nothing, 1 a fact that everybody sees, 2 own moves, 3 joint moves.
    - harm: the share of players and bystanders who have less than now.
    - risk: the share of the gain that learners without regret may miss, and by how much more they may fall below what
      they may come to without it. What may happen anyway is not held against an institution; what was not shown is.
    - wishes: that people want something else, and by how much: it can be hoped for or trained, and not decreed.
    """
    needs, gain, asked = proposal.needs, _gain(problem, proposal), proposal.institution
    handed = 1 - 1 / max(problem.game.sizes) if isinstance(proposal.institution, Mediator) else 0.0
    return {
        "forbidden": max(needs.share, handed),
        "money": max(needs.fine, needs.promise, _reserve(problem, proposal)) / problem.scale,
        "cost": needs.cost / (gain * len(problem.game.principals)) if needs.cost > 0 else 0.0,
        "information": float(needs.information),
        "harm": len(losers(problem, proposal)) / len(problem.game.principals),
        "risk": _risk(problem, proposal, worst),
        "wishes": 1.0 + asked.weight if isinstance(asked, Prosocial) else 0.0,
    }


def worst_of(problem: Problem, proposal: Proposal) -> float:
    """The least welfare that learners without regret may end in; NaN where it was not found.

    A contract is looked at once all have signed. Nobody signing is an equilibrium too, since one signature alone
    changes nothing: the worst is at most that without it.
    """
    worst = next((c.numbers["worst"] for c in proposal.claims if "worst" in c.numbers), float("nan"))
    return float(min(worst, anyway(problem)) if JOINED.get(type(proposal.institution)) == "sign" else worst)


@lru_cache(maxsize=2)
def anyway(problem: Problem) -> float:
    """The least welfare that learners without regret may end in as things are; NaN where it was not found."""
    try:
        found = correlated(problem.agents.dense(), lambda _: problem.worth, coarse=True, worst=True, seconds=SECONDS)
    except TooLarge:
        return float("nan")
    return float("nan") if found.joint is None else float(found.value)


def losers(problem: Problem, proposal: Proposal) -> tuple[str, ...]:
    """Players and bystanders who have less than now."""
    slack = ROUGHLY * max(problem.scale, float(np.ptp(problem.delegation.utilities)))
    return tuple(name for name, change in proposal.effects.change.items() if change < -slack)


def unwilling(problem: Problem, proposal: Proposal) -> str:
    """Why an approach that is joined freely is not joined; empty where nobody who joins has less than now."""
    lose = [name for name in losers(problem, proposal) if name in problem.game.players]
    if type(proposal.institution) not in JOINED or not lose:
        return ""
    named = " and ".join(lose if len(lose) < 3 else (f"{lose[0]}, {lose[1]}", f"{len(lose) - 2} more"))
    return f"{named} would have less than now, and nobody can be made to {JOINED[type(proposal.institution)]}."


def _gain(problem: Problem, proposal: Proposal) -> float:
    return max(proposal.gained, LITTLE * (float(np.ptp(problem.worth)) or 1.0))


def _reserve(problem: Problem, proposal: Proposal) -> float:
    """The most that all payments together may come to at a joint move: what somebody outside has to have at hand."""
    adds = getattr(proposal.governed, "adds", None)
    if proposal.needs.promise == 0 or adds is None:
        return 0.0
    before = getattr(problem.agents, "adds", None)
    paid = adds if before is None or before.shape != adds.shape else adds - before
    return max(float(np.asarray(paid).sum(-1).max()), 0.0)


def _risk(problem: Problem, proposal: Proposal, worst: float) -> float:
    """The share of the gain that may be missed (all of it where it is not known), and of harm that is new."""
    if np.isnan(worst):
        return 1.0
    gain, slack = _gain(problem, proposal), ROUGHLY * float(np.ptp(problem.worth))
    missed = proposal.effects.welfare_after - worst
    below = float(np.fmin(anyway(problem), proposal.effects.welfare_before)) - worst
    return (min(1.0, missed / gain) if missed > slack else 0.0) + (below / gain if below > slack else 0.0)
