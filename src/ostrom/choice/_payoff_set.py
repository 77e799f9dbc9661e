"""A game's payoffs as what can be agreed upon, what happens without an agreement, and the play that reaches one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, require_game
from ..solvers._highs import solve_lp
from ..solvers._minimax import minimax
from ._agreements import Agreements

Possible = TypeVar("Possible", bound=Agreements)

NONE = 1e-9
"""Share of what is at stake for each up to which a gain for all is none."""

ODDS = 1e-12
"""Odds below which a joint move is not played."""


def table_of(game: Game) -> NormalForm:
    require_game(game)
    if len(game.players) < 2:
        raise InputError(f"{game.name} has one player.", do="A bargain needs two or more.")
    return game.dense()


def disagreement_of(game: NormalForm, given: Any) -> Array:
    """Payoffs `[n]` without an agreement: minimax values, those of a joint move or mixture, or the numbers given."""
    if isinstance(given, str):
        if given != "minimax":
            raise InputError(f"A disagreement {given!r}.", do='Give "minimax", a joint move, a mixture, or payoffs.')
        return np.array([_held_to(game, i) for i in range(len(game.players))])
    parts: Sequence[Any] = tuple(given)
    if len(parts) != len(game.players):
        raise InputError(f"{len(parts)} entries for {len(game.players)} players.", do="Give one for each.")
    if all(isinstance(part, str) for part in parts):
        return game.payoffs[game.profile(parts)]
    if all(np.ndim(part) == 1 for part in parts):
        mixture = tuple(np.asarray(part, float) for part in parts)
        fits = all(len(x) == size and (x >= 0).all() for x, size in zip(mixture, game.sizes, strict=True))
        if not fits or not np.allclose([x.sum() for x in mixture], 1, rtol=0, atol=1e-9):
            raise InputError("The mixture does not fit the game.", do="Give odds of each move, for each player.")
        return game.expected_payoffs(mixture)
    return np.asarray(parts, float)


def _held_to(game: NormalForm, player: int) -> float:
    """What a player can be held to by all others together, who may correlate what they do."""
    table = np.moveaxis(game.payoffs[..., player], player, 0)
    found = minimax(table.reshape(len(table), -1))
    assert found is not None
    return found.value


def play_for(points: Array, payoffs: Array, d: Array) -> Array:
    """Odds `[K]` over points `[K, n]` that are worth no less than `payoffs` to anybody, on as few as n of them.

    By a linear program for the last point on the ray from `d` through `payoffs`.
    """
    unit = np.maximum(np.abs(points - d).max(0), np.finfo(float).tiny)
    table, ray = (points - d) / unit, (payoffs - d) / unit
    found = solve_lp(
        np.append(np.zeros(len(table)), 1.0),
        np.hstack([-table.T, ray[:, None]]),
        np.zeros(len(ray)),
        np.append(np.ones(len(table)), 0.0)[None],
        np.ones(1),
        maximise=True,
    )
    assert found.x is not None
    odds = np.where(found.x[:-1] > ODDS, found.x[:-1], 0.0)
    return odds / odds.sum()


def joint_play(game: NormalForm, odds: Array) -> Mapping[tuple[str, ...], float]:
    """The joint moves that are played, with their odds; likeliest first."""
    order = np.argsort(-odds, kind="stable")
    places = np.unravel_index(order, game.sizes)
    rows = zip(*places, odds[order], strict=True)
    return {game.labels([int(k) for k in place]): float(odd) for *place, odd in rows if odd > 0}


def gainful(found: Possible, d: Array) -> Possible:
    if not found.along(found.unit) > NONE:
        raise InputError(
            f"Nothing betters everybody against a disagreement at {tuple(d.tolist())}.",
            "There is nothing to bargain over.",
            "Lower the disagreement, or bargain over another game.",
        )
    return found
