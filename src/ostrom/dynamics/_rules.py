"""Strategies with counters for two players with two moves, written for many matches at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from ..core.game import Array


@dataclass(frozen=True)
class Matches:
    """What a rule is told before the first round of `count` matches.

    Attributes
    ----------
    count : M, how many matches it plays at once.
    turns : how long they last, if that is known.
    own, theirs : `float[M, 2, 2]`, payoffs by its own move and the other's; move 0 is to cooperate, 1 to defect.
    random : where it draws what it does not do by its odds.
    """

    count: int
    turns: int | None
    own: Array
    theirs: Array
    random: np.random.Generator


class Rule(ABC):
    """A strategy of M matches at once. All it remembers is in a namespace of arrays, one entry per match.

    `draws` says whether anything in it is left to chance; matches between rules and automata that do not draw are
    played once. Rules are told what was done, slips included.
    """

    name: str
    draws: bool = False

    def begin(self, matches: Matches) -> SimpleNamespace:
        """What is remembered before the first round."""
        return SimpleNamespace()

    @abstractmethod
    def act(self, memory: SimpleNamespace, turn: int) -> Array:
        """The odds of cooperating `float[M]` (or whether to, `bool[M]`) in round `turn`, the first one 0."""

    def see(self, memory: SimpleNamespace, own: Array, other: Array) -> None:
        """Take in who defected, `bool[M]` each; changes the memory in place."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<rule {self.name}>"


def counted(matches: Matches, **names: float) -> SimpleNamespace:
    """A memory of arrays with one entry per match, each filled with its first value, whose type it has."""
    return SimpleNamespace(**{name: np.full(matches.count, value) for name, value in names.items()})
