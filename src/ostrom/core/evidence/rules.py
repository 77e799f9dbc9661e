"""Evidence about an institution: what it moves between players, what it costs, and whether it deters."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..exact import ExactGame, fraction
from ._read import Labels, at, whole


def sums(game: ExactGame, sign: str = "=") -> str:
    """What the institution adds to all players together is 0 ("="), at most 0 ("<=") or at least 0 (">=")."""
    for place, adds in enumerate(game.adds):
        total = sum(adds)
        if (sign == "=" and total != 0) or (sign == "<=" and total > 0) or (sign == ">=" and total < 0):
            return f"At {at(game, place)} the players together are paid {total}."
    return "" if sign in ("=", "<=", ">=") else f"{sign!r} is not a way to compare."


def within(game: ExactGame, fine: Any = None, payment: Any = None) -> str:
    """No player ever pays more than `fine`, or receives more than `payment`."""
    for place, adds in enumerate(game.adds):
        for i, added in enumerate(adds):
            if fine is not None and -added > fraction(fine):
                return f"At {at(game, place)} {game.players[i]} pays {-added}."
            if payment is not None and added > fraction(payment):
                return f"At {at(game, place)} {game.players[i]} receives {added}."
    return ""


def voluntary(game: ExactGame, target: Labels, now: Sequence[Any]) -> str:
    """Nobody gets less at the target, payments included, than it has `now`."""
    place = game.number(target)
    for i, had in enumerate(whole(game, now)):
        if game.payoffs[place][i] < fraction(had):
            return f"{game.players[i]} gets {game.payoffs[place][i]} and had {fraction(had)}."
    return ""


def deters(game: ExactGame, target: Labels, chance: Any, lead: Any = 0, alarms: Any = 0, misses: Any = 0) -> str:
    """The target stays an equilibrium where what the institution adds comes about with this chance or any larger one.

    With `alarms` or `misses` above 0, payments have to be fines on moves of one's own. Then a move of one's own slips
    through with a chance of `misses`, and who keeps to its part is charged the largest of its fines with a chance of
    `alarms` (Becker 1968). What anybody gains is linear in the chance: its two ends decide.
    """
    place, noise = game.number(target), (fraction(alarms), fraction(misses))
    if not 0 <= fraction(chance) <= 1:
        return f"{chance} is no chance."
    if any(noise) and (why := _no_fines(game, place)):
        return why
    for _, i, move in game.gains(place):
        for odds in (fraction(chance), Fraction(1)):
            if (left := _left(game, place, i, move, odds, *noise)) > -fraction(lead):
                return f"{game.players[i]} gains {left} by {game.moves[i][move]!r} where the chance is {odds}."
    return ""


def evades(
    game: ExactGame, target: Labels, player: str, move: str, chance: Any, gain: Any, alarms: Any = 0, misses: Any = 0
) -> str:
    """With payments that come about with that chance, the player gains so much or more by that move (see `deters`)."""
    i, place, noise = game.seat(player), game.number(target), (fraction(alarms), fraction(misses))
    if any(noise) and (why := _no_fines(game, place)):
        return why
    left = _left(game, place, i, game.move(i, move), fraction(chance), *noise)
    return "" if left >= fraction(gain) > 0 <= fraction(chance) <= 1 else f"{player} gains {left} by {move!r}."


def _owed(game: ExactGame, place: int, i: int, move: int) -> Fraction:
    """What the move costs that player there, in payments, against what it does there."""
    return game.adds[place][i] - game.adds[game.moved(place, i, move)][i]


def _left(
    game: ExactGame, place: int, i: int, move: int, chance: Fraction, alarms: Fraction, misses: Fraction
) -> Fraction:
    """What a player gains by a move where payments come about by chance, and with mistakes."""
    owed = _owed(game, place, i, move)
    most = max(_owed(game, place, i, other) for other in range(game.sizes[i]))
    return game.gain(place, i, move) + owed - chance * ((1 - misses) * owed - alarms * most)


def _no_fines(game: ExactGame, target: int) -> str:
    """Where payments do not depend on one's own move alone, or pay for leaving the target."""
    for place in range(game.size):
        for i in game.seats:
            if game.own(place, i) == game.own(target, i):
                for move in range(game.sizes[i]):
                    owed = _owed(game, place, i, move)
                    if owed < 0 or owed != _owed(game, target, i, move):
                        return f"At {at(game, place)} {game.moves[i][move]!r} costs {game.players[i]} {owed}: no fine."
    return ""


def fault_tolerant(game: ExactGame, target: Labels, up_to: int) -> str:
    """Each part of the target is a best reply to the others' whatever up to so many of them do (Eliaz 2002)."""
    wanted = game.number(target)
    for place in range(game.size):
        away = [i for i in game.seats if game.own(place, i) != game.own(wanted, i)]
        if len(away) <= up_to:
            for gain, i, move in game.gains(place):
                if i not in away and gain > 0:
                    return f"At {at(game, place)} {game.players[i]} gains {gain} by {game.moves[i][move]!r}."
    return ""


def costs(game: ExactGame, target: Labels, at_least: Any) -> str:
    """Promises that make the target an equilibrium cost at least so much when they are kept.

    Without the institution the players would gain so much together, each by its own best departure (Monderer and
    Tennenholtz 2004).
    """
    place, total = game.number(target), Fraction(0)
    for i in game.seats:
        bare = [
            game.payoffs[there][i] - game.adds[there][i]
            for there in (game.moved(place, i, move) for move in range(game.sizes[i]))
        ]
        total += max(bare) - bare[game.own(place, i)]
    return "" if total >= fraction(at_least) else f"All gains from leaving the target sum to {total}."
