"""Couples that want to be placed together: a stable matching if there is one, by going through all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from ..core._numbers import count
from ..core.errors import InputError, TooLarge, UnknownName

COMBINATIONS = 2_000_000
"""Combinations of placements beyond which they are not gone through."""

SHOWN = 10
"""Blocked placements that are told."""

Placement = tuple[str | None, ...]
"""Where the members of a party (a single, or a couple) are placed."""


@dataclass(frozen=True)
class CouplesAnswer:
    """The stable placements of singles and couples.

    Attributes
    ----------
    placements : each a dict from names to where they are placed, None for nowhere; empty proves that there is none.
    tried : how many placements were looked at, all that keep to capacities and to what everybody accepts.
    blocked : where none is stable, for each placement looked at, first ones first (up to ten), what blocks it.
    """

    placements: tuple[dict[str, str | None], ...]
    tried: int
    blocked: tuple[str, ...]


def stable_with_couples(
    singles: Mapping[str, Sequence[str]],
    couples: Mapping[tuple[str, str], Sequence[tuple[str | None, str | None]]],
    receivers: Mapping[str, Sequence[str]],
    *,
    capacities: int | Mapping[str, int] = 1,
) -> CouplesAnswer:
    """All stable placements where couples rank pairs of places; there may be none (Roth 1984).

    A placement is blocked by a single and a receiver, or by a couple and the one or two receivers of a pair that it
    prefers: each of these has a seat left or somebody whom it ranks lower, once who leaves has left. Deciding is hard
    in general (Ronn 1990), so this is for small markets and goes through all.

    Parameters
    ----------
    singles : for each its list of receivers, best first.
    couples : for each two names a list of pairs of receivers, best first; None is nowhere.
    receivers : for each its list of persons, strict, best first.
    capacities : of all receivers, or by name (1 for those left out).

    Raises
    ------
    InputError : names twice, or capacities below 0. UnknownName : somebody who is not there.
    TooLarge : over two million combinations.

    Examples
    --------
    >>> found = stable_with_couples({"Cyd": ["X", "Y"]}, {("Ann", "Bob"): [("X", "Y")]},
    ...     {"X": ["Ann", "Cyd"], "Y": ["Cyd", "Bob"]})
    >>> found.placements, found.tried
    ((), 4)
    """
    market = _Couples(singles, couples, receivers, capacities)
    found, tried, blocked = [], 0, []
    for placed in market.placements():
        tried += 1
        reason = market.blocks(placed)
        if reason:
            blocked += [reason] * (len(blocked) < SHOWN)
        else:
            found.append(market.named(placed))
    return CouplesAnswer(tuple(found), tried, () if found else tuple(blocked))


class _Couples:
    """The market: parties of one or two, what they accept, and how receivers rank persons."""

    def __init__(self, singles: Any, couples: Any, receivers: Any, capacities: Any) -> None:
        for given in (singles, couples, receivers):
            if not isinstance(given, Mapping):
                raise InputError(f"{given!r:.80} is no mapping.", do="Give each of them its list: {name: [...]}.")
        if wrong := [
            pair for pair in couples if isinstance(pair, str) or not isinstance(pair, tuple) or len(pair) != 2
        ]:
            raise InputError(f"The couple {wrong[0]!r:.80}.", do="Name two persons: {('Ann', 'Bob'): [...]}.")
        self.parties = [(str(name),) for name in singles] + [(str(a), str(b)) for a, b in couples]
        everybody = [name for party in self.parties for name in party]
        if len(set(everybody)) < len(everybody):
            twice = next(name for name in everybody if everybody.count(name) > 1)
            raise InputError(f"{twice} is placed twice.", do="Name each once, alone or in one couple.")
        lists = [[(_name(one),) for one in _list(own)] for own in singles.values()]
        lists += [[tuple(_name(one) for one in _list(place)) for place in _list(own)] for own in couples.values()]
        receivers = {str(name): [_name(one) for one in _list(own)] for name, own in receivers.items()}
        for party, own in zip(self.parties, lists, strict=True):
            for place in own:
                if len(place) != len(party):
                    raise InputError(f"{place!r} on the list of {party}.", do="Give pairs of receivers to couples.")
                if strange := [str(one) for one in place if one is not None and one not in receivers]:
                    raise UnknownName("receiver", strange[0], receivers)
        self.rank = {}
        for receiver, own in receivers.items():
            if strange := [str(one) for one in own if one not in everybody]:
                raise UnknownName("person", strange[0], everybody)
            if len(set(own)) < len(own):
                raise InputError(f"The list of {receiver} names somebody twice.", do="Name each at most once.")
            self.rank[receiver] = {name: k for k, name in enumerate(own)}
        by_name = {str(one): many for one, many in capacities.items()} if isinstance(capacities, Mapping) else None
        if strange := [one for one in by_name or () if one not in receivers]:
            raise UnknownName("receiver", strange[0], receivers)
        given = {one: capacities if by_name is None else by_name.get(one, 1) for one in receivers}
        self.seats = {one: count(many, f"capacity of {one}", 0) for one, many in given.items()}
        nowhere: list[Placement] = [(None,) * len(party) for party in self.parties]
        self.lists: list[list[Placement]] = [
            [place for place in own if place != out and self._accepted(party, place)] + [out]
            for party, own, out in zip(self.parties, lists, nowhere, strict=True)
        ]

    def placements(self) -> Iterator[tuple[Placement, ...]]:
        """All ways to place everybody within capacities, where everybody accepts each other."""
        many = prod(map(len, self.lists))
        if many > COMBINATIONS:
            raise TooLarge(
                f"{many:,} combinations of placements.",
                f"Going through all is for up to {COMBINATIONS:,}: deciding is hard with couples.",
                "Shorten the lists, or leave couples out and use deferred_acceptance.",
            )
        for placed in product(*self.lists):
            used = [one for place in placed for one in place if one is not None]
            if all(used.count(one) <= self.seats[one] for one in set(used)):
                yield placed

    def blocks(self, placed: tuple[Placement, ...]) -> str:
        """Who blocks a placement, in a sentence; empty where nobody does."""
        for party, own, has in zip(self.parties, self.lists, placed, strict=True):
            for wish in own[: own.index(has)]:
                if self._welcome(party, wish, placed):
                    there = " and ".join(str(one) for one in wish)
                    return f"{' and '.join(party)} would rather be at {there}, and would be taken."
        return ""

    def named(self, placed: tuple[Placement, ...]) -> dict[str, str | None]:
        """Where everybody is, by name."""
        pairs = zip(self.parties, placed, strict=True)
        return {name: one for party, place in pairs for name, one in zip(party, place, strict=True)}

    def _accepted(self, party: tuple[str, ...], place: Placement) -> bool:
        return all(one is None or name in self.rank[one] for name, one in zip(party, place, strict=True))

    def _welcome(self, party: tuple[str, ...], wish: Placement, placed: tuple[Placement, ...]) -> bool:
        """Whether every receiver that the party wishes for chooses its newcomers from all it then could have."""
        now = self.named(placed)
        for receiver in {one for one in wish if one is not None}:
            coming = {name for name, one in zip(party, wish, strict=True) if one == receiver}
            staying = {name for name, one in now.items() if one == receiver and name not in party}
            order = sorted(coming | staying, key=self.rank[receiver].__getitem__)
            if not coming <= set(order[: self.seats[receiver]]):
                return False
        return True


def _list(given: Any) -> list[Any]:
    """A list of names or pairs; `InputError` for what is none (text is one name, not a list of letters)."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"{given!r:.80} is no list.", do="Give lists, best first.")
    try:
        return list(given)
    except TypeError:
        raise InputError(f"{given!r:.80} is no list.", do="Give lists, best first.") from None


def _name(given: Any) -> str | None:
    return None if given is None else str(given)
