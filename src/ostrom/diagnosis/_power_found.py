"""Who can do what to whom: groups that could seize, shut out or block, measured against how things settle."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.coalitional import Coalitional
from ..core.game import Array
from ..solvers._securing import against, secured

TIE = 1e-6
"""Share of a range of payoffs below which two of them count as equal; where play settles is known no better."""

WORK = 20_000_000
"""Joint moves times groups times players beyond which groups are not asked what they could do."""

Group = tuple[int, ...]


@dataclass(frozen=True)
class ShutOut:
    """A group that could shut somebody out, and no smaller part of it could.

    Attributes
    ----------
    group, outsider : names. held : the most that the outsider can then get, even if all others stand by it.
    had : what it has as things are. cost : what the group gives up by it in sum (negative: it gains), where all others
        stand by the outsider.
    """

    group: tuple[str, ...]
    outsider: str
    held: float
    had: float
    cost: float


@dataclass(frozen=True)
class Seizure:
    """A group that could take from the others, and no smaller part of it could.

    Attributes
    ----------
    group, others : names. secured : what it can count on in sum, whatever the others do. had : in sum, as things are.
    left : the most that the others can then get in sum. they_had : what they have as things are.
    """

    group: tuple[str, ...]
    others: tuple[str, ...]
    secured: float
    had: float
    left: float
    they_had: float


def refuse_many(sizes: Iterable[int]) -> None:
    """Raise `TooLarge` where there are too many groups and joint moves to ask each what it could do."""
    sizes = tuple(sizes)
    work = math.prod(sizes) * len(sizes) << len(sizes)
    if work > WORK:
        raise TooLarge(
            f"{len(sizes)} players have 2^{len(sizes)} groups and {math.prod(sizes):,} joint moves.",
            f"Each group is asked what it could do to each other player: {work:,} numbers, more than {WORK:,}.",
            "Give fewer players or moves.",
        )


def shut_outs(utilities: Array, had: Array, names: tuple[str, ...]) -> Iterator[ShutOut]:
    """Smallest groups that can hold somebody below what it has; bystanders, last of all, can be held too.

    `utilities` are `[A_1, …, A_P, P + B]`; all players outside the group are taken to stand by the outsider.
    """
    players = range(utilities.ndim - 1)
    for outsider in range(utilities.shape[-1]):
        own = utilities[..., outsider]
        slack, found = TIE * (np.ptp(own) or 1.0), []
        for group in _groups([i for i in players if i != outsider], found):
            held = secured(-against(own, list(group)))
            if -held.value < had[outsider] - slack:
                found.append(group)
                paid = against(utilities[..., list(group)].sum(-1), list(group))
                cost = had[list(group)].sum() - held.group @ paid @ held.others
                yield ShutOut(
                    _named(group, names), names[outsider], -float(held.value), float(had[outsider]), float(cost)
                )


def able(game: Coalitional, had: Array, slack: float) -> tuple[Group, ...]:
    """The smallest groups that can count on more than their members have."""
    found: list[Group] = []
    for group in _groups(list(range(game.count)), found):
        if float(game.worth[sum(1 << i for i in group)]) > had[list(group)].sum() + slack:
            found.append(group)
    return tuple(found)


def seizures(utilities: Array, had: Array, groups: Iterable[Group], names: tuple[str, ...]) -> Iterator[Seizure]:
    """Of groups that could better themselves, those that would leave the other players worse off whatever they do."""
    players = range(utilities.ndim - 1)
    for group in groups:
        others = [i for i in players if i not in group]
        if others:
            won = secured(against(utilities[..., list(group)].sum(-1), list(group)))
            total = utilities[..., others].sum(-1)
            left = float((won.group @ against(total, list(group))).max())
            if left < had[others].sum() - TIE * (np.ptp(total) or 1.0):
                had_all = float(had[list(group)].sum()), float(had[others].sum())
                yield Seizure(
                    _named(group, names), _named(others, names), float(won.value), had_all[0], left, had_all[1]
                )


def blockers(groups: tuple[Group, ...], count: int) -> tuple[Group, ...]:
    """The smallest groups without a member of which no group is able; a single one has a veto."""
    found: list[Group] = []
    for block in _groups(list(range(count)), found):
        if groups and all(set(block) & set(group) for group in groups):
            found.append(block)
    return tuple(found)


def adds_nothing(worths: Coalitional, player: int) -> bool:
    """Whether a player adds to every group just what it is worth alone."""
    pairs = worths.worth.reshape(-1, 2, 1 << player)
    slack = TIE * float(np.abs(worths.worth).max())
    return bool((np.abs(pairs[:, 1] - pairs[:, 0] - worths.worth[1 << player]) <= slack).all())


def _groups(members: list[int], found: list[Group]) -> Iterator[Group]:
    """All groups, the smaller ones first, but for those that contain one of `found` by then."""
    for size in range(1, len(members) + 1):
        for group in combinations(members, size):
            if not any(set(one) <= set(group) for one in found):
                yield group


def _named(group: Iterable[int], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(names[i] for i in group)
