"""What rules that move money share: who counts, and how a pot is divided among those who are present."""

from __future__ import annotations

from typing import Any

from ..core.institution import Now


def here(now: Now, like: Any) -> Any:
    """`float[..., P]`: 1 for who is present, 0 for who is not; of the shape of `like`."""
    return now.xp.where(now.present, 0.0 * like + 1.0, 0.0)


def evenly(now: Now, pot: Any) -> Any:
    """`float[..., P]`: what `pot` (`float[..., P]`, from each seat) sums to, in equal parts to all who are present."""
    counted = here(now, pot)
    return counted * pot.sum(-1, keepdims=True) / now.xp.maximum(counted.sum(-1, keepdims=True), 1.0)


def in_proportion(now: Now, pot: Any, weights: Any) -> Any:
    """`float[..., P]`: what `pot` sums to, divided as `weights` are (`float[..., P]`, at least 0); 0 where all are."""
    total = weights.sum(-1, keepdims=True)
    return now.xp.where(total > 0, weights * pot.sum(-1, keepdims=True) / now.xp.where(total > 0, total, 1.0), 0.0)
