"""`load_run`: a training from the folder that keeps it, ready to play."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np

from ..core.errors import InputError
from ..core.seeds import words
from ..core.world import World
from . import _keep
from ._bounds import refuse_other
from ._header import TRAINED, fingerprint, groups_of, world_of
from ._lesson import enrol
from ._scripted import Trained
from ._table import Group, Players, seat
from ._train import Run, columns
from ._written import Own, path_in, path_of

COUNTS = ("lessons", "length", "copies", "seeds")
MOST = 10**9
"""Lessons, steps, copies and seeds beyond which a header is not believed."""


def load_run(
    folder: str | Path, world: World | None = None, players: Players | None = None, own: Iterable[type] = ()
) -> Run:
    """The training that `train(…, to=folder)` keeps, as far as it has come.

    A folder may come from anybody: it is read as text and numbers, and names in it stand for what ships with ostrom
    only. Whoever trained in a world, under a rule or with a learner of their own gives these classes again.

    Parameters
    ----------
    world, players : as they were given to `train`, where the folder cannot say what they are; rules round the world
        need not be given again if ostrom knows them.
    own : classes of one's own (worlds, rules, learners, policies) that the folder may name: they are made with the
        parameters that are written there.

    Raises `InputError` where there is no training, or something else than what was written.
    """
    folder = Path(folder)
    if world is not None:
        refuse_other(world)
    known = _checked(folder, _keep.read_header(folder))
    world, groups = _what(folder, known, world, players, {path_of(cls): cls for cls in own})
    try:
        like = _like(world, groups, known)
        kept = _keep.load_state(folder, like)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise _refused(folder, error) from None
    if kept is None:
        raise InputError(
            f"{folder} keeps no training yet: it was stopped before its first lesson.", do="Go on with it."
        )
    classes, done, lines = kept
    rows = _keep.read_lines(folder, lines)
    _keep.refuse_others(folder, rows, done, known["seeds"])
    groups = tuple(_minded(group, mind) for group, mind in zip(groups, classes.minds, strict=True))
    steps = done * known["length"] * known["copies"]
    return Run(world, groups, classes.minds, columns(rows), known["seed"], known["seeds"], steps)


def _checked(folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    """The header, if everything in it is of the kind it should be."""
    numbers = all(type(known.get(name)) is int and 1 <= known[name] <= MOST for name in COUNTS)
    seed = type(known.get("seed")) is int and 0 <= known["seed"] < 2**64 - MOST
    texts = isinstance(known.get("world"), str) and isinstance(known.get("under"), list)
    rules = texts and all(isinstance(text, str) for text in known["under"])
    if not (numbers and seed and rules and isinstance(known.get("players"), list) and _seats(known["players"])):
        raise InputError(
            f"{folder / _keep.HEADER} does not say what was trained, with whom, how long.", "", _keep.AGAIN
        )
    size = (folder / _keep.STATE).stat().st_size if (folder / _keep.STATE).exists() else 0
    if size and size < 8 * known["seeds"]:
        raise InputError(
            f"{folder / _keep.HEADER} tells of {known['seeds']} seeds, and {folder / _keep.STATE} has {size} bytes.",
            "",
            _keep.AGAIN,
        )
    return known


def _seats(players: list[Any]) -> bool:
    """Whether every seat is given to somebody, once."""
    if not all(
        isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) and _numbers(one[1]) for one in players
    ):
        return False
    taken = sorted(number for _, seats in players for number in seats)
    return bool(taken) and taken == list(range(len(taken)))


def _numbers(seats: Any) -> bool:
    return isinstance(seats, list) and all(type(number) is int for number in seats)


def _what(
    folder: Path, known: Mapping[str, Any], world: World | None, players: Players | None, own: Own
) -> tuple[World, tuple[Group, ...]]:
    """World and groups as the header has them, or as they are given."""
    try:
        world = world_of(known, world, own)
        groups = groups_of(known, world, own) if players is None else seat(world, players)
    except InputError as error:
        raise InputError(
            f"{folder / _keep.HEADER} cannot be made again: {error.what}",
            error.why or "Only what ships with ostrom is made from a folder.",
            _give(folder, known),
        ) from None
    length = max((group.learner.length for group in groups if group.learner.learns), default=1)
    found = [len(world.ground.players), fingerprint(world, groups), length]
    if found != [_seated(known), known.get("digest"), known["length"]]:
        raise InputError(
            f"{folder} was trained in another world, or with other players: {known['world']!r:.200}.",
            f"Its parameters are not those of this world or these players (ostrom {known.get('ostrom')}).",
            "Use the version of ostrom that wrote it, or give the same world=… and players=….",
        )
    return world, groups


def _give(folder: Path, known: Mapping[str, Any]) -> str:
    """How somebody gives the classes of their own that a header names."""
    players = [text.removeprefix(f"{TRAINED}:") for text, _ in known["players"]]
    found = {
        kind: [path for text in texts if (path := path_in(text))]
        for kind, texts in {"world": [known["world"]], "rule": known["under"], "learner": players}.items()
    }
    classes = dict.fromkeys(path for paths in found.values() for path in paths)
    if not classes:
        how = f"ostrom play {folder} --world their_file.theirs:horizon=…, as it was given to ostrom train"
        return f"Give what is of your own: {how}; or load_run(folder, world=…, players=…)."
    options = [f"--world {path}" for path in found["world"]]
    modules = {path.rpartition(".")[0] for path in found["world"]}  # naming one class vouches for its whole file
    for path in (*found["learner"], *found["rule"]):
        if path.rpartition(".")[0] not in modules:
            options.append(f"--learner {path}")
            modules.add(path.rpartition(".")[0])
    names = ", ".join(path.rpartition(".")[2] for path in classes)
    return f"If that is of your own: ostrom play {folder} {' '.join(options)}, or load_run(folder, own=[{names}])."


def _seated(known: Mapping[str, Any]) -> int:
    return sum(len(seats) for _, seats in known["players"])


def _like(world: World, groups: tuple[Group, ...], known: Mapping[str, Any]) -> Any:
    """What the state looks like: shapes and types, nothing computed."""
    keys = jax.ShapeDtypeStruct((known["seeds"], len(words(0))), np.uint32)
    learners, seats = tuple(group.learner for group in groups), tuple(group.seats for group in groups)
    copies = known["copies"]
    return jax.eval_shape(lambda who, keys: enrol(world, who, seats, keys, copies), learners, keys)


def _minded(group: Group, mind: Any) -> Group:
    """The group with the mind that was trained before, where it has one: it is the same for every seed."""
    if not isinstance(group.learner, Trained):
        return group
    return Group(Trained(group.learner.learner, jax.tree.map(lambda leaf: leaf[0], mind)), group.seats)


def _refused(folder: Path, error: Exception) -> InputError:
    if isinstance(error, InputError):
        return error
    said = f"{error!s:.200}".rstrip(" .")
    return InputError(f"{folder / _keep.HEADER} describes what cannot be trained: {said}.", "", _keep.AGAIN)
