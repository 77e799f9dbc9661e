"""Columns of a log as few codes: the commonest values, ranges of numbers, and the words of messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.log import MISSING, Column

MOST, LEAST = 8, 5
"""Values that are told apart in a column, and how often each has to occur."""

LONG = 2_000
"""Letters of a message that are read."""


@dataclass(frozen=True, eq=False)
class Coded:
    """Codes `int64[N]` from 0, and what each stands for in words."""

    codes: np.ndarray
    labels: tuple[str, ...]


def coded(column: Column, most: int = MOST, least: int = LEAST) -> Coded:
    """A column by at most `most` values: numbers of many values by ranges of equal shares, else the rarest are "other".

    Rows that say nothing are a value of their own.
    """
    count = np.bincount(column.codes + 1, minlength=len(column.values) + 1)
    if len(column.values) > most and all(isinstance(v, int | float) for v in column.values):
        return _ranges(column, count, most)
    order = np.argsort(-count[1:], kind="stable")
    kept = [k for k in order[: most if len(column.values) <= most else most - 1] if count[k + 1] >= least]
    rest = set(order.tolist()) - set(kept)
    names = ["nothing", *(in_words(column.values[k]) for k in kept), "something rarer"]
    table = np.full(len(column.values) + 1, len(kept) + 1)
    table[0] = 0
    table[np.array(kept, int) + 1] = np.arange(len(kept)) + 1
    if len(rest) == 1:
        names[-1] = in_words(column.values[rest.pop()])
    return _dense(table[column.codes + 1], names)


def _ranges(column: Column, count: np.ndarray, most: int) -> Coded:
    order = sorted(range(len(column.values)), key=lambda k: (column.values[k] != column.values[k], column.values[k]))
    share = (np.cumsum(count[1:][order]) - count[1:][order] / 2) / max(1, count[1:].sum())
    part = np.minimum((share * most).astype(int), most - 1)
    table, names = np.zeros(len(order) + 1, int), ["nothing"]
    for number, one in enumerate(np.unique(part)):
        inside = [order[k] for k in np.flatnonzero(part == one)]
        table[np.array(inside) + 1] = number + 1
        low, high = in_words(column.values[inside[0]]), in_words(column.values[inside[-1]])
        names.append(low if low == high else f"{low} to {high}")
    return _dense(table[column.codes + 1], names)


def _dense(codes: np.ndarray, names: list[str]) -> Coded:
    used, dense = np.unique(codes, return_inverse=True)
    return Coded(dense.reshape(-1).astype(np.int64), tuple(names[k] for k in used))


def in_words(value: Any) -> str:
    """A value as a short piece of text on one line."""
    try:
        text = f"{value:.6g}" if isinstance(value, float) else str(value)
    except ValueError:  # an integer of thousands of digits
        text = "a huge number"
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:200]).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def words_in(text: Any) -> list[str]:
    """The words, numbers and marks of a message in small letters, in order."""
    return re.findall(r"\w+|[^\w\s]", str(text)[:LONG].lower())


def repeats(column: Column) -> bool:
    """Whether messages are said often enough to be told apart as wholes: most rows have one of a few values."""
    count = np.sort(np.bincount(column.codes[column.present], minlength=1))[::-1]
    return bool(count[:MOST][count[:MOST] >= LEAST].sum() >= 0.8 * count.sum())


def refined(codes: Sequence[np.ndarray], count: int) -> np.ndarray:
    """One code from 0 for every combination that occurs, `int64[count]`."""
    whole = np.zeros(count, np.int64)
    for one in codes:
        whole = np.unique(np.stack([whole, one]), axis=1, return_inverse=True)[1].reshape(-1)
    return whole.astype(np.int64)


def filled(column: Column, rows: np.ndarray) -> Column:
    """The values of a column at rows, -1 for none; only values that occur there."""
    codes = np.where(rows >= 0, column.codes[np.maximum(rows, 0)], MISSING).astype(np.int32)
    return Column(codes, column.values).take(np.arange(len(rows)))
