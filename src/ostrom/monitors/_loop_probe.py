"""What probes say of the gain: slopes on signs drawn at random, the radius of a round, and how sure it is."""

from __future__ import annotations

import numpy as np

from ._loop_gains import radius, rounds

Array = np.ndarray

DRAWS = 1999

ILL = 4.0
"""Condition of the leading eigenvalue from which on the radius bends too much for a line through it."""


def slopes_of(signs: Array, halves: Array) -> tuple[Array, Array]:
    """Slopes `float[…, d, d]` of halves on signs, and their standard errors, robust to unequal noise."""
    across = np.swapaxes(signs, -1, -2)
    inverse = np.linalg.pinv(across @ signs)
    slopes = np.swapaxes(inverse @ across @ halves, -1, -2)
    left = halves - signs @ np.swapaxes(slopes, -1, -2)
    weights = inverse @ across
    leverage = np.clip(np.einsum("...nk,...kn->...n", signs, weights), 0, 0.99)
    left = left / (1 - leverage)[..., None]
    return slopes, np.sqrt(np.swapaxes(weights**2 @ left**2, -1, -2))


def _leading(slopes: Array, turn: Array) -> tuple[Array, Array, Array]:
    """The leading eigenvalue of a round `[…]`, how it moves with each slope `[…, d, d]`, and its condition `[…]`."""
    early = turn[None, :] < turn[:, None]
    values, right = np.linalg.eig(rounds(slopes[..., None, :, :], turn))
    dual = np.linalg.pinv(right)
    lead = np.argmax(np.abs(values), axis=-1)[..., None]
    value = np.take_along_axis(values, lead, axis=-1)[..., 0]
    vector = np.take_along_axis(right, lead[..., None], axis=-1)[..., 0]
    row = np.take_along_axis(dual, lead[..., None], axis=-2)[..., 0, :]
    condition = np.linalg.norm(row, axis=-1) * np.linalg.norm(vector, axis=-1)
    row = (row[..., None, :] @ np.linalg.inv(np.eye(len(turn)) - np.where(early, slopes, 0.0)))[..., 0, :]
    moved = np.where(early, value[..., None, None], 1.0) * vector[..., None, :]
    unit = np.conj(value) / np.maximum(np.abs(value), 1e-300)
    return np.abs(value), np.real(unit[..., None, None] * row[..., :, None] * moved), condition


def gain_of(
    signs: Array, halves: Array, turn: Array, rng: np.random.Generator
) -> tuple[float, tuple[float, float], float]:
    """The radius of a round, its 95 % interval, and the p-value of its being at most 1.

    By a bootstrap of probes, studentised by the delta method (Efron and Tibshirani 1993). Where the leading eigenvalue
    is ill-conditioned, by what radii there are among all slopes within their joint 95 % region, which is wide and
    covers more often than it says.
    """
    from scipy.stats import t as student

    count, d = signs.shape
    slopes, errors = slopes_of(signs, halves)
    gain, pull, condition = _leading(slopes, turn)
    gain, spread = float(gain), float(np.sqrt((pull**2 * errors**2).sum()))
    least = 2.0 ** -min(count, 1000)  # what the signs that were drawn can tell apart
    if (errors <= 1e-9 * max(gain, 1e-9)).all():
        return gain, (gain, gain), least if gain > 1 + 1e-9 else 1.0
    if condition > ILL:
        return gain, *_region(slopes, errors, turn, count, rng, least)
    chosen = rng.integers(0, count, (DRAWS, count))
    drawn, about = slopes_of(signs[chosen], halves[chosen])
    radii, pulls, _ = _leading(drawn, turn)
    scores = (radii - gain) / np.maximum(np.sqrt((pulls**2 * about**2).sum((-1, -2))), 1e-12 * max(gain, 1e-9))
    low, high = np.quantile(scores, [0.025, 0.975])
    p = student.sf((gain - 1) / max(spread, 1e-300), count - d)
    return gain, (max(gain - high * spread, 0.0), gain - low * spread), float(min(max(p, least), 1.0))


def _region(
    slopes: Array, errors: Array, turn: Array, count: int, rng: np.random.Generator, least: float
) -> tuple[tuple[float, float], float]:
    """The radii of slopes within their joint region, and the level of the largest one without a radius up to 1."""
    from scipy.stats import f

    size = slopes.size
    away = rng.standard_normal((4 * DRAWS, *slopes.shape))
    away /= np.sqrt((away**2).sum((-1, -2), keepdims=True))
    edge = np.sqrt(size * f.ppf(0.95, size, count - len(turn)))
    reach = np.linspace(0, 1, 9)[1:, None, None, None] ** (1 / size)
    radii = radius(rounds((slopes + reach * edge * away * errors)[..., None, :, :], turn))
    interval = float(radii.min()), float(radii.max())
    if radius(rounds(slopes[None], turn)) <= 1:
        return interval, 1.0
    far = np.linspace(0, 3 * edge, 61)[1:]
    nearest = np.inf
    for step in far:
        if (radius(rounds((slopes + step * away * errors)[..., None, :, :], turn)) <= 1).any():
            nearest = step
            break
    p = f.sf(nearest**2 / size, size, count - len(turn)) if np.isfinite(nearest) else 0.0
    return interval, float(min(max(p, least), 1.0))
