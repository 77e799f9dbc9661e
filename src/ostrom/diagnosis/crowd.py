"""Players who are alike, too many for a table: the impact gap, equilibria and basins by who plays what how often."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError, TooLarge
from ..core.game import Array, Game, amount
from ..core.symmetric import Symmetric
from ..dynamics.basins import basins
from ..dynamics.one_population import one_population
from ..dynamics.replicator import replicator_limit
from ..solvers.logit import logit
from ._one_curve import OneCurve, multinomial
from ._tables import TIE, listed, opened, percent, where

CROWDS = 100_000
"""Ways to spread the players over the moves beyond which they are not listed."""

STARTS = 50
"""Starting points for basins where there are more than two moves."""

SOURCE = "Logit limit (McKelvey and Palfrey 1995); replicator dynamics in one population (Taylor and Jonker 1978)"


@dataclass(frozen=True, eq=False)
class Crowd:
    """What is lost among players who are alike, act for themselves and play perfectly.

    Attributes
    ----------
    players, bystanders : names; moves : names of everybody's moves.
    crowds : every way to spread the players over the moves, `int[N, A]`: how many play each.
    welfare : of every crowd, `float[N]`.
    utilities : what a player gets on average, and each bystander, in every crowd, `float[N, 1 + B]`.
    mixture : what everybody plays at the limit of the logit branch, `float[A]`.
    odds : how likely every crowd then is, `float[N]`.
    best : the number of the crowd of highest welfare; among several, the one that treats players most alike.
    pure : the pure equilibria, by number of crowd.
    basins : rest points of evolution in one population, as mixtures, with the part of starting points that end there;
        exact for two moves, otherwise of `starts` sampled ones.
    starts : 0 where basins are exact.
    """

    players: tuple[str, ...]
    bystanders: tuple[str, ...]
    moves: tuple[str, ...]
    crowds: Array
    welfare: Array
    utilities: Array
    mixture: Array
    odds: Array
    best: int
    pure: tuple[int, ...]
    basins: tuple[tuple[Array, float], ...]
    starts: int

    @property
    def played(self) -> float:
        """Expected welfare at the limit of the logit branch."""
        return float(self.odds @ self.welfare)

    @property
    def gap(self) -> float:
        """The highest welfare of any crowd less welfare as played."""
        return float(self.welfare.max()) - self.played

    @property
    def coordination(self) -> float:
        """What the best equilibrium found (pure, or the one played) is worth more than the one played."""
        return max(0.0, *(float(self.welfare[k]) - self.played for k in self.pure)) if self.pure else 0.0

    @property
    def conflict(self) -> float:
        """What the optimum is worth more than the best equilibrium."""
        return self.gap - self.coordination

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is lost and what that means for whom, where play settles, and from where evolution leads."""
        return (self._lost(), *self._enjoyed(), self._settled(), self._evolved())

    def _lost(self) -> Finding:
        stake = float(np.ptp(self.welfare))
        parts = {"coordination": self.coordination, "conflict": self.conflict}
        share = self.gap / stake if stake > 0 else 0.0
        told = listed(tuple(f"{name} {percent(part / stake)}" for name, part in parts.items() if part > 0.005 * stake))
        said = f"{percent(share)} of what was possible is lost: {told}" if share > 0.005 else "nothing is lost"
        said += f". All together do best when {self._told(self.best)}."
        numbers = {"gap": self.gap, **parts, "optimum": float(self.welfare.max()), "played": self.played}
        return Finding("facets", opened(said), (*self.players, *self.bystanders), numbers, SOURCE)

    def _enjoyed(self) -> list[Finding]:
        now, best = self.odds @ self.utilities, self.utilities[self.best]
        told = [("a player gets", self.players), *((f"for {name} it is", (name,)) for name in self.bystanders)]
        return [
            Finding(
                "effects",
                opened(f"{who} {before:.4g} as things are and {after:.4g} at the optimum, on average."),
                names,
                {"played": float(before), "optimum": float(after)},
            )
            for (who, names), before, after in zip(told, now, best, strict=True)
        ]

    def _settled(self) -> Finding:
        said = "Starting from chance and playing ever more precisely leads each to "
        said += self._mixed(self.mixture)
        some = "; or ".join(self._told(k) for k in self.pure[:3])
        more = f"; or {len(self.pure) - 3:,} more" if len(self.pure) > 3 else ""
        said += f". At pure equilibria {some}{more}." if self.pure else ". There is no pure equilibrium."
        numbers = {"mixture": self.mixture.tolist(), "pure equilibria": [self.crowds[k].tolist() for k in self.pure]}
        return Finding("equilibria", said, self.players, numbers, SOURCE)

    def _evolved(self) -> Finding:
        ends = [(self._mixed(mixture), share) for mixture, share in self.basins if share > 0]
        parts = listed(tuple(f"{percent(share)} end at {at}" for at, share in ends)) or "none come to rest"
        said = f"Where they evolve as one population, of {self.starts or 'all'} starting points {parts}."
        numbers = {"starts": self.starts, "rest points": [{"mixture": m.tolist(), "share": s} for m, s in self.basins]}
        return Finding("basins", said, self.players, numbers, SOURCE)

    def _mixed(self, mixture: Array) -> str:
        return where((self.moves,), (mixture,))[1:-1]

    def _told(self, k: int) -> str:
        """A crowd in words: "3 play a and 1 plays b"."""
        spread = [(int(n), move) for n, move in zip(self.crowds[k], self.moves, strict=True) if n]
        if len(spread) == 1:
            return f"all play {spread[0][1]}"
        return listed(tuple(f"{n} {'plays' if n == 1 else 'play'} {move}" for n, move in spread))


