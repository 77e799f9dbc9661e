"""Evidence about correlated play: what nobody gains by leaving on average, and what bounds all such play."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from ..exact import ExactGame, fraction
from ._read import Device, Disobeyed, Labels, at, is_worth, read_odds, read_prices


def coarse_floor(game: ExactGame, worth: Any, prices: Iterable[Sequence[Any]] = ()) -> str:
    """No coarse correlated equilibrium is worth less, by weak duality.

    `prices` are `(player, move, price ≥ 0)`. In a coarse correlated equilibrium nobody gains, on average, by always
    making one move; so its welfare is at least the least, over joint moves, of welfare plus priced gains.
    """
    rows, least = read_prices(game, prices, 1), fraction(worth)
    for place in range(game.size):
        value = game.worth[place] + sum(price * game.gain(place, i, d) for (i, d), price in rows.items())
        if value < least:
            return f"At {at(game, place)} welfare and priced gains are {value}, below {least}."
    return ""


def only_correlated(game: ExactGame, target: Labels, prices: Iterable[Sequence[Any]]) -> str:
    """The target alone is a correlated equilibrium, and so the only equilibrium, mixed ones included.

    `prices` are `(player, told, instead, price ≥ 0)`. Priced gains from disobeying are at most 0 on average in any
    correlated equilibrium; where they are above 0 at every other joint move, and 0 at the target, no odds are left.
    """
    priced, wanted = Disobeyed(game, read_prices(game, prices, 2)), game.number(target)
    if game.best_gain(wanted) > 0:
        return f"{at(game, wanted)} is no equilibrium."
    for place in range(game.size):
        value = priced.at(place)
        if place != wanted and value <= 0:
            return f"At {at(game, place)} the priced gains are {value}, and not above 0."
        if place == wanted and value < 0:
            return f"At the target the priced gains are {value}, below 0."
    return ""


def best_advice(game: ExactGame, worth: Any, prices: Iterable[Sequence[Any]] = ()) -> str:
    """No correlated equilibrium is worth more, by weak duality; `prices` as for `only_correlated`."""
    priced, most = Disobeyed(game, read_prices(game, prices, 2)), fraction(worth)
    for place in range(game.size):
        value = game.worth[place] - priced.at(place)
        if value > most:
            return f"At {at(game, place)} welfare less priced gains is {value}, above {most}."
    return ""


def obedient(game: ExactGame, device: Device, worth: Any = None, slack: Any = 0) -> str:
    """Told privately what the device draws, nobody gains more than `slack` by any plan of disobeying (Aumann 1974)."""
    odds = read_odds(game, device)
    for i in game.seats:
        total = Fraction(0)
        for told in range(game.sizes[i]):
            here = [(place, share) for place, share in odds.items() if game.own(place, i) == told]
            total += max(
                (sum(share * game.gain(place, i, d) for place, share in here) for d in range(game.sizes[i])),
                default=Fraction(0),
            )
        if total > fraction(slack):
            return f"{game.players[i]} gains {total} by disobeying."
    return is_worth(game, odds, worth)


def coarse(game: ExactGame, device: Device, worth: Any = None, slack: Any = 0) -> str:
    """Nobody gains more than `slack` by always making one move against the device (Moulin and Vial 1978)."""
    odds = read_odds(game, device)
    for i in game.seats:
        for d in range(game.sizes[i]):
            if (gain := sum(share * game.gain(place, i, d) for place, share in odds.items())) > fraction(slack):
                return f"{game.players[i]} gains {gain} by always playing {game.moves[i][d]!r}."
    return is_worth(game, odds, worth)
