"""What it is worth to ask: the answers that principals give, and what everybody has with and without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.game import Array
from ._wants import Wishful


@dataclass(frozen=True)
class Worth:
    """What asking is worth, for one agent; all in payoff units, on average over what may be wanted.

    Attributes
    ----------
    agent : who could ask.
    alone, asked : what its principal has of what the agent does now, and of what it would answer.
    blind : what the principal has of the best move that it could choose without knowing more than the agent.
    own_alone, own_asked : what the agent has by its own reward.
    waiting : what of that it loses by waiting for the answer; it is taken off `own_asked` already.
    """

    agent: str
    alone: float
    asked: float
    blind: float
    own_alone: float
    own_asked: float
    waiting: float

    @property
    def gain(self) -> float:
        """What asking brings the principal, before what it costs."""
        return self.asked - self.alone

    @property
    def own_gain(self) -> float:
        """What asking brings the agent."""
        return self.own_asked - self.own_alone


@dataclass(frozen=True, eq=False)
class Answers:
    """How principals answer. `precision` is that of a logit choice, per payoff unit; infinite is the best answer.

    The others are taken to do what they do now; `discount` is what remains of a payoff that has waited for an answer.
    """

    wishful: Wishful
    precision: float
    discount: float

    def odds(self, seat: int) -> Array:
        """The answers `float[K, A]` of the principal of a seat, by what it wants."""
        return self._found[seat][0]

    def worth(self, seat: int) -> Worth:
        """What asking is worth to the agent at a seat, and to its principal."""
        answers, wanted, reward = self._found[seat]
        chance, now = self.wishful.odds, self.marginals[seat]
        asked, own_asked = (self.discount * float(chance @ (answers * one).sum(1)) for one in (wanted, reward))
        alone, own_alone = (float(chance @ one @ now) for one in (wanted, reward))
        blind = float((chance @ wanted).max())
        waiting = (1 - self.discount) * float(chance @ (answers * reward).sum(1))
        return Worth(self.wishful.problem.game.players[seat], alone, asked, blind, own_alone, own_asked, waiting)

    def errs(self, seat: int) -> bool:
        """Whether the agent, knowing what it does, could do better alone than it does now."""
        worth = self.wishful.odds @ self._found[seat][2]
        return bool(worth.max() - worth @ self.marginals[seat] > 1e-9 * self.wishful.problem.scale)

    @cached_property
    def marginals(self) -> list[Array]:
        """What each agent does now, `[A_i]`."""
        now = self.wishful.problem.now
        return [np.moveaxis(now, i, 0).reshape(size, -1).sum(1) for i, size in enumerate(now.shape)]

    @cached_property
    def _found(self) -> list[tuple[Array, Array, Array]]:
        """Per seat the answers, and what each own move is worth to principal and agent, `[K, A]` each."""
        found = []
        for i, _ in enumerate(self.wishful.problem.game.players):
            others = self.wishful.problem.now.sum(axis=i)
            wanted, reward = (
                np.moveaxis(table[..., i], i + 1, 1).reshape(*table.shape[:1], table.shape[i + 1], -1) @ others.ravel()
                for table in (self.wishful.utilities, self.wishful.rewards)
            )
            found.append((self._answer(wanted, reward), wanted, reward))
        return found

    def _answer(self, wanted: Array, reward: Array) -> Array:
        if math.isinf(self.precision):  # among the best, the one that the agent likes best
            slack = 1e-12 * max(float(np.abs(wanted).max()), 1e-300)
            best = np.where(wanted >= wanted.max(1, keepdims=True) - slack, reward, -np.inf).argmax(1)
            return np.eye(wanted.shape[1])[best]
        odds = np.exp(self.precision * (wanted - wanted.max(1, keepdims=True)))
        return odds / odds.sum(1, keepdims=True)

    def outcomes(self, seats: Sequence[int]) -> Array:
        """The odds of joint moves `[K, A_1, …, A_P]` when the agents at these seats ask, by what is wanted."""
        now = np.broadcast_to(self.wishful.problem.now, (len(self.wishful.odds), *self.wishful.problem.now.shape))
        for i in seats:
            rest = now.sum(axis=i + 1, keepdims=True)
            answers = self.odds(i)
            now = rest * answers.reshape(len(answers), *(-1 if k == i else 1 for k in range(rest.ndim - 1)))
        return now

    def with_asking(self, table: Array, seats: Sequence[int]) -> Array:
        """A table by what is wanted `[K, A_1, …, A_P, C]`, with the move "ask" added last for each of these seats."""
        for i in seats:
            flat = np.moveaxis(table, i + 1, 1)
            asked = (self.odds(i).reshape(*self.odds(i).shape, *(1,) * (flat.ndim - 2)) * flat).sum(1, keepdims=True)
            table = np.moveaxis(np.concatenate([flat, asked], 1), 1, i + 1)
        return table
