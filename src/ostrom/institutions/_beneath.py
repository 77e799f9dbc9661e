"""What wrappers share that keep records or roll dice of their own beside those of the rule they wrap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BELOW = "rule "
"""Before the names of what is the wrapped rule's, so that they cannot be the wrapper's own."""


def beneath(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is the wrapped rule's, under names that nobody else has."""
    return {BELOW + name: value for name, value in values.items()}


def of_rule(values: Mapping[str, Any]) -> dict[str, Any]:
    """What among these is the wrapped rule's, by its own names."""
    return {name.removeprefix(BELOW): value for name, value in values.items() if name.startswith(BELOW)}


def of_wrapper(values: Mapping[str, Any]) -> dict[str, Any]:
    """What among these is the wrapper's own."""
    return {name: value for name, value in values.items() if not name.startswith(BELOW)}
