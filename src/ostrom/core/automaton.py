"""Finite automata that play a repeated game: what they do in a state, and which state what was done leads to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from .errors import InputError, TooLarge
from .record import Record

STATE_LIMIT = 20_000
"""States of one automaton beyond which nothing exact can be said about its play in reasonable time."""
SHOWN = 16
"""States up to which a repr writes everything out, so that the automaton can be made again from it."""

Joint = tuple[int, ...]
"""Own move first, then the others' in the order of their seats."""


class Automaton(Record):
    """A finite-state strategy of a repeated game, of any number of players and moves (Rubinstein 1986).

    In a state it draws its move from `odds[state]`. What all then did, own slips included, leads to the next state.
    It may take any seat that has its numbers of moves.

    Parameters
    ----------
    odds : `float[S, A]`, how likely each own move is in each state; rows sum to 1.
    after : `int[S, A, B, C, …]`, the next state by state, own move and the moves of the others in the order of seats.
    start : the state of the first round.
    name : what people call it.

    Raises
    ------
    InputError : odds that are none, shapes that do not fit, states that do not exist.

    Examples
    --------
    >>> tit_for_tat = Automaton.pure([0, 1], [[0, 1], [0, 1]], name="tit for tat")
    >>> tit_for_tat.states, tit_for_tat.sizes, tit_for_tat.is_pure
    (2, (2, 2), True)
    """

    odds: np.ndarray
    after: Any
    start: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        table = _table(self.after)
        object.__setattr__(self, "after", table.tolist())
        super().__post_init__()
        if self.odds.ndim != 2 or table.ndim < 3 or table.shape[:2] != self.odds.shape or 0 in table.shape:
            raise InputError(
                f"Automaton {self.name!r} has odds of shape {self.odds.shape} and next states of shape {table.shape}.",
                "Odds are [states, own moves], next states [states, own moves, moves of another, …].",
                "Give both tables for the same states and own moves, and at least one other player.",
            )
        if not ((self.odds >= 0).all() and np.allclose(self.odds.sum(-1), 1.0, rtol=0, atol=1e-9)):
            state = int(np.argmin(((self.odds >= 0).all(-1)) & (np.abs(self.odds.sum(-1) - 1) <= 1e-9)))
            raise InputError(
                f"In state {state}, automaton {self.name!r} has odds {self.odds[state].tolist()}.",
                "Odds of moves are not negative and sum to 1.",
                "Divide them by their sum.",
            )
        wrong = [int(k) for k in (*table.ravel(), self.start) if not 0 <= k < self.states]
        if wrong:
            raise InputError(
                f"Automaton {self.name!r} goes to state {wrong[0]} and has {self.states} states.",
                "States are numbered from 0.",
                f"Give numbers from 0 to {self.states - 1}.",
            )

    @staticmethod
    def pure(moves: Sequence[int], after: Any, *, start: int = 0, own: int | None = None, name: str = "") -> Automaton:
        """The automaton that surely plays `moves[s]` in state s and goes to `after[s, others' moves…]`.

        Its own move does not count for where it goes, so it does not see its own slips. `own` is how many moves it
        has: as many as the next player, unless told. Raises `InputError` for tables that do not fit.
        """
        table, chosen = _table(after), _table(moves)
        count = own or (table.shape[1] if table.ndim > 1 else 0)
        if chosen.ndim != 1 or table.ndim < 2 or len(chosen) != len(table) or not (chosen < count).all():
            raise InputError(
                f"A pure automaton with moves {chosen.tolist()} and next states of shape {table.shape}.",
                f"Every state has a move from 0 to {count - 1} and a row of next states.",
                "Give moves[s] and after[s][the other's move], or say how many moves it has itself: own=….",
            )
        return Automaton(np.eye(count)[chosen], np.repeat(table[:, None], count, axis=1), start, name)

    @staticmethod
    def memory_one(cc: float, cd: float, dc: float, dd: float, *, first: float = 1.0, name: str = "") -> Automaton:
        """Of two moves (C first) the odds of C after CC, CD, DC and DD, own move first (Nowak and Sigmund 1993).

        Five states: one for each last joint move, and the start, where C has odds `first`. `InputError` for numbers
        that are no odds.
        """
        odds = _odds([cc, cd, dc, dd, first], name)
        after = np.tile(np.arange(4).reshape(1, 2, 2), (5, 1, 1))
        return Automaton(np.stack([odds, 1 - odds], -1), after, 4, name)

    @staticmethod
    def memory_n(
        depth: int, rule: Callable[[tuple[Joint, ...]], Any], *, sizes: Sequence[int] = (2, 2), name: str = ""
    ) -> Automaton:
        """The automaton that remembers the last `depth` joint moves.

        `rule(history)` is asked once for every history of 0 to `depth` joint moves, the oldest first, each with the own
        move first. It answers with the odds of all own moves, or, for two moves, with those of the first. `sizes` are
        the numbers of moves, own first. `TooLarge` where the histories do not fit.
        """
        joint = math.prod(sizes)
        if depth < 0 or (len(sizes) + 1) * depth > STATE_LIMIT or joint ** max(depth, 0) > STATE_LIMIT:
            raise TooLarge(
                f"A memory of {depth} rounds with {joint} joint moves.",
                f"Every history is a state, and {STATE_LIMIT:,} are allowed.",
                "Remember less, or write an automaton whose states say what matters.",
            )
        steps = list(product(*map(range, sizes)))
        past = [history for length in range(depth + 1) for history in product(steps, repeat=length)]
        number = {history: k for k, history in enumerate(past)}
        odds = np.array([_own(rule(history), sizes[0]) for history in past])
        after = [[number[(*history, step)[-depth:] if depth else ()] for step in steps] for history in past]
        return Automaton(odds, np.reshape(after, (len(past), *sizes)), 0, name)

    @property
    def states(self) -> int:
        """How many states there are."""
        return self.odds.shape[0]

    @cached_property
    def table(self) -> np.ndarray:
        """The next states as `int[S, A, B, …]`."""
        return _table(self.after)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many moves there are: own first, then of the others in the order of their seats."""
        return self.table.shape[1:]

    @property
    def is_pure(self) -> bool:
        """Whether it never draws."""
        return bool((self.odds.max(-1) == 1).all())

    def noisy(self, noise: float) -> Automaton:
        """The same with a hand that trembles: with odds `noise` (0 to 1) each move slips to another one, evenly.

        Odds p of one of two moves become `(1 - 2 noise) p + noise` (Selten 1975). `InputError` out of range.
        """
        return Automaton(trembled(self.odds, noise), self.after, self.start, self.name)

    def memory_one_odds(self) -> np.ndarray | None:
        """The odds of the first of two moves after CC, CD, DC, DD, `float[4]`; None where more than that counts."""
        if self.sizes != (2, 2):
            return None
        met = np.union1d(self.table, self.start)
        odds = self.odds[self.table[met], 0].reshape(-1, 4)
        return odds[0] if np.ptp(odds, axis=0).max() == 0 else None

    def __repr__(self) -> str:
        if self.states <= SHOWN:
            return super().__repr__()
        return f"<Automaton {self.name or 'without a name'}: {self.states} states, moves {self.sizes}>"


def trembled(odds: np.ndarray, noise: float) -> np.ndarray:
    """Odds `float[..., A]` when every move slips to another, evenly, with odds `noise`; `InputError` out of range."""
    if not 0 <= noise <= 1:
        raise InputError(f"Noise of {noise} is no probability.", do="Give a number from 0 to 1.")
    others = odds.shape[-1] - 1
    return odds if others == 0 or noise == 0 else (1 - noise) * odds + noise * (1 - odds) / others


def _table(values: Any) -> np.ndarray:
    try:
        table = np.asarray(values)
    except ValueError:
        table = np.array("ragged")
    if table.dtype.kind not in "iu":
        raise InputError(
            f"{values!r:.60} is not a table of whole numbers.",
            "States and moves are numbered from 0, and every row is as long as the others.",
            "Give nested lists of such numbers.",
        )
    return table.astype(int)


def _odds(values: Sequence[float], name: str) -> np.ndarray:
    odds = np.array(values, float)
    if not ((odds >= 0) & (odds <= 1)).all():
        raise InputError(f"{name or 'A memory-one strategy'} has odds {odds.tolist()}.", do="Give numbers from 0 to 1.")
    return odds


def _own(answer: Any, count: int) -> np.ndarray:
    odds = np.asarray(answer, float)
    return np.array([odds, 1 - odds]) if odds.ndim == 0 and count == 2 else odds
