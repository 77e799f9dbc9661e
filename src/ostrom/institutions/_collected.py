"""What rules share that let another rule's charges be collected from some seats, or at some times, only."""

from __future__ import annotations

from typing import Any

from ..core.charter import Charter
from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now

SLACK = 1e-4
"""Payments up to this are no charge that somebody could owe: worlds count in 32 bits."""


def check_money(rule: Institution, ground: Ground) -> None:
    """Refuse a rule that moves no money on this ground."""
    under = Charter(ground, [rule])
    if under.motivates or not under.overrides("settle"):
        does = "changes what seats want" if under.motivates else "forbids or changes moves, and charges nobody"
        raise InputError(
            f"{type(rule).__name__} takes no money: it {does}.",
            "What is collected here is a payment, and there would be none.",
            "Wrap a rule that charges, like Fines or Tax.",
        )


def less_missing(now: Now, amounts: Any, whole: Any, missing: Any) -> Any:
    """`float[..., P]`: what is left of `amounts` when `missing` is not there of the `whole` that should have met them.

    In proportion, so that payments that cancel out still do. Where the amounts sum to more than `whole`, the rest comes
    from outside and is not cut.
    """
    total = now.xp.maximum(amounts.sum(-1, keepdims=True), whole)
    return amounts * (1.0 - missing / now.xp.where(total > 0, total, 1.0))


def known_zero(number: Any) -> bool:
    """Whether a number is known, and 0; a compiled world does not know it."""
    return isinstance(number, float) and number == 0.0
