"""A listener asked again from the same place with another message: answers side by side, and tests of arms."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError

Answer = Mapping[Hashable, float] | Hashable
PAIRS = 4
"""Pairs of answers behind a change that is estimated by itself."""


@dataclass(frozen=True, eq=False)
class Answers:
    """Moves in two arms, asked with the same random numbers.

    Attributes
    ----------
    first, second : `int64[N]`, the move when the original, and when the other message was heard.
    place, kind, episode : `int64[N]`, the checkpoint of each pair; what was said in it and in its stead, in which
        context; the episode.
    moves : how many moves there are.
    """

    first: np.ndarray
    second: np.ndarray
    place: np.ndarray
    kind: np.ndarray
    episode: np.ndarray
    moves: int

    def p(self, random: np.random.Generator, rounds: int, stop: int = 20) -> float:
        """The p-value of arm labels changing places within each pair: exact if the message is not heeded.

        The statistic adds squares of differences of counts, by checkpoint and by kind, each over its pairs.
        """
        cells = [(codes * self.moves, 1 / np.bincount(codes)) for codes in (self.place, self.kind)]
        seen, reached, done = self._score(np.ones(len(self.first)), cells), 0, 0
        while done < rounds and reached < stop:
            signs = random.integers(0, 2, len(self.first)) * 2.0 - 1
            reached += self._score(signs, cells) >= seen - 1e-9
            done += 1
        return reached / done if reached >= stop else (reached + 1) / (done + 1)

    def _score(self, signs: np.ndarray, cells: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
        score = 0.0
        for start, weight in cells:
            size = len(weight) * self.moves
            gap = np.bincount(start + self.first, signs, size) - np.bincount(start + self.second, signs, size)
            score += float((gap.reshape(-1, self.moves) ** 2).sum(1) @ weight)
        return score

    def change(self) -> tuple[float, tuple[float, float]]:
        """The total variation between both arms, not biased upwards, and a 95 % interval by episode.

        One half of the pairs says which moves are commoner when the original is heard, the other by how much: no more,
        on average, than the variation there is.
        """
        group = next((codes for codes in (self.place, self.kind) if len(codes) >= PAIRS * (codes.max() + 1)), None)
        group = np.zeros(len(self.first), np.int64) if group is None else group
        half = _halves(group)
        counts = np.zeros((2, int(group.max()) + 1, self.moves))
        np.add.at(counts, (half, group, self.first), 1)
        np.add.at(counts, (half, group, self.second), -1)
        common = counts > 0
        gain = common[1 - half, group, self.first].astype(float) - common[1 - half, group, self.second]
        return float(np.clip(gain.mean(), 0, 1)), by_episode(gain, self.episode, (0.0, 1.0))


def _halves(group: np.ndarray) -> np.ndarray:
    """Every second row of each group, `int64[N]` of 0 and 1."""
    order = np.argsort(group, kind="stable")
    half = np.empty(len(group), np.int64)
    half[order] = np.arange(len(group)) % 2
    return half


def by_episode(values: np.ndarray, episode: np.ndarray, within: tuple[float, float]) -> tuple[float, float]:
    """A 95 % interval of the mean of values, by the sums of episodes, Student's.

    Where all are the same, 1 - 0.025^(1/E) of the range is left for what E episodes did not show (Clopper–Pearson); of
    a single episode everything is.
    """
    from scipy.special import stdtrit

    mean, size = float(values.mean()), np.bincount(episode)
    apart, count = np.bincount(episode, values) - size * mean, len(size)
    if count < 2:
        return within
    error = math.sqrt(count / (count - 1) * float(apart @ apart)) / len(values)
    reach = float(stdtrit(count - 1, 0.975)) * error
    if np.ptp(values) == 0:
        reach = (within[1] - within[0]) * (1 - 0.025 ** (1 / count))
    return max(within[0], mean - reach), min(within[1], mean + reach)


def asked(listener: Callable[..., Answer], sight: Any, message: Any, random: np.random.Generator) -> Answer:
    """The listener's answer: a move, or odds that were looked through."""
    answer = listener(sight, message, random)
    if isinstance(answer, Mapping):
        odds = {move: float(chance) for move, chance in answer.items()}
        if not odds or not all(chance >= 0 for chance in odds.values()) or abs(sum(odds.values()) - 1) > 1e-6:
            raise InputError(
                f"The listener answers {str(answer)[:80]} to {str(message)[:40]!r}.",
                "Odds are of at least 0, and sum to 1.",
                "Return one move, or {move: probability}.",
            )
        return odds
    try:
        hash(answer)
    except TypeError:
        raise InputError(
            f"The listener answers {str(answer)[:80]}.", "Answers are counted.", "Return a label, or a number."
        ) from None
    return answer


def variation(one: Mapping[Hashable, float], other: Mapping[Hashable, float]) -> float:
    """Total variation between two odds.

    Examples
    --------
    >>> variation({"a": 1.0}, {"a": 0.25, "b": 0.75})
    0.75
    """
    return sum(abs(one.get(move, 0.0) - other.get(move, 0.0)) for move in {**one, **other}) / 2


def mutual(odds: Sequence[Mapping[Hashable, float]], sent: Sequence[float]) -> float:
    """Bits between a message that is set with odds `sent` and the move: Σ p(m) KL(π(·|m) ‖ Σ p(m') π(·|m')).

    Examples
    --------
    >>> mutual([{"left": 1.0}, {"right": 1.0}], [0.5, 0.5])
    1.0
    """
    mean: dict[Hashable, float] = {}
    for row, weight in zip(odds, sent, strict=True):
        for move, chance in row.items():
            mean[move] = mean.get(move, 0.0) + weight * chance
    bits = (
        weight * chance * math.log2(chance / mean[move])
        for row, weight in zip(odds, sent, strict=True)
        for move, chance in row.items()
        if weight * chance > 0
    )
    return max(0.0, math.fsum(bits))


def numbered(values: Sequence[Hashable]) -> tuple[np.ndarray, int]:
    """Codes `int64[N]` from 0 in order of appearance, and how many there are."""
    table: dict[Hashable, int] = {}
    return np.array([table.setdefault(value, len(table)) for value in values], np.int64), len(table)


def flipped(apart: np.ndarray, random: np.random.Generator, rounds: int, stop: int = 20) -> float:
    """The p-value of the mean of paired differences `float[E]` under changes of sign, two-sided."""
    seen, reached, done = abs(apart.sum()), 0, 0
    while done < rounds and reached < stop:
        reached += abs(apart @ (random.integers(0, 2, len(apart)) * 2.0 - 1)) >= seen - 1e-9 * (1 + seen)
        done += 1
    return reached / done if reached >= stop else (reached + 1) / (done + 1)


def resampled(apart: np.ndarray, random: np.random.Generator, drawn: int = 2000) -> tuple[float, float]:
    """A 95 % interval of a mean by drawing episodes anew: the percentile-t interval where it can be made.

    Raises nothing: with fewer than two episodes it is everything from the least to the most that was seen.
    """
    count = len(apart)
    if count < 2 or np.ptp(apart) == 0:
        return float(apart.min()), float(apart.max())
    picked = apart[random.integers(0, count, (drawn, count))]
    spread = picked.std(1, ddof=1)
    whole = spread > 1e-12 * (1 + abs(apart).max())
    ratio = (picked.mean(1)[whole] - apart.mean()) / spread[whole]
    low, high = np.quantile(ratio, [0.025, 0.975]) * apart.std(ddof=1)
    return float(apart.mean() - high), float(apart.mean() - low)
