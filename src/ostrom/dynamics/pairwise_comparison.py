"""Imitation in a population of finite size: the exact share of time that it spends in each composition."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array, Game
from ._elimination import stationary
from ._groups import Payoffs, compositions, earned_at, payoffs_of
from ._imitation import chain_of, require_process

MOST = 80_000_000
"""Numbers kept by the elimination, states times the width of their band, beyond which none is begun (640 MB)."""


@dataclass(frozen=True, eq=False)
class Compositions:
    """How a population is composed in the long run.

    Attributes
    ----------
    counts : `int[M, S]`, how many have each strategy; rows in order of the first, then the second, ….
    odds : `float[M]`, the share of time spent there.
    residual : the most by which one more step would change any of the odds.
    method : how they were found.
    """

    counts: Array = field(repr=False)
    odds: Array = field(repr=False)
    residual: float
    method: str = "Grassmann-Taksar-Heyman elimination"

    @property
    def mean(self) -> Array:
        """`float[S]`, the mean share of each strategy."""
        return self.odds @ self.counts / self.counts[0].sum()


def pairwise_comparison(
    payoffs: Game | Payoffs,
    strategies: int | None = None,
    population: int = 100,
    *,
    strength: float = 1.0,
    mutation: float,
) -> Compositions:
    """Everybody now and then takes over the strategy of another who seems to fare better (Traulsen et al., 2006).

    At each step somebody, drawn evenly, changes its strategy: with odds `mutation` to one of the others, drawn evenly;
    else it looks at somebody else, drawn evenly, and takes over that one's strategy with odds
    `1 / (1 + exp(-strength * (theirs - own)))` of payoffs. The odds of compositions solve a linear system by an
    elimination without subtractions: nothing is sampled, and no selection is too strong.

    Parameters
    ----------
    payoffs : a game in which all seats are alike, played in groups drawn without replacement; or a function
        `int[M, S] -> float[M, S]`, what each strategy earns in each composition, not read where nobody has it.
    strategies, population : S (known of a game) and how many there are, 2 or more of both.
    strength : per unit of payoff, at least 0; at 0 all is drift.
    mutation : odds, above 0 and at most 1; without mutation the answer depends on how one began.

    Raises `InputError` for such numbers and payoffs that are not finite, and `TooLarge` where the elimination would
    keep more than 80 million numbers (then see `sampled_comparison`).
    """
    payoffs, strategies = payoffs_of(payoffs, population, strategies)
    require_process(strategies, population, strength, mutation)
    many = comb(population + strategies - 1, strategies - 1)
    band = comb(population + strategies - 2, strategies - 2)
    if many * band > MOST:
        raise TooLarge(
            f"{population} with {strategies} strategies can be composed in {many:,} ways.",
            f"The exact answer keeps up to {MOST:,} numbers, {band:,} for each of them.",
            "Take fewer strategies or a smaller population, or sample the answer with sampled_comparison.",
        )
    counts = compositions(strategies, population)
    chain = chain_of(counts, earned_at(payoffs, counts), strength, mutation)
    odds = stationary(chain)
    return Compositions(counts, odds, float(np.abs(chain.flow(odds)).max()))
