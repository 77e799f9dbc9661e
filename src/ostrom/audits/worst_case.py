"""How bad can it get for learners? The worst that play without regret can come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import TooLarge
from ..solvers.correlated import Correlated, correlated
from ._case import Audit, Case
from ._rounding import device_of, priced

SHOWN = 8
"""Joint moves of a distribution that a witness lists, the likeliest first."""


@dataclass(frozen=True)
class WorstCase(Audit):
    """Whether every coarse correlated equilibrium is worth as much as the target.

    The time average of play without external regret approaches the set of coarse correlated equilibria (Hannan 1957;
    Moulin and Vial 1978), so the worst of them bounds what such learners can end in. It says nothing about learners
    who react to what happened before.

    Parameters
    ----------
    floor : the welfare that is asked for; default what the target is worth.
    seconds : time budget; past it the verdict is "unknown".

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
    >>> [claim.verdict for claim in WorstCase()(hunt, ("stag", "stag"))]
    ['refuted']
    """

    floor: float | None = None
    seconds: float = 10.0

    def answer(self, case: Case) -> tuple[Claim, ...]:
        """One claim: that learners without regret cannot end in less."""
        wanted = case.wanted if self.floor is None else self.floor
        statement = f"Learners without regret cannot end, on average, in less welfare than {wanted:.6g}."
        method = "worst coarse correlated equilibrium, by linear programming and weak duality"
        try:
            found = correlated(case.game, lambda _: case.worth, coarse=True, worst=True, seconds=self.seconds)
        except TooLarge as error:
            return (Claim(statement, "unknown", method, numbers={"reason": error.what}),)
        numbers = {"worst": found.value, "asked for": wanted}
        slack = _slack(case, wanted)
        if found.bound >= wanted - slack and found.prices is not None:
            return (priced(case, found, statement, "coarse floor", wanted, slack=slack, method=method),)
        if found.joint is None or found.value >= wanted - slack or found.violation > max(slack, 10 * case.slack):
            return (Claim(statement, "unknown", method, numbers=numbers),)
        return (_falls_short(case, found, wanted, statement, method, numbers),)


def _slack(case: Case, wanted: float) -> float:
    """The difference of welfare that counts as none: far less than what lies between joint moves."""
    span = float(np.ptp(case.worth))
    below = case.worth[case.worth < wanted - 1e-12 * span]
    closest = wanted - float(below.max()) if below.size else span
    return min(1e-6 * span, 1e-3 * closest) or 1e-6


def _falls_short(
    case: Case, found: Correlated, wanted: float, statement: str, method: str, numbers: dict[str, Any]
) -> Claim:
    """A distribution that no learner regrets, and that is worth less; exact where its odds are simple."""
    joint = np.asarray(found.joint)
    device, slack = device_of(case, joint, "coarse")
    evidence: dict[str, Any] = {"kind": "coarse", "device": device, **({"slack": slack} if slack else {})}
    if case.exact is not None:
        evidence["worth"] = sum(share * case.exact.worth[case.exact.number(labels)] for labels, share in device)
        if evidence["worth"] >= wanted:
            return Claim(statement, "unknown", method, numbers=numbers)
    likeliest = sorted(device, key=lambda one: -one[1])[:SHOWN]
    shown = {f"({', '.join(labels)})": float(share) for labels, share in likeliest}
    witness = {"welfare": found.value, "distribution": shown}
    return case.settled(statement, False, evidence, method, witness=witness, numbers=numbers)
