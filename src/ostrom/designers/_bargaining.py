"""How a surplus is divided: bargaining solutions where utility can be transferred, within limits on what each gets."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..core.game import Array

Rule = Literal["nash", "kalai-smorodinsky", "egalitarian"]


def divided(surplus: float, least: Array, most: Array, weights: Array, rule: Rule = "nash") -> Array:
    """Each one's gain over the disagreement point, `[P]`: between `least` and `most` (≥ 0), and `surplus` in all.

    - "nash": the product of the gains, each to the power of its weight, is largest (Nash 1950; weights: Kalai 1977);
    - "egalitarian": the least gain per weight is largest, then the next (Kalai 1977);
    - "kalai-smorodinsky": the least gain per the most that one could have is largest, then the next (1975; weights
      multiply what one could have).

    All are clip(λ·v, least, most) with the λ that uses the surplus up; v are the weights, or what each could have. For
    the first two that is the same: where gains have a fixed sum and bounds of their own, the first-order conditions of
    the product are those of the leximin. Without limits everybody gets the part of its weight. Limits that leave no
    room are for the caller.
    """
    aims = weights if rule != "kalai-smorodinsky" else weights * np.minimum(most, surplus - (least.sum() - least))
    with np.errstate(divide="ignore", invalid="ignore"):
        marks = np.concatenate([least / aims, most / aims])
    marks = np.unique(np.append(marks[np.isfinite(marks)], 0.0))
    totals = np.array([_clipped(mark, aims, least, most).sum() for mark in marks])
    if surplus > totals[-1]:
        growing = aims[np.isinf(most)].sum()
        level = marks[-1] + ((surplus - totals[-1]) / growing if growing > 0 else 0.0)
    else:
        level = float(np.interp(surplus, totals, marks))
    return _clipped(level, aims, least, most)


def _clipped(level: float, aims: Array, least: Array, most: Array) -> Array:
    return np.clip(level * aims, least, most)
