"""What a repeated game can pay at all, what each player can secure, and what equilibria pay at a given δ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ._polygons import above, hull
from ._products import checked_discount

ROUNDS = 20_000
SETTLED = 1e-10
"""The set has settled when a round moves no corner by more than this share of the payoffs' extent."""
TIDY = 1e-7
"""Corners of the answer are further apart than this share of it."""


@dataclass(frozen=True)
class Secured:
    """What each player can secure, `float[P]` each, when all others set out to hold it down.

    Attributes
    ----------
    pure : they choose one move each, and it replies (minmax in pure moves).
    mixed : they draw their moves, together where there are several of them; never more than `pure`. With two players it
        is the minmax in mixtures. With more, others who draw by themselves may hold a player down less than this.
    """

    pure: Array
    mixed: Array


@dataclass(frozen=True)
class PayoffSet:
    """A set of payoffs of two players, as the corners of a convex polygon.

    Attributes
    ----------
    corners : `float[V, 2]`, counterclockwise; none where the set is empty.
    status : "complete" (settled up to the tolerance), or "partial" (a set round it, that more rounds would shrink).
    rounds : how many were done.
    """

    corners: Array
    status: Literal["complete", "partial"]
    rounds: int


def secured_payoffs(game: Game) -> Secured:
    """What each player can secure against all others: no equilibrium of the repeated game pays less than `mixed`.

    Raises `TooLarge` where the game does not fit a table.
    """
    from ..solvers.zero_sum import zero_sum

    table, pure, mixed = game.dense().payoffs, [], []
    for seat, own in enumerate(game.sizes):
        mine = np.moveaxis(table[..., seat], seat, 0).reshape(own, -1)
        pure.append(mine.max(0).min())
        mixed.append(zero_sum(NormalForm(np.stack([mine, -mine], -1))).value)
    return Secured(np.array(pure), np.minimum(np.array(mixed, float), pure))


def rational_payoffs(game: Game, *, mixed: bool = True) -> PayoffSet:
    """Payoffs of two players that can be reached with public lots and give nobody less than it can secure.

    By the folk theorem, with δ near 1 all of them inside are paid by subgame-perfect equilibria (Fudenberg and Maskin
    1986). `mixed` says whether what is secured is against mixtures. `InputError` unless there are two players.
    """
    _require_two(game)
    table, least = game.dense().payoffs.reshape(-1, 2), secured_payoffs(game)
    corners = hull(table)
    for axis in (0, 1):
        corners = above(corners, axis, float((least.mixed if mixed else least.pure)[axis]))
    return PayoffSet(hull(corners), "complete", 0)


def equilibrium_payoffs(game: Game, discount: float, *, rounds: int = ROUNDS) -> PayoffSet:
    """All payoffs per round of subgame-perfect equilibria in pure moves with public lots, two players, discount δ.

    Starts from all that can be reached and takes away what no continuation supports, again and again (Abreu, Pearce
    and Stacchetti 1990): `W' = co ∪_a {(1 - δ) u(a) + δ w : w in W deters deviations from a}`, where whoever deviates
    gets its worst in W. Every set on the way holds all equilibrium payoffs; "complete" says that they hardly change.

    Parameters
    ----------
    game : of two players. discount : δ in [0, 1). rounds : how many at most.

    Raises `InputError` for other games and δ. The set may be empty: there are games without pure equilibria.
    """
    _require_two(game)
    delta, table = checked_discount(discount), game.dense().payoffs
    tempting = np.stack([table[..., 0].max(0)[None] - table[..., 0], table[..., 1].max(1)[:, None] - table[..., 1]], -1)
    profiles, gains = table.reshape(-1, 2), tempting.reshape(-1, 2)
    if delta < np.finfo(float).tiny:  # 1 / δ is no number
        return PayoffSet(hull(profiles[(gains <= 0).all(1)]), "complete", 0)
    extent = max(1.0, float(np.ptp(profiles, axis=0).max()))
    corners = hull(profiles)
    for done in range(rounds):
        if not len(corners):
            return PayoffSet(corners, "complete", done)
        least = corners.min(0)[None] + (1 - delta) / delta * gains - SETTLED * extent
        smaller = []
        for paid, needed in zip(profiles, least, strict=True):
            left = corners
            for axis in (0, 1):
                left = above(left, axis, float(needed[axis]))
            smaller.append((1 - delta) * paid + delta * left)
        shrunk = hull(np.concatenate(smaller))
        if len(shrunk) == len(corners) and np.abs(shrunk - corners).max() <= (1 - delta) * SETTLED * extent:
            return PayoffSet(hull(shrunk, TIDY), "complete", done + 1)
        corners = shrunk
    return PayoffSet(corners, "partial", rounds)


def _require_two(game: Game) -> None:
    if len(game.players) != 2:
        raise InputError(
            f"{game.name} has {len(game.players)} players.",
            "Sets of payoffs are drawn as polygons, of two players.",
            "Ask secured_payoffs, and repeated_equilibrium of given strategies, which know more players.",
        )
