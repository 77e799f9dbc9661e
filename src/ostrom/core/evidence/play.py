"""Evidence about one joint move: that nobody, alone or in a group, gains by leaving it; or about all of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..errors import InputError
from ..exact import ExactGame, fraction
from ._groups import Groups
from ._read import Labels, at, change_for_others, left_for, names, some, whole


def no_gain(game: ExactGame, target: Labels, lead: Any = 0) -> str:
    """Whoever leaves the target alone loses at least `lead` (Nash 1951; strict where `lead` is above 0)."""
    place, least = game.number(target), fraction(lead)
    for gain, i, move in game.gains(place):
        if gain > -least:
            return f"{game.players[i]} gains {gain} by {game.moves[i][move]!r}; {-least} is the most that is claimed."
    return ""


def dominant(game: ExactGame, target: Labels, lead: Any = 0) -> str:
    """Whatever the others do, any other move than one's part of the target brings at least `lead` less."""
    parts, least = [game.move(i, label) for i, label in enumerate(whole(game, target))], fraction(lead)
    for place in range(game.size):
        for i, part in enumerate(parts):
            if game.own(place, i) != part and game.gain(place, i, part) < least:
                return (
                    f"At {at(game, place)} {game.players[i]} gains {game.gain(place, i, part)} by going back to its "
                    f"part; at least {least} is claimed."
                )
    return ""


def dominated(game: ExactGame, by: Sequence[Sequence[str]], lead: Any = 0) -> str:
    """Rows `(player, move, other)`: whatever the others do, the move brings at least `lead` less than the other one."""
    least = fraction(lead)
    for player, move, other in by:
        i = game.seat(player)
        worse, better = game.move(i, move), game.move(i, other)
        for place in range(game.size):
            if game.own(place, i) == worse and game.gain(place, i, better) < least:
                return f"At {at(game, place)} {player} gains {game.gain(place, i, better)} by {other!r}, not {least}."
    return ""


def only_pure(game: ExactGame, target: Labels) -> str:
    """The target is a pure equilibrium, and somebody gains by leaving any other joint move."""
    wanted = game.number(target)
    for place in range(game.size):
        if game.left(place) != (place != wanted):
            return f"{at(game, place)} is {'also' if place != wanted else 'not'} an equilibrium."
    return ""


def pure_floor(game: ExactGame, worth: Any) -> str:
    """No pure equilibrium is worth less, and there is at least one."""
    least, found = fraction(worth), False
    for place in range(game.size):
        if not game.left(place):
            found = True
            if game.worth[place] < least:
                return f"{at(game, place)} is an equilibrium worth {game.worth[place]}."
    return "" if found else "There is no pure equilibrium."


def no_coalition(game: ExactGame, target: Labels, up_to: int, slack: Any = 0) -> str:
    """No group of up to so many players has a joint departure by which each gains more than `slack` (Aumann 1959)."""
    groups, place = Groups(game, fraction(slack)), game.number(target)
    for reached in range(game.size):
        movers = groups.movers(place, reached)
        if 0 < len(movers) <= some(up_to) and groups.gain(place, reached, movers):
            return f"{names(game, movers)} all gain at {at(game, reached)}."
    return ""


def coalition_proof(game: ExactGame, target: Labels, up_to: int | None = None, slack: Any = 0) -> str:
    """No group gains by a departure from which no part of it would depart in turn (Bernheim, Peleg, Whinston 1987)."""
    groups, place = Groups(game, fraction(slack)), game.number(target)
    reached = next(groups.departures(tuple(game.seats), place, None if up_to is None else some(up_to)), None)
    if reached is None:
        return ""
    return f"{names(game, groups.movers(place, reached))} can go to {at(game, reached)} and stay."


def no_total_gain(game: ExactGame, target: Labels, up_to: int, slack: Any = 0) -> str:
    """No group of up to so many players gains more than `slack` in total, whoever of it moves.

    Members who pay each other need no more than that; those who do not move belong to the group for what they gain.
    """
    groups, place = Groups(game, fraction(slack)), game.number(target)
    for reached in range(game.size):
        movers = groups.movers(place, reached)
        if len(movers) <= some(up_to):
            gains = [there - here for here, there in zip(game.payoffs[place], game.payoffs[reached], strict=True)]
            others = sorted((gains[i] for i in game.seats if i not in movers and gains[i] > 0), reverse=True)
            total = sum((gains[i] for i in movers), Fraction(0)) + sum(others[: up_to - len(movers)])
            if movers and total > fraction(slack):
                return f"{names(game, movers)} can make a group gain {total} at {at(game, reached)}."
    return ""


def no_gain_with_regard(game: ExactGame, target: Labels, lowest: Any, highest: Any, slack: Any = 0) -> str:
    """Nobody who adds others' payoffs to its own, with a weight in that range, gains more than `slack` by leaving.

    Weights below 0 are spite, above 0 altruism. Gains are linear in the weight, so that both ends are enough.
    """
    place, ends = game.number(target), (fraction(lowest), fraction(highest))
    if ends[0] > ends[1]:
        raise InputError(f"The weights run from {ends[0]} to {ends[1]}.", do="Give the lower one first.")
    for gain, i, move in game.gains(place):
        regard = change_for_others(game, place, i, move)
        for weight in ends:
            if gain + weight * regard > fraction(slack):
                return (
                    f"{game.players[i]} gains {gain + weight * regard} by {game.moves[i][move]!r} at weight {weight}."
                )
    return ""


def sabotage(game: ExactGame, target: Labels, up_to: int, takes: Any = None, floor: Any = None) -> str:
    """Whatever up to so many players do, the others together lose at most `takes`, and keep `floor` on average.

    With `takes` 0 the sum of what the others get is safe; Halpern's t-immunity asks it of each of them.
    """
    groups, place = Groups(game, Fraction(0)), game.number(target)
    for reached in range(game.size):
        movers = groups.movers(place, reached)
        others = [i for i in game.seats if i not in movers]
        if not others or len(movers) > some(up_to):
            continue
        lost = sum((game.payoffs[place][i] - game.payoffs[reached][i] for i in others), Fraction(0))
        if takes is not None and lost > fraction(takes):
            return f"At {at(game, reached)} the others lose {lost}."
        if floor is not None and (left := left_for(game, reached, others)) < fraction(floor):
            return f"At {at(game, reached)} the others are left with {left} on average."
    return ""
