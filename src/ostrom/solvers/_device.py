"""What a mediator or a sender does, and whether it is obeyed: shared by the linear programs about information."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.bayesian import Bayesian
from ..core.game import Array, amount
from ..core.solution import Status
from ._highs import Linear, Sparse, solve_lp

ENTRIES = 5_000_000
"""Numbers beyond which a program is not built."""


@dataclass(frozen=True, eq=False)
class Device:
    """What is recommended to whom, when.

    Attributes
    ----------
    concept : in words ("best communication equilibrium").
    rule : odds of recommending each joint move, `float[S, T_1, …, T_P, A_1, …, A_P]` by state and signals, or
        `float[T_1, …, T_P, A_1, …, A_P]` by what is reported; None when no answer was reached in time.
    value : the goal it reaches, on average in truth. payoffs : what each player gets in truth, `float[P]`.
    violation : the largest gain any player believes it has from disobeying (or lying); rounding, about 0.
    status : "complete", or "timed out".
    """

    concept: str
    rule: Array | None = field(repr=False)
    value: float
    payoffs: tuple[float, ...]
    violation: float
    status: Status
    method: str = "linear programming (HiGHS)"


def goal_of(game: Bayesian, goal: Any) -> Array:
    """`float[S, A_1, …, A_P]`: what is to be high in each state; see `bayes_correlated`."""
    if goal is None:
        return game.by_state.mean(-1)
    if isinstance(goal, str):
        if goal not in game.players:
            raise InputError(f"{goal!r} is no player.", do=f"Name one of {game.players}, or give a table.")
        return game.by_state[..., game.players.index(goal)]
    try:
        table = np.asarray(goal, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The goal is no table of numbers: {error}.", do="Give [S, A_1, …, A_P] numbers.") from None
    if table.shape != game.by_state.shape[:-1] or not np.isfinite(table).all():
        raise InputError(
            f"The goal has shape {table.shape}.",
            f"It takes a finite number for each state and joint move: {game.by_state.shape[:-1]}.",
            "Give goal[state, a1, …, aP], the name of a player, or nothing for the mean payoff.",
        )
    return table


def require_bayesian(game: Any) -> Bayesian:
    """The game itself; `InputError` for one without states and signals."""
    if not isinstance(game, Bayesian):
        raise InputError(
            f"A {type(game).__name__} has no states and signals.",
            "What is told to whom is asked of games in which something is not known.",
            "Make it a Bayesian game; of a table ask for correlated equilibria.",
        )
    return game


def refuse_large(game: Bayesian, entries: int) -> None:
    """Raise `TooLarge` when the program would not fit."""
    if entries > ENTRIES:
        raise TooLarge(
            f"The incentives of {game.name} have about {amount(entries)} entries.",
            f"A linear program of more than {ENTRIES:,} does not fit in reasonable time.",
            "Use fewer states, signals or moves.",
        )


def optimum(objective: Array, rows: list[Array], equal: Array, right: Array, seconds: float, extra: int = 0) -> Linear:
    """The best distribution: `rows · x ≤ 0`, `equal · x = right`, x ≥ 0 but the last `extra`, which are free."""
    lower = np.zeros(len(objective))
    if extra:
        lower[-extra:] = -np.inf
    above = Sparse.of(np.array(rows), len(objective)) if rows else None
    zeros = np.zeros(len(rows)) if rows else None
    same = Sparse.of(equal, len(objective))
    return solve_lp(objective, above, zeros, same, right, lower, maximise=True, time_limit=seconds)


def payoffs_under(game: Bayesian, joint: Array) -> tuple[float, ...]:
    """What each player gets in truth when states, signals and moves come with odds `joint` `[S, T…, A…]`."""
    count = len(game.players)
    by_state = joint.sum(axis=tuple(range(1, count + 1)))
    return tuple(float((by_state * game.by_state[..., i]).sum()) for i in range(count))
