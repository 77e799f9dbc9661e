"""What follows when one player announces a lottery over its moves, is held to it, and all others see it first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.game import Array, amount
from ..institutions.leader import LISTED, Leader
from ..solvers._highs import solve_lp
from ._remedy import Problem, Profile

ENTRIES = 5_000_000
"""Payoffs under all lotteries up to which they are looked at."""

REPLIES = 5_000
"""Joint moves of the others up to which each has its linear program."""


@dataclass(frozen=True, eq=False)
class Lead:
    """What one player's leading can end in, with so many parts.

    Attributes
    ----------
    seat, parts : as of the institution.
    lotteries : `float[L, A_seat]`, what can be announced. replies : for each outcome the number of its lottery, and the
        joint move of the others.
    rewards, welfare : of each outcome, `float[R]`: to the leader, and to all.
    complete : whether the others have a pure equilibrium whatever is announced; otherwise nothing is said.
    """

    seat: int
    parts: int
    lotteries: Array
    replies: tuple[tuple[int, Profile], ...]
    rewards: Array
    welfare: Array
    complete: bool

    @property
    def worst(self) -> int:
        """The outcome of least welfare; of several the one of least reward."""
        return int(np.lexsort((self.rewards, self.welfare))[0])


def leads(problem: Problem, seat: int, most: int) -> Iterator[Lead]:
    """What leading ends in, for every number of parts up to `most` that leaves no more lotteries than can be listed."""
    own = problem.game.sizes[seat]
    for parts in range(1, most + 1):
        if comb(parts + own - 1, parts) > LISTED:
            return
        yield lead(problem, seat, parts)


def lead(problem: Problem, seat: int, parts: int) -> Lead:
    """All pure subgame-perfect outcomes: the others play an equilibrium of what the announcement leaves them.

    The leader announces what brings it at least what every other announcement brings it at worst.
    """
    own = problem.game.sizes[seat]
    rows = list(combinations_with_replacement(range(own), parts))
    lotteries = np.array([np.bincount(row, minlength=own) for row in rows]) / parts
    if lotteries.shape[0] * problem.delegation.rewards.size > ENTRIES * own:
        raise TooLarge(
            f"{len(rows)} lotteries of one player meet {amount(problem.game.size)} joint moves.",
            f"Up to {ENTRIES:,} payoffs are looked at.",
            "Allow fewer parts.",
        )
    left, slack = _averaged(problem.delegation.rewards, lotteries, seat), 1e-9 * max(1.0, problem.scale)
    stable = np.ones(left.shape[:-1], bool)
    for axis, player in enumerate(_others(problem, seat), start=1):
        worths = left[..., player]
        stable &= worths >= worths.max(axis=axis, keepdims=True) - slack
    mine, flat = left[..., seat], stable.reshape(len(rows), -1)
    worst = np.where(stable, mine, np.inf).reshape(len(rows), -1).min(1)
    least = worst[flat.any(1)].max(initial=-np.inf)
    found = np.argwhere(stable & (mine >= least - slack))
    places = tuple(map(tuple, found.T))
    replies = tuple((int(row[0]), tuple(int(k) for k in row[1:])) for row in found)
    worth = _averaged(problem.worth[..., None], lotteries, seat)[..., 0]
    return Lead(seat, parts, lotteries, replies, mine[places], worth[places], bool(flat.any(1).all()))


def best_lottery(problem: Problem, seat: int) -> Mapping[str, Any]:
    """What leading is worth at most, any odds allowed, where ties fall to the leader (Conitzer and Sandholm 2006).

    One linear program for each joint reply: the best odds under which the reply is an equilibrium of the others.
    """
    rewards = np.moveaxis(np.asarray(problem.delegation.rewards, float), seat, 0)
    players, best = _others(problem, seat), None
    if rewards[0, ..., 0].size > REPLIES:
        raise TooLarge(
            f"The others have {amount(rewards[0, ..., 0].size)} joint replies.",
            f"Each takes a linear program, up to {REPLIES:,}.",
            "Use fewer players or moves.",
        )
    for reply in np.ndindex(*rewards.shape[1:-1]):
        worth = rewards[(slice(None), *reply, seat)]
        if best is not None and worth.max() <= best[0]:
            continue
        rows = [
            rewards[(slice(None), *reply[:k], move, *reply[k + 1 :], player)] - rewards[(slice(None), *reply, player)]
            for k, player in enumerate(players)
            for move in range(rewards.shape[k + 1])
            if move != reply[k]
        ]
        total, better = np.ones((1, len(rewards))), np.reshape(rows, (len(rows), len(rewards)))
        found = solve_lp(worth, better, np.zeros(len(rows)), total, np.ones(1), maximise=True)
        if found.x is not None and found.value is not None and (best is None or found.value > best[0]):
            best = (found.value, found.x, reply)
    if best is None:
        return {"reward": None}
    value, odds, reply = best
    moves, others = problem.game.moves, [problem.game.moves[p] for p in players]
    worth = np.moveaxis(problem.worth, seat, 0)[(slice(None), *reply)]
    return {
        "reward": float(value),
        "lottery": {label: float(p) for label, p in zip(moves[seat], odds, strict=True) if p > 1e-9},
        "reply": tuple(own[k] for own, k in zip(others, reply, strict=True)),
        "welfare": float(odds @ worth),
    }


def bound(table: Array, odds: Array, seat: int) -> Array:
    """A table over joint moves `[A_1, …, A_P, …]` when one player's move is drawn: it has a single one left."""
    return np.expand_dims(_averaged(table, odds[None], seat)[0], seat)


def follows(problem: Problem, institution: Leader, wanted: float) -> Claim:
    """That whatever follows the announcement is worth that much, by the stages of the governed game itself."""
    statement = (
        f"Every pure subgame-perfect outcome of {institution.player} leading has a welfare of at least {wanted:.6g}."
    )
    method, slack = "backward induction over pure play, in float64", 1e-9 * max(1.0, abs(wanted))
    try:
        found = problem.agents.under(institution).subgame_perfect()
    except TooLarge as error:
        return Claim(statement, "unknown", method, numbers={"reason": error.what})
    seat = problem.game.players.index(institution.player)
    own = problem.game.moves[seat]
    rows = combinations_with_replacement(range(len(own)), institution.parts)
    announced = {f"to {'+'.join(own[k] for k in row)}": row for row in rows}
    for point in found.points:
        (((_, said),), acts) = point.path
        place = problem.game.profile(tuple(label for _, label in acts))
        column = problem.worth[(*place[:seat], slice(None), *place[seat + 1 :])]
        worth = float(column[list(announced[said])].mean())
        if worth < wanted - slack:
            witness = {"welfare": worth, "announced": said, "played": [label for _, label in acts]}
            return Claim(statement, "refuted", method, slack, {"outcomes": len(found.points)}, witness)
    verdict = "proved" if found.status == "complete" and found.points else "unknown"
    return Claim(statement, verdict, method, slack, {"outcomes": len(found.points), "status": found.status})


def _averaged(table: Array, lotteries: Array, seat: int) -> Array:
    """`[L, others…, …]`: the mean of a table over one player's moves, for each lottery."""
    return np.tensordot(lotteries, np.asarray(table, float), axes=(1, seat))


def _others(problem: Problem, seat: int) -> list[int]:
    return [k for k in range(len(problem.game.players)) if k != seat]
