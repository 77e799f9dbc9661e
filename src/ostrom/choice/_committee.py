"""What committees by approval share: the committees a rule elects, and rules that elect one member after the other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ..core.game import Array
from ._counted import require_ballots
from ._decision import listed, positions

MOST = 1_000
"""States that are followed at a time, where ties lead to many."""


@dataclass(frozen=True)
class Committee:
    """Who is elected together.

    Attributes
    ----------
    rule, alternatives : which rule, and among whom.
    members : the committee by the declared order of ties: as they were elected, or in the order of the alternatives
        where a rule elects all at once.
    tied : all committees that ties, settled one way or another, lead to; members in the order of the alternatives.
    scores : of each of `members`, what it was elected with.
    score : of the committee, where the rule gives one.
    rounds : sentences: what was decided in each step, which ties arose and how they were settled.
    ties : how many ties arose on the way to `members`.
    complete : whether `tied` was followed to the end, so that no committee is missing.
    """

    rule: str
    alternatives: tuple[str, ...]
    members: tuple[str, ...]
    tied: tuple[tuple[str, ...], ...]
    scores: tuple[Fraction, ...] = ()
    score: Fraction | None = None
    rounds: tuple[str, ...] = ()
    ties: int = 0
    complete: bool = True

    @property
    def unique(self) -> bool:
        """Whether no tie could have led to another committee."""
        return self.complete and len(self.tied) == 1


@dataclass(frozen=True)
class Approvals:
    """Who approves of whom: `table`, `bool[B, m]`, different on every row, and `counts`, how many voters a row is."""

    table: Array
    counts: tuple[int, ...]
    names: tuple[str, ...]
    seats: int
    order: tuple[int, ...]

    @staticmethod
    def of(ballots: Ballots, seats: int, order: Sequence[str] | None, within: int) -> Approvals:
        """What voters approve of, the best `within` places; `InputError` for numbers or an order that do not fit."""
        require_ballots(ballots)
        names = ballots.alternatives
        if not isinstance(seats, Integral) or not 0 < seats <= len(names) or not within >= 1:
            raise InputError(
                f"{seats} seats for {len(names)} alternatives, the best {within} places approved.",
                do="Give between 1 and as many seats as there are alternatives, and within=1 or more.",
            )
        given = names if order is None else order
        positions(given, names, names)
        approved = (ballots.ranks >= 0) & (ballots.ranks < within)
        kept = ballots.counts > 0
        table, which = np.unique(approved[kept], axis=0, return_inverse=True)
        counts = np.zeros(len(table), np.int64)
        np.add.at(counts, which.ravel(), ballots.counts[kept])
        places = tuple(names.index(one) for one in given)
        return Approvals(table, tuple(counts.tolist()), names, int(seats), places)

    @property
    def voters(self) -> int:
        """How many there are, those included who approve of nobody."""
        return sum(self.counts)

    def supporters(self) -> list[list[int]]:
        """For each alternative the rows that approve of it."""
        return [np.flatnonzero(column).tolist() for column in self.table.T]

    def named(self, members: Any) -> tuple[str, ...]:
        """Names of alternatives given by number, in the order of the alternatives."""
        return tuple(self.names[k] for k in sorted(members))

    def first(self, committees: Sequence[Sequence[int]]) -> Sequence[int]:
        """Of several committees the one whose members stand first in the declared order, the first member first."""
        place = {k: at for at, k in enumerate(self.order)}
        return min(committees, key=lambda members: sorted(place[k] for k in members))


Step = tuple[Mapping[int, Hashable], Fraction, str]
"""Who may be elected next and what state follows each; the score of all of them; that score in words."""


def in_turn(
    rule: str,
    given: Approvals,
    start: Hashable,
    step: Callable[[frozenset[int], Any], Step],
    most: int = MOST,
) -> Committee:
    """One member after the other: ties settled by the declared order, and all the ways there were to settle them.

    `step` of who is elected and a state says who may be next; nobody ends the election. States that are equal are
    followed once.
    """
    members, scores, told, ties, state = [], [], [], 0, start
    while len(members) < given.seats:
        after, score, said = step(frozenset(members), state)
        if not after:
            told.append(said)
            break
        chosen = next(k for k in given.order if k in after)
        told.append(f"{given.names[chosen]} is elected, with {said}{_settled(given, after, chosen)}.")
        ties += len(after) > 1
        members.append(chosen)
        scores.append(score)
        state = after[chosen]
    found, complete = _all_ways(given, start, step, most) if ties else (set(), True)
    tied = sorted({*found, frozenset(members)}, key=sorted)
    return Committee(
        rule,
        given.names,
        tuple(given.names[k] for k in members),
        tuple(given.named(one) for one in tied),
        tuple(scores),
        rounds=tuple(told),
        ties=ties,
        complete=complete,
    )


def _settled(given: Approvals, after: Mapping[int, Any], chosen: int) -> str:
    if len(after) == 1:
        return ""
    others = listed(given.named(k for k in after if k != chosen))
    return f"; {others} would be too, and {given.names[chosen]} is the first of them in the declared order"


def _all_ways(
    given: Approvals, start: Hashable, step: Callable[[frozenset[int], Any], Step], most: int
) -> tuple[set[frozenset[int]], bool]:
    """All committees, and whether no state was left out."""
    layer: dict[tuple[frozenset[int], Hashable], None] = {(frozenset(), start): None}
    done: set[frozenset[int]] = set()
    complete = True
    for _ in range(given.seats):
        following: dict[tuple[frozenset[int], Hashable], None] = {}
        for members, state in layer:
            if len(following) > most:
                break
            after, _, _ = step(members, state)
            following |= {(members | {k}, then): None for k, then in after.items()}
            if not after:
                done.add(members)
        complete &= len(following) <= most
        layer = dict.fromkeys(list(following)[:most])
    return done | {members for members, _ in layer}, complete


def spoken(value: Fraction) -> str:
    """A fraction in a sentence; long ones to four digits."""
    return str(value) if value.denominator < 10_000 else f"{float(value):,.4f} (rounded)"
