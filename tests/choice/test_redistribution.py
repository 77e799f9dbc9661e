"""Rebates: the published closed forms, truth kept, and the worst case reached and not undercut."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import TypeSpace
from ostrom.audits.incentives import incentives
from ostrom.choice import cavallo, clarke, guo_conitzer, worst_case_rebates
from ostrom.choice.redistribution import returned
from ostrom.core.errors import InputError, TooLarge


@pytest.mark.parametrize(("agents", "units"), [(n, k) for n in (3, 4, 5, 7, 10) for k in range(1, n)])
def test_the_published_fraction_and_coefficients(agents, units):
    """Guo and Conitzer (2009), theorem 1."""
    found = worst_case_rebates(agents, units)
    tail = sum(comb(agents - 1, j) for j in range(units, agents))
    assert found.fraction == pytest.approx(1 - comb(agents - 1, units) / tail, abs=1e-9)
    if agents >= units + 2:
        expected = np.zeros(agents)
        for i in range(units + 1, agents):
            head = (-1) ** (i + units - 1) * (agents - units) * comb(agents - 1, units - 1)
            above = sum(comb(agents - 1, j) for j in range(i, agents))
            expected[i] = head * above / (i * comb(agents - 1, i) * tail)
        assert found.coefficients == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("agents", "units"), [(3, 1), (4, 1), (4, 2), (5, 2)])
def test_the_mechanism_keeps_truth_and_returns_what_it_says(agents, units):
    found = guo_conitzer([[0, 1, 3]] * agents, units)
    claims = incentives(found, coalitions=1)
    for claim in (claims.dominant, claims.ex_post, claims.no_deficit, claims.efficient):
        assert claim.verdict == "proved", claim
    assert returned(found) == pytest.approx(worst_case_rebates(agents, units).fraction)


@given(st.integers(0, 10_000), st.integers(2, 4))
@settings(max_examples=20)
def test_random_values_are_never_worse_than_the_worst_case(seed, agents):
    values = np.random.default_rng(seed).uniform(0, 1, (agents + 1, 3))
    assert returned(guo_conitzer(values)) >= worst_case_rebates(agents + 1, 1).fraction - 1e-9


@given(st.integers(0, 10_000), st.sampled_from([(3, 2), (2, 3, 2)]))
@settings(max_examples=20)
def test_cavallo_keeps_truth_and_needs_no_money(seed, sizes):
    space = TypeSpace([np.random.default_rng(seed + i).integers(0, 9, (size, 3)) for i, size in enumerate(sizes)])
    found = cavallo(space)
    claims = incentives(found, coalitions=1)
    assert (claims.dominant.verdict, claims.no_deficit.verdict) == ("proved", "proved")
    for types in np.ndindex(*sizes):
        for i in range(len(sizes)):
            least = min(clarke(space).revenue[(*types[:i], k, *types[i + 1 :])] for k in range(sizes[i]))
            assert found.paid[(*types, i)] == pytest.approx(clarke(space).paid[(*types, i)] - least / len(sizes))


def test_no_lie_pays_in_ten_thousand_random_instances():
    rng = np.random.default_rng(1)
    for found in (
        cavallo(TypeSpace([rng.normal(size=(100, 4)) for _ in range(2)])),
        guo_conitzer(rng.uniform(0, 1, (4, 10)), 2),
    ):
        assert found.odds[..., 0].size >= 10_000
        assert incentives(found, coalitions=1).dominant.verdict == "proved"


def test_clarke_returns_nothing_and_a_balanced_budget_all():
    space = TypeSpace([[[0, 4, 0], [0, 1, 0]], [[0, 0, 3], [0, 0, 2]]])
    assert returned(clarke(space)) == 0
    assert returned(guo_conitzer([[0], [0], [0]])) == 1  # nothing is collected


def test_numbers_out_of_range_are_refused():
    for agents, units in ((3, 3), (3, 0), (1, 1)):
        with pytest.raises(InputError):
            worst_case_rebates(agents, units)
    with pytest.raises(TooLarge):
        worst_case_rebates(61, 1)
    for values in ([[-1], [2]], [[[1]], [2]], [["a"], [1]], []):
        with pytest.raises(InputError):
            guo_conitzer(values)


@pytest.mark.parametrize(("agents", "units"), [(5, 1.0), (5.5, 1), ("5", 1), (5, None), (True, 1), (5, [1])])
def test_numbers_that_are_not_whole_are_refused(agents, units):
    with pytest.raises(InputError, match="whole number"):
        worst_case_rebates(agents, units)


def test_too_many_sets_of_who_is_served_are_refused():
    with pytest.raises(TooLarge, match="sets"):
        guo_conitzer([[1]] * 40, 20)
