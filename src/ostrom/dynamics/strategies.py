"""Strategies of the repeated prisoner's dilemma by name: automata, and rules that count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..core.automaton import Automaton
from ._named import FIRST_TOURNAMENT, Named, called, found, plain, proper, table
from ._rules import Matches, Rule

__all__ = ["FIRST_TOURNAMENT", "Matches", "Named", "Rule", "strategies", "strategy"]


class _Table(Mapping[str, Named]):
    def __getitem__(self, name: str) -> Named:
        return table()[proper(name)]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and plain(name) in called()

    def __iter__(self) -> Iterator[str]:
        return iter(table())

    def __len__(self) -> int:
        return len(table())


def strategies() -> Mapping[str, Named]:
    """All strategies that have a name, each with `strategy`, what it does in a `line`, and its `source`.

    `FIRST_TOURNAMENT` are the names of the fifteen entries of Axelrod's first tournament.
    """
    return _Table()


def strategy(name: str) -> Automaton | Rule:
    """The strategy of that name: an `Automaton`, or a `Rule` that counts. `UnknownName` offers what is near.

    Capitals, spaces and hyphens do not matter, and what everybody calls one is known too: TFT, Pavlov, ALLD, ….

    Examples
    --------
    >>> strategy("win-stay lose-shift").memory_one_odds()
    array([1., 0., 0., 1.])
    """
    return found(name)
