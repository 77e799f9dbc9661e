"""Predictions of recorded arms beside what was recorded, and how far off they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from ..core.game import Array
from ..formats.coopeval import Cell
from ._log_intervals import Basis, Estimate, Resamples

REGARDING, SELFISH = "with regard for others", "each for itself"
UNCHANGED, ALL_IN = "no change", "all do their part"
FORECASTS = (REGARDING, SELFISH, UNCHANGED, ALL_IN)
"""The model, its variant, and two baselines."""


@dataclass(frozen=True)
class ArmForecast:
    """One recorded arm, and what was predicted of it; all in shares of the possible gain.

    Attributes
    ----------
    cell : how the records name and set it.
    worst, optimum : the least and the greatest mean points of an outcome of the base game: shares 0 and 1.
    recorded : what was recorded, with its interval.
    predicted : per forecast (`FORECASTS`) what it says, with the interval that redrawing the models gives it.
    bare : what was recorded without a mechanism; None when there is no such arm of this game, so that agents were
        fitted to other games only, and "no change" is what they are predicted to do.
    moved : per fitted forecast, how far play still was from settled (0: it settled).
    redrawn : the same numbers in every redraw of models, `float[B]`; the key "recorded" is the record's.
    """

    cell: Cell
    worst: float
    optimum: float
    recorded: Estimate
    predicted: Mapping[str, Estimate]
    bare: Estimate | None
    moved: Mapping[str, float]
    redrawn: Mapping[str, Array] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """All of it by name, with the verdicts instead of every redraw."""
        parts = ("cell", "worst", "optimum", "recorded", "predicted", "bare", "moved")
        verdicts = {"hit": {name: self.hit(name) for name in self.predicted}, "right_way": self.right_way()}
        return {**{part: getattr(self, part) for part in parts}, **verdicts}

    def hit(self, forecast: str = REGARDING) -> bool | None:
        """Whether the prediction lies within the recorded interval; None where one model leaves no interval."""
        if self.recorded.low is None or self.recorded.high is None:
            return None
        return self.recorded.low - 1e-9 <= self.predicted[forecast].value <= self.recorded.high + 1e-9

    def right_way(self, forecast: str = REGARDING) -> bool | None:
        """Whether it rose where a rise was predicted, and fell where a fall was; None without an arm to compare."""
        if self.bare is None:
            return None
        ahead, came = (end.value - self.bare.value for end in (self.predicted[forecast], self.recorded))
        return bool(np.sign(round(ahead, 9)) == np.sign(round(came, 9)))


@dataclass(frozen=True)
class Score:
    """How a forecast did over several arms.

    Attributes
    ----------
    forecast : one of `FORECASTS`.
    hits, arms : predictions within the recorded interval, of how many that have one.
    error : mean absolute error, in shares of the possible gain; every game and mechanism counts once, however many
        variants were recorded.
    gained : by how much that is less than the error of "no change", within the same redraws.
    in_order, pairs : of how many pairs of mechanisms of one game it says rightly which one does better.
    """

    forecast: str
    hits: int
    arms: int
    error: Estimate
    gained: Estimate
    in_order: int
    pairs: int


def scores(rows: Sequence[ArmForecast], resamples: Resamples, level: float) -> tuple[Score, ...]:
    """The score of every forecast over some arms, at least one."""
    counts = Counter(_kind(row) for row in rows)
    weights = np.array([1 / counts[_kind(row)] for row in rows])
    weights /= weights.sum()
    basis = Basis(len(rows), max(row.recorded.models for row in rows), max(row.recorded.pairings for row in rows))
    errors = {name: _errors(rows, weights, name) for name in FORECASTS}
    usual = errors[UNCHANGED]
    return tuple(
        Score(
            name,
            sum(row.hit(name) is True for row in rows),
            sum(row.hit(name) is not None for row in rows),
            resamples.estimate(value, redrawn, basis, level).within(0, 1),
            resamples.estimate(usual[0] - value, usual[1] - redrawn, basis, level).within(-1, 1),
            *_in_order(rows, name),
        )
        for name, (value, redrawn) in errors.items()
    )


def _errors(rows: Sequence[ArmForecast], weights: Array, name: str) -> tuple[float, Array]:
    """The mean absolute error, and in every redraw `float[B]`."""
    seen = np.array([abs(row.predicted[name].value - row.recorded.value) for row in rows])
    redrawn = np.stack([abs(row.redrawn[name] - row.redrawn["recorded"]) for row in rows])
    return float(weights @ seen), weights @ redrawn


def _in_order(rows: Sequence[ArmForecast], name: str) -> tuple[int, int]:
    """Of how many pairs of mechanisms of one game (means of variants) the better one is told; how many there are."""
    means: dict[str, list[tuple[float, float]]] = {}
    for kind in sorted({_kind(row) for row in rows}):
        alike = [row for row in rows if _kind(row) == kind]
        told, seen = ([row.predicted[name].value for row in alike], [row.recorded.value for row in alike])
        means.setdefault(kind[0], []).append((float(np.mean(told)), float(np.mean(seen))))
    pairs = [pair for found in means.values() for pair in combinations(found, 2)]
    return sum((a[0] - b[0]) * (a[1] - b[1]) > 0 for a, b in pairs), len(pairs)


def _kind(row: ArmForecast) -> tuple[str, str]:
    return row.cell.game, row.cell.mechanism
