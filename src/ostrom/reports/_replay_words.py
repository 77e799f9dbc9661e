"""Each step of a replay in a sentence or two: who did what, who got what, how things stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.scene import Scene
from ._words import legible, name, number, spaced

LONGEST = 600
"""Letters of what is said of a step."""


def measured(kind: str, unit: str = "") -> str:
    """A fact in words, with its unit where it has one: `other (coins)`."""
    return name(spaced(kind)) + (f" ({name(unit)})" if unit else "")


def step_words(
    scenes: Sequence[Scene], moves: Sequence[Mapping[str, tuple[Any, ...]]], payoffs: np.ndarray, seats: Sequence[str]
) -> Iterator[str]:
    """One text for each step."""
    varying = _varying(scenes)
    for scene, chosen, paid in zip(scenes, moves, payoffs, strict=True):
        cells = {} if scene.dials else {kind: scene.cells[kind] for kind in varying if kind in scene.cells}
        said = [replace(scene, cells=cells, rows={}).words(), _chosen(chosen, seats), _paid(paid, seats)]
        yield legible(" ".join(part[:1].upper() + part[1:] for part in said if part), LONGEST)


def _varying(scenes: Sequence[Scene]) -> list[str]:
    """Layers of which there is more at one time than at another."""
    kinds = dict.fromkeys(kind for scene in scenes for kind in scene.cells)
    counts = {kind: {int(np.count_nonzero(scene.cells.get(kind, 0))) for scene in scenes} for kind in kinds}
    return [kind for kind, seen in counts.items() if len(seen) > 1]


def _chosen(chosen: Mapping[str, tuple[Any, ...]], seats: Sequence[str]) -> str:
    """Moves and who made them, `Ann, Cid: north; Bob: stay`; parts besides `act` by name."""
    told = []
    for part, row in chosen.items():
        said = [choice if choice is None or isinstance(choice, str) else number(float(choice), 3) for choice in row]
        own = "" if part == "act" else f"{name(part)} "
        told += [f"{who}: {own}{name(choice)}" for choice, who in _by(said, seats)]
    return f"{'; '.join(told)}." if told else ""


def _paid(paid: np.ndarray, seats: Sequence[str]) -> str:
    """Payments and who got them, `Paid 1 to player 1; -1 to player 2`."""
    told = [
        f"{amount} to {who}" for amount, who in _by([number(float(own), 3) if own else None for own in paid], seats)
    ]
    return f"Paid {'; '.join(told)}." if told else "Nobody is paid anything."


def _by(row: Sequence[str | None], seats: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is in a row, once each, and which seats have it; seats by number where their names would run together."""
    together = any("," in seat for seat in seats)
    for own in dict.fromkeys(own for own in row if own is not None):
        who = [str(k + 1) if together else name(seat) for k, seat in enumerate(seats) if row[k] == own]
        everybody = len(who) == len(seats) > 1
        named = ("seat " if len(who) == 1 else "seats ") * together + ", ".join(who)
        yield own, ("both" if len(who) == 2 else "all") if everybody else named
