"""How a theorem's claim is settled, and which spaces are bilateral trades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.forms.type_space import TypeSpace


def refuted(said: str, numbers: dict[str, float], witness: dict[str, Any]) -> Claim:
    """The claim as refuted by multipliers that were added up in fractions."""
    method = "a linear program's multipliers, added up in exact rationals"
    return Claim(said, "refuted", method, numbers=numbers, witness=witness)


def shown(said: str, violations: Sequence[Any], slack: float) -> Claim:
    """The claim as proved by a mechanism that breaks what is asked by at most so much; "unknown" beyond the slack."""
    worst = max(0.0, *map(float, violations))
    method, numbers = "a mechanism that has it, from a linear program", {"violation": worst}
    if worst > slack:
        return Claim(said, "unknown", method, numbers=numbers)
    return Claim(said, "proved", f"{method}, in float64", worst, numbers)


def bilateral(space: TypeSpace) -> bool:
    """Whether one of two may gain by a change and the other lose, and it is not certain whether it is worth it."""
    if space.count != 2 or len(space.outcomes) != 2:
        return False
    gains = [own[:, 1] - own[:, 0] for own in space.values]
    apart = ((gains[0] >= 0).all() and (gains[1] <= 0).all()) or ((gains[0] <= 0).all() and (gains[1] >= 0).all())
    whole = np.add.outer(*gains)
    return bool(apart and (whole > 0).any() and (whole < 0).any())
