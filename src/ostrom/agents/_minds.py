"""What several minds in one agent keep: all in one memory, each name after whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def together(minds: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    """The memories of all, by `who name`."""
    return {f"{who} {name}": kept for who, memory in minds.items() for name, kept in memory.items()}


def own(memory: Mapping[str, Any], who: Any) -> dict[str, Any]:
    """What one of them keeps, by its own names."""
    return {name.removeprefix(f"{who} "): kept for name, kept in memory.items() if name.startswith(f"{who} ")}
