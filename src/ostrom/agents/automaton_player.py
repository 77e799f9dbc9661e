"""Automata take seats: of compiled worlds that show the joint move before, and of live sessions of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.agent import NEVER, Agent, Choice, Look, Policy, Sight
from ..core.automaton import Automaton
from ..core.errors import InputError

Array = Any


class AutomatonPlayer(Policy):
    """Plays as a finite automaton does, in a table game that shows what all did in the round before.

    Parameters
    ----------
    automaton : the strategy; its own moves and the others' are numbered as in the game.
    part : the part of a move that it chooses.
    last : name in the view of `int[P]`, the joint move before, below 0 where there was none.
    time : name in the view of the number of the round. Where it is shown, several looks in one round count once.

    Raises `InputError` in a seat with other moves or numbers of players than the automaton knows.
    """

    automaton: Automaton
    part: str = "act"
    last: str = "last"
    time: str = "time"

    def begin(self) -> dict[str, Array]:
        """The state of the automaton, and the round in which it got there."""
        return {"state": np.array(self.automaton.start, np.int32), "read": np.array(0, np.int32)}

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        """Go where the last joint move leads, and have the odds of that state."""
        xp, one, seen = sight.xp, self.automaton, sight.seen
        self._fits(sight)
        now = xp.asarray(seen.get(self.time, memory["read"] + 1), dtype=xp.int32)
        last, others = seen[self.last], xp.arange(len(one.sizes) - 1)
        others = xp.maximum(last[others + (others >= sight.seat)], 0)
        moves = (memory["state"], xp.maximum(last[sight.seat], 0), *(others[k] for k in range(len(one.sizes) - 1)))
        led = xp.asarray(one.table)[moves]
        state = xp.where(now == memory["read"], memory["state"], led)
        state = xp.where((last < 0).any(), one.start, state).astype(xp.int32)
        width = sight.mask[self.part].shape[-1]
        odds = xp.asarray(one.odds)[state]
        scores = xp.where(odds > 0, xp.log(xp.where(odds > 0, odds, 1.0)), NEVER)
        full = xp.concatenate([scores, xp.full(width - scores.shape[-1], NEVER)])
        return {self.part: full}, {"state": state, "read": now}

    def live(self) -> Agent:
        """The same for a seat of a live session (`ostrom.core.society.Session`) of a world that shows `last`."""
        return _Live(self)

    def _fits(self, sight: Sight) -> None:
        players, sizes = sight.seen[self.last].shape[-1], self.automaton.sizes
        labels = [len(sight.ground.part(self.part).labels_of(seat)) for seat in range(players)]
        fitting = [labels[seat : seat + 1] + labels[:seat] + labels[seat + 1 :] for seat in range(players)]
        seats = range(players) if not isinstance(sight.seat, int | np.integer | np.ndarray) else [int(sight.seat)]
        if not any(fitting[seat] == list(sizes) for seat in seats):
            raise InputError(
                f"Automaton {self.automaton.name!r} has moves {sizes}, own first, at a table with {labels} moves.",
                "Where a joint move leads has to be known of every joint move.",
                "Give an automaton for this game.",
            )


class _Live(Agent):
    """Its state is `(seed, state of the automaton when it last chose)`."""

    def __init__(self, player: AutomatonPlayer) -> None:
        self.player = player

    def init(self, seed: int) -> tuple[int, int]:
        """The state at the start."""
        return seed, self.player.automaton.start

    def act(self, state: tuple[int, int], look: Look) -> Choice:
        """Draw a move with the odds of where the last joint move led; other parts are chosen evenly."""
        random = np.random.default_rng((state[0], look.time or 0, look.stage))
        chosen = {part: _evenly(options, random) for part, options in look.choices.items() if part != self.player.part}
        if self.player.part in look.choices:
            odds = self.player.automaton.odds[self._now(state, look)]
            options = look.choices[self.player.part]
            if len(options) != len(odds):
                raise InputError(
                    f"{look.player} may choose from {options}, and automaton {self.player.automaton.name!r} has "
                    f"{len(odds)} moves.",
                    "Its odds are for all moves of the seat.",
                    "Give an automaton for this game, without a rule that forbids moves.",
                )
            chosen[self.player.part] = options[int(random.choice(len(odds), p=odds))]
        return chosen

    def learn(self, state: tuple[int, int], look: Look, choice: Choice, payoff: float) -> tuple[int, int]:
        """Remember where it chose."""
        return state[0], self._now(state, look)

    def _now(self, state: tuple[int, int], look: Look) -> int:
        if self.player.last not in look.sees:
            raise InputError(
                f"{look.player} does not see {self.player.last!r}, only {', '.join(look.sees) or 'nothing'}.",
                "An automaton goes by the joint move before.",
                "Play MatrixWorld.of(game), which shows it.",
            )
        last, seat = list(look.sees[self.player.last]), look.seat
        if min(last) < 0:
            return self.player.automaton.start
        return int(self.player.automaton.table[(state[1], last[seat], *last[:seat], *last[seat + 1 :])])


def _evenly(options: tuple[Any, ...], random: np.random.Generator) -> Any:
    """Any label, or any number between the bounds."""
    return (
        options[int(random.integers(len(options)))] if isinstance(options[0], str) else float(random.uniform(*options))
    )
