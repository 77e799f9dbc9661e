"""Tests on messages that came after an alarm, and so had no part in raising it."""

from __future__ import annotations

import numpy as np

from ._discrete import shuffled_within
from ._exchanges import combined

LOOKS = (125, 500, 2000)
"""Units after an alarm at which they are looked at, three times at most."""

LEVEL = 0.003
"""At which information and influence both have to stand at a look, before the word "protocol" is used."""

ROUNDS = 399
"""Permutations; the least p-value is 0.0025."""


def permutation(m: np.ndarray, s: np.ndarray, o: np.ndarray, rng: np.random.Generator) -> float:
    """The p-value of the information between codes given others, under permutations of one within the others.

    Of the parts of the information only the count of all three together changes, which is why this is quick.
    """
    inside, width = combined([o, m], len(m)), int(s.max(initial=0)) + 1

    def amount(values: np.ndarray) -> float:
        count = np.bincount(inside * width + values)
        return float((count * np.log(np.maximum(count, 1))).sum())

    seen = amount(s)
    reached = sum(amount(s[shuffled_within(o, rng)]) >= seen - 1e-9 for _ in range(ROUNDS))
    return (reached + 1) / (ROUNDS + 1)
