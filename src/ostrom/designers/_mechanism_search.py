"""The search for a mechanism: a linear program, then an integer one, and prices where there is none."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.game import Array
from ._mechanism_asked import Terms
from ._mechanism_certificate import MechanismCertificate, strongest
from ._mechanism_program import WHOLE, Program

CLOSE = 1e-6
"""What a gap or a gain may be, in largest values, to count as none."""

LP, MILP = "linear programming (HiGHS)", "branch and bound (HiGHS) below a bound by linear programming"

Status = Literal["optimal", "bound gap", "infeasible", "unbounded", "timed out", "failed"]


@dataclass(frozen=True)
class Found:
    """What the solver came to; `unit` is the largest value, in absolute terms."""

    terms: Terms
    status: Status
    unit: float
    bound: float = np.inf
    certificate: MechanismCertificate | None = None
    conflict: tuple[str, ...] = ()
    method: str = LP


def search(terms: Terms, deterministic: bool, end: float) -> Found:
    """The best mechanism until `end` (of the monotonic clock)."""
    program = Program(terms)
    found = program.relaxed(end - time.monotonic())
    if found.status == "infeasible":
        return _none(program, end)
    if found.x is None or found.duals_ub is None or found.duals_eq is None:
        status: Status = "failed" if found.status == "optimal" else found.status
        return Found(terms, status, program.unit)
    duals = np.concatenate([found.duals_ub, found.duals_eq[terms.combinations :]])
    odds = found.x[: program.sums.column.size]
    if deterministic and abs(odds - np.rint(odds)).max() > WHOLE:
        return _without_lots(program, duals, end)
    certificate = program.certificate(duals, program.mechanism(found.x))
    return _judged(program, certificate, float(certificate.check().bound), LP, True)


def _without_lots(program: Program, duals: Array, end: float) -> Found:
    status, x, bound = program.whole(end - time.monotonic())
    terms = program.terms
    if x is None:
        said: Status = "failed" if status == "optimal" else status  # type: ignore[assignment]
        return Found(terms, said, program.unit, method=MILP)
    odds = np.rint(x[: program.sums.column.size])
    tidy = program.relaxed(max(end - time.monotonic(), 1.0), odds) if terms.payments else None
    x = np.append(odds, x[odds.size :]) if tidy is None or tidy.x is None else tidy.x
    certificate = program.certificate(duals, program.mechanism(x))
    return _judged(program, certificate, min(bound, float(certificate.check().bound)), MILP, status == "optimal")


def _judged(program: Program, certificate: MechanismCertificate, bound: float, method: str, done: bool) -> Found:
    """The status that the numbers bear out when they are computed again."""
    checked, near = certificate.check(), CLOSE * program.unit
    broken = max(checked.gain, -(checked.least or 0), checked.deficit or 0)
    small = CLOSE * max(program.unit, abs(float(checked.value)))
    status: Status = "optimal" if done and bound - checked.value <= small else "bound gap"
    status = status if broken <= near else "failed"
    return Found(program.terms, status, program.unit, bound, certificate, method=method)


def _none(program: Program, end: float) -> Found:
    """That no mechanism keeps to the terms, with prices that prove it."""
    found, terms = program.refuted(end - time.monotonic()), program.terms
    if found.duals_ub is None:
        return Found(terms, "timed out" if found.status == "timed out" else "failed", program.unit)
    ends, tills = program.asked.shape[0], program.tills.shape[0]
    back = found.duals_ub[ends + tills :]
    duals = np.concatenate([found.duals_ub[:ends], found.duals_ub[ends : ends + tills] - back])
    certificate = program.certificate(duals, None)
    bound = float(certificate.check().bound)
    conflict = strongest(terms, certificate.prices)
    return Found(terms, "infeasible" if bound < 0 else "failed", program.unit, bound, certificate, conflict)
