"""Evidence about payoffs that may be wrong: what every game within some distance of this one has in common.

A change of up to `radius` adds to each payoff of each player, at each joint move, a number of its own between -radius
and +radius. What a player gains by a move is then known up to twice the radius.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..exact import ExactGame, fraction
from ._read import Labels, at, read_prices


def no_other(game: ExactGame, target: Labels, radius: Any) -> str:
    """No change of up to `radius` makes another joint move than the target a pure equilibrium."""
    wanted, twice = game.number(target), 2 * fraction(radius)
    for place in range(game.size):
        if place != wanted and game.best_gain(place) <= twice:
            return f"At {at(game, place)} nobody gains more than {game.best_gain(place)}."
    return ""


def floor_within(game: ExactGame, worth: Any, prices: Iterable[Sequence[Any]], radius: Any) -> str:
    """No coarse correlated equilibrium is worth less, whatever changes of up to `radius` there are in payoffs.

    As "coarse floor", but each gain from always making another move counts 2 `radius` less; what a joint move is worth
    stays. Who makes that move anyway gains 0 by it in every game.
    """
    rows, least, twice = read_prices(game, prices, 1), fraction(worth), 2 * fraction(radius)
    for place in range(game.size):
        others = [(price, game.gain(place, i, d)) for (i, d), price in rows.items() if game.own(place, i) != d]
        value = game.worth[place] + sum(price * (gain - twice) for price, gain in others)
        if value < least:
            return f"At {at(game, place)} welfare and priced gains are down to {value}, below {least}."
    return "" if twice >= 0 else "A radius is at least 0."


def shaken(game: ExactGame, at: Labels, player: str, move: str, radius: Any, gain: Any) -> str:
    """A change of up to `radius` lets the player gain so much, or more, by that move there."""
    i = game.seat(player)
    found = game.gain(game.number(at), i, game.move(i, move)) + 2 * fraction(radius)
    fine = game.own(game.number(at), i) != game.move(i, move) and found >= fraction(gain) > 0
    return "" if fine and fraction(radius) >= 0 else f"{player} gains {found} by {move!r} at most."


def appears(game: ExactGame, to: Labels, radius: Any, worth: Any = None) -> str:
    """A change of up to `radius` makes that joint move an equilibrium (worth no more than `worth`)."""
    place, twice = game.number(to), 2 * fraction(radius)
    if game.best_gain(place) > twice or twice < 0:
        return f"At {at(game, place)} somebody gains {game.best_gain(place)}."
    return "" if worth is None or game.worth[place] <= fraction(worth) else f"It is worth {game.worth[place]}."
