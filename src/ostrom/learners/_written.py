"""Worlds and players as text that makes them again, for the header of a run; what is read from a folder runs no code.

The grammar is the catalogue's, `ippo:rate=0.001,net=(net:units=32)`, but only classes of ostrom's own rooms are known
here: a folder may come from anybody, and an import path in it would be a program. Classes of somebody's own are written
as import paths, and read where the reader has given these classes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import jax
import numpy as np

from ..core._brackets import bracketed, split
from ..core.agent import Policy
from ..core.errors import InputError, UnknownName
from ..core.institution import Institution
from ..core.parameters import parameters, read, spell
from ..core.record import Record
from ..core.rooms import definitions, key, load
from ..core.world import World
from ._learner import Learner
from ._nets import Net

T = TypeVar("T")

ROOMS = {World: ("worlds",), Institution: ("institutions",), Learner: ("learners",), Policy: ("agents", "worlds")}
"""Kind -> the rooms whose public classes of that kind have names here."""
NAMED = {"net": Net, "random": Policy}
"""What has a name here and is no member of a room: the networks of learners, and who chooses evenly."""
DEEPEST = 8
"""How many records may lie in each other."""
_NAME = re.compile(r"[A-Za-z]\w*")
_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


Own = Mapping[str, type]
"""Classes of the reader's own that a text may name, by import path."""


def text_of(made: Any) -> str:
    """A record in a header: text that `made_of` reads, also for a class of one's own; else how Python shows it."""
    if text := written(made):
        return text
    try:
        path = path_of(type(made))
        return path + _assigned(made) if path and isinstance(made, Record) else repr(made)
    except ValueError:
        return repr(made)


def path_of(cls: type) -> str:
    """The import path of a class of one's own; "" for ours, and for one that cannot be imported by its name."""
    ours, found = cls.__module__.partition(".")[0] == "ostrom", f"{cls.__module__}.{cls.__qualname__}"
    return "" if ours or cls.__module__ == "__main__" or not _PATH.fullmatch(found) else found


def path_in(text: str) -> str:
    """The import path of a class of somebody's own that a text names; "" where it names none."""
    name = text.partition(":")[0].strip()
    return name if _PATH.fullmatch(name) else ""


def written(made: Any) -> str:
    """The text that `made_of` reads as this record again; "" for what has no name here, or cannot be written."""
    name = _name(type(made))
    try:
        return name and name + _assigned(made)
    except ValueError:
        return ""


def made_of(text: str, kind: type[T], own: Own = MappingProxyType({}), depth: int = 0) -> T:
    """The record that a text describes. Raises `InputError`; imports nothing, and makes only ostrom's and `own`."""
    name, _, rest = (part.strip() for part in text.partition(":"))
    cls, values = _class(name, kind, own), {}
    declared = parameters(cls)
    if depth > DEEPEST:
        raise InputError(f"{text[:60]!r} lies too deep in other things.", "Nothing in ostrom is nested so deep.")
    for assignment in split(rest):
        field, equals, value = (part.strip() for part in assignment.partition("="))
        if not equals or field not in declared:
            raise UnknownName(f"parameter of {name}", field, declared)
        if field in values:
            raise InputError(f"{name} is given {field} twice.", do=f"Keep one {field}=… only.")
        wanted = declared[field].type
        nested = isinstance(wanted, type) and issubclass(wanted, Record)
        values[field] = (
            made_of(bracketed(value), wanted, own, depth + 1) if nested else read(declared[field], value, name)
        )
    try:
        return cls(**values)
    except (TypeError, ValueError) as error:
        raise error if isinstance(error, InputError) else InputError(f"{text[:80]} cannot be made: {error}.") from None


def digest(*parts: Any) -> str:
    """A fingerprint of records with every number in them, the same in every process."""
    return hashlib.sha256(repr([_full(part) for part in parts]).encode()).hexdigest()[:32]


def _name(cls: type) -> str:
    """What a class is called: the name of its file where the two agree, or its own; "" for one that is not ours."""
    if cls in NAMED.values():
        return next(name for name, known in NAMED.items() if known is cls)
    package, _, stem = cls.__module__.rpartition(".")
    room = package.removeprefix("ostrom.")
    if not any(room in rooms for rooms in ROOMS.values()) or definitions(room).get(cls.__name__) != stem:
        return ""
    return stem if key(stem) == key(cls.__name__) else cls.__name__


def _assigned(made: Record) -> str:
    given = []
    for name, parameter in parameters(type(made)).items():
        value, default = _simple(getattr(made, name)), parameter.default
        same = type(value) is type(default) and not isinstance(value, np.ndarray) and value == default
        if parameter.required or not same:
            given.append(f"{name}={_spelled(value)}")
    return f":{','.join(given)}" if given else ""


def _simple(value: Any) -> Any:
    """Numbers of array libraries as Python's."""
    return value.item() if hasattr(value, "item") and np.ndim(value) == 0 else value


def _spelled(value: Any) -> str:
    """A value in a text; `ValueError` where it cannot stand there."""
    if isinstance(value, Record):
        if text := written(value):
            return f"({text})"
        raise ValueError(value)
    plain = isinstance(value, bool | int | float | str | None | np.ndarray | tuple)
    if not plain or (isinstance(value, tuple) and any(isinstance(one, Record) for one in value)):
        raise ValueError(value)
    return spell(value)


def _class(name: str, kind: type, own: Own) -> Any:
    """The class of that name and kind; `UnknownName` lists those there are."""
    if name in own and issubclass(own[name], kind):
        return own[name]
    if name in NAMED and issubclass(NAMED[name], kind):
        return NAMED[name]
    rooms = next((ROOMS[base] for base in kind.__mro__ if base in ROOMS), ())
    known = {title: (room, stem) for room in rooms for title, stem in definitions(room).items()}
    if _NAME.fullmatch(name):
        for title, (room, stem) in known.items():
            found = getattr(load(room, stem), title) if key(title) == key(name) else None
            if isinstance(found, type) and issubclass(found, kind):
                return found
    raise UnknownName(kind.__name__.lower(), name, {stem for _, stem in known.values()})


def _full(value: Any) -> Any:
    """A value with everything in it, as something whose repr says it all."""
    if isinstance(value, Record):
        fields = [(name, _full(getattr(value, name))) for name in parameters(type(value))]
        return (f"{type(value).__module__}.{type(value).__qualname__}", fields)
    if isinstance(value, tuple | list):
        return [_full(one) for one in value]
    if isinstance(value, Mapping):
        return [(name, _full(one)) for name, one in sorted(value.items())]
    if isinstance(value, np.ndarray | np.generic | jax.Array):
        array = np.asarray(value)
        shape = array.shape if array.size else "empty"  # text keeps no shape of nothing
        return (str(array.dtype), shape, hashlib.sha256(array.tobytes()).hexdigest())
    return repr(value)
