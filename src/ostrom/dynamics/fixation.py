"""Odds and times that a mutant takes over a finite population, and where rare mutants lead in the long run."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game
from ..solvers._gth import stationary_of_logs
from ._birth_death import Process, log_fixation, log_rates, log_ratios, require_process, times
from ._groups import Payoffs, earned_at, named, payoffs_of


@dataclass(frozen=True)
class Fixation:
    """What becomes of mutants.

    Attributes
    ----------
    odds : that they take over, in [0, 1]; 0.0 below 1e-308, where `log_odds` still tells.
    log_odds : the natural logarithm.
    neutral : the odds without selection, mutants / population; `odds` above that is favoured.
    time : mean number of steps until one mutant's kind has taken over or died out; inf beyond float64.
    time_if_fixed : the same where it takes over.
    method : how it was found.
    """

    odds: float
    log_odds: float
    neutral: float
    time: float
    time_if_fixed: float
    method: str = "closed form of a birth-death chain, in logarithms"


@dataclass(frozen=True, eq=False)
class SmallMutation:
    """Where a population is in the long run when mutants are so rare that one dies out or takes over before the next.

    Attributes
    ----------
    odds : `float[S]`, the share of time at which all have each strategy.
    log_fixation : `float[S, S]`, logarithms of the odds that one mutant (column) takes over residents (row); the
        diagonal is that of one without difference, 1 / population.
    population : how many there are.
    moves : names of the strategies.
    method : how it was found.
    """

    odds: Array
    log_fixation: Array = field(repr=False)
    population: int
    moves: tuple[str, ...]
    method: str = "Grassmann-Taksar-Heyman elimination of logarithms"

    @property
    def favoured(self) -> Array:
        """`bool[S, S]`: whether one mutant (column) takes over residents (row) more often than without selection."""
        return self.log_fixation > -np.log(self.population) + 1e-12


def fixation(
    payoffs: Game | Payoffs,
    mutant: int | str,
    resident: int | str,
    population: int = 100,
    *,
    mutants: int = 1,
    process: Process = "pairwise comparison",
    strength: float = 1.0,
    strategies: int | None = None,
) -> Fixation:
    """The odds that mutants take over a population of residents, and how long that takes, without further mutation.

    Parameters
    ----------
    payoffs : a game in which all seats are alike, played in groups drawn without replacement (nobody meets itself); or
        a function `int[M, S] -> float[M, S]` of counts.
    strategies : how many there are (S), where `payoffs` is a function; they are called "1", "2", ….
    mutant, resident : two different moves, by name or number, the first being 0.
    mutants : how many there are at first, 0 to `population`; times are those of one.
    process : "pairwise comparison" (one looks at another and takes over its strategy with odds 1 / (1 + exp(-strength
        gain)); Traulsen, Nowak and Pacheco 2006), "Moran" (one is born in proportion to exp(strength payoff), one
        dies) or "linear Moran" (to 1 - strength + strength payoff; Nowak, Sasaki, Taylor and Fudenberg 2004).

    Raises `InputError` for numbers out of range and for a linear fitness that is not positive.
    """
    require_process(process, population, strength)
    worth, count = payoffs_of(payoffs, population, strategies)
    moves = payoffs.moves[0] if isinstance(payoffs, Game) else tuple(str(k + 1) for k in range(count))
    one, other = named(moves, mutant), named(moves, resident)
    if one == other or not 0 <= mutants <= population:
        raise InputError(
            f"{mutants} mutants {moves[one]} among {population} of {moves[other]}.",
            "Mutants differ from residents, and there are no more of them than all.",
            "Name two different moves.",
        )
    own, their = _earned(worth, one, other, population, count)
    ratios, (up, _) = log_ratios(own, their, process, strength), log_rates(own, their, process, strength)
    log = float(log_fixation(ratios)[mutants])
    return Fixation(float(np.exp(log)), log, mutants / population, *times(up, ratios))


def small_mutation(
    payoffs: Game | Payoffs,
    population: int = 100,
    *,
    process: Process = "pairwise comparison",
    strength: float = 1.0,
    strategies: int | None = None,
) -> SmallMutation:
    """The share of time at which all have each strategy, in the limit of rare mutants (Fudenberg and Imhof 2006).

    Every mutant is as likely as every other. The chain of states in which all are alike is solved in logarithms of the
    odds to take over and without a subtraction, so that the answer is right however strong selection is.
    """
    require_process(process, population, strength)
    worth, count = payoffs_of(payoffs, population, strategies)
    moves = payoffs.moves[0] if isinstance(payoffs, Game) else tuple(str(k + 1) for k in range(count))
    logs = np.full((count, count), -np.log(population))
    for resident, mutant in ((r, m) for r in range(count) for m in range(count) if r != m):
        earned = _earned(worth, mutant, resident, population, count)
        logs[resident, mutant] = log_fixation(log_ratios(*earned, process, strength))[1]
    odds = stationary_of_logs(logs) if count > 1 else np.ones(1)
    return SmallMutation(odds, logs, population, moves)


def _earned(worth: Payoffs, mutant: int, resident: int, population: int, strategies: int) -> tuple[Array, Array]:
    """What mutants and residents earn where there are 1 … Z - 1 mutants."""
    counts = np.zeros((population - 1, strategies), int)
    counts[:, mutant] = np.arange(1, population)
    counts[:, resident] = population - counts[:, mutant]
    earned = earned_at(worth, counts)
    return earned[:, mutant], earned[:, resident]
