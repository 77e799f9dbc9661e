"""The one seam to HiGHS: linear programs in, answers with a status out (Huangfu and Hall 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from ..core.game import Array

Outcome = Literal["optimal", "infeasible", "unbounded", "timed out", "failed"]


class Sparse(NamedTuple):
    """A matrix of `shape` with `values[k]` at `(row[k], column[k])`, no place twice."""

    values: Array
    row: Array
    column: Array
    shape: tuple[int, int]

    @staticmethod
    def stack(parts: Sequence[Sparse]) -> Sparse:
        """The parts below one another; all have as many columns."""
        tops = np.cumsum([0, *(part.shape[0] for part in parts)])
        return Sparse(
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.row + top for part, top in zip(parts, tops, strict=False)]),
            np.concatenate([part.column for part in parts]),
            (int(tops[-1]), parts[0].shape[1]),
        )

    @staticmethod
    def of(matrix: Array | Sparse | None, columns: int) -> Sparse:
        """`matrix` as a `Sparse`; None is a matrix without rows."""
        if isinstance(matrix, Sparse):
            return matrix
        dense = np.zeros((0, columns)) if matrix is None else np.asarray(matrix, float)
        row, column = np.nonzero(dense)
        return Sparse(dense[row, column], row, column, (dense.shape[0], columns))


@dataclass(frozen=True)
class Linear:
    """What a linear program came to.

    Attributes
    ----------
    status : only with "optimal" is there an `x`.
    x, value : the best point and its objective.
    duals_ub, duals_eq : by how much `value` rises per unit of each right-hand side, in either sense of optimisation.
    """

    status: Outcome
    x: Array | None = None
    value: float | None = None
    duals_ub: Array | None = None
    duals_eq: Array | None = None


def solve_lp(
    c: Array,
    A_ub: Array | Sparse | None = None,
    b_ub: Array | None = None,
    A_eq: Array | Sparse | None = None,
    b_eq: Array | None = None,
    lower: float | Array = 0.0,
    upper: float | Array = np.inf,
    maximise: bool = False,
    time_limit: float | None = None,
) -> Linear:
    """Optimise `c·x` over `A_ub x ≤ b_ub`, `A_eq x = b_eq`, `lower ≤ x ≤ upper`; `time_limit` in seconds.

    Infeasible, unbounded and out of time are values of `status`, not errors.
    """
    columns = len(c)
    ub, eq = Sparse.of(A_ub, columns), Sparse.of(A_eq, columns)
    right = np.concatenate([np.asarray(b, float) for b in (b_ub, b_eq) if b is not None] or [np.zeros(0)])
    left = right.copy()
    left[: ub.shape[0]] = -np.inf
    program = _program(np.asarray(c, float), Sparse.stack([ub, eq]), left, right, lower, upper, maximise)
    return _run(program, ub.shape[0], time_limit)


def _program(
    c: Array, matrix: Sparse, left: Array, right: Array, lower: float | Array, upper: float | Array, maximise: bool
) -> Any:
    import highspy

    order = np.lexsort((matrix.row, matrix.column))
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
    program.col_cost_ = c
    program.col_lower_ = np.broadcast_to(np.asarray(lower, float), c.shape).copy()
    program.col_upper_ = np.broadcast_to(np.asarray(upper, float), c.shape).copy()
    program.row_lower_, program.row_upper_ = left, right
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.searchsorted(matrix.column[order], np.arange(len(c) + 1)).astype(np.int32)
    program.a_matrix_.index_ = matrix.row[order].astype(np.int32)
    program.a_matrix_.value_ = matrix.values[order]
    return program


def _run(program: Any, inequalities: int, time_limit: float | None) -> Linear:
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    if time_limit is not None:
        solver.setOptionValue("time_limit", float(time_limit))
    solver.passModel(program)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:  # presolve cannot tell the two apart
        solver.setOptionValue("presolve", "off")
        solver.run()
        status = solver.getModelStatus()
    outcome = _OUTCOMES.get(status.name, "failed")
    if outcome != "optimal":
        return Linear(outcome)
    solution = solver.getSolution()
    duals = np.array(solution.row_dual, float)
    value = float(solver.getInfo().objective_function_value)
    return Linear("optimal", np.array(solution.col_value, float), value, duals[:inequalities], duals[inequalities:])


_OUTCOMES: dict[str, Outcome] = {
    "kOptimal": "optimal",
    "kModelEmpty": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kTimeLimit": "timed out",
}
