"""The catalogue: where names on a command line or in a file become classes, and text becomes their parameters.

A name is one of a room's members (`tax`), one that another package adds through an entry point in the group
`ostrom.<room>`, or the import path of a rule in a file of one's own, `their_rule.Rule:rate=0.4`. Inside the package
nobody looks things up by name; strings meet the catalogue at the edge and nowhere else.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from .errors import InputError, OstromError, UnknownName
from .parameters import bracketed, parameters, phrase, read, spell, split
from .record import Record
from .rooms import key, load, members, rooms

T = TypeVar("T")


def names(room: str) -> tuple[str, ...]:
    """The names of a room's members, sorted, without importing any of them; entry points included."""
    return tuple(sorted({*members(room), *_entry_points(room)}))


def rooms_with(name: str) -> tuple[str, ...]:
    """The rooms that have a member of this name, however it is written (`public_goods`, `PublicGoods`)."""
    return tuple(room for room in rooms() if key(name) in map(key, names(room)))


def member(room: str, name: str) -> Callable[..., Any]:
    """The class (or function) that `name` stands for in `room`.

    `name` is a catalogue name in any spelling (`tax`, `Tax`), or a dotted import path (`their_rule.Rule`), for which
    the current folder is importable as well: a path runs the code it names, so it is for people to write, and never
    taken from a file that somebody sent.

    Raises `UnknownName` with the nearest names, or `InputError` when the import itself fails.
    """
    if "." in name:
        return _imported(name)
    for stem, attribute in members(room).items():
        if key(stem) == key(name):
            return getattr(load(room, stem), attribute)
    for entry, point in _entry_points(room).items():
        if key(entry) == key(name):
            return _loaded(point.module, point.load)
    raise UnknownName(_singular(room), name, names(room))


def build(room: str, text: str, kind: type[T] = object) -> T:
    """Make what a text like `tax:rate=0.4,on=harvest` describes; it has to be a `kind`.

    The part before the first `:` is read by `member`, the rest are parameters. Raises `InputError`.
    """
    name, colon, rest = text.partition(":")
    if not name.strip() or (colon and not rest.strip()):
        raise InputError(
            f"{text!r} does not name a {_singular(room)} and its parameters.",
            do="Write it like name:first=0.4,other=2.",
        )
    if "=" in name:
        raise InputError(
            f"{text!r} stands where something of {room} is named.",
            "A comma in the parameters of one that stands within another would begin the next one.",
            "Put each into brackets of its own, like articles=((tax:on=D,rate=3),(ban:moves=((*,D)))).",
        )
    made = make(room, member(room, name.strip()), split(rest))
    if not isinstance(made, kind):
        raise InputError(
            f"{name} makes a {type(made).__name__}.",
            f"What is needed here is an instance of {kind.__name__}.",
            f"Name one of: {', '.join(_fitting(room, kind)[:12])}; or a class of your own, like their_file.TheirClass.",
        )
    return made


def _fitting(room: str, kind: type) -> list[str]:
    """The names of a room that stand for a class of this kind, or for a function."""
    found = []
    for name in names(room):
        try:
            one = member(room, name)
        except Exception:  # somebody's file may be broken; that is no reason to say nothing
            continue
        if not isinstance(one, type) or issubclass(one, kind):
            found.append(name)
    return found


def make(room: str, target: Callable[..., Any], assignments: Iterable[str]) -> Any:
    """Call `target` with parameters written as `name=value`, each read as the type that `target` declares for it.

    Raises `UnknownName` for a parameter it does not have and `InputError` for a value that does not fit.
    """
    declared, values, title = parameters(target), {}, getattr(target, "__name__", str(target))
    for assignment in assignments:
        name, text = _parts(assignment, title)
        if name not in declared:
            raise UnknownName(f"parameter of {title}", name, declared)
        if name in values:
            raise InputError(f"{title} is given {name} twice.", do=f"Keep one {name}=… only.")
        wanted = declared[name].type
        if isinstance(wanted, type) and issubclass(wanted, Record):
            values[name] = build(room, bracketed(text), wanted)
        elif (one := _listed(wanted)) is not None:
            values[name] = tuple(build(room, bracketed(each), one) for each in split(bracketed(text)))
        else:
            values[name] = read(declared[name], text, title)
    if missing := [p for p in declared.values() if p.required and p.name not in values]:
        raise InputError(
            f"{title} is missing {' and '.join(p.name for p in missing)}.",
            "There is no default that would be right everywhere.",
            f"Give {', '.join(f'{p.name}={phrase(p)}' for p in missing)}.",
        )
    return _called(title, target, values)


