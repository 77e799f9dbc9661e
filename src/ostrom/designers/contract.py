"""The smallest damages under which everybody signs a contract and keeps it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.errors import TooLarge
from ..core.game import Game
from ..institutions.contract import Contract
from ..institutions.fines import Fines
from ._payments import fined, upwards
from ._proposal import Impossible, Needs, Proposal, checked
from ._remedy import Problem, Profile, require_margin

SOURCE = "Christoffersen, Haupt and Hadfield-Menell, Get It in Writing (AAMAS 2023)"

LARGEST = 64
"""Joint moves of a game up to which every way of signing and playing is looked at."""


def contract(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, margin: float = 0.01
) -> Proposal | Impossible:
    """A contract that all sign before play: who breaks it pays damages to the others.

    The damages are the most that breaking it can gain, whatever the others do, and a margin. It comes into force only
    if everybody signs, so nobody signs who would have less with it: what each has without it is what is played now.
    `governed` is the game once all have signed; `game.under(institution)` has both stages.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move, the same label for all; default the welfare optimum.
    margin : by how much keeping it has to be better, as a share (> 0) of the largest range of payoffs.

    Raises
    ------
    InputError : a margin that is not positive, an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> contract(PrisonersDilemma()).institution
    Contract(promise='C', damages=2.05, each_round=False)
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    place = problem.target(target)
    labels, rewards = problem.game.labels(place), np.asarray(problem.delegation.rewards, float)
    if len(set(labels)) > 1:
        because = f"A contract here promises the same of everybody, and ({', '.join(labels)}) asks different things"
        return Impossible("contract", f"{because}.", "Fines can differ from player to player.")
    effects = problem.effects(problem.surely(place))
    players = problem.game.players
    losers = [name for name in players if effects.change[name] < -1e-9 * problem.scale]
    if losers:
        said = f"{' and '.join(losers)} would have less with it than now, and not sign."
        return Impossible("contract", said, "Balanced payments with voluntary=True make up for it if anything can.")
    lead = margin * problem.scale
    damages = max(float(upwards(fine, lead).max()) for fine in fined(rewards, place, lead))
    if damages == 0:
        because = f"({', '.join(labels)}) is the best everybody can do, so there is nothing to sign."
        return Impossible("contract", because, "What is missing is coordination: advice may do.")
    institution = Contract(promise=labels[0], damages=damages)
    others = sorted({label for own in problem.game.moves for label in own} - {labels[0]})
    signed = problem.agents.under(Fines(schedule=tuple(("*", label, damages) for label in others)))
    needs = Needs(
        fine=damages,
        promise=damages / max(1, len(players) - 1),
        observed="own moves",
        information=2,
    )
    return Proposal(
        approach="contract",
        institution=institution,
        governed=signed,
        target=labels,
        outcome=problem.surely(place),
        worth=problem.worth_under(signed),
        sentence=(
            f"Once all have signed to play {labels[0]}, damages of {damages:.4g} for breaking it, shared among the "
            "others, make everybody keep it."
        ),
        needs=needs,
        effects=effects,
        status="optimal",
        minimised="damages",
        size=damages,
        bound=damages,
        claims=(*checked(problem, signed, place), *_claims(problem, institution, place)),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={"damages": damages, "promise": labels[0]},
    )


def _claims(problem: Problem, institution: Contract, place: Profile) -> list[Claim]:
    """What signing and then playing can lead to, by backward induction where there are few moves."""
    statement = "All signing and keeping the contract is a subgame-perfect outcome."
    method = "backward induction over pure play, in float64"
    if problem.game.size > LARGEST:
        reason = f"{problem.game.size:,} joint moves; up to {LARGEST} are followed through both stages"
        return [Claim(statement, "unknown", method, numbers={"reason": reason})]
    try:
        found = problem.agents.under(institution).subgame_perfect()
    except TooLarge as error:
        return [Claim(statement, "unknown", method, numbers={"reason": error.what})]
    wanted, slack = np.asarray(problem.delegation.rewards, float)[place], 1e-9 * problem.scale
    same = [point for point in found.points if np.abs(np.array(point.payoffs) - wanted).max() <= slack]
    reached = [point for point in same if _kept(point.path, institution)]
    others = len(found.points) - len(same)
    numbers = {"outcomes": len(found.points), "others": others, "status": found.status}
    if reached:
        claims = [Claim(statement, "proved", method, slack, numbers)]
    elif found.status == "complete":
        witness = {"outcomes": [list(map(float, point.payoffs)) for point in found.points[:4]]}
        claims = [Claim(statement, "refuted", method, slack, numbers, witness)]
    else:
        return [Claim(statement, "unknown", method, numbers=numbers)]
    only = "No other subgame-perfect outcome has other payoffs."
    if found.status != "complete":
        return [*claims, Claim(only, "unknown", method, numbers=numbers)]
    if not others:
        return [*claims, Claim(only, "proved", method, slack, numbers)]
    point = next(point for point in found.points if np.abs(np.array(point.payoffs) - wanted).max() > slack)
    path = ["; ".join(" ".join(choice) for choice in stage) for stage in point.path]
    return [*claims, Claim(only, "refuted", method, slack, numbers, {"payoffs": list(point.payoffs), "path": path})]


def _kept(path: tuple[tuple[tuple[str, str], ...], ...], institution: Contract) -> bool:
    """Whether along that path all sign, and then do what they promised."""
    wanted = {"sign": "yes", "act": institution.promise}
    return all(wanted.get(part, label) == label for stage in path for part, label in stage)
