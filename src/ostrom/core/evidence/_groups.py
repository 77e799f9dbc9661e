"""Who would leave a joint move together, and stay where they went: coalitions in exact rationals."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..errors import TooLarge
from ..exact import ExactGame

Group = tuple[int, ...]

LISTED = 2_000_000
"""Joint departures beyond which the nested question is not answered."""


class Groups:
    """Departures by which every mover gains more than `slack`, and from which no part of them would depart in turn.

    Players who belong to a group and do not move need not be asked: without them the group gains and stays as well.
    """

    def __init__(self, game: ExactGame, slack: Fraction) -> None:
        self.game, self.slack, self.listed = game, slack, 0
        self.known: dict[tuple[Group, int], int | None] = {}

    def movers(self, start: int, end: int) -> Group:
        """The players whose moves differ."""
        return tuple(i for i in self.game.seats if self.game.own(start, i) != self.game.own(end, i))

    def gain(self, start: int, end: int, group: Group) -> bool:
        """Whether each of the group gains more than the slack."""
        here, there = self.game.payoffs[start], self.game.payoffs[end]
        return all(there[i] - here[i] > self.slack for i in group)

    def leaves(self, group: Group, start: int) -> int | None:
        """Where the group, or a part of it, goes from there to stay; None when nowhere."""
        if (group, start) not in self.known:
            self.known[group, start] = next(self.departures(group, start), None)
        return self.known[group, start]

    def departures(self, group: Group, start: int, up_to: int | None = None) -> Iterator[int]:
        """The joint moves that the group, or a part of it of up to so many, goes to from there and stays at."""
        for end in self.game.joint(start, group):
            self.listed += 1
            if self.listed > LISTED:
                raise TooLarge(
                    f"More than {LISTED:,} joint departures of groups and of parts of them.",
                    "Checking them all takes too long.",
                    "Ask about smaller groups.",
                )
            movers = self.movers(start, end)
            few = 0 < len(movers) <= (up_to or len(group))
            if few and self.gain(start, end, movers) and self.steady(movers, end):
                yield end

    def steady(self, group: Group, place: int) -> bool:
        """Whether no smaller part of the group leaves from there to stay somewhere else."""
        return all(self.leaves(group[:k] + group[k + 1 :], place) is None for k in range(len(group)))
