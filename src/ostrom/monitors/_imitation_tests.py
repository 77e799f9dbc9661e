"""Whether one agent's moves follow another's beyond what is held constant: how much, and by two tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ._imitation_steps import Pair

CHUNK = 400_000
"""Moves in the streams that are drawn at once."""

PARTS = 6
"""Parts of the log from which on they are taken as what is independent."""

DULL = 0.4
"""Normal tail, times the number of tests, above which nothing is drawn and p is 1, which makes no p-value smaller."""

STOP = 12
"""Draws with as much as was seen after which no more are made (Besag and Clifford 1991): the p-value stays exact."""

SWAPS = 8
"""Episodes in a part of the log from which on they are swapped; below, streams are shifted."""


@dataclass(frozen=True)
class Followed:
    """How much was followed.

    Attributes
    ----------
    share : of moves that are copies: matches beyond those expected in each stratum, over those there would be more if
        every move were a copy. interval : of 95 %, Student's, over the parts of the log; over moves, where there are
        fewer than `PARTS`.
    z : matches beyond expected in standard deviations of permutations within strata. n : moves.
    """

    share: float
    interval: tuple[float, float]
    z: float
    n: int


def followed(rows: Pair) -> Followed:
    """The share of moves that are copies."""
    from scipy.special import stdtrit

    kinds = int(max(rows.then.max(initial=0), rows.did.max(initial=0))) + 1
    beyond, possible = _beyond(rows, kinds)
    total = float(possible.sum())
    if total <= 0:
        return Followed(0.0, (-1.0, 1.0), 0.0, len(rows.then))
    share = float(beyond.sum()) / total
    left = beyond - share * possible
    sums = np.bincount(np.unique(rows.window, return_inverse=True)[1].reshape(-1), left)
    sums = sums if len(sums) >= PARTS else left
    half = float(stdtrit(len(sums) - 1, 0.975) * np.sqrt(len(sums) / (len(sums) - 1) * (sums**2).sum())) / total
    z = float(_score(rows.strata, rows.then, rows.did[None], kinds)[0])
    return Followed(share, (share - half, share + half), z, len(rows.then))


def _tables(strata: np.ndarray, values: np.ndarray, kinds: int) -> np.ndarray:
    """How often each kind occurs in each stratum, `float[…, S, kinds]`, of streams `[…, n]`."""
    count = int(strata.max(initial=-1)) + 1
    flat = values.reshape(-1, len(strata))
    cells = (np.arange(len(flat))[:, None] * count + strata) * kinds + flat
    return np.bincount(cells.ravel(), minlength=len(flat) * count * kinds).reshape(len(flat), count, kinds) * 1.0


def _beyond(rows: Pair, kinds: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each move, the match beyond what the stratum's frequencies give, and how much a copy would be beyond it."""
    size, s = np.maximum(np.bincount(rows.strata), 1)[:, None], rows.strata
    then, did = _tables(s, rows.then, kinds)[0] / size, _tables(s, rows.did, kinds)[0] / size
    beyond = (rows.then == rows.did) - then[s, rows.did] - did[s, rows.then] + (then * did).sum(1)[s]
    return beyond, 1 - 2 * did[s, rows.did] + (did**2).sum(1)[s]


def _score(strata: np.ndarray, then: np.ndarray, did: np.ndarray, kinds: int) -> np.ndarray:
    """Matches of `then [n]` with streams `did [B, n]`, less their mean under permutations, over its deviation.

    As in the test of Cochran (1954), Mantel and Haenszel (1959), for many kinds.
    """
    size = np.maximum(np.bincount(strata), 1).astype(float)
    y, x = _tables(strata, then, kinds), _tables(strata, did, kinds)
    cross = (y * x).sum(-1)
    spread = cross - ((y * x**2) + (y**2 * x)).sum(-1) / size + cross**2 / size**2
    variance = np.where(size > 1, spread / np.maximum(size - 1, 1), 0.0).sum(-1)
    excess = (did == then).sum(-1) - (cross / size).sum(-1)
    return np.divide(excess, np.sqrt(variance), out=np.zeros(len(did)), where=variance > 1e-12)


