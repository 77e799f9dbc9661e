"""When it is worth asking one's principal before acting, who would, and at which cost no more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.game import Game
from ._asking_proposal import proposal
from ._asking_worth import Answers, Worth
from ._proposal import Impossible, Proposal
from ._remedy import Problem, require_margin
from ._wants import Wanted, Wishful


def asking(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    cost: float = 0.0,
    effort: float = 0.0,
    discount: float = 1.0,
    wants: Wanted | None = None,
    precision: float = math.inf,
    margin: float = 0.01,
) -> Proposal | Impossible:
    """Who should ask its principal what to do, as long as what the answer brings exceeds what asking costs.

    To the principal an answer is worth what it would choose, knowing what it wants, over what the agent does now: the
    value of information (Howard 1966), and of an objective that is its own. The agent asks by itself if by its own
    reward that is worth the cost, too: one that is unsure what is wanted, or errs; not one that is sure and wants
    something else (Hadfield-Menell et al. 2017). The others are taken to do what they do now.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label that the answers have to come to; default whatever principals want.
    cost : payoff units that a question takes from who asks; effort : that an answer takes from the principal.
    discount : the share, 0 to 1, of its payoff that is left to who has waited for an answer.
    wants : what principals may want, rows of (odds, utilities `[A_1, …, A_P, P + B]`); they know, agents know the odds.
        Default: what the delegation says, known to all. Agents whose rewards are their principals' utilities pursue
        what is wanted, whatever that is; the others what they always do.
    precision : how well principals answer: logit, per payoff unit; infinite is always the best.
    margin : by how much an answer has to be worth more than it costs, as a share (> 0) of the largest range of payoffs.

    The institution, in whose `cost` waiting is counted, is for the game in which principals have seats:
    `with_principals(subject, wants).under(institution)`. `numbers["agents"]` says of each agent `gain` and `threshold`
    (the cost below which asking pays all in all), `of information` and `of objectives` (which part of the gain is
    which), `own threshold` (the cost below which it asks by itself), `pays`, `asks`, and `reward` (what it would have
    to be paid for each question).

    Raises
    ------
    InputError : costs below 0, a discount beyond 0 to 1, odds that do not sum to 1, utilities of another shape; a
        margin or precision that is not positive; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[1, 1], [1, 0]], [[0, 1], [0, 0]]], moves=(("go", "off"), ("work", "rest")))
    >>> harm = game.payoffs * [-2, 1]
    >>> found = asking(game, wants=[(0.6, game.payoffs), (0.4, harm)], cost=0.1)
    >>> found.institution.principals, round(found.numbers["agents"]["player 1"]["threshold"], 9)
    ((('player 1', 'principal of player 1'),), 0.6)
    """
    _check(cost, effort, discount, precision)
    require_margin(margin)
    wishful = Wishful.of(subject, wants)
    problem, answers = wishful.problem, Answers(wishful, float(precision), float(discount))
    wanted, lead = None if target is None else problem.target(target), margin * problem.scale
    worths = [answers.worth(i) for i in range(len(problem.game.players))]
    told = {one.agent: _told(one, cost, effort, lead) for one in worths}
    pays = [i for i, one in enumerate(worths) if told[one.agent]["pays"]]
    seats = [i for i in pays if told[worths[i].agent]["asks"]] or pays
    if not seats:
        best = max(worths, key=lambda one: one.gain)
        because = (
            f"An answer brings {round(best.gain, 9) + 0.0:.4g} at most ({best.agent}), and costs {cost + effort:.4g}."
        )
        nearest = f"It pays below {told[best.agent]['threshold']:.4g}." if told[best.agent]["threshold"] > 0 else ""
        return Impossible("asking", because, nearest, {"agents": told})
    if wanted is not None and answers.outcomes(seats)[(slice(None), *wanted)].min() < 1 - 1e-9:
        because = f"The answers do not always come to ({', '.join(problem.game.labels(wanted))})."
        return Impossible("asking", because, "Leave the target out: principals decide.", {"agents": told})
    return proposal(answers, seats, told, cost, effort)


def with_principals(
    subject: Game | Delegation | Problem, wants: Wanted | None = None, agents: Sequence[str] | None = None
) -> Game:
    """The agents' game with a seat more, "principal of …", for the principal of each agent (of these `agents`).

    It has one move of its own, "wait", and is paid its utility. With `wants` chance decides what is wanted as a round
    opens, and principals alone are told.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> with_principals(PrisonersDilemma(), agents=["row"]).players
    ('row', 'column', 'principal of row')
    """
    wishful = Wishful.of(subject, wants)
    return wishful.seated(wishful.problem.game.players if agents is None else agents)


def incentive_to_defer(mean: float, spread: float, noise: float = 0.0) -> float:
    """What it is worth to a robot to let a human decide whether it acts, rather than to act or not by itself.

    The act is worth U ~ Normal(mean, spread²) to the human, who sees U with an error of standard deviation `noise` and
    lets the robot act if what it sees is positive: E[U Φ(U / noise)] - max(mean, 0). Without noise that is
    (E|U| - |E U|) / 2, never negative (Hadfield-Menell et al. 2017).

    Raises `InputError` for a spread or noise below 0.

    Examples
    --------
    >>> round(incentive_to_defer(0.0, 1.0), 6), round(incentive_to_defer(1.0, 1.0, noise=3.0), 6)
    (0.398942, -0.255911)
    """
    if not (math.isfinite(mean) and 0 <= spread < math.inf and 0 <= noise < math.inf):
        raise InputError(
            f"A mean of {mean!r}, a spread of {spread!r} and a noise of {noise!r}.",
            "All are finite, and neither spread nor noise is negative.",
            "Give for example 0.5, 1.0 and 0.0.",
        )
    wide = math.hypot(spread, noise)
    if wide == 0:
        return 0.0
    z = mean / wide
    allowed = mean * 0.5 * math.erfc(-z / math.sqrt(2))
    return allowed + spread**2 / wide * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) - max(mean, 0.0)


def _check(cost: float, effort: float, discount: float, precision: float) -> None:
    for name, value, top in (("cost", cost, math.inf), ("effort", effort, math.inf), ("discount", discount, 1.0)):
        if not 0 <= value <= top or math.isinf(value):
            raise InputError(f"{name} is {value!r}.", do=f"Give a number from 0{'' if math.isinf(top) else ' to 1'}.")
    if not precision > 0:
        raise InputError(f"precision is {precision!r}.", do="Give a number above 0; inf is always the best answer.")


def _told(one: Worth, cost: float, effort: float, lead: float) -> dict[str, Any]:
    """What is said of one agent."""
    return {
        "gain": one.gain,
        "of information": one.asked - one.blind,
        "of objectives": one.blind - one.alone,
        "threshold": one.gain - effort,
        "own threshold": one.own_gain,
        "pays": one.gain >= cost + effort + lead,
        "asks": one.own_gain >= cost + lead,
        "reward": max(0.0, cost - one.own_gain),
    }
