"""`ostrom sweep`: trainings in many worlds, under many rules, with many learners, and one table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from ._options import Seed

Worlds = Annotated[
    str,
    typer.Argument(
        metavar="WORLD,…", help="Worlds or table games, by comma, with parameters: coin_game,lake:players=3."
    ),
]


def sweep(
    worlds: Worlds,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER",
            help="For the table and all trainings; the same command goes on.",
            show_default=False,
        ),
    ],
    under: Annotated[
        str,
        typer.Option("--under", metavar="RULE,…", help="Rules to compare: none,tax:on=D,rate=2. ' + ' joins several."),
    ] = "none",
    learner: Annotated[
        str, typer.Option("--learner", metavar="NAME,…", help="Who learns, in all seats: ippo,reinforce:rate=0.01.")
    ] = "ippo",
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of the world in each seed, all copies.")] = 20_000,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Trainings of each combination, from --seed on.")] = 4,
    seed: Seed = 0,
    chunk: Annotated[int, typer.Option("--chunk", min=1, help="Seeds that are computed together, in one task.")] = 4,
    copies: Annotated[
        int | None, typer.Option("--copies", min=1, help="Episodes side by side; the learner's own number if left out.")
    ] = None,
    executor: Annotated[
        str, typer.Option("--executor", metavar="NAME", help="Who works: processes, serial or ray (ostrom list scale).")
    ] = "processes",
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Tasks at once; as many as there are cores if left out.")
    ] = None,
) -> None:
    """Train every learner in every world under every rule, and put it into one table.

    It says first how many tasks there are and about how long they will take. It can be interrupted at any time, and the
    same command goes on; the table is the same to the byte for any number of workers. A task that goes wrong is told in
    the table beside the others; the command then ends with exit code 1, and the same command tries it again.
    """
    from ..core.rooms import load
    from ..scale._job import environment, one_thread
    from ._output import progress
    from .train import _refuse

    _refuse(output)
    who = _executor(executor, workers)
    say = _Pace(who.workers)
    with environment(one_thread()):  # as many as a worker has: the number of threads can move the last digit
        learn, places = load("learners", "_sweep").sweep, _worlds(worlds)
        try:
            with progress() as stage:
                stage("Measuring how long a task takes")
                swept = learn(
                    places, listed(learner), listed(under), steps=steps, to=output, seeds=seeds, seed=seed,
                    chunk=chunk, copies=copies, executor=who, told=lambda at: say(at, stage),
                )  # fmt: skip
        except KeyboardInterrupt:
            typer.echo(f"\nostrom: Interrupted{say.where}. The same command goes on: see {output}.", err=True)
            raise typer.Exit(130) from None
    _deliver(swept, output)
    if swept.failed:
        raise typer.Exit(1)


class _Pace:
    """Says how many tasks there are and about how long they take: once, and at a terminal all the time."""

    def __init__(self, workers: int) -> None:
        self.workers, self.where, self.said = workers, "", False

    def __call__(self, at: Any, stage: Any) -> None:
        from .train import span

        if not self.said:
            if at.left_out:
                typer.echo(f"left out: {len(at.left_out)} that do not fit together (told in the table)", err=True)
            there = f", {at.done - at.failed} of them done before" if at.done > at.failed else ""
            at_once = min(self.workers, at.tasks)
            typer.echo(f"tasks: {at.tasks}{there}; {at_once} at once, about {span(at.left)}", err=True)
        self.said, self.where = True, f" after {at.done} of {at.tasks} tasks"
        wrong = f", {at.failed} of them went wrong" if at.failed else ""
        stage(f"{at.done} of {at.tasks} tasks{wrong}, about {span(at.left)} left")


def listed(text: str) -> list[str]:
    """Names with parameters, by comma: `none,tax:on=D,rate=2` is `none` and `tax:on=D,rate=2`.

    What is written `name=value` belongs to the name before it. Raises `InputError` where there is none.
    """
    from ..core._brackets import split
    from ..core.errors import InputError

    found: list[str] = []
    for piece in split(text):
        if "=" not in piece.partition(":")[0]:
            found.append(piece)
        elif found and ":" in found[-1]:
            found[-1] += f",{piece}"
        else:
            raise InputError(f"{piece!r} in {text!r} is a parameter of nothing.", do="Write name:first=1,second=2.")
    return [piece for piece in found if piece]


def _worlds(text: str) -> dict[str, Any]:
    """Worlds as `ostrom train` takes them, by what was written; one of the user's own stays as it was written."""
    from ..core.rooms import load
    from ._world import world_from

    written = load("learners", "_written").written
    return {name: written(world_from(name)) or name for name in listed(text)}


def _executor(text: str, workers: int | None) -> Any:
    """Who works; as many at once as there are cores, unless it is said."""
    from ..core import catalogue
    from ..core.parameters import parameters
    from ..scale._executor import Executor

    name, colon, rest = text.partition(":")
    several = "workers" in parameters(catalogue.member("scale", name)) and "workers=" not in rest
    if workers or several:
        text += f"{',' if colon else ':'}workers={workers or _cores()}"
    return catalogue.build("scale", text, Executor)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _deliver(swept: Any, folder: Path) -> None:
    """Print the page; keep it as text beside the table."""
    from ..formats._text import save
    from ..reports._page_sweep import sweep_page
    from ..reports.text import text
    from ._output import deliver

    page = sweep_page(swept)
    deliver(page, None)
    save(text(page), folder / "table.txt")
    typer.echo(f"Written: {folder / 'table.parquet'} ({len(swept.rows):,} rows), {folder / 'table.txt'}", err=True)
