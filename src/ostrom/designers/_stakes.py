"""What a joint move means to those who vote on it, and their ballot as a game."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game
from ._closed import named
from ._remedy import ROUNDING, Problem, Profile


@dataclass(frozen=True, eq=False)
class Stakes:
    """What a joint move means to those who vote on it; `lead` is by how much more it takes to be sure of a vote.

    `asked` is how many votes carry it, where somebody has said so.
    """

    problem: Problem
    place: Profile
    lead: float
    asked: int = 0

    @cached_property
    def now(self) -> Array:
        """`float[P]`: what agents get as things are played now."""
        rewards = np.asarray(self.problem.delegation.rewards, float)
        return np.tensordot(self.problem.now, rewards, axes=self.problem.now.ndim)

    @property
    def there(self) -> Array:
        """`float[P]`: what they would get."""
        return np.asarray(self.problem.delegation.rewards[self.place], float)

    @property
    def gains(self) -> Array:
        """`float[P]`: how much more that is."""
        return self.there - self.now

    @property
    def favours(self) -> Array:
        """`bool[P]`: who votes for it, having more by it."""
        return self.gains > ROUNDING * self.problem.scale

    @property
    def losers(self) -> Array:
        """`bool[P]`: who has less by it than now."""
        return self.gains < -ROUNDING * self.problem.scale

    @property
    def surely(self) -> Array:
        """`bool[P]`: who votes for it and has so much more that payoffs may be a little off."""
        return self.gains > self.lead

    @property
    def needed(self) -> int:
        """Votes that are asked for: as said, or all, or else more than half; 0 where not so many are sure."""
        return self.asked or needed(int(self.surely.sum()), len(self.gains))

    def named(self, which: Array) -> str:
        """Some of the players in words."""
        return named([name for name, one in zip(self.problem.game.players, which, strict=True) if one])


def needed(votes: int, count: int) -> int:
    """All of `count` votes, or else more than half of them; 0 where there are not so many."""
    most = count // 2 + 1
    return count if votes == count else most if votes >= most else 0


def ballot(stakes: Stakes) -> tuple[NormalForm, Array]:
    """The ballot as a table, "no" before "yes", and what each joint ballot is worth."""
    problem, game = stakes.problem, stakes.problem.game
    count, utilities = len(game.players), problem.delegation.utilities
    carried = np.indices((2,) * count).sum(0) >= stakes.needed
    others = utilities[..., count:]
    lost, won = np.tensordot(problem.now, others, axes=problem.now.ndim), others[stakes.place]
    table = _Ballot(
        problem.agents,
        np.where(carried[..., None], stakes.there, stakes.now),
        players=game.players,
        moves=("no", "yes"),
        name=f"{game.name} put to the vote",
        bystanders=game.bystanders,
        bystander_payoffs=np.where(carried[..., None], won, lost),
    )
    return table, np.where(carried, problem.worth[stakes.place], (problem.now * problem.worth).sum())


class _Ballot(NormalForm):
    """Who votes how, with what is played now where the motion is lost; `base` is the game that is voted on."""

    def __init__(self, base: Game, payoffs: np.ndarray, **more: Any) -> None:
        super().__init__(payoffs, **more)
        self.base = base
