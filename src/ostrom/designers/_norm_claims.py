"""What is claimed of a norm: in its first round, in the repeated game, and of what else lasts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..audits._case import Case
from ..audits._repeated_case import RepeatedCase
from ..audits.equilibria import Equilibria
from ..audits.unravelling import Unravelling
from ..core.agent import Look
from ..core.claim import Claim
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..core.institution import Institution
from ..core.lifts.repeated import Repeated
from ..institutions.mistakes import Mistakes
from ..institutions.reputation import Reputation
from ._norm_found import Found, Search
from ._remedy import Problem
from ._standings import RULES, TIE

ROWS = 20_000
"""Plays at all states together up to which the repeated game itself is looked at."""


def norm_claims(
    search: Search, one: Found, governed: NormalForm, worth: Array, institution: Reputation
) -> tuple[Claim, ...]:
    """That the first round holds, that nobody gains in the repeated game, what else lasts, and what is out of reach."""
    problem = search.problem
    target = problem.game.labels(search.place)
    first = Equilibria()(governed, target, worth=worth)[:1]
    below = f"Below a discount factor of {search.no_rule:.6g} no equilibrium plays ({', '.join(target)}) in every "
    below += "round, whatever is remembered."
    method = "what the others can hold each player down to, by linear programming in float64"
    floor = Claim(below, "proved", method, TIE * problem.scale, {"discount": search.no_rule})
    return (*first, _lasting(search, one, institution), *_others(problem, search, institution), floor)


def _lasting(search: Search, one: Found, institution: Institution) -> Claim:
    """Nobody gains by any strategy at any state, read off the repeated game under the institutions themselves."""
    entered = f", {search.error:.3g} of all entries being wrong" if search.error else ""
    statement = f"When all follow the rule, nobody gains by any strategy at any state of the repeated game{entered}."
    states, players, slack = len(one.stage.bits), len(search.place), TIE * search.problem.scale
    rows = states * search.problem.game.size * (2**players if search.error else 1)
    numbers = {"states": states, "discount": search.discount, "error": search.error}
    if rows > ROWS:
        return Claim(statement, "proved", "every single departure at every state, in float64", slack, numbers)
    laid = Mistakes(institution, search.error) if search.error else institution
    game = Repeated(search.problem.agents, search.discount, (laid,))
    gain = float(game.gains(following(RULES[one.rule], search.good, one.bad)).max())
    method = "best replies at every state, by policy iteration in float64"
    numbers |= {"states": len(game.states), "largest gain": gain}
    if gain <= slack:
        return Claim(statement, "proved", method, slack, numbers)
    return Claim(statement, "refuted", method, slack, numbers, {"gain": gain})


def _others(problem: Problem, search: Search, institution: Institution) -> tuple[Claim, ...]:
    """Whether something worse lasts as well: a norm that nobody heeds mostly does."""
    if (problem.game.size << len(search.place)) > ROWS // 10:
        return ()
    stage = Case.of(problem.agents, problem.game.labels(search.place), worth=problem.worth)
    return Unravelling().answer(RepeatedCase(Repeated(problem.agents, search.discount, (institution,)), stage))


def following(rule: str, good: str, bad: str) -> Callable[[Look], dict[str, str]]:
    """The action rule as a strategy for `Repeated`, from four letters."""

    def act(look: Look) -> dict[str, str]:
        standing = np.asarray(look.sees["standing"])
        letter = rule[2 * int(standing[look.seat]) + int(np.delete(standing, look.seat).all())]
        return {"act": good if letter == "C" else bad}

    return act
