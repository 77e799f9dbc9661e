"""The nodes that a game tree is written with: who chooses what, what chance does, what is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """A place in a game tree.

    Attributes
    ----------
    pays : what passing this place pays the players (then the bystanders); None pays nothing. What is paid at an end is
        the sum along the way.
    outcome, label : names that files keep; they change nothing.
    """

    pays: Sequence[Any] | None = field(default=None, kw_only=True)
    outcome: str = field(default="", kw_only=True)
    label: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class End(Node):
    """The end of a play; `End(pays=(3, 1))` pays the first player 3 and the second 1."""


@dataclass(frozen=True)
class Choice(Node):
    """A player chooses one of `moves`, move -> the node that follows.

    Places of one player with the same `sees` look the same to it and are one information set; None is a place like no
    other. They need the same moves in the same order.
    """

    player: str
    moves: Mapping[str, Node]
    sees: str | None = None


@dataclass(frozen=True)
class Chance(Node):
    """Chance goes one of several ways: `moves`, name -> `(probability, the node that follows)`; they sum to one.

    `sees` names the draw in files; it changes nothing.
    """

    moves: Mapping[str, tuple[Any, Node]]
    sees: str | None = None
