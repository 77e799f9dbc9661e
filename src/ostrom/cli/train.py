"""`ostrom train`: let players learn in a world, and keep what they have learned."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from ._options import Seed, Under

World = Annotated[
    str,
    typer.Argument(
        metavar="WORLD",
        help="A world (ostrom list worlds), a table game to be played several times, or an import path.",
        show_default=False,
    ),
]
Assignments = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME=VALUE", help="Parameters of the world, like players=6.", show_default=False),
]
Preset = Annotated[
    str | None,
    typer.Option("--preset", metavar="NAME", help="small (where a world has it, the default here) or full."),
]
Seat = Annotated[
    list[str] | None,
    typer.Option(
        "--seat",
        metavar="SEAT=PLAYER",
        help="Who sits there: bot:selfish (of the world), a learner or a policy with parameters. * is every seat. "
        "Again for more.",
    ),
]


def train(
    world: World,
    assignments: Assignments = None,
    under: Under = None,
    preset: Preset = None,
    learner: Annotated[
        str,
        typer.Option("--learner", metavar="NAME:k=v,…", help="Who learns: ippo:rate=0.001 (ostrom list learners)."),
    ] = "ippo",
    seat: Seat = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of the world in each seed, all copies.")] = 20_000,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Trainings side by side, from --seed on.")] = 1,
    seed: Seed = 0,
    copies: Annotated[
        int | None, typer.Option("--copies", min=1, help="Episodes side by side; the learner's own number if left out.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Keep the training here; the same command goes on."),
    ] = None,
) -> None:
    """Train players in a world.

    It says how long it will take as soon as a lesson has been measured. With -o it can be interrupted at any time, and
    the same command goes on where it stopped, to the same bytes.
    """
    from ..core.rooms import load
    from ..reports.training import training
    from ._output import deliver, progress
    from ._players import players_from
    from ._world import world_from

    _refuse(output)
    found = world_from(world, assignments, under, preset)
    players = players_from(found, learner, seat)
    settings = _settings(found, players, " ".join([world, *(assignments or ())]))
    for name, value in settings.items():
        typer.echo(f"{name}: {value}", err=True)
    if output is not None and (output / "state.npz").exists():
        typer.echo(f"folder: {output}, where a training goes on", err=True)
    say = _Pace(seeds)
    try:
        with progress() as stage:
            stage("Compiling")
            run = load("learners", "_train").train(
                found, players, steps, seed=seed, seeds=seeds, copies=copies, to=output, told=lambda at: say(at, stage)
            )
    except KeyboardInterrupt:
        if output is None:
            raise
        typer.echo(f"\nostrom: Interrupted{say.where}. The same command goes on from there: see {output}.", err=True)
        raise typer.Exit(130) from None
    page = training(run, settings, titled(world, found))
    if output is not None:
        _summary(page, output, _given_again(found, players, world, assignments))
        # before anything is printed, which nobody may read to its end
    deliver(page, None)


class _Pace:
    """Says how long a training will take: at a terminal all the time, elsewhere once."""

    def __init__(self, seeds: int) -> None:
        self.seeds, self.where, self.said = seeds, "", False

    def __call__(self, at: Any, stage: Any) -> None:
        self.where = f" after {at.steps:,} of {at.total:,} steps"
        pace = f"{at.rate:,.0f} steps a second" + (f", {self.seeds} seeds together" if self.seeds > 1 else "")
        if not self.said and not sys.stderr.isatty():
            typer.echo(f"time: about {span(at.left)} from here ({pace})", err=True)
        self.said = True
        stage(f"{at.steps / at.total:.0%} of {at.total:,} steps, {pace}, {span(at.left)} left")


def titled(subject: str, world: Any) -> str:
    """What a page is about: the name that was given, and the rules that are laid round the world."""
    from ..core.rooms import in_words
    from ..reports._words import spaced

    rules = [in_words(type(rule).__name__) for rule in getattr(world, "institutions", ())]
    return " under ".join([spaced(subject.partition(":")[0]), *rules])


def called(world: Any) -> str:
    """What a world is called without its rules and parameters: `coin_game`, `table game`, `their_pond.Pond`."""
    from ._world import world_text

    base = getattr(world, "base", world)
    return getattr(base, "called", "") or world_text(base, "table game").partition("(")[0].partition(":")[0]


def run_title(folder: str | Path, world: Any) -> str:
    """What was trained: its world, its rules, and the folder that keeps it, `coin game under tax, run`."""
    return f"{titled(called(world), world)}, {Path(folder).resolve().name}"


def span(seconds: float) -> str:
    """A time in words: `40 s`, `3 min`, `2.5 h`."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _settings(world: Any, players: list[Any], given: str) -> dict[str, str]:
    """What is trained, in words: the world (a table game as it was given), and who sits where."""
    from ._players import spaced, spoken
    from ._world import world_text

    seats: dict[str, list[str]] = {}
    for name, player in zip(world.ground.players, players, strict=True):
        seats.setdefault(spoken(world, player), []).append(name)
    told = {"world": f"{spaced(world_text(world, given))}; {world.horizon} steps an episode"}
    return told | {", ".join(who) if len(seats) > 1 else "every seat": player for player, who in seats.items()}


def _refuse(folder: Path | None) -> None:
    """Say before anything is compiled that nothing can be kept there."""
    from ..core.errors import InputError

    if folder is not None and ((folder.exists() and not folder.is_dir()) or not folder.absolute().parent.is_dir()):
        raise InputError(
            f"Nothing can be kept in {folder}.",
            "It is a file." if folder.exists() else f"There is no folder {folder.absolute().parent}.",
            "Give the name of a new folder.",
        )


def _given_again(world: Any, players: list[Any], given: str, assignments: list[str] | None) -> str:
    """The options by which a run is told of what is of one's own in it."""
    from ..core.rooms import load

    header, written = load("learners", "_header"), load("learners", "_written")
    base, rules = header.parts_of(world)
    options, files = [], set()
    if not written.written(base):
        path = written.path_in(written.text_of(base))
        name, *more = given.split(":", 1)
        given = ",".join([*more, *(assignments or ())])
        options.append(f"--world {path or quote(f'{name}:{given}' if given else name)}")
        files.add(path.rpartition(".")[0])
    named = [written.text_of(getattr(one, "policy", one)) for one in (*players, *rules)]
    for path in dict.fromkeys(filter(None, map(written.path_in, named))):
        options += [] if path.rpartition(".")[0] in files else [f"--learner {path}"]
        files.add(path.rpartition(".")[0])
    return " ".join(options)


def _summary(page: Any, folder: Path, more: str = "") -> None:
    from ..formats._text import save
    from ..reports.html import html

    save(html(page), folder / "training.html")
    typer.echo(
        f"Written: {folder} (open {folder / 'training.html'}; play it: ostrom play {folder}{more and f' {more}'})",
        err=True,
    )
