"""The fewest moves to forbid so that play cannot settle at anything worse than what is wanted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..core.claim import Claim, Finding
from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ._clauses import Move, kept_moves
from ._fewest import Task, fewest
from ._goals import IS, Goal, GoalName, left_open
from ._remedy import Effects, Problem, Profile, gains
from ._restriction_claims import Device, claims_of, devices

SOURCE = "Smallest restriction of moves; after Oesterle and Sharon (AAAI 2023)"

LIGHTEST, HEAVIEST = 1e-3, 1e6
"""Between which weights a solver can tell sums of them apart."""


@dataclass(frozen=True, eq=False)
class Restriction:
    """Moves to forbid so that play cannot settle where it should not.

    Attributes
    ----------
    goal, floor : what is asked for, and the welfare that it speaks of.
    target : the joint move that stays an equilibrium, by label.
    removed, kept : the moves of each player that are forbidden, and that stay open, by label.
    size : how many are forbidden in all.
    weight : what they weigh; without weights their number.
    at_least : nothing lighter does it; equal to `weight` when `status` is "optimal".
    status : "optimal", or "bound gap" when time ran out: then what is given does it, and might not be the smallest.
    clauses : for "learner-proof", the odds that had to be ruled out, as pairs of (joint move, probability).
    effects : what it does to each player and bystander, compared with what is played now.
    objection : why it is not proposed; empty when it is.
    claims : that what is left is as the goal has it; what learners may end in; that nothing smaller does.
    governed : the agents' game with the moves that are left.
    """

    goal: GoalName
    floor: float
    target: tuple[str, ...]
    removed: tuple[tuple[str, ...], ...]
    kept: tuple[tuple[str, ...], ...]
    size: int
    weight: float
    at_least: float
    status: Literal["optimal", "bound gap"]
    clauses: tuple[Device, ...]
    effects: Effects
    objection: str
    claims: tuple[Claim, ...]
    governed: NormalForm
    sentence: str

    @property
    def bans(self) -> tuple[tuple[str, str], ...]:
        """The forbidden moves as pairs of player and move, as `institutions.Ban` takes them."""
        pairs = zip(self.governed.players, self.removed, strict=True)
        return tuple((player, move) for player, own in pairs for move in own)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to forbid to whom, and for whom it is better or worse."""
        said = self.sentence + (f" Not proposed: {self.objection}" if self.objection else "")
        if self.status == "bound gap":
            said += f" Fewer might do: at least {self.at_least:.6g} are needed."
        if self.claims[1].verdict == "refuted":
            worst = self.claims[1].numbers["worst"]
            said += f" Learners may still miss it: play without regret can leave welfare at {worst:.4g}."
        numbers = {
            "goal": self.goal,
            "floor": self.floor,
            "target": list(self.target),
            "removed": dict(zip(self.governed.players, map(list, self.removed), strict=True)),
            "size": self.size,
            "weight": self.weight,
            "at least": self.at_least,
            "status": self.status,
            "change": self.effects.change,
            "takes from bystanders": self.effects.takes_from_bystanders,
        }
        return (Finding("remedy", said, self.effects.principals, numbers, SOURCE),)


