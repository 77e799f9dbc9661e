"""Any number of players who are alike and have two moves: the impact gap and the basins exactly, without a table.

Everything depends on how many play the second move. When each plays it with probability x, the others are a binomial
number, and what decides is one curve: what the second move pays more than the first, Δ(x). Its zeros are the symmetric
equilibria, its sign says where evolution in one population and the logit branch lead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError
from ..core.game import Array, Game
from ..core.symmetric import Symmetric
from ._tables import TIE, opened

GRID = 2001
"""Probabilities at which the sign of Δ is read; zeros between two of them are found by bisection."""

SOURCE = (
    "Symmetric equilibria by the zeros of one curve; replicator dynamics in one population (Taylor and Jonker 1978)"
)


@dataclass(frozen=True)
class Rest:
    """A symmetric equilibrium: everybody plays the second move with probability `share`.

    `basin` is the part of [0, 1] from which one population evolves there (0 where it is unstable), `welfare` the
    expected welfare of the outcome.
    """

    share: float
    basin: float
    welfare: float


@dataclass(frozen=True, eq=False)
class Crowd:
    """What is lost among players who are alike, act for themselves and play perfectly.

    Attributes
    ----------
    players, bystanders : names; moves : the two moves.
    welfare : of outcomes, by how many play the second move, `float[P + 1]`.
    rests : the symmetric equilibria, by rising share.
    played : the one that the logit branch leads to from chance.
    pure : how many play the second move at the pure equilibria.
    utilities : what a player gets on average and what each bystander gets, by how many play the second move,
        `float[P + 1, 1 + B]`.
    """

    players: tuple[str, ...]
    bystanders: tuple[str, ...]
    moves: tuple[str, str]
    welfare: Array
    rests: tuple[Rest, ...]
    played: Rest
    pure: tuple[int, ...]
    utilities: Array

    @property
    def gap(self) -> float:
        """Highest welfare of any outcome less welfare as played."""
        return float(self.welfare.max()) - self.played.welfare

    @property
    def coordination(self) -> float:
        """What the best equilibrium, symmetric or pure, is worth more than the one played."""
        best = max(*(rest.welfare for rest in self.rests), *(self.welfare[k] for k in self.pure), self.played.welfare)
        return float(best) - self.played.welfare

    @property
    def conflict(self) -> float:
        """What the optimum is worth more than the best equilibrium."""
        return self.gap - self.coordination

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is lost, where play settles, and from where evolution leads."""
        return (self._lost(), self._settled(), self._evolved())

    def _lost(self) -> Finding:
        stake, best = float(np.ptp(self.welfare)), int(np.argmax(self.welfare))
        share = self.gap / stake if stake > 0 else 0.0
        said = f"{share:.0%} of what was possible is lost" if share > 0.005 else "nothing is lost"
        if share > 0.005:
            parts = [f"{name} {part / stake:.0%}" for name, part in self._parts.items() if part > 0.005 * stake]
            said += f" ({' and '.join(parts)})"
        said += f": all together do best when {best} of {len(self.players)} play {self.moves[1]}."
        numbers = {"gap": self.gap, **self._parts, "optimum": float(self.welfare.max()), "played": self.played.welfare}
        return Finding("facets", opened(said), (*self.players, *self.bystanders), numbers, SOURCE)

    @property
    def _parts(self) -> dict[str, float]:
        return {"coordination": self.coordination, "conflict": self.conflict}

    def _settled(self) -> Finding:
        said = f"Starting from chance, each comes to play {self.moves[1]} with probability {self.played.share:.3g}"
        pure = ", ".join(str(k) for k in self.pure[:6]) + (", …" if len(self.pure) > 6 else "")
        said += f"; at pure equilibria {pure} of them play it." if self.pure else "; there is no pure equilibrium."
        numbers = {"share": self.played.share, "pure equilibria": list(self.pure)}
        return Finding("equilibria", said, self.players, numbers, SOURCE)

    def _evolved(self) -> Finding:
        ends = [rest for rest in self.rests if rest.basin > 0]
        parts = [f"from {rest.basin:.0%} of starting points to {rest.share:.3g}" for rest in ends]
        said = f"One population evolves {' and '.join(parts)} playing {self.moves[1]}."
        numbers = {"rest points": [{"share": r.share, "basin": r.basin, "welfare": r.welfare} for r in self.rests]}
        return Finding("basins", said, self.players, numbers, SOURCE)


