"""What principals may want, seats for them at the table, and who is told which of it is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..core._delegation_form import require_table
from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ..core.institution import Institution, Now, View
from ._remedy import Problem

Wanted = Sequence[tuple[float, Any]]
"""Rows of (odds, utilities `[A_1, …, A_P, P + B]`)."""


@dataclass(frozen=True, eq=False)
class Wishful:
    """A problem in which it is open what principals want.

    Attributes
    ----------
    problem : with what is wanted on average.
    odds : `float[K]`, of each thing they may want.
    utilities : `float[K, A_1, …, A_P, P + B]`, of the principals. rewards : `[K, A_1, …, A_P, P]`, of the agents.
    """

    problem: Problem
    odds: Array
    utilities: Array
    rewards: Array

    @classmethod
    def of(cls, subject: Game | Delegation | Problem, wants: Wanted | None) -> Wishful:
        """Checked. Agents who are their principals' own want what these want, and the others what they always do."""
        problem = subject if isinstance(subject, Problem) else Problem(subject)
        given = problem.delegation
        if wants is None:
            return cls(problem, np.ones(1), given.utilities[None], np.asarray(given.rewards, float)[None])
        odds = _odds([share for share, _ in wants])
        shape, count = given.utilities.shape, len(problem.game.players)
        utilities = np.stack([require_table(table, shape, "utilities that may be wanted") for _, table in wants])
        own = bool(np.array_equal(given.rewards, given.utilities[..., :count]))
        rewards = utilities[..., :count] if own else np.broadcast_to(given.rewards, (len(odds), *given.rewards.shape))
        mean = Delegation(
            problem.game,
            rewards=np.tensordot(odds, rewards, 1),
            utilities=np.tensordot(odds, utilities, 1),
            precision=given.precision,
            observed_joint=given.observed,
            welfare=given.welfare,
        )
        return cls(Problem(mean, problem.now if isinstance(subject, Problem) else None), odds, utilities, rewards)

    def seated(self, agents: Sequence[str]) -> Game:
        """The agents' game with a seat more for the principal of each of these: paid its utility, with nothing to do.

        Where it is open what is wanted, chance decides as the round opens, and principals alone are told.
        """
        game, seats = self.problem.game, [self.problem.game.players.index(name) for name in agents]
        count, empty = len(game.players), (1,) * len(seats)
        payoffs = np.concatenate([self.rewards, self.utilities[..., seats]], -1)
        payoffs = payoffs.reshape(len(self.odds), *game.sizes, *empty, count + len(seats))
        mean = np.tensordot(self.odds, payoffs, 1)
        table = NormalForm(
            mean,
            players=(*game.players, *(principal_of(name) for name in agents)),
            moves=(*game.moves, *(("wait",) for _ in seats)),
            name=f"{game.name} with principals",
        )
        return table if len(self.odds) == 1 else table.under(Wants(tuple(self.odds.tolist()), count, payoffs - mean))


class Wants(Institution):
    """Chance draws what principals want; those at seats from `first` on are told, and all are paid by it.

    Parameters
    ----------
    odds : of each thing that may be wanted. tables : `float[K, A_1, …, A_P, P]`, what each adds to the payoffs.
    first : the number of the first seat that is told.
    """

    odds: tuple[float, ...]
    first: int
    tables: np.ndarray
    example: ClassVar[str] = ""
    enforced_by: ClassVar[str] = "nobody: it is how things are"

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One die with a face for each thing that may be wanted."""
        return {"wanted": now.xp.asarray([self.odds])}

    def inform(self, now: Now, view: View) -> View:
        """Principals know."""
        knows = np.arange(now.players) >= self.first
        return view.tell(wanted=now.xp.where(knows, now.luck["wanted"][..., :1], -1))

    def settle(self, now: Now, payoffs: Any) -> Any:
        """What it adds."""
        acts = now.xp.maximum(now["act"], 0)
        return payoffs + now.xp.asarray(self.tables)[(now.luck["wanted"][..., 0], *now.xp.moveaxis(acts, -1, 0))]


def principal_of(agent: str) -> str:
    """The name of the seat of an agent's principal."""
    return f"principal of {agent}"


def _odds(shares: Sequence[Any]) -> Array:
    odds = np.asarray(shares, float)
    if odds.ndim != 1 or not len(odds) or not (odds >= 0).all() or not abs(odds.sum() - 1) < 1e-6:
        raise InputError(
            f"What may be wanted has odds {list(shares)[:8]}.",
            "Odds are not negative and sum to 1.",
            "Give rows of (odds, utilities).",
        )
    return odds / odds.sum()
