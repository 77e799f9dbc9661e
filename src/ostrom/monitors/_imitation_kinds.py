"""In what way an agent imitates: one other, who is best paid, what most do, or who has been paid most so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._exchanges import combined
from ._imitation_steps import LONG, Moves, windows

WAYS = ("payoff-biased", "conformist", "prestige", "of one agent")
"""After who was best paid at the last step; after the largest group of the others; after who was paid most so far;
after the one it follows most, whatever that one gets."""

SAME = 0.95
"""Share of steps from which following one agent and another way come to the same, and only the other is looked at."""

ENOUGH = 50
"""Moves that tell of a way, in effect, below which it is not looked at."""

CLEAR, APART = 3.3, 2.0
"""Standard errors from which a way is one, and between the first and the second."""


@dataclass(frozen=True)
class Way:
    """How an agent imitates: a name among `WAYS`, or "undecided"; the share of its moves copied in each way, with
    standard errors, the other two held constant.
    """

    name: str
    shares: dict[str, float]
    errors: dict[str, float]


def way(table: Moves, learner: int, model: int, width: int) -> Way | None:
    """By regression of what it does on what each way would have it do, within strata of its past and the context."""
    at = np.flatnonzero((table.kind[:, learner] >= 0) & (table.last[:, learner] >= 0))[-LONG:]
    if len(at) < 2 or len(table.agents) < 3 or not np.isfinite(table.pay).any():
        return None
    past = table.done[at, learner]
    strata = combined([windows(table.episode[at], width), past, *table.public[at].T], len(at))
    kinds = int(table.kind.max()) + 1
    wanted = [_paid(table, learner, at), _most(table, learner, at), _record(table, learner, at)]
    one = table.done[at, model]
    if max((one == other).mean() for other in wanted) < SAME:
        wanted.append(one)
    y = _within(strata, table.kind[at, learner], kinds)
    x = np.stack([_within(strata, ways, kinds) for ways in wanted])  # [3 or 4, n, kinds]
    weight = (x**2).sum(2)
    x[weight.sum(1) ** 2 < ENOUGH * (weight**2).sum(1)] = 0.0
    gram = np.einsum("ink,jnk->ij", x, x)
    inverse = np.linalg.pinv(gram, rcond=1e-6, hermitian=True)
    shares = inverse @ np.einsum("ink,nk->i", x, y)
    scores = np.einsum("ink,nk->ni", x, y - np.einsum("i,ink->nk", shares, x))
    errors = np.sqrt(np.maximum(np.diag(inverse @ (scores.T @ scores) @ inverse), 0))
    named: list[str] = list(WAYS[: len(wanted)])
    by_way = [dict(zip(named, map(float, some), strict=True)) for some in (shares, errors)]
    return Way(_named(shares, errors), *by_way)


def _named(shares: np.ndarray, errors: np.ndarray) -> str:
    first, second = np.argsort(-shares)[:2]
    clear = errors[first] > 0 and shares[first] > CLEAR * errors[first]
    apart = shares[first] - shares[second] > APART * np.hypot(errors[first], errors[second])
    return WAYS[first] if clear and apart else "undecided"


def _within(strata: np.ndarray, kind: np.ndarray, kinds: int) -> np.ndarray:
    """Indicators `float[n, kinds]` less their means in each stratum; all 0 where there is no kind."""
    ones = (kind[:, None] == np.arange(kinds)) * 1.0
    count = int(strata.max()) + 1
    size = np.maximum(np.bincount(strata, kind >= 0, count), 1)[:, None]
    means = np.stack([np.bincount(strata, one, count) for one in ones.T], 1) / size
    return np.where((kind >= 0)[:, None], ones - means[strata], 0.0)


def _paid(table: Moves, learner: int, at: np.ndarray) -> np.ndarray:
    """What who was best paid for its last move did; -1 where two kinds are as well paid."""
    step = table.last[at]
    pay = np.where(step >= 0, table.pay[step, np.arange(len(table.agents))], np.nan)
    return _of_the_best(np.delete(pay, learner, 1), np.delete(table.done[at], learner, 1))


def _record(table: Moves, learner: int, at: np.ndarray) -> np.ndarray:
    """What who has been paid most in the mean so far did last."""
    known = np.isfinite(table.pay)
    total = np.cumsum(np.where(known, table.pay, 0.0), 0)
    mean = np.divide(total, np.cumsum(known, 0), out=np.full(total.shape, np.nan), where=np.cumsum(known, 0) > 0)
    return _of_the_best(np.delete(mean[np.maximum(at - 1, 0)], learner, 1), np.delete(table.done[at], learner, 1))


def _of_the_best(worth: np.ndarray, did: np.ndarray) -> np.ndarray:
    worth = np.where(np.isfinite(worth) & (did >= 0), worth, -np.inf)
    best = (worth == worth.max(1, keepdims=True)) & np.isfinite(worth)
    low = np.where(best, did, np.iinfo(np.int64).max).min(1)
    high = np.where(best, did, -1).max(1)
    return np.where(low == high, high, -1)


def _most(table: Moves, learner: int, at: np.ndarray) -> np.ndarray:
    """What most of the others did; -1 where two kinds are as frequent."""
    votes = table.votes[at].copy()
    did = table.done[at, learner]
    votes[np.flatnonzero(did >= 0), did[did >= 0]] -= 1
    top = votes.max(1, keepdims=True)
    return np.where(((votes == top).sum(1) == 1) & (top[:, 0] > 0), votes.argmax(1), -1)
