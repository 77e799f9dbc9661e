"""Chaos: whether learners settle, go round, or come apart from nearby beginnings, by the largest Lyapunov exponent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array, Game, Mixture
from ._mixtures import checked
from ._returns import cycle_of_flow, cycle_of_map
from ._tangents import Dynamics, Tangents

Verdict = Literal["settles", "cycles", "quasi-periodic", "chaotic", "heteroclinic"]

SPAN, ROUNDS = 1000.0, 10_000
"""How long a path is followed by default, in the time in which payoffs differ by 1, or in rounds."""

BATCHES = 40
"""Parts of the counted time whose growth is compared for the interval."""

APART = 8.0
"""Growth of a small difference, in powers of e over the counted time, from which on it is more than a steady shear."""

REST = 1e-8
"""Shares that change by less than this, in a round or in the time in which payoffs differ by 1, are at rest."""

REGRET = 1e-6
"""Under the replicator dynamics rest is at an equilibrium only: regret is below this share of what moves differ by."""

NEAR = 1e-10
"""Where in each part of the time some share falls below this, and ever lower, a path follows the boundary."""

SAMPLES, PER_TIME = 1500, 10
"""Places looked at for a cycle, and how many in the time in which payoffs differ by 1."""


@dataclass(frozen=True)
class Lyapunov:
    """How neighbours of one path come apart.

    Attributes
    ----------
    exponent : the largest Lyapunov exponent, in powers of e per unit of time (per round, where there are rounds): a
        small difference grows like exp(exponent t). Below 0 it shrinks.
    interval : 95 % for it, by Student's t over parts of the counted time. What is numerical is no proof of chaos.
    growth : the exponent times the counted time.
    verdict : "settles" (shares do not change any more), "cycles" (the path repeats itself), "chaotic" (the interval is
        above 0 and a small difference has grown more than e^8 times), "heteroclinic" (from corner to corner, closer
        and slower each time), or "quasi-periodic" (none of these: it does not repeat itself, and no chaos was seen).
    period : of a cycle, in time or rounds; None else.
    last : the mixtures at the end.
    time : how long was counted, after as long a time that was not.
    method : the dynamics.
    """

    exponent: float
    interval: tuple[float, float]
    growth: float
    verdict: Verdict
    period: float | None
    last: Mixture
    time: float
    method: Dynamics

    @property
    def sentence(self) -> str:
        """What was found, in words."""
        low, high = self.interval
        unit = "a round" if self.method == "multiplicative weights" else "per unit of time"
        numbers = f"exponent {self.exponent:.3g} {unit}, 95 % interval {low:.3g} to {high:.3g}"
        words = {
            "settles": "settles",
            "cycles": f"goes round and round, every {self.period or 0:.4g}",
            "quasi-periodic": "neither settles nor repeats itself, and no chaos was seen",
            "chaotic": "is chaotic: neighbours come apart exponentially, so where it goes cannot be foretold for long",
            "heteroclinic": "goes from corner to corner, ever closer and ever slower",
        }
        return f"From this start, play under {self.method} {words[self.verdict]} ({numbers})."


def lyapunov(
    game: Game,
    start: Mixture,
    dynamics: Dynamics = "replicator",
    *,
    rate: float = 0.1,
    noise: float = 0.1,
    time: float | None = None,
    seed: int = 0,
) -> Lyapunov:
    """The largest Lyapunov exponent along the path from `start[A_i]`, and what kind of path that is.

    A tangent vector goes along and is made short again before it gets long (Benettin, Galgani, Giorgilli and Strelcyn
    1980); the second half of the time is counted. Give `one_population(game)` for a single population.

    Parameters
    ----------
    start : mixtures in which every move has a positive share.
    dynamics : "replicator"; "q-learning", the mean motion of Boltzmann Q-learners of temperature `noise` (Sato and
        Crutchfield 2003); "logit", smoothed fictitious play with that noise; or "multiplicative weights" in rounds,
        shares times exp(`rate` worth).
    time : in units of 1 / payoff (of time under "logit"), or rounds; by default 1000 over what own moves differ by (200
        under "logit"), or 10,000 rounds. Weak chaos needs a long time: what grows less than e^8 times is not called so.
    seed : draws the direction of the first tangent vector.

    Raises `InputError` for a start on the boundary or in a batch, and for numbers out of range.
    """
    _require(dynamics, rate, noise, time)
    start = checked(game, start)
    if start[0].ndim != 1 or any((x <= 0).any() for x in start):
        raise InputError(
            "The start is a batch, or some of its shares are 0.",
            "One path is followed, and moves that nobody makes would stay away under most dynamics.",
            "Give one vector of positive odds per player.",
        )
    moving = Tangents(game, start, dynamics, rate, noise, seed)
    total = float(time or (SPAN * moving.unit if moving.in_time else ROUNDS))
    part = total / 2 / BATCHES if moving.in_time else max(1, round(total / 2 / BATCHES))
    closest = [_advance(moving, part)[1] for _ in range(BATCHES)]
    grown = []
    for _ in range(BATCHES):
        growth, lowest = _advance(moving, part)
        grown.append(growth / part)
        closest.append(lowest)
    exponent, interval = _mean(np.array(grown))
    last = tuple(x[0] for x in moving.shares(moving.at))
    verdict, period = _verdict(moving, exponent * part * BATCHES, interval, np.array(closest))
    return Lyapunov(exponent, interval, exponent * part * BATCHES, verdict, period, last, part * BATCHES, dynamics)


def _advance(moving: Tangents, part: float) -> tuple[float, float]:
    """The growth in shares over one part of the time, and the logarithm of the smallest share at its end."""
    before = moving.length_in_shares()
    pieces = 4 if moving.in_time else 1  # vectors are shortened more often than counted
    grown = sum(moving.advance(part / pieces) for _ in range(pieces))
    return float((grown + moving.length_in_shares() - before)[0]), float(moving.log_shares(moving.at).min())


def _mean(grown: Array) -> tuple[float, tuple[float, float]]:
    from scipy.special import stdtrit

    half = stdtrit(len(grown) - 1, 0.975) * grown.std(ddof=1) / np.sqrt(len(grown))
    return float(grown.mean()), (float(grown.mean() - half), float(grown.mean() + half))


def _verdict(
    moving: Tangents, growth: float, interval: tuple[float, float], closest: Array
) -> tuple[Verdict, float | None]:
    slow = REST / moving.unit if moving.in_time else REST
    nash = moving.dynamics != "replicator" or moving.regret()[0] <= REGRET * moving.scale
    if moving.speed()[0] <= slow and interval[1] <= 0 and nash:
        return "settles", None
    thirds = [part.min() for part in np.array_split(closest, 3)]
    if thirds[2] < thirds[1] < thirds[0] and thirds[2] < np.log(NEAR) and moving.dynamics == "replicator":
        return "heteroclinic", None
    if interval[0] > 0 and growth > APART:
        return "chaotic", None
    span = moving.unit / PER_TIME
    path = moving.path(SAMPLES, span)[:, 0]
    period = cycle_of_flow(path, span) if moving.in_time else cycle_of_map(path[-500:])
    return ("quasi-periodic", None) if period is None else ("cycles", float(period))


def _require(dynamics: str, rate: float, noise: float, time: float | None) -> None:
    if dynamics not in get_args(Dynamics):
        raise UnknownName("dynamics", str(dynamics), get_args(Dynamics))
    if not (0 < rate < np.inf and 0 < noise < np.inf) or (time is not None and not 0 < time < np.inf):
        raise InputError(
            f"rate={rate}, noise={noise}, time={time} were given.",
            "All of them are positive and finite.",
            "Give such numbers.",
        )
