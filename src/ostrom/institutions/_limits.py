"""What rules share that close choices which could bring too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.institution import Now


def within(now: Now, mask: Mapping[str, Any], on: str, left: Any) -> dict[str, Any]:
    """`mask` with only choices that bring each seat at most `left` (`float[..., P]`) of `on`.

    Where every choice would bring more, those that bring least stay open. Raises `CarrierError` for a fact of which
    nothing can be said before play.
    """
    xp = now.xp
    if on in now.ground.parts:
        low, high = mask[on][..., 0], mask[on][..., 1]
        return {**mask, on: xp.stack([low, xp.maximum(low, xp.minimum(high, left))], -1)}
    part, most = now.would(on)
    least = xp.where(mask[part], most, xp.inf).min(-1, keepdims=True)
    return {**mask, part: mask[part] & (most <= xp.maximum(left[..., None], least))}
