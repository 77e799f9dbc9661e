"""Rules whose payments come about only sometimes: every amount raised so that what is to be expected stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..audits._case import Case
from ..audits.evasion import Evasion
from ..core.institution import Institution
from ..institutions.contract import Contract
from ..institutions.fines import Fines
from ..institutions.tax import Tax
from ..institutions.transfers import Transfers
from ._proposal import Proposal, checked
from ._remedy import Problem

RAISED = ("tax", "fines", "balanced", "contract")
"""Approaches whose payments somebody has to be made to pay. Promises are kept by a sponsor, and need no detection."""


def raised(problem: Problem, proposal: Proposal, chance: float) -> Proposal:
    """The proposal with every amount 1 / `chance` of what it was (Becker 1968), and the claim that it still deters.

    The fine that is written down has to be that much larger for the same fine to be expected.
    """
    if chance == 1 or proposal.approach not in RAISED or proposal.target is None:
        return proposal
    institution = _scaled(proposal.institution, 1 / chance)
    governed = problem.agents.under(_signed(institution, problem))
    place, needs = problem.game.profile(proposal.target), proposal.needs
    case = Case.of(governed, proposal.target, worth=proposal.worth)
    needs = replace(needs, cost=needs.cost / chance, fine=needs.fine / chance, promise=needs.promise / chance)
    paid = governed.payments[place] - problem.payments[place]
    more = f"As payments come about with a chance of {chance:g} only, amounts are 1/{chance:g} of that"
    return replace(
        proposal,
        institution=institution,
        governed=governed,
        sentence=f"{proposal.sentence} {more}: up to {max(needs.fine, needs.promise):.4g}.",
        needs=needs,
        effects=problem.effects(problem.surely(place), paid),
        size=proposal.size / chance,
        bound=proposal.bound / chance,
        claims=(*checked(problem, governed, place), Evasion(detection=chance).answer(case)[0]),
        numbers={**proposal.numbers, "detection": chance},
    )


def _scaled(institution: Institution, factor: float) -> Institution:
    if isinstance(institution, Tax):
        return replace(institution, rate=institution.rate * factor)
    if isinstance(institution, Contract):
        return replace(institution, damages=institution.damages * factor)
    if isinstance(institution, Fines):
        rows = ((player, label, amount * factor) for player, label, amount in institution.schedule)
        return replace(institution, schedule=tuple(rows))
    assert isinstance(institution, Transfers)
    return replace(institution, payments=np.asarray(institution.payments) * factor)


def _signed(institution: Institution, problem: Problem) -> Institution:
    """What is paid once all have signed, of a contract; of any other rule the rule."""
    if not isinstance(institution, Contract):
        return institution
    others = sorted({label for own in problem.game.moves for label in own} - {institution.promise})
    return Fines(schedule=tuple(("*", label, institution.damages) for label in others))
