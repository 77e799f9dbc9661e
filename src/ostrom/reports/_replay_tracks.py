"""What changes from step to step, as short text: the first step in full, and of each later one what is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def track(rows: Any) -> str:
    """`[T, N]` numbers as `1,0,3|1=4||0=2,2=5`: steps between bars, a place and its new value where one changed.

    Numbers keep four significant digits; "n" is none. The same numbers give the same text, and what stands still for
    hundreds of steps takes one letter a step.
    """
    told, before = [], None
    for row in rows:
        now = [short(value) for value in np.asarray(row, float).tolist()]
        told.append(",".join(now) if before is None else _changes(before, now))
        before = now
    return "|".join(told)


def short(value: float) -> str:
    """A number in four significant digits, `12`, `0.3333`, `1e-05`; "n" is none."""
    if value != value:
        return "n"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e6 else f"{value:.4g}"


def _changes(before: Sequence[str], now: Sequence[str]) -> str:
    return ",".join(f"{k}={new}" for k, (old, new) in enumerate(zip(before, now, strict=True)) if old != new)
