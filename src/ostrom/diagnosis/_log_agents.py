"""How recorded agents choose, fitted to play without a mechanism, and what a population of them settles on.

Each agent has a precision λ and a regard w for others. It plays a move with odds proportional to exp(λ × what the move
is worth to it), and what a joint move is worth to it is (1 - w) × its own points + w × the others' mean points. At
w = 0 it looks after itself, at w = 1/2 every point counts alike between two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture
from ._log_play import Observed
from ._play import Play

REGARDS = np.linspace(0, 0.5, 51)
"""Regards for others among which an agent's is looked for."""

SHARPEST = 1000.0
"""The greatest precision: whoever has it plays what is best, and splits evenly between what is as good."""

STEP, SLOW, STEPS, STILL = 0.1, 20.0, 400, 1e-8
"""How far beliefs move towards what is played in one step (at most `SLOW` / t in step t, so that the play of those who
reply sharply averages out), how many steps, and the distance at which they rest."""

Table = Callable[[Mixture], Array]
"""Points of all seats at every joint choice, `float[B or 1, S_1, …, S_P, P]`, given what the population does."""


@dataclass(frozen=True)
class Agents:
    """The K agents of a record.

    Attributes
    ----------
    names : as the records have them, sorted.
    precision : `float[K]`, λ ≥ 0 per unit of a base game's mean own-move spread.
    regard : `float[K]`, the weight w in [0, 1/2] of the others' mean points.
    """

    names: tuple[str, ...]
    precision: Array
    regard: Array

    def replies(self, worths: Array, seat: int, unit: float) -> Array:
        """The odds `float[B, K, S]` of every agent's choices, when they are worth `float[B, S, P]` to the seats."""
        return self.choices(self.felt(worths[:, None], seat, self.regard[:, None]), unit)

    def choices(self, felt: Array, unit: float) -> Array:
        """The odds `float[B, K, S]` of choices that are worth `felt`, of the same shape, to each agent."""
        logits = felt * (self.precision / unit)[:, None]
        odds = np.exp(logits - logits.max(-1, keepdims=True))
        return odds / odds.sum(-1, keepdims=True)

    def values(self, game: NormalForm, play: Settled) -> Array:
        """What a game is worth to every agent in every seat, `float[P, B, K]`, when all play as settled."""
        seats = range(len(game.players))
        worths = [averaged(game.payoffs[None], play.mean, seat)[:, None] for seat in seats]
        felt = [self.felt(found, seat, self.regard[:, None]) for seat, found in zip(seats, worths, strict=True)]
        return np.stack([(odds * own).sum(-1) for odds, own in zip(play.odds, felt, strict=True)])

    @staticmethod
    def felt(worths: Array, seat: int, regard: Array) -> Array:
        """What points `float[..., P]` are worth to whoever sits in a seat and has this regard for the others."""
        own = worths[..., seat]
        others = (worths.sum(-1) - own) / (worths.shape[-1] - 1)
        return (1 - regard) * own + regard * others


@dataclass(frozen=True)
class Settled:
    """What a population comes to: per seat the agents' odds `float[B, K, S_i]` and their mean `float[B, S_i]`.

    `moved` is 0 where it settled, else how far the mean went in the second half of the steps.
    """

    odds: tuple[Array, ...]
    mean: Mixture
    moved: float


def fit(played: Sequence[tuple[NormalForm, Observed]], selfish: bool = False) -> Agents:
    """The precision and regard of every agent that make its play of base games most likely.

    Every game counts once, and within it every seat an agent took. Beliefs are what the population was seen to do
    (a pseudo-likelihood, as in Bajari and Hortaçsu 2005). Of values that explain play equally well the least regard
    counts, and of its precisions the greatest. Raises `InputError` when nothing was seen.
    """
    if not played:
        raise InputError(
            "No play without a mechanism was recorded.",
            "How agents choose is fitted to that play alone.",
            "Add the plays of a cell whose variant is no_mechanism.",
        )
    names = tuple(sorted({agent for _, seen in played for agent in seen.by_agent}))
    regards = REGARDS[:1] if selfish else REGARDS
    faced = [_faced(base, seen, regards) for base, seen in played]
    found = [_likeliest(faced, [seen.by_agent.get(name, {}) for _, seen in played]) for name in names]
    return Agents(names, np.array([precision for precision, _ in found]), regards[[row for _, row in found]])


