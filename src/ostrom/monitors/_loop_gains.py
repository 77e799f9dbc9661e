"""What follows from a matrix of one-step responses: how far disturbances grow, round which loop, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

Array = np.ndarray

NEVER = 4096
"""Rounds after which a disturbance that still grows is taken to grow for ever."""


def rounds(blocks: Array, turn: Array) -> Array:
    """The matrix that takes the state one round on.

    Parameters
    ----------
    blocks : `float[…, L, d, d]`: how number i answers number j as i last saw it, and as it stood 1, 2, … rounds before.
    turn : `int[d]`, who moves when within a round; i sees j's move of the same round iff `turn[j] < turn[i]`.

    Returns
    -------
    `float[…, L d, L d]`, the companion matrix of the state (y_t, y_{t-1}, …).

    Examples
    --------
    >>> rounds(np.array([[[0, 0.5], [3, 0]]]), np.array([0, 1])).tolist()
    [[0.0, 0.5], [0.0, 1.5]]
    """
    *many, lags, d, _ = blocks.shape
    early = turn[None, :] < turn[:, None]
    now, before = np.where(early, blocks, 0.0), np.where(early, 0.0, blocks)
    before[..., : lags - 1, :, :] += now[..., 1:, :, :]
    reduced = np.linalg.inv(np.eye(d) - now[..., 0, :, :])[..., None, :, :] @ before
    companion = np.zeros((*many, lags * d, lags * d))
    companion[..., :d, :] = np.moveaxis(reduced, -3, -2).reshape(*many, d, lags * d)
    companion[..., d:, :-d] = np.eye((lags - 1) * d)
    return companion


def radius(matrix: Array) -> Array:
    """By how much a disturbance grows in a round in the long run, `float[…]`: the largest modulus of an eigenvalue."""
    return np.abs(np.linalg.eigvals(matrix)).max(-1)


def transient(matrix: Array, d: int | None = None) -> tuple[float, int]:
    """The largest ‖J^k‖ over k ≥ 0 and its k: how far a disturbance may grow before it dies; inf where it never does.

    The norm is the spectral one, of the first `d` numbers (default all). For a normal matrix of radius below 1 it is 1,
    at k = 0; for others it may be many times as much (Trefethen and Embree 2005).

    Examples
    --------
    >>> transient(np.array([[0.5, 0], [0, 0.9]]))
    (1.0, 0)
    """
    if radius(matrix) >= 1:
        return float("inf"), NEVER
    best, at, power = 1.0, 0, np.eye(len(matrix))
    for k in range(1, NEVER):
        power = power @ matrix
        size, whole = float(np.linalg.norm(power[:d, :d], 2)), float(np.linalg.norm(power, 2))
        if size > best:
            best, at = size, k
        if whole * max(best, whole) < 1:  # whatever comes is at most the product of what was and this
            break
    return best, at


def cycles(slopes: Array, turn: Array, longest: int = 5) -> list[tuple[tuple[int, ...], float, float]]:
    """Simple loops among numbers that answer one another, and the product of the answers along each.

    Parameters
    ----------
    slopes : `float[d, d]`: how i answers j; 0 where it does not. turn : as in `rounds`.
    longest : members of a loop at most.

    Returns
    -------
    `(members, gain, a round)`, those with the largest gain a round first: |gain| to the power of one over the rounds
    that going once round takes. Each member is answered by the next, and the last by the first.

    Examples
    --------
    >>> cycles(np.array([[0, 0.5], [3, 0]]), np.array([0, 1]))
    [((0, 1), 1.5, 1.5)]
    """
    found = []
    for loop in _loops(slopes != 0, longest):
        gain = float(np.prod([slopes[b, a] for a, b in steps(loop)]))
        last = sum(turn[a] >= turn[b] for a, b in steps(loop))
        found.append((loop, gain, float(abs(gain) ** (1 / last))))
    return sorted(found, key=lambda one: (-one[2], one[0]))


def steps(loop: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Who is answered by whom along a loop."""
    return zip(loop, (*loop[1:], loop[0]), strict=True)


def alone(blocks: Array, turn: Array, loop: tuple[int, ...]) -> float:
    """By how much a disturbance grows in a round along one loop, with every other answer taken away, at all lags.

    Examples
    --------
    >>> round(alone(np.array([[[0.0]], [[1.21]]]), np.array([0]), (0,)), 6)  # what answers two rounds later
    1.1
    """
    kept = np.zeros(blocks.shape[-2:], bool)
    for a, b in steps(loop):
        kept[b, a] = True
    return float(radius(rounds(np.where(kept, blocks, 0.0), turn)))


def _loops(answers: Array, longest: int) -> Iterator[tuple[int, ...]]:
    """Every simple loop once, from its smallest member."""
    for first in range(len(answers)):
        paths = [(first,)]
        while paths:
            path = paths.pop()
            if answers[first, path[-1]]:
                yield path
            if len(path) < longest:
                onward = np.flatnonzero(answers[:, path[-1]])
                paths += [(*path, int(k)) for k in onward if k > first and k not in path]


def bounds(blocks: Array, turn: Array, loop: tuple[int, ...]) -> list[tuple[int, int, float]]:
    """The reactions of a loop of which one alone, bounded, keeps all at rest: `(who, to whom, share that may stay)`.

    The share is the largest in [0, 1] by which that one reaction (at all lags) may be multiplied so that the radius of
    a round is below 1 for it and every smaller share of a grid of 64; reactions that alone do not do it are left out.
    """
    found = []
    for a, b in steps(loop):
        shares = np.linspace(0.0, 1.0, 65)
        scaled = np.repeat(blocks[None], len(shares), axis=0)
        scaled[:, :, b, a] *= shares[:, None]
        calm = radius(rounds(scaled, turn)) < 1
        if calm[0]:
            found.append((b, a, float(shares[len(shares) - 1 if calm.all() else int(np.argmin(calm)) - 1])))
    return sorted(found, key=lambda one: -one[2])