def crowd(subject: Game | Delegation) -> Crowd:
    """The diagnosis of players who are alike and have two moves; exact for any number of them.

    They act for themselves and play perfectly. Raises `InputError` for other games.

    Examples
    --------
    >>> from ostrom import Symmetric
    >>> moves = ("keep", "give")
    >>> found = crowd(Symmetric(lambda own, others: 0.6 * others - 0.4 * own, players=100, moves=moves, amounts=(0, 1)))
    >>> found.played.share, round(found.gap, 6), round(found.conflict / found.gap, 6)
    (0.0, 59.0, 1.0)
    """
    delegation = as_delegation(subject)
    game = delegation.game
    if not isinstance(game, Symmetric) or len(game.moves[0]) != 2:
        raise InputError(
            f"{game.name} is not a game of players who are alike with two moves.",
            "Only then does everything depend on one number.",
            "Use diagnose, which looks at every joint move.",
        )
    count = len(game.players)
    utilities = game.utilities_at((np.arange(count) < np.arange(count + 1)[:, None]).astype(int))
    welfare = delegation.welfare.on_table(utilities)
    lead = _lead(game)
    rests = _rests(lead, welfare)
    return Crowd(
        players=game.players,
        bystanders=game.bystanders,
        moves=(game.moves[0][0], game.moves[0][1]),
        welfare=welfare,
        rests=rests,
        played=_played(lead, rests),
        pure=_pure(lead),
        utilities=np.column_stack([utilities[:, :count].mean(1), utilities[:, count:]]),
    )


def _lead(game: Symmetric) -> Array:
    """What the second move pays more than the first when 0, 1, … of the others play it, `float[P]`; ties are 0."""
    count = len(game.players)
    others = np.arange(count - 1) < np.arange(count)[:, None]
    first, second = (np.column_stack([np.full(count, own), others]).astype(int) for own in (0, 1))
    worth = np.stack([game.payoffs_at(rows)[:, 0] for rows in (first, second)])
    lead = worth[1] - worth[0]
    return np.where(np.abs(lead) <= TIE * np.ptp(worth), 0.0, lead)


def _odds(count: int, share: Array) -> Array:
    """Probabilities `[S, count + 1]` of how many of `count` play a move that each plays with probability `share[S]`."""
    k = np.arange(count + 1)
    ways = np.array([math.lgamma(count + 1) - math.lgamma(j + 1) - math.lgamma(count - j + 1) for j in k])
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = ways + _times(k, np.log(share)[:, None]) + _times(count - k, np.log1p(-share)[:, None])
    return np.exp(logs)


def _times(count: Array, log: Array) -> Array:
    return np.where(count == 0, 0.0, count * log)


def _curve(lead: Array, share: Array) -> Array:
    """Δ at probabilities `share[S]`; what is zero up to rounding is zero."""
    curve = _odds(len(lead) - 1, share) @ lead
    return np.where(np.abs(curve) <= TIE * np.abs(lead).max(), 0.0, curve)


def _rests(lead: Array, welfare: Array) -> tuple[Rest, ...]:
    """The symmetric equilibria with their basins; of a game in which nothing matters, the middle."""
    grid = np.sin(np.linspace(0, np.pi / 2, GRID)) ** 2
    signs = np.sign(_curve(lead, grid))
    if not signs.any():
        return (_rest(0.5, 1.0, welfare),)
    apart = np.flatnonzero(signs)
    turns = [(a, b) for a, b in pairwise(apart) if signs[a] != signs[b]]
    zeros = [_zero(lead, float(grid[a]), float(grid[b]), float(signs[a])) for a, b in turns]
    flows = [signs[apart[0]], *(signs[b] for _, b in turns)]
    ends = [0.0, *zeros, 1.0]
    basins = dict.fromkeys(ends, 0.0)
    for (low, high), flow in zip(pairwise(ends), flows, strict=True):
        basins[high if flow > 0 else low] += high - low
    stable = [*([0.0] if lead[0] <= 0 else []), *zeros, *([1.0] if lead[-1] >= 0 else [])]
    return tuple(_rest(share, basins[share], welfare) for share in stable)


def _zero(lead: Array, low: float, high: float, sign: float) -> float:
    """The zero of Δ between two probabilities, `sign` being Δ's at the lower one."""
    for _ in range(60):
        middle = (low + high) / 2
        if (_odds(len(lead) - 1, np.array([middle])) @ lead)[0] * sign > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _rest(share: float, basin: float, welfare: Array) -> Rest:
    return Rest(float(share), float(basin), float((_odds(len(welfare) - 1, np.array([share])) @ welfare)[0]))


def _played(lead: Array, rests: tuple[Rest, ...]) -> Rest:
    """The first equilibrium that the logit branch meets on its way from chance, to the side that pays more there."""
    way = float(_curve(lead, np.array([0.5]))[0])
    if way == 0:
        return min(rests, key=lambda rest: abs(rest.share - 0.5))
    ahead = [rest for rest in rests if (rest.share - 0.5) * way > 0]
    return min(ahead, key=lambda rest: abs(rest.share - 0.5))


def _pure(lead: Array) -> tuple[int, ...]:
    """How many play the second move at pure equilibria: none of them would rather leave, and nobody would join."""
    count = len(lead)
    return tuple(k for k in range(count + 1) if (k == 0 or lead[k - 1] >= 0) and (k == count or lead[k] <= 0))
