"""The smallest regard for others under which a wanted joint move is an equilibrium."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..core.delegation import Delegation
from ..core.exact import simple
from ..core.game import Game
from ..institutions.prosocial import Prosocial
from ._proposal import Impossible, Needs, Proposal, checked, propose
from ._remedy import Problem, Profile, require_margin

SOURCE = "Ledyard, Public Goods (1995), on other-regarding preferences; closed form by comparing every departure"


def prosocial(
    subject: Game | Delegation | Problem, target: Sequence[str] | None = None, *, margin: float = 0.01
) -> Proposal | Impossible:
    """The least weight on the others' payoffs, the same for all, under which nobody gains by leaving a joint move.

    With utility (1 − w)·u_i + w·Σ_{j≠i} u_j, a departure that gains g and costs the others E is not worth it from
    w = g / (g + E) on; where it costs them nothing (E ≤ 0), no weight below 1 helps. One that loses and helps the
    others (g, E < 0) is worth it from there on, so that too much regard may undo what some brings about.

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
    require_margin(margin)
    place, lead = problem.target(target), Fraction(str(margin)) * simple(problem.scale)
    departures, where = _departures(problem, place), f"({', '.join(problem.game.labels(place))})"
    low, high = _weights(departures, lead)
    if low[0] > min(high[0], 1):
        return Impossible("prosocial", _why_not(where, low, high))
    if low[0] == 0:
        because = f"{where} is an equilibrium without any regard for others."
        return Impossible("prosocial", because, "What is missing is coordination: advice may do.")
    (needed, _), weight = _weights(departures, Fraction(0))[0], float(low[0])
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
        numbers={"least weight": float(needed), "weight": weight},
    )


Departure = tuple[Any, Any, str]
"""What it gains, what it costs the others together, and whose it is."""

Bound = tuple[Any, "Departure | None"]
"""A weight, and the departure that makes it one."""


def _departures(problem: Problem, place: Profile) -> list[Departure]:
    """Every single departure."""
    found, rewards = [], problem.rewards
    for i, own in enumerate(problem.game.moves):
        for move, label in enumerate(own):
            if move != place[i]:
                there = (*place[:i], move, *place[i + 1 :])
                change = rewards[there] - rewards[place]
                words = f"{problem.game.players[i]} by {label}"
                found.append((change[i], change[i] - sum(change), words))
    return found


def _weights(departures: list[Departure], lead: Fraction) -> tuple[Bound, Bound]:
    """The least and the largest w ≥ 0 with (1 − w)·gain − w·cost ≤ −lead for all; the least is ∞ where there is none.

    Who would lose by leaving, and help the others, bounds it from above.
    """
    low: Bound = (Fraction(0), None)
    high: Bound = (math.inf, None)
    for one in departures:
        short, slope = one[0] + lead, one[0] + one[1]
        if slope > 0 and short / slope > low[0]:
            low = (short / slope, one)
        elif slope < 0 and short / slope < high[0]:
            high = (short / slope, one)
        elif slope == 0 and short > 0:
            low = (math.inf, one)
    return low, high


def _why_not(where: str, low: Bound, high: Bound) -> str:
    """Whose departure no weight makes a loss, or which two no weight makes losses both."""
    against = low[1] if low[0] > 1 else high[1] if high[0] < 0 else None
    if against is not None:
        gain, cost, words = against
        said = f"{words} gains {float(gain):.4g} and costs the others {float(cost):.4g} at {where}"
        return f"{said}: no regard for them speaks against it."
    assert low[1] is not None
    assert high[1] is not None
    gain, cost, words = high[1]
    said = f"{words} loses {-float(gain):.4g} and gives the others {-float(cost):.4g} at {where}"
    return f"{said}: enough regard to keep {low[1][2]} from leaving makes that worth doing."
