"""What scenarios share: parameters checked against the ranges they declare, and labels for amounts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ostrom.core.errors import InputError
from ostrom.core.game import Array
from ostrom.core.parameters import parameters, phrase


def check(scenario: type, values: Mapping[str, Any]) -> None:
    """Refuse a parameter of `scenario` that is no number, not whole where it has to be, or outside its range."""
    for name, parameter in parameters(scenario).items():
        value = values[name]
        whole = parameter.type is int
        if isinstance(value, bool) or not isinstance(value, int | np.integer if whole else int | float | np.number):
            raise _refusal(scenario, name, value, phrase(parameter))
        if not math.isfinite(value) or (parameter.interval is not None and float(value) not in parameter.interval):
            raise _refusal(scenario, name, value, phrase(parameter))


def require(holds: bool, scenario: type, what: str, why: str) -> None:
    """Refuse parameters that are each in range but together make another game."""
    if not holds:
        raise InputError(
            f"{scenario.__name__} with {what} is another game.", why, "Choose parameters that fit the story."
        )


def alike(matrix: Any) -> Array:
    """The payoffs `[A, A, 2]` of a two-player game in which both have the row player's `matrix`."""
    own = np.asarray(matrix, float)
    return np.stack([own, own.T], axis=-1)


def named(kind: str, count: int) -> tuple[str, ...]:
    """`fisher 1`, `fisher 2`, …"""
    return tuple(f"{kind} {k + 1}" for k in range(count))


def labelled(amounts: Iterable[float]) -> tuple[str, ...]:
    """Amounts as move labels: `0`, `2.5`, `10`."""
    return tuple(f"{amount:.10g}" for amount in amounts)


def _refusal(scenario: type, name: str, value: Any, wanted: str) -> InputError:
    return InputError(
        f"{scenario.__name__}({name}={value!r}) is out of range.",
        f"{name} is {wanted}.",
        "Give a value inside the range.",
    )
