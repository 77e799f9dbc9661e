"""Basins of attraction: how much of the space of starting points ends at each rest point."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.game import Array, Game, Mixture
from ._mixtures import spread

SETTLED = 1e-3
"""An end is at rest when nobody would gain by more than this share of the largest difference between own moves."""

NEAR = 0.02
"""Ends whose probabilities differ by less than this are the same rest point."""

LEAST = 0.05
"""Mixed rest points with a smaller share of the starts are counted together: a continuum would make a long list."""

DEVIATIONS = 1.959963984540054
"""Standard deviations either side of the mean that hold 95 % of a normal distribution."""


class _End(Protocol):
    @property
    def last(self) -> Mixture: ...
    @property
    def method(self) -> str: ...


@dataclass(frozen=True)
class Share:
    """A share of the starts, `count` of `starts`, with its 95 % Wilson interval."""

    count: int
    starts: int

    @property
    def value(self) -> float:
        """The share, in [0, 1]."""
        return self.count / self.starts

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of Wilson (1927), which stays in [0, 1] and is not empty at 0 or 1."""
        z2 = DEVIATIONS**2
        centre = (self.count + z2 / 2) / (self.starts + z2)
        half = DEVIATIONS * math.sqrt(self.count * (1 - self.value) + z2 / 4) / (self.starts + z2)
        return max(min(centre - half, self.value), 0.0), min(max(centre + half, self.value), 1.0)


@dataclass(frozen=True)
class Basin:
    """A rest point, the joint move it lies at (None when somebody mixes), and the share of starts that end there."""

    point: Mixture
    profile: tuple[int, ...] | None
    share: Share


@dataclass(frozen=True)
class Basins:
    """Where starts drawn evenly from all mixtures end up.

    Attributes
    ----------
    basins : rest points by falling share: pure ones, and mixed ones with at least 5 % of the starts.
    elsewhere : the share that came to rest at none of these.
    restless : the share that reached no rest point in the time given (cycles, or very slow).
    method, starts, seed : how the shares were estimated.
    """

    basins: tuple[Basin, ...]
    elsewhere: Share
    restless: Share
    method: str
    starts: int
    seed: int

    def claims(self, game: Game) -> tuple[Claim, ...]:
        """One sentence per basin and for what never rests; sampled, so "supported" at most."""
        said = [(f"ends near {_named(game, basin)}", basin.share) for basin in self.basins]
        said += [("comes to rest elsewhere", self.elsewhere), ("reaches no rest point", self.restless)]
        return tuple(self._claim(words, share) for words, share in said if share.count)

    def _claim(self, words: str, share: Share) -> Claim:
        low, high = share.interval
        return Claim(
            f"From {100 * share.value:.1f} % of starts (95 % interval {100 * low:.1f} to {100 * high:.1f} %) "
            f"{self.method} {words}.",
            "supported",
            f"{self.method} from {self.starts} random starts",
            numbers={"n": self.starts, "count": share.count, "interval": [low, high], "seeds": [self.seed]},
        )


def basins(game: Game, dynamics: Callable[[Game, Mixture], _End], starts: int = 1000, seed: int = 0) -> Basins:
    """The share of starting points from which `dynamics` ends near each rest point.

    Starts are drawn evenly from all mixtures (Dirichlet with parameter 1 for every player), independent across
    players; give `one_population(game)` to have everybody start alike. An end is at rest when it is an approximate Nash
    equilibrium, or when the dynamics says so (`rest`): logit flows rest elsewhere. The same seed gives the same answer.

    Parameters
    ----------
    dynamics : takes the game and starts `[starts, A_i]` and says where they end: `replicator_limit`, `hedge`,
        `regret_matching`, or anything whose answer has `last` and `method`.
    starts : how many, at least 1; intervals narrow like 1 / sqrt(starts).

    Raises
    ------
    InputError : no starts.
    """
    if starts < 1:
        raise InputError(f"Basins from {starts} starts.", "A share needs something to count.", "Use at least one.")
    rng = np.random.default_rng(seed)
    start = tuple(rng.dirichlet(np.ones(size), size=starts) for size in game.sizes)
    end = dynamics(game, start)
    scale = float(spread(game.deviation_payoffs(start)).max())
    rest = (game.regrets(end.last).max(-1) <= SETTLED * scale) | getattr(end, "rest", False)
    found = [_basin(game, centre, Share(count, starts)) for centre, count in _clusters(_snapped(end.last)[rest])]
    listed = [basin for basin in found if basin.profile is not None or basin.share.value >= LEAST]
    restless = starts - int(rest.sum())
    elsewhere = starts - restless - sum(basin.share.count for basin in listed)
    return Basins(tuple(listed), Share(elsewhere, starts), Share(restless, starts), end.method, starts, seed)


def _snapped(ends: Mixture) -> Array:
    """All players side by side, `[S, n]`, with ends near a joint move put on it."""
    pure = np.all([x.max(axis=1) > 1 - NEAR for x in ends], axis=0)[:, None]
    corners = [np.eye(x.shape[1])[x.argmax(axis=1)] for x in ends]
    return np.where(pure, np.concatenate(corners, axis=1), np.concatenate(ends, axis=1))


def _clusters(ends: Array) -> list[tuple[Array, int]]:
    """Groups of nearby rows of `ends[S, n]`, as a middle and a count each, largest first."""
    found = []
    while len(ends):
        near = np.abs(ends - ends[0]).max(axis=1) < NEAR
        found.append((ends[near].mean(axis=0), int(near.sum())))
        ends = ends[~near]
    return sorted(found, key=lambda group: -group[1])


def _basin(game: Game, centre: Array, share: Share) -> Basin:
    point = tuple(np.split(centre, np.cumsum(game.sizes)[:-1]))
    pure = all(x.max() == 1 for x in point)
    return Basin(point, tuple(int(x.argmax()) for x in point) if pure else None, share)


def _named(game: Game, basin: Basin) -> str:
    if basin.profile is not None:
        return f"({', '.join(game.labels(basin.profile))})"
    odds = ["/".join(f"{p:.2f}" for p in x) for x in basin.point]
    return f"the mixture {', '.join(odds)}"
