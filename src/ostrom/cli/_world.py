"""What a command plays in: worlds by name, and table games as worlds."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ..core import catalogue
from ..core._brackets import split
from ..core.errors import InputError, UnknownName
from ..core.game import Game
from ..core.institution import Institution
from ..core.parameters import parameters
from ..core.rooms import load
from ..core.world import World

ROUNDS = 16
"""How often a table game is played in an episode, unless `horizon=` says otherwise."""
LONGEST = 200
"""Letters of a world that are shown."""
PRESETS = ("small", "full")


def world_from(
    subject: str,
    assignments: Sequence[str] | None = None,
    under: Sequence[str] | None = None,
    preset: str | None = None,
) -> World:
    """The world that the arguments describe, under its institutions.

    `subject` is a world of the catalogue, the import path of one's own, or anything that makes a table game (a
    scenario, a file), which is then played `horizon` times. A world that has a `small` preset begins with that, unless
    `preset` is "full"; parameters that are given win. Raises `InputError` (`UnknownName` with the nearest names).
    """
    load("worlds", "governed")  # says how to install what is missing, before anything else is said
    if preset is not None and preset not in PRESETS:
        raise UnknownName("preset", preset, PRESETS)
    name, _, rest = subject.partition(":")
    given = [*split(rest), *(assignments or ())]
    found = _made(name, subject, given, preset)
    return found.under(*(catalogue.build("institutions", text, Institution) for text in under or ()))


def is_world(name: str) -> bool:
    """Whether the catalogue has a world of that name."""
    return "worlds" in catalogue.rooms_with(name) and _is_class(catalogue.member("worlds", name))


def worlds() -> tuple[str, ...]:
    """The names of all worlds that can be played in as they are, with what is installed."""
    found = []
    for name in catalogue.names("worlds"):
        with suppress(ImportError):
            found += [name] if is_world(name) else []
    return tuple(found)


def world_text(world: World, table: str = "") -> str:
    """A world as it would be written on the command line, with what is laid round it.

    `table` stands for a table game, whose payoffs would fill a page.
    """
    base, rules = load("learners", "_header").parts_of(world)
    own = table if table and isinstance(base, load("worlds", "matrix").MatrixWorld) else _spelled(base)
    return " under ".join([own, *map(_spelled, rules)])


def _spelled(record: Any) -> str:
    text = load("learners", "_written").written(record) or repr(record)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _made(name: str, subject: str, given: Sequence[str], preset: str | None) -> World:
    if is_world(name):
        return _world(catalogue.member("worlds", name), given, preset)
    if "." in name and not _is_there(subject):
        target = catalogue.member("worlds", name)
        if _is_class(target):
            return _world(target, given, preset)
        made = catalogue.make("worlds", target, [text for text in given if not _horizon(text)])
        if isinstance(made, World):
            return made
        if not isinstance(made, Game):
            raise InputError(f"{name} makes a {type(made).__name__}.", do="Name a world, or a table game.")
        return _played(made, given)
    return _played(_game(subject, name, [text for text in given if not _horizon(text)]), given)


def _game(subject: str, name: str, given: Sequence[str]) -> Game:
    """The table game that a scenario or a file makes."""
    from ._subject import find_game

    there = _is_there(subject)
    if not there and "games" not in catalogue.rooms_with(name):
        raise UnknownName("world or table game", name, {*worlds(), *catalogue.names("games")})
    return find_game(subject if there else name, given)


def _played(game: Game, given: Sequence[str]) -> World:
    """A table game, played several times."""
    lengths = [text.partition("=")[2].strip() for text in given if _horizon(text)]
    if len(lengths) > 1 or not all(text.isdigit() and int(text) > 0 for text in lengths):
        raise InputError(f"horizon={', '.join(lengths)} is no number of rounds.", do="Write horizon=16, once.")
    return load("worlds", "matrix").MatrixWorld.of(game, int(lengths[0]) if lengths else ROUNDS)


def _horizon(text: str) -> bool:
    return text.partition("=")[0].strip() == "horizon"


def _world(cls: Any, given: Sequence[str], preset: str | None) -> World:
    """A world of this class with what is given, else as its preset has it, else by default."""
    if preset == "small" and not hasattr(cls, "small"):
        raise InputError(f"{cls.__name__} has no preset called small.", do="Leave --preset out.")
    if preset == "full" or not hasattr(cls, "small"):
        return catalogue.make("worlds", cls, given)
    return catalogue.make("worlds", _based_on(cls, cls.small()), given)


def _based_on(cls: Any, made: Any) -> Callable[..., World]:
    """A function with the parameters of `cls` whose defaults are those of `made`."""

    def small(**values: Any) -> World:
        return replace(made, **values)

    hints = typing.get_type_hints(cls, include_extras=True)
    small.__name__ = cls.__name__
    small.__annotations__ = {name: hints[name] for name in parameters(cls)}
    listed = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=getattr(made, name), annotation=hints[name])
        for name in parameters(cls)
    ]
    small.__signature__ = inspect.Signature(listed)  # type: ignore[attr-defined]
    return small


def _is_class(target: Any) -> bool:
    return isinstance(target, type) and issubclass(target, World) and not inspect.isabstract(target)


def _is_there(subject: str) -> bool:
    from ._subject import _is_file

    return _is_file(subject)
