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
from ._generate import AGREEMENT, maximise
from ._incentives import Incentives

ENTRIES = 10_000_000
"""Non-zeros beyond which the program is not built (it would take over a gigabyte)."""


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
    found = maximise(sense * goal, incentives, seconds)
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
