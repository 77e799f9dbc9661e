"""Records: small frozen classes whose float fields are parameters and whose other fields are structure.

A record is a dataclass without the decorator. In a JAX world its numbers are traced, differentiated and batched (they
are the leaves of a pytree) while its strings, integers, booleans and tuples stay static, so that three tax rates need
one compilation. `ostrom.worlds` tells JAX; this module knows nothing of it.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, Union, dataclass_transform

import numpy as np

from ._hints import in_words, suits
from .errors import InputError

WHOLE = 2**62
"""The largest whole number that a record keeps: what arrays count in."""

SHOWN = 32
"""Numbers up to which an array is written out in a repr; from it the record can be made again."""


@dataclass(frozen=True)
class Interval:
    """The range of a parameter, ends included; `None` is no bound. Used as `Annotated[float, Interval(ge=0)]`."""

    ge: float | None = None
    le: float | None = None

    def __contains__(self, value: float) -> bool:
        return (self.ge is None or value >= self.ge) and (self.le is None or value <= self.le)

    def __str__(self) -> str:
        low = "-∞" if self.ge is None else f"{self.ge:g}"
        high = "∞" if self.le is None else f"{self.le:g}"
        return f"{low} … {high}"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a class: its name, plain type, default (or `required`), and range if it declares one."""

    name: str
    type: Any
    default: Any
    required: bool
    interval: Interval | None


@dataclass(frozen=True, eq=False, repr=False)
class _Fields:
    """Nothing yet; what makes a `Record` a dataclass to type checkers."""


