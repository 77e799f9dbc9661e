"""Distributions over the moves of all parts of a seat, from one row of outputs: labels by softmax, numbers by a normal
that is squashed into its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from ..worlds._seats import allowed
from ._learner import Array, Space


def width(space: Space) -> int:
    """How many outputs the parts take: a score for each label, a mean and a spread for each number."""
    return sum(size or 2 for size in space.parts.values())


def split(parts: Mapping[str, int], row: Array) -> dict[str, Array]:
    """Outputs `[…, W]` by part."""
    cut, at = {}, 0
    for part in sorted(parts):
        size = parts[part] or 2
        cut[part] = row[..., at : at + size]
        at += size
    return cut


def sizes(mask: Mapping[str, Array]) -> dict[str, int]:
    """Part -> how many labels, 0 for a number, from the mask of one seat."""
    return {part: permitted.shape[-1] if permitted.dtype == bool else 0 for part, permitted in mask.items()}


def sample(key: Array, row: Array, mask: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    """`(moves, notes)` of one seat; the notes hold the log-odds of the choice and, for numbers, what was drawn."""
    outputs, moves, notes = split(sizes(mask), row), {}, {}
    for part, single in zip(sorted(mask), jax.random.split(key, len(mask)), strict=True):
        permitted = mask[part]
        if permitted.dtype == bool:
            moves[part] = jax.random.categorical(single, allowed(outputs[part], permitted)).astype(jnp.int32)
            continue
        drawn = outputs[part][0] + jnp.exp(_spread(outputs[part][1])) * jax.random.normal(single)
        moves[part] = permitted[0] + (permitted[1] - permitted[0]) * jax.nn.sigmoid(drawn)
        notes[f"drawn {part}"] = drawn
    notes["odds"] = log_odds(row, mask, moves, notes)
    return moves, notes


def log_odds(row: Array, mask: Mapping[str, Array], moves: Mapping[str, Array], notes: Mapping[str, Array]) -> Array:
    """The log of the odds of the moves, all parts together; of what was drawn, where the part is a number."""
    outputs, total = split(sizes(mask), row), jnp.zeros(())
    for part in sorted(mask):
        if mask[part].dtype == bool:
            total += jax.nn.log_softmax(allowed(outputs[part], mask[part]))[moves[part]]
        else:
            mean, spread = outputs[part][0], _spread(outputs[part][1])
            total += -0.5 * ((notes[f"drawn {part}"] - mean) / jnp.exp(spread)) ** 2 - spread
    return total


def entropy(row: Array, mask: Mapping[str, Array]) -> Array:
    """The entropy of the choice, in nats (up to a constant for numbers)."""
    outputs, total = split(sizes(mask), row), jnp.zeros(())
    for part, permitted in mask.items():
        if permitted.dtype == bool:
            logs = jax.nn.log_softmax(allowed(outputs[part], permitted))
            total += -(jnp.exp(logs) * jnp.where(permitted, logs, 0.0)).sum()
        else:
            total += _spread(outputs[part][1])
    return total


def _spread(output: Any) -> Array:
    """The log of a standard deviation, kept where numbers stay sane."""
    return jnp.clip(output, -5.0, 2.0)
