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


def told(theorem: str, setting: bool, claim: Claim) -> str:
    """What a theorem comes to on an instance, in a sentence with the unit of its number."""
    about = f"the setting of {theorem}" if setting else f"not the setting of {theorem}, but asked the same"
    if claim.verdict == "proved":
        few = ": the theorem is about a continuum of types, and these are few" if setting else ""
        return f"Possible here ({about}){few}. {claim.statement}"
    if claim.verdict == "unknown":
        return f"Not decided here ({about}). {claim.statement}"
    amounts = {
        "least deficit": "with all else kept, at least {:.4g} has to come from outside on average over types",
        "least imbalance": "with all else kept, payments miss adding up to nothing by at least {:.4g} at some types",
    }
    much = [said.format(claim.numbers[name]) for name, said in amounts.items() if name in claim.numbers]
    return f"Impossible here ({about}){'; ' if much else ''}{''.join(much)}. Refuted: {claim.statement}"


def bilateral(space: TypeSpace) -> bool:
    """Whether one of two may gain by a change and the other lose, and it is not certain whether it is worth it."""
    if space.count != 2 or len(space.outcomes) != 2:
        return False
    gains = [own[:, 1] - own[:, 0] for own in space.values]
    apart = ((gains[0] >= 0).all() and (gains[1] <= 0).all()) or ((gains[0] <= 0).all() and (gains[1] >= 0).all())
    whole = np.add.outer(*gains)
    return bool(apart and (whole > 0).any() and (whole < 0).any())
