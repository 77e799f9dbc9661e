"""Schelling's diagram of a world: what those who cooperate and those who do not get, by how many others cooperate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError
from ..core.game import Array
from ..core.rooms import load
from ..core.world import World
from ..learners._seating import name_of, named
from ._student_interval import Mean

DEALS = 4
"""Ways of seating the same numbers of players that are tried, where the seats may differ."""


@dataclass(frozen=True, eq=False)
class Schelling:
    """Mean returns in whole episodes, by how many of the P - 1 others cooperate: 0, 1, …, P - 1.

    Attributes
    ----------
    world : its name; `names` : who cooperates, and who does not.
    cooperator, defector : P means each.
    """

    world: str
    names: tuple[str, str]
    cooperator: tuple[Mean, ...]
    defector: tuple[Mean, ...]

    @property
    def greed(self) -> float:
        """What a seat gains by not cooperating when all others do."""
        return self.defector[-1].value - self.cooperator[-1].value

    @property
    def fear(self) -> float:
        """What a seat gains by not cooperating when nobody else does."""
        return self.defector[0].value - self.cooperator[0].value

    @property
    def gain(self) -> float:
        """What a seat has when all cooperate, less what it has when none does."""
        return self.cooperator[-1].value - self.defector[0].value

    @property
    def dilemma(self) -> bool:
        """Whether all are better off when all cooperate, and a seat by not doing so, both by more than the margins."""
        return self.gain > _margin(self.cooperator[-1], self.defector[0]) and (self._tempting(-1) or self._tempting(0))

    def _tempting(self, place: int) -> bool:
        one, other = self.defector[place], self.cooperator[place]
        return one.value - other.value > _margin(one, other)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the diagram says, in a sentence with its numbers."""
        some, none = self.cooperator[-1], self.defector[0]
        said = (
            f"When all play {self.names[0]}, a seat gets {some.words}, and {none.words} when all play {self.names[1]}"
        )
        parts = [f"leaving alone gains {self.greed:.3g}" if self._tempting(-1) else "nobody gains by leaving alone"]
        parts += [f"coming alone costs {self.fear:.3g}" if self._tempting(0) else "nobody loses by coming alone"]
        kind = "greed and fear" if all(map(self._tempting, (-1, 0))) else "greed" if self._tempting(-1) else "fear"
        end = f"; a social dilemma ({kind})." if self.dilemma else "; no social dilemma between these two."
        numbers = {
            "cooperator": [one.value for one in self.cooperator],
            "defector": [one.value for one in self.defector],
            "margins": [[one.margin for one in own] for own in (self.cooperator, self.defector)],
            "greed": self.greed,
            "fear": self.fear,
            "gain": self.gain,
        }
        return (Finding("schelling", f"{said}; {parts[0]}, {parts[1]}{end}", (), numbers, "Schelling (1973)"),)

    @property
    def table(self) -> str:
        """A line for each number of others who cooperate."""
        lines = [f"{'others':>6}{self.names[0]:>22}{self.names[1]:>22}"]
        pairs = zip(self.cooperator, self.defector, strict=True)
        return "\n".join(lines + [f"{k:>6}{one.words:>22}{other.words:>22}" for k, (one, other) in enumerate(pairs)])


def schelling(
    world: World,
    cooperator: Any = "cooperative",
    defector: Any = "selfish",
    *,
    episodes: int = 64,
    seed: int = 0,
) -> Schelling:
    """Schelling's diagram of a world with two ways to play it (Schelling, 1973; in worlds, Hughes et al., 2018).

    Intervals are over episodes: they say what the luck of the draw leaves open, of these very players.

    Parameters
    ----------
    cooperator, defector : a policy, a trained player, or the name of one of the world's bots.
    episodes : of each number of players who cooperate and each way to seat them, at least 2.

    Raises `InputError` for fewer than two seats or episodes, `UnknownName` for a bot there is not.
    """
    players = len(world.ground.players)
    if players < 2 or episodes < 2:
        raise InputError(
            f"{players} seats and {episodes} episodes were given.",
            "There have to be others, and a margin needs two episodes.",
            "Use a world with two seats or more, and at least two episodes.",
        )
    pair = [named(world, one) for one in (cooperator, defector)]
    seatings = np.array(_seatings(players))
    tables = [[pair[int(out)] for out in row] for row in seatings]
    returns = load("learners", "meet").meet(world, tables, episodes=episodes, seed=seed).returns
    cooperates, others = seatings == 0, (seatings == 0).sum(-1)
    curves = [
        [Mean.of(_payoffs(returns, cooperates == own, others == k + own)) for k in range(players)]
        for own in (True, False)
    ]
    names = tuple(
        one if isinstance(one, str) else word for one, word in zip((cooperator, defector), WORDS, strict=True)
    )
    return Schelling(name_of(world), names, *map(tuple, curves))  # type: ignore[arg-type]


WORDS = ("cooperator", "defector")


def _seatings(players: int) -> list[list[int]]:
    """Who does not cooperate (1), for each number of those who do, and some ways to turn the seats."""
    rows = []
    for count in range(players + 1):
        first = [int(seat >= count) for seat in range(players)]
        turns = range(0, players, max(1, players // DEALS)) if 0 < count < players else range(1)
        rows += [first[players - turn :] + first[: players - turn] for turn in list(turns)[:DEALS]]
    return rows


def _payoffs(returns: Array, whose: Array, at: Array) -> Array:
    """`float[n]`: what such seats get on average, in each episode of these tables."""
    own = np.where(whose[:, None], returns, np.nan)[at]
    return np.nanmean(own, -1).ravel()


def _margin(one: Mean, other: Mean) -> float:
    return float(np.hypot(np.nan_to_num(one.margin), np.nan_to_num(other.margin)))
