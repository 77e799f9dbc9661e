"""Any other large game: only what its oracle can say, from a few starts."""

from __future__ import annotations

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Game, Mixture
from ..dynamics.no_regret import regret_matching
from ._large_found import Found, Place, Settled
from ._tables import where

STARTS, ROUNDS = 4, 500


def other(game: Game, seed: int) -> Found:
    """Where learning leads from equal odds and from a few seeded starts, and how near to an equilibrium that is."""
    draw = np.random.default_rng(seed)
    starts = [game.uniform()] + [tuple(draw.dirichlet(np.ones(size)) for size in game.sizes) for _ in range(STARTS)]
    play = regret_matching(game, tuple(np.stack(own) for own in zip(*starts, strict=True)), ROUNDS)
    places = [_place(game, tuple(own[k] for own in play.last)) for k in range(len(starts))]
    ranked = sorted(places, key=lambda place: -place.welfare)
    method = f"last round of {ROUNDS} of regret matching, from equal odds and {STARTS} random starts; see their regret"
    return Found(
        name=game.name,
        players=game.players,
        bystanders=game.bystanders,
        kind="other",
        optimum=None,
        worst=None,
        played=places[0],
        how=f"last round of {ROUNDS} of regret matching from equal odds",
        settled=Settled(tuple(ranked), ranked[-1], ranked[0], "partial", method),
    )


def _place(game: Game, mixture: Mixture) -> Place:
    players, bystanders = game.expected_payoffs(mixture), _bystanders(game, mixture)
    welfare = (float(players.sum()) + sum(bystanders)) / len(game.principals)
    snapped = tuple(np.eye(len(x))[x.argmax()] if x.max() > 1 - 5e-4 else x for x in mixture)
    words = where(game.moves, snapped) if len(mixture) <= 12 else f"{len(mixture)} players' own mixtures"
    return Place(words, None, float(players.mean()), bystanders, welfare, max(game.regret(mixture), 0.0))


def _bystanders(game: Game, mixture: Mixture) -> tuple[float, ...]:
    """What bystanders are to expect; NaN where only a table could tell."""
    try:
        return tuple(game.expected_bystander_payoffs(mixture).tolist())
    except TooLarge:
        return (float("nan"),) * len(game.bystanders)