def restriction(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    goal: GoalName = "unique",
    floor: float | None = None,
    seconds: float = 10.0,
    played: Any = None,
    weights: Sequence[Sequence[float]] | None = None,
) -> Restriction:
    """The smallest restriction of moves under which a joint move is an equilibrium and bad play is not stable.

    Every move that gains at the target has to go. Beyond that each unwanted equilibrium asks that one of its moves be
    removed, or that a move which gains against it be left: clauses of an integer program that grows by those that its
    solution breaks. That no smaller set satisfies the clauses is shown again by a search tree without a solver.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    goal : "unique", the target is the only pure equilibrium; "best", no pure equilibrium is better than the target;
        "floor", none has less welfare than `floor`; "learner-proof", no coarse correlated equilibrium has, so learners
        without regret cannot end in less.
    floor : the welfare for the last two; default the target's.
    seconds : time budget of the search. Past it a restriction that works is given, with a bound on the smallest. The
        checks of what is found may take up to a second, or as much again.
    played : shares of joint moves now, `[A_1, …, A_P]`; default as observed, or as predicted by the logit branch.
    weights : what forbidding each move weighs (0.001 to 1,000,000), one row per player; default 1 each.

    In float64 a gain counts against an unwanted equilibrium from a 1e-9 share of the player's range of payoffs, and any
    gain counts at the target; payoffs in whole numbers are exact. Welfare is compared to a 1e-9 share of its range.

    Raises
    ------
    InputError : an unknown goal or move, a floor above the target's welfare, weights that do not fit, fewer than two
        players or moves.
    TooLarge : the joint moves cannot be listed, or are too many for the programs.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> found = restriction(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D")))
    >>> found.removed, found.status
    ((('D',), ('D',)), 'optimal')
    """
    start = time.monotonic()
    problem = subject if isinstance(subject, Problem) else Problem(subject, played)
    place, game = problem.target(target), problem.game
    aim = Goal.of(goal, problem, place, floor)
    task, clauses = _task(problem, place, _weights(weights, game.sizes)), aim.clauses()
    found = fewest(task, clauses, seconds - (time.monotonic() - start))
    kept = kept_moves(game.sizes, found.removed)
    governed, effects = left_open(problem, kept), problem.effects(problem.surely(place))
    out = [tuple(own[k] for i, k in sorted(found.removed) if i == seat) for seat, own in enumerate(game.moves)]
    return Restriction(
        goal=goal,
        floor=aim.floor,
        target=game.labels(place),
        removed=tuple(out),
        kept=governed.moves,
        size=len(found.removed),
        weight=_whole(task.weight(found.removed)),
        at_least=_whole(found.at_least),
        status="optimal" if found.optimal else "bound gap",
        clauses=devices(aim, clauses, found),
        effects=effects,
        objection=problem.objection(effects),
        claims=claims_of(aim, governed, problem.worth[np.ix_(*kept)], task, clauses, found, max(seconds, 1.0)),
        governed=governed,
        sentence=_sentence(aim, game.players, out),
    )


def _whole(number: float) -> float:
    """The number, as an integer where it is one."""
    return int(number) if float(number).is_integer() else number


def _sentence(goal: Goal, players: tuple[str, ...], removed: list[tuple[str, ...]]) -> str:
    """What to forbid to whom, and what that does."""
    bans = [f"{', '.join(out)} to {name}" for name, out in zip(players, removed, strict=True) if out]
    if not bans:
        return f"Nothing needs to be forbidden: {goal.words(IS)}."
    if len(set(removed)) == 1:
        bans = [f"{', '.join(removed[0])} to everybody"]
    return f"Forbidding {' and '.join(bans)} {goal.words()}."


def _weights(weights: Sequence[Sequence[float]] | None, sizes: tuple[int, ...]) -> dict[Move, float]:
    """What each move weighs."""
    given = [[1.0] * size for size in sizes] if weights is None else [[float(w) for w in own] for own in weights]
    if [len(own) for own in given] != list(sizes) or not all(LIGHTEST <= w <= HEAVIEST for own in given for w in own):
        raise InputError(
            f"The weights are {given}.",
            f"There is one for every move, {list(sizes)}, each between {LIGHTEST:g} and {HEAVIEST:,.0f}.",
            "Give one row per player, or leave them out.",
        )
    return {(i, move): weight for i, own in enumerate(given) for move, weight in enumerate(own)}


def _task(problem: Problem, place: Profile, weights: dict[Move, float]) -> Task:
    """The moves that gain at the target are forced out; the target's own stay."""
    at = [gains(problem.rewards, place, i) for i in range(len(place))]
    forced = frozenset((i, move) for i, own in enumerate(at) for move, gain in enumerate(own) if gain > 0)
    free = tuple(move for move in weights if place[move[0]] != move[1] and move not in forced)
    return Task(free, forced, {move: weights[move] for move in (*free, *forced)})
