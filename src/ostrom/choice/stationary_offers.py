"""What two propose and accept who make offers in turn over what they can have, a game's payoffs among it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game
from ._agreements import Agreements
from ._frontier import Frontier, _last, frontier_of
from ._lotteries import Points, points_of
from ._payoff_set import disagreement_of, gainful, joint_play, play_for, table_of


@dataclass(frozen=True)
class StationaryOffers:
    """What two who make offers in turn propose and accept.

    Attributes
    ----------
    first, second : payoffs of both by the offer of the first player, and by that of the second.
    disagreement : payoffs while nothing is agreed. discounts : of both.
    indifferent : whether each accepts what it is just indifferent to (else the other has more to give than it asks).
    plays : the joint play of each offer; None where what was given is no game.
    """

    first: tuple[float, float]
    second: tuple[float, float]
    disagreement: tuple[float, float]
    discounts: tuple[float, float]
    indifferent: bool
    plays: tuple[Mapping[tuple[str, ...], float], Mapping[tuple[str, ...], float]] | None = None


def stationary_offers(
    possible: Any,
    discounts: tuple[float, float],
    *,
    disagreement: Any = "minimax",
    span: tuple[float, float] | None = None,
) -> StationaryOffers:
    """The offers of two who take turns until one accepts, neither of whom gains by any other way of bargaining.

    Each offers the best for itself that gives the other what waiting is worth to it: its disagreement payoff and the
    discounted gain of its own offer. These are the only stationary subgame-perfect offers (Rubinstein 1982; Osborne and
    Rubinstein 1990, chapter 3). With equal discounts that tend to 1 both tend to Nash's bargain.

    Parameters
    ----------
    possible : a game of two players, or as for `ostrom.choice.nash_bargain` (points, or a frontier on `span`).
    discounts : of both, in [0, 1), one of them may be 1.
    disagreement : as for `ostrom.choice.bargain_over`; payoffs where `possible` is no game.

    Raises `InputError` for other than two players, discounts out of range, and as `ostrom.choice.bargain_over`.

    Examples
    --------
    >>> found = stationary_offers([(1, 0), (0, 1)], (0.9, 0.8), disagreement=(0, 0))
    >>> [round(u, 6) for u in found.first]
    [0.714286, 0.285714]
    """
    own, other = _two(discounts)
    if not (0 <= own <= 1 and 0 <= other <= 1 and own * other < 1):
        raise InputError(f"Discounts {own} and {other}.", do="Give two numbers from 0 to 1, not both 1.")
    table = table_of(possible) if isinstance(possible, Game) else None
    if table is not None:
        points, d = table.payoffs.reshape(table.size, -1), disagreement_of(table, disagreement)
    else:
        points, d = possible, _numbers(disagreement)
    if d.shape != (2,):
        raise InputError(f"A disagreement of {d.size} payoffs.", "Offers in turn are of two.", "Give two players.")
    found = gainful(frontier_of(points, d, span) if callable(points) else points_of(_numbers(points), d), d)
    most, reach = _frontier(found, d)
    x = _last(lambda gain: most(gain) >= other * most(own * gain), 0.0, reach)
    least = max(own * x, _last(lambda gain: most(gain) >= most(0.0), 0.0, reach))
    indifferent = most(reach) < other * most(own * reach) and least == own * x
    offers = tuple(d + np.array([gain, most(gain)]) for gain in (x, least))
    first, second = ((float(u[0]), float(u[1])) for u in offers)
    plays = None
    if table is not None:
        payoffs = table.payoffs.reshape(table.size, -1)
        one, two = (joint_play(table, play_for(payoffs, u, d)) for u in offers)
        plays = one, two
    return StationaryOffers(first, second, (float(d[0]), float(d[1])), (own, other), indifferent, plays)


def _frontier(found: Agreements, d: Array) -> tuple[Callable[[float], float], float]:
    """The most that the second can gain where the first gains so much or more, and the most that the first can gain."""
    reach = float(found.ideal()[0] - d[0])
    if isinstance(found, Frontier):
        return lambda gain: float(found.most(max(d[0] + gain, found.low)) - d[1]), reach
    assert isinstance(found, Points)
    corners = _upper(found.gains)
    firsts, seconds = np.ascontiguousarray(corners[:, 0]), np.ascontiguousarray(corners[:, 1])
    return lambda gain: float(np.interp(gain, firsts, seconds)), reach


def _upper(gains: Array) -> Array:
    """The corners of what can be had and is efficient, by what the first gains, from the best for the second on."""
    hull: list[Array] = []
    for point in gains[np.lexsort((gains[:, 1], gains[:, 0]))]:
        while hull and (point[1] >= hull[-1][1] or (len(hull) > 1 and _bends(hull[-2], hull[-1], point))):
            hull.pop()
        hull.append(point)
    return np.array(hull)


def _bends(a: Array, b: Array, c: Array) -> bool:
    """Whether b lies on or below the line from a to c."""
    return bool((b[0] - a[0]) * (c[1] - a[1]) >= (b[1] - a[1]) * (c[0] - a[0]))


def _two(discounts: Any) -> tuple[float, float]:
    given = _numbers(discounts).ravel()
    if given.shape != (2,):
        raise InputError(
            f"The discounts are {discounts!r:.80}.", "Each of the two who make offers has its own.", "Give two numbers."
        )
    return float(given[0]), float(given[1])


def _numbers(given: Any) -> Array:
    try:
        return np.asarray(given, float)
    except (TypeError, ValueError) as error:
        raise InputError(f"{given!r:.80} are no numbers: {error}.", do="Give one number for each player.") from None
