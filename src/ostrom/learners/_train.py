"""`train`: let players learn in a world. The loop over lessons exists once, here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np

from ..core.errors import InputError
from ..core.seeds import words
from ..core.world import World
from . import _keep
from ._bounds import in_memory, refuse_counts, refuse_lost, refuse_no_numbers, refuse_other, refuse_steps
from ._devices import refuse_uneven, spread
from ._header import header
from ._lesson import BLOCK, Class, enrol, teach
from ._scripted import Trained
from ._table import Group, Players, seat


class Progress(NamedTuple):
    """How far a training is: steps of the world behind it and in all (of one seed), steps per second over all seeds
    and copies, and seconds left (NaN before anything is known)."""

    steps: int
    total: int
    rate: float
    left: float


@dataclass(frozen=True)
class Run:
    """What a training made.

    Attributes
    ----------
    world, groups : what was trained: the world, and learners with their seats.
    minds : by group, on the first axis the seeds; `seeds` : how many, from `seed` on.
    metrics : name -> `[K, lessons, …]`: "payoff" (per step) and "return" (of the episodes that ended last) `[…, P]`,
        "fact …" per step, and what each learner tells.
    steps : steps of the world in each seed, over all copies.
    """

    world: World
    groups: tuple[Group, ...]
    minds: tuple[Any, ...] = field(repr=False)
    metrics: Mapping[str, np.ndarray] = field(repr=False)
    seed: int
    seeds: int
    steps: int

    def players(self, number: int = 0) -> list[Any]:
        """The trained players of one seed (`number` counts from 0), one for each seat, ready to play or to be met."""
        if not 0 <= number < self.seeds:
            raise InputError(f"There is no training {number}: there were {self.seeds}.", do="Count from 0.")
        made: dict[int, Any] = {}
        for (learner, seats), mind in zip(self.groups, self.minds, strict=True):
            own = jax.tree.map(lambda leaf: np.asarray(leaf)[number], mind)
            if not learner.learns:
                made |= dict.fromkeys(seats, learner)
            elif learner.shared:
                made |= dict.fromkeys(seats, Trained(learner, own))
            else:
                for place, name in enumerate(seats):
                    made[name] = Trained(learner, jax.tree.map(lambda leaf, place=place: leaf[place], own))
        return [made[number] for number in sorted(made)]


def train(
    world: World,
    players: Players,
    steps: int,
    *,
    seed: int = 0,
    seeds: int = 1,
    copies: int | None = None,
    devices: Sequence[Any] | None = None,
    to: str | Path | None = None,
    told: Callable[[Progress], None] | None = None,
    every: float = 2.0,
) -> Run:
    """Let `players` learn in `world` for `steps` steps in all copies together (rounded up to whole lessons).

    Parameters
    ----------
    players : a learner or policy for all seats, a list with one for each, or `{name of seat: player}`.
    seed, seeds : trainings `seed`, `seed + 1`, …, computed together; each is the same alone.
    copies : episodes side by side; by default the most that a learner asks for.
    devices : of JAX, that share the seeds evenly (`jax.devices()`); by default the first does all. Figures are the same
        to rounding.
    to : a folder that keeps metrics and state. A training that was stopped goes on there, to the same bytes.
    told : is called with a `Progress` between lessons, about every `every` seconds.

    Raises `InputError` where players do not fit the world, the folder holds another training, or payoffs or what is
    learned are no longer numbers; `TooLarge` where it does not fit into memory.
    """
    refuse_other(world)
    words(seed)  # which says what a seed is
    groups = seat(world, players)
    learning = [group.learner for group in groups if group.learner.learns]
    length = max((learner.length for learner in learning), default=1)
    copies = max((learner.copies for learner in learning), default=1) if copies is None else copies
    refuse_counts("train", seeds=seeds, copies=copies, length=length)
    refuse_steps(steps, length * copies)
    refuse_uneven(seeds, devices)
    lessons = -(-steps // (length * copies))
    learners, seats = tuple(g.learner for g in groups), tuple(g.seats for g in groups)
    keys = np.array([words(seed + number) for number in range(seeds)], np.uint32)
    folder, done, kept = None if to is None else Path(to), 0, []
    if folder is not None:
        numbers = {"lessons": lessons, "length": length, "copies": copies, "seed": seed, "seeds": seeds}
        _keep.agree(folder, header(world, groups, numbers))
    with in_memory(f"A training of {seeds:,} seeds with {copies:,} copies of the world"):
        classes = jax.block_until_ready(enrol(world, learners, seats, keys, copies))
    if folder is not None:
        classes, done, lines = _keep.load_state(folder, classes) or (classes, 0, 0)
        kept = _keep.read_lines(folder, lines)
        _keep.refuse_others(folder, kept, done, seeds)
        _keep.cut_lines(folder, lines)
    classes = spread(classes, devices)
    course = _Course(world, learners, seats, length, copies, lessons, seeds)
    for classes, metrics, done in course.run(classes, done, every, told):  # noqa: B020
        new = _lines(metrics, done, length * copies)
        kept.extend(new)
        if folder is not None:
            lines = _keep.add_lines(folder, new)
            _keep.save_state(folder, classes, done, lines)
    return Run(world, groups, jax.device_get(classes.minds), columns(kept), seed, seeds, lessons * length * copies)


class _Course(NamedTuple):
    """The lessons that are to come, in blocks that grow until one takes a while."""

    world: World
    learners: tuple[Any, ...]
    seats: tuple[tuple[int, ...], ...]
    length: int
    copies: int
    lessons: int
    seeds: int

    def run(self, classes: Class, done: int, every: float, told: Callable[[Progress], None] | None) -> Any:
        """Yields `(classes, metrics name -> [K, lessons, …], lessons done)`; blocks do not change what is computed."""
        block, per, first = 1, self.length * self.copies, True
        while done < self.lessons:
            block = min(block, self.lessons - done)
            began = time.perf_counter()
            with in_memory(f"A lesson of {per:,} steps for {self.seeds:,} seeds"):
                classes, metrics = teach(
                    self.world, self.learners, self.seats, classes, np.uint32(done), np.int32(block),
                    np.float32(self.lessons), self.length,
                )  # fmt: skip
                metrics = {name: np.asarray(value)[:block].swapaxes(0, 1) for name, value in metrics.items()}
            took, done = time.perf_counter() - began, done + block
            refuse_no_numbers(self.world, metrics, done)
            refuse_lost(self.learners, classes.minds, done)
            yield classes, metrics, done
            if told is not None and not first:
                rate = block * per * self.seeds / took
                told(Progress(done * per, self.lessons * per, rate, (self.lessons - done) * per * self.seeds / rate))
            if not first and took < every / 2:
                block = min(2 * block, BLOCK)
            first = False


def _lines(metrics: Mapping[str, np.ndarray], done: int, per: int) -> list[dict[str, Any]]:
    """One line for each lesson and seed; what is not a number is null."""
    some = next(iter(metrics.values()))
    rows = []
    for lesson in range(some.shape[1]):
        number = done - some.shape[1] + lesson
        for seed in range(some.shape[0]):
            told = {name: _plain(value[seed, lesson]) for name, value in metrics.items()}
            rows.append({"lesson": number, "steps": (number + 1) * per, "seed": seed, **told})
    return rows


def _plain(value: np.ndarray) -> Any:
    """Numbers as the shortest decimals that give the same float32 again; NaN is None."""
    if value.ndim:
        return [_plain(row) for row in value]
    return float(str(np.float32(value))) if np.isfinite(value) else None


def columns(rows: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """Lines back as name -> `[K, lessons, …]`."""
    if not rows:
        return {}
    seeds = 1 + max(row["seed"] for row in rows)
    names = [name for name in rows[0] if name not in ("lesson", "steps", "seed")]
    return {name: np.array([[r[name] for r in rows if r["seed"] == k] for k in range(seeds)], float) for name in names}
