"""The seam to HiGHS: statuses, duals, and dense and sparse alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.solvers._highs import Sparse, solve_lp

SMALL = st.integers(-4, 4)


def test_the_best_point_and_its_value():
    answer = solve_lp([3, 2], [[1, 1], [1, 3]], [4, 6], maximise=True)
    assert (answer.status, answer.value) == ("optimal", 12)
    assert answer.x == pytest.approx([4, 0])


@pytest.mark.parametrize("maximise", [True, False])
def test_duals_are_what_one_more_unit_is_worth(maximise):
    sign = 1 if maximise else -1
    A, b = sign * np.array([[1.0, 2.0], [3.0, 1.0]]), sign * np.array([4.0, 6.0])

    def value(b, total):
        return solve_lp([1, 1], A, b, [[1, -1]], [total], maximise=maximise).value

    answer = solve_lp([1, 1], A, b, [[1, -1]], [0.5], maximise=maximise)
    step = 1e-3
    measured = [(value(b + step * unit, 0.5) - value(b, 0.5)) / step for unit in np.eye(2)]
    assert answer.duals_ub == pytest.approx(measured, abs=1e-6)
    assert answer.duals_eq == pytest.approx([(value(b, 0.5 + step) - value(b, 0.5)) / step], abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([1.0, 1.0], [[1, 1]], [-1]), "infeasible"),
        (([-1.0, 0.0], [[-1, 1]], [0]), "unbounded"),
        (([1.0, 1.0], None, None, [[1, 1], [1, 1]], [1, 2]), "infeasible"),
    ],
)
def test_no_answer_is_a_status(arguments, expected):
    answer = solve_lp(*arguments)
    assert (answer.status, answer.x, answer.value) == (expected, None, None)


def test_out_of_time_is_a_status():
    rng = np.random.default_rng(0)
    A = rng.random((200, 200))
    assert solve_lp(rng.random(200), A, A.sum(1), maximise=True, time_limit=0).status == "timed out"


def test_without_rows_only_the_bounds_count():
    answer = solve_lp([1, -2], lower=[-1, 0], upper=[5, 3])
    assert answer.x == pytest.approx([-1, 3])
    assert answer.value == pytest.approx(-7)


@settings(max_examples=30)
@given(hnp.arrays(int, (3, 4), elements=SMALL), hnp.arrays(int, 3, elements=SMALL), hnp.arrays(int, 4, elements=SMALL))
def test_sparse_rows_are_the_same_rows(A, b, c):
    row, column = np.nonzero(A)
    sparse = Sparse(A[row, column].astype(float), row, column, A.shape)
    dense, thin = (solve_lp(c, matrix, b, upper=10.0, maximise=True) for matrix in (A, sparse))
    assert (dense.status, dense.value) == (thin.status, thin.value)


def test_stacked_rows_keep_their_places():
    parts = [Sparse(np.array([1.0]), np.array([0]), np.array([k]), (k + 1, 3)) for k in range(3)]
    stacked = Sparse.stack(parts)
    assert stacked.shape == (6, 3)
    assert stacked.row.tolist() == [0, 1, 3]
