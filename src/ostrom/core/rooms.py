"""Rooms: packages of ostrom whose files are their members, imported when they are first asked for.

`institutions/tax.py` holds `Tax`, which is `ostrom.institutions.Tax` in Python and `tax` on the command line. There is
no list to keep: the file is the registration. What a file defines is found by reading it, not by importing it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from .errors import MissingExtra, UnknownName

_NO_ROOMS = ("cli", "core", "lab")
_EXTRAS = {
    "gymnasium": "environments",
    "jax": "worlds",
    "optax": "worlds",
    "pandas": "data",
    "pettingzoo": "environments",
    "pyarrow": "data",
    "ray": "ray",
}
_DEFINED = re.compile(r"^(?:class|def|async def) ([A-Za-z]\w*)", re.MULTILINE)


class _Room(ModuleType):
    """A package in which a member wins over the file of the same name.

    Importing `solvers/pure_nash.py` makes Python bind the module to `solvers.pure_nash`. Whoever writes
    `solvers.pure_nash(game)` means the function, whatever was imported before.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and callable(vars(value).get(name)):
            value = vars(value)[name]
        super().__setattr__(name, value)


def open_room(
    package: str, shared: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The lazy `__getattr__` and `__dir__` of a room, for its `__init__.py`; `__all__` is every class and function.

    `shared` are names that the room offers from files that are no members: name -> file.
    """
    module, room = sys.modules[package], package.rpartition(".")[2]
    more = dict(shared or {})
    module.__class__ = _Room

    def __getattr__(name: str) -> Any:
        if name == "__all__":  # what `import *` asks for; without it only names that were used before would come
            return sorted({*definitions(room), *more})
        if name in more:
            return getattr(load(room, more[name]), name)
        stem = definitions(room).get(name, name)
        if stem not in files(room):
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=module)
        setattr(module, name, vars(load(room, stem)).get(name, load(room, stem)))
        return vars(module)[name]

    def __dir__() -> list[str]:
        return sorted({*vars(module), *files(room), *definitions(room), *more})

    return __getattr__, __dir__


def rooms() -> tuple[str, ...]:
    """The rooms there are, sorted: every package of ostrom whose files are members."""
    found = pkgutil.iter_modules(importlib.import_module("ostrom").__path__)
    return tuple(sorted(package.name for package in found if package.ispkg and package.name not in _NO_ROOMS))


def files(room: str) -> tuple[str, ...]:
    """The public files of a room, sorted; `UnknownName` when there is no such room."""
    if room not in rooms():
        raise UnknownName("kind of thing", room, rooms())
    path = importlib.import_module(f"ostrom.{room}").__path__
    return tuple(sorted(found.name for found in pkgutil.iter_modules(path) if not found.name.startswith("_")))


def load(room: str, stem: str) -> ModuleType:
    """Import one file of a room; `MissingExtra` says the install line when an optional dependency is absent."""
    try:
        return importlib.import_module(f"ostrom.{room}.{stem}")
    except ModuleNotFoundError as error:
        if error.name in _EXTRAS:
            raise MissingExtra(error.name, _EXTRAS[error.name]) from None
        raise


@cache
def members(room: str) -> dict[str, str]:
    """File -> the class or function named as the file (`public_goods` -> `PublicGoods`), where there is one."""
    return {stem: name for stem in files(room) for name in _defined_in(room, stem) if key(name) == key(stem)}


@cache
def definitions(room: str) -> dict[str, str]:
    """Every public class and function of a room -> the file that defines it; the file named after it comes first."""
    found = {name: stem for stem in reversed(files(room)) for name in _defined_in(room, stem)}
    return found | {name: stem for stem, name in members(room).items()}


def key(name: str) -> str:
    """One spelling for all: `public_goods`, `public-goods` and `PublicGoods` are the same name."""
    return name.replace("_", "").replace("-", "").lower()


def _defined_in(room: str, stem: str) -> list[str]:
    spec = find_spec(f"ostrom.{room}.{stem}")
    source = spec.loader.get_source(spec.name) if spec and spec.loader else None  # type: ignore[attr-defined]
    return _DEFINED.findall(source or "")


def in_words(name: str) -> str:
    """The name of a class in words: `GraduatedSanctions` -> "graduated sanctions"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
