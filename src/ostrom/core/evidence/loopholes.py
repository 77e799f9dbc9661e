"""Evidence about ways round an institution: moves that no payment reaches, side payments, and pairs that get paid."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from ..exact import ExactGame, fraction
from ._read import Labels, at, names


def headroom(game: ExactGame, target: Labels, least: Any) -> str:
    """Everybody gets at least so much more at the target than from its best move there with no payment."""
    place = game.number(target)
    for i in game.seats:
        if (spare := game.payoffs[place][i] - _best_unpaid(game, place, i)) < fraction(least):
            return f"{game.players[i]} gets {spare} more at the target."
    return ""


def unseen(game: ExactGame, target: Labels, player: str, advantage: Any, gain: Any) -> str:
    """A move that no payment reaches, `advantage` better than the best there is, gains the player so much or more."""
    i, place = game.seat(player), game.number(target)
    found = _best_unpaid(game, place, i) + fraction(advantage) - game.payoffs[place][i]
    return "" if found >= fraction(gain) > 0 else f"{player} gains {found}."


def _best_unpaid(game: ExactGame, place: int, i: int) -> Fraction:
    """The most that a player can get by itself, payments apart."""
    reached = [game.moved(place, i, move) for move in range(game.sizes[i])]
    return max(game.payoffs[there][i] - game.adds[there][i] for there in reached)


def no_bribe(game: ExactGame, target: Labels) -> str:
    """Nobody gains by paying another player just enough to leave the target alone."""
    place = game.number(target)
    for gain, i, move in game.gains(place):
        there = game.moved(place, i, move)
        for j in game.seats:
            worth_it = game.payoffs[there][j] - game.payoffs[place][j]
            if j != i and worth_it > 0 and gain + worth_it > 0:
                least = max(-gain, Fraction(0))
                return f"{game.players[j]} can pay {game.players[i]} {least} or more for {game.moves[i][move]!r}."
    return ""


def bribe(game: ExactGame, target: Labels, payer: str, player: str, move: str, amount: Any) -> str:
    """Paid that amount by the payer, the player gains by that move, and the payer gains too."""
    i, j, paid = game.seat(player), game.seat(payer), fraction(amount)
    place = game.number(target)
    there = game.moved(place, i, game.move(i, move))
    if i == j or paid < 0:
        return "Nobody pays anybody else."
    if game.payoffs[there][j] - paid <= game.payoffs[place][j]:
        return f"{payer} does not gain."
    return "" if game.gain(place, i, game.move(i, move)) + paid > 0 else f"{player} does not gain."


def no_pump(game: ExactGame, target: Labels) -> str:
    """No two players gain together, by moves of their own, where the institution pays the two of them more."""
    place = game.number(target)
    for pair in combinations(game.seats, 2):
        for there in game.joint(place, pair):
            if min(_together(game, place, there, pair)) > 0:
                return f"{names(game, pair)} gain together at {at(game, there)}, and are paid more."
    return ""


def pump(game: ExactGame, target: Labels, to: Labels, players: Sequence[str], gain: Any, paid: Any) -> str:
    """Those two alone go there; together they gain so much, and the institution pays them so much more."""
    place, there, pair = game.number(target), game.number(to), [game.seat(name) for name in players]
    if len(set(pair)) != 2 or any(game.own(place, i) != game.own(there, i) for i in game.seats if i not in pair):
        return "Those two alone do not get there."
    found = _together(game, place, there, pair)
    fine = found[0] >= fraction(gain) > 0 and found[1] >= fraction(paid) > 0
    return "" if fine else f"They gain {found[0]} together, and are paid {found[1]} more."


def _together(game: ExactGame, place: int, there: int, pair: Sequence[int]) -> tuple[Fraction, Fraction]:
    """What some players gain together by going there, and what they are paid more."""
    gained = sum((game.payoffs[there][i] - game.payoffs[place][i] for i in pair), Fraction(0))
    return gained, sum((game.adds[there][i] - game.adds[place][i] for i in pair), Fraction(0))
