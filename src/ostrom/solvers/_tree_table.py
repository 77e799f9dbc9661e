"""The pure equilibria of a small tree whose numbers are rational, compared in whole numbers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from ..core.forms.extensive import ExtensiveForm
from ..core.game import Array

WORD = 2**62
"""Sums below this are whole numbers of one machine word."""

CELLS = 40_000_000
"""Joint strategies times ends up to which a table is made."""


def small(game: ExtensiveForm, profiles: int) -> bool:
    """Whether all joint strategies can be looked at."""
    return game.listable and game.size <= min(profiles, CELLS // max(1, len(game.ends)))


def pure_profiles(game: ExtensiveForm) -> list[tuple[int, ...]]:
    """All pure equilibria, as joint reduced strategies."""
    sizes = game.sizes
    best = np.ones(sizes, dtype=bool)
    done = np.ones((1, len(game.ends)), dtype=bool)
    for follows, at in zip(game.follows, game.reached, strict=True):
        own = follows[:, at] > 0
        done = (done[:, None] & own[None]).reshape(-1, own.shape[1])
    for player, weight in enumerate(_weights(game)):
        table = (done @ weight).reshape(sizes)
        best &= (table >= table.max(axis=player, keepdims=True)).astype(bool)
    return [tuple(row) for row in np.argwhere(best).tolist()]


def odds_of(game: ExtensiveForm, profile: tuple[int, ...]) -> list[list[int]]:
    """The moves of joint reduced strategies at every information set; the first one where a strategy does not get."""
    odds = []
    for player, chosen in enumerate(profile):
        plan, first = game.strategies[player][chosen], game.own_sets(player).start
        for k in game.own_sets(player):
            size = len(game.infosets[k].moves)
            odds.append([int(move == plan.get(k - first, 0)) for move in range(size)])
    return odds


def _weights(game: ExtensiveForm) -> list[Array]:
    """Per player what each end adds to what is expected, in whole numbers in proportion."""
    assert game.exact_paid is not None
    assert game.exact_chance is not None
    found = []
    for i in range(len(game.players)):
        weights = [Fraction(p * x) for p, x in zip(game.exact_chance, game.exact_paid[:, i], strict=True)]
        unit = math.lcm(*(x.denominator for x in weights))
        whole = [int(x * unit) for x in weights]
        found.append(np.array(whole, dtype=np.int64 if sum(map(abs, whole)) < WORD else object))
    return found
