"""The fewest rounds of rest for whoever breaks a rule under which everybody keeps it, in a game played for ever."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.errors import InputError, TooLarge
from ..core.game import Game
from ._moratorium_stakes import CLOSE, Stake, most_gained, rests_from, rule_of, stakes_of, tempting_moves
from ._proposal import Impossible, Needs, Proposal
from ._remedy import Problem, Profile, require_margin

SOURCE = "One-shot deviations in repeated games, Abreu (1988); exclusion as the last sanction, Ostrom (1990)"

MORE = 6
"""Rounds of rest beyond those of the closed form that are tried, where they do not hold at every state."""


def moratorium(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    discount: float,
    on: str | None = None,
    rest: str | None = None,
    margin: float = 0.01,
) -> Proposal | Impossible:
    """A moratorium: whoever makes the forbidden move may only rest for k rounds, and everybody else goes on.

    With a gain g now and a loss ℓ in each round of rest, keeping to the target pays from ℓ·δ(1 - δ^k)/(1 - δ) ≥ g on.
    From the k of this closed form on it is looked at every state, with every combination of players who rest, whether
    any strategy gains. Players need to do nothing themselves: no triggers, no votes, no fines. `governed` is the game
    of the first round, in which nobody rests yet; lay `institution` round `game.repeated(discount)`.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    discount : δ of all players, 0 < δ < 1.
    on : the forbidden move; default the one that tempts at the target.
    rest : the only move that is left; default, of all but `on`, the one that takes fewest rounds.
    margin : by how much breaking it has to be worse, as a share (> 0) of the largest range of payoffs, in one round.

    Raises
    ------
    InputError : a discount outside (0, 1), a margin that is not positive, an unknown move; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> table = [[[3, 3], [0, 5], [2, 0]], [[5, 0], [1, 1], [2, 0]], [[0, 2], [0, 2], [0, 0]]]
    >>> moratorium(NormalForm(table, moves=("C", "D", "rest")), ("C", "C"), discount=0.8).institution.exclusion
    1
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    if not 0 < discount < 1:
        raise InputError(f"The discount factor is {discount!r}.", "It lies between 0 and 1.", "Give such a number.")
    place, lead = problem.target(target), margin * problem.scale
    where = f"({', '.join(problem.game.labels(place))})"
    tempting = tempting_moves(problem, place)
    if not tempting:
        return Impossible("moratorium", f"Nobody gains by leaving {where}, so there is nothing to rest for.")
    if on is None and len(tempting) > 1:
        because = f"At {where} more than one move tempts: {', '.join(sorted(tempting))}; a moratorium is on one."
        return Impossible("moratorium", because, "Forbidding moves, or fines by move, can do it.")
    on = on or next(iter(tempting))
    if tempting - {on} or on in problem.game.labels(place):
        because = f"A moratorium on {on} does not make {where} stable: {', '.join(sorted(tempting))} tempts there."
        return Impossible("moratorium", because, f"One on {', '.join(sorted(tempting))} may.")
    return _shortest(problem, place, on, rests_from(problem, on, rest), discount, lead)


def _shortest(
    problem: Problem, place: Profile, on: str, rests: Sequence[str], discount: float, lead: float
) -> Proposal | Impossible:
    """The resting move that takes fewest rounds, by closed form; then as many rounds as hold at every state."""
    stakes = {rest: stakes_of(problem, place, on, rest) for rest in rests}
    where = f"({', '.join(problem.game.labels(place))})"
    needed = {rest: [s.rounds(discount, lead) for s in own] for rest, own in stakes.items()}
    able = {rest: max(k for k in own if k is not None) for rest, own in needed.items() if None not in own}
    if not able:
        least = {rest: max(s.least_discount(lead) for s in own if s.gain > 0) for rest, own in stakes.items()}
        best = min(least, key=lambda rest: least[rest], default="")
        because = f"No number of rounds is enough for {where} with a discount factor of {discount:g}."
        if not best or least[best] == math.inf:
            return Impossible("moratorium", f"{because} No resting move is worse than keeping to it.", "Fines can be.")
        near = f"With {best} as rest it takes players with one above {least[best]:.4g}."
        return Impossible("moratorium", because, near, {"least discount": least[best], "rest": best})
    rest = min(able, key=lambda rest: (able[rest], rest))
    looked: dict[int, float] = {}
    for rounds in range(able[rest], able[rest] + MORE + 1):
        try:
            looked[rounds] = most_gained(problem, place, on, rest, rounds, discount)
        except TooLarge as error:
            because = f"Whether {rounds} rounds are enough for {where} cannot be looked at: {error.what}"
            return Impossible("moratorium", because, "It may do with fewer players.")
        if looked[rounds] <= CLOSE * problem.scale:
            return _proposal(problem, place, on, rest, rounds, discount, stakes[rest], looked)
    because = f"While somebody rests, somebody gains by breaking it; {min(looked)} to {max(looked)} rounds were tried."
    return Impossible("moratorium", f"{where} is not stable at every state. {because}", "", {"gains": looked})


def _proposal(
    problem: Problem,
    place: Profile,
    on: str,
    rest: str,
    rounds: int,
    discount: float,
    stakes: Sequence[Stake],
    looked: dict[int, float],
) -> Proposal:
    where = f"({', '.join(problem.game.labels(place))})"
    least = max(s.least_discount(0.0) for s in stakes if s.gain > 0)
    widest = max(1 - 1 / len(own) for own in problem.game.moves)
    effects = problem.effects(problem.surely(place))
    return Proposal(
        approach="moratorium",
        institution=rule_of(on, rest, rounds),
        governed=problem.agents,
        target=problem.game.labels(place),
        outcome=problem.surely(place),
        worth=problem.worth,
        sentence=(
            f"Whoever does {on} has only {rest} left for {rounds} round{'s' * (rounds > 1)}; with a discount factor of "
            f"{discount:g} that keeps everybody at {where} from any state on."
        ),
        needs=Needs(share=widest, observed="own moves", information=2),
        effects=effects,
        status="optimal",
        minimised="rounds of rest",
        size=float(rounds),
        bound=float(rounds),
        claims=_claims(problem, place, on, rest, rounds, discount, looked),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "rounds": rounds,
            "on": on,
            "rest": rest,
            "discount": discount,
            "share of rounds": rounds / (rounds + 1),
            "least discount": least,
            "gains": [s.gain for s in stakes],
            "losses": [s.loss for s in stakes],
        },
    )


def _claims(
    problem: Problem, place: Profile, on: str, rest: str, rounds: int, discount: float, looked: dict[int, float]
) -> tuple[Claim, ...]:
    where, slack = f"({', '.join(problem.game.labels(place))})", CLOSE * problem.scale
    method = "policy iteration over exact best replies at every state, in float64"
    stable = Claim(
        f"At every state, keeping to {where} is a best reply to the others' doing so, for ever.",
        "proved",
        method,
        slack,
        {"gain": looked[rounds], "rounds": rounds},
    )
    if rounds == 1:
        return (stable,)
    fewer = looked.get(rounds - 1)
    gain = most_gained(problem, place, on, rest, rounds - 1, discount) if fewer is None else fewer
    fewest = f"One round less of {rest} does not do it."
    numbers = {"gain": gain, "rounds": rounds - 1}
    if gain > slack:
        return stable, Claim(fewest, "proved", method, slack, numbers)
    return stable, Claim(fewest, "unknown", f"{method}: it would, without the margin", numbers=numbers)
