"""Models of behaviour as logistic regressions on what a situation and its game look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.game import Array
from ._choices import MIRRORED, Cells

Model = Literal["rate", "last move", "logit", "fehr schmidt", "memory one"]
RIDGES = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Penalties per choice on squared weights of covariates that have spread 1."""
INNER, STEPS, TINY = 20, 100, 1e-9
"""Inner folds at most; steps of Newton's method; a penalty that keeps weights finite where all choices are alike."""
FOR_EVER = 1 - 1e-7
"""Odds of another round are taken as at most this: differences of what choices are worth have a limit at 1."""


@dataclass(frozen=True, eq=False)
class Weights:
    """A fitted model: log odds to cooperate are `features @ values`.

    `rates float[5]` are the odds to cooperate by situation that are believed of everybody; `centre, spread` are those
    of the covariates in the data.
    """

    model: str
    rates: Array
    centre: Array
    spread: Array
    values: Array
    ridge: float = TINY

    def features(self, cells: Cells) -> Array:
        """`float[K, W]`."""
        at = np.eye(5)[cells.situation]
        if self.model == "rate":
            return np.ones((len(at), 1))
        if self.model == "last move":
            return at
        if self.model == "memory one":
            told = (cells.covariates - self.centre) / self.spread
            return np.concatenate([at, *(at * own[:, None] for own in told.T)], axis=1)
        return advantages(cells, self.rates)[:, : 1 if self.model == "logit" else 3]

    def odds(self, cells: Cells) -> Array:
        """`float[K]`: how likely cooperation is in each cell."""
        return sure(self.features(cells) @ self.values)


def fitted(model: str, cells: Cells, beliefs: Array | None = None) -> Weights:
    """The model by maximum likelihood; the ridge of `memory one` is what foresees games left out best."""
    ridge = _ridge(cells) if model == "memory one" else TINY
    return _at_ridge(model, cells, ridge, beliefs)


def folds(cells: Cells, count: int | None, seed: int = 0) -> list[Array]:
    """For each fold `bool[K]`, the cells in it: whole games, one each if `count` is None or large, else at random."""
    games = np.unique(cells.game)
    if count is None or count >= len(games):
        return [cells.game == game for game in games]
    return [np.isin(cells.game, part) for part in np.array_split(np.random.default_rng(seed).permutation(games), count)]


def losses(odds: Array, cells: Cells) -> Array:
    """−log likelihood of the choices in each cell."""
    return -cells.cooperated * np.log(odds) - (cells.made - cells.cooperated) * np.log1p(-odds)


def sure(log_odds: Array) -> Array:
    """Odds, never quite 0 or 1."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))


def advantages(cells: Cells, rates: Array) -> Array:
    """`float[K, 3]`: what cooperating now promises more than defecting, per R − P, until the end of the match.

    In money; by alpha, for what one is behind the other; by beta, for what one is ahead (Fehr and Schmidt 1999). The
    other is believed to act, and both from the next round on, with odds `rates[situation]` of cooperating.
    """
    reward, sucker, temptation, punishment = cells.payoffs.T
    zero, apart = np.zeros_like(reward), np.maximum(temptation - sucker, 0)
    unit = (reward - punishment)[:, None, None]
    money = np.stack([reward, sucker, temptation, punishment], -1)
    behind, ahead = (np.stack([zero, *own, zero], -1) for own in ((-apart, zero), (zero, -apart)))
    now = np.stack([money, behind, ahead], -1) / unit
    own, other = rates[1:], rates[MIRRORED[1:]]
    chain = np.stack([own * other, own * (1 - other), (1 - own) * other, (1 - own) * (1 - other)], -1)
    keeps = np.minimum(cells.continues, FOR_EVER)[:, None, None]
    later = np.linalg.solve(np.eye(4) - keeps * chain, chain @ now)
    worth = now + keeps * later
    believed = rates[MIRRORED[cells.situation]][:, None]
    return believed * (worth[:, 0] - worth[:, 2]) + (1 - believed) * (worth[:, 1] - worth[:, 3])


def curvature(features: Array, odds: Array, made: Array, penalty: Array) -> Array:
    """Second derivatives `float[W, W]` of the penalised −log likelihood."""
    return (features * (made * odds * (1 - odds))[:, None]).T @ features + np.diag(penalty)


def penalty(weights: Weights, made: float) -> Array:
    """`float[W]`: situations go free, covariates pay the ridge."""
    width = len(weights.values)
    free = (np.arange(width) < 5) | (weights.model != "memory one")
    return np.where(free, TINY, weights.ridge) * made


def _at_ridge(model: str, cells: Cells, ridge: float, beliefs: Array | None = None) -> Weights:
    told, share = cells.covariates, cells.made / cells.made.sum()
    centre = share @ told
    spread = np.sqrt(share @ (told - centre) ** 2)
    width = {"rate": 1, "last move": 5, "logit": 1, "fehr schmidt": 3, "memory one": 5 + 5 * told.shape[1]}[model]
    rates = cells.rates if beliefs is None else beliefs
    begun = Weights(model, rates, centre, np.where(spread > 1e-12, spread, 1.0), np.zeros(width), ridge)
    return _climbed(begun, cells)


def _climbed(begun: Weights, cells: Cells) -> Weights:
    """Newton's method with halved steps where they overshoot; the function is convex."""
    x, pay = begun.features(cells), penalty(begun, cells.made.sum())
    values, best = begun.values, np.inf
    for _ in range(STEPS):
        odds = sure(x @ values)
        best = losses(odds, cells).sum() + pay @ values**2 / 2
        slope = x.T @ (cells.cooperated - cells.made * odds) - pay * values
        move = np.linalg.solve(curvature(x, odds, cells.made, pay), slope)
        while np.abs(move).max() > 1e-10:
            tried = values + move
            if losses(sure(x @ tried), cells).sum() + pay @ tried**2 / 2 <= best + 1e-12 * abs(best):
                break
            move = move / 2
        values = values + move
        if np.abs(move).max() < 1e-8:
            break
    return Weights(begun.model, begun.rates, begun.centre, begun.spread, values, begun.ridge)


def _ridge(cells: Cells) -> float:
    """The ridge under which games left out are foreseen best; the largest of those that do as well."""
    parts = folds(cells, INNER)
    if len(parts) < 2:
        return 1e-2

    def lost(ridge: float) -> float:
        fits = ((out, _at_ridge("memory one", cells.those(~out), ridge)) for out in parts)
        return float(sum(losses(fit.odds(cells.those(out)), cells.those(out)).sum() for out, fit in fits))

    return min(reversed(RIDGES), key=lost)
