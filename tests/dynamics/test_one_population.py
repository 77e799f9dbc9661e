"""One population playing a symmetric game against itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import one_population

ROWS = hnp.arrays(int, (3, 3), elements=st.integers(-5, 5))


def symmetric(row):
    return NormalForm(np.stack([row, np.transpose(row)], axis=-1))


@settings(max_examples=30)
@given(ROWS, st.integers(0, 99))
def test_a_move_earns_what_it_meets(row, seed):
    x = np.random.default_rng(seed).dirichlet(np.ones(3), size=(2, 4))
    (worth,) = one_population(symmetric(row)).deviation_payoffs((x,))
    assert worth == pytest.approx(x @ row.T)


@settings(max_examples=30)
@given(ROWS)
def test_joint_moves_are_those_in_which_all_do_the_same(row):
    population = one_population(symmetric(row))
    assert population.payoffs_at(population.profiles())[:, 0].tolist() == np.diag(row).tolist()


def test_three_players_meet_two_others():
    counts = np.indices((2, 2, 2)).sum(axis=0)
    game = NormalForm(np.stack([counts + 10 * own for own in np.indices((2, 2, 2))], axis=-1))
    (worth,) = one_population(game).deviation_payoffs((np.array([0.25, 0.75]),))
    assert worth == pytest.approx([1.5, 12.5])


def test_its_equilibria_are_the_symmetric_ones():
    chicken = one_population(symmetric([[6, 2], [7, 0]]))
    assert chicken.regret((np.array([2 / 3, 1 / 3]),)) == pytest.approx(0, abs=1e-12)
    assert chicken.regret((np.array([1.0, 0.0]),)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (np.zeros((2, 3, 2)), r"\(2, 3\) moves"),
        ([[[2, 1], [0, 0]], [[0, 0], [1, 2]]], "more than another, for example"),
        ([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], "more than another, for example"),
    ],
)
def test_seats_that_differ_are_refused(table, said):
    with pytest.raises(InputError, match=said):
        one_population(NormalForm(table))
