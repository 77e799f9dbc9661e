"""What agents were shown when they moved, field by field: numbers, and words by how frequent they are."""

from __future__ import annotations

import numpy as np

from ..core.log import Column, Log

WORDS = 30
"""Values of a field of words that count one by one, the most frequent; all others count as one."""

FIELDS, SHOWN = 200, 60_000_000
"""Fields of what agents are shown that are kept, those that go with moves most; fewer, but 12, in a log so large."""

HUGE = 1e100
"""Numbers that are none of a move or of what was shown."""


def shown(log: Log, where: np.ndarray, moves: np.ndarray) -> tuple[np.ndarray, tuple[str, ...], frozenset[int], tuple]:
    """What agents were shown, the names of fields, which of them are words, and names of those that are left out."""
    found, rows = [], where[where >= 0]
    about = ((moves - np.nanmean(moves, 0)) / np.maximum(np.nanstd(moves, 0), 1e-300))[where >= 0]
    for name in (n for n in log.columns if n.startswith("observation")):
        numbers, codes = _numbers(log[name], rows), _words(log[name], rows)
        found += [(name, part, coded) for part, coded in ((numbers, False), (codes, True)) if part is not None]
    room = min(FIELDS, max(12, SHOWN // max(where.size, 1)))
    if len(found) > room:
        score = [_goes_with(part, coded, about) for _, part, coded in found]
        leading = np.sort(np.argsort(-np.array(score), kind="stable")[:room])
    else:
        leading = np.arange(len(found))
    seen = np.full((*where.shape, len(leading)), np.nan)
    for place, k in enumerate(leading):
        seen[..., place][where >= 0] = found[k][1]
    taken = [found[k] for k in leading]
    names = tuple(name for name, _, _ in taken)
    out = tuple(sorted({name for name, _, _ in found} - set(names)))
    return seen, names, frozenset(k for k, one in enumerate(taken) if one[2]), out


def _numbers(column: Column, rows: np.ndarray) -> np.ndarray | None:
    """The numbers of a field in some rows, NaN where it has none; None where they are never two."""
    numbers = column.numbers[rows]
    numbers = np.where(np.abs(numbers) < HUGE, numbers, np.nan)
    known = numbers[np.isfinite(numbers)]
    return numbers if len(known) and known.min() < known.max() else None


def _words(column: Column, rows: np.ndarray) -> np.ndarray | None:
    """Codes of the words of a field in some rows: the most frequent in order, all others, a number; None if never two.

    0 where the field was not shown.
    """
    codes = column.codes[rows]
    word = np.array([*(not isinstance(value, int | float) for value in column.values), False])
    count = np.bincount(codes[word[codes]], minlength=len(column.values))
    often = sorted(np.flatnonzero(count).tolist(), key=lambda k: (-count[k], str(column.values[k])))[:WORDS]
    number = np.append(np.where(word[:-1], WORDS + 1, WORDS + 2), 0)
    number[often] = np.arange(1, len(often) + 1)
    found = number[codes].astype(float)
    return found if len(found) and found.min() < found.max() else None


def _goes_with(part: np.ndarray, coded: bool, moves: np.ndarray) -> float:
    """Roughly which share of moves a field explains, to choose among very many."""
    known = np.isfinite(part)
    if not coded:
        ranks = np.searchsorted(np.sort(part[known]), part[known])
        part = np.where(known, -1.0, 0.0)
        part[known] = 1 + ranks * 8 // max(len(ranks), 1)
    place = np.unique(part, return_inverse=True)[1].reshape(-1)
    count = np.bincount(place)
    return float((np.bincount(place, moves) ** 2 / count).sum() / len(moves))
