"""What is claimed of a restriction: that it does what it is for, what learners may end in, and that it is smallest."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..audits._case import Case, fractions
from ..audits.worst_case import WorstCase
from ..core.claim import Claim
from ..core.forms.normal_form import NormalForm
from ..solvers.pure_equilibria import pure_equilibria
from ._clauses import Listed, PureClauses
from ._fewest import WHOLE, Fewest, Task, Tree
from ._goals import IS, Goal
from ._learners import LearnerClauses
from ._remedy import ROUNDING

BRANCHES = 20_000
"""Branches of the tree that shows once more, without a solver, that nothing smaller does."""

CHECKED = 200_000
"""Joint moves times moves up to which the evidence is gone through again, number by number, before it is stated."""

Device = tuple[tuple[tuple[str, ...], Fraction], ...]
"""Odds: joint moves by label, and their probabilities."""


def claims_of(
    goal: Goal,
    governed: NormalForm,
    worth: np.ndarray,
    task: Task,
    clauses: PureClauses | LearnerClauses,
    found: Fewest,
    seconds: float,
) -> tuple[Claim, Claim, Claim]:
    """That what is left is as the goal has it, what learners may end in, and that nothing smaller does."""
    case = Case.of(governed, goal.problem.game.labels(goal.place), worth=worth)
    floor = goal.floor if goal.name in ("floor", "learner-proof") else None
    learners = WorstCase(floor=floor, seconds=seconds).answer(case)[0]
    return _reached(goal, case), learners, _smallest(goal, task, clauses, found, seconds)


def devices(goal: Goal, clauses: PureClauses | LearnerClauses, found: Fewest) -> tuple[Device, ...]:
    """The odds behind the clauses, by label; empty where they are pure equilibria, which the table shows itself."""
    if isinstance(clauses, PureClauses):
        return ()
    labels = goal.problem.game.labels
    used = (clauses.witnesses[clause].odds for clause in dict.fromkeys(found.used))
    return tuple(tuple((labels(place), share) for place, share in odds) for odds in used)


def _reached(goal: Goal, case: Case) -> Claim:
    """By looking at all joint moves of what is left again."""
    found = pure_equilibria(case.game).profiles
    unwanted = goal.unwanted(case.worth, case.place)
    spoils = [case.place] * (case.place not in found) + [place for place in found if unwanted[place]]
    statement = f"Of what is left, {goal.words(IS)}."
    if goal.name == "learner-proof":
        statement = f"Nobody gains by leaving {case.where} alone."
    method = f"best replies at every joint move, {case.game.size:,} in all"
    if spoils:
        return case.settled(statement, False, {"kind": "settles", "at": case.game.labels(spoils[0])}, method)
    evidence = _evidence(goal, case)
    if evidence is None or case.game.size * sum(case.game.sizes) > CHECKED:
        words, tolerance = ("float64", case.slack) if case.game.exact is None else ("exact rationals", 0.0)
        return Claim(statement, "proved", f"{method}, in {words}", tolerance, evidence=evidence)
    return case.settled(statement, True, evidence, method)


def _evidence(goal: Goal, case: Case) -> dict[str, Any] | None:
    """What a certificate can state of it; there is no kind of evidence for "best"."""
    if goal.name == "best" or case.exact is None:
        return None
    if goal.name == "floor":
        return {"kind": "pure floor", "worth": min(fractions(np.array([goal.floor, case.wanted])))}
    return {"kind": "only pure" if goal.name == "unique" else "no gain", "target": case.target}


def _smallest(goal: Goal, task: Task, clauses: PureClauses | LearnerClauses, found: Fewest, seconds: float) -> Claim:
    """By a tree without a solver, over the clauses that were met; where it takes too long, by the solver's bound."""
    weight = task.weight(found.removed)
    weighed = bool(set(task.weights.values()) - {1.0})
    statement = f"No restriction that {'weighs less' if weighed else 'forbids fewer moves'} does this."
    numbers = {"weight": weight, "at least": found.at_least, "clauses": len(found.used)}
    tree = Tree(task, Listed(found.used), nodes=BRANCHES, seconds=seconds)
    if not found.optimal:
        return Claim(statement, "unknown", "integer programs (HiGHS), out of time", numbers=numbers)
    if tree.lightest(below=weight) is None and tree.complete:
        exact = _is_exact(clauses)
        method = f"search tree of {tree.seen:,} branches over {len(found.used):,} clauses, without a solver"
        method = method if found.used else "each forbidden move gains at the target"
        evidence = _without_solver(goal, task, clauses, found) if exact else None
        return Claim(statement, "proved", method, 0.0 if exact else ROUNDING, numbers, evidence=evidence)
    return Claim(statement, "proved", "integer programs (HiGHS)", WHOLE, numbers)


def _is_exact(clauses: PureClauses | LearnerClauses) -> bool:
    """Whether no clause rests on a tolerance."""
    if isinstance(clauses, PureClauses):
        return not any(clauses.slack)
    return all(witness.exact for witness in clauses.witnesses.values())


def _without_solver(
    goal: Goal, task: Task, clauses: PureClauses | LearnerClauses, found: Fewest
) -> dict[str, Any] | None:
    """What a certificate can state of this, about the game without the restriction."""
    if goal.name == "best" or set(task.weights.values()) - {1.0}:
        return None
    pure = isinstance(clauses, PureClauses)
    return {
        "kind": "smallest",
        "of": "before",
        "target": goal.problem.game.labels(goal.place),
        "removals": len(found.removed),
        "clauses": "pure" if pure else devices(goal, clauses, found),
        "floor": None if goal.name == "unique" else fractions(np.array([goal.floor]))[0],
    }
