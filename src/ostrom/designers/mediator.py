"""A mediator that acts for those who delegate: what it plays together, and against whoever stays out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from ..audits._case import Case
from ..audits.coalitions import Coalitions
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..institutions.mediator import Mediator
from ._held_down import Lottery, held_down
from ._proposal import Impossible, Needs, Proposal
from ._remedy import Problem, Profile, require_margin
from ._sees import sees

SOURCE = "Monderer and Tennenholtz, Strong Mediated Equilibrium (2009); Kalai, Kalai, Lehrer and Samet (2010)"

LARGEST = 20_000
"""Joint moves of the game with delegation up to which it is checked."""

Group = tuple[int, ...]
"""Seats in order."""


def mediator(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    margin: float = 0.01,
    up_to: int = 1,
) -> Proposal | Impossible:
    """A mediator to whom everybody delegates, who plays the target, and against one who stays out what holds it down.

    Nothing is paid and nothing is forbidden. Everybody delegating is an equilibrium just when each player has at least
    what the others can hold it down to when they act as one (its correlated minimax value, by linear programming). A
    single joint move is used against a player wherever one is enough, and a lottery otherwise.

    With `up_to` above 1 the same is asked of every group of up to that many players, in total: whatever its members
    play when they stay out together, they get no more between them than they have at the target. Then no group gains
    member by member either, and with groups of all sizes delegating is a strong mediated equilibrium (Monderer and
    Tennenholtz, 2009), even where those who stay out can pay each other.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    margin : by how much delegating has to be better than staying out, as a share (> 0) of the largest range of payoffs;
        where no punishment is that strong, any loss is taken, and if need be that staying out is only as good.
    up_to : how many players may stay out together and gain nothing in total by it; 1 is every player by itself.

    Raises
    ------
    InputError : a margin that is not positive, groups of less than one, an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> mediator(PrisonersDilemma()).sentence
    'A mediator that plays (C, C) for all who delegate, and (-, D) if only row stays out, is joined by everybody.'
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    if up_to < 1:
        raise InputError(f"Groups of up to {up_to} players.", do="Give a whole number of at least 1.")
    place, seats = problem.target(target), range(len(problem.game.players))
    if int(np.prod([size + 1 for size in problem.game.sizes])) > LARGEST:
        return Impossible("mediator", f"With delegation there are more than {LARGEST:,} joint moves.")
    rewards, plans = np.asarray(problem.delegation.rewards, float), {}
    for group in (group for size in range(1, min(up_to, len(seats)) + 1) for group in combinations(seats, size)):
        held, plans[group] = held_down(problem, rewards, place, group, margin * problem.scale)
        if held > rewards[place][list(group)].sum() + 2e-9 * problem.scale:
            return _out_of_reach(problem, rewards[place], place, group, held)
    return _proposal(problem, place, plans, min(up_to, len(seats)))


def _out_of_reach(problem: Problem, has: Array, place: Profile, group: Group, held: float) -> Impossible:
    """Why no mediator does, for a group that gets more by staying out whatever the others play."""
    where, names = f"({', '.join(problem.game.labels(place))})", [problem.game.players[i] for i in group]
    total = float(has[list(group)].sum())
    numbers, nearest = {"group": names, "gains": held - total}, "Pay it the difference, or aim elsewhere."
    if len(group) == 1:
        because = f"{names[0]} has {total:.4g} at {where} and can be held down to {held:.4g} only: it would stay out."
        return Impossible("mediator", because, nearest, numbers)
    if len(group) == len(has):
        because = f"all together have {total:.4g} at {where} and could have {held:.4g}, {held - total:.4g} more."
        return Impossible("mediator", because, "Aim where the total is greatest, or at smaller groups.", numbers)
    because = f"{', '.join(names[:-1])} and {names[-1]} have {total:.4g} in total at {where} and can be held down to "
    because += f"{held:.4g} only: they would stay out together and gain {held - total:.4g}."
    return Impossible("mediator", because, f"Pay them the difference, or keep to groups of {len(group) - 1}.", numbers)


def _proposal(problem: Problem, place: Profile, plans: dict[Group, Lottery], up_to: int) -> Proposal:
    game, target = problem.game, problem.game.labels(place)
    institution = Mediator(together=target, alone=_alone(plans, len(place)), against=_rows(game, plans))
    governed, (seen, step) = problem.agents.under(institution), sees(problem, institution)
    shown = f"({', '.join(plans[0,][0][0])})" if len(plans[0,]) == 1 else "a lottery"
    no_group = f"; no group of up to {up_to} gains in total by staying out" if up_to > 1 else ""
    named = {" and ".join(game.players[i] for i in group): plan for group, plan in plans.items()}
    delegate = ("delegate",) * len(place)
    worth = _worth(problem, governed, institution)
    effects = problem.effects(problem.surely(place))
    case = Case.of(governed, delegate, worth=worth)
    claims = (*Equilibria().answer(case), *WorstCase().answer(case), *Coalitions(up_to=max(2, up_to)).answer(case))
    return Proposal(
        approach="mediator",
        institution=institution,
        governed=governed,
        target=delegate,
        outcome=problem.surely(place),
        worth=worth,
        sentence=(
            f"A mediator that plays ({', '.join(target)}) for all who delegate, and {shown} if only "
            f"{game.players[0]} stays out, is joined by everybody{no_group}."
        ),
        needs=Needs(observed=seen, information=step),
        effects=effects,
        status="optimal",
        minimised="what staying out brings",
        size=0.0,
        bound=0.0,
        claims=claims,
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={"against": {who: [list(labels) for labels, _ in plan] for who, plan in named.items()}},
    )


def _rows(game: Game, plans: dict[Group, Lottery]) -> tuple[tuple[Any, ...], ...]:
    """The mediator's answers; to all staying out there is none, since nobody is left to play for."""
    rows: list[tuple[Any, ...]] = []
    for group, plan in plans.items():
        names = tuple(game.players[i] for i in group)
        who = names[0] if len(group) == 1 else names
        if len(group) < len(game.players):
            rows += [(who, labels, odds) if len(plan) > 1 else (who, labels) for labels, odds in plan]
    return tuple(rows)


def _alone(plans: dict[Group, Lottery], count: int) -> tuple[str, ...]:
    """What each plays when others stay out: what it plays against the first other player that stays out."""
    return tuple(plans[((i + 1) % count,)][0][0][i] for i in range(count))


def _worth(problem: Problem, governed: Game, institution: Mediator) -> Array:
    """Welfare of the governed joint moves: the mean, over its lotteries, of what the game's own are worth."""
    as_facts = NormalForm(
        np.repeat(problem.worth[..., None], len(problem.game.players), axis=-1),
        players=problem.game.players,
        moves=problem.game.moves,
    )
    return as_facts.under(institution).payoffs[..., 0]
