"""Pure Nash equilibria of any finite game: every joint move from which nobody gains by moving alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..core.solution import Solution

TOLERANCE = 1e-12
"""Of float payoffs, a gain below this share of a player's largest payoff is rounding, not a gain."""

LISTED = 10_000
"""Equilibria beyond which the answer is cut short and says so."""


@dataclass(frozen=True)
class PureEquilibria(Solution):
    """Pure equilibria as mixtures (`points`) and as joint moves (`profiles`, one tuple of move numbers each)."""

    profiles: tuple[tuple[int, ...], ...] = ()


def pure_equilibria(game: Game, limit: int = LISTED) -> PureEquilibria:
    """All pure Nash equilibria, in the order of the table (last player fastest).

    Looks at every joint move (Nash 1951). Where the table holds `Fraction`s the comparison is exact; in float64 a gain
    of up to 1e-12 of the player's largest payoff counts as none. More than `limit` equilibria are cut off ("partial").

    Raises
    ------
    TooLarge : the table would not fit.
    """
    table = game.dense()
    gains = _gains(table)
    stable = np.argwhere(np.all(gains <= _slack(table), axis=-1))
    kept = stable[:limit]
    profiles = tuple(tuple(int(move) for move in profile) for profile in kept)
    cut = len(stable) > len(kept)
    return PureEquilibria(
        concept="pure Nash equilibria",
        points=tuple(game.pure(profile) for profile in profiles),
        status="partial" if cut else "complete",
        regret=float(gains[tuple(kept.T)].max(initial=0.0)),
        method="best replies at every joint move" + (" in rationals" if table.exact is not None else ""),
        note=f"{len(stable):,} pure equilibria exist; the first {limit:,} are listed." if cut else "",
        profiles=profiles,
    )


def _gains(game: NormalForm) -> Array:
    """`[A_1, …, A_P, P]`: what each player would add by its best move alone (≥ 0)."""
    table = game.payoffs if game.exact is None else game.exact
    own = [table[..., i].max(axis=i, keepdims=True) - table[..., i] for i in range(len(game.players))]
    return np.stack(own, axis=-1)


def _slack(game: NormalForm) -> Array | int:
    """Per player, the gain that counts as none."""
    if game.exact is not None:
        return 0
    return TOLERANCE * np.abs(game.payoffs).reshape(-1, len(game.players)).max(axis=0)
