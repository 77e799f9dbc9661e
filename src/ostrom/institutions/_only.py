"""What rules that leave somebody a single move share: whoever is excluded, bound or led."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.institution import Now


def only(now: Now, mask: Mapping[str, Any], who: Any, label: str) -> dict[str, Any]:
    """The masks in which those `who` (`bool[..., P]`) may do nothing but `label` of "act".

    Where that move is not open to a seat, or the seat is absent, nothing changes for it.
    """
    act = now.ground.part("act")
    left = mask[act.name] & now.xp.asarray(
        act.codes(label, now.players)[:, None] == np.arange(mask[act.name].shape[-1])
    )
    bites = left.any(-1) & who & now.xp.asarray(now.present)
    return {**mask, act.name: now.xp.where(bites[..., None], left, mask[act.name])}


def counted_down(now: Now, left: Any, again: Any, rounds: int) -> Any:
    """`int32[P]`: rounds of exclusion left after this one; `again bool[P]` are excluded anew.

    They run only while a seat is present, so that nobody sits them out elsewhere.
    """
    xp = now.xp
    served = xp.maximum(left - xp.asarray(now.present), 0)
    return xp.where(again, rounds, served).astype(xp.int32)
