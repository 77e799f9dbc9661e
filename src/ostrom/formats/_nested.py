"""Nested lists and names from JSON or TOML, checked level by level before they become arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ostrom.core.errors import InputError
from ostrom.core.game import Array

from ._text import LARGEST, at, number, require_few

DEEPEST = 40
"""Levels of lists beyond which nobody looks: a table has at most 33."""


def shape_of(nested: Any) -> tuple[int, ...]:
    """The shape of a table of payoffs as its first lists have it; `InputError` when it cannot be a game's."""
    shape, inner = [], nested
    while isinstance(inner, list) and len(shape) < DEEPEST:
        shape.append(len(inner))
        inner = inner[0] if inner else None
    if len(shape) < 2 or 0 in shape or shape[-1] != len(shape) - 1:
        raise InputError(
            f"payoffs are lists of shape {tuple(shape)}.",
            "For P players they are nested P deep, one level per player's moves, with P payoffs innermost.",
            "For two players write [[[3, 3], [0, 5]], [[5, 0], [1, 1]]].",
        )
    return tuple(shape)


def table(nested: Any, shape: tuple[int, ...], what: str) -> Array:
    """Nested lists as an array of this shape: of floats, or of `Fraction`s when any number is written as a string."""
    with at(what):
        require_few(math.prod(shape))
        flat = [nested]
        for level, size in enumerate(shape, 1):
            for entry in flat:
                if not isinstance(entry, list) or len(entry) != size:
                    raise InputError(
                        f"a list at level {level} should have {size} entries; there is {shown(entry)}.",
                        f"The whole table has shape {shape}.",
                        "Give every joint move as many numbers.",
                    )
            flat = [inner for entry in flat for inner in entry]
        exact = any(isinstance(entry, str) for entry in flat)
        values = [_value(entry) for entry in flat]
    return np.array(values, dtype=object if exact else float).reshape(shape)


def labels(given: Any, what: str) -> list[str]:
    """A list of names; `InputError` when it is not one."""
    if not isinstance(given, list):
        raise InputError(f"{what} are {shown(given)}.", "", "Give a list of names.")
    return [label(name, what) for name in given]


def label(given: Any, what: str) -> str:
    """A name: a text, or a whole number as text."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise InputError(f"{what}: {shown(given)} is not a name.", "", "Give a text in quotes.")
    return str(given)


def shown(value: Any) -> str:
    """A value for an error message, short however large or deep it is."""
    if isinstance(value, list | dict):
        return f"{'a list' if isinstance(value, list) else 'an object'} with {len(value)} entries"
    return "nothing" if value is None else repr(value)[:60]


def _value(entry: Any) -> Any:
    if isinstance(entry, str):
        return number(entry)
    if isinstance(entry, bool) or not isinstance(entry, int | float):
        raise InputError(f"{shown(entry)} is not a number.", "", 'Give numbers, or strings such as "1/3".')
    return entry if -LARGEST <= entry <= LARGEST else number(repr(entry))
