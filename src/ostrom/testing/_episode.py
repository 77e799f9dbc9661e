"""An episode of a world, played at random and written down, for the checks to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import DeclarationError
from ..core.seeds import fold, words
from ..core.world import STEP, World

TOLERANCE = 1e-5
"""Relative difference allowed between two orders of the same float32 arithmetic."""


@dataclass(frozen=True)
class Step:
    """One step of a sampled episode, everything as NumPy arrays."""

    key: np.ndarray
    state: Any
    moves: Mapping[str, np.ndarray]
    seen: Mapping[str, Any]
    after: Any
    payoffs: np.ndarray
    facts: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Episode:
    """A sampled episode, with the compiled functions that made it."""

    look: Callable[..., Any]
    move: Callable[..., Any]
    steps: list[Step]


def fail(world: World, what: str, do: str) -> None:
    """Say what a world did, and what to do about it."""
    raise DeclarationError(f"{type(world).__name__} {what}.", do=do)


def _look(world: World, state: Any) -> dict[str, Any]:
    """What the world says of a state before anybody moves."""
    view = world.observe(state)
    return {
        "mask": dict(world.mask(state)),
        "prospects": dict(world.prospects(state)),
        "sights": dict(world.sights(state)),
        "present": world.present(state),
        "over": world.over(state),
        "public": dict(view.public),
        "seat": dict(view.seat),
    }


def moved(world: World, key: Any, state: Any, moves: Any) -> tuple[Any, Any, dict[str, Any]]:
    """State, payoffs and facts after moves."""
    after, payoffs = world.step(key, state, moves)
    return after, payoffs, dict(world.facts(state, moves, after))


def sampled(world: World, seed: int, steps: int) -> Episode:
    """A sampled episode in which everybody chooses at random among what is allowed; compiled."""
    import jax

    look, move, random = jax.jit(_look), jax.jit(moved), np.random.default_rng(seed)
    key = np.array(words(seed), np.uint32)
    state, played = jax.jit(type(world).reset)(world, key), []
    for number in range(steps):
        seen = jax.tree.map(np.asarray, look(world, state))
        moves = {part: _any_of(world, part, mask, random) for part, mask in seen["mask"].items()}
        now = fold(key, number, STEP)
        after, payoffs, facts = jax.tree.map(np.asarray, move(world, now, state, moves))
        played.append(Step(now, state, moves, seen, after, payoffs, facts))
        state = after
    return Episode(look, move, played)


def _any_of(world: World, part: str, mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    if mask.dtype != bool:
        return random.uniform(mask[:, 0], mask[:, 1]).astype(np.float32)
    if not mask.any(-1).all():
        seat = int(np.argmin(mask.any(-1)))
        raise DeclarationError(
            f"{type(world).__name__} leaves seat {seat} without a move in {part!r}.", do="Keep one move legal."
        )
    return np.array([random.choice(np.flatnonzero(row)) for row in mask], np.int32)
