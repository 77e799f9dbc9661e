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
    learner: Annotated[
        list[str] | None,
        typer.Option(
            "--learner",
            metavar="NAME",
            help="Of a run: a learner, policy or rule of your own in it, their_file.Theirs, unless --world names "
            "one of the same file. Again for more.",
        ),
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
    asked = _Asked(assignments, under, preset, bot, seat, training, world, learner)
    with progress() as stage:
        scenes = [_scene(subject, asked if beside is None else _of_runs(asked, subject, beside))]
        scenes += [] if beside is None else [_scene(beside, _beside(asked, beside))]
        _refuse_others(scenes, subject, beside)
        scenes = _told_apart(scenes, [subject, *([] if beside is None else [beside])])
        stage("Playing")
        pictures = any(form_of(path) in PICTURES for path in output or ())
        played, notes = zip(*(_played(scene, seed, episodes, pictures) for scene in scenes), strict=True)
    deliver_play(scenes, played, output or (), notes)


class _Asked(NamedTuple):
    """What the options say."""

    assignments: list[str] | None
    under: list[str] | None
    preset: str | None
    bot: str | None
    seat: list[str] | None
    training: int
    world: str | None
    learner: list[str] | None


def _of_runs(asked: _Asked, subject: str, other: str) -> _Asked:
    """The same without what is about runs only, where this is none and the other is one."""
    return asked._replace(world=None, learner=None) if _is_run(other) and not _is_run(subject) else asked


def _beside(asked: _Asked, subject: str) -> _Asked:
    """The same for what is shown beside: the same players and parameters, without the rules."""
    plain = asked._replace(under=None)
    if _is_run(subject):
        return plain._replace(assignments=None, preset=None)
    return plain._replace(world=None, learner=None)


def _refuse_others(scenes: list[Any], subject: str, beside: str | None) -> None:
    """Refuse to show two worlds side by side that are not the same, whatever their parameters and rules."""
    from ..core.errors import InputError
    from .train import called

    (first, base), *rest = [(called(scene.world), getattr(scene.world, "base", scene.world)) for scene in scenes]
    for name, other in rest:
        same = type(other) is type(base) and (other.ground.players, other.ground.parts) == (
            base.ground.players,
            base.ground.parts,
        )
        if not same:
            more = f" with {len(base.ground.players)} and {len(other.ground.players)} seats" if name == first else ""
            raise InputError(
                f"{subject} is about {first}, and {beside} about {name}{more}.",
                "Side by side is shown what happens in one world, step by step.",
                "Play the other one by itself.",
            )


def _is_run(subject: str) -> bool:
    """Whether it is the folder of a training; names come first."""
    from ..core.catalogue import rooms_with

    return Path(subject).is_dir() and not {"worlds", "games"} & {*rooms_with(subject)}


def _scene(subject: str, asked: _Asked) -> Any:
    """What a folder or the name of a world describes, with players in all seats."""
    from ..core.errors import InputError
    from ._played import Staged
    from ._players import players_from, spoken

    found, start, before = _found(subject, asked)
    try:
        players = players_from(found, f"bot:{asked.bot}" if asked.bot else None, asked.seat, start)
    except InputError as error:
        raise _strange(before, found, asked.under) or error from None
    seats = tuple(spoken(found, player) for player in players)
    title = run_title(subject, found) if _is_run(subject) else titled(Path(subject).name or subject, found)
    return Staged(found, players, title, seats)


def _strange(before: Any, after: Any, under: list[str] | None) -> Any:
    """The error for rules that ask of those who were trained without them what they do not know; None without such."""
    from ..core.errors import InputError
    from ..core.rooms import load

    if before is None:
        return None
    seen, space = [], load("learners", "_table").space_of
    for world in (before, after):
        seen.append([f"choose {part}" for part in world.ground.parts] + [f"see {name}" for name in space(world).seen])
    if not (new := [what for what in seen[1] if what not in seen[0]]):
        return None
    return InputError(
        f"Under {' and '.join(under or ())} seats also {', '.join(new)}.",
        "Those who were trained without that have never learned it; only rules that leave alone what seats see and "
        "choose can be laid round a training.",
        "Train under the rule (ostrom train … --under …), or give every seat to somebody else (--bot, --seat '*=…').",
    )


def _told_apart(scenes: list[Any], subjects: list[str]) -> list[Any]:
    """The same with titles that differ: where they do not, as each was asked for, and the same thing again."""
    if len({scene.title for scene in scenes}) == len(scenes):
        return scenes
    if len({*subjects}) == len(subjects):
        return [one._replace(title=f"{one.title} ({what})") for one, what in zip(scenes, subjects, strict=True)]
    return [one._replace(title=f"{one.title}, again" if k else one.title) for k, one in enumerate(scenes)]


def _found(subject: str, asked: _Asked) -> tuple[Any, list[Any], Any]:
    """The world, who was trained in it, and in which world that was; nobody and None for what is no run."""
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
        return _run(subject, asked)
    if asked.world is not None:
        raise InputError(
            f"--world {asked.world} is for runs.", f"{subject} is no folder.", f"Write: ostrom play {asked.world}"
        )
    if asked.learner:
        raise InputError(
            f"--learner {asked.learner[0]} is for runs.",
            f"{subject} is no folder, and nobody learns here.",
            f"Write: --seat '*={asked.learner[0]}'",
        )
    return world_from(subject, asked.assignments, asked.under, asked.preset), [], None


def _run(folder: str, asked: _Asked) -> tuple[Any, list[Any], Any]:
    """World and trained players of a run, under further rules if these are asked for, and the world without them."""
    from ..core import catalogue
    from ..core.institution import Institution
    from ._world import run_from

    run = run_from(folder, asked.world, asked.learner or ())
    rules = [catalogue.build("institutions", text, Institution) for text in asked.under or ()]
    return run.world.under(*rules), run.players(asked.training), run.world


def _played(scene: Any, seed: int, episodes: int, states: bool) -> tuple[Any, str]:
    """What was played, and a sentence on rules that did nothing in it."""
    from ..core.rooms import load

    felt = load("learners", "_felt")
    played, did = felt.play_under(scene.world, scene.players, seed=seed, episodes=episodes, states=states)
    return played, felt.idle(scene.world, did, f"In {'this episode' if episodes == 1 else 'these episodes'}")
