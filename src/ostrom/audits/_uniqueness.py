"""Prices that leave no odds for anything but one joint move in any correlated equilibrium."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..core.game import Array
from ..core.recheck import check
from ..solvers._highs import Sparse, solve_lp
from ._case import Case

ENTRIES = 2_000_000
"""Numbers in the linear program beyond which such prices are not looked for."""

DENOMINATORS = (1, 10, 100, 1_000, 10_000, 10**6, 10**9)


def only_correlated(case: Case, seconds: float) -> dict[str, Any] | None:
    """Evidence of kind "only correlated" that has been checked; None when there is none, or the table is large.

    One price ≥ 0 for each way to disobey such that priced gains are at least 1 at every joint move but the target
    (Farkas): then a correlated equilibrium puts no odds on any of them.
    """
    if case.exact is None or case.game.size * sum(size - 1 for size in case.game.sizes) > ENTRIES:
        return None
    if case.game.size == 1:
        return {"kind": "only correlated", "target": case.target, "prices": []}
    names, rows = _disobeying(case)
    least = np.ones(case.game.size)
    target = int(np.ravel_multi_index(case.place, case.game.sizes))
    least[target] = 0.0
    found = solve_lp(np.ones(len(names)), _negative(rows), -least, time_limit=seconds)
    if found.x is None or len(found.x) != len(names):
        return None
    for denominator in DENOMINATORS:
        prices = [
            (*name, Fraction(price).limit_denominator(denominator)) for name, price in zip(names, found.x, strict=True)
        ]
        kept = [price for price in prices if price[-1] > Fraction(0)]
        evidence = {"kind": "only correlated", "target": case.target, "prices": kept}
        if not check(case.exact, evidence):
            return evidence
    return None


def _disobeying(case: Case) -> tuple[list[tuple[str, str, str]], Sparse]:
    """Names `(player, told, instead)`, and per joint move (row) what each way to disobey (column) gains there."""
    game, place = case.game, np.arange(case.game.size).reshape(case.game.sizes)
    names: list[tuple[str, str, str]] = []
    values: list[Array] = []
    row: list[Array] = []
    column: list[Array] = []
    for i, own in enumerate(game.moves):
        pay, at = np.moveaxis(game.payoffs[..., i], i, 0), np.moveaxis(place, i, 0)
        for told in range(len(own)):
            for instead in range(len(own)):
                if instead != told:
                    gain = (pay[instead] - pay[told]).ravel()
                    values.append(gain)
                    row.append(at[told].ravel())
                    column.append(np.full(gain.size, len(names)))
                    names.append((game.players[i], own[told], own[instead]))
    entries = np.concatenate(values), np.concatenate(row), np.concatenate(column)
    return names, Sparse(*entries, (game.size, len(names)))


def _negative(rows: Sparse) -> Sparse:
    return rows._replace(values=-rows.values)
