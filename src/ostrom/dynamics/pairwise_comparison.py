"""Imitation in a population of finite size: the exact share of time that it spends in each composition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from math import comb

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import splu

from ..core.errors import InputError, TooLarge
from ..core.game import Array

MOST_STATES = 60_000
STEPS, ATTEMPTS = 500, 8
MANY_TIMES, SURE = 1e3, 1e-12


@dataclass(frozen=True, eq=False)
class Compositions:
    """How a population is composed in the long run.

    Attributes
    ----------
    counts : `int[M, S]`, how many have each strategy; rows in order of the first, then the second, ….
    odds : `float[M]`, the share of time spent there.
    residual : the most by which one more step would change any of the odds.
    """

    counts: Array = field(repr=False)
    odds: Array = field(repr=False)
    residual: float

    @property
    def mean(self) -> Array:
        """`float[S]`, the mean share of each strategy."""
        return self.odds @ self.counts / self.counts[0].sum()


def pairwise_comparison(
    payoffs: Callable[[Array], Array], strategies: int, population: int, *, strength: float = 1.0, mutation: float
) -> Compositions:
    """Everybody now and then takes over the strategy of another who seems to fare better (Traulsen et al., 2006).

    At each step somebody, drawn evenly, changes its strategy: with odds `mutation` to one of the others, drawn evenly;
    else it looks at somebody else, drawn evenly, and takes over that one's strategy with odds
    `1 / (1 + exp(-strength * (theirs - own)))` of payoffs. The odds of compositions solve a linear system; nothing is
    sampled.

    Parameters
    ----------
    payoffs : `int[M, S] -> float[M, S]`, what each strategy earns in each composition; not read where nobody has it.
    strategies, population : S and how many there are, 2 or more of both.
    strength : per unit of payoff, at least 0; at 0 all is drift.
    mutation : odds, above 0 and at most 1; without mutation the answer depends on how one began.

    Raises `InputError` for such numbers, payoffs that are not finite, or selection too strong to compute, and
    `TooLarge` beyond 60,000 compositions.
    """
    if strategies < 2 or population < 2 or not 0 <= strength < np.inf or not 0 < mutation <= 1:
        raise InputError(
            f"strategies={strategies}, population={population}, strength={strength}, mutation={mutation} were given.",
            "It takes two to compare, and mutation for an answer that does not depend on the start.",
            "Give 2 or more of the first two, a strength of at least 0, and 0 < mutation <= 1.",
        )
    many = comb(population + strategies - 1, strategies - 1)
    if many > MOST_STATES:
        raise TooLarge(
            f"{population} with {strategies} strategies can be composed in {many:,} ways.",
            f"The exact answer is for up to {MOST_STATES:,}.",
            "Take fewer strategies, or a smaller population.",
        )
    counts = _compositions(strategies, population)
    worth = np.asarray(payoffs(counts), float)
    if worth.shape != counts.shape or not np.isfinite(worth[counts > 0]).all():
        raise InputError(
            f"payoffs(counts) has shape {worth.shape}, or holds numbers that are not finite.",
            "Each strategy that somebody has earns something.",
            f"Return floats of shape {counts.shape}.",
        )
    moves = _moves(counts, np.where(counts > 0, worth, 0.0), strength, mutation)
    odds = _stationary(moves, len(counts))
    return Compositions(counts, odds, float(abs(odds @ moves - odds * moves.sum(1)).max()))


def _compositions(strategies: int, population: int) -> Array:
    """`int[M, S]`: every way to share out the population, by bars between stars."""
    bars = np.array(list(combinations(range(population + strategies - 1), strategies - 1)), int)
    bars = bars.reshape(len(bars), strategies - 1)
    edges = np.pad(bars, ((0, 0), (1, 1)), constant_values=((0, 0), (-1, population + strategies - 1)))
    return np.diff(edges, axis=1) - 1


def _moves(counts: Array, worth: Array, strength: float, mutation: float) -> csr_array:
    """Odds `[M, M]` that a step leads from one composition to another; the diagonal is left out."""
    population, strategies = counts[0].sum(), counts.shape[1]
    place = (population + 1) ** np.arange(strategies)
    codes = counts @ place
    order = np.argsort(codes)
    rows, columns, odds = [], [], []
    for left, taken in ((a, b) for a in range(strategies) for b in range(strategies) if a != b):
        there = np.flatnonzero(counts[:, left])
        own, other = counts[there, left], counts[there, taken]
        gain = strength * (worth[there, taken] - worth[there, left])
        copies = (1 - mutation) * other / (population - 1) / (1 + np.exp(-np.clip(gain, -700, 700)))
        odds.append(own / population * (copies + mutation / (strategies - 1)))
        rows.append(there)
        columns.append(order[np.searchsorted(codes, codes[there] - place[left] + place[taken], sorter=order)])
    entries = np.concatenate(odds), (np.concatenate(rows), np.concatenate(columns))
    return csr_array(coo_array(entries, shape=(len(counts), len(counts))))


def _stationary(moves: csr_array, many: int) -> Array:
    """Odds `float[M]` that one step does not change, solved for as multiples of those of one composition.

    That one has to be among the likely ones, or the multiples are beyond float64: it is where some steps from anywhere
    lead, and then where the odds that are found say.
    """
    every = np.arange(many)
    stays = csr_array((moves.sum(1), (every, every)), shape=(many, many))
    balance = csr_array(moves.T - stays)
    odds = np.full(many, 1 / many)
    for _ in range(STEPS):
        odds = odds + balance @ odds
    for _ in range(ATTEMPTS):
        known = int(odds.argmax())
        rest = np.delete(every, known)
        try:
            found = splu(balance[rest][:, rest].tocsc()).solve(-balance[rest][:, [known]].toarray().ravel())
        except RuntimeError:  # singular to working precision: from there nothing else is reached
            break
        odds = np.insert(np.maximum(found, 0.0), known, 1.0)
        odds /= odds.sum()
        if odds[known] * MANY_TIMES > odds.max() and abs(balance @ odds).max() < SURE:
            return odds
    raise InputError(
        f"Selection is so strong that the odds of {many:,} compositions cannot be computed in float64.",
        "Some are left as good as never.",
        "Lower the strength, raise the mutation, or take a smaller population.",
    )
