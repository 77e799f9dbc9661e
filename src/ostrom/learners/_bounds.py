"""What is asked of a training or of play, where it cannot be: how much, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.world import World
from ..worlds._callbacks import outspoken
from ..worlds._outline import require_sound

MOST = 10**6
"""Seeds, copies, episodes, and steps between two updates: more of them fit nowhere."""
LESSONS = 10**9
"""Lessons of a training."""
FULL = ("RESOURCE_EXHAUSTED", "Out of memory")
"""How JAX says that memory is full."""


def refuse_counts(verb: str, **counts: Any) -> None:
    """Raise `InputError` for a count that is no whole number from 1 to `MOST`."""
    for name, count in counts.items():
        if not _whole(count) or not 1 <= count <= MOST:
            raise InputError(
                f"{verb}({name}={count!r:.80}) cannot be.",
                f"{name} is a whole number from 1 to {MOST:,}.",
                f"Give such a number of {name}.",
            )


def refuse_steps(steps: Any, lesson: int) -> None:
    """Raise `InputError` for steps that are no whole number, none, or too many lessons of `lesson` steps."""
    if not _whole(steps) or steps < 1 or steps > LESSONS * lesson:
        raise InputError(
            f"train(steps={steps!r:.80}) cannot be.",
            f"Steps are a whole number, and a training has from 1 to {LESSONS:,} lessons, of {lesson:,} steps here.",
            f"Give steps from 1 to {LESSONS * lesson:,}.",
        )


def refuse_other(world: Any) -> None:
    """Raise `InputError` for what is no world, and `DeclarationError` for one whose methods give something else."""
    require_sound(world)


@contextmanager
def in_memory(what: str) -> Iterator[None]:
    """Say in one sentence that what is computed does not fit into memory, or what an environment of others said."""
    try:
        with outspoken():
            yield
    except (MemoryError, jax.errors.JaxRuntimeError) as error:
        if not isinstance(error, MemoryError) and not any(said in str(error) for said in FULL):
            raise
        raise TooLarge(
            f"{what} does not fit into memory.", "", "Have fewer seeds, copies, episodes or steps."
        ) from None


def refuse_no_numbers(world: World, metrics: Mapping[str, np.ndarray], done: int) -> None:
    """Raise `InputError` where payoffs or facts `[K, lessons, …]` of the last lessons are no numbers."""
    for name, told in metrics.items():
        if (name == "payoff" or name.startswith("fact ")) and not np.isfinite(told).all():
            seed, lesson, *seat = (int(place) for place in np.argwhere(~np.isfinite(told))[0])
            who = f" of {world.ground.players[seat[0]]}" if seat else ""
            raise InputError(
                f"The {name.removeprefix('fact ')}{who} is no number in lesson {done - told.shape[1] + lesson + 1} "
                f"of training {seed}: {told[(seed, lesson, *seat)]}.",
                "Nothing can be learned from it; what was kept is as it was before.",
                "Look at what the world pays, and at the rules round it and their parameters.",
            )


def refuse_lost(learners: Sequence[Any], minds: Sequence[Any], done: int) -> None:
    """Raise `InputError` where a mind has numbers that are none: learning went out of bounds."""
    for learner, mind in zip(learners, minds, strict=True):
        if learner.learns and any(_lost(leaf) for leaf in jax.tree.leaves(mind)):
            raise InputError(
                f"{type(learner).__name__} has learned what is no number, by lesson {done:,}.",
                "Its updates have left every bound: a rate or a weight is too large, or payoffs are.",
                f"Give it a smaller rate. It was {learner!r:.200}",
            )


def _whole(count: Any) -> bool:
    return isinstance(count, int | np.integer) and not isinstance(count, bool)


def _lost(leaf: Any) -> bool:
    return bool(jax.numpy.issubdtype(leaf.dtype, np.floating)) and bool(jax.numpy.isnan(leaf).any())
