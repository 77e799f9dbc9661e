"""α-Rank: how often evolution finds a population at each strategy, or the populations at each joint move."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game, Mixture
from ..core.solution import Status
from ._alpha import LARGEST, Selection, many_populations, one_population


@dataclass(frozen=True, eq=False)
class AlphaRank:
    """Where evolution spends its time.

    Attributes
    ----------
    states : the names of the moves of each state; one move in one population, else one per player.
    masses : the share of time in each state, `float[S]`, adding up to 1.
    sinks : the strongly connected sets of states that no improvement and no drift leads out of, as state numbers. All
        mass is in them in the limit α → ∞ (there they are called Markov-Conley chains).
    alpha, population : the selection intensity, per unit of payoff, and the number in each population.
    sizes : the moves of each player, or of the one population.
    status : always "complete": the distribution is unique.
    method : how it was found.
    """

    states: tuple[tuple[str, ...], ...]
    masses: Array
    sinks: tuple[tuple[int, ...], ...]
    alpha: float
    population: int
    sizes: tuple[int, ...]
    status: Status = "complete"
    method: str = field(default="Grassmann-Taksar-Heyman elimination", repr=False)

    @property
    def ranking(self) -> tuple[int, ...]:
        """State numbers by mass, largest first; of equal ones the first listed."""
        return tuple(int(k) for k in np.argsort(-self.masses, kind="stable"))

    @property
    def joint(self) -> Array:
        """The masses as a table `[A_1, …, A_P]`, or `[A]` of one population."""
        return self.masses.reshape(self.sizes)

    @property
    def marginals(self) -> Mixture:
        """How often each player's population is at each of its moves."""
        axes = range(len(self.sizes))
        return tuple(self.joint.sum(tuple(k for k in axes if k != i)) for i in axes)


def alpha_rank(
    game: Game,
    alpha: float = math.inf,
    population: int = 50,
    *,
    together: bool = False,
    selection: Selection = "local",
) -> AlphaRank:
    """The stationary distribution of α-Rank (Omidshafiei et al. 2019), right to rounding at any intensity.

    Mutants are so rare that a population is of one strategy when the next one arises; the mutant's strategy takes over
    or dies out by imitation with intensity α. The states are linked by the odds to take over, which vanish like
    exp(-α …): they are kept as logarithms, and in the limit by their leading terms, so nothing underflows and no α has
    to be chosen.

    Parameters
    ----------
    alpha : from 0 (drift alone) to infinity (the limit, in which payoffs are read to 12 digits so that ties are ties).
    population : how many in each population, from 2 to 10,000.
    together : whether both players of a symmetric game are drawn from one population; otherwise each has its own.
    selection : in one population, who a mutant is compared with: "local", the one it meets; "mixed", the others by
        their payoffs in the whole population (then how it does against its own kind matters too).

    Raises
    ------
    InputError : a negative or missing intensity, a population of 1, one population for players who are not alike.
    TooLarge : more than 1500 states.
    """
    if not alpha >= 0:
        raise InputError(f"α is {alpha!r}.", "It runs from 0, drift, to inf, the limit.", "Give a number from 0.")
    if not 2 <= population <= LARGEST or population != int(population):
        raise InputError(
            f"A population of {population!r}.",
            f"A mutant needs others to take over from: whole numbers from 2 to {LARGEST:,}.",
            "Leave it at 50, or give such a number.",
        )
    population = int(population)
    whole, fine = (
        one_population(game, exact, population, selection) if together else many_populations(game, exact, population)
        for exact in (True, False)
    )
    sizes = game.sizes[:1] if together else game.sizes
    states = [(move,) for move in game.moves[0]] if together else [game.labels(profile) for profile in game.profiles()]
    return AlphaRank(
        states=tuple(states),
        masses=(whole if alpha == math.inf else fine).masses(alpha, population),
        sinks=whole.sinks(population),
        alpha=float(alpha),
        population=population,
        sizes=sizes,
    )
