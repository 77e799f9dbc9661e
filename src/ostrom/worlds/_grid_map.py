"""Maps of grid worlds, drawn in letters; what is outside the drawing is wall."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import InputError, UnknownName

Array = Any
LETTERS = {".": "floor", "#": "wall", "P": "gate", "A": "apple tree", "~": "river"}
LONGEST = 32
"""A row of cells is kept as the bits of a word."""


class Sites(NamedTuple):
    """N cells of a map of one kind, as arrays that never change.

    `cells int32[N, 2]` rows and columns; `at int32[H, W]` the number of the site on a cell, N where there is none;
    `words uint32[N, H + W + 1]` each alone, as bits: of its row, at its column, and of its column, at its row.
    """

    cells: np.ndarray
    at: np.ndarray
    words: np.ndarray

    @property
    def all_words(self) -> np.ndarray:
        """`uint32[H + W + 1]`: all of them together. The last word is empty: it is what lies outside."""
        return np.bitwise_or.reduce(self.words, axis=0, initial=np.uint32(0))


class Field:
    """A map as arrays: `letters str[H, W]`, and sites by what stands there."""

    def __init__(self, letters: np.ndarray) -> None:
        self.letters = letters
        self.height, self.width = letters.shape
        self.gates, self.trees, self.river = (self._sites(letter) for letter in "PA~")
        self.free = self._sites(*(letter for letter in LETTERS if letter != "#"))
        self.passable = np.pad(letters != "#", 1)
        """`bool[H + 2, W + 2]`, with the wall outside."""

    def number(self, row: Array, column: Array) -> Array:
        """The number of a cell, row by row."""
        return row * self.width + column

    def _sites(self, *letters: str) -> Sites:
        there = np.isin(self.letters, letters)
        cells, at = np.argwhere(there).astype(np.int32), np.full(there.shape, there.sum(), np.int32)
        at[there] = number = np.arange(len(cells))
        words = np.zeros((len(cells), self.height + self.width + 1), np.uint32)
        words[number, cells[:, 0]] = np.uint32(1) << cells[:, 1].astype(np.uint32)
        words[number, self.height + cells[:, 1]] = np.uint32(1) << cells[:, 0].astype(np.uint32)
        return Sites(cells, at, words)


def drawing_of(name: str, maps: Mapping[str, str]) -> str:
    """The drawing of that name, or the one that was given: a drawing has more than one line."""
    if "\n" in name:
        return name
    if name not in maps:
        raise UnknownName("map", name, maps)
    return maps[name]


@lru_cache(maxsize=64)
def field_of(drawing: str) -> Field:
    """The map of a drawing; `InputError` says what is wrong with it."""
    lines = drawing.strip("\n").split("\n")
    strange = sorted(set("".join(lines)) - set(LETTERS))
    if strange or len({len(line) for line in lines}) > 1 or max(len(lines), len(lines[0])) > LONGEST:
        sizes = f"{len(lines)} lines of {sorted({len(line) for line in lines})} letters"
        raise InputError(
            f"The map has {sizes}" + (f", and the letters {strange}." if strange else "."),
            f"A map is a rectangle of at most {LONGEST} lines and letters; it is made of "
            + ", ".join(f"{letter!r} ({what})" for letter, what in LETTERS.items())
            + ".",
            "Draw it anew, or take one by its name.",
        )
    return Field(np.array([list(line) for line in lines]))
