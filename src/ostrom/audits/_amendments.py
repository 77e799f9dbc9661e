"""Whether a constitution can be turned against its own safeguard: all states of the rules that lawful votes reach."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import CarrierError, OstromError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..core.institution import Institution
from ..core.lifts.staged import Staged
from ..institutions.constitution import Constitution
from ..solvers.pure_equilibria import pure_equilibria
from ._case import ROUNDING
from ._lawful import Amended, Force, amended, easiest
from ._repeated_case import RepeatedCase


def constitutions(institutions: tuple[Institution, ...]) -> list[tuple[int, Constitution]]:
    """The layers that are constitutions, with their numbers; those within other rules are not looked for."""
    return [(k, rule) for k, rule in enumerate(institutions) if isinstance(rule, Constitution)]


def about_amendments(case: RepeatedCase) -> tuple[Claim, ...]:
    """What the law allows, and who would gain by it; one claim that there is nothing to amend where there is not."""
    laws = constitutions(case.game.institutions)
    if not laws:
        method = "looking for constitutions among the layers"
        return (Claim("No layer lets the players change the rules.", "proved", method, 0.0),)
    claims: list[Claim] = []
    for layer, law in laws:
        if law.safeguard:
            claims += _lawful(case, law)
        claims.append(_gainful(case, layer, law))
    return tuple(claims)


def _lawful(case: RepeatedCase, law: Constitution) -> Iterator[Claim]:
    """That fewer votes than the safeguard asks for bring down neither the safeguard nor what it guards."""
    players, asks = len(case.game.players), law.safeguard
    reached = amended(law, players, min(asks - 1, players))
    method = f"breadth-first search over all {len(reached)} states of the rules that such votes reach"
    numbers = {"states": len(reached), "the safeguard asks for": asks, "seats": players}

    def claim(statement: str, broken: list[Amended]) -> Claim:
        if not broken:
            return Claim(statement, "proved", method, 0.0, numbers)
        one = broken[0]
        witness = {"changes, one a round": [list(step) for step in one.steps], "votes": one.votes, "asked for": asks}
        return Claim(statement, "refuted", method, 0.0, numbers, witness)

    fewer = f"Fewer than the {asks} votes that the safeguard asks for"
    yield claim(f"{fewer} cannot repeal the safeguard.", [one for one in reached if not one.force[-1]])
    guarded = law.guarded or tuple(range(len(law.articles)))
    names = " or ".join(law.names[k] for k in guarded)
    changed = [one for one in reached if not all(one.force[k] for k in guarded)]
    yield claim(f"{fewer} cannot repeal {names}, in however many steps.", changed)


def _gainful(case: RepeatedCase, layer: int, law: Constitution) -> Claim:
    """That no group that is large enough to change the rules gains by it, each of its members."""
    statement = (
        f"No group that can change the rules gains by it, where {case.where} is played until then, and after it "
    )
    statement += "what nobody gains by leaving under the rules that are left."
    method = "comparing discounted payoffs at all pure equilibria under all states of the rules that votes reach"
    players = len(case.game.players)
    try:
        reached = easiest(law, players)
        tables = {one.force: _round(case, layer, law, one.force) for one in reached}
    except OstromError as error:  # a rule that remembers, a move that is not there, a table that is too large
        return Claim(statement, "unknown", method, numbers={"reason": error.what})
    odd, ways = "", []
    slack = ROUNDING * max(float(np.ptp(table.payoffs)) for table in tables.values())
    known = _ends(tables[reached[0].force])
    for one in (one for one in reached if not all(one.force[: len(law.articles)])):
        ends = _ends(tables[one.force])
        if not ends:
            odd = f"there is no pure equilibrium without {_without(law, one.force)}"
        fresh = {place: paid for place, paid in ends.items() if place not in known or (known[place] != paid).any()}
        ways += list(_ways(case, law, one, tables, fresh, slack))
    numbers = {"states": len(reached), "discount": case.game.discount}
    if ways:
        worst = max(ways, key=lambda way: way["gain"])
        return Claim(statement, "refuted", f"{method}, in float64", slack, numbers, worst)
    if odd:
        return Claim(statement, "unknown", method, numbers={**numbers, "reason": odd})
    return Claim(statement, "proved", f"{method}, in float64", slack, numbers)


def _ends(table: NormalForm) -> dict[tuple[str, ...], Array]:
    """The pure equilibria of a round by label, and what each player is paid there."""
    return {table.labels(place): table.payoffs[tuple(place)] for place in pure_equilibria(table).profiles}


def _without(law: Constitution, force: Force) -> str:
    return " and ".join(name for name, on in zip(law.names, force, strict=True) if not on)


def _round(case: RepeatedCase, layer: int, law: Constitution, force: Force) -> NormalForm:
    """One round under the articles in force and all other layers, as a table; raises where that says too little."""
    others = case.game.institutions
    kept = tuple(rule for rule, on in zip(law.articles, force, strict=False) if on)
    game: Any = case.game.game.under(*others[:layer], *kept, *others[layer + 1 :])
    if isinstance(game, Staged):
        raise CarrierError(f"Under {game.charter} a round has stages: what is played after a change is not looked at.")
    table = game.dense()
    table.profile(case.stage.target)
    return table


def _ways(
    case: RepeatedCase,
    law: Constitution,
    one: Amended,
    tables: dict[Force, NormalForm],
    ends: dict[Any, Array],
    slack: float,
) -> Iterator[dict[str, Any]]:
    """Groups all of whose members gain, and by how much the one who gains least does."""
    discount, force = case.game.discount, (True,) * len(law.names)
    worth = -(stays := _at(tables[force], case.stage.target))
    for t, (name, _) in enumerate(one.steps):
        worth = worth + (1 - discount) * discount**t * _at(tables[force], case.stage.target)
        force = tuple(on != (name == other) for on, other in zip(force, law.names, strict=True))
    gains = {place: worth + discount ** len(one.steps) * paid for place, paid in ends.items()}
    for place, gain in gains.items():
        for group in map(list, combinations(range(len(stays)), one.votes)):
            if (gain[group] > slack).all():
                yield {
                    "group": [case.game.players[i] for i in group],
                    "changes, one a round": [list(step) for step in one.steps],
                    "then": place,
                    "gain": float(gain[group].min()),
                    "at every new equilibrium": all((other[group] > slack).all() for other in gains.values()),
                }


def _at(table: NormalForm, target: tuple[str, ...]) -> Array:
    return np.asarray(table.payoffs[table.profile(target)])
