"""Where agents who each do their best may settle, and how good that is."""

from __future__ import annotations

import math

import numpy as np

from ..core.delegation import Delegation, as_delegation
from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, Mixture
from ..solvers.correlated import Correlated, correlated
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.vertex_enumeration import vertex_enumeration
from ._equilibria import KEPT, Efficiency, Equilibria, Point
from ._play import PURSUED, Play, expect
from ._tables import agents_game

MOVES = 12
"""Moves a player of a two-player game may have for all its equilibria to be listed."""

SECONDS = 5.0
"""Time budget of each linear program."""


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
