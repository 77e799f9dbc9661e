"""What the gain hinges on: the same play with other partners, without memory, without the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.game import Array, Game
from ._impulse import BURN
from ._ring_play import Replay, Script, Talk

SPAN = 60
"""Rounds after the burn-in that are counted."""


def changes(replay: Replay, paraphrase: Talk | None) -> Mapping[str, Mapping[str, Any]]:
    """What can be changed about players that are replayed like this: name -> fields of a script."""
    found: dict[str, Mapping[str, Any]] = {"other partners": {"swapped": True}, "no memory": {"wiped": True}}
    if getattr(replay, "talks", True):
        found["no channel"] = {"channel": _silence}
        if paraphrase is not None:
            found["other words"] = {"channel": paraphrase}
    return found


def counterfactuals(
    replay: Replay, game: Game, *, replays: int, seed: int, paraphrase: Talk | None = None
) -> dict[str, Array]:
    """What players get together in a round when one thing is changed, `float[S]` by its name.

    Under "as they are" nothing is. All runs meet the same luck.
    """
    named = {"as they are": {}, **changes(replay, paraphrase)}
    rng = np.random.default_rng([seed, 2])
    scripts = [Script(BURN + SPAN, int(rng.integers(2**31))) for _ in range(replays)]
    return {
        name: np.mean([_total(replay(replace(script, **change)), game) for script in scripts], axis=0)
        for name, change in named.items()
    }


def _total(moves: Array, game: Game) -> Array:
    return game.payoffs_at(moves[:, BURN:]).sum(-1).mean(1)


def _silence(message: str) -> None:
    """Nothing of a message arrives."""
