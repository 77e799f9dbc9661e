"""One rate on one fact that makes up for every departure: the nearest to 0 that leaves enough to lose."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ._payments import Concept

Asked = list[tuple[Any, Any]]
"""`(gain, charge)` of departures: what each gains, and by how much it adds to what is charged for."""

SLIGHTEST = Fraction(1, 1000)
"""The smallest part of the margin that is taken where no rate allows all of it."""


def rate_of(ways: Iterable[tuple[Concept, Asked]], lead: Fraction) -> tuple[float, Concept] | None:
    """The rate nearest to 0 with all of the lead, for the first concept that has one.

    Where none has it, the first concept's rate with the largest lead there is; None where every lead is slight.
    """
    second = None
    for how, asked in ways:
        most = _largest(asked, lead)
        if most == lead:
            return _nearest(asked, lead), how
        if second is None and most >= SLIGHTEST * lead:
            second = _nearest(asked, most), how
    return second


def _largest(asked: list[tuple[Any, Any]], lead: Fraction) -> Fraction:
    """The largest lead up to `lead` that some rate gives to all departures; 0 or less where none does.

    By how much the lowest rate exceeds the highest is convex and piecewise linear in the lead: steps from above to
    where the two that bind meet end at the root (Newton).
    """
    lead = min([lead, *(-gain for gain, charge in asked if charge == 0)])
    above, below = ([pair for pair in asked if sign * pair[1] > 0] for sign in (1, -1))
    while above and below and lead > 0:
        gain, charge = max(above, key=lambda pair: (pair[0] + lead) / pair[1])
        other, due = min(below, key=lambda pair: (pair[0] + lead) / pair[1])
        if (gain + lead) / charge <= (other + lead) / due:
            break
        lead = (other * charge - gain * due) / (due - charge)
    return lead


def _nearest(asked: list[tuple[Any, Any]], lead: Fraction) -> float:
    """The rate nearest to 0 at which every departure loses that lead."""
    low = max([(gain + lead) / charge for gain, charge in asked if charge > 0], default=-math.inf)
    high = min([(gain + lead) / charge for gain, charge in asked if charge < 0], default=math.inf)
    return float(min(max(low, 0), high))
