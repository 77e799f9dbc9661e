"""What rules share in which each seat may name one of the others, to strike, exclude or elect it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Now

NOBODY = "nobody"
ALL = "all others"


def naming(ground: Ground, name: str, everybody: bool = False, oneself: bool = False) -> Part:
    """A part in which each seat names nobody, one other by name, or (`everybody`) all others at once.

    With `oneself` it may name itself too, and has to name somebody. Raises `InputError` when a player bears one of the
    words that stand for no single player.
    """
    taken = {NOBODY, ALL} & set(ground.players)
    if taken:
        raise InputError(
            f"A player is called {min(taken)!r}.", "That word stands for no single player here.", "Rename the player."
        )
    if oneself:
        return Part(name, ground.players)
    others = [tuple(p for p in ground.players if p != own) for own in ground.players]
    return Part(name, tuple((NOBODY, *((ALL,) if everybody else names)) for names in others))


def named(now: Now, part: str) -> Any:
    """`bool[..., P, P]`: entry (i, j) says that i named j; only among those who are present, only where known."""
    xp, made = now.xp, now[part]
    here = xp.broadcast_to(xp.asarray(now.present), made.shape)
    met = xp.asarray(_meant(now.ground, part))[np.arange(now.players), xp.maximum(made, 0)]
    return met & ((made >= 0) & here)[..., None] & here[..., None, :]


def only_present(now: Now, mask: Mapping[str, Any], part: str, who: Any = True) -> dict[str, Any]:
    """The masks in which nobody can name a seat that is absent or not among `who` (`bool[..., P]`)."""
    xp, name = now.xp, now.ground.part(part).name
    here = xp.broadcast_to(xp.asarray(now.present) & xp.asarray(who), (*xp.shape(who)[:-1], now.players))
    meant = xp.asarray(_meant(now.ground, part))
    met = (meant & here[..., None, None, :]).any(-1) | ~meant.any(-1)
    left = mask[name] & met
    return {**mask, name: xp.where(left.any(-1, keepdims=True), left, mask[name])}


def _meant(ground: Ground, part: str) -> np.ndarray:
    """`bool[P, A, P]`: whom each label of a seat means."""
    players, made = ground.players, ground.part(part)
    table = np.zeros((len(players), made.width(len(players)), len(players)), bool)
    for seat, own in enumerate(players):
        for code, label in enumerate(made.labels_of(seat)):
            table[seat, code] = [(label == ALL and player != own) or player == label for player in players]
    return table
