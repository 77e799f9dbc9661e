"""Best replies to automata, and whether automata are an equilibrium of a repeated game, perfect or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.automaton import Automaton
from ..core.errors import InputError
from ..core.game import Array, Game
from ._products import seated
from ._replies import Replies, gains_everywhere

TOLERANCE = 1e-9
"""Gains below this share of the payoff differences are rounding."""


@dataclass(frozen=True)
class BestReply:
    """The best that one player can do against automata.

    Attributes
    ----------
    strategy : a pure automaton that does it; its states are the others' states.
    payoff : what it gets per round.
    method : in words.
    """

    strategy: Automaton
    payoff: float
    method: str


@dataclass(frozen=True, eq=False)
class RepeatedEquilibrium:
    """What deviations from a profile of automata would bring, against *all* strategies of the repeated game.

    Attributes
    ----------
    states : `int[K, P]`, every joint state that any moves lead to; state 0 is the first round.
    gains : `float[K, P]`, what a best reply adds per round for each player from there on.
    tolerance : gains up to here are rounding.
    """

    states: Array = field(repr=False)
    gains: Array = field(repr=False)
    tolerance: float

    @property
    def regret(self) -> float:
        """The largest gain of any player in the first round."""
        return float(self.gains[0].max())

    @property
    def nash(self) -> bool:
        """Whether nobody gains in the first round."""
        return self.regret <= self.tolerance

    @property
    def subgame_perfect(self) -> bool:
        """Whether nobody gains in any state, also those that only deviations lead to."""
        return bool(self.gains.max() <= self.tolerance)


def best_reply(
    game: Game, strategies: Sequence[str | Automaton], player: int, *, noise: float = 0.0, discount: float | None = None
) -> BestReply:
    """The best of all strategies for `player` (a seat) against the automata in the other seats, exactly.

    The others' states are the states of a decision process, and some pure plan of theirs is best (Blackwell 1962;
    Abreu and Rubinstein 1988). `noise` and `discount` as in `repeated_play`; in the limit of means by multichain policy
    iteration. Raises as `repeated_play` does.
    """
    players = len(game.players)
    if not 0 <= player < players:
        raise InputError(f"There is no player {player}.", do=f"Give a seat from 0 to {players - 1}.")
    replies = Replies(game, seated(game, strategies), player, noise)
    values, plan = replies.solve(discount)
    name = f"best reply of {game.players[player]}"
    method = "policy iteration, " + ("limit of means" if discount is None else f"discount {discount:g}")
    return BestReply(replies.automaton(plan, name), float(values[0]), method)


def repeated_equilibrium(
    game: Game, strategies: Sequence[str | Automaton], *, noise: float = 0.0, discount: float | None = None
) -> RepeatedEquilibrium:
    """Whether these automata are an equilibrium of `game` played for ever, and where not, who gains how much.

    Parameters
    ----------
    game, strategies, noise, discount : as in `repeated_play`.

    Raises
    ------
    InputError : strategies that do not fit; TooLarge : more joint states than are held.
    """
    states, gains = gains_everywhere(game, seated(game, strategies), noise, discount)
    return RepeatedEquilibrium(states, gains, TOLERANCE * max(1.0, float(np.ptp(game.payoffs_at(game.profiles())))))
