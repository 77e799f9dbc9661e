"""What is found out about a game whose joint moves cannot be listed, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..core.solution import Status
from ..dynamics.basins import Basins
from ._tables import where

LISTED = 1000
"""Equilibria kept."""


@dataclass(frozen=True)
class Place:
    """Where play may be: in words, and what it is worth.

    Attributes
    ----------
    words : such as "4 play 5 and 4 play 4".
    counts : how many make each move, where players are alike and it is a pure spread of them; else None.
    player, bystanders : what players get on average, and what each bystander gets; expected, where play is mixed.
    welfare : the mean over all of them.
    regret : the most that a player would add by another move.
    """

    words: str
    counts: tuple[int, ...] | None
    player: float
    bystanders: tuple[float, ...]
    welfare: float
    regret: float


@dataclass(frozen=True)
class Extreme:
    """The best or the worst place: "complete" when there is none beyond; else how far beyond there may be.

    `open` is 0 for a complete answer, and None when nothing bounds it.
    """

    place: Place
    status: Status
    open: float | None
    method: str


@dataclass(frozen=True)
class Settled:
    """Equilibria: those kept, best first; the worst and the best of all; whether these are all, and how known."""

    places: tuple[Place, ...]
    worst: Place | None
    best: Place | None
    status: Status
    method: str


@dataclass(frozen=True)
class Choices:
    """Moves of players who are alike that are best, or never worth it, whatever the others do.

    Attributes
    ----------
    dominant, strict : the move that is never worse than another and sometimes better, or None; whether always better.
    dominated : move -> the move that is always better.
    lead : with two moves, the least and the most that the second pays more than the first; else None.
    temptation : the most that a player would add by leaving the optimum alone.
    """

    dominant: str | None
    strict: bool
    dominated: dict[str, str]
    lead: tuple[float, float] | None
    temptation: float


@dataclass(frozen=True)
class End:
    """Where a share of the starting points leads, in words, with its 95 % interval."""

    words: str
    share: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Ends:
    """Where a kind of dynamics leads from sampled starting points."""

    method: str
    starts: int
    seed: int
    ends: tuple[End, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that was found about a game; a part that does not apply is None.

    Attributes
    ----------
    name, players, bystanders : of the game.
    kind : "alike" (players who are alike, by counts), "congestion", or "other" (the oracle alone).
    optimum, worst : the best and the worst outcome.
    played, how : where play leads, and how that is known; agents act for themselves and play perfectly.
    settled : where else play may settle.
    choices : which moves are worth making; cartel : what is best for the players where a bystander pays for it.
    dynamics : where evolution and learning lead from sampled starts.
    """

    name: str
    players: tuple[str, ...]
    bystanders: tuple[str, ...]
    kind: Literal["alike", "congestion", "other"]
    optimum: Extreme | None
    worst: Extreme | None
    played: Place
    how: str
    settled: Settled | None = None
    choices: Choices | None = None
    cartel: Place | None = None
    dynamics: tuple[Ends, ...] = ()

    @property
    def gap(self) -> float | None:
        """Welfare of the best outcome (known or found) less welfare as played; None where no optimum is known."""
        return None if self.optimum is None else self.optimum.place.welfare - self.played.welfare

    @property
    def stake(self) -> float | None:
        """The best outcome less the worst: what percentages are of."""
        if self.optimum is None or self.worst is None:
            return None
        return self.optimum.place.welfare - self.worst.place.welfare

    @property
    def extremes(self) -> tuple[float, float]:
        """Welfare of the worst and of the best equilibrium found, that played among them."""
        places = (self.settled.worst, self.settled.best) if self.settled else ()
        found = [self.played.welfare, *(place.welfare for place in places if place is not None)]
        return min(found), max(found)

    @property
    def headline(self) -> tuple[float, float, float] | None:
        """The gap at the worst equilibrium, as played, and at the best equilibrium."""
        if self.optimum is None or self.gap is None:
            return None
        worst, best = (self.optimum.place.welfare - welfare for welfare in self.extremes)
        return worst, self.gap, best

    @property
    def coordination(self) -> float:
        """Best equilibrium less played: what a convention or advice can close."""
        return self.extremes[1] - self.played.welfare

    @property
    def conflict(self) -> float | None:
        """Optimum less best equilibrium: what only changed incentives or commitments can close."""
        return None if self.headline is None else self.headline[2]


def ends(found: Basins, moves: tuple[tuple[str, ...], ...]) -> Ends:
    """The basins of sampled starts, in words."""
    listed = [
        End(f"near {where(moves, basin.point)}", basin.share.value, basin.share.interval) for basin in found.basins
    ]
    for words, share in (("elsewhere", found.elsewhere), ("at no rest point", found.restless)):
        listed += [End(words, share.value, share.interval)] if share.count else []
    return Ends(found.method, found.starts, found.seed, tuple(listed))
