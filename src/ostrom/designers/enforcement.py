"""How much enforcement is enough: the cheapest odds of inspection under which fines hold a joint move."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.game import Array, Game
from ..institutions.enforced import Enforced
from ..institutions.fines import Fines
from ._enforcement_plan import Plan
from ._inspector import Inspector
from ._payments import Concept, lacking
from ._proposal import Impossible, Proposal
from ._remedy import Problem, Profile, require_margin
from ._tempted import Tempted, alone, tempted
from ._visits import Visits


def enforcement(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    fine: float,
    inspection: float | Sequence[float] = 1.0,
    missed: float = 0.0,
    mistaken: float = 0.0,
    wrong: float | None = None,
    bribe: float = math.inf,
    most: float = 1.0,
    apart: bool = False,
    together: Sequence[Sequence[str]] = (),
    concept: Concept = "equilibrium",
    margin: float = 0.01,
) -> Proposal | Impossible:
    """The least odds of inspection, and the fines, under which nobody gains by leaving a joint move; at least cost.

    An inspection that is worth D = (1 - missed) min(fine, bribe) - mistaken min(wrong, bribe) deters from a gain g from
    the odds g / D on (Becker 1968), so fines are as large as they can be where they bind, and elsewhere no larger than
    it takes. Where one visit sees several players, whom to visit is a linear program (a fractional cover), with prices.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum.
    fine : the most that anybody can be made to pay, in payoff units.
    inspection : what it costs to inspect one player for a round (or to make one visit of `together`): one number, or
        one for each. It is paid from outside.
    missed, mistaken, wrong, bribe : as for `Enforced`; by default who is condemned by mistake pays the largest charge.
    most : the largest odds with which anybody can be inspected.
    apart : whether odds may differ by player; otherwise all are inspected as often as who has to be most often.
    together : the players that each possible visit sees; default each player by itself.
    concept : whether the target is to be an "equilibrium", or "dominant".
    margin : by how much the target has to be better, as a share (> 0) of the largest range of payoffs.

    `numbers["players"]` holds, by player, `least detection` (without the margin) and its `slopes` per unit of gain,
    fine, bribe and either error; `numbers["slopes"]` the same of what inspections cost in all.

    Raises
    ------
    InputError : odds beyond 0 to 1, amounts that are negative, a margin that is not positive, visits that leave out a
        player; `UnknownName` for moves and players that are not there, `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> found = enforcement(PrisonersDilemma(), fine=5, missed=0.1, mistaken=0.1)
    >>> round(found.numbers["players"]["row"]["least detection"], 9), found.institution.detection
    (0.5, 0.5125)
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    if concept not in ("dominant", "equilibrium"):
        raise InputError(f"The concept is {concept!r}.", do='Give "equilibrium" or "dominant".')
    inspector = Inspector(float(fine), float(bribe), missed, mistaken, wrong, most)
    visits = Visits.of(problem.game.players, together, inspection)
    place, lead = problem.target(target), margin * problem.scale
    gains = tempted(problem, place, concept)
    if max(one.gain for one in gains) + lead <= 0:
        because = f"({', '.join(problem.game.labels(place))}) holds without inspections: nobody gains by leaving it."
        return Impossible("enforcement", because, "What is missing is coordination: advice may do.")
    for one in sorted(gains, key=lambda one: -one.gain):
        if inspector.chance(max(one.gain + lead, 0.0)) is None:
            return _out_of_reach(problem, place, inspector, one, lead)
    return Plan(problem, place, lead, inspector, gains, visits, apart).proposal()


def enforcement_curve(
    game: Game,
    target: Sequence[str] | None = None,
    *,
    detection: Sequence[float],
    fine: Sequence[float],
    bribe: Sequence[float] = (math.inf,),
    missed: float = 0.0,
    mistaken: float = 0.0,
    wrong: float | None = None,
) -> Array:
    """What the best departure from a joint move still gains, `float[len(detection), len(fine), len(bribe)]`.

    Below 0, it loses. Every move but those of the target has the same fine. Nothing is assumed: each number is read
    off `game.under(Enforced(Fines(…), …))`. `wrong` is by default the fine; the target the welfare optimum.

    Raises `InputError` for odds and amounts out of range, `UnknownName` for a move there is not.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> enforcement_curve(PrisonersDilemma(), detection=[0, 0.2, 0.4], fine=[5])[:, 0, 0].round(9).tolist()
    [2.0, 1.0, 0.0]
    """
    place = Problem(game).target(target)
    left = np.zeros((len(detection), len(fine), len(bribe)))
    for where in np.ndindex(*left.shape):
        odds, amount, taken = detection[where[0]], float(fine[where[1]]), float(bribe[where[2]])
        rows = tuple(
            (player, label, amount)
            for player, own, part in zip(game.players, game.moves, place, strict=True)
            for move, label in enumerate(own)
            if move != part
        )
        charged = amount if wrong is None else float(wrong)
        rule = Enforced(Fines(rows, shared=False), float(odds), missed, mistaken, charged, bribe=taken)
        payoffs = game.under(rule).payoffs
        gains = (np.delete(alone(lacking(payoffs, place, i), place, i), part) for i, part in enumerate(place))
        left[where] = max(own.max() for own in gains)
    return left


def _out_of_reach(problem: Problem, place: Profile, inspector: Inspector, one: Tempted, lead: float) -> Impossible:
    """Why the largest odds do not deter, and what would."""
    left = one.gain - inspector.most * inspector.bite
    often = "" if inspector.most == 1 else f", inspected with odds of {inspector.most:g}"
    because = (
        f"{one.player} gains {one.gain:.4g} by {one.move}, and has to expect charges of no more than "
        f"{inspector.most * inspector.bite:.4g}{often}: leaving ({', '.join(problem.game.labels(place))}) "
        f"{'pays' if left > 0 else 'costs less than the margin'}."
    )
    if inspector.bribe < inspector.fine:
        because += f" A fine above the bribe of {inspector.bribe:g} buys nothing."
    found = inspector.remedies(one.gain + lead)
    words = {
        "fine": "a fine of {:.4g}",
        "bribe": "an inspector who takes no less than {:.4g}",
        "bribe and fine": "a fine of {0:.4g} and an inspector who takes no less",
        "missed": "missing no more than {:.3g} of violations",
        "mistaken": "condemning no more than {:.3g} by mistake",
    }
    ways = [words[name].format(amount) for name, amount in found.items()]
    nearest = (
        f"It takes {', or '.join(ways)}." if ways else "No fine does, as inspections are right no more than wrong."
    )
    return Impossible("enforcement", because, nearest, {"gain left": left, "player": one.player, "it takes": found})
