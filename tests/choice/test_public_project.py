"""A project for all: the pivot by hand, truth kept, and the tax that is lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.incentives import incentives
from ostrom.choice import public_project
from ostrom.core.errors import InputError


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(0, 12))
@settings(max_examples=30)
def test_built_where_it_is_worth_it_and_pivots_pay(seed, count, cost):
    values = np.random.default_rng(seed).integers(0, 8, (count, 3)).astype(float)
    found = public_project(values, cost)
    for types in np.ndindex(*found.space.sizes):
        net = np.array([values[i][k] - cost / count for i, k in enumerate(types)])
        whole = sum(values[i][k] for i, k in enumerate(types))
        assert (found.odds[types].argmax() == 0) == (whole >= cost)
        for i in range(count):
            others = net.sum() - net[i]
            turns = (others >= 0) != (net.sum() >= 0)
            assert found.paid[(*types, i)] == pytest.approx(abs(others) * turns, abs=1e-9)
    claims = incentives(found, coalitions=1)
    for claim in (claims.dominant, claims.no_deficit, claims.efficient):
        assert claim.verdict == "proved"


def test_a_bridge():
    """80, 30 and 20 for a cost of 90: without the first the others would not build (50 of 60): it pays 10."""
    found = public_project([[80], [30], [20]], 90)
    assert found.paid.ravel().tolist() == [10, 0, 0]
    assert found.utilities.ravel().tolist() == [40, 0, -10]


def test_uneven_shares_turn_others():
    found = public_project([[80], [30], [20]], 90, shares=[0.8, 0.1, 0.1])
    assert found.paid.ravel().tolist() == [0, 0, 0]  # all three want it at 72, 9, 9


def test_two_who_know_each_other_overstate_together():
    """The pivot is no match for groups: where each overstates, neither is a pivot and neither pays."""
    found = incentives(public_project([[0, 40, 100], [0, 40, 100], [0, 40, 100]], 90, agents=("a", "b", "c")))
    assert found.dominant.verdict == "proved"
    assert found.groups["each"].verdict == "refuted"
    assert min(found.groups["each"].witness["gains"]) > 0


def test_ten_thousand_random_instances():
    values = np.random.default_rng(0).uniform(0, 1, (2, 100))
    assert incentives(public_project(values, 1.0), coalitions=1).dominant.verdict == "proved"


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ([[1], [2]], {"cost": -1}),
        ([[1], [2]], {"cost": np.inf}),
        ([[1], [2]], {"cost": 1, "shares": [0.5, 0.6]}),
        ([[1], [2]], {"cost": 1, "shares": [1]}),
        ([[], [2]], {"cost": 1}),
        ([], {"cost": 1}),
    ],
)
def test_numbers_that_do_not_fit_are_refused(values, more):
    with pytest.raises(InputError):
        public_project(values, **more)


@pytest.mark.parametrize("cost", [None, "3", [1], 1j, True, -0.5])
def test_a_cost_that_is_no_number_is_refused(cost):
    with pytest.raises(InputError, match="cost"):
        public_project([[1], [2]], cost)
