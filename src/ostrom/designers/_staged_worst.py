"""The least that learners without regret may end in where a rule adds a stage, over all plans of all players."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..audits._case import Case
from ..audits.worst_case import WorstCase
from ..core.charter import Charter
from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.game import Array
from ..core.institution import Institution
from ..core.lifts.govern import ground_of
from ..core.lifts.plays import Plays
from ..core.lifts.staged import Staged
from ._remedy import Problem

METHOD = "worst coarse correlated equilibrium over plans for all stages, by linear programming, in float64"

PLANS = 20_000
"""Joint plans of a game in stages up to which what learners may end in is looked at."""


def staged_table(governed: Staged, worth: Array) -> Array:
    """Welfare at every joint plan, of that of every complete play `[N]`; empty where plans are too many."""
    try:
        if np.prod([float(len(own)) for own in governed.moves]) > PLANS:
            return np.zeros(0)
        return governed._at_strategies(np.repeat(worth[:, None], len(governed.players), 1))[..., 0]
    except TooLarge:
        return np.zeros(0)


def staged_worst(governed: Staged, table: Array) -> tuple[Claim, ...]:
    """What learners of whole plans may end in; nothing where `table` is empty."""
    return tuple(WorstCase().answer(Case.of(governed, None, worth=table))) if table.size else ()


def offered_worst(problem: Problem, rule: Institution, wanted: float) -> Claim:
    """What learners may end in under a rule as it is offered, what is decided in its own stage being left to them.

    `wanted` is the welfare asked for; unknown, without a number, where plans are too many. The claim has no evidence,
    which would be about another game than the one a proposal holds.
    """
    statement = f"Learners without regret cannot end, on average, in less welfare than {wanted:.6g}."
    claims = _looked_at(problem, rule, wanted)
    if not claims:
        return Claim(statement, "unknown", METHOD, numbers={"reason": f"more than {PLANS:,} joint plans"})
    return replace(claims[0], statement=statement, method=METHOD, evidence=None)


def _looked_at(problem: Problem, rule: Institution, wanted: float) -> tuple[Claim, ...]:
    try:
        governed = problem.agents.under(rule)
        if not isinstance(governed, Staged):
            return ()
        plays = Plays(governed.base, Charter(ground_of(governed.base), governed.institutions))
        table = staged_table(governed, problem.worth[tuple(plays.settled[2].T)])
    except TooLarge:
        return ()
    return WorstCase(floor=wanted).answer(Case.of(governed, None, worth=table)) if table.size else ()
