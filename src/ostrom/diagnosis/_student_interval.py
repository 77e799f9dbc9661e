"""A mean with its interval, of independent values: seeds of a training, or episodes of the same players."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._log_intervals import t_quantile


@dataclass(frozen=True)
class Mean:
    """A mean over n independent values, and its 95 % interval (Student 1908); the ends are None for a single value."""

    value: float
    low: float | None
    high: float | None
    n: int

    @staticmethod
    def of(values: Any) -> Mean:
        """The mean of `float[n]`."""
        each = np.asarray(values, float).ravel()
        value = float(each.mean())
        if len(each) < 2:
            return Mean(value, None, None, len(each))
        half = t_quantile(0.975, len(each) - 1) * float(each.std(ddof=1)) / math.sqrt(len(each))
        return Mean(value, value - half, value + half, len(each))

    @property
    def margin(self) -> float:
        """Half the width of the interval; NaN where there is none."""
        return math.nan if self.high is None else self.high - self.value

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low is not None and self.low > 0

    @property
    def below_zero(self) -> bool:
        """Whether the whole interval lies below 0."""
        return self.high is not None and self.high < 0

    @property
    def words(self) -> str:
        """`3.2 ± 0.4`, with two digits of the margin; the mean alone where it hardly varies."""
        if self.high is None or self.margin <= 5e-4 * abs(self.value) or self.margin == 0:
            return f"{self.value:.4g}"
        places = max(0, 1 - math.floor(math.log10(self.margin)))
        return f"{round(self.value, places) + 0.0:.{places}f} ± {self.margin:.{places}f}"  # no -0
