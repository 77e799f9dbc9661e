"""How recorded agents choose, fitted to play without a mechanism.

Each agent has a precision λ and a regard w for others. It plays a move with odds proportional to exp(λ × what the move
is worth to it), and what a joint move is worth to it is (1 - w) × its own points + w × the others' mean points. At
w = 0 it looks after itself, at w = 1/2 every point counts alike between two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ._log_play import Observed
from ._play import Play

REGARDS = np.linspace(0, 0.5, 51)
"""Regards for others among which an agent's is looked for."""

SHARPEST = 1000.0
"""The greatest precision: whoever has it plays what is best, and splits evenly between what is as good."""


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
        own, others = np.moveaxis(parted(worths, seat), -1, 1)[..., None]
        pull = self.precision / unit
        return _odds(own * (pull * (1 - self.regard)) + others * (pull * self.regard))

    def choices(self, felt: Array, unit: float) -> Array:
        """The odds `float[B, K, S]` of choices that are worth `felt`, of the same shape, to each agent."""
        return _odds(np.moveaxis(felt, -1, 0) * (self.precision / unit))

    @staticmethod
    def felt(worths: Array, seat: int, regard: Array) -> Array:
        """What points `float[..., P]` are worth to whoever sits in a seat and has this regard for the others."""
        own, others = parted(worths, seat)
        return (1 - regard) * own + regard * others


def parted(worths: Array, seat: int) -> Array:
    """Of points `float[..., P]` one seat's own, and the mean of the others', `float[2, ...]`."""
    own = worths[..., seat]
    return np.stack([own, (worths.sum(-1) - own) / (worths.shape[-1] - 1)])


def _odds(logits: Array) -> Array:
    """Odds `float[B, K, S]` from their logarithms `float[S, B, K]`: the short axis is first, which is much faster."""
    odds = np.exp(logits - logits.max(0))
    return np.moveaxis(odds / odds.sum(0), 0, -1)


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


def averaged(points: Array, mixture: Sequence[Array], seat: int | None = None) -> Array:
    """Points `[B or 1, S_1, …, S_P, P]` averaged over all seats but one: `float[B, S_seat, P]`; over all: `[B, P]`."""
    for other in reversed(range(len(mixture))):
        if other != seat:
            points, own = np.moveaxis(points, other + 1, 1), mixture[other]
            rest, flat = points.shape[2:], points.reshape(*points.shape[:2], -1)
            points = own @ flat[0] if len(flat) == 1 else np.einsum("bs,bsr->br", own, flat)
            points = points.reshape(len(points), *rest)
    return points


def unit_of(base: NormalForm) -> float:
    """The mean own-move spread of a base game, in which precisions are counted."""
    return Play(Delegation(base)).unit
