"""Witnesses: what shows that a claim is false."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..exact import ExactGame, fraction
from ._groups import Groups
from ._read import Labels, change_for_others, left_for, names, whole
from ._read import at as words
from .correlation import coarse


def gain(game: ExactGame, at: Labels, player: str, move: str, gain: Any) -> str:
    """At that joint move the player gains so much, or more, by that move alone."""
    i = game.seat(player)
    found = game.gain(game.number(at), i, game.move(i, move))
    return "" if found >= fraction(gain) > 0 else f"{player} gains {found} by {move!r}."


def settles(game: ExactGame, at: Labels, worth: Any = None) -> str:
    """That joint move is an equilibrium (worth no more than `worth`)."""
    place = game.number(at)
    if game.best_gain(place) > 0:
        return f"{words(game, place)} is no equilibrium."
    return "" if worth is None or game.worth[place] <= fraction(worth) else f"It is worth {game.worth[place]}."


def mixed(game: ExactGame, odds: Sequence[Sequence[Any]], slack: Any = 0) -> str:
    """Independent odds (per player, one per move) from which nobody gains more than `slack` by any move."""
    shares = [[fraction(share) for share in own] for own in whole(game, odds)]
    if any(len(own) != size or min(own) < 0 or sum(own) != 1 for own, size in zip(shares, game.sizes, strict=True)):
        return "The odds of some player are no odds over its moves."
    device = []
    for place in range(game.size):
        share = Fraction(1)
        for i in game.seats:
            share *= shares[i][game.own(place, i)]
        if share:
            device.append((game.labels(place), share))
    return coarse(game, device, slack=slack)


def coalition(
    game: ExactGame,
    at: Labels,
    to: Labels,
    players: Sequence[str],
    stays: bool = False,
    in_total: bool = False,
) -> str:
    """Those players alone move from one joint move to the other, and each of them gains, or all of them `in_total`.

    With `stays` no part of the group would leave from there in turn (Bernheim, Peleg, Whinston 1987).
    """
    start, end, group = game.number(at), game.number(to), tuple(sorted({game.seat(name) for name in players}))
    groups = Groups(game, Fraction(0))
    if outside := set(groups.movers(start, end)) - set(group):
        return f"{names(game, sorted(outside))} would have to move too."
    total = sum((game.payoffs[end][i] - game.payoffs[start][i] for i in group), Fraction(0))
    if in_total and total <= 0:
        return f"Together they gain {total}."
    if not in_total and not (group and groups.gain(start, end, group)):
        return "Not every one of them gains." if group else "Nobody moves."
    return "Some part of the group would leave in turn." if stays and not groups.steady(group, end) else ""


def gain_with_regard(game: ExactGame, at: Labels, player: str, move: str, weight: Any, gain: Any) -> str:
    """At that joint move the player, who adds `weight` times others' payoffs to its own, gains so much or more."""
    place, i = game.number(at), game.seat(player)
    to = game.move(i, move)
    found = game.gain(place, i, to) + fraction(weight) * change_for_others(game, place, i, to)
    return "" if found >= fraction(gain) > 0 else f"{player} gains {found} by {move!r}."


def sabotaged(game: ExactGame, at: Labels, to: Labels, floor: Any) -> str:
    """Those who do not move between the two joint moves are left with less than `floor` on average."""
    start, end = game.number(at), game.number(to)
    others = [i for i in game.seats if game.own(start, i) == game.own(end, i)]
    if not others:
        return "Everybody moves."
    left = left_for(game, end, others)
    return "" if left < fraction(floor) else f"The others are left with {left} on average."
