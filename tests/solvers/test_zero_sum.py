"""Values of zero-sum games: published ones, SciPy's, exact bounds in rationals, and laws."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import zero_sum

MATRICES = hnp.arrays(int, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.integers(-4, 4))


def game(row, total=0):
    row = np.asarray(row)
    return NormalForm(np.stack([row, total - row], axis=-1))


def by_scipy(row):
    rows, columns = np.shape(row)
    found = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-np.transpose(row), np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return -found.fun


@pytest.mark.parametrize(
    ("row", "value", "first"),
    [
        ([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], Fraction(0), (Fraction(1, 3),) * 3),
        ([[2, -1], [-1, 1]], Fraction(1, 5), (Fraction(2, 5), Fraction(3, 5))),
        ([[4, 1, 3], [2, 3, 4]], Fraction(5, 2), (Fraction(1, 4), Fraction(3, 4))),
        ([[5]], Fraction(5), (Fraction(1),)),
    ],
)
def test_values_worked_out_by_hand(row, value, first):
    found = zero_sum(game(row))
    assert (found.lower, found.upper, found.status) == (value, value, "complete")
    assert found.exact[0] == first


def test_biased_rock_paper_scissors_in_fractions():
    found = zero_sum(game([[0, -0.5, 1], [0.5, 0, -0.1], [-1, 0.1, 0]]))
    nash = (Fraction(1, 16), Fraction(5, 8), Fraction(5, 16))
    assert (found.exact, found.lower, found.note) == ((nash, nash), 0, "")


@settings(max_examples=80, deadline=None)
@given(MATRICES)
def test_the_bounds_meet_and_hold_in_rationals(row):
    found = zero_sum(game(row))
    x, y = found.exact
    assert sum(x) == sum(y) == 1
    assert min(*x, *y) >= 0
    assert min(sum(p * int(a) for p, a in zip(x, own, strict=True)) for own in row.T) == found.lower
    assert max(sum(q * int(a) for q, a in zip(y, own, strict=True)) for own in row) == found.upper
    assert found.lower == found.upper
    assert found.value == pytest.approx(by_scipy(row), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(MATRICES, st.integers(-3, 3), st.integers(1, 5), st.integers(-7, 7))
def test_sums_units_and_sides(row, constant, factor, total):
    value = zero_sum(game(row)).lower
    assert zero_sum(game(factor * row + constant)).lower == factor * value + constant
    assert zero_sum(game(row, total)).lower == value
    assert zero_sum(game(-row.T)).lower == -value


def test_floats_are_what_their_author_wrote():
    """To 12 digits of the largest: 0.1 + 0.2 is 0.3."""
    assert zero_sum(game([[0.1 + 0.2, 1.0], [1.0, 0.0]])).lower == Fraction(1, 1) / (2 - Fraction(3, 10))


def test_payoffs_that_are_all_but_alike():
    small = np.random.default_rng(0).normal(size=(5, 5))
    found = zero_sum(game(1e6 + small))
    assert found.value - 1e6 == pytest.approx(by_scipy(small), abs=1e-8)
    assert found.regret < 1e-8


def test_a_large_matrix_is_bounded_closely():
    row = np.random.default_rng(1).normal(size=(150, 130))
    found = zero_sum(game(row))
    assert found.status == "complete"
    assert 0 <= found.upper - found.lower < Fraction(1, 10**9)
    assert found.value == pytest.approx(by_scipy(row), abs=1e-8)


def test_fractions_are_exact_however_long():
    huge = Fraction(10**40 + 1, 10**40)
    table = np.array([[[huge, -huge], [0, 0]], [[0, 0], [1, -1]]], dtype=object)
    assert zero_sum(NormalForm(table)).lower == huge / (1 + huge)


def test_out_of_time_is_a_status():
    row = np.random.default_rng(1).normal(size=(200, 200))
    found = zero_sum(game(row), seconds=0)
    assert (found.status, len(found), found.exact) == ("timed out", 0, None)


def test_what_is_refused():
    with pytest.raises(InputError, match="adds up to 2 at one"):
        zero_sum(om.games.PrisonersDilemma())
    with pytest.raises(InputError, match="3 players"):
        zero_sum(NormalForm(np.zeros((2, 2, 2, 3))))