def crowd(subject: Game | Delegation, *, seed: int = 0) -> Crowd:
    """The impact gap among players who are alike, act for themselves and play perfectly; no table is made.

    Exact, but for basins with more than two moves, which are sampled with `seed`. Raises `InputError` for players who
    are not known to be alike (a `Symmetric` game) and `TooLarge` when they can be spread in too many ways.

    Examples
    --------
    >>> from ostrom import Symmetric
    >>> moves = ("keep", "give")
    >>> found = crowd(Symmetric(lambda own, others: 0.6 * others - 0.4 * own, players=100, moves=moves, amounts=(0, 1)))
    >>> found.mixture.tolist(), round(found.gap, 6), round(found.conflict / found.gap, 6)
    ([1.0, 0.0], 59.0, 1.0)
    """
    delegation = as_delegation(subject)
    game = delegation.game
    if not isinstance(game, Symmetric):
        raise InputError(
            f"{game.name} does not say that its players are alike.",
            "Only then does it matter only how many play what.",
            "Write it as a Symmetric game, or use diagnose, which looks at every joint move.",
        )
    profiles = _profiles(game)
    size, count = len(game.moves[0]), len(game.players)
    crowds = (profiles[:, :, None] == np.arange(size)).sum(1)
    utilities = game.utilities_at(profiles)
    welfare = delegation.welfare.on_table(utilities)
    top = np.flatnonzero(welfare >= welfare.max() - TIE * np.ptp(welfare))
    mixture, ends, starts = _dynamics(game, seed)
    return Crowd(
        players=game.players,
        bystanders=game.bystanders,
        moves=game.moves[0],
        crowds=crowds,
        welfare=welfare,
        utilities=np.column_stack([utilities[:, :count].mean(1), utilities[:, count:]]),
        mixture=mixture,
        odds=multinomial(crowds, mixture),
        best=int(top[np.argmin(np.ptp(utilities[top, :count], axis=1))]),
        pure=_pure(game, profiles),
        basins=ends,
        starts=starts,
    )


def _profiles(game: Symmetric) -> Array:
    """One joint move `int[N, P]` for every way to spread the players over the moves."""
    size, count = len(game.moves[0]), len(game.players)
    ways = comb(size + count - 1, count)
    if ways > CROWDS:
        raise TooLarge(
            f"{count} players can be spread over {size} moves in {amount(ways)} ways.",
            f"More than {CROWDS:,} are not listed.",
            "Use fewer players or moves.",
        )
    return np.array(list(combinations_with_replacement(range(size), count)))


def _pure(game: Symmetric, profiles: Array) -> tuple[int, ...]:
    """Rows of `profiles` from which no player would rather make another move."""
    worth = game.payoffs[:, game.others_at(profiles)]
    own = np.take_along_axis(worth, profiles[None], axis=0)[0]
    stable = (worth.max(axis=0) - own <= TIE * np.ptp(game.payoffs)).all(axis=1)
    return tuple(int(k) for k in np.flatnonzero(stable))


def _dynamics(game: Symmetric, seed: int) -> tuple[Array, tuple[tuple[Array, float], ...], int]:
    """The limit of the logit branch, the basins of one population, and how many starts these were sampled from."""
    if len(game.moves[0]) == 2:
        curve = OneCurve(game)
        ends = tuple((np.array([1 - share, share]), basin) for share, basin in curve.rests().items())
        share = curve.limit()
        return np.array([1 - share, share]), ends, 0
    found = basins(one_population(game), replicator_limit, STARTS, seed)
    ends = tuple((basin.point[0], basin.share.value) for basin in found.basins)
    return logit(game).points[0][0], ends, STARTS
