"""Scenarios as parts: issues with options, and what a profile says of each, before they are a negotiation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.negotiation import Negotiation

from ._nested import shown
from ._text import LARGEST, listed, number

OPTIONS = 100_000
"""Options of one issue."""


@dataclass(frozen=True)
class Profile:
    """A party's utilities: by issue (weights and values), or by outcome (a table), and what no agreement is worth.

    A reservation of None is the least that any outcome is worth.
    """

    name: str
    reservation: float | None
    weights: tuple[float, ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    table: tuple[float, ...] = ()
    discount: float = 1.0


Issues = Mapping[str, tuple[str, ...]]


def negotiation_of(issues: Issues, profiles: Sequence[Profile], name: str, deadline: int) -> Negotiation:
    """One negotiation of all profiles; `InputError` for fewer than two, or names that are not distinct."""
    if len(profiles) < 2:
        raise InputError(
            f"there are {len(profiles)} utility profiles.", "A negotiation needs two parties.", "Add their files."
        )
    more: dict[str, Any] = {
        "deadline": deadline,
        "discounts": [one.discount for one in profiles],
        "parties": [one.name for one in profiles],
        "name": name,
    }
    if any(one.table for one in profiles):
        rows = [one.table or _summed(issues, one) for one in profiles]
        found = Negotiation(issues, rows, **more)
    else:
        found = Negotiation.additive(
            issues, [one.weights for one in profiles], [one.values for one in profiles], **more
        )
    least = found.utilities.min(1)
    reservations = [
        low if one.reservation is None else one.reservation for one, low in zip(profiles, least, strict=True)
    ]
    return Negotiation(issues, found.utilities, reservations, **more, parts=found.parts)


def _summed(issues: Issues, profile: Profile) -> tuple[float, ...]:
    pair = Negotiation.additive(issues, [profile.weights] * 2, [profile.values] * 2)
    return tuple(pair.utilities[0].tolist())


def amount(given: Any, what: str) -> float:
    """A finite number, given as one or as text; `InputError` names what it was for."""
    if isinstance(given, str):
        try:
            return float(number(given))
        except InputError:
            given = given[:40]
    if isinstance(given, bool) or not isinstance(given, int | float) or not abs(given) <= LARGEST:
        raise InputError(f"the {what} is {shown(given)}.", "It is a number.", "Give a finite number.")
    return float(given)


def whole_range(low: Any, high: Any, issue: str) -> tuple[str, ...]:
    """The whole numbers from low to high, as options."""
    ends = [amount(low, f"lower bound of {issue!r}"), amount(high, f"upper bound of {issue!r}")]
    if any(end % 1 for end in ends) or ends[0] > ends[1]:
        raise InputError(f"issue {issue!r} goes from {low} to {high}.", "Only whole numbers are options.")
    if ends[1] - ends[0] >= OPTIONS:
        raise TooLarge(f"issue {issue!r} has more than {OPTIONS:,} options.", do="Give fewer.")
    return tuple(str(k) for k in range(int(ends[0]), int(ends[1]) + 1))


def ordered(options: Sequence[str], given: Mapping[str, float], issue: str) -> tuple[float, ...]:
    """The values of the options of an issue, in their order; `InputError` for one that is missing or unknown."""
    missing = [one for one in options if one not in given]
    unknown = [one for one in given if one not in options]
    if missing or unknown:
        raise InputError(
            f"issue {issue!r} has no value for {listed(missing)}."
            if missing
            else f"issue {issue!r} has no option {listed(unknown)}.",
            "The profile and the domain have to name the same options.",
            "Correct one of them.",
        )
    return tuple(given[one] for one in options)


def finite_or_least(given: Any) -> float | None:
    """A reservation value: missing is 0, minus infinity is None, for the least that any outcome is worth."""
    if given is None:
        return 0.0
    if isinstance(given, float) and given == -math.inf:
        return None
    if isinstance(given, str) and given.strip().lower() in ("-inf", "-infinity"):
        return None
    return amount(given, "reservation value")


def parts_of(negotiation: Negotiation) -> list[tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]]:
    """Weights and values of each party; `InputError` where utilities are no sums over issues.

    Tables that are sums although nobody said so are taken apart, with a weight of 1 for each issue.
    """
    if negotiation.parts is not None:
        return list(zip(*negotiation.parts, strict=True))
    found = []
    for party, row in zip(negotiation.parties, negotiation.utilities, strict=True):
        table = row.reshape(negotiation.sizes)
        base = float(table.flat[0])
        values = []
        for k in range(table.ndim):
            line = np.moveaxis(table, k, 0).reshape(table.shape[k], -1)[:, 0]
            values.append(tuple((line - (0.0 if k == 0 else base)).tolist()))
        total = np.zeros(1)
        for own in values:
            total = np.add.outer(total, np.array(own)).ravel()
        if not np.allclose(total, row, rtol=0, atol=1e-12 * max(1.0, float(np.abs(row).max()))):
            raise InputError(
                f"The utilities of {party} are no sum over issues.",
                "Neither Genius nor the files that NegMAS reads back hold other tables.",
                "Write the table with numpy.save, or negotiate over one issue whose options are the outcomes.",
            )
        found.append(((1.0,) * table.ndim, tuple(values)))
    return found
