"""The seam to HiGHS: statuses, duals, whole numbers, and dense and sparse alike."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.solvers._highs import Sparse, solve_lp, solve_milp

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


@settings(max_examples=40)
@given(hnp.arrays(int, (3, 4), elements=SMALL), hnp.arrays(int, 3, elements=SMALL), hnp.arrays(int, 4, elements=SMALL))
def test_whole_numbers_are_what_counting_finds(A, b, c):
    points = np.array(list(itertools.product(range(3), repeat=4)))
    good = points[(points @ A.T <= b).all(1)]
    answer = solve_milp(c, A, b, upper=2)
    if not len(good):
        assert (answer.status, answer.x) == ("infeasible", None)
        return
    assert (answer.status, answer.value) == ("optimal", pytest.approx((good @ c).min()))
    assert answer.bound == pytest.approx(answer.value)
    assert answer.x is not None
    assert (answer.x == np.rint(answer.x)).all()
    assert (A @ answer.x <= b).all()
    assert c @ answer.x == answer.value


def test_some_numbers_may_be_whole_and_others_not():
    answer = solve_milp([1, 1], [[-1, -1]], [-1.5], integer=[True, False])
    assert answer.value == pytest.approx(1.5)
    assert answer.x == pytest.approx([1, 0.5])
    assert solve_milp([1, 1], None, None, [[1, 1]], [1]).value == 1


def test_no_rows_no_columns_and_no_end():
    assert solve_milp([1, -2], upper=3).x == pytest.approx([0, 3])
    assert solve_milp(np.zeros(0)).status == "optimal"
    assert solve_milp([-1.0], upper=np.inf).status == "unbounded"


def test_out_of_time_the_best_so_far_and_a_bound_are_given():
    rng = np.random.default_rng(0)
    A, c = rng.integers(0, 20, (30, 60)), -rng.integers(1, 30, 60)
    b = A.sum(1) // 2
    none, some = (solve_milp(c, A, b, time_limit=seconds) for seconds in (0, 0.3))
    assert (none.status, none.x, none.bound) == ("timed out", None, -np.inf)
    assert some.status == "timed out"
    if some.x is not None:
        assert (A @ some.x <= b).all()
        assert some.bound <= some.value == pytest.approx(c @ some.x)


def test_nothing_is_printed():
    code = "from ostrom.solvers._highs import *; solve_lp([1.0], upper=2); solve_milp([1.0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


def test_a_program_that_is_refused_is_not_solved():
    assert solve_lp([1.0], [[1e20]], [1.0], maximise=True).status == "failed"
