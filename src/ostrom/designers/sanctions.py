"""Graduated sanctions: warnings first, then the least fine, remembered no longer than it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ..core.lifts.repeated import Repeated
from ..institutions.fines import Fines
from ..institutions.graduated_sanctions import GraduatedSanctions
from ._payments import upwards
from ._proposal import Impossible, Needs, Proposal, checked
from ._remedy import Problem, Profile, require_margin
from ._tempted import tempted

SOURCE = "Ostrom, Governing the Commons (1990); Shimao and Nakamaru, Strict or Graduated Punishment? (2013)"

STATES = 400
"""States of what is remembered of one player up to which its repeated game is looked at."""

EDGE = 1e-9
"""In float64, the share of an amount that is no difference."""


def sanctions(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    discount: float = 0.9,
    warnings: int = 1,
    tolerated: float = 0.2,
    slips: float = 0.01,
    margin: float = 0.01,
) -> Proposal | Impossible:
    """So many free warnings, then a fine that deters, forgotten as soon as that may be.

    A warning is free, so no fine after it deters from using it up. With w warnings that are forgotten after F rounds,
    who violates w times and then waits has the share (1 - δ^w) / (1 - δ^(w + F)) of its temptation g per round, and
    nobody can have more. F is the least at which that is no more than `tolerated`; the fine is g and a margin.

    `governed` is a round of those whose warnings are used up. The institution remembers: lay it round
    `game.repeated(discount)`.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum. One label alone may tempt away from it.
    discount : factor δ, 0 to below 1. warnings : w, at least 0; without any, nothing is gained, and F is 1.
    tolerated : the most that violating may gain per round, as a share of the temptation, above 0 to 1.
    slips : odds, 0 to 1/2, with which somebody violates without meaning to; `numbers` say what it pays a round
        (`slips pay`), and what it would if there were no warnings (`without warnings`), fines alone.
    margin : by how much a fined violation is worse, as a share (> 0) of the largest range of payoffs.

    Raises
    ------
    InputError : numbers out of range; `UnknownName` for a move there is not, `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> found = sanctions(PrisonersDilemma())
    >>> found.institution.fines, found.institution.forgotten
    ((0.0, 2.05), 6)
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    _require(discount, warnings, tolerated, slips)
    place = problem.target(target)
    labels, lead = problem.game.labels(place), margin * problem.scale
    gains = tempted(problem, place, "equilibrium")
    tempting = {
        label
        for one, own in zip(gains, problem.game.moves, strict=True)
        for label, gain in zip(own, one.gains, strict=True)
        if gain > -lead
    }
    temptation, where = max(one.gain for one in gains), f"({', '.join(labels)})"
    if temptation <= 0:
        because = f"{where} holds without fines: nobody gains by leaving it."
        return Impossible("sanctions", because, "What is missing is coordination: advice may do.")
    if len(tempting) > 1 or tempting & set(labels):
        because = f"One move is fined, and {' and '.join(sorted(tempting))} tempt away from {where}."
        return Impossible("sanctions", because, "Fines can differ from move to move.")
    least = 1 - discount**warnings
    if warnings and least >= tolerated * (1 - EDGE):
        because = (
            f"Who uses up {warnings} free warning{'s' * (warnings != 1)} has {least:.3g} of its temptation a round, "
        )
        because += "even if nothing is forgotten."
        most = math.floor(math.log(1 - tolerated) / math.log(discount)) if discount > 0 and tolerated < 1 else 0
        most -= most > 0 and 1 - discount**most >= tolerated * (1 - EDGE)
        return Impossible("sanctions", because, f"Give {most} warnings at most, or tolerate more.", {"warnings": most})
    forgotten = _rounds(discount, warnings, tolerated)
    (on,) = tempting
    fine = float(upwards(np.array([temptation + lead]), lead)[0])
    institution = GraduatedSanctions(on=on, fines=(*[0.0] * warnings, fine), forgotten=forgotten)
    governed = problem.agents.under(Fines(schedule=(("*", on, fine),), shared=False))
    effects = problem.effects(problem.surely(place))
    share = _most(discount, warnings, forgotten)
    return Proposal(
        approach="sanctions",
        institution=institution,
        governed=governed,
        target=labels,
        outcome=problem.surely(place),
        worth=problem.worth_under(governed),
        sentence=_sentence(institution, where, share),
        needs=Needs(fine=fine, observed="own moves", information=2),
        effects=effects,
        status="optimal",
        minimised="rounds until all is forgotten",
        size=forgotten,
        bound=forgotten,
        claims=(*checked(problem, governed, place), _claim(problem, institution, discount, place, share * temptation)),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "temptation": temptation,
            "share": share,
            "without warnings": slips * fine,
            **({"slips pay": _paid(institution, discount, slips)} if _states(institution) <= STATES else {}),
        },
    )


def _sentence(institution: GraduatedSanctions, where: str, share: float) -> str:
    warnings, forgotten, on = len(institution.fines) - 1, institution.forgotten, institution.on
    first = f"{warnings} free warning{'s' * (warnings != 1)} for {on}, then fines" if warnings else f"Fines for {on}"
    kept = f", all forgotten after {forgotten} rounds without it" if warnings else ""
    gained = f"more than {share:.1%} of its temptation" if warnings else "anything"
    return f"{first} of {institution.fines[-1]:.4g}{kept}: nobody gains {gained} by leaving {where}."


def _rounds(discount: float, warnings: int, tolerated: float) -> int:
    """The least rounds until all is forgotten at which no more is gained than is tolerated; at least 1."""
    left = 1 - (1 - discount**warnings) / tolerated  # what δ^(w + F) may be
    found = max(1, math.floor(math.log(left) / math.log(discount)) - warnings - 1) if warnings else 1
    while _most(discount, warnings, found) > tolerated:
        found += 1
    return found


def _most(discount: float, warnings: int, forgotten: int) -> float:
    """The share of a temptation that who uses up the warnings, and waits, has per round."""
    return (1 - discount**warnings) / (1 - discount ** (warnings + forgotten))


def _states(institution: GraduatedSanctions) -> int:
    """How much can be remembered of one player."""
    return len(institution.fines) * institution.forgotten + 1


def _paid(institution: GraduatedSanctions, discount: float, slips: float) -> float:
    """Fines per round of somebody who violates with such odds, beginning with none."""
    alone = NormalForm([[0.0], [0.0]], moves=("keep", institution.on))
    odds = {"act": {"keep": 1 - slips, institution.on: slips}}
    return -float(Repeated(alone, discount, (institution,)).value(lambda look: odds)[0, 0])


def _claim(problem: Problem, institution: GraduatedSanctions, discount: float, place: Profile, most: float) -> Claim:
    """The most that anybody gains, read off the repeated game of each player: of others' records nothing is paid."""
    statement = f"While the others keep to it, nobody gains more than {most:.6g} a round by any strategy at any state."
    method, slack = "best replies at every state, by policy iteration in float64", EDGE * problem.scale
    states = _states(institution)
    if states > STATES:
        return Claim(statement, "unknown", method, slack, numbers={"reason": f"{states:,} states of each player"})
    rewards, gain = np.asarray(problem.delegation.rewards, float), 0.0
    for i, own in enumerate(problem.game.moves):
        alone = NormalForm(rewards[(*place[:i], slice(None), *place[i + 1 :], i)][:, None], moves=own)
        keep = {"act": own[place[i]]}
        found = Repeated(alone, discount, (institution,)).gains(lambda look, keep=keep: keep)
        gain = max(gain, float(found.max()))
    numbers = {"largest gain": gain, "states": states}
    if gain <= most + slack:
        return Claim(statement, "proved", method, slack, numbers)
    return Claim(statement, "refuted", method, slack, numbers, {"gain": gain})


def _require(discount: float, warnings: int, tolerated: float, slips: float) -> None:
    checks = (
        (0 <= discount < 1, f"discount={discount!r}", "0 ≤ δ < 1"),
        (warnings == int(warnings) and warnings >= 0, f"warnings={warnings!r}", "a whole number from 0"),
        (0 < tolerated <= 1, f"tolerated={tolerated!r}", "above 0, up to 1"),
        (0 <= slips <= 0.5, f"slips={slips!r}", "0 to 1/2"),
    )
    for fine, said, asked in checks:
        if not fine:
            raise InputError(f"sanctions({said}) was asked.", f"It is to be {asked}.", "Give such a number.")
