"""The cheapest payments by which reporters whom nobody can check do best by the truth, given what they see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..choice.peer_prediction import PeerPayments, Signals
from ..core.claim import Claim
from ..core.errors import InputError, TooLarge
from ..core.game import Array
from ..solvers._highs import solve_lp
from ._peer_program import all_alike, least_cost, rows_of, scored, spare

ENTRIES = 20_000
"""Payments that one program may set."""

SLACK = 1e-7
"""The share of the largest payment that a row may lack."""

SOURCE = "Jurca and Faltings, Minimum Payments that Reward Honest Reputation Feedback (2006)"


@dataclass(frozen=True)
class DesignedPayments:
    """What the search for the cheapest payments came to.

    Attributes
    ----------
    payments : `float64[X, X, …]`, what a reporter is paid for its own report (first axis) and those of its references.
    rule : the same as a rule that `ostrom.audits.TruthTelling` and `game()` take; None where there is none.
    cost : what an honest reporter is paid on average. bound : what no payments with these properties cost less than.
    gap : by how much the truth beats every other report, at the least.
    status : "optimal", or "infeasible"; `sentence` says why.
    compared : what the proper scoring rules cost, scaled to the same gap and the same least payment.
    claims : the gap, that nothing is cheaper, and, where asked for, that agreeing on one report pays no more.
    """

    payments: Array | None
    rule: PeerPayments | None
    cost: float
    bound: float
    gap: float
    status: Literal["optimal", "infeasible"]
    sentence: str
    compared: dict[str, float]
    claims: tuple[Claim, ...]
    source: str = SOURCE


def design_peer_payments(
    signals: Signals, gap: Any = 1.0, *, references: int = 1, least: float = 0.0, agreed: bool = True
) -> DesignedPayments:
    """The payments with the lowest cost for honest reports by which the truth beats every lie by a gap.

    A linear program: a payment for each own report and each combination of reports of `references` others. What
    another report brings a reporter elsewhere (a bribe, the effort saved) goes into the gap.

    Parameters
    ----------
    signals : what reporters see. gap : above 0, for all lies or as a table `[X, X]` by what was seen and what is said.
    references : others whose reports count, 1 or more; more of them make it cheaper.
    least : the smallest payment.
    agreed : whether all may agree on one report and be paid more by it than by the truth; False forbids that.

    Raises
    ------
    InputError : a gap that is not above 0 or does not fit, no reference, a least payment that is not finite.
    TooLarge : more than twenty thousand payments.

    Source: Jurca and Faltings (2006, 2009).

    Examples
    --------
    >>> film = Signals([0.5, 0.5], [[0.85, 0.15], [0.45, 0.55]], signals=("h", "l"))
    >>> found = design_peer_payments(film)
    >>> round(found.cost, 3), found.payments.round(3).tolist()
    (3.133, [[4.281, 0.0], [0.0, 7.094]])
    """
    size = len(signals.signals)
    gaps = _gaps(gap, size)
    if references < 1 or not np.isfinite(least):
        raise InputError(f"{references} references, at least {least}.", do="Give 1 or more, and a finite number.")
    if size ** (references + 1) > ENTRIES:
        raise TooLarge(f"{size ** (references + 1):,} payments.", do="Give fewer references or signals.")
    joint = signals.joint(references + 1).reshape(size, -1)
    beliefs = joint / signals.marginal[:, None]
    rows, right = rows_of(beliefs, joint, gaps, agreed)
    cost = joint.ravel()
    found = solve_lp(cost, rows, right)  # payments above the least one
    if found.x is None or found.duals_ub is None:
        return _infeasible(signals, beliefs, references)
    paid = np.maximum(found.x, 0.0).reshape(size, -1)
    unit = max(float(paid.max()), 1.0)
    bound = least_cost(cost, rows, right, found.duals_ub, unit) + least
    spent, reached = float(cost @ paid.ravel()) + least, spare(beliefs, paid, gaps)
    table = (paid + least).reshape((size,) * (references + 1))
    rule = _rule(signals, table)
    return DesignedPayments(
        table,
        rule,
        spent,
        bound,
        float(gaps[~np.eye(size, dtype=bool)].min() + reached),
        "optimal",
        f"Honest reports cost {spent:.6g} each; no payments with this gap cost less than {bound:.6g}.",
        scored(beliefs, joint, gaps, least),
        _claims(joint, paid, reached, bound - least, unit, agreed),
    )


def _gaps(gap: Any, size: int) -> Array:
    table = np.asarray(gap, float)
    table = np.full((size, size), float(table)) if table.ndim == 0 else table
    if table.shape != (size, size) or not np.isfinite(table).all() or (table[~np.eye(size, dtype=bool)] <= 0).any():
        raise InputError(
            f"A gap of shape {table.shape} that is not above 0 everywhere.",
            "Where a lie is as good as the truth nobody knows what is reported.",
            "Give a number above 0, or gap[seen, said].",
        )
    return table


def _claims(joint: Array, paid: Array, reached: float, bound: float, unit: float, agreed: bool) -> tuple[Claim, ...]:
    slack, spent = SLACK * unit, float((joint * paid).sum())
    method = "expected payments of all reports, in float64"
    said = "The truth beats every other report by the gap, whatever was seen, while others tell it."
    verdict = "proved" if reached >= -slack else "unknown"
    claims = [Claim(said, verdict, method, slack, {"spare": reached})]
    said = "No payments with these properties, of up to a thousand times the largest, cost less."
    near = "proved" if spent - bound <= slack else "unknown"
    claims.append(Claim(said, near, "weak duality, in float64", slack, {"cost": spent, "bound": bound}))
    if not agreed:
        size, width = paid.shape
        most = max(float(paid[k, all_alike(k, size, width)]) for k in range(size))
        said = "All reporting the same pays nobody more than the truth does on average."
        kept = "proved" if most <= spent + slack else "unknown"
        claims.append(Claim(said, kept, method, slack, {"agreed report": most, "truth": spent}))
    return tuple(claims)


def _infeasible(signals: Signals, beliefs: Array, references: int) -> DesignedPayments:
    """Either two signals lead to the same forecast, or agreeing on one report cannot be kept from paying more."""
    apart = np.abs(beliefs[:, None] - beliefs[None]).max(-1) + np.eye(len(beliefs)) * 9
    one, other = (signals.signals[int(k)] for k in np.unravel_index(int(apart.argmin()), apart.shape))
    said = f"There are no such payments: who saw {one!r} forecasts what who saw {other!r} does."
    if apart.min() > 1e-9:
        said = f"By {references} references, what beats lies pays agreeing on one report more; give more of them."
    nothing = float("nan")
    return DesignedPayments(None, None, nothing, nothing, nothing, "infeasible", said, {}, ())


def _rule(signals: Signals, table: Array) -> PeerPayments:
    """Everybody is held against the next so many, in a ring."""
    count = table.ndim

    def pay(reports: Array) -> Array:
        return table[tuple(np.roll(reports, -k, axis=-1) for k in range(count))].sum(-2)

    size = len(signals.signals)
    return PeerPayments("least payments", signals, count, 1, signals.signals, tuple(range(size)), pay, SOURCE, count)