def tested(rows: Pair, seed: Sequence[int], rounds: int, tests: int) -> float:
    """The larger of two p-values, one-sided: valid wherever one of them is.

    One permutes the model's moves within strata: valid where moves are independent given what is held constant. The
    other swaps its episodes, or shifts its stream, within parts of the log: valid where the two streams have nothing to
    do with one another, however each of them goes on from its own past. Of `tests` tests together, those that cannot
    matter are not made.
    """
    from scipy.special import ndtr

    if len(np.unique(rows.then)) < 2 or len(np.unique(rows.did)) < 2:
        return 1.0
    kinds = int(max(rows.then.max(), rows.did.max())) + 1
    seen = _score(rows.strata, rows.then, rows.did[None], kinds)[0]
    if ndtr(-seen) * tests > DULL:
        return 1.0
    chunk = max(20, CHUNK // len(rows.then))
    shuffled = _counted(_shuffled(rows, np.random.default_rng([*seed, 0])), rounds, chunk)
    if shuffled > 0.5:
        return shuffled
    moved, rng = _moved(rows), np.random.default_rng([*seed, 1])

    def reached(count: int) -> np.ndarray:
        return _score(rows.strata, rows.then, moved(rng, count), kinds) >= seen - 1e-9

    return max(shuffled, _counted(reached, rounds, chunk))


def _counted(reached: Callable[[int], np.ndarray], rounds: int, chunk: int) -> float:
    """The p-value from draws that reach what was seen, made until there are `STOP` of them, or all."""
    done, hits, first = 0, 0, chunk
    while done < rounds:
        some = reached(min(chunk, rounds - done))
        total = hits + np.cumsum(some)
        if total[-1] >= STOP:
            return STOP / (done + int(np.argmax(total >= STOP)) + 1)
        done, hits, chunk = done + len(some), int(total[-1]), min(2 * chunk, 16 * first)
    return (hits + 1) / (rounds + 1)


def _shuffled(rows: Pair, rng: np.random.Generator) -> Callable[[int], np.ndarray]:
    """Whether there are as many matches with the model's moves in another order within strata.

    Their mean and deviation are the same in every order, so that matches can be counted instead of scores.
    """
    seen, order = int((rows.then == rows.did).sum()), np.argsort(rows.strata, kind="stable")
    strata = np.split(order, np.flatnonzero(np.diff(rows.strata[order])) + 1)
    parts = [(rows.then[one].astype(np.int8), rows.did[one].astype(np.int8)) for one in strata]

    def reached(count: int) -> np.ndarray:
        matches = np.zeros(count, np.int64)
        for then, did in parts:
            matches += (rng.permuted(np.broadcast_to(did, (count, len(did))), axis=1) == then).sum(1)
        return matches >= seen

    return reached


Draw = Callable[[np.random.Generator, int], np.ndarray]


def _moved(rows: Pair) -> Draw:
    """Streams of the model with episodes swapped, or shifted round by a random number of moves, within each part."""
    parts = [np.flatnonzero(rows.window == k) for k in np.unique(rows.window)]
    inside = [np.split(part, np.flatnonzero(np.diff(rows.episode[part])) + 1) for part in parts]

    def draw(rng: np.random.Generator, count: int) -> np.ndarray:
        source = np.empty((count, len(rows.did)), np.int64)
        for part, episodes in zip(parts, inside, strict=True):
            if len(episodes) < SWAPS:
                shift = rng.integers(len(part), size=(count, 1))
                source[:, part] = part[(np.arange(len(part)) + shift) % len(part)]
                continue
            # Each episode takes the moves of another, from its start; a longer one begins again where that one ends.
            length = np.array([len(one) for one in episodes])
            begin, owner = np.array([one[0] for one in episodes]), np.repeat(np.arange(len(episodes)), length)
            place = part - begin[owner]
            other = rng.permuted(np.broadcast_to(np.arange(len(episodes)), (count, len(episodes))), axis=1)[:, owner]
            source[:, part] = begin[other] + place % length[other]
        return rows.did[source]

    return draw
