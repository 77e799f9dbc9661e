"""Some amounts are forbidden: those in between."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from ..core.errors import InputError
from ..core.institution import Institution, Now


class IntervalLimit(Institution):
    """Forbidden intervals of a number or a fact: what is left is the range with gaps (Oesterle and Sharon, 2023).

    A gap (a, b] forbids more than a and up to b. Of moves with labels, those that could bring an amount in a gap are
    not permitted; where that would close every move of a seat, the rule is void for it. Of a number that is chosen
    freely, a choice in a gap is carried out as the largest allowed number below it, or as the least one above a gap
    that begins below the range.

    Parameters
    ----------
    on : the fact ("output"), continuous part, or label of a move whose amount is limited.
    gaps : pairs (a, b) with a < b; b may be infinite. Gaps that touch or overlap are one.

    Raises `InputError` for pairs that are no interval.
    """

    gaps: tuple[tuple[float, float], ...]
    on: str = "output"
    example: ClassVar[str] = "interval_limit:on=output,gaps=((27,54))"
    scope: ClassVar[Literal["additive"]] = "additive"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "whoever can close off an amount"

    def __post_init__(self) -> None:
        super().__post_init__()
        for gap in self.gaps:
            if len(gap) != 2 or math.isnan(gap[0]) or math.isinf(gap[0]) or not gap[0] < gap[1]:
                raise InputError(
                    f"IntervalLimit(gaps=…) holds {gap!r:.60}.",
                    "A gap goes from a number to a larger one.",
                    "Write for example gaps=((27.0, 54.0),).",
                )

    @property
    def merged(self) -> tuple[tuple[float, float], ...]:
        """The gaps in order, those that touch or overlap made one."""
        joined: list[tuple[float, float]] = []
        for low, high in sorted(self.gaps):
            if joined and low <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
            else:
                joined.append((low, high))
        return tuple(joined)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Labels whose amount is in no gap; of a number, no more than the largest that is allowed."""
        if self.on in now.ground.parts:
            low, high = self.raised(mask[self.on][..., 0], now.xp), mask[self.on][..., 1]
            return {**mask, self.on: now.xp.stack([low, now.xp.maximum(low, self.lowered(high, now.xp))], -1)}
        part, most = now.would(self.on)
        left = mask[part] & (self.lowered(most, now.xp) == most)
        return {**mask, part: now.xp.where(left.any(-1, keepdims=True), left, mask[part])}

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """A number in a gap becomes the largest allowed one below it, or where there is none the least one above."""
        if self.on not in now.ground.parts:
            return moves
        chosen = moves[self.on]
        least = self.raised(now.xp.full_like(chosen, now.ground.part(self.on).low), now.xp)
        return {**moves, self.on: now.xp.maximum(least, self.lowered(chosen, now.xp))}

    def lowered(self, amounts: Any, xp: Any) -> Any:
        """The same numbers, those in a gap at its lower end."""
        for low, high in self.merged:
            amounts = xp.where((amounts > low) & (amounts <= high), low, amounts)
        return amounts

    def raised(self, amounts: Any, xp: Any) -> Any:
        """The same numbers, those in a gap just above its upper end, where it has one."""
        for low, high in self.merged:
            if high < math.inf:
                above = xp.nextafter(xp.full_like(amounts, high), xp.inf)
                amounts = xp.where((amounts > low) & (amounts <= high), above, amounts)
        return amounts
