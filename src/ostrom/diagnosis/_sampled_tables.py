"""Tables of payoffs drawn from what samples leave open, and which joint moves are equilibria in them.

Payoffs of a player are taken to come from one normal population whose spread is itself drawn from what the means say
(Rubin 1981; Gelman et al., Bayesian Data Analysis, 5.4). Without that the largest of several noisy means is believed
too much, and probabilities of being best are overstated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.game import Array
from ._sampled_tally import Tally

MOST, FEWEST, NUMBERS = 2000, 200, 8_000_000
"""Tables drawn, and payoffs in all of them together."""
LENT = 4
"""The noise of all joint moves of a player tells of each as much as so many samples more of it would."""
GRID = np.r_[0.0, np.geomspace(0.02, 5, 60)]
"""Spreads of the population, per spread of the means."""


@dataclass(frozen=True, eq=False)
class Open:
    """What the samples leave open.

    `probability float[A_1, …, A_P]` that a joint move is an equilibrium; `none`, that no joint move is; `pull`, of the
    same shape, how much one more sample of each would tell about what is open.
    """

    probability: Array
    none: float
    pull: Array


def left_open(tally: Tally, slack: float, seed: int) -> Open:
    """The share of drawn tables in which each joint move is an equilibrium up to `slack`, and what decides it."""
    sizes, players = tally.counts.shape, tally.means.shape[-1]
    count = int(np.clip(NUMBERS // tally.means.size, FEWEST, MOST))
    drawn, noise = _tables(tally, count, np.random.default_rng([seed, 1]))
    drawn, noise = drawn.reshape(count, *sizes, players), noise.reshape(*sizes, players)
    content = np.empty((count, *sizes, players), bool)
    for i in range(players):
        best = drawn[..., i].max(i + 1, keepdims=True)
        content[..., i] = best - drawn[..., i] <= slack + 1e-12 * np.abs(best)
    stable, pull = content.all(-1), np.zeros(sizes)
    probability, each = stable.mean(0), content.mean(0)
    fewer = tally.counts * (tally.counts + 1)  # what one more sample takes from 1 / n
    for i in range(players):
        unsure = each[..., i] * (1 - each[..., i]) * np.delete(each, i, -1).prod(-1)
        weight = noise[..., i] / (tally.means[..., i].var() or 1.0)
        pull += (unsure + _rivals(drawn[..., i], i, unsure)) * weight / fewer
    return Open(probability, float((~stable.reshape(count, -1).any(-1)).mean()), pull)


def _rivals(drawn: Array, own: int, unsure: Array) -> Array:
    """How much doubt about others hangs on each joint move as the best that player `own` has instead of theirs.

    Doubt about a joint move is whether the player is content there while all others are.
    """
    lines = np.moveaxis(drawn, own + 1, -1)
    doubt = np.moveaxis(unsure, own, -1)
    width = lines.shape[-1]
    if width < 2:
        return np.zeros_like(unsure)
    order = np.argpartition(-lines, 1, axis=-1)[..., :2]
    pair = np.take_along_axis(lines, order, -1)
    order = np.where(pair[..., :1] >= pair[..., 1:], order, order[..., ::-1])
    first = order[..., :1] == np.arange(width)
    second = order[..., 1:] == np.arange(width)
    total = np.where(first, doubt.sum(-1, keepdims=True) - doubt, 0)
    total = total + np.where(second, (first * doubt).sum(-1, keepdims=True), 0)
    return np.moveaxis(total.mean(0), -1, own)


def _tables(tally: Tally, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Tables `float[T, K, P]`, and the noise variance `float[K, P]` of a single sample."""
    players = tally.means.shape[-1]
    means, many = tally.means.reshape(-1, players), tally.counts.reshape(-1)
    spread = tally.covariances.reshape(-1, players, players)
    freedom = (many - 1)[:, None]
    variance = np.diagonal(spread, axis1=1, axis2=2)
    pooled = (variance * freedom).sum(0) / freedom.sum()
    noise = (LENT * pooled + freedom * variance) / (LENT + freedom)
    together = _root(np.einsum("k,kpq->pq", freedom[:, 0], spread))
    shock = rng.standard_normal((count, *means.shape)) @ together.T
    drawn = np.empty_like(shock)
    for i in range(players):
        width = LENT + freedom[:, 0]
        errors = noise[:, i] * width / rng.chisquare(width, (count, len(many))) / many
        population = _spreads(means[:, i], noise[:, i] / many, count, rng)
        drawn[..., i] = _shrunk(means[:, i], errors, population, shock[..., i], rng)
    return drawn, noise


def _root(products: Array) -> Array:
    """A square root of the correlation of the players' noise, `float[P, P]`."""
    size = np.sqrt(np.diag(products))
    unit = np.where(size > 0, size, 1.0)
    correlation = products / np.outer(unit, unit)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    return vectors * np.sqrt(np.maximum(values, 0))


def _spreads(means: Array, errors: Array, count: int, rng: np.random.Generator) -> Array:
    """Draws `float[T]` of the population's spread; infinite where nothing can be said of it."""
    spread = means.std(ddof=1) if len(means) > 2 else 0.0
    if not spread > 0 or not errors.max() > 0:
        return np.full(count, np.inf)
    if not errors.min() > 0:
        errors = np.maximum(errors, 1e-12 * spread**2)
    grid = spread * GRID
    total = errors[:, None] + grid**2
    weight = (1 / total).sum(0)
    middle = (means[:, None] / total).sum(0) / weight
    log = -np.log(weight) - np.log(total).sum(0) - ((means[:, None] - middle) ** 2 / total).sum(0)
    odds = np.exp((log - log.max()) / 2) * np.gradient(grid)
    return rng.choice(grid, count, p=odds / odds.sum())


def _shrunk(means: Array, errors: Array, spreads: Array, shock: Array, rng: np.random.Generator) -> Array:
    """Draws `float[T, K]` of payoffs, given variances `errors[T, K]` of the means and spreads of the population."""
    flat = np.isinf(spreads)
    finite = np.where(flat, 0.0, spreads)[:, None] ** 2
    total = np.maximum(errors + finite, 1e-300)
    weight = (1 / total).sum(-1)
    centre = (means / total).sum(-1) / weight + rng.standard_normal(len(spreads)) / np.sqrt(weight)
    keep = np.where(flat[:, None], 1.0, finite / total)
    return centre[:, None] + keep * (means - centre[:, None]) + np.sqrt(keep * errors) * shock
