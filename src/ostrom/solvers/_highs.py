"""The one seam to HiGHS: linear and integer programs in, answers with a status out (Huangfu and Hall 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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


@dataclass(frozen=True)
class Integer:
    """What an integer program came to.

    Attributes
    ----------
    status : "optimal", "infeasible", "unbounded", "timed out" or "failed".
    x, value : the best point found and its objective; out of time, of the best so far, or None when there is none.
    bound : no feasible point has a lower objective, as far as branch and bound got; -inf when that is nowhere.
    """

    status: Outcome
    x: Array | None = None
    value: float | None = None
    bound: float = -np.inf


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
    matrix, left, right, inequalities = _rows(len(c), A_ub, b_ub, A_eq, b_eq)
    program = _program(np.asarray(c, float), matrix, left, right, lower, upper, maximise)
    return _linear(*_run(program, time_limit), inequalities)


def solve_milp(
    c: Array,
    A_ub: Array | Sparse | None = None,
    b_ub: Array | None = None,
    A_eq: Array | Sparse | None = None,
    b_eq: Array | None = None,
    lower: float | Array = 0.0,
    upper: float | Array = 1.0,
    integer: Array | None = None,
    time_limit: float | None = None,
) -> Integer:
    """Minimise `c·x` over the same rows with whole numbers where `integer` (`bool[n]`, default everywhere) says so.

    By branch and bound to a gap of 0, within HiGHS's tolerances (a number within 1e-6 of a whole one counts as whole);
    whole entries of `x` are rounded. `time_limit` in seconds; out of time the best point so far is given.
    """
    import highspy

    matrix, left, right, _ = _rows(len(c), A_ub, b_ub, A_eq, b_eq)
    program = _program(np.asarray(c, float), matrix, left, right, lower, upper, False)
    whole = np.ones(len(c), bool) if integer is None else np.asarray(integer, bool)
    kinds = highspy.HighsVarType
    program.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in whole]
    return _integer(*_run(program, time_limit), whole)


class Growing:
    """A linear program that is maximised over more and more columns `x ≥ 0`, each time from where it was.

    Its rows are `A x ≤ right`, the last `equalities` of them `=`. `time_limit`, in seconds, and `steps` of the simplex
    method are for all runs together; past `steps` a run "failed". `presolve` is for the first run.
    """

    def __init__(
        self,
        c: Array,
        columns: Sparse,
        right: Array,
        equalities: int,
        *,
        time_limit: float,
        steps: int,
        presolve: bool,
    ) -> None:
        self._solver = _quiet()()
        self._inequalities, self._steps = len(right) - equalities, steps
        options = {"threads": 1, "presolve": "choose" if presolve else "off", "time_limit": time_limit}
        for option, value in options.items():
            self._solver.setOptionValue(option, value)
        left = np.where(np.arange(len(right)) < self._inequalities, -np.inf, right)
        self._solver.passModel(_program(c, columns, left, right, 0.0, np.inf, True))

    def add(self, c: Array, columns: Sparse) -> None:
        """More columns and what they are worth; entries are given column by column."""
        count = len(c)
        start = np.searchsorted(columns.column, np.arange(count)).astype(np.int32)
        index, free = columns.row.astype(np.int32), np.full(count, np.inf)
        self._solver.addCols(count, c, np.zeros(count), free, len(index), start, index, columns.values)

    def maximise(self) -> Linear:
        """The optimum over the columns so far."""
        self._solver.setOptionValue("simplex_iteration_limit", self._steps)
        self._solver.run()
        self._steps = max(self._steps - max(self._solver.getInfo().simplex_iteration_count, 0), 0)
        outcome = _OUTCOMES.get(self._solver.getModelStatus().name, "failed")
        return _linear(self._solver, outcome, self._inequalities)


def _rows(
    columns: int, A_ub: Array | Sparse | None, b_ub: Array | None, A_eq: Array | Sparse | None, b_eq: Array | None
) -> tuple[Sparse, Array, Array, int]:
    """All rows below one another, their left and right ends, and how many of them are inequalities."""
    ub, eq = Sparse.of(A_ub, columns), Sparse.of(A_eq, columns)
    right = np.concatenate([np.asarray(b, float) for b in (b_ub, b_eq) if b is not None] or [np.zeros(0)])
    left = right.copy()
    left[: ub.shape[0]] = -np.inf
    return Sparse.stack([ub, eq]), left, right, ub.shape[0]


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


@cache
def _quiet() -> Any:
    """HiGHS without a word on the terminal: some versions print a banner while they set up their callbacks."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

        def __init__(self) -> None:
            super().__init__()
            self.setOptionValue("output_flag", False)

    return Quiet


def _run(program: Any, time_limit: float | None) -> tuple[Any, Outcome]:
    """The solver after its run, and what came of it."""
    import highspy

    solver = _quiet()()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    if time_limit is not None:
        solver.setOptionValue("time_limit", float(time_limit))
    if solver.passModel(program) == highspy.HighsStatus.kError:  # what was refused would pass as an empty program
        return solver, "failed"
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:  # presolve cannot tell the two apart
        solver.setOptionValue("presolve", "off")
        solver.run()
        status = solver.getModelStatus()
    return solver, _OUTCOMES.get(status.name, "failed")


def _linear(solver: Any, outcome: Outcome, inequalities: int) -> Linear:
    if outcome != "optimal":
        return Linear(outcome)
    solution = solver.getSolution()
    duals = np.array(solution.row_dual, float)
    value = float(solver.getInfo().objective_function_value)
    return Linear("optimal", np.array(solution.col_value, float), value, duals[:inequalities], duals[inequalities:])


def _integer(solver: Any, outcome: Outcome, whole: Array) -> Integer:
    if outcome not in ("optimal", "timed out"):
        return Integer(outcome)
    info, x = solver.getInfo(), np.array(solver.getSolution().col_value, float)
    value = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if whole.any() else (value if outcome == "optimal" else -np.inf)
    if info.primal_solution_status != FEASIBLE or not len(x):
        return Integer(outcome, bound=bound)
    return Integer(outcome, np.where(whole, np.rint(x) + 0.0, x), value, bound)


def unit_of(payoffs: Array) -> float:
    """What to divide payoffs by for the largest to be 1 to 1e6: HiGHS drops what is below 1e-9, refuses above 1e15."""
    largest = float(np.abs(payoffs).max(initial=0.0))
    return largest / min(max(largest, 1.0), 1e6) or 1.0


FEASIBLE = 2
"""HiGHS's number for a point that keeps to all rows."""

_OUTCOMES: dict[str, Outcome] = {
    "kOptimal": "optimal",
    "kModelEmpty": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kTimeLimit": "timed out",
}
