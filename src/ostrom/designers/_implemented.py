"""What is claimed of promises that leave only wanted joint moves undominated."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..audits._case import Case
from ..audits.worst_case import WorstCase
from ..core.claim import Claim
from ..core.game import Array, Game
from ._proposal import checked
from ._rectangles import Found, Search
from ._remedy import ROUNDING, Problem
from ._undominated import dominated, rows_of

Kept = tuple[tuple[int, ...], ...]
"""Per player, moves by number: a product of sets of moves."""


def labels_of(game: Game, kept: Kept) -> list[tuple[str, ...]]:
    return [tuple(own[move] for move in left) for own, left in zip(game.moves, kept, strict=True)]


def shown(game: Game, kept: Kept) -> str:
    """A product of sets of moves in words: "(a, b or c)"."""
    return f"({', '.join(' or '.join(own) for own in labels_of(game, kept))})"


def claims_of(problem: Problem, search: Search, found: Found, price: Found, governed: Game) -> tuple[Claim, ...]:
    """What is dominated by what, what the rest is worth, what learners do, and that nothing cheaper exists."""
    kept, worth = found.kept, problem.worth_under(governed)
    place, floor = tuple(own[0] for own in kept), float(worth[np.ix_(*kept)].min())
    single, case = all(len(own) == 1 for own in kept), Case.of(governed, problem.game.labels(place), worth=worth)
    learning = checked(problem, governed, place) if single else WorstCase(floor=floor).answer(case)
    dominating = _dominated(case, found, single) if any(len(set(own)) < len(own) for own in found.by) else ()
    apart = () if search.cost == "worst" and not search.exact else _undominated(case, kept)
    method, where = "every joint move of moves that are kept", shown(problem.game, kept)
    worst = _looked_at(case, f"Nothing in {where} is worth less than {floor:.6g}.", True, method, {"least": floor})
    return (*dominating, *apart, worst, *learning, _bound(problem, search, price))


def _dominated(case: Case, found: Found, single: bool) -> tuple[Claim]:
    """Every move that is not kept is worse than one that is, by how much at least."""
    leads: dict[str, dict[str, list[Any]]] = {player: {} for player in case.game.players}
    least, table = [], _numbers(case)
    for i, (player, labels) in enumerate(zip(case.game.players, case.game.moves, strict=True)):
        rows = rows_of(table, i)
        for move, best in enumerate(found.by[i]):
            if best != move:
                least.append(min(rows[best] - rows[move]))
                leads[player][labels[move]] = [labels[best], float(least[-1])]
    told = Fraction(f"{float(min(least)):.6g}")
    stated = told if told <= min(least) else Fraction(f"{float(min(least)) * (1 - 1e-5):.6g}")
    where = shown(case.game, found.kept)
    statement = f"Whatever the others do, every move outside {where} is worse than one inside, by {float(stated):.6g}."
    method = "every own move against every joint move of the others"
    numbers = {"by": leads, "smallest lead": float(min(least))}
    if single:
        evidence = {"kind": "dominant", "target": case.target, "lead": stated}
        return (case.settled(statement, True, evidence, method, numbers=numbers),)
    by = [[player, move, best] for player, rows in leads.items() for move, (best, _) in rows.items()]
    evidence = {"kind": "dominated", "by": by, "lead": stated}
    return (case.settled(statement, True, evidence, method, numbers=numbers),)


def _undominated(case: Case, kept: Kept) -> tuple[Claim]:
    """The moves that are kept do not dominate one another."""
    table, noise = _numbers(case), 0 if case.exact is not None else case.slack
    apart = not any(any(dominated(rows_of(table, i), own, noise)) for i, own in enumerate(kept))
    statement = f"Every move in {shown(case.game, kept)} is undominated."
    numbers = {"moves": [len(own) for own in kept]}
    return (_looked_at(case, statement, apart, "every pair of moves that are kept", numbers),)


def _looked_at(case: Case, statement: str, holds: bool, method: str, numbers: dict[str, Any]) -> Claim:
    """A claim that was looked at joint move by joint move; unknown where rationals do not bear it out."""
    words, tolerance = ("exact rationals", 0.0) if case.exact is not None else ("float64", case.slack)
    return Claim(statement, "proved" if holds else "unknown", f"{method}, in {words}", tolerance, numbers)


def _numbers(case: Case) -> Array:
    """Payoffs `[A_1, …, A_P, P]`, in rationals where the table is small."""
    if case.exact is None:
        return case.game.payoffs
    return np.array(case.exact.payoffs, object).reshape(case.game.payoffs.shape)


def _bound(problem: Problem, search: Search, price: Found) -> Claim:
    whole = ", all of it," if search.exact else ""
    statement = f"No promises that leave only what is wanted{whole} undominated cost less than {price.bound:.6g} "
    statement += {"worst": "at worst.", "expected": "on average.", "best": "at best."}[search.cost]
    method = "branch and bound over what is kept and what dominates it, in float64"
    numbers = {"steps": price.steps, "price": price.cost, "bound": price.bound}
    return Claim(statement, "proved", method, ROUNDING * problem.scale, numbers)
