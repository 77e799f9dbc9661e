"""From what a linear program found in floats to odds and prices in fractions that stand up exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.game import Array
from ..core.recheck import check
from ..solvers.correlated import Correlated
from ._case import Case

DENOMINATORS = (1, 10, 100, 1_000, 10_000, 10**6)
"""How fine fractions may be, tried from the simplest."""

GRID = 10**9
"""Where no simple fractions will do: odds in parts of this, so that certificates stay short."""

NEAR = 1e-8
"""How far simple odds may be from those that were found: what is simpler still may be another answer, worth more."""

Device = list[tuple[tuple[str, ...], Fraction]]


def device_of(case: Case, joint: Array, kind: str) -> tuple[Device, Fraction]:
    """Odds of joint moves in fractions, and the slack they need: 0 where evidence of that `kind` holds exactly."""
    places = [tuple(map(int, place)) for place in np.argwhere(joint > 1e-9)]
    shares = [float(joint[place]) for place in places]
    for denominator in DENOMINATORS:
        odds = [Fraction(share).limit_denominator(denominator) for share in shares]
        near = all(abs(float(simple) - share) <= NEAR for simple, share in zip(odds, shares, strict=True))
        if near and sum(odds) == 1 and (case.exact is None or not check(case.exact, _odds(case, kind, places, odds))):
            return _named(case, places, odds), Fraction(0)
    parts = [round(share * GRID) for share in shares]
    parts[int(np.argmax(parts))] += GRID - sum(parts)
    return _named(case, places, [Fraction(part, GRID) for part in parts]), _rounding(case)


def _odds(case: Case, kind: str, places: list[tuple[int, ...]], odds: list[Fraction]) -> dict[str, Any]:
    return {"kind": kind, "device": _named(case, places, odds)}


def _named(case: Case, places: list[tuple[int, ...]], odds: list[Fraction]) -> Device:
    return [(case.game.labels(place), share) for place, share in zip(places, odds, strict=True) if share]


def _rounding(case: Case) -> Fraction:
    """What a grid of odds may add to a gain: a few parts of it for every joint move that is drawn."""
    return Fraction(max(case.slack, 1e3 * float(np.ptp(case.game.payoffs)) / GRID)).limit_denominator(10**9)


def priced(
    case: Case, found: Correlated, statement: str, kind: str, worth: float, *, slack: float, method: str
) -> Claim:
    """A claim that bounds welfare by prices ("coarse floor" from below, "best advice" from above).

    Prices are made fractions as simple as will give the bound itself, or else all of it but the slack.
    """
    numbers = {"worst" if kind == "coarse floor" else "best": found.bound, "asked for": worth}
    if case.exact is None or found.prices is None:
        verdict = "proved" if found.prices is not None else "unknown"
        return Claim(statement, verdict, f"{method}, in float64", slack, numbers)
    away = 1 if kind == "best advice" else -1
    asked = _simplest(case, worth)
    for allowed in (Fraction(0), Fraction(slack).limit_denominator(10**12)):
        for denominator in (*DENOMINATORS, GRID):
            prices = _prices(case, found, denominator, coarse=kind == "coarse floor")
            evidence = {"kind": kind, "worth": asked + away * allowed, "prices": prices}
            if not check(case.exact, evidence):
                words = f"{method}, in exact rationals"
                return Claim(statement, "proved", words, float(allowed), numbers, None, evidence)
    return Claim(statement, "unknown", method, slack, numbers)


def _simplest(case: Case, worth: float) -> Fraction:
    """The exact welfare of a joint move that is meant, or the simplest fraction near."""
    assert case.exact is not None
    if worth == case.wanted:
        return case.exact.worth[case.exact.number(case.target)]
    return Fraction(worth).limit_denominator(10**6)


def _prices(case: Case, found: Correlated, denominator: int, coarse: bool) -> list[tuple[Any, ...]]:
    """Prices by name, those of 0 left out; a program has them per unit of each player's range of payoffs."""
    game = case.game
    ranges = np.ptp(game.payoffs.reshape(-1, len(game.players)), axis=0)
    units = np.where(ranges > 0, ranges, 1.0)
    rows: list[tuple[Any, ...]] = []
    for i, own in enumerate(game.moves):
        told = [()] if coarse else [(label,) for label in own]
        rows += [(game.players[i], *first, instead, units[i]) for first in told for instead in own]
    exact = [
        Fraction(float(p) / row[-1]).limit_denominator(denominator) for row, p in zip(rows, _flat(found), strict=True)
    ]
    return [(*row[:-1], price) for row, price in zip(rows, exact, strict=True) if price > 0]


def _flat(found: Correlated) -> Array:
    return np.asarray(found.prices).ravel()
