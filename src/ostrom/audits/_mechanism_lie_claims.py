"""Claims about lies, with the one that gains most as a witness, and what a witness says reckoned anew."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import UnknownName
from ..core.forms.direct_mechanism import DirectMechanism
from ._case import ARITHMETIC, fractions
from ._mechanism_lies import ENUMERATED, Lie, every_lie, looks, mean_lies, sampled_lies
from ._mechanism_tables import Tables, exact_worth

SAID = {
    "each": "No group of up to {} has a lie by which each gains.",
    "some": "No group of up to {} has a lie by which some gain and none loses.",
    "together": "No group of up to {} has a lie by which they gain together, where they pay each other.",
}


def replayed(mechanism: DirectMechanism, witness: Mapping[str, Any]) -> tuple[Fraction, ...]:
    """What each liar of a witness gains, reckoned anew in fractions: at the others' reports, or on average without.

    Raises `UnknownName` for agents and types that there are not.
    """
    space = mechanism.space
    agents = [_number("agent", name, space.agents) for name in witness["agents"]]
    types, reports = (
        {i: _number("type", name, space.types[i]) for i, name in zip(agents, witness[what], strict=True)}
        for what in ("types", "reports")
    )
    if "others" not in witness:
        (i,) = agents
        lie, truth = (exact_worth(mechanism, i, types[i], {i: own[i]}) for own in (reports, types))
        odds = fractions(space.others(i)[types[i]], ARITHMETIC)
        return (np.sum((lie - truth) * odds),)
    names = {_number("agent", name, space.agents): kind for name, kind in witness["others"].items()}
    others = {i: _number("type", kind, space.types[i]) for i, kind in names.items()}
    lie, truth = {**others, **reports}, {**others, **types}
    return tuple(exact_worth(mechanism, i, types[i], lie) - exact_worth(mechanism, i, types[i], truth) for i in agents)


def lie_claims(tables: Tables, coalitions: int, samples: int, seed: int) -> dict[str, Claim]:
    """The claim about lies of one ("alone"), and those about lies of groups, by kind."""
    best: dict[str, tuple[Any, Lie]] = {}
    claims, drawn = {}, 0
    for group in range(1, coalitions + 1):
        enough = looks(tables.mechanism.space.sizes, group) <= ENUMERATED
        drawn += 0 if enough else samples
        more = every_lie(tables, group) if enough else sampled_lies(tables, group, samples, seed)
        if group == 1:
            said = "Nobody gains by a lie, whatever the others report."
            claims["alone"] = _lied(tables, said, more.get("each"), drawn, seed)
            drawn = 0
        else:
            best |= {kind: one for kind, one in more.items() if kind not in best or one[0] > best[kind][0]}
    if coalitions > 1:
        claims |= {
            kind: _lied(tables, said.format(coalitions), best.get(kind), drawn, seed) for kind, said in SAID.items()
        }
    return claims


def _lied(tables: Tables, statement: str, found: tuple[Any, Lie] | None, drawn: int, seed: int) -> Claim:
    """The claim that no lie gains, by the one that gains most; `drawn`: of so many that were drawn, 0 of all."""
    gain, witness = (0, {}) if found is None else (found[0], found[1].witness(tables))
    if gain > tables.slack:
        witness["gains"] = [float(own) for own in replayed(tables.mechanism, witness)]
    if drawn and gain <= tables.slack:
        share = 1 - 0.05 ** (1 / drawn)  # of lies that gain, at 95 %, where none of so many did
        numbers = {"violation": float(gain), "n": drawn, "interval": [0.0, share], "seeds": [seed]}
        return Claim(statement, "supported", f"{drawn:,} lies drawn at random", tables.slack, numbers)
    method = f"{drawn:,} lies drawn at random" if drawn else "every lie at every combination of reports"
    return tables.settled(statement, gain, method, witness)


def mean_lie_claim(tables: Tables) -> Claim:
    """The claim that no type expects to gain by a lie."""
    statement = "Nobody expects to gain by a lie where the others tell the truth."
    gain, lie = mean_lies(tables) or (0, None)
    witness = {} if lie is None else lie.witness(tables)
    return tables.settled(statement, gain, "every lie of every type, on average over the others", witness)


def _number(kind: str, name: str, known: tuple[str, ...]) -> int:
    if name not in known:
        raise UnknownName(kind, str(name), known)
    return known.index(name)
