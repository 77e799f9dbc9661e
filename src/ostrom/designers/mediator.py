"""A mediator that acts for those who delegate: what it plays together, and against whoever stays out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

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
from ..solvers._highs import solve_lp
from ._proposal import Impossible, Needs, Proposal
from ._remedy import Problem, Profile

SOURCE = "Monderer and Tennenholtz, Strong Mediated Equilibrium (2009); Kalai, Kalai, Lehrer and Samet (2010)"

GRID = 1000
"""Odds of a lottery are whole parts of this."""

LARGEST = 20_000
"""Joint moves of the game with delegation up to which it is checked."""

Lottery = tuple[tuple[tuple[str, ...], float], ...]


def mediator(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, margin: float = 0.01
) -> Proposal | Impossible:
    """A mediator to whom everybody delegates, who plays the target, and against one who stays out what holds it down.

    Nothing is paid and nothing is forbidden. Everybody delegating is an equilibrium just when each player has at least
    what the others can hold it down to when they act as one (its correlated minimax value, by linear programming). A
    single joint move is used against a player wherever one is enough, and a lottery otherwise.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    margin : by how much delegating has to be better than staying out, as a share (> 0) of the largest range of payoffs;
        where no punishment is that strong, any loss is taken.

    Raises
    ------
    InputError : a margin that is not positive, an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> mediator(PrisonersDilemma()).sentence
    'A mediator that plays (C, C) for all who delegate, and (-, D) if only row stays out, is joined by everybody.'
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    if not 0 < margin < np.inf:
        raise InputError(f"The margin is {margin!r}.", "It makes delegating better than staying out.", "Give 0.01.")
    place, rewards = problem.target(target), np.asarray(problem.delegation.rewards, float)
    where, plans = f"({', '.join(problem.game.labels(place))})", []
    if int(np.prod([size + 1 for size in problem.game.sizes])) > LARGEST:
        return Impossible("mediator", f"With delegation there are more than {LARGEST:,} joint moves.")
    for i, name in enumerate(problem.game.players):
        held, plan = _held_down(problem, rewards, place, i, margin * problem.scale)
        if held > rewards[(*place, i)] + 1e-9 * problem.scale:
            because = f"{name} has {rewards[(*place, i)]:.4g} at {where} and can be held down to {held:.4g} only"
            return Impossible("mediator", f"{because}: it would stay out.", "Pay it the difference, or aim elsewhere.")
        plans.append(plan)
    return _proposal(problem, place, plans)


def _held_down(problem: Problem, rewards: Array, place: Profile, i: int, lead: float) -> tuple[float, Lottery]:
    """The most that player i can get against the others' plan, and the plan, as labels with odds."""
    own = np.moveaxis(rewards[..., i], i, 0)
    table, least = own.reshape(len(own), -1), float(rewards[(*place, i)])
    most = table.max(0)
    enough = np.flatnonzero(most <= least - lead)
    pure = int(enough[0]) if len(enough) else int(np.argmin(most))
    shape, moves = own.shape[1:], problem.game.moves
    if len(enough) or most[pure] <= least:
        return float(most[pure]), ((_labels(moves, shape, pure, i), 1.0),)
    count = table.shape[1]
    answer = solve_lp(
        np.append(np.zeros(count), 1.0),
        np.column_stack([table, -np.ones(len(table))]),
        np.zeros(len(table)),
        np.append(np.ones(count), 0.0)[None],
        np.ones(1),
        np.append(np.zeros(count), -np.inf),
    )
    if answer.x is None:
        return float(most[pure]), ((_labels(moves, shape, pure, i), 1.0),)
    parts = np.rint(answer.x[:-1] * GRID)
    parts[int(np.argmax(parts))] += GRID - parts.sum()
    drawn = np.flatnonzero(parts)
    plan = tuple((_labels(moves, shape, int(k), i), float(Fraction(int(parts[k]), GRID))) for k in drawn)
    return float((table @ (parts / GRID)).max()), plan


def _labels(moves: tuple[tuple[str, ...], ...], shape: tuple[int, ...], number: int, out: int) -> tuple[str, ...]:
    """What the others play, by label; "-" for the one who stays out."""
    others = iter(map(int, np.unravel_index(number, shape)))
    return tuple("-" if k == out else own[next(others)] for k, own in enumerate(moves))


def _proposal(problem: Problem, place: Profile, plans: list[Lottery]) -> Proposal:
    game, target = problem.game, problem.game.labels(place)
    rows = [
        (name, labels, odds) if len(plan) > 1 else (name, labels)
        for name, plan in zip(game.players, plans, strict=True)
        for labels, odds in plan
    ]
    institution = Mediator(together=target, alone=_alone(game, plans), against=tuple(rows))
    governed = problem.agents.under(institution)
    shown = [f"({', '.join(plan[0][0])})" if len(plan) == 1 else "a lottery" for plan in plans[:1]]
    named = list(zip(game.players, plans, strict=True))
    delegate = ("delegate",) * len(place)
    worth = _worth(problem, governed, institution)
    effects = problem.effects(problem.surely(place))
    case = Case.of(governed, delegate, worth=worth)
    claims = (*Equilibria().answer(case), *WorstCase().answer(case), *Coalitions(up_to=2).answer(case))
    return Proposal(
        approach="mediator",
        institution=institution,
        governed=governed,
        target=delegate,
        outcome=problem.surely(place),
        worth=worth,
        sentence=(
            f"A mediator that plays ({', '.join(target)}) for all who delegate, and {shown[0]} if only "
            f"{game.players[0]} stays out, is joined by everybody."
        ),
        needs=Needs(observed="who delegates", information=2),
        effects=effects,
        status="optimal",
        minimised="what staying out brings",
        size=0.0,
        bound=0.0,
        claims=claims,
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={"against": {name: [list(labels) for labels, _ in plan] for name, plan in named}},
    )


def _alone(game: Game, plans: list[Lottery]) -> tuple[str, ...]:
    """What each plays when several stay out: what it plays against the first other player that stays out."""
    return tuple(plans[(i + 1) % len(plans)][0][0][i] for i in range(len(plans)))


def _worth(problem: Problem, governed: Game, institution: Mediator) -> Array:
    """Welfare of the governed joint moves: the mean, over its lotteries, of what the game's own are worth."""
    as_facts = NormalForm(
        np.repeat(problem.worth[..., None], len(problem.game.players), axis=-1),
        players=problem.game.players,
        moves=problem.game.moves,
    )
    return as_facts.under(institution).payoffs[..., 0]