def spelled(room: str, made: Record) -> str:
    """The text that `build` reads as this record, `fines:schedule=((*,D,2.5))`; defaults are left out.

    Empty for a class that is no member of the room, and for what cannot be written in text.
    """
    stem = next((stem for stem, name in members(room).items() if name == type(made).__name__), "")
    if not stem or member(room, stem) is not type(made):
        return ""
    given = {
        name: getattr(made, name)
        for name, parameter in parameters(type(made)).items()
        if parameter.required or not _same(getattr(made, name), parameter.default)
    }
    try:
        written = [f"{name}={_written(room, value)}" for name, value in given.items()]
    except ValueError:
        return ""
    return stem + (f":{','.join(written)}" if written else "")


def _written(room: str, value: Any) -> str:
    """A parameter as text, records within it in brackets of their own; `ValueError` where that cannot be."""
    if isinstance(value, Record):
        if not (text := spelled(room, value)):
            raise ValueError(f"{value!r:.60} is no member of {room}")
        return f"({text})"
    if isinstance(value, tuple) and any(isinstance(one, Record) for one in value):
        return f"({','.join(_written(room, one) for one in value)})"
    return spell(value)


def _same(value: Any, default: Any) -> bool:
    return type(value) is type(default) and not hasattr(value, "shape") and value == default


def _parts(assignment: str, title: str) -> tuple[str, str]:
    name, equals, text = (part.strip() for part in assignment.partition("="))
    if equals:
        return name, text
    raise InputError(
        f"{assignment!r} is not a parameter of {title}.",
        "Parameters are written name=value, and ':' stands only before them.",
        f"Write for example {title}:name=value; for a class in a module, module.{name or 'Class'}.",
    )


def _called(title: str, target: Callable[..., Any], values: dict[str, Any]) -> Any:
    try:
        return target(**values)
    except OstromError:
        raise
    except (TypeError, ValueError) as error:
        shown = ", ".join(f"{name}={value!r}" for name, value in values.items())
        raise InputError(f"{title}({shown}) cannot be made: {error}.") from error


def _imported(path: str) -> Callable[..., Any]:
    """The object at a dotted import path, with the current folder behind everything that is installed."""
    module_name, _, attribute = path.rpartition(".")
    folder = os.getcwd()
    if folder not in sys.path:
        sys.path.append(folder)
        importlib.invalidate_caches()
    module = _loaded(module_name, lambda: importlib.import_module(module_name))
    found = vars(module).get(attribute)
    if not callable(found):
        public = [n for n, v in vars(module).items() if isinstance(v, type) and v.__module__ == module.__name__]
        raise UnknownName(f"class in {module_name}", attribute, public)
    return found


def _loaded(module: str, imported: Callable[[], Any]) -> Any:
    """What `imported` returns; whatever goes wrong in somebody else's file is said in one sentence."""
    try:
        return imported()
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}."):
            raise InputError(
                f"There is no module called {error.name!r}.",
                f"Python looked in the current folder ({os.getcwd()}) and among the installed packages.",
                f"Start in the folder that holds {error.name}.py, or check the spelling.",
            ) from None
        raise InputError(
            f"{module} could not be imported: {type(error).__name__}: {error}.",
            do=f"Run python -c 'import {module}' to see where it stops.",
        ) from error


def _entry_points(room: str) -> dict[str, Any]:
    """Members that installed packages add to a room, by name."""
    return {point.name: point for point in _installed().select(group=f"ostrom.{room}")}


@cache
def _installed() -> Any:
    from importlib.metadata import entry_points

    return entry_points()


def _singular(room: str) -> str:
    return f"{room[:-3]}y" if room.endswith("ies") else room.removesuffix("s")


def _listed(wanted: Any) -> Any:
    """The kind of record of which a parameter is a list; None where it is something else."""
    kinds: tuple[Any, ...] = get_args(wanted) if get_origin(wanted) is tuple else ()
    many = len(kinds) == 2 and kinds[1] is ...
    return kinds[0] if many and isinstance(kinds[0], type) and issubclass(kinds[0], Record) else None
