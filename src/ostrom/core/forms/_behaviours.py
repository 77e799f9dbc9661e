"""Behaviours of a tree, checked: odds at each information set, apart and side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..game import Array

if TYPE_CHECKING:
    from .extensive import ExtensiveForm


def side_by_side(game: ExtensiveForm, behaviour: Sequence[Any]) -> tuple[tuple[Array, ...], Array]:
    """The odds as arrays, and all in one row, `float[..., ΣA_h]`; `InputError` for shapes that are not the game's."""
    if len(behaviour) != len(game.infosets):
        raise InputError(
            f"A behaviour with odds at {len(behaviour)} information sets.",
            f"{game.name} has {len(game.infosets)}.",
            "Give odds for each of game.infosets, in that order; game.behaviour({…}) takes names.",
        )
    arrays = []
    for k, (own, infoset) in enumerate(zip(behaviour, game.infosets, strict=True)):
        try:
            arrays.append(np.asarray(own, float))
        except (TypeError, ValueError):
            raise _refusal(game, k, own, "Odds are numbers.") from None
        if arrays[-1].ndim == 0 or arrays[-1].shape[-1] != len(infoset.moves):
            raise _refusal(game, k, own, f"There are {len(infoset.moves)} moves: {', '.join(infoset.moves)}.")
    batches = {own.shape[:-1] for own in arrays}
    try:
        batch = np.broadcast_shapes(*batches)
    except ValueError:
        raise InputError(f"A behaviour with batches {batches}.", do="Give arrays of the same length.") from None
    whole = [np.broadcast_to(own, (*batch, own.shape[-1])) for own in arrays] if len(batches) > 1 else arrays
    return tuple(arrays), np.concatenate(whole, axis=-1) if whole else np.zeros(0)


def checked(game: ExtensiveForm, behaviour: Sequence[Any]) -> tuple[Array, ...]:
    """The odds as arrays; `InputError` also where they are negative or do not sum to one."""
    arrays, row = side_by_side(game, behaviour)
    if not row.size:
        return arrays
    sizes = np.array([len(infoset.moves) for infoset in game.infosets])
    starts = np.cumsum(sizes) - sizes
    sound = np.minimum.reduceat(row, starts, axis=-1) >= 0
    sound &= np.abs(np.add.reduceat(row, starts, axis=-1) - 1) <= 1e-8  # False for a NaN
    if not sound.all():
        k = int(np.argmin(sound.reshape(-1, len(sizes)).all(0)))
        raise _refusal(game, k, arrays[k], f"Odds of {sizes[k]} moves are not negative and sum to one.")
    return arrays


def _refusal(game: ExtensiveForm, k: int, odds: Any, why: str) -> InputError:
    infoset, said = game.infosets[k], np.array2string(np.asarray(odds, dtype=object), threshold=6)
    return InputError(f"At {infoset.label!r} {game.players[infoset.player]} has odds {said}.", why, "Mend them.")
