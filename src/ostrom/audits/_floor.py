"""What learners without regret cannot fall below, when payoffs may be wrong: a bound by prices with a margin."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.game import Array
from ..core.recheck import check
from ..solvers._highs import solve_lp
from ._amounts import Amounts, Number
from ._case import ROUNDING, Case

ENTRIES = 2_000_000
"""Numbers in the linear program beyond which it is not solved."""

DENOMINATORS = (1, 10, 100, 1_000, 10**6, 10**9)

RAISES = (Fraction(1), 1 + Fraction(1, 10**6), Fraction(11, 10), Fraction(2))
"""By what prices are multiplied: more than enough leaves room for rounding where the bound is only just met."""

HALVINGS = 8


def about_learners(
    case: Case, numbers: Amounts, gains: Array, radius: Number, within: str, seconds: float
) -> tuple[Claim, ...]:
    """That coarse correlated equilibria are worth as much as the target, within a radius; none where they are not now.

    In a game within the radius r, always going back to one's part z_i gains at x at least g_i(x) - 2r, and 0 where one
    is there. So prices y with W(x) + Σ y_i (g_i(x) - 2r) ≥ W(z), the sum over i with x_i ≠ z_i, prove the bound for
    all those games at once, by weak duality. From above, a worse joint move at which nobody gains more than 2r is an
    equilibrium of one of them.
    """
    if case.game.size * len(case.place) > ENTRIES or _prices(case, 0, seconds) is None:
        return ()
    statement = f"Learners without regret cannot end, on average, in less welfare than {case.wanted:.6g}, {within}"
    method = "coarse correlated equilibria of all games within the radius, by linear programming and weak duality"
    worse = _worse(case, numbers)
    most = gains[worse].min() / 2 if worse.any() else None
    evidence = _evidence(case, numbers, radius, seconds)
    low, high = (0 * radius, radius if most is None else min(radius, most)) if evidence is None else (radius, most)
    least = _largest(case, numbers, low, high, seconds)
    found = {"radius": None if least is None else float(least), "radius at most": None if most is None else float(most)}
    found["asked for"] = float(radius)
    if evidence is not None:
        return (case.settled(statement, True, evidence, method, numbers=found),)
    if most is None or most > radius:
        return (Claim(statement, "unknown", method, numbers=found),)
    flat = int(np.argmax(worse & (gains <= 2 * radius)))
    place = tuple(int(k) for k in np.unravel_index(flat, worse.shape))
    evidence = {"kind": "appears", "to": case.game.labels(place), "radius": radius, "worth": numbers.worth[place]}
    return (case.settled(statement, False, evidence, method, numbers=found),)


def _worse(case: Case, numbers: Amounts) -> Array:
    """`bool[A_1, …, A_P]`: which joint moves are worth less than the target."""
    slack = 0 if case.exact is not None else ROUNDING * float(np.ptp(case.worth))
    return numbers.worth < numbers.worth[case.place] - slack


def _largest(case: Case, numbers: Amounts, low: Number, high: Number | None, seconds: float) -> Number | None:
    """The largest radius found for which there are prices, between one for which there are and a bound; by halving."""
    if high is None:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        known = _evidence(case, numbers, middle, seconds) is not None
        low, high = (middle, high) if known else (low, middle)
    return low


def _evidence(case: Case, numbers: Amounts, radius: Number, seconds: float) -> dict[str, Any] | None:
    """Prices for that radius that have been checked (in float64 where the table is large); None without any."""
    found = _prices(case, float(radius), seconds)
    if found is None:
        return None
    worth = numbers.worth[case.place]
    names = list(zip(case.game.players, case.target, strict=True))
    if case.exact is None:
        return {"kind": "floor within", "worth": worth, "prices": _named(names, found), "radius": radius}
    for raised in RAISES:
        for denominator in DENOMINATORS:
            prices = [(Fraction(float(price)) * raised).limit_denominator(denominator) for price in found]
            evidence = {"kind": "floor within", "worth": worth, "prices": _named(names, prices), "radius": radius}
            if not check(case.exact, evidence):
                return evidence
    return None


def _named(names: list[tuple[str, str]], prices: Any) -> list[tuple[Any, ...]]:
    return [(*name, price) for name, price in zip(names, prices, strict=True) if price > 0]


def _prices(case: Case, radius: float, seconds: float) -> Array | None:
    """`float[P]`: the smallest prices on going back to one's part that keep all joint moves at the target's worth."""
    units = float(np.ptp(case.game.payoffs)) or 1.0, float(np.ptp(case.worth)) or 1.0
    columns = []
    for i, part in enumerate(case.place):
        pay = np.moveaxis(case.game.payoffs[..., i], i, 0)
        back = pay[part] - pay - 2 * radius
        back[part] = 0.0
        columns.append(np.moveaxis(back, 0, i).ravel() / units[0])
    least = (case.wanted - case.worth).ravel() / units[1]
    found = solve_lp(np.ones(len(columns)), -np.stack(columns, -1), -least, time_limit=seconds)
    return None if found.x is None else np.asarray(found.x) * (units[1] / units[0])
