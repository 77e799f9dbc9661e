"""How much better a secret is guessed from a text: two predictors, one that read the message and one that did not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PENALTIES = 0.3, 3.0, 30.0
"""Shrinkages that are tried, in observations of a text of length 1."""

ROUNDS = 40
"""Steps of the fit at most."""


@dataclass(frozen=True)
class Usable:
    """Information that a reader of this kind can use, in bits a message.

    Attributes
    ----------
    bits : the mean of `each`. interval : 95 %, from the spread between units.
    each : `float[N]`, log2 q1(S | O, M) - log2 q0(S | O), by predictors fitted to other units.
    """

    bits: float
    interval: tuple[float, float]
    each: np.ndarray


def usable(
    features: np.ndarray, secret: np.ndarray, context: np.ndarray, folds: np.ndarray, units: np.ndarray
) -> Usable:
    """Usable information of texts about a secret (Xu et al. 2020): a lower bound on I(M; S | O) if q0 is right.

    Parameters
    ----------
    features : `float[N, D]`, numbers from the texts. secret : `int64[N]` codes from 0.
    context : `int64[N]`, groups with the same public context, or `float[N, d]`, columns that describe it.
    folds : `int64[N]`: a unit lies in one, and is judged by predictors fitted to the others.
    units : `int64[N]`, independent ones.
    """
    kinds = int(secret.max(initial=0)) + 1
    each = np.zeros(len(secret))
    for k in np.unique(folds):
        train, test = np.flatnonzero(folds != k), np.flatnonzero(folds == k)
        if len(np.unique(secret[train])) > 1:
            before, there = _prior(secret, context, train, test, kinds)
            after = _told(features, secret, train, test, before, there, folds, kinds)
            at = np.arange(len(test)), secret[test]
            each[test] = (after[at] - there[at]) / np.log(2)
    sums, sizes = np.bincount(units, each), np.bincount(units)
    sums, sizes = sums[sizes > 0], sizes[sizes > 0]
    mean = float(each.mean()) if len(each) else 0.0
    error = np.sqrt(((sums - mean * sizes) ** 2).sum() * len(sums) / max(1, len(sums) - 1)) / max(1, len(each))
    return Usable(mean, (mean - 1.96 * float(error), mean + 1.96 * float(error)), each)


def _prior(
    secret: np.ndarray, context: np.ndarray, train: np.ndarray, test: np.ndarray, kinds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of q0 where it was fitted, each row left out of its own count, and where it is asked."""
    overall = (np.bincount(secret[train], minlength=kinds) + 0.5) / (len(train) + kinds / 2)
    if context.ndim == 2:
        base = np.tile(np.log(overall), (len(secret), 1))
        weights = fitted(context[train], secret[train], base[train], 1.0)
        whole = _log_softmax(base + _scored(context, weights))
        return whole[train], whole[test]
    counts = np.zeros((int(context.max(initial=0)) + 1, kinds))
    np.add.at(counts, (context[train], secret[train]), 1.0)
    own = counts[context[train]] - (secret[train][:, None] == np.arange(kinds))
    return tuple(
        np.log((rows + kinds * overall) / (rows.sum(1, keepdims=True) + kinds)) for rows in (own, counts[context[test]])
    )


def _told(
    features: np.ndarray,
    secret: np.ndarray,
    train: np.ndarray,
    test: np.ndarray,
    before: np.ndarray,
    there: np.ndarray,
    folds: np.ndarray,
    kinds: int,
) -> np.ndarray:
    """Logarithms of q1 where it is asked; its shrinkage is the one that does best on one of the folds it may see."""
    held = folds[train] == folds[train][0]
    penalty = PENALTIES[-1]
    if (~held).any() and held.any():
        score = []
        for one in PENALTIES:
            weights = fitted(features[train][~held], secret[train][~held], before[~held], one)
            guess = _log_softmax(before[held] + _scored(features[train][held], weights))
            score.append(guess[np.arange(held.sum()), secret[train][held]].sum())
        penalty = PENALTIES[int(np.argmax(score))]
    weights = fitted(features[train], secret[train], before, penalty)
    return _log_softmax(there + _scored(features[test], weights))


def fitted(features: np.ndarray, secret: np.ndarray, offset: np.ndarray, penalty: float) -> np.ndarray:
    """Weights `float[D + 1, K]` of a multinomial logistic regression with offsets and a penalty on squares.

    Steps by a bound on the curvature that is the same at every step (Böhning 1992), so that one matrix is inverted.
    """
    x = np.column_stack([features, np.ones(len(features))])
    kinds = offset.shape[1]
    shrink = np.full(x.shape[1], penalty)
    shrink[-1] = 1e-2
    inverse = np.linalg.inv(x.T @ x / 2 + np.diag(shrink))
    wanted = secret[:, None] == np.arange(kinds)
    weights = np.zeros((x.shape[1], kinds))
    for _ in range(ROUNDS):
        step = inverse @ (x.T @ (wanted - np.exp(_log_softmax(offset + x @ weights))) - shrink[:, None] * weights)
        weights += step
        if np.abs(step).max() < 1e-3:
            break
    return weights


def _scored(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return features @ weights[:-1] + weights[-1]


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    top = scores - scores.max(1, keepdims=True)
    return top - np.log(np.exp(top).sum(1, keepdims=True))
