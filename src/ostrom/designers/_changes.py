"""Single changes to a game: a ban on one move, or a promise for one move at one joint move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..audits._case import Case, fractions
from ..core.claim import Claim
from ..core.game import Array
from ._remedy import Problem, Profile, gains

Settling = tuple[tuple[tuple[str, ...], float], ...]
"""Pure equilibria by label, each with its welfare."""


@dataclass(frozen=True)
class Change:
    """A ban or a promise: to whom, which moves are left, and what the agents then pursue.

    `paid_at` is the joint move at which the promised `amount` is due.
    """

    kind: Literal["ban", "promise"]
    player: str
    move: str
    kept: Sequence[Sequence[int]]
    rewards: Array
    amount: Any = 0
    paid_at: Profile | None = None


def nothing(problem: Problem, kind: Literal["ban", "promise"]) -> Change:
    """The game as it is."""
    return Change(kind, "", "", [range(size) for size in problem.game.sizes], problem.rewards)


def bans(problem: Problem, place: Profile) -> Iterator[Change]:
    """Every ban that makes it impossible."""
    game = problem.game
    for i, move in enumerate(place):
        kept = [[k for k in range(size) if (j, k) != (i, move)] for j, size in enumerate(game.sizes)]
        yield Change("ban", game.players[i], game.moves[i][move], kept, problem.rewards)


def promises(problem: Problem, place: Profile, margin: float) -> Iterator[Change]:
    """Every promise that is as cheap as any."""
    game, needed = problem.game, {}
    for i, own in enumerate(place):
        pursued = problem.rewards[..., i]
        share = fractions(np.array([margin]))[0] if pursued.dtype == object else margin
        lead = share * ((pursued.max() - pursued.min()) or 1)
        needed |= {(i, k): lead - gain for k, gain in enumerate(gains(problem.rewards, place, i)) if k != own}
    least = min(needed.values())
    for i, k in (one for one in needed if needed[one] <= least):
        there, paid = (*place[:i], k, *place[i + 1 :]), problem.rewards.copy()
        paid[(*there, i)] += least
        kept = [range(size) for size in game.sizes]
        yield Change("promise", game.players[i], game.moves[i][k], kept, paid, least, there)


def claims_of(profile: tuple[str, ...], case: Case, settles: Settling) -> tuple[Claim, ...]:
    """That the joint move does not last, and how bad it is at most where play can settle."""
    where, game = f"({', '.join(profile)})", case.game
    gone = [(name, move) for name, own, move in zip(game.players, game.moves, profile, strict=True) if move not in own]
    if gone:
        method = f"{gone[0][1]} is not among the moves of {gone[0][0]}"
        first = Claim(f"{where} cannot be played.", "proved", method, 0.0)
    else:
        first = _somebody_leaves(case.asking(place=game.profile(profile)), where)
    if not settles:
        return (first,)
    least = fractions(np.array([min(worth for _, worth in settles)]))[0]
    statement, method = (
        f"No pure equilibrium has a welfare below {float(least):.6g}.",
        "best replies at every joint move",
    )
    return first, case.settled(statement, True, {"kind": "pure floor", "worth": least}, method)


def _somebody_leaves(case: Case, where: str) -> Claim:
    payoffs = case.game.payoffs if case.exact is None else np.array(case.exact.payoffs, object)
    table = payoffs.reshape(case.game.payoffs.shape)
    gain, i, move = max(
        (gain, i, move) for i in range(len(case.place)) for move, gain in enumerate(gains(table, case.place, i))
    )
    names = {"player": case.game.players[i], "move": case.game.moves[i][move]}
    evidence = {"kind": "gain", "at": case.target, **names, "gain": gain}
    return case.settled(f"Somebody gains by leaving {where}.", True, evidence, "comparing every move of every player")
