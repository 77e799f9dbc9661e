"""How messages are built from meanings: what each place in them, and each word, is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from functools import cached_property

import numpy as np

from ._discrete import NATS
from ._influence_questions import xlog2x

PLACES, WORDS = 16, 48
"""Places of a message, and words, whose meaning is asked for."""


def bits(a: np.ndarray, b: np.ndarray) -> float:
    """Information between two columns of codes in bits, less its Miller–Madow bias."""
    kinds, width = int(a.max(initial=0)) + 1, int(b.max(initial=0)) + 1
    joint = np.bincount(a * width + b, minlength=kinds * width).reshape(kinds, width)
    log, sums = xlog2x(len(a)), (joint.sum(1), joint.sum(0))
    plugin = (log[joint].sum() - log[sums[0]].sum() - log[sums[1]].sum() + log[len(a)]) / max(1, len(a))
    seen = [np.count_nonzero(one) for one in (joint, *sums)]
    return float(plugin - (seen[0] - seen[1] - seen[2] + 1) / (2 * max(1, len(a)) * NATS))


def entropy(a: np.ndarray) -> float:
    """Entropy of a column of codes in bits, with its Miller–Madow bias put back."""
    count = np.bincount(a)
    count = count[count > 0]
    return float(-(count / len(a) * np.log2(count / len(a))).sum() + (len(count) - 1) / (2 * len(a) * NATS))


class Parts:
    """Measures of what the places and words of messages are for, each with messages as recorded or exchanged.

    `meanings` is `int64[N, F]`; of messages the first `PLACES` places and the `WORDS` commonest words are looked at.
    """

    def __init__(self, messages: Sequence[Sequence[Hashable]], code: np.ndarray, meanings: np.ndarray) -> None:
        weight = np.bincount(code, minlength=len(messages))
        often = Counter[Hashable]()
        for message, times in zip(messages, weight.tolist(), strict=True):
            often.update(dict.fromkeys(sorted(set(message), key=str), times))
        self.words = [part for part, _ in often.most_common(WORDS)]
        longest = min(PLACES, max(map(len, messages), default=0))
        number = {part: k + 1 for k, part in enumerate(often)}
        places = [[number[m[j]] if j < len(m) else 0 for j in range(longest)] for m in messages]
        counts = [[m.count(word) for word in self.words] for m in map(list, messages)]
        self._places = np.array(places, np.int64).reshape(len(messages), longest)[code]
        self._counts = np.array(counts, np.int64).reshape(len(messages), len(self.words))[code]
        self._meanings = meanings

    def measures(self, source: np.ndarray) -> dict[str, float]:
        """All four; those that need two fields, or a word, are left out where there are none."""
        out = {}
        if self._meanings.shape[1] > 1:
            out["posdis"] = self._gap(self._places[source])
            out["bosdis"] = self._gap(self._counts[source])
        if self.words:
            out["context independence"] = self._independence(self._counts[source] > 0)
            out["residual entropy"] = self._residual(self._places[source])
        return {name: round(value, 6) for name, value in out.items()}

    def _gap(self, parts: np.ndarray) -> float:
        """Of each part's entropy, how much more goes with its first field than with its second (Chaabouni et al. 2020).

        The mean over parts that vary; near 1 each part is for one field alone.
        """
        shares = []
        for part in parts.T:
            whole = entropy(part)
            if whole > 1e-9:
                best = sorted(max(0.0, bits(part, field)) for field in self._meanings.T)
                shares.append((best[-1] - best[-2]) / whole)
        return float(np.mean(shares)) if shares else 0.0

    def _independence(self, has: np.ndarray) -> float:
        """How far each value has a word to itself: p(word | value) p(value | word) of the best (Bogin et al. 2018)."""
        scores = []
        for value in self._values:
            both = (has & value[:, None]).sum(0)
            given_word = both / np.maximum(has.sum(0), 1)
            best = int(given_word.argmax())
            scores.append(given_word[best] * both[best] / max(1, value.sum()))
        return float(np.mean(scores))

    @cached_property
    def _values(self) -> list[np.ndarray]:
        return [field == value for field in self._meanings.T for value in np.unique(field)]

    def _residual(self, places: np.ndarray) -> float:
        """Of each field's entropy, what is left when the places that tell most of it are known (Resnick et al. 2020).

        Each place is given to one field, by how much it tells of it, three to a field at most: not above what the best
        of all partitions would leave by more than that.
        """
        tells = np.array([[bits(place, field) for field in self._meanings.T] for place in places.T])
        owner = tells.argmax(1) if len(tells) else np.zeros(0, np.int64)
        left = []
        for f, field in enumerate(self._meanings.T):
            own = sorted(np.flatnonzero(owner == f), key=lambda place: -tells[place, f])[:3]
            code = np.zeros(len(field), np.int64)
            for place in own:
                code = np.unique(np.stack([code, places[:, place]]), axis=1, return_inverse=True)[1].reshape(-1)
            whole = entropy(field)
            left.append(1 - bits(code, field) / whole if whole > 1e-9 else 0.0)
        return float(np.clip(np.mean(left), 0, 1))
