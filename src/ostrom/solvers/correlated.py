"""Best and worst correlated and coarse correlated equilibria, by linear programming."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, amount
from ..core.solution import Status
from ..core.welfare import Welfare, as_welfare
from ._highs import Sparse, solve_lp

ENTRIES = 10_000_000
"""Non-zeros beyond which the program is not built (it would take over a gigabyte)."""

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
    rows, scale = _incentives(table, coarse)
    sense, spread = -1.0 if worst else 1.0, float(np.ptp(goal))
    answer = solve_lp(
        sense * goal,
        rows,
        np.zeros(rows.shape[0]),
        np.ones((1, len(goal))),
        np.ones(1),
        maximise=True,
        time_limit=seconds,
    )
    concept = f"{'worst' if worst else 'best'} {'coarse ' if coarse else ''}correlated equilibrium"
    if answer.x is None or answer.duals_ub is None:
        status = "timed out" if answer.status == "timed out" else "partial"
        return Correlated(concept, None, np.nan, sense * np.inf, np.nan, None, status)
    joint, prices = np.maximum(answer.x, 0), np.maximum(answer.duals_ub, 0)
    joint /= joint.sum()
    value, bound = float(goal @ joint), sense * float(np.max(sense * goal - _price(rows, prices)))
    violation = float((_gains(rows, joint) * scale).max(initial=0.0))
    status = "complete" if abs(bound - value) <= AGREEMENT * (spread or 1.0) else "partial"
    return Correlated(concept, joint.reshape(table.sizes), value, bound, violation, prices, status)


def _incentives(game: NormalForm, coarse: bool) -> tuple[Sparse, Array]:
    """Rows `gain · joint ≤ 0` in units of each player's payoff range, and that range for each row."""
    entries = game.size * sum(game.sizes)
    if entries > ENTRIES:
        raise TooLarge(
            f"The incentives of {game.name} have {amount(entries)} entries ({amount(game.size)} joint moves).",
            f"A linear program of more than {ENTRIES:,} does not fit in reasonable memory.",
            "Use fewer players or moves.",
        )
    ranges = np.ptp(game.payoffs.reshape(-1, len(game.players)), axis=0)
    ranges[ranges == 0] = 1.0
    parts = [_player_rows(game, i, coarse, ranges[i]) for i in range(len(game.players))]
    return Sparse.stack(parts), np.repeat(ranges, [part.shape[0] for part in parts])


def _player_rows(game: NormalForm, i: int, coarse: bool, unit: float) -> Sparse:
    """One row per (recommended, alternative) move of player i; a coarse row adds up all recommendations."""
    size = game.sizes[i]
    payoff = np.moveaxis(game.payoffs[..., i], i, 0).reshape(size, -1) / unit
    place = np.moveaxis(np.arange(game.size).reshape(game.sizes), i, 0).reshape(size, -1)
    gain = payoff[None, :, :] - payoff[:, None, :]  # [recommended, alternative, others]
    row = np.arange(size)[None, :] + (0 if coarse else size * np.arange(size)[:, None])
    row, column = (np.broadcast_to(x, gain.shape) for x in (row[:, :, None], place[:, None, :]))
    used = gain != 0
    return Sparse(gain[used], row[used], column[used], (size if coarse else size * size, game.size))


def _gains(rows: Sparse, joint: Array) -> Array:
    """What each row's player gains under `joint`."""
    return np.bincount(rows.row, rows.values * joint[rows.column], minlength=rows.shape[0])


def _price(rows: Sparse, prices: Array) -> Array:
    """Per joint move, the rows added up at their prices."""
    return np.bincount(rows.column, rows.values * prices[rows.row], minlength=rows.shape[1])
