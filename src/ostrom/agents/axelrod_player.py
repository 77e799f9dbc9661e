"""A player of the Axelrod library takes part: in tournaments among our strategies, and in live sessions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from ..core.agent import Agent, Choice, Look
from ..core.errors import InputError
from ..dynamics.strategies import Matches, Rule

Array = Any


class AxelrodPlayer(Rule):
    """Plays as a player of the Axelrod library does; it is asked match by match, so it is as slow as it is there.

    The other is shown to it as a copy of itself whose history is what the other did. Strategies that look into the
    other's code, or play against it in thought, see that copy.

    Parameters
    ----------
    player : an instance, `axelrod.TitForTat()`. Copies of it play.
    actions : what cooperating and defecting are called there; by default those of the library, which is then imported.

    Raises `InputError` for what has not that interface, and where the library is needed and not installed.
    """

    draws = True
    name = "axelrod player"

    def __init__(self, player: Any, actions: tuple[Any, Any] | None = None) -> None:
        missing = [
            part for part in ("strategy", "update_history", "clone") if not callable(getattr(player, part, None))
        ]
        if missing or isinstance(player, type):
            raise InputError(
                f"{player!r:.60} is no player of the Axelrod library.",
                f"It has no {' and no '.join(missing)}." if missing else "It is a class.",
                "Give an instance, such as axelrod.TitForTat().",
            )
        self.player, self.actions = player, actions or _actions()
        self.name = str(getattr(player, "name", type(player).__name__))
        self.draws = _draws(player)

    def begin(self, matches: Matches) -> SimpleNamespace:
        """A fresh copy for every match, with a seed of its own, and a copy for the other."""
        seeds = matches.random.integers(2**31 - 1, size=matches.count) if self.draws else np.zeros(matches.count, int)
        pairs = [(self._copy(int(seed), matches.turns), self._copy(0, matches.turns)) for seed in seeds]
        return SimpleNamespace(pairs=pairs)

    def act(self, memory: SimpleNamespace, turn: int) -> Array:
        """Ask everybody."""
        return np.array([own.strategy(other) == self.actions[0] for own, other in memory.pairs], bool)

    def see(self, memory: SimpleNamespace, own: Array, other: Array) -> None:
        """Write both histories on."""
        for (mine, theirs), a, b in zip(memory.pairs, own.tolist(), other.tolist(), strict=True):
            mine.update_history(self.actions[a], self.actions[b])
            theirs.update_history(self.actions[b], self.actions[a])

    def live(self, last: str = "last") -> Agent:
        """The same for a seat of a live session of two moves that shows the joint move before as `last`."""
        return _Live(self, last)

    def _copy(self, seed: int, turns: int | None) -> Any:
        one = self.player.clone()
        if hasattr(one, "set_seed"):
            one.set_seed(seed)
        if hasattr(one, "match_attributes"):
            one.match_attributes["length"] = turns if turns is not None else float("inf")
        return one


class _Live(Agent):
    """Its state is the player, its copy for the other, and how many rounds they know of."""

    def __init__(self, rule: AxelrodPlayer, last: str) -> None:
        self.rule, self.last = rule, last

    def init(self, seed: int) -> SimpleNamespace:
        """Fresh copies."""
        return SimpleNamespace(own=self.rule._copy(seed, None), other=self.rule._copy(0, None), known=0)

    def act(self, state: SimpleNamespace, look: Look) -> Choice:
        """Take in the joint move before, if it is new, and ask the player."""
        if len(look.choices) != 1 or any(len(options) != 2 for options in look.choices.values()):
            raise InputError(
                f"{look.player} is to choose {dict(look.choices)}.",
                "Players of the Axelrod library cooperate or defect, and nothing else.",
                "Seat it in a game of two with two moves.",
            )
        if self.last not in look.sees or len(look.sees[self.last]) != 2:
            raise InputError(
                f"{look.player} does not see the moves of two in {self.last!r}.",
                "The player goes by what both did.",
                "Play MatrixWorld.of(game) with a game of two.",
            )
        time, moves = look.time or 0, [int(move) for move in look.sees[self.last]]
        if min(moves) >= 0 and time > state.known:
            mine, theirs = (self.rule.actions[move] for move in (moves[look.seat], moves[1 - look.seat]))
            state.own.update_history(mine, theirs)
            state.other.update_history(theirs, mine)
            state.known = time
        ((part, options),) = look.choices.items()
        return {part: options[0 if state.own.strategy(state.other) == self.rule.actions[0] else 1]}


def _draws(player: Any) -> bool:
    """Whether it says that it leaves something to chance; who says nothing is taken to."""
    says = getattr(player, "classifier", {})
    return bool(says.get("stochastic", True)) if hasattr(says, "get") else True


def _actions() -> tuple[Any, Any]:
    try:
        from axelrod import Action  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise InputError(
            "axelrod is not installed.",
            "Its players are asked with its own actions.",
            "Install it with: pip install axelrod",
        ) from None
    return Action.C, Action.D
