"""Groups of voters that agree on enough to deserve members of a committee, and what they have of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.exact import fraction
from ..core.forms.ballots import Ballots
from ..core.game import Array


@dataclass(frozen=True)
class Group:
    """Voters that deserve more: `rows` of ballots and how many of each, who agree on `alternatives` and are large
    enough for `level` members."""

    rows: tuple[int, ...]
    many: tuple[int, ...]
    alternatives: tuple[str, ...]
    level: int

    @property
    def size(self) -> int:
        """How many voters they are."""
        return sum(self.many)


@dataclass(frozen=True)
class Seated:
    """Approvals `bool[B, m]`, voters on each row, who is elected, and the members that each row approves of."""

    names: tuple[str, ...]
    approved: Array
    counts: tuple[int, ...]
    elected: Array
    have: Array
    seats: int
    within: int

    @staticmethod
    def of(ballots: Ballots, committee: Any, seats: int | None, within: int) -> Seated:
        """What is audited; `UnknownName` and `InputError` for what is no committee of these seats."""
        members = tuple(getattr(committee, "members", committee))
        places = [ballots.index(one) for one in members]
        many = len(members) if seats is None else seats
        if len(set(places)) < len(places) or not max(len(places), 1) <= many or within < 1:
            raise InputError(
                f"A committee of {len(members)} members for {many} seats, the best {within} places approved.",
                "It has at least one seat, no more members than seats, and nobody twice.",
                "Give members by name, and seats=… where some were left open.",
            )
        approved = (ballots.ranks >= 0) & (ballots.ranks < within)
        elected = np.isin(np.arange(len(ballots.alternatives)), places)
        counts = tuple(ballots.counts.tolist())
        return Seated(ballots.alternatives, approved, counts, elected, approved[:, elected].sum(1), many, within)

    @property
    def voters(self) -> int:
        """How many there are."""
        return sum(self.counts)

    def group(self, rows: Array, alternatives: Sequence[int], level: int, size: int | None = None) -> Group:
        """The voters on some rows, or only the first so many of them."""
        taken, left = [], sum(self.counts) if size is None else size
        for row in rows.tolist():
            many = min(self.counts[row], left)
            left -= many
            taken += [(row, many)] * (many > 0)
        return Group(
            tuple(row for row, _ in taken),
            tuple(many for _, many in taken),
            tuple(self.names[k] for k in alternatives),
            level,
        )

    def deserted(self, levels: Sequence[int]) -> tuple[Fraction, Group | None]:
        """The largest quota at which some group of `level` quotas, all of whom approve of one who is not elected, has
        nobody with so many members; and that group. 0 and None where there is none at any quota."""
        worst, found = Fraction(0), None
        counts = np.array(self.counts, object)
        for level in levels:
            short = self.have < level
            for k in np.flatnonzero(~self.elected).tolist():
                rows = np.flatnonzero(short & self.approved[:, k])
                share = Fraction(int(counts[rows].sum()), level)
                if share > worst:
                    worst, found = share, (rows, k, level)
        return worst, None if found is None else self.group(found[0], [found[1]], found[2])


@dataclass(frozen=True)
class Quota:
    """How many voters deserve a member: at least `size` of them, or more than that where it is `strict`."""

    name: str
    size: Fraction
    strict: bool = False

    @staticmethod
    def of(quota: Any, seated: Seated) -> Quota:
        """By name, "hare" or "droop", or a number of voters; `UnknownName` and `InputError` for others."""
        if quota == "hare":
            return Quota("Hare", Fraction(seated.voters, seated.seats))
        if quota == "droop":
            return Quota("Droop", Fraction(seated.voters, seated.seats + 1), True)
        if isinstance(quota, str):
            raise UnknownName("quota", quota, ("hare", "droop"))
        size = fraction(quota)
        if size <= 0:
            raise InputError(f"A quota of {size} voters.", do="Give a number above 0, 'hare' or 'droop'.")
        return Quota("given", size)

    def reached(self, share: Fraction) -> bool:
        """Whether a group with so many voters for each member that it lacks is large enough."""
        return share > self.size if self.strict else share >= self.size

    def needed(self, level: int) -> int:
        """The fewest voters that deserve so many members."""
        least = level * self.size
        return math.floor(least) + 1 if self.strict else max(math.ceil(least), 1)


def cohesive(seated: Seated, quota: Quota, most: int) -> Iterator[tuple[int, tuple[int, ...], Array] | None]:
    """`(level, alternatives, rows)` of all sets of alternatives that enough voters agree on for as many members.

    Rows are in the order of what they have, the least first. None, at the end, where more than `most` sets would have
    to be looked at.
    """
    counts, order = np.array(seated.counts, object), np.argsort(seated.have, kind="stable")
    stack: list[tuple[tuple[int, ...], Array]] = [((), order)]
    looked = 0
    while stack:
        chosen, rows = stack.pop()
        if chosen:
            yield len(chosen), chosen, rows
        if len(chosen) == seated.seats:
            continue
        needed = quota.needed(len(chosen) + 1)
        for k in range(len(seated.names) - 1, (chosen[-1] if chosen else -1), -1):
            looked += 1
            if looked > most:
                yield None
                return
            agreed = rows[seated.approved[rows, k]]
            if counts[agreed].sum() >= needed:
                stack.append(((*chosen, k), agreed))


def least_average(seated: Seated, rows: Array, size: int) -> Fraction:
    """What the `size` voters with the least members have on average, of those on these rows."""
    left, total = size, 0
    for row in rows.tolist():
        many = min(seated.counts[row], left)
        total, left = total + many * int(seated.have[row]), left - many
        if not left:
            break
    return Fraction(total, size)