def _faced(base: NormalForm, seen: Observed, regards: Array) -> list[Array]:
    """Per seat what its moves were worth against the population, in units of λ: `float[W, A_i]`, one row per regard."""
    belief = [own[None] for own in seen.pooled]
    worths = [averaged(base.payoffs[None], belief, seat) for seat in range(len(belief))]
    return [Agents.felt(own, seat, regards[:, None]) / unit_of(base) for seat, own in enumerate(worths)]


def _likeliest(faced: Sequence[list[Array]], played: Sequence[Mapping[int, Array]]) -> tuple[float, int]:
    """The precision of one agent, and which regard it has. The likelihood is concave in λ, so bisection finds it."""
    seats = [
        (worths[seat], shares, 1 / len(own))
        for worths, own in zip(faced, played, strict=True)
        for seat, shares in own.items()
    ]
    low, high = np.zeros(len(seats[0][0])), np.full(len(seats[0][0]), SHARPEST)
    for _ in range(60):
        middle = (low + high) / 2
        slope = sum(weight * (worth @ shares - _softened(worth, middle)[1]) for worth, shares, weight in seats)
        low, high = np.where(slope >= -1e-13, middle, low), np.where(slope >= -1e-13, high, middle)
    fits = sum(weight * (high * (worth @ shares) - _softened(worth, high)[0]) for worth, shares, weight in seats)
    row = int(np.argmax(fits >= np.max(fits) - 1e-9))
    return float(high[row]), row


def _softened(worths: Array, precision: Array) -> tuple[Array, Array]:
    """log Σ exp(λ worth) and the mean worth under logit odds, `float[W]` each."""
    logits = precision[:, None] * worths
    top = logits.max(-1, keepdims=True)
    odds = np.exp(logits - top)
    total = odds.sum(-1)
    return top[:, 0] + np.log(total), (odds * worths).sum(-1) / total


def settle(table: Table, sizes: Sequence[int], agents: Agents, weights: Array, unit: float) -> Settled:
    """Where replies to the population's mean play lead, from beliefs in blind chance (logit dynamics).

    `weights`, `float[B, K]` with rows summing to 1, say how much of the population each agent is. A point of rest is
    a logit equilibrium of the population (McKelvey and Palfrey 1995, with a precision and a regard of its own for
    every agent); of several, the one that blind chance leads to.
    """
    belief = tuple(np.full((len(weights), size), 1 / size) for size in sizes)
    odds, halfway = (), belief
    for step in range(1, STEPS + 1):
        points = table(belief)
        odds = tuple(agents.replies(averaged(points, belief, seat), seat, unit) for seat in range(len(sizes)))
        mean = tuple(np.einsum("bk,bks->bs", weights, own) for own in odds)
        if _apart(mean, belief) < STILL:
            return Settled(odds, belief, 0.0)
        belief = tuple(b + min(STEP, SLOW / step) * (m - b) for m, b in zip(mean, belief, strict=True))
        halfway = belief if step == STEPS // 2 else halfway
    return Settled(odds, belief, _apart(belief, halfway))


def _apart(one: Mixture, other: Mixture) -> float:
    return max(float(abs(a - b).max()) for a, b in zip(one, other, strict=True))


def averaged(points: Array, mixture: Sequence[Array], seat: int | None = None) -> Array:
    """Points `[B or 1, S_1, …, S_P, P]` averaged over all seats but one: `float[B, S_seat, P]`; over all: `[B, P]`."""
    for other in reversed(range(len(mixture))):
        if other != seat:
            own = mixture[other]
            odds = own.reshape(len(own), *(-1 if k == other else 1 for k in range(points.ndim - 2)), 1)
            points = (points * odds).sum(other + 1, keepdims=True)
    return points.reshape(len(points), *([] if seat is None else [-1]), points.shape[-1])


def unit_of(base: NormalForm) -> float:
    """The mean own-move spread of a base game, in which precisions are counted."""
    return Play(Delegation(base)).unit
