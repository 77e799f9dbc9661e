"""What cannot be had together: Gibbard–Satterthwaite, Green–Laffont, Myerson–Satterthwaite, shown on the instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..core._numbers import count
from ..core.claim import Claim
from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ._case import fractions
from ._impossible_balance import best_balance, imbalance_bound
from ._impossible_claims import bilateral, refuted, shown, told
from ._impossible_rows import efficient, exact_margins, exact_values
from ._impossible_rules import OutOfSteps, dictator, truthful_rules, unrestricted
from ._impossible_trade import best_interim, surplus_bound
from ._impossible_witness import multipliers_of, named_multipliers
from ._mechanism_lies import every_lie, mean_lies
from ._mechanism_tables import outside_options, tables_of
from ._mechanism_taking_part import balanced, interim, no_mean_deficit

SURE = 1e-6
"""Share of the largest amount that a mechanism found by a solver may miss of what it is shown for."""

GIBBARD, GREEN, MYERSON = "Gibbard–Satterthwaite", "Green–Laffont", "Myerson–Satterthwaite"


@dataclass(frozen=True)
class Impossibility:
    """A theorem, and what is so on the instance.

    Attributes
    ----------
    theorem : by whose names it goes.
    setting : whether the space is of the kind that the theorem is about: of Gibbard–Satterthwaite, three outcomes or
        more and every strict order of them; of Green–Laffont, two agents or more with several types each; of
        Myerson–Satterthwaite, one seller and one buyer whose values overlap. The last two are proved for a continuum of
        types, so that with few types there may be a way out all the same.
    claim : that what the theorem rules out exists here: "refuted" with what shows that it does not, or "proved". In its
        numbers, in the unit of values: the `least deficit` is the money that has to come from outside, on average over
        types, where all else is kept; the `least imbalance` is by how much payments miss adding up to nothing at the
        types where they miss most. `in the program` is the solver's figure of it.
    mechanism : one that has it all, where there is one; else the one that comes nearest, where that is known.
    """

    theorem: str
    setting: bool
    claim: Claim
    mechanism: DirectMechanism | None

    @property
    def applies(self) -> bool:
        """Whether the theorem holds of the instance: its setting is at hand, and no way out was found."""
        return self.setting and self.claim.verdict != "proved"

    @property
    def sentence(self) -> str:
        """Whether it can be had here, and by how much one has to give way if not."""
        return told(self.theorem, self.setting, self.claim)


def impossibility(
    space: TypeSpace, *, money: bool = True, outside: Any = None, steps: int = 200_000
) -> tuple[Impossibility, ...]:
    """Which impossibility theorems are about a type space, and whether what they rule out exists on it.

    Without money: a deterministic rule that is truthful, can choose every outcome and is no dictatorship (Gibbard 1973;
    Satterthwaite 1975), by search over all rules. With money: efficiency, dominant truth and a balanced budget (Green
    and Laffont 1979); and with an independent prior, efficiency, truth on average, free participation and no money from
    outside (Myerson and Satterthwaite 1983), by linear programs. That there is none is shown by multipliers, which
    `recheck_impossibility` adds up in fractions; that there is one, by the mechanism.

    Parameters
    ----------
    money : whether agents can pay. outside : what who does not take part has, as for `incentives`.
    steps : choices after which the search for rules gives up and says "unknown".

    Raises `InputError` for outside options that do not fit, `TooLarge` for more than a hundred thousand combinations of
    types by outcomes or lies.

    Examples
    --------
    >>> trade = TypeSpace([[[0, 1], [0, 3]], [[0, 0], [0, -2]]], [[0.2, 0.8], [0.9, 0.1]], outcomes=("kept", "sold"))
    >>> [(one.theorem, one.claim.verdict, one.claim.numbers.get("least deficit")) for one in impossibility(trade)]
    [('Green–Laffont', 'proved', None), ('Myerson–Satterthwaite', 'refuted', 0.46)]
    """
    if not money:
        return (gibbard_satterthwaite(space, steps=steps),)
    green = green_laffont(space)
    known = space.odds is not None and space.independent
    return (green, myerson_satterthwaite(space, outside=outside)) if known else (green,)


def second_best(space: TypeSpace, *, outside: Any = None) -> DirectMechanism:
    """The highest expected welfare that truth on average, free participation and no money from outside leave.

    With two agents or more its budget balances at all types. What it lacks of `space.welfare.max(-1)` on average is
    what the theorem costs.

    Raises `InputError` without an independent prior, and where no type-independent outcome is acceptable to all;
    `TooLarge` as `impossibility`.

    Source: Myerson and Satterthwaite (1983), section 4.
    """
    exact_values(space)
    away = outside_options(outside, space.sizes, space.agents)
    found = best_interim(space, away, np.ones((*space.sizes, len(space.outcomes)), bool), most_welfare=True)
    if found is None:
        raise InputError(
            f"No mechanism for {space.name} has every type take part without money from outside.",
            do="Lower the outside options, or add an outcome that all accept.",
        )
    return found.mechanism


def recheck_impossibility(space: TypeSpace, witness: Mapping[str, Any]) -> Fraction:
    """What the multipliers of a refuted claim prove, added up in fractions without a solver: the least deficit
    (Myerson–Satterthwaite) or imbalance (Green–Laffont) of every such mechanism. Above 0 there is none without.

    Raises `KeyError` and `ValueError` for a witness that names what there is not, or is out of balance.
    """
    values, lies = exact_values(space), multipliers_of(space, witness["multipliers"])
    if witness["theorem"] == GREEN:
        return imbalance_bound(values, efficient(values), lies)
    away = tuple(fractions(own) for own in outside_options(witness["outside"], space.sizes, space.agents))
    return -surplus_bound(values, exact_margins(space), away, efficient(values), lies)


def gibbard_satterthwaite(space: TypeSpace, *, steps: int = 200_000) -> Impossibility:
    """Whether a deterministic rule without money is truthful, can choose every outcome, and is no dictatorship.

    Every rule is looked at, by search with propagation; for strict and unrestricted orders of three outcomes or more
    there is none (Gibbard 1973; Satterthwaite 1975). Parameters and errors as for `impossibility`.
    """
    setting = len(space.outcomes) >= 3 and unrestricted(space)
    said = "Some deterministic rule without money can choose every outcome, nobody gains by a lie, and nobody dictates."
    method, found = "every rule, by search with propagation", []
    exact_values(space)
    steps = count(steps, "number of steps")
    try:
        for rule in truthful_rules(space, steps):
            who = dictator(space, rule)
            found.append(who)
            if who is None:
                mechanism = DirectMechanism(space, rule, name="no dictatorship")
                return Impossibility(GIBBARD, setting, Claim(said, "proved", method, 0.0), mechanism)
    except OutOfSteps:
        numbers = {"steps": steps, "rules so far": len(found)}
        return Impossibility(GIBBARD, setting, Claim(said, "unknown", method, numbers=numbers), None)
    witness = {"theorem": GIBBARD, "dictators of all rules": [space.agents[who] for who in found]}
    claim = Claim(said, "refuted", method, numbers={"rules": len(found)}, witness=witness)
    return Impossibility(GIBBARD, setting, claim, None)


def green_laffont(space: TypeSpace) -> Impossibility:
    """Whether a mechanism is efficient, truth dominant, and its budget balanced at all types; and how nearly, if not.

    The least imbalance comes from a linear program (Green and Laffont 1979). Errors as for `impossibility`.
    """
    said = "Some mechanism is efficient, truth is dominant, and payments add up to nothing at all types."
    values = exact_values(space, lies=True)
    found = best_balance(space, efficient(values))
    setting = space.count > 1 and min(space.sizes) > 1
    if found is None:
        return Impossibility(GREEN, setting, Claim(said, "unknown", "linear program, unsolved"), None)
    least = imbalance_bound(values, efficient(values), found.lies)
    if least > 0:
        witness = {"theorem": GREEN, "multipliers": named_multipliers(space, found.lies)}
        claim = refuted(said, {"least imbalance": float(least), "in the program": found.value}, witness)
    else:
        tables = tables_of(found.mechanism, None, SURE, exact=False)
        lie = every_lie(tables, 1).get("each", (0.0, None))[0]
        claim = shown(said, [lie, balanced(tables).numbers["violation"]], tables.slack)
    return Impossibility(GREEN, setting, claim, found.mechanism)


def myerson_satterthwaite(space: TypeSpace, *, outside: Any = None) -> Impossibility:
    """Whether a mechanism is efficient, truth best on average, taking part free, and no money needed; else how much is.

    The least deficit comes from a linear program (Myerson and Satterthwaite 1983); outside bilateral trade the same is
    asked. Parameters and errors as for `impossibility`; `InputError` without an independent prior.
    """
    said = (
        "Some mechanism is efficient, truthful on average, no type expects to lose, and nobody adds money on average."
    )
    values, away = exact_values(space), outside_options(outside, space.sizes, space.agents)
    allowed = efficient(values)
    found = best_interim(space, away, allowed, most_welfare=False)
    setting = bilateral(space)
    if found is None:
        return Impossibility(MYERSON, setting, Claim(said, "unknown", "linear program, unsolved"), None)
    surplus = surplus_bound(values, exact_margins(space), tuple(map(fractions, away)), allowed, found.lies)
    if surplus < 0:
        options = [own.tolist() for own in away]
        witness = {"theorem": MYERSON, "outside": options, "multipliers": named_multipliers(space, found.lies)}
        claim = refuted(said, {"least deficit": -float(surplus), "in the program": -found.value}, witness)
    else:
        tables = tables_of(found.mechanism, outside, SURE, exact=False)
        lie, kept, deficit = mean_lies(tables) or (0.0, None), interim(tables), no_mean_deficit(tables)
        claim = shown(said, [lie[0], kept.numbers["violation"], deficit.numbers["violation"]], tables.slack)
    return Impossibility(MYERSON, setting, claim, found.mechanism)
