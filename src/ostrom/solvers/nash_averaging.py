"""Nash averaging: agents, and the tasks they are tried on, weighed so that copies do not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..core.solution import Solution
from ._max_entropy import max_entropy
from ._minimax import minimax, zero_sum_matrix

CLOSE = 1e-14
"""Entropy, in nats, that may be missing in an answer called complete: by Pinsker's inequality, odds are then right to
1.5e-7 all together (and as a rule to many more digits, as this is what rounding leaves of the bound)."""

UNKNOWN = "This is an equilibrium, but the program that looks for all of them failed: another may have more entropy."

ROUNDING = 1e-12
"""Share of the largest advantage by which `A + A.T` may differ from 0."""


@dataclass(frozen=True)
class NashAveraging(Solution):
    """The maximum-entropy equilibrium of a meta-game, and the skills it gives; `points` is that one equilibrium.

    Attributes
    ----------
    agents, tasks : weights `float[S]` and `float[T]`, each adding up to 1; of agents among themselves both are one.
    skills : `float[S]`, what each agent scores against the weighted others (or on the weighted tasks); of agents among
        themselves 0 for those who count, and at most 0 for all.
    difficulties : `float[T]`, by how much each task holds the weighted agents below the value.
    value : what the weighted agents score; 0 among agents.
    entropies : in nats, of both; of distinct agents and tasks where copies count once.
    gap : the entropy that another equilibrium could have more, at most (weak duality).
    """

    agents: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    tasks: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    skills: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    difficulties: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    value: float = 0.0
    entropies: tuple[float, float] = (0.0, 0.0)
    gap: float = 0.0


def nash_averaging(advantages: Any, *, distinct: bool = True) -> NashAveraging:
    """Weights and skills of agents who have been compared pairwise (Balduzzi et al. 2018).

    Two players pick an agent each; the weights are the equilibrium of that symmetric zero-sum game with most entropy,
    which is unique. A copy of an agent changes no skill and shares its original's weight.

    Parameters
    ----------
    advantages : `float[S, S]` with A = -Aᵀ (log-odds of winning, or win rate less one half), or such a game.
    distinct : whether entropy is that of distinct agents, copies (equal rows) counting as one. Over all agents, as in
        the paper, copies do change skills where there are several equilibria; where there is one it is all the same.

    Raises
    ------
    InputError : what is no such matrix.
    """
    matrix = _square(advantages)
    kept, place = _originals(matrix, distinct)
    found = max_entropy(matrix[np.ix_(kept, kept)], 0.0)
    weights = None if found is None else found._replace(x=_shared(found.x, place))
    return _answer(matrix, weights, weights, 0.0, "maximum-entropy equilibrium among agents")


def nash_averaging_tasks(scores: Any, *, distinct: bool = True) -> NashAveraging:
    """Weights of agents and of tasks from scores `float[S, T]` of agents on tasks (Balduzzi et al. 2018).

    One player picks an agent to score high, the other a task on which it does not. Equilibria are all pairs of optimal
    mixtures, so each side has its own of most entropy. Copies of agents or tasks change no skill and no difficulty;
    `distinct` is as for `nash_averaging`.

    Raises
    ------
    InputError : what is no matrix of finite scores.
    """
    matrix = _table(scores)
    game = NormalForm(np.stack([matrix, -matrix], -1), name="agents against tasks")
    matrix = zero_sum_matrix(game)[1]
    (rows, row), (columns, column) = _originals(matrix, distinct), _originals(matrix.T, distinct)
    small = matrix[np.ix_(rows, columns)]
    secured = minimax(small)
    worth = 0.0 if secured is None else secured.value
    ours = None if secured is None else max_entropy(small, worth)
    theirs = None if secured is None else max_entropy(-small.T, -worth)
    if ours is not None and theirs is not None:
        ours, theirs = ours._replace(x=_shared(ours.x, row)), theirs._replace(x=_shared(theirs.x, column))
    return _answer(matrix, ours, theirs, worth, "maximum-entropy equilibrium of agents against tasks")


def _originals(matrix: Array, distinct: bool) -> tuple[Array, Array]:
    """The first of each set of equal rows, and for every row the place of its original among these."""
    if not distinct:
        return np.arange(len(matrix)), np.arange(len(matrix))
    _, first, place = np.unique(matrix + 0.0, axis=0, return_index=True, return_inverse=True)
    return first, place.ravel()


def _shared(weights: Array, place: Array) -> Array:
    """Weights of originals, shared evenly with their copies."""
    return (weights / np.bincount(place))[place]


def _answer(matrix: Array, ours: Any, theirs: Any, value: float, concept: str) -> NashAveraging:
    method = "linear programming (HiGHS) for the face, primal-dual interior point for the entropy"
    if ours is None or theirs is None:
        return NashAveraging(concept, (), "partial", 0.0, method, "The linear program did not come to an end.")
    p, q = ours.x, theirs.x
    secured, conceded = p @ matrix, matrix @ q
    gap = max(ours.gap, theirs.gap)
    return NashAveraging(
        concept=concept,
        points=((p, q),),
        status="complete" if gap <= CLOSE else "partial",
        regret=max(float(conceded.max() - p @ conceded), float(secured @ q - secured.min()), 0.0),
        method=method,
        note=""
        if gap <= CLOSE
        else f"Another equilibrium could have {gap:.2g} more entropy."
        if gap < np.inf
        else UNKNOWN,
        agents=p,
        tasks=q,
        skills=conceded,
        difficulties=value - secured,
        value=value,
        entropies=(ours.entropy, theirs.entropy),
        gap=gap,
    )


def _square(advantages: Any) -> Array:
    table = zero_sum_matrix(advantages)[1] if isinstance(advantages, Game) else _table(advantages)
    if table.shape[0] != table.shape[1] or np.abs(table + table.T).max() > ROUNDING * max(np.abs(table).max(), 1e-300):
        raise InputError(
            f"Advantages of shape {table.shape} in which A + Aᵀ is not 0.",
            "What one agent has over another, the other lacks.",
            "Give log-odds of winning or win rates less one half; for scores on tasks use nash_averaging_tasks.",
        )
    return (table - table.T) / 2


def _table(values: Any) -> Array:
    try:
        table = np.asarray(values, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The table holds what are no numbers: {error}.", do="Give a matrix of numbers.") from None
    if table.ndim != 2 or 0 in table.shape or not np.isfinite(table).all():
        raise InputError(
            f"A table of shape {table.shape}{'' if np.isfinite(table).all() else ' with gaps'}.",
            "Averages need one finite number per pair.",
            "Give a matrix, by row what each agent scores.",
        )
    return table
