"""How each statistic is distributed by chance, near enough to compare carriers with each other.

Only which of several associations counts as the strongest depends on these laws. What the strongest is worth comes from
draws (`_canary.sequential`), so that the level does not hang on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Law:
    """A statistic plus `shift` is near `scale` times a χ² variable with `df` degrees of freedom; the largest of `many`.

    All are `float[G]`, one for each statistic.
    """

    scale: np.ndarray
    df: np.ndarray
    shift: np.ndarray
    many: np.ndarray

    def evidence(self, values: np.ndarray) -> np.ndarray:
        """Minus the logarithm of the odds that chance gives as much, `float[G, B]`, by Wilson and Hilferty (1931)."""
        from scipy.special import log_ndtr

        z = _normal(values + self.shift[:, None], np.maximum(self.scale * self.df, 1e-300), self.df)
        return np.maximum(-log_ndtr(-z) - np.log(self.many)[:, None], 0.0)

    def scaled(self, by: np.ndarray | float) -> Law:
        """The law of statistics that are larger by a factor."""
        return Law(self.scale * by, self.df, self.shift * by, self.many)

    def fitted(self, drawn: np.ndarray) -> Law:
        """The same with the means (where there is no shift) and else the spreads of draws `float[G, B]`."""
        means = drawn.mean(1) / np.maximum(self.scale * self.df, 1e-300)
        spreads = drawn.std(1) / np.maximum(self.scale * np.sqrt(2 * self.df), 1e-300)
        factor = np.where(self.shift > 0, spreads, np.where(self.many > 1, 1.0, means))
        return self.scaled(np.where(np.isfinite(factor) & (factor > 1e-6), factor, 1.0))


@dataclass(frozen=True, eq=False)
class Variation:
    """How much a view of the secret varies by chance: `each`, `float[U]`, the variances of its columns added up at
    every unit, and `rank`, about how many columns it counts for."""

    each: np.ndarray
    rank: float

    @staticmethod
    def exchanged(y: np.ndarray, block: np.ndarray) -> Variation:
        """Of columns `float[U, Q]` that are exchanged within blocks."""
        count = np.bincount(block)
        squares = (y**2).sum(1)
        mean = np.stack([np.bincount(block, column) for column in y.T], 1) / np.maximum(count, 1)[:, None]
        left = np.bincount(block, squares) - count * (mean**2).sum(1)
        each = (np.maximum(left, 0) / np.maximum(count - 1, 1))[block]
        rest = y - mean[block]
        return Variation(each, effective(rest.T @ rest))

    @staticmethod
    def drawn(odds: np.ndarray, view: np.ndarray) -> Variation:
        """Of a view `float[J, Q]` of values drawn with odds `float[U, J]`."""
        mean = odds @ view
        each = odds @ (view**2).sum(1) - (mean**2).sum(1)
        whole = (view.T * odds.sum(0)) @ view - mean.T @ mean
        return Variation(np.maximum(each, 0), effective(whole))


def effective(*grams: np.ndarray) -> float:
    """The degrees of freedom of the χ² law nearest to a sum of squares with these (block-diagonal) covariances."""
    trace = sum(float(np.trace(gram)) for gram in grams)
    square = sum(float((gram**2).sum()) for gram in grams)
    return trace**2 / square if square > 1e-30 else 1.0


def like_one(values: np.ndarray, mean: np.ndarray, df: np.ndarray) -> np.ndarray:
    """`float[G, B]` of χ² laws with these means and degrees of freedom, as values of χ² with one degree."""
    return np.maximum(1 - 2 / 9 + _normal(values, mean, df) * np.sqrt(2 / 9), 0.0) ** 3


def _normal(values: np.ndarray, mean: np.ndarray, df: np.ndarray) -> np.ndarray:
    wide = (2 / (9 * df))[:, None]
    return (np.cbrt(np.maximum(values / mean[:, None], 0.0)) - 1 + wide) / np.sqrt(wide)
