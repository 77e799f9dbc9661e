"""The best mechanism for what agents may want: automated mechanism design by linear and integer programming."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..core._numbers import number
from ..core.claim import Claim
from ..core.errors import InputError
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ._mechanism_asked import Budget, Incentives, Participation
from ._mechanism_certificate import MechanismCertificate
from ._mechanism_search import Found, search
from ._mechanism_terms import terms_of
from ._mechanism_words import claims, sentence

Objective = Literal["welfare", "revenue"]

SOURCE = (
    "Conitzer and Sandholm, Complexity of Mechanism Design (2002); Self-interested Automated Mechanism Design (2004)"
)


@dataclass(frozen=True)
class DesignedMechanism:
    """What the search for a mechanism came to.

    Attributes
    ----------
    mechanism : the best that was found; None where there is none, or none was found.
    value : what it is worth by the objective, on average over types; NaN without one.
    bound : what no mechanism with these properties is worth more than.
    status : "optimal"; "bound gap" where time ran out with a mechanism in hand; "infeasible" where no mechanism has
        these properties; "unbounded"; "timed out" without one; "failed" where the solver's numbers did not hold.
    sentence : all of that in words; of "infeasible", what speaks against it.
    certificate : the evidence, which `check` computes again without a solver; None where there is none.
    possible : `bool[T_1, …, T_n, O]`, the outcomes that prices leave to a mechanism that reaches `value`: where more
        than one is left there may be others as good. None without a mechanism.
    conflict : of "infeasible", what speaks against it most, in words.
    method : how it was found.
    """

    mechanism: DirectMechanism | None
    value: float
    bound: float
    status: Literal["optimal", "bound gap", "infeasible", "unbounded", "timed out", "failed"]
    sentence: str
    certificate: MechanismCertificate | None = None
    possible: Array | None = None
    conflict: tuple[str, ...] = ()
    method: str = "linear programming (HiGHS)"
    source: str = SOURCE

    @property
    def gap(self) -> float:
        """What the bound leaves open above the value; NaN without a mechanism."""
        return max(self.bound - self.value, 0.0) if self.mechanism is not None else float("nan")

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is proved of it, in float64: incentives, participation, budget and bound; or that there is none."""
        return claims(self.certificate)


def design_mechanism(
    space: TypeSpace,
    *,
    objective: Objective | Any = "welfare",
    incentives: Incentives = "dominant",
    participation: Participation | None = "ex post",
    payments: bool = False,
    budget: Budget | None = None,
    deterministic: bool = False,
    allowed: Any = None,
    time_limit: float = 60.0,
) -> DesignedMechanism:
    """The direct mechanism with the highest expected objective in which nobody gains by lying about its type.

    By the revelation principle no other mechanism reaches more. One that may draw lots is a linear program; one that
    may not is an integer program (NP-hard).

    Parameters
    ----------
    space : outcomes, types and their odds.
    objective : "welfare" (the sum of values: payments only move), "revenue" (all payments together), or a table of a
        designer's own values, `[O]` or `[T_1, …, T_n, O]`.
    incentives : the truth is best whatever the others say ("dominant"), or as long as they tell it ("bayesian").
    participation : nobody ever gets less than 0, which is what staying out is worth ("ex post"); no type expects less
        ("interim"); or None.
    payments : whether money may change hands.
    budget : with payments, at each combination of types: not less comes in than goes out ("no deficit"), as much
        ("balanced"), or None.
    deterministic : no lots are drawn.
    allowed : `bool[O]` or `bool[T_1, …, T_n, O]`, the outcomes that may be chosen (with only one everywhere the
        question is whether there are payments for it); default all.
    time_limit : seconds for the solver.

    Returns a `DesignedMechanism`, also where no mechanism has these properties: then `sentence` says why, and
    `certificate` proves it.

    Raises
    ------
    InputError : no prior, an unknown word, tables that do not fit, revenue without payments, or a combination of types
        at which nothing is allowed. TooLarge : more than twenty million entries of the program.

    Source: Conitzer and Sandholm (2002, 2004); the bound by linear programming duality.

    Examples
    --------
    >>> sale = TypeSpace([[[0, 1], [0, 3]]], [[0.5, 0.5]], outcomes=("kept", "sold"), types=("low", "high"))
    >>> found = design_mechanism(sale, objective="revenue", payments=True)
    >>> found.status, round(found.value, 6), found.mechanism.paid[:, 0].round(6).tolist()
    ('optimal', 1.5, [0.0, 3.0])
    """
    terms = terms_of(space, objective, incentives, participation, payments, budget, allowed)
    time_limit = number(time_limit, "time limit", above=0.0, infinite=True)
    if not isinstance(deterministic, bool | np.bool_):
        raise InputError(f"deterministic is {deterministic!r:.80}.", do="Say True or False.")
    if objective_is_free(terms.objective, participation):
        said = "The revenue has no bound: nothing keeps a payment small where nobody may stay out."
        return DesignedMechanism(None, float("nan"), float("inf"), "unbounded", said)
    return _designed(search(terms, deterministic, time.monotonic() + time_limit))


def objective_is_free(objective: str, participation: Participation | None) -> bool:
    """Whether one and the same sum can be added to all payments for more of it."""
    return objective == "revenue" and participation is None


def _designed(found: Found) -> DesignedMechanism:
    certificate, value, possible = found.certificate, float("nan"), None
    if certificate is not None and certificate.mechanism is not None:
        value = float(certificate.check().value)
        lacking = max(float(certificate.check().bound) - value, 0.0) + 1e-9 * found.unit
        possible = (certificate.beaten() <= lacking) | (certificate.mechanism.odds > 0)
    return DesignedMechanism(
        certificate.mechanism if certificate else None,
        value,
        float("-inf") if found.status == "infeasible" else found.bound,
        found.status,
        sentence(found, value, possible),
        certificate,
        possible,
        found.conflict,
        found.method,
    )
