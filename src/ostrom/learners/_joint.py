"""All parts of a seat's move as one number, for learners that value whole moves."""

from __future__ import annotations

import math
from collections.abc import Mapping

import jax.numpy as jnp

from ..core.errors import InputError, TooLarge
from ._learner import Array, Space

MOST = 4096
"""Combinations of labels beyond which they are not listed."""


def count(owner: str, space: Space) -> int:
    """How many combinations of labels there are; `InputError` where a part is a number, or they are too many."""
    for part, labels in space.parts.items():
        if not labels:
            raise InputError(
                f"{owner} cannot choose {part!r}: it is a number.",
                "It values every choice by itself.",
                "Use a learner by policy gradient (IPPO, Reinforce), which draws numbers.",
            )
    total = math.prod(space.parts.values())
    if total > MOST:
        raise TooLarge(
            f"The parts {', '.join(space.parts)} have {total:,} combinations of labels.",
            f"{owner} values every one by itself, at most {MOST:,}.",
            "Use a learner by policy gradient (IPPO, Reinforce).",
        )
    return total


def permitted(mask: Mapping[str, Array]) -> Array:
    """`bool[N]`: which combinations are permitted, from the masks `[A]` of the parts; the last part goes fastest."""
    whole = jnp.ones(1, bool)
    for part in sorted(mask):
        whole = (whole[:, None] & mask[part][None]).reshape(-1)
    return whole


def number(moves: Mapping[str, Array], mask: Mapping[str, Array]) -> Array:
    """The number of the combination that was chosen, `int32`."""
    total = jnp.int32(0)
    for part in sorted(mask):
        total = total * mask[part].shape[-1] + moves[part]
    return total


def moves(number: Array, mask: Mapping[str, Array]) -> dict[str, Array]:
    """Part -> label, from the number of a combination."""
    made = {}
    for part in sorted(mask, reverse=True):
        made[part] = (number % mask[part].shape[-1]).astype(jnp.int32)
        number = number // mask[part].shape[-1]
    return made
