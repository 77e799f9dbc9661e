"""Information between two things that were counted together, with intervals that know how few the counts are."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge

Array = np.ndarray
DRAWN, LEVEL, PART = 1000, 0.95, 0.5
"""Redraws behind an interval, its level, and the part of a play that is added where one could have been seen."""
MOST = 50_000_000
"""Counts that are held at once."""


@dataclass(frozen=True)
class Information:
    """Nats between messages and moves, with an interval, and the `most` there could be; `n` plays stand behind it.

    `value` is None where the plays do not tell: then the interval is everything possible.
    """

    value: float | None
    low: float
    high: float
    most: float
    n: int

    def __str__(self) -> str:
        value = "not known" if self.value is None else f"{self.value:.2f}"
        ends = f"{100 * LEVEL:g} % interval {self.low:.2f} to {self.high:.2f}"
        return f"{value} of at most {self.most:.2f} nats, {ends}"


def information(joint: Array) -> Array:
    """Mutual information of tables `[…, M, A]`, which need not sum to 1; 0 where there is nothing."""
    odds = joint / np.maximum(joint.sum((-2, -1), keepdims=True), 1e-300)
    apart = odds.sum(-1, keepdims=True) * odds.sum(-2, keepdims=True)
    ratio = np.divide(odds, apart, out=np.ones_like(odds), where=(odds > 0) & (apart > 0))
    return np.maximum((odds * np.log(ratio)).sum((-2, -1)), 0.0)


def together(counts: Array) -> Array:
    """Information in counts `[…, C, M, A]`, all contexts in one."""
    return information(counts.sum(-3))


def as_if_set(counts: Array) -> Array:
    """Information in counts `[…, C, M, A]` as if messages had been set evenly within each context."""
    heard = counts.sum(-1, keepdims=True)
    answered = np.divide(counts, heard, out=np.zeros_like(counts), where=heard > 0)
    plays = counts.sum((-2, -1))
    return (information(answered) * plays).sum(-1) / np.maximum(plays.sum(-1), 1e-300)


def whole(name: str, given: Any) -> Array:
    """Plays as `int[E, T]`, numbered from 0 in the order of their values. Raises `InputError`."""
    values = np.asarray(given)
    if values.ndim not in (1, 2) or not values.size or values.dtype.kind not in "iub":
        raise InputError(
            f"The {name} are {str(given)[:80]}.",
            "Plays are whole numbers, one for each play, or rows of episodes.",
            "Give an array like [0, 1, 1] or [[0, 1], [1, 1]].",
        )
    return np.unique(values, return_inverse=True)[1].reshape(len(values), -1)


def counted(where: Array, said: Array, done: Array) -> Array:
    """How often in each episode, `float[E, C, M, A]`; two of each kind at least. Raises `TooLarge`."""
    shape = (len(said), where.max() + 1, max(said.max(), 1) + 1, max(done.max(), 1) + 1)
    if math.prod(shape) > MOST:
        raise TooLarge(
            f"Counting {shape[0]} episodes in {shape[1]} contexts takes {math.prod(shape)} numbers.",
            f"More than {MOST} do not fit.",
            "Give fewer episodes, or contexts that say less.",
        )
    counts = np.zeros(shape)
    np.add.at(counts, (np.arange(len(said))[:, None], where, said, done), 1)
    return counts


def estimated(counts: Array, measure: Callable[[Array], Array], random: np.random.Generator) -> Information:
    """A measure of counts `[E, C, M, A]`, corrected by the bias of redraws, with the interval that they give.

    Episodes are drawn anew as wholes. The lower end is the lesser of that of the corrected redraws and that of redraws
    with half a play more wherever a message was heard, so that what was never seen is not taken for impossible.
    """
    total = counts.sum(0)
    most, plays = math.log(min(counts.shape[-2:])), int(total.sum())
    if not plays:
        return Information(None, 0.0, most, most, 0)
    kinds, times = np.unique(counts.reshape(len(counts), -1), axis=0, return_counts=True)
    drawn = random.multinomial(len(counts), times / len(counts), DRAWN)
    redrawn = (drawn @ kinds).reshape(DRAWN, *total.shape)
    seen = PART * (total.sum(-1, keepdims=True) > 0)
    raw, redone, eased = (measure(table) for table in (total, redrawn, redrawn + seen))
    value, ends = 2 * raw - redone.mean(), np.quantile(redone - redone.mean(), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    low = min(value + ends[0], np.quantile(eased, (1 - LEVEL) / 2))
    value, low, high = (float(np.clip(end, 0.0, most)) for end in (value, low, value + ends[1]))
    return Information(value, low, high, most, plays)
