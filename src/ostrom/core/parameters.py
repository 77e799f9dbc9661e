"""Parameters as people write them: `rate=0.4`, read as the type and within the range that the class declares."""

from __future__ import annotations

import inspect
import math
import re
import types
import typing
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal, Union

import numpy as np

from ._brackets import bracketed, split
from ._hints import in_words, is_list
from .errors import InputError
from .record import Interval, Parameter, Record, parameters_of

_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")
_DEPTH = 32
"""How deep brackets round numbers may be nested; NumPy arrays have no more axes than that everywhere."""
_BARE = re.compile(r"[\w*][\w.*+>/-]*(?: [\w.*+>/-]+)*")
_UNREADABLE = (ValueError, KeyError, ZeroDivisionError, OverflowError)


def parameters(target: Callable[..., Any]) -> dict[str, Parameter]:
    """What a class or function takes, in order, by name: type, default and range as its signature declares them."""
    if isinstance(target, type) and issubclass(target, Record):
        return parameters_of(target)
    hints = typing.get_type_hints(_annotated(target), include_extras=True)
    listed = (
        p for p in inspect.signature(target).parameters.values() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    )
    return {p.name: _parameter(p, hints.get(p.name, Any)) for p in listed}


def _annotated(target: Callable[..., Any]) -> Any:
    """Where the annotations stand: at the function, at `__init__`, or at the fields of a dataclass."""
    if not isinstance(target, type):
        return target
    owner = next(cls for cls in target.__mro__ if "__init__" in vars(cls))
    return owner if "__dataclass_fields__" in vars(owner) else owner.__init__


def _parameter(given: inspect.Parameter, hint: Any) -> Parameter:
    interval, required = None, given.default is given.empty
    if typing.get_origin(hint) is typing.Annotated:
        interval = next((note for note in hint.__metadata__ if isinstance(note, Interval)), None)
        hint = hint.__origin__
    return Parameter(given.name, hint, None if required else given.default, required, interval)


def read(parameter: Parameter, text: str, owner: str = "it") -> Any:
    """The value that `text` stands for; `InputError` says what `owner` takes instead.

    Numbers may be fractions (`1/3`) or `inf`; lists are written in brackets, `(1, 2, 3)` or `((*, D), (fisher 1, 4))`.
    Words need no quotes, unless a comma or a bracket without its fellow is in them; what Python prints is read as well.
    """
    try:
        value = _read(parameter.type, text.strip())
    except _UNREADABLE:
        raise InputError(
            f"{parameter.name}={text[:80]} is not {in_words(parameter.type)}.",
            f"{owner} takes {parameter.name} as {phrase(parameter)}.",
            f"Write {parameter.name}=…",
        ) from None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and parameter.interval is not None and value not in parameter.interval:
        raise InputError(
            f"{parameter.name}={text} is out of range.",
            f"{owner} takes {parameter.name} as {phrase(parameter)}.",
            "Give a value inside the range.",
        )
    return value


def phrase(parameter: Parameter) -> str:
    """What a parameter accepts, in words: `a number from 0 to 5`."""
    said, interval = in_words(parameter.type), parameter.interval
    if interval is None or (interval.ge is None and interval.le is None):
        return said
    if interval.le is None:
        return f"{said} of at least {interval.ge:g}"
    return (
        f"{said} of at most {interval.le:g}"
        if interval.ge is None
        else f"{said} from {interval.ge:g} to {interval.le:g}"
    )


def _read(hint: Any, text: str) -> Any:
    """`text` as a value of type `hint`; one of `_UNREADABLE` when it is none."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _first_that_reads(_arms(inside, text), text)
    if origin is Literal:
        return {str(choice): choice for choice in inside}[text]
    if origin is typing.Annotated:
        return _read(inside[0], text)
    if is_list(hint):
        return _read_many(origin or hint, inside, split(bracketed(text)))
    if hint is Any or hint is inspect.Parameter.empty:
        return _first_that_reads((int, float, bool, str), text)
    return _PLAIN.get(hint, _refuse)(text)


def _arms(inside: tuple[Any, ...], text: str) -> list[Any]:
    """Which types of a union to try, in order: words last, and lists only for what stands in brackets."""
    lists = [arm for arm in inside if is_list(arm)]
    others = sorted((arm for arm in inside if not is_list(arm)), key=lambda arm: arm is str)
    return [*lists, *others] if bracketed(text) != text or not others else others


def spell(value: Any) -> str:
    """A value as text that `read` reads as the same: numbers in full, lists in brackets, words in quotes where needed.

    Raises `ValueError` for a word that holds both kinds of quotes.
    """
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, str):
        mark = next((mark for mark in ('"', "'") if mark not in value), "")
        if not mark or "\n" in value:
            raise ValueError(value)
        return value if _BARE.fullmatch(value) else f"{mark}{value}{mark}"
    if isinstance(value, tuple | list | np.ndarray):
        return f"({','.join(map(spell, value.tolist() if isinstance(value, np.ndarray) else value))})"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _read_many(made: type, inside: tuple[Any, ...], pieces: tuple[str, ...]) -> Any:
    each = [arm for arm in inside if arm is not Ellipsis] or [Any]
    pieces = pieces[:-1] if len(pieces) > 1 and not pieces[-1] else pieces  # Python writes ("a",)
    if made is tuple and len(inside) > 1 and Ellipsis not in inside and len(inside) != len(pieces):
        raise ValueError(pieces)
    arms = each if len(each) == len(pieces) else each[:1] * len(pieces)
    return made(_read(arm, piece) for arm, piece in zip(arms, pieces, strict=True))


def _first_that_reads(hints: typing.Iterable[Any], text: str) -> Any:
    for hint in hints:
        try:
            return _read(hint, text)
        except _UNREADABLE:
            continue
    raise ValueError(text)


def _number(text: str) -> float:
    value = float(Fraction(text)) if "/" in text else float(text)
    return _refuse(text) if math.isnan(value) else value


def _yes_or_no(text: str) -> bool:
    return text.lower() in _TRUE if text.lower() in _TRUE + _FALSE else _refuse(text)


def _none(text: str) -> None:
    return None if text.lower() == "none" else _refuse(text)


def _word(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _array(text: str) -> np.ndarray:
    return np.array(_nested(text), float)


def _nested(text: str, depth: int = 0) -> Any:
    inside = bracketed(text)
    if inside == text:
        return _number(text)
    return _refuse(text) if depth == _DEPTH else [_nested(piece, depth + 1) for piece in split(inside)]


def _refuse(text: str) -> Any:
    raise ValueError(text)


_PLAIN: dict[Any, Callable[[str], Any]] = {
    float: _number,
    int: int,
    bool: _yes_or_no,
    str: _word,
    type(None): _none,
    np.ndarray: _array,
}
