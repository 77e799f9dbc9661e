"""A game played again and again, with institutions that remember.

A state is what is remembered between rounds: the institutions' records and what was chosen in opening stages. States
are found by search from the first round; strategies look at what a seat sees in the round (standings, strikes, ballots)
and values and best replies are exact at every state, not only on the path of play.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ..agent import Strategy
from ..charter import Charter
from ..errors import CarrierError, InputError, TooLarge
from ..game import Game
from ..institution import Institution
from ..kind import Kind
from .govern import ground_of
from .plays import Plays
from .replies import behaviour, best_reply

STATE_LIMIT = 2_000


class Repeated(Kind):
    """`game` repeated for ever with discount factor δ, under institutions (innermost first).

    Values are per round, `(1 - δ) Σ δ^t payoff_t`, so that they stay on the scale of the game.

    Attributes
    ----------
    states : the round as it is played at each state, as `Plays`; state 0 is the first round.
    name : of the game, with the rules that lie round it.

    Raises
    ------
    InputError : a discount outside [0, 1).
    CarrierError : records that are not small whole numbers; TooLarge : more than `STATE_LIMIT` states.
    """

    in_words: ClassVar[str] = "a game played again and again"

    def __init__(self, game: Game, discount: float, institutions: Sequence[Institution] = ()) -> None:
        if not 0 <= discount < 1:
            raise InputError(
                f"The discount factor is {discount}.",
                "Payoffs for ever are finite for 0 ≤ δ < 1.",
                "Give such a number.",
            )
        self.game, self.discount, self.institutions = game, float(discount), tuple(institutions)
        self.players = game.players
        self.name = f"{game.name}, repeated"
        self.charter = Charter(ground_of(game), self.institutions)
        if self.institutions:
            self.name = f"{self.name}, under {self.charter}"

    def under(self, *institutions: Institution) -> Repeated:
        """The same repeated game with more institutions round it."""
        return Repeated(self.game, self.discount, (*self.institutions, *institutions))

    @cached_property
    def _found(self) -> tuple[list[Plays], list[np.ndarray]]:
        """The rounds at all states, and per state `int[N]`: the state that each complete play leads to."""
        first = Plays(self.game, self.charter)
        index, rounds, follow = {_key(first.records, None): 0}, [first], []
        for plays in rounds:  # grows while it is walked
            after = np.zeros(plays.rows, int)
            for row in np.flatnonzero(plays.legal & (plays.chance > 0)).tolist():
                records, opened = plays.records_after(row), plays.opened_by(row)
                key = _key(records, opened)
                if key not in index:
                    if len(index) >= STATE_LIMIT:
                        raise TooLarge(
                            f"{self.game.name} under these institutions has more than {STATE_LIMIT:,} states.",
                            "Each combination of what they remember is one.",
                            "Let them remember less, or play it in a world or a society.",
                        )
                    index[key] = len(rounds)
                    rounds.append(Plays(self.game, self.charter, records, opened=opened))
                after[row] = index[key]
            follow.append(after)
        return rounds, follow

    @property
    def states(self) -> list[Plays]:
        """The round at every state; their `records` say what is remembered there."""
        return self._found[0]

    @property
    def follow(self) -> list[np.ndarray]:
        """Per state `int[N]`: the number of the state that each complete play of its round leads to."""
        return self._found[1]

    def value(self, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
        """`float[S, P]`: what each player gets per round from each state on, when all play these strategies."""
        return self._value([behaviour(plays, strategies) for plays in self.states])

    def gains(self, strategies: Strategy | Sequence[Strategy]) -> np.ndarray:
        """`float[S, P]`: what the best of *all* strategies would add for each player at each state.

        All zero: the strategies are an equilibrium from every state on, also off the path of play. By policy iteration
        over exact best replies (a best reply to stationary strategies is stationary).
        """
        played = [behaviour(plays, strategies) for plays in self.states]
        value = self._value(played)
        best = np.stack([self._best((seat,), played, value[:, seat]) for seat in range(len(self.players))], -1)
        return np.maximum(best - value, 0.0)

    def joint_gains(self, strategies: Strategy | Sequence[Strategy], group: Sequence[int]) -> np.ndarray:
        """`float[S]`: what the best plan of a group of seats would add to its sum at each state.

        The group is one decision maker who knows what each of its seats knows; all others follow their strategies.
        """
        played, seats = [behaviour(plays, strategies) for plays in self.states], tuple(group)
        value = self._value(played)[:, seats].sum(1)
        return np.maximum(self._best(seats, played, value) - value, 0.0)

    def _value(self, played: list[np.ndarray]) -> np.ndarray:
        rounds, follow = self._found
        reward, move = np.zeros((len(rounds), len(self.players))), np.zeros((len(rounds), len(rounds)))
        for s, (plays, after) in enumerate(zip(rounds, follow, strict=True)):
            weight = plays.chance * np.prod(played[s], axis=(0, 1)) * plays.legal
            reward[s] = weight @ plays.payoffs
            np.add.at(move[s], after, weight)
        return np.linalg.solve(np.eye(len(rounds)) - self.discount * move, (1 - self.discount) * reward)

    def _best(self, seats: tuple[int, ...], played: list[np.ndarray], value: np.ndarray) -> np.ndarray:
        rounds, follow = self._found
        for _ in range(1_000):
            replies = []
            for s, (plays, after) in enumerate(zip(rounds, follow, strict=True)):
                worth = (1 - self.discount) * plays.payoffs[:, seats].sum(1) + self.discount * value[after]
                _, best = best_reply(plays, seats, played[s], worth)
                replies.append(_following(seats, played[s], best))
            improved = self._value(replies)[:, seats].sum(1)
            if (improved <= value + 1e-12).all():
                return np.maximum(value, improved)
            value = np.maximum(value, improved)
        return value


def _following(seats: tuple[int, ...], played: np.ndarray, best: list[np.ndarray]) -> np.ndarray:
    """Everybody's behaviour with `seats` following pure choices at what they know together."""
    changed = played.copy()
    for stage, chosen in enumerate(best):
        changed[stage, seats[0]] = chosen
        changed[stage, seats[1:]] = 1.0
    return changed


def _key(records: Any, opened: Any) -> tuple[Any, ...]:
    items: list[Any] = [None if not opened else tuple((k, v.tobytes()) for k, v in sorted(opened.items()))]
    for layer in records:
        for name, value in sorted(layer.items()):
            value = np.asarray(value)
            if value.dtype.kind not in "iub":
                raise CarrierError(
                    f"The record {name!r} holds {value.dtype} numbers.",
                    "A table's states are finite: whole numbers only.",
                    "Remember integers or booleans, or play it in a world.",
                )
            items.append((name, value.astype(np.int64).tobytes()))
    return tuple(items)
