"""The smallest damages under which everybody signs a contract and keeps it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.delegation import Delegation
from ..core.game import Game
from ..institutions.contract import Contract
from ..institutions.fines import Fines
from ._payments import fined, upwards
from ._proposal import Impossible, Needs, Proposal, checked
from ._remedy import Problem, require_margin
from ._sees import sees
from ._signing import signing

SOURCE = "Christoffersen, Haupt and Hadfield-Menell, Get It in Writing (AAMAS 2023)"


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
    return agreed(problem, Contract(promise=labels[0], damages=damages))


def kept(problem: Problem, institution: Contract) -> Proposal | Impossible:
    """A contract that somebody brings along, where all sign and nobody gains by breaking it."""
    found = agreed(problem, institution)
    losers = [name for name in problem.game.players if found.effects.change[name] < -1e-9 * problem.scale]
    if losers:
        return Impossible("contract", f"{' and '.join(losers)} would have less with it than now, and not sign.")
    if found.claims[0].verdict != "proved":
        return Impossible("contract", f"Damages of {institution.damages:.4g} do not make everybody keep it.")
    return found


def agreed(problem: Problem, institution: Contract) -> Proposal:
    """What a contract is once all have signed it, whoever wrote it."""
    labels = (institution.promise,) * len(problem.game.players)
    place, damages = problem.game.profile(labels), institution.damages
    rewards, effects = np.asarray(problem.delegation.rewards, float), problem.effects(problem.surely(place))
    others = sorted({label for own in problem.game.moves for label in own} - {labels[0]})
    signed = problem.agents.under(Fines(schedule=tuple(("*", label, damages) for label in others)))
    seen, step = sees(problem, institution)
    promise = float(max((signed.payments - problem.payments).max(), 0.0))
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
        needs=Needs(fine=damages, promise=promise, observed=seen, information=step),
        effects=effects,
        status="optimal",
        minimised="damages",
        size=damages,
        bound=damages,
        claims=(*checked(problem, signed, place), *signing(problem, institution, labels, rewards[place], "contract")),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={"damages": damages, "promise": labels[0]},
    )
