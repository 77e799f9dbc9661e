"""Automata that meet: the states in which they can be together, and where each joint move leads."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..core.automaton import Automaton, trembled
from ..core.errors import InputError, TooLarge
from ..core.game import Array, Game
from ._named import automaton

PAIR_LIMIT = 4_000
"""Joint states beyond which exact play takes more memory and time than a person has."""
JOINT_LIMIT = 50_000_000
"""Joint states times joint moves that are held at once."""


class Meeting:
    """Automata in the seats of a stage game, and every joint state that they reach from their starts.

    `states int[K, P]`: state 0 is the first round. `odds` per player `float[K, A_i]`, with the noise; `after int[K, J]`
    is where each of the J joint moves `profiles int[J, P]` leads, -1 where it is never made and nobody `wanders`.

    Parameters
    ----------
    game : the stage game. strategies : one automaton per seat. noise : odds of a slip.
    wanders : whether joint moves that nobody makes are followed too, which deviations may lead to.
    """

    def __init__(
        self, game: Game, strategies: Sequence[str | Automaton], noise: float = 0.0, wanders: bool = False
    ) -> None:
        self.game, self.strategies = game, seated(game, strategies)
        self.profiles = game.profiles()
        self.payoffs = game.payoffs_at(self.profiles)
        own = [trembled(one.odds, noise) for one in self.strategies]
        self._tables = [in_seat_order(one, seat) for seat, one in enumerate(self.strategies)]
        self._made = [odds[:, self.profiles[:, seat]] > 0 for seat, odds in enumerate(own)]
        self.states, self.after = self._found(wanders)
        self.odds = [odds[self.states[:, seat]] for seat, odds in enumerate(own)]

    def _found(self, wanders: bool) -> tuple[Array, Array]:
        counts = [one.states for one in self.strategies]
        if math.prod(counts) >= 2**62:
            raise _too_many(self.game, counts)
        wide = np.array([math.prod(counts[seat + 1 :]) for seat in range(len(counts))])
        first = np.array([one.start for one in self.strategies])
        number, states, after, layer = {int(first @ wide): 0}, [first[None]], [], first[None]
        while len(layer):
            to = np.stack([table[layer[:, seat]] for seat, table in enumerate(self._tables)], -1)
            codes = to @ wide
            if not wanders:
                made = [made[layer[:, seat]] for seat, made in enumerate(self._made)]
                codes = np.where(np.logical_and.reduce(made), codes, -1)
            fresh, where = np.unique(codes, return_index=True)
            news = [(code, k) for code, k in zip(fresh.tolist(), where.tolist(), strict=True) if code >= 0]
            new = [(code, k) for code, k in news if code not in number]
            for code, _ in new:
                number[code] = len(number)
            if len(number) > PAIR_LIMIT or len(number) * len(self.profiles) > JOINT_LIMIT:
                raise _too_many(self.game, counts)
            after.append(codes)
            layer = to.reshape(-1, len(counts))[[k for _, k in new]]
            states.append(layer)
        known = np.array(sorted(number))
        place = np.array([number[code] for code in known.tolist()])
        codes = np.concatenate(after)
        return np.concatenate(states), np.where(
            codes < 0, -1, place[np.searchsorted(known, codes).clip(0, len(known) - 1)]
        )

    def joint(self, without: int = -1) -> Array:
        """The odds `float[K, J]` of the joint moves in each state, or of the others' part of them."""
        odds = np.ones((len(self.states), len(self.profiles)))
        for seat, own in enumerate(self.odds):
            if seat != without:
                odds = odds * own[:, self.profiles[:, seat]]
        return odds

    def chain(self) -> Array:
        """The transition matrix `float[K, K]` of the joint states."""
        odds, count = self.joint(), len(self.states)
        cells = np.arange(count)[:, None] * count + np.maximum(self.after, 0)
        return np.bincount(cells.ravel(), odds.ravel(), count * count).reshape(count, count)


def seated(game: Game, strategies: Sequence[str | Automaton]) -> tuple[Automaton, ...]:
    """The strategies (or those of these names), one per seat; `InputError` where one has other moves than its seat."""
    strategies = [strategies] if isinstance(strategies, str) else strategies
    if len(strategies) != len(game.players):
        raise InputError(
            f"{len(strategies)} strategies for the {len(game.players)} players of {game.name}.",
            do="Give one automaton, or name of a strategy, per player.",
        )
    found = tuple(map(automaton, strategies))
    for seat, one in enumerate(found):
        needed = (game.sizes[seat], *game.sizes[:seat], *game.sizes[seat + 1 :])
        if one.sizes != needed:
            raise InputError(
                f"{one.name or 'An automaton'} has moves {one.sizes}, own first, in seat {seat} of {game.name}.",
                f"There it has {needed[0]} moves of its own and meets players with {needed[1:]}.",
                "Give it a next state for every joint move of this game.",
            )
    return found


def checked_discount(discount: float) -> float:
    """The discount factor; `InputError` outside [0, 1)."""
    if not 0 <= discount < 1:
        raise InputError(
            f"The discount factor is {discount}.",
            "Payoffs for ever are finite for 0 ≤ δ < 1.",
            "Give such a number, or None for the limit of means.",
        )
    return float(discount)


def in_seat_order(one: Automaton, seat: int) -> Array:
    """The next states `int[S, J]` by joint move, in the order of `game.profiles()`."""
    return np.moveaxis(one.table, 1, seat + 1).reshape(one.states, -1)


def _too_many(game: Game, counts: Sequence[int]) -> TooLarge:
    return TooLarge(
        f"Automata with {tuple(counts)} states meet in {game.name} in too many joint states.",
        f"Exact play holds {PAIR_LIMIT:,} of them, and {JOINT_LIMIT:,} joint moves in them.",
        "Give smaller automata, or sample their play in a tournament.",
    )
