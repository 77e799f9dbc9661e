"""Types of parameters: which values suit one, and what it is called in words."""

from __future__ import annotations

import types
import typing
from numbers import Real
from typing import Any, Literal, Union

import numpy as np

WORDS = {float: "a number", int: "a whole number", bool: "yes or no", str: "a word", type(None): "none"}
WORDS[np.ndarray] = "numbers in brackets like ((1, 2), (3, 4))"


def suits(hint: Any, value: Any) -> bool:
    """Whether a value is of a type. Types that say nothing here, and arrays in the place of numbers, suit."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return any(suits(arm, value) for arm in inside)
    if origin is typing.Annotated:
        return suits(inside[0], value)
    if origin is Literal:
        return value in inside
    if origin is tuple:  # a class may make its own of something else that has parts
        plain = type(value) is tuple and Ellipsis in inside and inside[0] in _PLAIN
        return all(map(_PLAIN[inside[0]], value)) if plain else not isinstance(value, Real | str | None)
    if hasattr(hint, "unflatten"):
        return isinstance(value, hint)
    return _PLAIN[hint](value) if hint in _PLAIN else True


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return hasattr(value, "dtype") or (isinstance(value, Real) and not isinstance(value, bool))


_PLAIN: dict[Any, Any] = {
    int: _whole,
    float: _number,
    bool: lambda value: isinstance(value, bool | np.bool_),
    str: lambda value: isinstance(value, str),
    type(None): lambda value: value is None,
    np.ndarray: lambda value: hasattr(value, "dtype"),
}


def is_list(hint: Any) -> bool:
    """Whether values of a type are lists or tuples."""
    return (typing.get_origin(hint) or hint) in (tuple, list)


def in_words(hint: Any) -> str:
    """A type in words a person uses: `a whole number or none`, `one of first, second`."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(in_words(arm) for arm in inside))
    if origin is Literal:
        return f"one of {', '.join(map(str, inside))}"
    if is_list(hint):
        words = any(arm is str or is_list(arm) or typing.get_args(arm) for arm in inside)
        return f"a list like {_sample(hint) if words else '(1, 2, 3)'}"
    return WORDS.get(hint) or getattr(hint, "__name__", "a value")


def _sample(hint: Any) -> str:
    """The shape of a value, for people: `((word, word, number), …)`."""
    inside = typing.get_args(hint)
    if typing.get_origin(hint) in (Union, types.UnionType, typing.Annotated):
        return _sample(inside[0])
    if is_list(hint):
        return f"({', '.join('…' if arm is Ellipsis else _sample(arm) for arm in inside)})"
    return {str: "word", float: "number", int: "number"}.get(hint, "value")
