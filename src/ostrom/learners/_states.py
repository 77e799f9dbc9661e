"""What a seat sees as the number of a row of a table: whole numbers with a range, counted through."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ._learner import Array, Space

LARGEST = 2**24
"""Numbers in a table beyond which it is refused."""


class Code(NamedTuple):
    """How views are counted: for each of their K numbers the least, how many values it has, and its stride."""

    low: Array
    size: Array
    stride: Array


def code(owner: str, space: Space, names: Sequence[str] | None) -> tuple[Code, int]:
    """`(code, rows)` of the views of these names, of all where None; `InputError` where one cannot be counted."""
    chosen = sorted(space.seen if names is None else names)
    lows, sizes = [], []
    for name in chosen:
        if name not in space.seen:
            raise UnknownName("view", name, space.seen)
        low, high = _range(owner, space, name)
        count = math.prod(space.seen[name])
        lows += [low] * count
        sizes += [high - low + 1] * count
    rows = math.prod(sizes)
    if rows > LARGEST:
        raise TooLarge(
            f"A table over {', '.join(chosen)} has {rows:.3g} rows.",
            f"At most {LARGEST:,} numbers are kept.",
            f"Name fewer views, {owner}(state=('{chosen[0]}',)), or use a learner with a network.",
        )
    strides = np.cumprod([1, *sizes[:-1]], dtype=np.int64)[: len(sizes)]
    return Code(*(jnp.array(row, jnp.int32).reshape(-1) for row in (lows, sizes, strides))), rows


def row(counted: Code, seen: Mapping[str, Array], names: Sequence[str] | None) -> Array:
    """The number of the row, `int32`; what lies outside its range counts as the nearest inside."""
    chosen = sorted(seen if names is None else names)
    values = [jnp.asarray(seen[name]).astype(jnp.int32).reshape(-1) for name in chosen]
    flat = jnp.concatenate([*values, jnp.zeros(0, jnp.int32)])
    return (jnp.clip(flat - counted.low, 0, counted.size - 1) * counted.stride).sum()


def _range(owner: str, space: Space, name: str) -> tuple[int, int]:
    if space.kinds[name] == "b":
        return 0, 1
    if space.kinds[name] in "iu" and name in space.ranges:
        low, high = space.ranges[name]
        return int(low), int(high)
    countable = [other for other in space.seen if space.kinds[other] == "b" or other in space.ranges]
    known = [other for other in countable if space.kinds[other] in "biu"]
    why = "no whole number" if space.kinds[name] not in "iu" else "a whole number without a range"
    raise InputError(
        f"{owner} cannot count {name!r}: it is {why}.",
        "A table has a row for every value that is seen, so its least and its most must be declared (world.ranges).",
        f"Name the views to tell states by, of {', '.join(known) or 'which there are none here'}: "
        f"{owner}(state=({known[0]!r},))." if known else f"Name none, {owner}(state=()), or use a network.",
    )  # fmt: skip
