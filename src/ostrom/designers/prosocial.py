"""The smallest regard for others under which a wanted joint move is an equilibrium."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.exact import simple
from ..core.game import Game
from ..institutions.prosocial import Prosocial
from ._proposal import Impossible, Needs, Proposal, checked, propose
from ._remedy import Problem, Profile

SOURCE = "Ledyard, Public Goods (1995), on other-regarding preferences; closed form by comparing every departure"


def prosocial(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, margin: float = 0.01
) -> Proposal | Impossible:
    """The least weight on the others' payoffs, the same for all, under which nobody gains by leaving a joint move.

    With utility (1 − w)·u_i + w·Σ_{j≠i} u_j, a departure that gains g and costs the others E is not worth it from
    w = g / (g + E) on; where it costs them nothing (E ≤ 0), no weight below 1 helps.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    margin : by how much the target has to be better, as a share (> 0) of the largest range of payoffs.

    Raises
    ------
    InputError : a margin that is not positive, an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> prosocial(PrisonersDilemma(), ("C", "C")).numbers["least weight"]
    0.4
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    if not 0 < margin < np.inf:
        raise InputError(f"The margin is {margin!r}.", "It makes the target better than the rest.", "Give 0.01.")
    place, lead = problem.target(target), Fraction(str(margin)) * simple(problem.scale)
    needed = [_weight(gain, others, Fraction(0)) for gain, others, _ in _departures(problem, place)]
    strict = [_weight(gain, others, lead) for gain, others, _ in _departures(problem, place)]
    where = f"({', '.join(problem.game.labels(place))})"
    if max(strict) >= 1:
        gain, others, words = max(_departures(problem, place), key=lambda one: _weight(one[0], one[1], lead))
        because = f"{words} gains {float(gain):.4g} and costs the others {float(others):.4g} at {where}"
        return Impossible("prosocial", f"{because}: no regard for them speaks against it.")
    weight = float(max(strict))
    if weight == 0:
        because = f"{where} is an equilibrium without any regard for others."
        return Impossible("prosocial", because, "What is missing is coordination: advice may do.")
    return propose(
        problem,
        place,
        Prosocial(weight=weight),
        approach="prosocial",
        sentence=f"If everybody gave the others' payoffs a weight of {weight:.4g}, {where} would be an equilibrium.",
        needs=Needs(observed="nothing"),
        minimised="weight on the others",
        size=weight,
        claims=lambda table: checked(problem, table, place),
        source=SOURCE,
        numbers={"least weight": float(max(needed)), "weight": weight},
    )


def _departures(problem: Problem, place: Profile) -> list[tuple[Fraction, Fraction, str]]:
    """`(what it gains, what it costs the others together, whose)` of every single departure."""
    found, rewards = [], problem.rewards
    for i, own in enumerate(problem.game.moves):
        for move, label in enumerate(own):
            if move != place[i]:
                there = (*place[:i], move, *place[i + 1 :])
                change = rewards[there] - rewards[place]
                words = f"{problem.game.players[i]} by {label}"
                found.append((change[i], change[i] - sum(change), words))
    return found


def _weight(gain: Fraction, others: Fraction, lead: Fraction) -> Fraction | float:
    """The least w ≥ 0 with (1 − w)·gain − w·others ≤ −lead; infinite where there is none."""
    if gain + lead <= 0:
        return Fraction(0)
    return (gain + lead) / (gain + others) if gain + others > 0 else math.inf
