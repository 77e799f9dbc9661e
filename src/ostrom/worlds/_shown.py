"""Other people's spaces as arrays: what all agents of an environment see in one array a name. Needs gymnasium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium import spaces

from ..core.errors import InputError

MASK = "action_mask"
PLAIN = (spaces.Box, spaces.Discrete, spaces.MultiDiscrete, spaces.MultiBinary)


@dataclass(frozen=True)
class Piece:
    """An array that agents see by one name: its shape and type for one agent, and its least and most."""

    shape: tuple[int, ...]
    kind: np.dtype
    low: float
    high: float


def pieces(space: Any, name: str = "observation") -> dict[str, Piece]:
    """What is seen in a space, by name: keys of a `Dict` (joined by a point), numbers of a `Tuple`, or "observation".

    Raises `InputError` for spaces that have no fixed shape.
    """
    inner = _inside(space, name)
    if inner is not None:
        return {key: piece for key, below in inner.items() for key, piece in pieces(below, key).items()}
    if not isinstance(space, PLAIN):
        raise InputError(
            f"The agents see {space}.",
            "What is seen has to be arrays of a fixed shape here.",
            "Wrap the environment so that it shows Box, Discrete, MultiDiscrete, MultiBinary, Dict or Tuple.",
        )
    if isinstance(space, spaces.Box):
        return {name: Piece(space.shape, _kind(space.dtype), float(space.low.min()), float(space.high.max()))}
    if isinstance(space, spaces.MultiBinary):
        return {name: Piece(space.shape, np.dtype(np.int8), 0, 1)}
    start = np.asarray(getattr(space, "start", 0))
    most = start + (space.n if isinstance(space, spaces.Discrete) else space.nvec) - 1
    return {name: Piece(space.shape or (), np.dtype(np.int32), float(start.min()), float(np.max(most)))}


def shown(space: Any, value: Any, name: str = "observation") -> dict[str, np.ndarray]:
    """The arrays that stand in one observation, by the names of `pieces`."""
    inner = _inside(space, name)
    if inner is None:
        return {name: np.asarray(value)}
    values = list(value) if isinstance(space, spaces.Tuple) else [value[key] for key in space if key != MASK]
    pairs = zip(inner.items(), values, strict=True)
    return {key: row for (below, inside), one in pairs for key, row in shown(inside, one, below).items()}


def common(of_each: Sequence[Mapping[str, Piece]]) -> dict[str, Piece]:
    """Pieces that hold those of every agent: as large as the largest, with room for the 0 of what is not there."""
    found: dict[str, Piece] = {}
    for name in dict.fromkeys(name for mine in of_each for name in mine):
        all_of_it = [mine[name] for mine in of_each if name in mine]
        if len({(len(piece.shape), piece.kind) for piece in all_of_it}) > 1:
            raise InputError(
                f"Agents see {name!r} as {' and '.join(sorted({f'{p.kind}{list(p.shape)}' for p in all_of_it}))}.",
                "What all seats see stands in one array here, with one type and as many axes for each.",
                "Wrap the environment so that agents see alike things under one name.",
            )
        shape = tuple(np.max([piece.shape for piece in all_of_it], axis=0).astype(int).tolist())
        low, high = min(0.0, *(piece.low for piece in all_of_it)), max(0.0, *(piece.high for piece in all_of_it))
        found[name] = Piece(shape, all_of_it[0].kind, low, high)
    return found


def _inside(space: Any, name: str) -> dict[str, Any] | None:
    """The spaces within a space, by name; None where it is plain."""
    top = name == "observation"
    if isinstance(space, spaces.Dict):
        return {key if top else f"{name}.{key}": below for key, below in space.items() if key != MASK}
    if isinstance(space, spaces.Tuple):
        return {str(number) if top else f"{name}.{number}": below for number, below in enumerate(space)}
    return None


def _kind(kind: Any) -> np.dtype:
    """The type that JAX has for it: numbers of 32 bits, small whole numbers as they are."""
    kind = np.dtype(kind)
    if kind.kind == "f":
        return np.dtype(np.float32)
    return kind if kind.kind == "b" or kind.itemsize == 1 else np.dtype(np.int32)
