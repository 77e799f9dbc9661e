"""A finite game in exact rational numbers, in plain Python: what certificates are checked on.

Nothing here needs NumPy or a solver, so that whoever doubts a certificate can read all of the arithmetic. A joint move
has one number, its place in the table with the last player's move fastest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from numbers import Integral

from .errors import InputError, UnknownName

Row = tuple[Fraction, ...]

DIGITS = 5_000
"""Characters a number may have; the sums of rationals that LPs leave behind are long, and hostile ones longer."""

LAST = 4
"""Units in the last place by which sums of a few numbers may miss what is meant."""

SIMPLE = 1_000_000
"""Denominators up to which a fraction counts as what a float was meant to be."""

_NUMBER = re.compile(r"-?(?:[0-9]+/0*[1-9][0-9]*|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)")


@dataclass(frozen=True)
class ExactGame:
    """Players, their moves, and at every joint move what each gets and what it is worth.

    Attributes
    ----------
    players, moves : names, and per player the names of its moves.
    payoffs : per joint move one number per player.
    worth : per joint move, its welfare: before payments, which only change hands.
    adds : per joint move, what the institution adds to each player's payoff (contained in `payoffs`).
    """

    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    payoffs: tuple[Row, ...]
    worth: Row
    adds: tuple[Row, ...]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many moves each player has."""
        return tuple(len(own) for own in self.moves)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """By how much the number of a joint move grows with each player's move."""
        return tuple(math.prod(self.sizes[i + 1 :]) for i in range(len(self.sizes)))

    @property
    def size(self) -> int:
        """How many joint moves there are."""
        return len(self.payoffs)

    @property
    def seats(self) -> range:
        """The players by number."""
        return range(len(self.players))

    def number(self, labels: Sequence[str]) -> int:
        """The number of the joint move with these names; `InputError` (`UnknownName`) for what there is not."""
        if len(labels) != len(self.players):
            raise InputError(f"{labels!r} has {len(labels)} moves for {len(self.players)} players.")
        return sum(self.move(i, label) * self.strides[i] for i, label in enumerate(labels))

    def move(self, player: int, label: str) -> int:
        """The number of a player's move; `UnknownName` says which there are."""
        if label not in self.moves[player]:
            raise UnknownName(f"move of {self.players[player]}", str(label), self.moves[player])
        return self.moves[player].index(label)

    def seat(self, name: str) -> int:
        """The number of a player; `UnknownName` says which there are."""
        if name not in self.players:
            raise UnknownName("player", str(name), self.players)
        return self.players.index(name)

    def labels(self, place: int) -> tuple[str, ...]:
        """The names of the moves of a joint move."""
        return tuple(own[self.own(place, i)] for i, own in enumerate(self.moves))

    def own(self, place: int, player: int) -> int:
        """Which of its moves a player makes at a joint move."""
        return place // self.strides[player] % self.sizes[player]

    def moved(self, place: int, player: int, move: int) -> int:
        """The joint move at which that player alone makes another move."""
        return place + (move - self.own(place, player)) * self.strides[player]

    def gain(self, place: int, player: int, move: int) -> Fraction:
        """What a player adds to its payoff by that move alone."""
        return self.payoffs[self.moved(place, player, move)][player] - self.payoffs[place][player]

    def gains(self, place: int) -> Iterator[tuple[Fraction, int, int]]:
        """`(gain, player, move)` of every single departure from a joint move."""
        for i in self.seats:
            for move in range(self.sizes[i]):
                if move != self.own(place, i):
                    yield self.gain(place, i, move), i, move

    def best_gain(self, place: int) -> Fraction:
        """The most that anybody adds by leaving a joint move alone; below 0 where all lose."""
        return max((gain for gain, _, _ in self.gains(place)), default=Fraction(0))

    def left(self, place: int) -> bool:
        """Whether somebody gains by leaving a joint move alone."""
        payoffs = self.payoffs[place]
        return any(
            self.payoffs[self.moved(place, i, move)][i] > payoffs[i]
            for i in self.seats
            for move in range(self.sizes[i])
        )

    def joint(self, place: int, coalition: Sequence[int]) -> Iterator[int]:
        """The joint moves that a coalition can reach together from a joint move, itself included."""
        for moves in product(*(range(self.sizes[i]) for i in coalition)):
            reached = place
            for i, move in zip(coalition, moves, strict=True):
                reached = self.moved(reached, i, move)
            yield reached


def simple(value: float, rounding: float = 0.0) -> Fraction:
    """The simplest fraction that rounds to a float, if there is a simple one; otherwise its shortest decimal.

    `2 / 3` is meant where 0.6666666666666666 is stored, and 41/20 where 2.05 is; a third of 0.0001 counts as simple
    too, so that the unit of payoffs makes no difference. What lies within a few units of the last place is the same
    number, so that 0.1 + 0.2 is 3/10; with `rounding`, a simple fraction as near as that is taken.
    """
    stored = Fraction(value)
    unit = Fraction(10) ** max(0, -math.floor(math.log10(abs(value)))) if value else Fraction(1)
    for scale in (Fraction(1), unit):
        near = (stored * scale).limit_denominator(SIMPLE) / scale
        if abs(near - stored) <= max(rounding, LAST * math.ulp(value)):
            return near
    return Fraction(repr(float(value)))


def fraction(value: object) -> Fraction:
    """A number as people write it: `3`, `"2/3"`, `0.1`; a float counts as its shortest decimal.

    Raises `InputError` for what is no finite number, and for text that stands for more digits than `DIGITS`: exponents
    have three digits at most, because `1e999999999` would fill the memory.
    """
    try:
        if isinstance(value, str) and (len(value) > DIGITS or not _NUMBER.fullmatch(value)):
            raise ValueError(value)
        if isinstance(value, float):
            return Fraction(repr(float(value)))
        if isinstance(value, bool) or not isinstance(value, Integral | str | Fraction):
            raise TypeError(value)
        return Fraction(int(value) if isinstance(value, Integral) else value)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        shown = repr(value)[:60] if isinstance(value, str | float) or value is None else f"A {type(value).__name__}"
        raise InputError(f"{shown} is not a finite number.", do='Write it like 3, 0.25 or "2/3".') from None


def written(value: Fraction) -> int | str:
    """A rational as it stands in a certificate: a whole number, or text like `"2/3"`."""
    return int(value) if value.denominator == 1 else str(value)
