"""Best replies to automata: a decision process whose states are the others' states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.automaton import Automaton, trembled
from ..core.errors import TooLarge
from ..core.game import Array, Game
from ._markov_chain import limiting_matrix
from ._products import Meeting, checked_discount

PROCESS_LIMIT = 30_000_000
"""States times moves times states that are held at once."""
ROUNDS = 1_000
BETTER = 1e-11
"""What a change of plan has to bring, as a share of the largest payoff, to be more than rounding."""


class Replies:
    """What one player can do against the automata in the other seats.

    `states int[S, P]` are the others' states (its own is 0), `reward float[S, A]` and `move float[S, A, S]` what each
    own move brings and where it leads; its hand trembles as the others' do.
    """

    def __init__(self, game: Game, strategies: Sequence[Automaton], seat: int, noise: float = 0.0) -> None:
        anything = _anything(game, seat)
        met = Meeting(game, [*strategies[:seat], anything, *strategies[seat + 1 :]], noise, wanders=True)
        count, own = len(met.states), game.sizes[seat]
        if count * own * count > PROCESS_LIMIT:
            raise TooLarge(
                f"{count:,} states of the others.", "A best reply looks at all of them.", "Give smaller ones."
            )
        self.seat, self.states, self.after = seat, met.states, met.after
        mine = met.profiles[:, seat]
        others = met.joint(without=seat)
        reward, move = np.zeros((count, own)), np.zeros((count, own, count))
        for a in range(own):
            reward[:, a] = others[:, mine == a] @ met.payoffs[mine == a, seat]
            cells = np.broadcast_to(np.arange(count)[:, None], met.after[:, mine == a].shape)
            np.add.at(move[:, a], (cells, met.after[:, mine == a]), others[:, mine == a])
        hand = trembled(np.eye(own), noise)
        self.reward, self.move = reward @ hand.T, np.einsum("ab,sbt->sat", hand, move)
        self.better = BETTER * max(1.0, np.abs(reward).max())
        self._shape = (game.sizes[seat], *game.sizes[:seat], *game.sizes[seat + 1 :])

    def solve(self, discount: float | None) -> tuple[Array, Array]:
        """`(values float[S], plan int[S])` per round from every state, by policy iteration (Howard 1960)."""
        plan, states = self.reward.argmax(-1), np.arange(len(self.reward))
        if discount is not None:
            checked_discount(discount)
        for _ in range(ROUNDS):
            chain, now = self.move[states, plan], self.reward[states, plan]
            worths = _discounted(self, chain, now, discount) if discount is not None else _means(self, chain, now)
            better = plan
            for worth in worths:  # what is earned in the long run first, then what it takes to get there
                better = np.where(worth.max(-1) > worth[states, plan] + self.better, worth.argmax(-1), plan)
                if (better != plan).any():
                    break
            if (better == plan).all():
                break
            plan = better
        return worths[0][states, plan], plan

    def automaton(self, plan: Array, name: str) -> Automaton:
        """The plan as an automaton that keeps track of the others' states."""
        order = np.moveaxis(self.after.reshape(len(self.after), *self._seats()), self.seat + 1, 1)
        return Automaton(np.eye(self._shape[0])[plan], order, 0, name)

    def _seats(self) -> tuple[int, ...]:
        own, *others = self._shape
        return (*others[: self.seat], own, *others[self.seat :])


def gains_everywhere(
    game: Game, strategies: Sequence[Automaton], noise: float, discount: float | None
) -> tuple[Array, Array]:
    """`(states int[K, P], gains float[K, P])`: what a best reply adds per round, from every state deviations reach."""
    met = Meeting(game, strategies, noise, wanders=True)
    chain, now = met.chain(), met.joint() @ met.payoffs
    if discount is None:
        value = limiting_matrix(chain) @ now
    else:
        value = np.linalg.solve(np.eye(len(chain)) - checked_discount(discount) * chain, (1 - discount) * now)
    gains = np.zeros(value.shape)
    for seat in range(len(strategies)):
        replies = Replies(game, strategies, seat, noise)
        best, _ = replies.solve(discount)
        number = {tuple(row): k for k, row in enumerate(replies.states.tolist())}
        rows = met.states.copy()
        rows[:, seat] = 0
        gains[:, seat] = best[[number[tuple(row)] for row in rows.tolist()]] - value[:, seat]
    return met.states, np.maximum(gains, 0.0)


def _discounted(replies: Replies, chain: Array, now: Array, discount: float) -> list[Array]:
    value = np.linalg.solve(np.eye(len(chain)) - discount * chain, (1 - discount) * now)
    return [(1 - discount) * replies.reward + discount * replies.move @ value]


def _means(replies: Replies, chain: Array, now: Array) -> list[Array]:
    """Gains, then biases of the moves that keep the gain (multichain policy iteration; Puterman 1994, section 9.2)."""
    limit = limiting_matrix(chain)
    gain = limit @ now
    bias = np.linalg.solve(np.eye(len(chain)) - chain + limit, now - gain)
    kept = replies.move @ gain
    worth = replies.reward + replies.move @ bias
    return [kept, np.where(kept >= kept.max(-1, keepdims=True) - replies.better, worth, -np.inf)]


def _anything(game: Game, seat: int) -> Automaton:
    sizes = (game.sizes[seat], *game.sizes[:seat], *game.sizes[seat + 1 :])
    return Automaton(np.full((1, sizes[0]), 1 / sizes[0]), np.zeros((1, *sizes), int))