@dataclass_transform(frozen_default=True, kw_only_default=False)
class Record(_Fields):
    """Base of institutions: a frozen dataclass whose float fields are leaves and whose other fields are static.

    Subclasses declare fields by annotation. A number outside its declared `Interval` raises `InputError`, and so does a
    value of another type than the declared one. Arrays are leaves too: what is given for a field of type `np.ndarray`
    is copied, as numbers that can no longer be changed. Lists become tuples. Records are equal when all their fields
    are, and arrays are equal number by number; they do not count for the hash.
    """

    _watchers: ClassVar[list[Callable[[type[Record]], None]]] = []
    _known: ClassVar[list[type[Record]]] = []

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        dataclass(frozen=True, eq=False, repr=False)(cls)
        Record._known.append(cls)
        for watcher in Record._watchers:
            watcher(cls)

    @staticmethod
    def watch(watcher: Callable[[type[Record]], None]) -> None:
        """Call `watcher(cls)` for every record class there is and will be (how JAX learns of them)."""
        Record._watchers.append(watcher)
        for cls in Record._known:
            watcher(cls)

    def __post_init__(self) -> None:
        for name, parameter in parameters_of(type(self)).items():
            value = _kept(type(self).__name__, parameter, getattr(self, name))
            object.__setattr__(self, name, value)
            if not suits(parameter.type, value):
                raise InputError(
                    f"{type(self).__name__}({name}={value!r:.80}) is not {in_words(parameter.type)}.",
                    do=f"Give {name} as {in_words(parameter.type)}.",
                )
            if isinstance(value, bool) or not isinstance(value, int | float | np.number):
                continue
            if parameter.type in (float, float | None):
                object.__setattr__(self, name, _float(value))
            number = _float(value)
            if math.isnan(number) or (parameter.interval is not None and number not in parameter.interval):
                raise InputError(
                    f"{type(self).__name__}({name}={number:g}) is out of range.",
                    f"{name} lies in {parameter.interval or 'the real numbers'}.",
                    "Give a value inside the range.",
                )
            if isinstance(value, int) and abs(number) > WHOLE:
                raise InputError(
                    f"{type(self).__name__}({name}={number:g}) is too large.",
                    "Whole numbers are kept in 64 bits.",
                    "Give a smaller one.",
                )

    def flatten(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """`(leaves, structure)`: values of the float and record fields, and of all the others."""
        dynamic = _dynamic_fields(type(self))
        names = [field.name for field in fields(self)]
        return (
            tuple(getattr(self, name) for name in names if name in dynamic),
            tuple(getattr(self, name) for name in names if name not in dynamic),
        )

    @classmethod
    def unflatten(cls, structure: tuple[Any, ...], leaves: tuple[Any, ...]) -> Any:
        """The inverse of `flatten`; checks nothing, because leaves may be tracers."""
        dynamic, made = _dynamic_fields(cls), object.__new__(cls)
        left, right = iter(leaves), iter(structure)
        for field in fields(cls):
            object.__setattr__(made, field.name, next(left if field.name in dynamic else right))
        return made

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        mine, theirs = self.flatten(), typing.cast(Record, other).flatten()
        return mine[1] == theirs[1] and all(np.array_equal(a, b) for a, b in zip(mine[0], theirs[0], strict=True))

    def __hash__(self) -> int:
        return hash((type(self), self.flatten()[1]))

    def __repr__(self) -> str:
        inside = ", ".join(f"{field.name}={_shown(getattr(self, field.name))}" for field in fields(self))
        return f"{type(self).__name__}({inside})"


def _float(value: Any) -> float:
    """A number as a float; a whole number that is too large for one is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _kept(owner: str, parameter: Parameter, value: Any) -> Any:
    """A value as a record keeps it; arrays of other libraries (and tracers) are left as they are."""
    if parameter.type is np.ndarray and isinstance(value, list | tuple | np.ndarray | np.number | int | float):
        return _frozen(owner, parameter.name, value)
    return _tupled(value) if type(value) in (list, tuple) and parameter.type is not list else value


def _tupled(value: Any) -> Any:
    """Lists as tuples, NumPy's numbers and words as Python's: structure is compared, hashed and written down."""
    if isinstance(value, np.generic):
        return value.item()
    return tuple(map(_tupled, value)) if type(value) in (list, tuple) else value


def _frozen(owner: str, name: str, value: Any) -> np.ndarray:
    try:
        numbers = np.array(value)
        numbers = numbers if numbers.dtype.kind == "f" else numbers.astype(float)
    except (TypeError, ValueError):
        raise InputError(
            f"{owner}({name}=…) is not an array of numbers.",
            "Every row of it needs as many numbers as the others.",
            "Give nested lists of numbers, or a NumPy array.",
        ) from None
    numbers.flags.writeable = False
    return numbers


def _shown(value: Any) -> str:
    """A value in a repr: arrays in full when they are small, else their type and shape."""
    if isinstance(value, np.ndarray) and value.size <= SHOWN:
        return repr(value.tolist())
    shape = getattr(value, "shape", ())
    return f"<{value.dtype}[{', '.join(map(str, shape))}]>" if shape else repr(value)


@cache
def parameters_of(cls: type[Record]) -> dict[str, Parameter]:
    """The declared parameters of a record class, in order, by name."""
    hints = typing.get_type_hints(cls, include_extras=True)
    found = {}
    for field in fields(cls):
        hint, interval = hints[field.name], None
        if typing.get_origin(hint) is typing.Annotated:
            interval = next((note for note in hint.__metadata__ if isinstance(note, Interval)), None)
            hint = hint.__origin__
        required = field.default is field.default_factory  # both MISSING
        found[field.name] = Parameter(field.name, hint, None if required else field.default, required, interval)
    return found


@cache
def _dynamic_fields(cls: type[Record]) -> frozenset[str]:
    return frozenset(name for name, parameter in parameters_of(cls).items() if _is_dynamic(parameter.type))


def _is_dynamic(hint: Any) -> bool:
    """Floats, arrays and records vary; containers of records do too; everything else is structure."""
    origin = typing.get_origin(hint)
    if origin is tuple:
        return any(isinstance(a, type) and issubclass(a, Record) for a in typing.get_args(hint))
    if origin in (Union, types.UnionType):
        return any(_is_dynamic(a) for a in typing.get_args(hint))
    return isinstance(hint, type) and issubclass(hint, float | np.ndarray | Record)
