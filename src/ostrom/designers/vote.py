"""A binding ballot on what everybody does, where enough have more by it to carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ..audits._case import Case
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.game import Game
from ..institutions.vote import Vote
from ._closed import closed_off, refused
from ._proposal import Impossible, Needs, Proposal
from ._remedy import ROUNDING, Problem, Profile, require_margin
from ._sees import sees
from ._signing import leads_to
from ._stakes import Stakes, ballot, needed
from ._weights import anyway

SOURCE = "May (1952); Buchanan and Tullock, The Calculus of Consent (1962)"


def vote(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, margin: float = 0.01
) -> Proposal | Impossible:
    """A ballot on a joint move before play: carried, it is what everybody does.

    Whose agent gets more there than it has now votes for it. Where all do, all have to agree, so that each vote decides
    and nobody is bound against its will; else more than half of the votes carry it, where so many have more by it.
    Otherwise it is said who would vote against it, and what would be carried.

    `governed` is the ballot, with what is played now where the motion is lost; `game.under(institution)` has both
    stages.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move put to the vote, by label; default the welfare optimum.
    margin : by how much more a player has to have to vote for it, as a share (> 0) of the largest range of payoffs.

    Raises
    ------
    InputError : a margin that is not positive, an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> vote(PrisonersDilemma()).institution
    Vote(motion='C', needed=2)
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    place = problem.target(target)
    if why := refused(problem, "vote", "carried"):
        return why
    if problem.now[place] >= 1 - ROUNDING:
        because = f"({', '.join(problem.game.labels(place))}) is what is played now, so there is nothing to vote on."
        return Impossible("vote", because)
    stakes = Stakes(problem, place, margin * problem.scale)
    return _proposal(stakes) if stakes.needed else _impossible(stakes)


def put_to_the_vote(problem: Problem, rule: Vote) -> Proposal | Impossible:
    """A ballot that somebody brings along, where those who have more by it vote for it and all others against it."""
    count, rule_for = len(problem.game.players), rule.motion
    place = problem.game.profile((rule_for,) * count if isinstance(rule_for, str) else rule_for)
    stakes = Stakes(problem, place, 0.0, rule.needed or count // 2 + 1)
    return _proposal(stakes) if int(stakes.favours.sum()) >= stakes.needed else _impossible(stakes)


def _impossible(stakes: Stakes) -> Impossible:
    """Who votes against it, and what would be carried."""
    problem, sure, lose = stakes.problem, stakes.surely, stakes.losers
    where = f"({', '.join(problem.game.labels(stakes.place))})"
    votes, unmoved = int(sure.sum()), ~sure & ~lose
    head = f"Only {stakes.named(sure)} would vote for {where}, {votes} of {len(sure)}"
    against = f"{stakes.named(lose)} would have less than now" if lose.any() else ""
    same = f"{stakes.named(unmoved)} would hardly have more" if unmoved.any() else ""
    because = head if votes else f"Nobody would vote for {where}"
    because = f"{because}: {' and '.join(filter(None, (against, same)))}."
    paid = "Paid out of what the others gain they would agree: see the bargained contract, or balanced payments."
    other, need = _carried(stakes)
    nearest = [] if other is None else [_would_be(problem, other, need)]
    nearest += [paid] if stakes.gains.sum() > stakes.lead else []
    numbers = {"gains": dict(zip(problem.game.players, stakes.gains.tolist(), strict=True)), "votes": votes}
    return Impossible("vote", because, " ".join(nearest), numbers)


def _carried(stakes: Stakes) -> tuple[Profile | None, int]:
    """The best joint move that a vote would carry and that is better than now; and the votes it would be asked for."""
    problem, count = stakes.problem, len(stakes.gains)
    votes = (np.asarray(problem.delegation.rewards, float) - stakes.now > stakes.lead).sum(-1)
    better = problem.worth > (problem.now * problem.worth).sum() + ROUNDING * np.ptp(problem.worth)
    open_to = better & (votes >= count // 2 + 1)
    if not open_to.any():
        return None, 0
    best = np.unravel_index(int(np.argmax(np.where(open_to, problem.worth, -np.inf))), problem.worth.shape)
    place = tuple(int(k) for k in best)
    return place, needed(int(votes[place]), count)


def _would_be(problem: Problem, place: Profile, votes: int) -> str:
    who = "All" if votes == len(place) else "A majority"
    return f"{who} would vote for ({', '.join(problem.game.labels(place))}), worth {problem.worth[place]:.4g}."


def _proposal(stakes: Stakes) -> Proposal:
    problem, place = stakes.problem, stakes.place
    labels, count = problem.game.labels(place), len(place)
    institution = Vote(motion=labels[0] if len(set(labels)) == 1 else labels, needed=stakes.needed)
    ballots = tuple("yes" if one else "no" for one in stakes.favours)
    governed, worth = ballot(stakes)
    effects, case = problem.effects(problem.surely(place)), Case.of(governed, ballots, worth=worth)
    (forbidden, share), (seen, step) = closed_off(problem), sees(problem, institution)
    return Proposal(
        approach="vote",
        institution=institution,
        governed=governed,
        target=ballots,
        outcome=problem.surely(place),
        worth=worth,
        sentence=_sentence(stakes),
        needs=Needs(forbidden=forbidden, share=share, observed=seen, information=step),
        effects=effects,
        status="optimal",
        minimised="votes needed",
        size=float(stakes.needed),
        bound=float(stakes.needed),
        claims=(
            *Equilibria().answer(case),
            *map(partial(_or_as_without, problem), WorstCase().answer(case)),
            _dominant(case),
            *leads_to(problem, institution, {"vote": ballots}, stakes.there, _statement(stakes)),
        ),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "gains": dict(zip(problem.game.players, stakes.gains.tolist(), strict=True)),
            "votes": int(stakes.favours.sum()),
            "of": count,
            "needed": stakes.needed,
        },
    )


def _statement(stakes: Stakes) -> str:
    who = "All voting for it" if stakes.favours.all() else "Those who have more by it voting for it"
    return f"{who} is a subgame-perfect outcome."


def _sentence(stakes: Stakes) -> str:
    where, yes = f"({', '.join(stakes.problem.game.labels(stakes.place))})", stakes.favours
    if stakes.needed == len(yes):
        return f"Put to the vote, {where} is carried by all, who have more by it than now, and binds everybody."
    rest = f"{stakes.named(stakes.losers)} would have less" if stakes.losers.any() else "nobody has less"
    return (
        f"Put to the vote, {where} is carried by {stakes.named(yes)}, {int(yes.sum())} of {len(yes)}, and binds "
        f"everybody; {rest} than now."
    )


def _or_as_without(problem: Problem, claim: Claim) -> Claim:
    """The claim with a worst case that is at most that without a vote: where it is lost, learners may end there."""
    if "worst" not in claim.numbers:
        return claim
    worst = float(np.fmin(claim.numbers["worst"], anyway(problem)))
    return replace(claim, numbers={**claim.numbers, "worst": worst})


def _dominant(case: Case) -> Claim:
    """That no ballot that is cast is worse than another, however the others vote: it is not weakly dominated."""
    evidence = {"kind": "dominant", "target": case.target}
    method = "every joint ballot, with what is played now where the motion is lost"
    return case.settled("Nobody can do better by another vote, however the others vote.", True, evidence, method)
