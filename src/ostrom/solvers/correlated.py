"""Best and worst correlated and coarse correlated equilibria, by linear programming."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, amount
from ..core.solution import Status
from ..core.welfare import Welfare, as_welfare
from ._highs import Growing, Outcome, Sparse, solve_lp
from ._incentives import Incentives

ENTRIES = 10_000_000
"""Non-zeros beyond which the program is not built (it would take over a gigabyte)."""

FEW = 1_000
"""Joint moves up to which all are put in at once."""

FIRST = 200
"""With more, how many of either kind to begin with."""

STEPS = 500
"""Steps of the simplex method after which column generation counts as stuck; with all joint moves, three times that."""

CLOSE = 1e-9
"""The gap, in shares of the welfare's range, at which no more joint moves are looked for."""

AGREEMENT = 1e-6
"""How near, in shares of the welfare's range, the bound has to come for an optimum to be called one."""


@dataclass(frozen=True)
class Correlated:
    """A joint distribution that nobody gains by leaving, at the highest or lowest expected welfare.

    Attributes
    ----------
    concept : in words ("best coarse correlated equilibrium").
    joint : probabilities of joint moves `[A_1, …, A_P]`; None when no answer was reached in time.
    value : its expected welfare.
    bound : what no such equilibrium can pass, by weak duality from `prices`, computed again in float64.
    violation : the largest expected gain, in payoffs, that a player has from disobeying `joint` (rounding; about 0).
    prices : non-negative multipliers of the incentive rows that give `bound`.
    status : "complete" when `bound` confirms `value` to 1e-6 of the welfare's range; "partial" when it does not
        (long chains of incentives need prices beyond float64); "timed out".
    """

    concept: str
    joint: Array | None
    value: float
    bound: float
    violation: float
    prices: Array | None
    status: Status
    method: str = "linear programming (HiGHS)"


def correlated(
    game: Game,
    welfare: Welfare | str | Sequence[float] | Callable[[Array], Array] | None = None,
    *,
    coarse: bool = False,
    worst: bool = False,
    seconds: float = 60.0,
) -> Correlated:
    """The correlated equilibrium with the highest (or lowest) expected welfare.

    In a correlated equilibrium (Aumann 1974) nobody gains by disobeying a recommended move; in a coarse one
    (Moulin and Vial 1978) nobody gains by ignoring the recommendation before seeing it. The time average of play
    without external regret approaches the coarse set, so its worst value is what learners may end up with.

    Parameters
    ----------
    welfare : what is highest or lowest, as `core.welfare.as_welfare` reads it: a welfare, its name, one weight per
        principal, or a function of utilities `[..., P + B]`; by default the mean over principals, bystanders included.
    coarse, worst : which set, which end.
    seconds : time budget; past it the status is "timed out" and `joint` is None.

    Raises
    ------
    TooLarge : the table or the program would not fit.
    InputError : the welfare means nothing at some joint move.
    """
    table = game.dense()
    goal = as_welfare(welfare).on_table(np.concatenate([table.payoffs, table.bystander_payoffs], axis=-1)).ravel()
    _refuse_large(table)
    incentives, sense = Incentives(table, coarse), -1.0 if worst else 1.0
    found = _solve(sense * goal, incentives, seconds)
    concept = f"{'worst' if worst else 'best'} {'coarse ' if coarse else ''}correlated equilibrium"
    if found.joint is None:
        status = "timed out" if found.outcome == "timed out" else "partial"
        return Correlated(concept, None, np.nan, sense * found.bound, np.nan, found.prices, status)
    value, violation = float(goal @ found.joint), incentives.violation(found.joint)
    status = "complete" if found.gap(sense * goal) <= AGREEMENT else "partial"
    joint = found.joint.reshape(table.sizes)
    return Correlated(concept, joint, value, sense * found.bound, violation, found.prices, status)


def _refuse_large(game: NormalForm) -> None:
    """Raise `TooLarge` when the incentives would not fit, should all of them be needed."""
    entries = game.size * sum(game.sizes)
    if entries > ENTRIES:
        raise TooLarge(
            f"The incentives of {game.name} have {amount(entries)} entries ({amount(game.size)} joint moves).",
            f"A linear program of more than {ENTRIES:,} does not fit in reasonable memory.",
            "Use fewer players or moves.",
        )


@dataclass(frozen=True)
class _Found:
    """The best joint distribution (None when there was no end), the least bound, and its prices."""

    joint: Array | None
    bound: float
    prices: Array | None
    outcome: Outcome

    def gap(self, goal: Array) -> float:
        """How far the bound is from the value, in shares of the welfare's range."""
        return np.inf if self.joint is None else abs(self.bound - goal @ self.joint) / (np.ptp(goal) or 1.0)


