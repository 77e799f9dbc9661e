"""The beat that both sides keep: the step within an episode, where messages and moves both go by it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.log import Column
from ._discrete import chi_square, shared
from ._influence_swaps import occurrence

CYCLES = (2, 3, 4, 5, 6, 7, 8, 12, 24)
"""Lengths of the beats that are looked for, in steps and in messages."""

CLEARLY = 1e-4
"""The p-value of a G test up to which a side goes by a beat, for all beats together."""

NEARLY = 0.9
"""The share of the most bits with which a beat of fewer parts is preferred."""


def beat(step: np.ndarray, episode: np.ndarray, m: np.ndarray | None, a: np.ndarray) -> dict[str, Column]:
    """The beat that goes best with both sides, by name, as a circumstance; nothing where none clearly does with each.

    step, episode, a, m : codes `int64[N]` of every message; where messages do not repeat (`m` is None), `a` decides.
    """
    if not len(step):
        return {}
    sides, named = [one for one in (m, a) if one is not None], dict(_beats(step, episode))
    clear: dict[str, float] = {}
    for name, codes in named.items():
        found = [shared(codes, one) for one in sides]
        if all(one.bits > 0 and chi_square(one) <= CLEARLY / len(named) for one in found):
            clear[name] = min(one.bits for one in found)
    if not clear:
        return {}
    near = [name for name in clear if clear[name] >= NEARLY * max(clear.values())]
    best = min(near, key=lambda name: len(np.unique(named[name])))
    values, codes = np.unique(named[best], return_inverse=True)
    return {best: Column(codes.reshape(-1).astype(np.int32), tuple(values.tolist()))}


def _beats(step: np.ndarray, episode: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Steps, and messages of an episode, counted round; those that make fewer parts than they should are left out."""
    place = occurrence(np.unique(episode, return_inverse=True)[1].reshape(-1))
    for what, count in (("step", np.asarray(step, np.int64)), ("message", place)):
        for length in CYCLES:
            codes = count % length
            if len(np.unique(codes)) > 1 and len(count) >= 10 * length:
                yield f"the {what}, counted round by {length}", codes
