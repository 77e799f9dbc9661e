"""Phragmén's loads of voters: who can be elected next at the least load, in fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ._committee import Approvals, Step, spoken


class Loads:
    """What each voter carries; a row of equal ballots carries the same for each of its voters."""

    def __init__(self, given: Approvals) -> None:
        self.counts, self.supporters = given.counts, given.supporters()
        self.size = [sum(given.counts[row] for row in rows) for rows in self.supporters]

    def step(self, members: frozenset[int], loads: tuple[Fraction, ...]) -> Step:
        """Those who can be elected at the least load; where nobody left has a supporter, all who are left."""
        unit, parts = in_parts(loads)
        carried = [count * part for count, part in zip(self.counts, parts, strict=True)]
        after = {
            k: Fraction(unit + sum(carried[row] for row in self.supporters[k]), unit * self.size[k])
            for k in range(len(self.size))
            if k not in members and self.size[k]
        }
        if not after:
            rest = [k for k in range(len(self.size)) if k not in members]
            return dict.fromkeys(rest, loads), Fraction(0), "nobody who approves of it"
        least = min(after.values())
        following = {k: self._carried(k, load, loads) for k, load in after.items() if load == least}
        return following, least, f"a load of {spoken(least)} for each who approves of it"

    def _carried(self, k: int, load: Fraction, loads: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        mine = set(self.supporters[k])
        return tuple(load if row in mine else before for row, before in enumerate(loads))


def in_parts(values: Sequence[Fraction]) -> tuple[int, list[int]]:
    """Fractions over one denominator, and it: whole numbers add up much faster."""
    unit = math.lcm(*{value.denominator for value in values})
    return unit, [value.numerator * (unit // value.denominator) for value in values]
