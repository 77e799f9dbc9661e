"""What all were shown at steps before, and what of it goes with something that is asked about: that is held fixed.

Who speaks and who listens, or words and a secret, may both go by the news of yesterday. Held fixed is what goes with
the secret, or with the listener's move, beside the present; messages have no part in the choice, so that a test which
exchanges them is as valid given the choice as without it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from ..core.log import MISSING, Column, Log
from ._earlier_tests import in_strata
from ._influence_codes import coded, filled, refined

K = TypeVar("K", bound=Hashable)

BACK = ("", "two ", "three ")
"""Steps, and messages of the speaker, that are looked back."""

MATTERS = 0.01
"""The p-value, for all that could be held fixed together, up to which something is taken to go with what is asked."""

MOST = 4
"""Things of earlier steps that are held fixed at most, each chosen given those before it."""

FIELDS = 24
"""Public fields whose past is looked at: those of the fewest values."""


def recalled(log: Log, names: Sequence[str], places: np.ndarray) -> dict[str, Column]:
    """What all were shown before one agent's messages at rows `places`, `int64[N]`: columns of N rows, by name.

    For each public field: what was shown last, where the row itself does not say; what was shown one, two and three
    *steps* before (of those steps of the episode at which it was shown to somebody; another row of the same step is
    not before); and what was shown at the three messages before. What is missing at the start of an episode says
    nothing. Left out is what says nothing that the present, or what is there already, does not.
    """
    moment, episode = _moments(log)
    found: dict[str, Column] = {}
    for name in sorted(names, key=lambda one: len(log[one].values))[:FIELDS]:
        column = log[name]
        known = [column.codes[places]]
        for when, rows in _back(column.present, moment, episode, places):
            codes = np.where(rows >= 0, column.codes[np.maximum(rows, 0)], MISSING)
            there = codes != MISSING
            if len(np.unique(codes[there])) > 1 and not any((codes == one)[there].all() for one in known):
                known.append(codes)
                found[f"{name.removeprefix('observation.')} {when}"] = filled(column, rows)
    return found


def _moments(log: Log) -> tuple[np.ndarray, np.ndarray]:
    """A number for the step of each row, `int64[N]`, in order of episode and step; and the episode of each number."""
    order = np.lexsort((log.t, log.episode))
    fresh = np.r_[True, (np.diff(log.t[order]) != 0) | (np.diff(log.episode[order]) != 0)][: len(order)]
    moment = np.empty(len(order), np.int64)
    moment[order] = np.cumsum(fresh) - 1
    return moment, log.episode[order][fresh]


def _back(
    present: np.ndarray, moment: np.ndarray, episode: np.ndarray, places: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """In words when, and the row that shows it last by then in the episode (-1: none), `int64[N]`."""
    rows = np.flatnonzero(present)
    rows = rows[np.argsort(moment[rows], kind="stable")]
    rows = rows[np.append(np.diff(moment[rows]) != 0, True)[: len(rows)]]  # the last of each step
    shown, now = moment[rows], moment[places]

    def taken(at: np.ndarray) -> np.ndarray:
        there = np.maximum(at, 0)
        inside = (at >= 0) & (len(rows) > 0)
        inside[inside] = episode[shown[there[inside]]] == episode[now[inside]]
        out = np.full(len(at), -1, np.int64)
        out[inside] = rows[there[inside]]
        return out

    yield "as shown last", taken(np.searchsorted(shown, now, "right") - 1)
    for back, word in enumerate(BACK, 1):
        yield f"{word or 'a '}step{'s' * (back > 1)} before", taken(np.searchsorted(shown, now, "left") - back)
    said = np.unique(now)
    for back, word in enumerate(BACK, 1):
        at = np.searchsorted(said, now) - back
        then = np.where(at >= 0, said[np.maximum(at, 0)], -1)
        then = np.where((at >= 0) & (episode[then] == episode[now]), then, -1)
        yield f"{word or 'a '}message{'s' * (back > 1)} before", taken(np.searchsorted(shown, then, "right") - 1)


def mattering(target: np.ndarray, columns: Mapping[str, Column], given: np.ndarray) -> tuple[str, ...]:
    """The names of columns of N rows that go with a target beside what is given, codes `int64[N]`.

    What goes with it one way in some of the given circumstances, and as much the other way in others, is not seen.
    """
    codes = {name: coded(column).codes for name, column in columns.items()}
    ordered = {name: scores(codes[name], column) for name, column in columns.items()}
    return going_with(target, codes, given, ordered)


def going_with(
    target: np.ndarray, codes: Mapping[K, np.ndarray], given: np.ndarray,
    ordered: Mapping[K, np.ndarray | None] = MappingProxyType({}),
) -> tuple[K, ...]:  # fmt: skip
    """The same of codes, of which some are `ordered`: with a score for each code."""

    def clear(chosen: Sequence[K]) -> Callable[[K], float]:
        strata = refined([given, *(codes[one] for one in chosen)], len(target))
        return lambda name: in_strata(target, codes[name], strata, ordered.get(name))

    return chosen_by(clear, tuple(codes))


def scores(codes: np.ndarray, column: Column) -> np.ndarray | None:
    """For numbers a score for each code of their ranges, that of the middle for none; None for anything else."""
    if len(column.values) < 3 or not all(isinstance(value, int | float) for value in column.values):
        return None
    places = np.arange(int(codes.max()) + 1.0)
    places[codes[~column.present]] = codes[column.present].mean()
    return places


def chosen_by(clear: Callable[[Sequence[K]], Callable[[K], float]], names: Sequence[K]) -> tuple[K, ...]:
    """One after another the name that stands clearest given those chosen before, as long as it matters.

    clear : given those chosen before, how many standard deviations each of the others is from what chance gives.
    """
    from scipy.special import ndtri

    bar = -float(ndtri(MATTERS / max(1, len(names))))
    chosen: list[K] = []
    while len(chosen) < min(MOST, len(names)):
        found = {name: each(name) for each in [clear(chosen)] for name in names if name not in chosen}
        best = max(found, key=lambda name: found[name])
        if found[best] <= bar:
            break
        chosen.append(best)
    return tuple(chosen)
