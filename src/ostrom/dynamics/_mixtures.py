"""What the dynamics share: starting points that are checked, and how far apart moves are."""

from __future__ import annotations

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game, Mixture

ROUNDING = 1e-8
"""Differences between own moves below this share of their worth are treated as that share."""


def checked(game: Game, start: Mixture) -> Mixture:
    """`start` as float mixtures `[..., A_i]` with one common batch; `InputError` when it is not a mixture of `game`."""
    mixtures = tuple(np.asarray(x, float) for x in start)
    shapes = tuple(x.shape[-1] if x.ndim else 0 for x in mixtures)
    if shapes != game.sizes:
        raise InputError(
            f"A start with {shapes} probabilities does not fit {game.name}.",
            f"Its players have {game.sizes} moves.",
            "Give one array of probabilities [..., moves] per player.",
        )
    for player, x in zip(game.players, mixtures, strict=True):
        if not ((x >= 0).all() and np.allclose(x.sum(-1), 1.0, rtol=0, atol=1e-6)):
            raise InputError(
                f"The start of {player} has probabilities from {x.min():g} and sums up to {x.sum(-1).max():g}.",
                "Probabilities are not negative and sum to 1.",
                "Divide each vector by its sum.",
            )
    batch = np.broadcast_shapes(*(x.shape[:-1] for x in mixtures))
    return tuple(np.broadcast_to(x, (*batch, x.shape[-1])) for x in mixtures)


def spread(worth: Mixture) -> Array:
    """`float[...]`: the largest difference any player's own moves make, from `deviation_payoffs`.

    At least the share `ROUNDING` of the largest worth, so that a share of it is never below rounding.
    """
    differences = np.max([np.ptp(own, axis=-1) for own in worth], axis=0)
    return np.maximum(differences, ROUNDING * np.max([np.abs(own).max(-1) for own in worth], axis=0))
