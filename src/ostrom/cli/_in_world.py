"""What a command about a world is about: the world or the training, who learns there, for how long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from ..core.agent import Policy
from ..core.errors import InputError
from ..core.rooms import load
from ._players import player_from
from ._world import concerns_world, is_run, run_from, world_from
from .train import run_title, span, titled

STEPS, SEEDS = 40_000, 4
"""Steps of each training where a world does not say how many it takes, and trainings of each corner."""
CORNERS = {"diagnose": 5, "audit": 12, "verify": 8}
"""About how many trainings a command consists of."""
HEAD_START = 2
"""By how much longer a corner is trained than those who were given."""


@dataclass(frozen=True)
class WorldOptions:
    """What only commands about worlds take."""

    preset: str | None = None
    learner: str | None = None
    steps: int | None = None
    seeds: int | None = None
    world: str | None = None

    def refuse(self, subject: str) -> None:
        """Refuse all of them where the subject is no world."""
        given = [f"--{name}" for name, value in vars(self).items() if value is not None]
        if given:
            raise InputError(
                f"{given[0]} is about worlds.", f"In {subject} nobody is trained.", "Leave it out, or name a world."
            )


@dataclass(frozen=True)
class InWorld:
    """A world, who was trained in it (a run, or None), and how corners are trained; `seconds` by command, if known."""

    world: Any
    run: Any
    learner: Any
    steps: int
    seeds: int
    title: str
    seconds: dict[str, float]

    @property
    def budget(self) -> dict[str, Any]:
        """What the verbs take."""
        episodes = load("diagnosis", "_world_corners").enough(self.world)
        return {"learner": self.learner, "steps": self.steps, "seeds": self.seeds, "episodes": episodes}

    def trained(self, seed: int) -> Any:
        """The run that was given, or a training now."""
        train = load("learners", "_train").train
        return self.run or train(self.world, self.learner, self.steps, seed=seed, seeds=self.seeds)


def find_world(
    subject: str, assignments: Sequence[str] | None, under: Sequence[str] | None, asked: WorldOptions, **other: Any
) -> InWorld | None:
    """What a command about a world is about; None where the subject is none, and `asked` then has to be empty.

    `other` are options that are about games, by name. Raises `InputError` for what does not go together.
    """
    if not concerns_world(subject, assignments):
        asked.refuse(subject)
        return None
    given = [f"--{name}" for name, value in other.items() if value]
    if given:
        raise InputError(f"{given[0]} is about games.", f"{subject} is a world, or a training in one.", "Leave it out.")
    run = _run(subject, assignments, asked) if is_run(subject) else None
    if run is not None and under:
        raise InputError(
            f"{subject} is a training, and {under[0]!r} would lay another rule round its world.",
            "Its players would be strangers to that rule, and the corners would not be.",
            f"Train under the rule: ostrom train … --under '{under[0]}'; or see what happens: ostrom play {subject} …",
        )
    if run is None and asked.world is not None:
        raise InputError(f"--world {asked.world} is for runs.", f"{subject} is no folder.", "Leave it out.")
    world = world_from(subject, assignments, under, asked.preset) if run is None else run.world
    effort, known_as = getattr(getattr(world, "base", world), "effort", None), load("worlds", "_effort").Effort
    effort = effort if isinstance(effort, known_as) else None
    usual = effort or known_as(STEPS, 0, 0)
    steps = asked.steps or max(usual.steps, HEAD_START * (run.steps if run else 0))
    seeds = run.seeds if run else asked.seeds or SEEDS
    load("learners", "_bounds").refuse_counts("train", seeds=seeds)
    learner = _learner(world, asked.learner or usual.learner)
    if run is not None and asked.learner is None:
        learner = next((group.learner for group in run.groups if group.learner.learns), learner)
    known = effort is not None and run is None and not (assignments or asked.learner or asked.preset == "full")
    share = steps * seeds / (effort.steps * SEEDS) if effort else 1.0
    times = {"diagnose": effort.diagnosed, "audit": effort.audited, "verify": effort.audited} if effort else {}
    title = titled(Path(subject).name or subject, world) if run is None else run_title(subject, world)
    # about half of the time goes into compiling, whatever is trained
    seconds = {name: (0.5 + 0.5 * share) * took for name, took in times.items()} if known else {}
    return InWorld(world, run, learner, steps, seeds, title, seconds)


def _learner(world: Any, text: str) -> Any:
    """Who is trained. Raises `InputError` for somebody who does not learn."""
    found = player_from(world, text)
    if not getattr(found, "learns", False):
        raise InputError(f"{text} learns nothing.", "Corners are trained.", "Name a learner (ostrom list learners).")
    return found


def say_time(found: InWorld, command: str, stage: Any) -> None:
    """Say on standard error how long it will take: as it was on two cores, or as a first lesson says."""
    what = f"{found.seeds} seeds of {found.steps:,} steps in each training"
    if command in found.seconds:
        typer.echo(f"time: about {span(found.seconds[command])} on two cores ({what})", err=True)
        return
    typer.echo("time: said as soon as a first lesson has been measured", err=True)
    stage("Compiling")
    typer.echo(f"time: about {span(_left(found, command))} from here ({what})", err=True)


def _left(found: InWorld, command: str) -> float:
    """Seconds for all trainings, from the time that a few lessons take once they are compiled."""
    corners, further = load("diagnosis", "_world_corners"), load("learners", "further").further
    base, learner = getattr(found.world, "base", found.world), found.learner
    place = corners.told(found.world, getattr(base, "bystanders", {}))
    known, seats = corners.kinds(found.world, learner), range(len(found.world.ground.players))
    tables = [[Policy()] * len(seats)] * found.seeds
    where: Any = [seats] * found.seeds if len(seats) <= corners.FEW else seats
    lesson, took = learner.length * learner.copies, []
    for lessons in (1, 2, 6):
        began = time.perf_counter()
        further(place, tables, where, lessons * lesson, learner=learner, kinds=known)
        took.append(time.perf_counter() - began)
    each = max(took[2] - took[1], 1e-3) / 4
    return took[0] + CORNERS[command] * each * found.steps / lesson


def _run(subject: str, assignments: Sequence[str] | None, asked: WorldOptions) -> Any:
    about = [*(assignments or ()), *(f"--{name}" for name in ("preset", "seeds") if getattr(asked, name) is not None)]
    if about:
        raise InputError(
            f"{subject} is a run, and {about[0]!r} is about a world.",
            "A run says itself in which world it was trained, and how often.",
            "Leave it out.",
        )
    return run_from(subject, asked.world, [asked.learner] if asked.learner else [])
