"""A scene: what stands where in a state of a world, as data. Pictures are made of it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Token:
    """Something on a cell of a grid: whose it is (`seat`, None is nobody's), and which way it looks.

    `heading` is "" or one of "north", "east", "south", "west"; `mark` is a short text on it.
    """

    row: int
    column: int
    seat: int | None = None
    heading: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Scene:
    """What stands where, and how much there is of what.

    Attributes
    ----------
    cells : name -> `[H, W]`, bool or 0 to 1 (how much is there); later names lie on top. {} where there is no grid.
    tokens : what stands on cells.
    dials : name -> a number that belongs to all (a stock, a price level).
    rows : name -> `[P]`, a number for each seat (wealth, price).
    links : `(from, to, amount)`, what goes from one named point to another; `points` : name -> `(x, y)`, 0 to 1.
    note : a sentence that says what numbers do not.
    """

    cells: Mapping[str, np.ndarray] = field(default_factory=dict)
    tokens: tuple[Token, ...] = ()
    dials: Mapping[str, float] = field(default_factory=dict)
    rows: Mapping[str, np.ndarray] = field(default_factory=dict)
    links: tuple[tuple[str, str, float], ...] = ()
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    note: str = ""

    def words(self) -> str:
        """The numbers and the note in a sentence or two."""
        said = [f"{name} {amount:.4g}" for name, amount in self.dials.items()]
        said += [f"{name} {', '.join(f'{amount:.4g}' for amount in row)}" for name, row in self.rows.items()]
        taken = {name: int(np.count_nonzero(there)) for name, there in self.cells.items()}
        said += [f"{count} {'cell' if count == 1 else 'cells'} of {name}" for name, count in taken.items()]
        return " ".join(part for part in ("; ".join(said) + "." if said else "", self.note) if part)