def _solve(goal: Array, incentives: Incentives, seconds: float) -> _Found:
    """Column by column when there are many joint moves, then with all of them, then with presolve: what helps first.

    The last is the slowest on random games, and the only way through the long chains of a traveller's dilemma.
    """
    end, tries = time.monotonic() + seconds, []
    if len(goal) > FEW:
        for first, steps in ((_promising(goal, incentives), STEPS), (np.arange(len(goal)), 3 * STEPS)):
            tries.append(_generate(goal, incentives, first, steps, end))
            if tries[-1].outcome == "timed out" or tries[-1].gap(goal) <= AGREEMENT:
                return tries[-1]
    tries.append(_presolved(goal, incentives, max(end - time.monotonic(), 0.0)))
    return min(reversed(tries), key=lambda found: found.gap(goal))


def _presolved(goal: Array, incentives: Incentives, seconds: float) -> _Found:
    """Maximise over all joint moves, after the solver has simplified the program: the way through long chains."""
    values, row, column, (rows, columns) = incentives.columns(np.arange(len(goal)))
    kept, ones = row < incentives.count, np.ones((1, len(goal)))
    A_ub = Sparse(values[kept], row[kept], column[kept], (rows - 1, columns))
    zeros = np.zeros(incentives.count)
    answer = solve_lp(goal, A_ub, zeros, ones, np.ones(1), maximise=True, time_limit=seconds)
    if answer.x is None or answer.duals_ub is None:
        return _Found(None, np.inf, None, answer.status)
    prices = np.maximum(answer.duals_ub, 0)
    bound = float((goal - incentives.price(prices)).max())
    return _Found(_spread_out(answer.x, np.arange(len(goal)), len(goal)), bound, prices, answer.status)


def _generate(goal: Array, incentives: Incentives, fresh: Array, steps: int, end: float) -> _Found:
    """Maximise by column generation (Gilmore and Gomory 1961): only joint moves that can improve it are put in.

    After each run every joint move is priced, so `bound` holds for all of them. A first column, a way out that tempts
    nobody and is worth less than anything else, makes each program feasible. It is in no last one: prices that leave
    no joint move worth more than it would prove that there is no equilibrium, and there always is one (Nash 1951).
    """
    spread = float(np.ptp(goal)) or 1.0
    right, seconds = np.repeat([0.0, 1.0], [incentives.count, 1]), max(end - time.monotonic(), 0.0)
    program = Growing(right, 1, time_limit=seconds, steps=steps)
    program.add(np.array([goal.min() - spread]), _way_out(incentives.count))
    places, bound, best = np.zeros(0, int), np.inf, None
    while True:
        places = np.concatenate([places, fresh])
        program.add(goal[fresh], incentives.columns(fresh))
        answer = program.maximise()
        if answer.x is None or answer.duals_ub is None or answer.duals_eq is None or answer.value is None:
            return _Found(None, bound, best, answer.status)
        prices = np.maximum(answer.duals_ub, 0)
        worth = goal - incentives.price(prices)
        if worth.max() < bound:
            bound, best = float(worth.max()), prices
        worth[places] = -np.inf
        fresh = _highest(worth, len(places), answer.duals_eq[0] + CLOSE * spread)
        if not len(fresh) or bound - answer.value <= CLOSE * spread:
            return _Found(_spread_out(answer.x[1:], places, len(goal)), bound, best, answer.status)
        if time.monotonic() > end:
            return _Found(None, bound, best, "timed out")


def _way_out(rows: int) -> Sparse:
    """A column of which only the last row, of ones, knows."""
    return Sparse(np.ones(1), np.array([rows]), np.zeros(1, int), (rows + 1, 1))


def _promising(goal: Array, incentives: Incentives) -> Array:
    """The joint moves to begin with: the best, and the least tempting to leave (pure equilibria tempt nobody)."""
    return np.union1d(_highest(goal, FIRST, -np.inf), _highest(-incentives.temptation(), FIRST, -np.inf))


def _highest(worth: Array, count: int, above: float) -> Array:
    """Up to `count` places with the most worth, all of them worth more than `above`."""
    places = np.flatnonzero(worth > above)
    if len(places) <= count:
        return places
    return places[np.argpartition(-worth[places], count)[:count]]


def _spread_out(shares: Array, places: Array, count: int) -> Array:
    """Shares of some places as a distribution over all."""
    joint = np.zeros(count)
    joint[places] = np.maximum(shares, 0)
    return joint / joint.sum()
