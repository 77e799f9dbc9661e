"""Where agents who each do their best may settle, and how good that is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import TooLarge
from ..core.game import Array, Game, Mixture
from ..core.normal_form import NormalForm
from ..core.solution import Solution
from ..solvers.correlated import Correlated, correlated
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.vertex_enumeration import vertex_enumeration
from ._equilibria_words import findings
from ._play import PURSUED, Play, expect
from ._tables import agents_game

MOVES = 12
"""Moves a player of a two-player game may have for all its equilibria to be listed."""

KEPT = 100
"""Equilibria kept when there are more: half of them best, half worst."""

SECONDS = 5.0
"""Time budget of each linear program."""


@dataclass(frozen=True, eq=False)
class Point:
    """An equilibrium, `mixture[i]` of shape `[A_i]`, and what it is worth.

    `profile` is the joint move it lies at, None where somebody mixes; `utilities` are the principals', players first.
    """

    mixture: Mixture
    profile: tuple[int, ...] | None
    utilities: tuple[float, ...]
    welfare: float


@dataclass(frozen=True)
class Efficiency:
    """How good the worst and the best equilibrium are, by the measure that means something.

    Attributes
    ----------
    measure : "price of anarchy" where no utility is negative (optimum over equilibrium) or none positive (cost of
        equilibrium over least cost), so that 1 is best; else "normalised efficiency", from 0 (as bad as the worst
        joint move) to 1 (as good as the best).
    worst, best : of the worst and the best equilibrium; of prices the second is the price of stability. Infinite
        where the equilibrium is worth nothing.
    """

    measure: Literal["price of anarchy", "normalised efficiency"]
    worst: float
    best: float


@dataclass(frozen=True, eq=False)
class Equilibria:
    """Equilibria of the agents' game, by the rewards they pursue, with what they are worth to the principals.

    Attributes
    ----------
    players, moves : names.
    nash : all extreme equilibria of a small two-player game, or else all pure ones, with status, method and note.
    listed_all : whether `nash` looks at all equilibria or at the pure ones only.
    points : the same with their welfare, best first; the `KEPT` best and worst where there are more.
    limit, reached : where the logit branch leads from uniform play, and whether it was followed to its end.
    bounds : the best and the worst correlated, then the best and the worst coarse correlated equilibrium, by welfare;
        empty when the linear programs would be too large.
    optimum, worst_outcome : welfare of the best and of the worst joint move.
    worst, best : welfare over `nash` and `limit`.
    efficiency : of those two; None when nothing is at stake.
    """

    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    nash: Solution = field(repr=False)
    listed_all: bool
    points: tuple[Point, ...]
    limit: Point
    reached: bool
    bounds: tuple[Correlated, ...] = field(repr=False)
    optimum: float
    worst_outcome: float
    worst: float
    best: float
    efficiency: Efficiency | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How many equilibria there are, where play leads, how good that is, and what advice and learning could do."""
        return findings(self)


def equilibria(subject: Game | Delegation, *, seconds: float = SECONDS) -> Equilibria:
    """Equilibria of the agents of a game, and the welfare of their principals there.

    All equilibria of two players with up to `MOVES` moves each, all pure ones otherwise; the limit of the logit
    branch; best and worst correlated and coarse correlated equilibria. `seconds` is the time budget of each solver
    call that may take long. Raises `TooLarge` when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> equilibria(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])).efficiency.worst
    3.0
    """
    delegation = as_delegation(subject)
    game, worth = agents_game(delegation), delegation.welfare.on_table(delegation.utilities)
    listed_all = len(game.players) == 2 and max(game.sizes) <= MOVES
    nash = vertex_enumeration(game, seconds) if listed_all else pure_equilibria(game)
    play = Play(delegation)
    branch = play.branch(play.all(PURSUED))
    limit = _point(delegation, worth, branch.at(math.inf))
    points = sorted((_point(delegation, worth, x) for x in nash.points), key=lambda point: -point.welfare)
    settled = [point.welfare for point in (*points, limit)]
    return Equilibria(
        players=game.players,
        moves=game.moves,
        nash=nash,
        listed_all=listed_all,
        points=tuple(points if len(points) <= KEPT else points[: KEPT // 2] + points[-KEPT // 2 :]),
        limit=limit,
        reached=branch.reached,
        bounds=_bounds(game, worth, seconds),
        optimum=float(worth.max()),
        worst_outcome=float(worth.min()),
        worst=min(settled),
        best=max(settled),
        efficiency=_efficiency(delegation.utilities, worth, min(settled), max(settled)),
    )


def _point(delegation: Delegation, worth: Array, mixture: Mixture) -> Point:
    pure = tuple(int(np.argmax(x)) for x in mixture)
    if all(x[k] == 1 for x, k in zip(mixture, pure, strict=True)):
        return Point(mixture, pure, tuple(delegation.utilities[pure].tolist()), float(worth[pure]))
    columns = np.moveaxis(delegation.utilities, -1, 0)
    return Point(mixture, None, tuple(expect(column, mixture) for column in columns), expect(worth, mixture))


def _bounds(game: NormalForm, worth: Array, seconds: float) -> tuple[Correlated, ...]:
    try:
        return tuple(
            correlated(game, lambda _: worth, coarse=coarse, worst=worst, seconds=seconds)
            for coarse in (False, True)
            for worst in (False, True)
        )
    except TooLarge:
        return ()


def _efficiency(utilities: Array, worth: Array, worst: float, best: float) -> Efficiency | None:
    low, high = float(worth.min()), float(worth.max())
    if low == high:
        return None
    if utilities.min() >= 0 and low >= 0:
        return Efficiency("price of anarchy", _ratio(high, worst), _ratio(high, best))
    if utilities.max() <= 0 and high <= 0:
        return Efficiency("price of anarchy", _ratio(worst, high), _ratio(best, high))
    return Efficiency("normalised efficiency", (worst - low) / (high - low), (best - low) / (high - low))


def _ratio(more: float, less: float) -> float:
    """Of two numbers of one sign; 1 when both are 0, infinite when the second alone is."""
    return more / less if less else 1.0 if not more else math.inf
