"""Distances between many messages at once: how many words or letters have to be put in, taken out or exchanged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

LONGEST = 64
"""Words or letters of a message that are compared: as many as a machine word has bits."""

PAIRS = 100_000
"""Pairs that are compared at once."""


def tokens(messages: Sequence[Any]) -> list[tuple[Hashable, ...]]:
    """Each message as its parts: elements of a list, else words if half of the messages have several, else letters."""
    texts = [message for message in messages if isinstance(message, str)]
    worded = 2 * sum(len(re.findall(r"\w+", text)) > 1 for text in texts) >= max(1, len(texts))
    return [_parts(message, worded) for message in messages]


def _parts(message: Any, worded: bool) -> tuple[Hashable, ...]:
    if isinstance(message, list | tuple):
        return tuple(map(str, message[:LONGEST]))
    text = str(message)[: 64 * LONGEST].lower()
    return tuple((re.findall(r"\w+|[^\w\s]", text) if worded else text)[:LONGEST])


def edit_distances(messages: Sequence[Sequence[Hashable]]) -> np.ndarray:
    """Levenshtein's distance of every pair of sequences, `int64[N, N]`, of their first 64 elements.

    All columns of the table of one pair are kept in the bits of two machine words (Myers 1999; Hyyrö 2003), and many
    pairs are worked on together.

    Examples
    --------
    >>> int(edit_distances(["kitten", "sitting"])[0, 1])
    3
    """
    count, short = len(messages), [tuple(message[:LONGEST]) for message in messages]
    often = Counter(part for message in short for part in set(message))
    table = {part: code for code, part in enumerate(part for part, times in often.items() if times > 1)}
    coded = [[table.get(part, len(table)) for part in message] for message in short]  # the last matches nothing
    text = np.full((count, LONGEST), len(table), np.int64)
    where = np.zeros((count, len(table) + 1), np.uint64)
    for row, codes in enumerate(coded):
        text[row, : len(codes)] = codes
        for place, code in [(place, code) for place, code in enumerate(codes) if code < len(table)]:
            where[row, code] |= np.uint64(1 << place)
    size = np.array([len(message) for message in short], np.int64)
    first, second = np.triu_indices(count, 1)
    out = np.zeros((count, count), np.int64)
    for start in range(0, len(first), PAIRS):
        i, j = (rows[start : start + PAIRS] for rows in (first, second))
        out[i, j] = out[j, i] = _compared(where, text, size, i, j)
    return out


def _compared(where: np.ndarray, text: np.ndarray, size: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """The distance of sequence i[k] from j[k] for every k: one step for each element of j."""
    one, zero = np.uint64(1), np.uint64(0)
    last = np.left_shift(one, np.maximum(size[i] - 1, 0).astype(np.uint64))
    up, down = np.full(len(i), np.iinfo(np.uint64).max), np.zeros(len(i), np.uint64)
    distance = size[i].copy()
    for step in range(int(size[j].max(initial=0))):
        same, going = where[i, text[j, step]], step < size[j]
        level = (((same & up) + up) ^ up) | same
        rises, falls = down | ~(level | up), up & level
        distance += going * ((rises & last) != zero)
        distance -= going * ((falls & last) != zero)
        rises, falls, either = (rises << one) | one, falls << one, same | down
        up, down = falls | ~(either | rises), rises & either
    return np.where(size[i] == 0, size[j], distance)
