"""What a command plays in: worlds by name, and table games as worlds."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from ..core import catalogue
from ..core._brackets import split
from ..core.agent import Policy
from ..core.errors import InputError, UnknownName
from ..core.game import Game
from ..core.institution import Institution
from ..core.parameters import parameters
from ..core.record import Parameter
from ..core.rooms import load
from ..core.world import World

ROUNDS = 16
"""How often a table game is played in an episode, unless `horizon=` says otherwise."""
LONGEST = 200
"""Letters of a world that are shown."""
PRESETS = ("small", "full")
HEADER = "run.json"
"""The file that makes a folder a training."""
HOSTING = ("horizon", "labels", "names", "ends", "kept")
"""Parameters of `HostedWorld` that can be given beside those of somebody's environment."""


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


def concerns_world(subject: str, assignments: Sequence[str] | None = None) -> bool:
    """Whether a command that takes games and worlds is about a world, or what was trained in one; games come first.

    Of an import path that is looked up by making what it names; nothing else is imported but the world itself.
    """
    name, _, rest = subject.partition(":")
    known = catalogue.rooms_with(name)
    if "games" in known:
        return False
    if "worlds" in known or is_run(subject):
        return True
    if "." not in name or _is_there(subject):
        return False
    target = catalogue.member("worlds", name)
    if isinstance(target, type) and issubclass(target, Game):
        return False
    return _is_class(target) or isinstance(_own(target, [*split(rest), *(assignments or ())]), World)


def is_run(subject: str) -> bool:
    """Whether it is the folder of a training; names come first."""
    return (Path(subject) / HEADER).is_file() and not {"worlds", "games"} & {*catalogue.rooms_with(subject)}


def run_from(folder: str, world: str | None = None, learners: Sequence[str] = ()) -> Any:
    """The training that a folder keeps; `world` and `learners` name what is of one's own in it, by import path.

    Whoever names a class vouches for its file: what else the folder names of it is made, too. A world is made as the
    folder has it, unless it is given with its parameters.
    """
    keep, written, loading = (load("learners", name) for name in ("_keep", "_written", "_run_folder"))
    own = [cls for text in (*filter(None, [world]), *learners) for cls in _classes_beside(text)]
    told = keep.read_header(Path(folder)).get("world")
    there = isinstance(told, str) and written.path_in(told) in map(written.path_of, own)
    given = None if world is None or (there and world == written.path_in(world)) else world_from(world)
    return loading.load_run(folder, given, own=own)


def _classes_beside(text: str) -> list[type]:
    """Worlds, rules, learners and policies in the file of a class of one's own; none for a name of the catalogue."""
    written, learner = load("learners", "_written"), load("learners", "_learner").Learner
    if not (path := written.path_in(text)):
        return []
    catalogue.member("worlds", path)  # imports the file, or says what is wrong with it
    there = vars(sys.modules[path.rpartition(".")[0]]).values()
    kinds = (World, Institution, Policy, learner)
    return [cls for cls in there if isinstance(cls, type) and issubclass(cls, kinds) and written.path_of(cls)]


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
    text = load("learners", "_written").text_of(record)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _made(name: str, subject: str, given: Sequence[str], preset: str | None) -> World:
    if is_world(name):
        return _world(catalogue.member("worlds", name), given, preset)
    if "." in name and not _is_there(subject):
        target = catalogue.member("worlds", name)
        if _is_class(target):
            return _world(target, given, preset)
        made = _own(target, given)
        if isinstance(made, World):
            _say_horizon(made, [*parameters(target)], given)
            return made
        if not isinstance(made, Game):
            do = "Name a world, a table game, or a PettingZoo Parallel environment."
            raise InputError(f"{name} makes a {type(made).__name__}.", do=do)
        return _played(made, given)
    return _played(_game(subject, name, [text for text in given if not _horizon(text)]), given)


def _own(target: Callable[..., Any], given: Sequence[str]) -> Any:
    """What somebody's class or function makes: a world, a game, or a PettingZoo environment as the world that hosts it.

    Parameters that it does not have itself are those of `HostedWorld` (horizon, labels, names, ends, kept).
    """
    takes = parameters(target)
    ours = [text for text in given if (own := text.partition("=")[0].strip()) in HOSTING and own not in takes]
    mine = [text for text in given if text not in ours]
    made = catalogue.make("worlds", target, mine)
    if isinstance(made, World | Game) or not hasattr(made, "possible_agents"):
        wrong = [] if isinstance(made, Game) and all(map(_horizon, ours)) else ours
        return made if not wrong else catalogue.make("worlds", target, given)  # which says that there is no such thing
    made.close()
    hosted = load("worlds", "hosted").HostedWorld
    make = catalogue.make("worlds", _taking(target, takes, lambda **values: _later(target, values)), mine)
    options = {name: parameter for name, parameter in parameters(hosted).items() if name in HOSTING}
    return catalogue.make("worlds", _taking(hosted, options, partial(hosted, make)), ours)


def _say_horizon(made: World, own: Sequence[str], given: Sequence[str]) -> None:
    """Say how long the episodes of somebody's environment are taken to be, where nobody has said it."""
    hosted = type(made).__module__.endswith(".worlds.hosted")
    if hosted and "horizon" not in own and not any(map(_horizon, given)):
        typer.echo(f"horizon: {made.horizon} steps an episode, as nothing else was given (horizon=…)", err=True)


def _later(target: Callable[..., Any], values: Mapping[str, Any]) -> Callable[..., Any]:
    return partial(target, **values) if values else target


def _game(subject: str, name: str, given: Sequence[str]) -> Game:
    """The table game that a scenario or a file makes."""
    from ._subject import find_game

    there = _is_there(subject)
    if not there and "games" not in catalogue.rooms_with(name):
        raise UnknownName("world or table game", name, {*worlds(), *catalogue.names("games")})
    made = find_game(subject if there else name, given)
    assert isinstance(made, Game)
    return made


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
    declared = {
        name: replace(one, default=getattr(made, name), required=False) for name, one in parameters(cls).items()
    }
    return _taking(cls, declared, partial(replace, made))


def _taking(target: Any, declared: Mapping[str, Parameter], call: Callable[..., Any]) -> Callable[..., Any]:
    """`call` as a function with the name of `target` and these parameters."""

    def made(**values: Any) -> Any:
        return call(**values)

    hints = {name: Annotated[one.type, one.interval] if one.interval else one.type for name, one in declared.items()}
    made.__name__, made.__annotations__ = getattr(target, "__name__", str(target)), hints
    listed = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=inspect.Parameter.empty if one.required else one.default
        )
        for name, one in declared.items()
    ]
    made.__signature__ = inspect.Signature(listed)  # type: ignore[attr-defined]
    return made


def _is_class(target: Any) -> bool:
    return isinstance(target, type) and issubclass(target, World) and not inspect.isabstract(target)


def _is_there(subject: str) -> bool:
    from ._subject import _is_file

    return _is_file(subject)
