"""Liquid democracy: everybody votes, abstains, or hands its vote to another, who may hand it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.forms._ballot_tables import whole_numbers
from ..core.forms.ballots import Ballots
from ..core.game import Array
from ._decision import listed

NOBODY = -1
"""Whom somebody who abstains delegates to, and who casts a vote that is lost."""


@dataclass(frozen=True)
class Delegated:
    """Who votes with how many votes.

    Attributes
    ----------
    voters : names. weights : `int64[n]`, the votes that each casts: its own and those that reach it; 0 for all who do
        not vote themselves. They can be the `counts` of `Ballots` with a row for each voter.
    casts : `int64[n]`, who casts each one's vote in the end, -1 where it is lost.
    cycles : those who delegate in a circle, each circle from its first voter on.
    in_cycles, abstained : how many votes are lost, to circles and to abstention, those handed to them included.
    longest : the most steps that a vote that is cast was handed on.
    """

    voters: tuple[str, ...]
    weights: Array
    casts: Array
    cycles: tuple[tuple[str, ...], ...]
    in_cycles: int
    abstained: int
    longest: int

    @property
    def cast(self) -> int:
        """How many votes are cast."""
        return int(self.weights.sum())

    @property
    def concentration(self) -> Fraction:
        """The largest share of votes that one voter casts; 0 where nobody votes."""
        return Fraction(int(self.weights.max()), self.cast) if self.cast else Fraction(0)

    @property
    def majority(self) -> tuple[str, ...]:
        """The fewest voters who cast more than half of all votes together, the one with the most first."""
        order = np.argsort(-self.weights, kind="stable")
        enough = np.cumsum(self.weights[order]) * 2 > self.cast
        return tuple(self.voters[k] for k in order[: int(enough.argmax()) + 1]) if self.cast else ()

    @property
    def effective(self) -> float:
        """As how many voters with equal weights they are concentrated: 1 / Σ shares² (Laakso and Taagepera 1979)."""
        shares = self.weights / max(self.cast, 1)
        return float(1 / (shares**2).sum()) if self.cast else 0.0

    def caster(self, voter: str) -> str | None:
        """Who casts somebody's vote in the end; None where it is lost. `UnknownName` says who there is."""
        at = int(self.casts[_number(voter, self.voters)])
        return None if at == NOBODY else self.voters[at]

    def ballots(self, ranks: Any, alternatives: Sequence[str] | None = None) -> Ballots:
        """The election in which each row of `ranks`, one for each voter, is cast with that voter's weight.

        Rows of those who do not vote themselves count for nothing. Raises `InputError` where nobody votes, and as
        `Ballots`.
        """
        if not self.cast:
            raise InputError("All votes are lost to circles and abstention.", do="Ask somebody to vote.")
        return Ballots(ranks, self.weights, alternatives)

    def sentences(self) -> tuple[str, ...]:
        """What became of the votes, in words."""
        power = self.voters[int(self.weights.argmax())]
        told = [f"{self.cast:,} votes are cast by {int((self.weights > 0).sum()):,} voters."]
        if self.cast:
            told += [f"{power} casts most: {int(self.weights.max()):,}, {float(self.concentration):.1%} of them."]
            verb = "suffices" if len(self.majority) == 1 else "suffice"
            told += [f"{len(self.majority):,} {verb} for more than half: {listed(self.majority)}."]
        told += [f"{listed(circle)} delegate in a circle." for circle in self.cycles]
        lost = [f"{self.in_cycles:,} to circles"] * bool(self.in_cycles)
        lost += [f"{self.abstained:,} to abstention"] * bool(self.abstained)
        return (*told, *([f"Lost are {listed(lost)}."] if lost else []))


