"""What a sweep has found: one row for each measure, seat, seed and tenth of a training, and all rows as Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import MissingExtra

PARTS = 10
"""Parts of a training that have a row each."""


class Row(NamedTuple):
    """One number: the mean of a measure over one part of a training (a tenth of its lessons).

    `world`, `under` and `learner` as the sweep names them; `seat` is None for what is told of all; `measure` is
    "return", "payoff" (per step), "fact …" (per step) or what the learner tells; `steps` of the world in this seed, all
    copies, at the end of the part; `value` is None where nothing was told.
    """

    world: str
    under: str
    learner: str
    seed: int
    seat: str | None
    measure: str
    steps: int
    value: float | None


TYPES = dict(
    zip(Row._fields, ("string", "string", "string", "int64", "string", "string", "int64", "float64"), strict=True)
)


@dataclass(frozen=True)
class Sweep:
    """What `sweep` returns: its rows, in the order of the tasks; what did not fit together and was left out; and the
    tasks that went wrong, with what went wrong."""

    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    def parquet(self) -> bytes:
        """The rows as a Parquet file, the same bytes for the same rows. Raises `MissingExtra` without pyarrow."""
        arrow = require_arrow()
        columns = [
            arrow.array(list(column), type=getattr(arrow, kind)())
            for column, kind in zip(zip(*self.rows, strict=True), TYPES.values(), strict=True)
        ]
        file = io.BytesIO()
        arrow.parquet.write_table(arrow.table(columns, names=list(TYPES)), file)
        return file.getvalue()


def require_arrow() -> Any:
    """pyarrow with its Parquet part; `MissingExtra` where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise MissingExtra("pyarrow", "data") from None
    return pyarrow


def rows_of(names: tuple[str, str, str], run: Any) -> Iterator[Row]:
    """The rows of a `Run`: seeds, measures, seats and parts, the last one fastest."""
    seats = run.world.ground.players
    lessons = next((curve.shape[1] for curve in run.metrics.values()), 0)
    parts = [part for part in np.array_split(np.arange(lessons), PARTS) if len(part)]
    ends = [int(part[-1] + 1) * run.steps // lessons for part in parts]
    for seed in range(run.seeds):
        for measure, curve in run.metrics.items():
            for number, seat in enumerate(seats) if curve.ndim == 3 else ((..., None),):
                own = curve[seed, :, number] if seat is not None else curve[seed]
                for part, steps in zip(parts, ends, strict=True):
                    yield Row(*names, run.seed + seed, seat, measure, steps, _mean(own[part]))


def _mean(values: np.ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else None
