"""What all kinds of evidence share: reading what was stated, and naming where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import InputError
from ..exact import ExactGame, fraction

Labels = Sequence[str]
Device = Sequence[tuple[Labels, Any]]


def at(game: ExactGame, place: int) -> str:
    """A joint move in words."""
    return f"({', '.join(game.labels(place))})"


def names(game: ExactGame, group: Iterable[int]) -> str:
    """Players in words."""
    return " and ".join(game.players[i] for i in group)


def whole(game: ExactGame, values: Sequence[Any]) -> Sequence[Any]:
    """`values`, which have to be one per player."""
    if len(values) != len(game.players):
        raise InputError(f"{values!r} has {len(values)} entries for {len(game.players)} players.")
    return values


def read_odds(game: ExactGame, device: Device) -> dict[int, Fraction]:
    """The device by number of joint move; `InputError` when it is no distribution."""
    odds: dict[int, Fraction] = {}
    for labels, share in device:
        place = game.number(labels)
        odds[place] = odds.get(place, Fraction(0)) + fraction(share)
    if sum(odds.values()) != 1 or min(odds.values()) < 0:
        raise InputError(f"The odds of a device sum to {sum(odds.values())}.", do="They are at least 0 and sum to 1.")
    return odds


def worth_of(game: ExactGame, odds: Mapping[int, Fraction]) -> Fraction:
    """Expected welfare."""
    return sum((share * game.worth[place] for place, share in odds.items()), Fraction(0))


def is_worth(game: ExactGame, odds: Mapping[int, Fraction], worth: Any) -> str:
    """Empty when the odds are worth just that, or nothing was said."""
    found = worth_of(game, odds)
    return "" if worth is None or found == fraction(worth) else f"It is worth {found}."


def read_prices(game: ExactGame, prices: Iterable[Sequence[Any]], moves: int) -> dict[tuple[int, ...], Fraction]:
    """Prices by `(player, move, …)`; `InputError` for a price below 0."""
    rows: dict[tuple[int, ...], Fraction] = {}
    for player, *labels, price in prices:
        i = game.seat(player)
        key = (i, *(game.move(i, label) for label in labels))
        if len(labels) != moves or fraction(price) < 0:
            raise InputError(f"{[player, *labels, price]!r} is no price.", do="Prices are at least 0.")
        rows[key] = rows.get(key, Fraction(0)) + fraction(price)
    return rows


class Disobeyed:
    """The priced gains from disobeying at the joint move that all are told; prices by `(player, told, instead)`."""

    def __init__(self, game: ExactGame, rows: Mapping[tuple[int, ...], Fraction]) -> None:
        self.game = game
        self.told: dict[tuple[int, int], list[tuple[int, Fraction]]] = {}
        for (i, told, instead), price in rows.items():
            self.told.setdefault((i, told), []).append((instead, price))

    def at(self, place: int) -> Fraction:
        """Their sum there."""
        game, total = self.game, Fraction(0)
        for i in game.seats:
            for instead, price in self.told.get((i, game.own(place, i)), ()):
                total += price * game.gain(place, i, instead)
        return total


def some(up_to: Any) -> int:
    """How many players a group may have; `InputError` unless it is a whole number of at least 1."""
    if not isinstance(up_to, int) or isinstance(up_to, bool) or up_to < 1:
        raise InputError(f"Groups of up to {up_to!r} players.", do="Give a whole number of at least 1.")
    return up_to


def change_for_others(game: ExactGame, place: int, player: int, move: int) -> Fraction:
    """What the others together get more when that player alone makes that move."""
    before, after = game.payoffs[place], game.payoffs[game.moved(place, player, move)]
    return sum((after[j] - before[j] for j in game.seats if j != player), Fraction(0))


def left_for(game: ExactGame, place: int, group: Sequence[int]) -> Fraction:
    """The mean payoff of some players at a joint move."""
    return sum((game.payoffs[place][i] for i in group), Fraction(0)) / len(group)