def delegated_voting(
    delegates: Mapping[str, str | None] | Sequence[int] | Array, votes: Any = None, voters: Sequence[str] | None = None
) -> Delegated:
    """Who casts whose vote when votes may be handed on (Dodgson 1884; Christoff and Grossi 2017).

    A vote goes from delegate to delegate until it reaches somebody who votes. It is lost in a circle, or with somebody
    who abstains.

    Parameters
    ----------
    delegates : for each voter by name whom it delegates to: itself where it votes, None where it abstains. Or the same
        by number, `[n]`, with -1 for abstention.
    votes : whole numbers `[n]`, how many votes each has of its own; 1 by default.
    voters : names where `delegates` are numbers; "v1", "v2", … by default.

    Raises
    ------
    UnknownName : a delegate who is no voter. InputError : no voter, or numbers that do not fit.

    Examples
    --------
    >>> found = delegated_voting({"ann": "ann", "bob": "ann", "cem": "bob", "dot": "eve", "eve": "dot", "flo": None})
    >>> found.weights.tolist(), found.cycles, found.caster("cem")
    ([3, 0, 0, 0, 0, 0], (('dot', 'eve'),), 'ann')
    """
    names, to = _read(delegates, voters)
    own = np.ones(len(to), np.int64) if votes is None else whole_numbers(votes, "votes")
    if own.shape != to.shape or own.min() < 0 or sum(own.tolist()) >= 2**62:
        raise InputError(
            f"Votes of shape {own.shape} for {len(to)} voters, or negative, or too many.", do="Give each 0 or more."
        )
    count = len(to)
    after = np.append(
        np.where(to == NOBODY, count, to), count
    )  # whoever abstains hands its vote to nobody, who keeps it
    end, steps, far = after.copy(), (after != np.arange(count + 1)).astype(np.int64), 1
    while far <= count:  # two steps, then four, …: whoever is not home after so many goes round in a circle
        steps = steps + steps[end]
        end, far = end[end], far * 2
    home = after[end] == end
    lost, circling = end == count, ~home
    weights = np.zeros(count + 1, np.int64)
    np.add.at(weights, end[:count][home[:count]], own[home[:count]])
    casts = np.where(lost | circling, NOBODY, end)[:count]
    return Delegated(
        names,
        weights[:count],
        casts,
        tuple(tuple(names[k] for k in circle) for circle in _circles(end[circling], after)),
        int(own[circling[:count]].sum()),
        int(weights[count]),
        int(steps[:count][casts != NOBODY].max(initial=0)),
    )


def _circles(inside: Array, after: Array) -> list[list[int]]:
    """The circles among those who are in one."""
    left, found = dict.fromkeys(np.unique(inside).tolist()), []
    while left:
        circle = [next(iter(left))]
        while (then := int(after[circle[-1]])) != circle[0]:
            circle.append(then)
        for one in circle:
            del left[one]
        found.append(circle)
    return found


def _read(delegates: Any, voters: Sequence[str] | None) -> tuple[tuple[str, ...], Array]:
    if isinstance(delegates, Mapping):
        names = tuple(delegates)
        place = {one: k for k, one in enumerate(names)}
        chosen = [NOBODY if to is None else place.get(to, len(names)) for to in delegates.values()]
        if len(names) in chosen:
            raise UnknownName("voter", str(list(delegates.values())[chosen.index(len(names))]), names)
        if names:
            return names, np.array(chosen, np.int64)
    to = whole_numbers([] if isinstance(delegates, Mapping) else delegates, "delegates")
    if to.ndim != 1 or not to.size or to.min() < NOBODY or to.max() >= len(to):
        raise InputError(
            f"Delegates of shape {to.shape}, or a number that is no voter's.",
            do="Give each voter its own number where it votes, another's, or -1 where it abstains.",
        )
    names = tuple(f"v{k + 1}" for k in range(len(to))) if voters is None else tuple(voters)
    if len(set(names)) != len(to):
        raise InputError(f"{len(set(names))} different names for {len(to)} voters.", do="Name each voter once.")
    return names, to


def _number(voter: str, voters: tuple[str, ...]) -> int:
    if voter not in voters:
        raise UnknownName("voter", voter, voters)
    return voters.index(voter)
