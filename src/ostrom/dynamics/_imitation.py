"""One step of imitation: who could take over whose strategy, and how likely that is."""

from __future__ import annotations

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ._elimination import Rates


def require_process(strategies: int, population: int, strength: float, mutation: float) -> None:
    """`InputError` for numbers out of range."""
    if strategies < 2 or population < 2 or not 0 <= strength < np.inf or not 0 < mutation <= 1:
        raise InputError(
            f"strategies={strategies}, population={population}, strength={strength}, mutation={mutation} were given.",
            "It takes two to compare, and mutation for an answer that does not depend on the start.",
            "Give 2 or more of the first two, a strength of at least 0, and 0 < mutation <= 1.",
        )


def fermi(gain: Array) -> Array:
    """Odds to take over what earns so much more, `1 / (1 + exp(-gain))`, above 0 also where they are tiny."""
    return 1 / (1 + np.exp(-np.clip(gain, -700, 700)))


def odds_of(counts: Array, worth: Array, strength: float, mutation: float) -> Array:
    """Odds `float[M, S, S]` that a step turns one with the first strategy into one with the second."""
    population, strategies = int(counts[0].sum()), counts.shape[1]
    copied = counts[:, None, :] / (population - 1) * fermi(strength * (worth[:, None, :] - worth[:, :, None]))
    odds = counts[:, :, None] / population * ((1 - mutation) * copied + mutation / (strategies - 1))
    odds[:, np.arange(strategies), np.arange(strategies)] = 0.0
    return odds


def chain_of(counts: Array, worth: Array, strength: float, mutation: float) -> Rates:
    """The odds that a step leads from one composition to another; every one but the first has a lower neighbour."""
    odds = odds_of(counts, worth, strength, mutation)
    rows, left, taken = np.nonzero(odds)
    return Rates(len(counts), rows, after(counts, rows, left, taken), odds[rows, left, taken])


def after(counts: Array, rows: Array, left: Array, taken: Array) -> Array:
    """The numbers of the compositions that those of `rows` become when one goes over from `left` to `taken`.

    All compositions are listed in order, and so are the numbers whose digits are the counts.
    """
    base = int(counts[0].sum()) + 1
    place = base ** np.arange(counts.shape[1] - 1, -1, -1, dtype=np.int64)
    codes = counts @ place
    return np.searchsorted(codes, codes[rows] - place[left] + place[taken])
