"""How a bargain is struck: Nash's, Kalai's and Smorodinsky's, and equal gains; and what patience is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..core.solution import Status
from ._agreements import Agreements
from ._frontier import frontier_of
from ._lotteries import points_of

NONE = 1e-9
"""Share of what is at stake for each up to which a gain for all is none."""

GAP = 1e-9
"""What the logarithm of the product may lack for an answer that counts as complete."""


@dataclass(frozen=True)
class Bargain:
    """An agreement.

    Attributes
    ----------
    payoffs, disagreement : what each gets, and what it would have without one.
    ideal : the most that each could have while nobody has less than without an agreement.
    solution, method : which solution, and how it was found.
    status : "complete" where it is exact up to rounding; "partial" where the largest product was only approached.
    gap : a bound on what the logarithm of the product of gains lacks (Nash's solution only).
    """

    payoffs: tuple[float, ...]
    disagreement: tuple[float, ...]
    ideal: tuple[float, ...]
    solution: str
    method: str
    status: Status = "complete"
    gap: float = 0.0

    @property
    def gains(self) -> tuple[float, ...]:
        """What each gains by the agreement."""
        return tuple(got - had for got, had in zip(self.payoffs, self.disagreement, strict=True))


def nash_bargain(
    possible: Any,
    disagreement: Sequence[float],
    *,
    weights: Sequence[float] | None = None,
    span: tuple[float, float] | None = None,
) -> Bargain:
    """The agreement by which the product of gains is largest (Nash 1950); with `weights`, each gain to that power.

    Parameters
    ----------
    possible : points `[K, n]`, lotteries over which can be agreed upon; or of two players a function y = f(x), what the
        second can have where the first has x, falling and concave on `span`. Less can be agreed upon too.
    disagreement : what each has without an agreement, `[n]`.
    weights : bargaining power, above 0 (Kalai 1977); equal by default.

    Raises
    ------
    InputError : shapes, a frontier that rises or bends inwards, weights that are not above 0, or nothing that betters
        everybody.

    Examples
    --------
    >>> [round(u, 6) for u in nash_bargain([(0, 100), (60, 80), (100, 0)], (0, 0)).payoffs]
    [60.0, 80.0]
    """
    found = _agreements(possible, disagreement, span)
    payoffs, gap = found.product(_weights(weights, len(found.disagreement)))
    method = "golden section" if callable(possible) else "pairwise Frank–Wolfe steps"
    return _bargain(found, payoffs, "Nash (1950)", method, gap)


def kalai_smorodinsky(
    possible: Any, disagreement: Sequence[float], *, span: tuple[float, float] | None = None
) -> Bargain:
    """The best agreement by which all gain in proportion to the most that each could gain (Kalai and Smorodinsky 1975).

    Parameters and errors as for `nash_bargain`. With three or more players somebody could at times have still more
    without harm to others (Roth 1979); it is left lying.

    Examples
    --------
    >>> [round(u, 4) for u in kalai_smorodinsky([(0, 100), (60, 80), (100, 0)], (0, 0)).payoffs]
    [66.6667, 66.6667]
    """
    found = _agreements(possible, disagreement, span)
    direction = found.ideal() - found.disagreement
    payoffs = found.disagreement + found.along(direction) * direction
    return _bargain(found, payoffs, "Kalai and Smorodinsky (1975)", "the last point on the line to the ideal", 0.0)


def egalitarian(
    possible: Any,
    disagreement: Sequence[float],
    *,
    weights: Sequence[float] | None = None,
    span: tuple[float, float] | None = None,
) -> Bargain:
    """The best agreement by which all gain equally, or in proportion to `weights` (Kalai 1977).

    Parameters and errors as for `nash_bargain`. Payoffs have to be comparable; what somebody could have beyond that is
    left lying.

    Examples
    --------
    >>> [round(u, 6) for u in egalitarian([(4, 0), (0, 2)], (0, 0)).payoffs]
    [1.333333, 1.333333]
    """
    found = _agreements(possible, disagreement, span)
    direction = _weights(weights, len(found.disagreement))
    payoffs = found.disagreement + found.along(direction) * direction
    return _bargain(found, payoffs, "egalitarian, Kalai (1977)", "the last point on the line of equal gains", 0.0)


def rubinstein(first: float, second: float) -> tuple[float, float]:
    """How a cake is shared by two who make offers in turn, by how much a cake tomorrow is worth to each today.

    The only subgame-perfect equilibrium (Rubinstein 1982): the first to offer gets (1 − δ₂) / (1 − δ₁ δ₂), at once. As
    offers follow each other faster this tends to Nash's bargain with weights 1 / log(1 / δ) (Binmore, Rubinstein and
    Wolinsky 1986).

    Parameters
    ----------
    first, second : discount factors of who offers first and of the other, in [0, 1); one of them may be 1.

    Raises `InputError` for others.

    Examples
    --------
    >>> [round(share, 6) for share in rubinstein(0.9, 0.8)]
    [0.714286, 0.285714]
    """
    if not (0 <= first <= 1 and 0 <= second <= 1 and first * second < 1):
        raise InputError(
            f"Discount factors {first} and {second}.",
            "A cake tomorrow is worth from nothing to all of a cake today, and to one of them less than all.",
            "Give two numbers from 0 to 1, not both 1.",
        )
    share = (1 - second) / (1 - first * second)
    return share, 1 - share


def _agreements(given: Any, disagreement: Any, span: tuple[float, float] | None) -> Agreements:
    """What was given as `Agreements`; `InputError` where it is neither points nor a frontier, or nobody can gain."""
    try:
        d = np.asarray(disagreement, float)
        found: Agreements = frontier_of(given, d, span) if callable(given) else points_of(np.asarray(given, float), d)
    except InputError:
        raise
    except (TypeError, ValueError) as error:
        raise InputError(
            f"Payoffs are no numbers: {error}.", do="Give points[k, n] and one disagreement each."
        ) from None
    if not found.along(found.unit) > NONE:
        raise InputError(
            f"Nothing betters everybody against a disagreement at {tuple(d.tolist())}.",
            "There is nothing to bargain over.",
            "Lower the disagreement, or add agreements.",
        )
    return found


def _weights(weights: Sequence[float] | None, count: int) -> Array:
    given = np.ones(count) if weights is None else np.asarray(weights, float)
    if given.shape != (count,) or not np.isfinite(given).all() or (given <= 0).any():
        raise InputError(f"Weights {weights!r} for {count} players.", do="Give each a finite weight above 0.")
    return given


def _bargain(found: Agreements, payoffs: Array, solution: str, method: str, gap: float) -> Bargain:
    status: Status = "complete" if gap <= GAP else "partial"
    if not np.isfinite(payoffs).all():
        raise InputError(
            f"Payoffs of up to {float(np.abs(found.ideal()).max()):.3g} overflow.",
            "Their sums and products are no numbers any more.",
            "Give them in larger units.",
        )
    got, had, most = (tuple(one.tolist()) for one in (payoffs, found.disagreement, found.ideal()))
    return Bargain(got, had, most, solution, method, status, gap)
