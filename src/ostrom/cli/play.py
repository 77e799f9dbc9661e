"""`ostrom play`: episodes with nobody learning, in numbers and as a page on which one can go back and forth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from ._options import Seed, Under
from .train import Assignments, Preset, Seat, run_title, titled

Output = Annotated[
    list[Path] | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="The first episode as a page (.html) or a picture (.png, .svg), every choice (.jsonl), or the report "
        "(.txt, .json). May be repeated.",
    ),
]


def play(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="RUN|WORLD", help="The folder of a training, or a world (ostrom list worlds).", show_default=False
        ),
    ],
    assignments: Assignments = None,
    under: Under = None,
    preset: Preset = None,
    bot: Annotated[
        str | None, typer.Option("--bot", metavar="NAME", help="One of the world's bots, in every seat.")
    ] = None,
    seat: Seat = None,
    beside: Annotated[
        str | None,
        typer.Option(
            "--beside",
            metavar="RUN|WORLD",
            help="Another training, or a world with the same players and without --under, to show at its side.",
        ),
    ] = None,
    training: Annotated[
        int, typer.Option("--training", min=0, help="Of a run with several seeds: which of them, from 0.")
    ] = 0,
    world: Annotated[
        str | None,
        typer.Option("--world", metavar="WORLD", help="Of a run: the world, where it is a class of your own."),
    ] = None,
    episodes: Annotated[int, typer.Option("--episodes", min=1, help="How many to play.")] = 10,
    seed: Seed = 0,
    output: Output = None,
) -> None:
    """Play a world, and look at what happens.

    RUN is what ostrom train -o wrote. --under, --seat and --bot put rules round it, or strangers into it.
    """
    from ._output import progress
    from ._played import PICTURES, deliver_play, form_of, refuse_unwritable

    refuse_unwritable(output)
    asked = _Asked(assignments, under, preset, bot, seat, training, world)
    with progress() as stage:
        scenes = [_scene(subject, asked)] + ([] if beside is None else [_scene(beside, _beside(asked, beside))])
        scenes = _told_apart(scenes, [subject, *([] if beside is None else [beside])])
        stage("Playing")
        pictures = any(form_of(path) in PICTURES for path in output or ())
        played = [_played(scene, seed, episodes, pictures) for scene in scenes]
    deliver_play(scenes, played, output or ())


class _Asked(NamedTuple):
    """What the options say."""

    assignments: list[str] | None
    under: list[str] | None
    preset: str | None
    bot: str | None
    seat: list[str] | None
    training: int
    world: str | None


def _beside(asked: _Asked, subject: str) -> _Asked:
    """The same for what is shown beside: the same players and parameters, without the rules."""
    plain = asked._replace(under=None, world=None)
    return plain._replace(assignments=None, preset=None) if _is_run(subject) else plain


def _is_run(subject: str) -> bool:
    """Whether it is the folder of a training; names come first."""
    from ..core.catalogue import rooms_with

    return Path(subject).is_dir() and not {"worlds", "games"} & {*rooms_with(subject)}


def _scene(subject: str, asked: _Asked) -> Any:
    """What a folder or the name of a world describes, with players in all seats."""
    from ._played import Staged
    from ._players import players_from, spoken

    found, start = _found(subject, asked)
    players = players_from(found, f"bot:{asked.bot}" if asked.bot else None, asked.seat, start)
    seats = tuple(spoken(found, player) for player in players)
    title = run_title(subject, found) if _is_run(subject) else titled(Path(subject).name or subject, found)
    return Staged(found, players, title, seats)


def _told_apart(scenes: list[Any], subjects: list[str]) -> list[Any]:
    """The same with titles that differ: where they do not, as each was asked for, and the same thing again."""
    if len({scene.title for scene in scenes}) == len(scenes):
        return scenes
    if len({*subjects}) == len(subjects):
        return [one._replace(title=f"{one.title} ({what})") for one, what in zip(scenes, subjects, strict=True)]
    return [one._replace(title=f"{one.title}, again" if k else one.title) for k, one in enumerate(scenes)]


def _found(subject: str, asked: _Asked) -> tuple[Any, list[Any]]:
    """The world, and who was trained in it."""
    from ..core.errors import InputError
    from ._world import world_from

    about = [*(asked.assignments or ()), *([f"--preset {asked.preset}"] if asked.preset else ())]
    if _is_run(subject):
        if about:
            raise InputError(
                f"{subject} is a run, and {about[0]!r} is about a world.",
                "A run says itself in which world it was trained.",
                "Leave it out.",
            )
        return _run(subject, asked.training, asked.world, asked.under)
    if asked.world is not None:
        raise InputError(
            f"--world {asked.world} is for runs.", f"{subject} is no folder.", f"Write: ostrom play {asked.world}"
        )
    return world_from(subject, asked.assignments, asked.under, asked.preset), []


def _run(folder: str, training: int, world: str | None, under: list[str] | None) -> tuple[Any, list[Any]]:
    """World and trained players of a run, under further rules if these are asked for."""
    from ..core import catalogue
    from ..core.institution import Institution
    from ..core.rooms import load
    from ._world import world_from

    other = None if world is None else world_from(world)
    run = load("learners", "_run_folder").load_run(folder, other)
    rules = [catalogue.build("institutions", text, Institution) for text in under or ()]
    return run.world.under(*rules), run.players(training)


def _played(scene: Any, seed: int, episodes: int, states: bool) -> Any:
    from ..core.rooms import load

    return load("learners", "_play").play(scene.world, scene.players, seed=seed, episodes=episodes, states=states)
