"""How fair a division is: degrees against their definitions, maximin shares against all cuts, planted failures."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.fair_division import round_robin
from ostrom.choice.fairness import fairness
from ostrom.choice.optimal_division import max_nash_welfare
from ostrom.core.errors import InputError, TooLarge


def maximin(row, n):
    cuts = itertools.product(range(n), repeat=len(row))
    return max(min(sum(v for v, part in zip(row, cut, strict=True) if part == k) for k in range(n)) for cut in cuts)


def ratio(own, due):
    return 1.0 if own >= due - 1e-12 else own / due


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_degrees_are_what_they_are_defined_to_be(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 4)), int(rng.integers(1, 7))
    values = rng.integers(0, 9, (n, m)) if seed % 2 else rng.random((n, m))
    owners = rng.integers(0, n, m)
    found = fairness(values, owners.tolist())
    own = [values[i, owners == i].sum() for i in range(n)]
    whole, one, any_ = [1.0], [1.0], [1.0]
    for i, j in itertools.permutations(range(n), 2):
        goods = values[i, owners == j]
        if len(goods):
            whole.append(ratio(own[i], goods.sum()))
            one.append(ratio(own[i], min(goods.sum() - g for g in goods)))
            any_.append(ratio(own[i], max(goods.sum() - g for g in goods)))
    assert found.envy_free.degree == pytest.approx(min(whole))
    assert found.ef1.degree == pytest.approx(min(one))
    assert found.efx.degree == pytest.approx(min(any_))
    assert found.proportional.degree == pytest.approx(min(ratio(own[i], values[i].sum() / n) for i in range(n)))
    shares = [maximin(row, n) for row in values.tolist()]
    assert np.allclose([one.low for one in found.shares], shares, atol=1e-5)
    assert found.maximin.degree == pytest.approx(min(map(ratio, own, shares)), abs=1e-5)
    divisions = [[values[i, np.array(o) == i].sum() for i in range(n)] for o in itertools.product(range(n), repeat=m)]
    better = any((np.array(d) >= np.array(own) - 1e-12).all() and max(np.subtract(d, own)) > 1e-6 for d in divisions)
    assert found.pareto == ("improvable" if better else "efficient")
    if better:
        assert (np.array(found.better.utilities) >= np.array(own) - 1e-12).all()
        assert sum(found.better.utilities) > sum(own)


def test_a_planted_envy_is_named():
    found = fairness([[4, 4, 1], [4, 4, 1]], (0, 0, 1))
    assert found.envy == 7
    assert (found.envy_free.agent, found.envy_free.other) == (1, 0)
    assert found.ef1 == (0.25, 1, 0, 0)
    assert found.efx == (0.25, 1, 0, 0)
    assert found.maximin.degree == 0.25
    said = [one.sentence for one in found.findings]
    assert "Agent 2 has 0.25 of what it sees in the bundle of agent 1 without good 1." in said
    assert "Nobody can gain without somebody's loss." in said


def test_goods_with_those_who_do_not_want_them():
    found = fairness([[5, 0], [0, 5]], (1, 0))
    assert found.pareto == "improvable"
    assert found.better.owners == (0, 1)
    assert found.findings[-1].sentence == "Somebody can gain without anybody's loss, by owners (0, 1)."


def test_what_envies_nobody_is_fair_by_all():
    found = fairness([[2, 1], [1, 2]], round_robin([[2, 1], [1, 2]]))
    degrees = (found.envy_free, found.ef1, found.efx, found.proportional, found.maximin)
    assert found.envy == 0
    assert all(one == (1.0, -1, -1, -1) for one in degrees)
    assert all(one.sentence.startswith(("By ", "Nobody")) for one in found.findings)


def test_up_to_any_good_is_more_than_up_to_one():
    """The good that is worth nothing to the envious is left out, and does not help."""
    found = fairness([[0, 0, 5], [3, 1, 5]], (0, 1, 1))
    assert found.ef1.degree == 1
    assert found.efx == (0.0, 0, 1, 1)


def test_the_largest_product_keeps_ef1_and_leaves_nothing():
    for seed in range(10):
        values = np.random.default_rng(seed).integers(1, 50, (3, 9))
        found = fairness(values, max_nash_welfare(values))
        assert found.ef1.degree == 1
        assert found.pareto == "efficient"


def test_shares_are_bounded_where_time_is_short():
    values = np.random.default_rng(0).random((6, 60))
    found = fairness(values, round_robin(values), seconds=0.05)
    assert any(not one.exact for one in found.shares)
    means = values.sum(1) / 6 * (1 + 1e-12)
    assert all(one.low <= one.high <= mean for one, mean in zip(found.shares, means, strict=True))
    assert found.maximin.agent < 0 or "at least" in found.findings[4].sentence


@pytest.mark.parametrize("owners", [(0,), (0, 2), (0, -1), (0, 0.5)])
def test_owners_that_there_are_not(owners):
    with pytest.raises(InputError):
        fairness([[1, 1], [1, 1]], owners)


def test_more_goods_than_a_dense_program_holds():
    table = np.random.default_rng(0).random((2, 20_000))
    found = fairness(table, [0] * 20_000, seconds=0.05)
    assert found.envy_free.degree == 0
    assert found.shares[0].low > 0
    with pytest.raises(TooLarge, match="agents"):
        fairness(np.ones((100_000, 1)), [0])


@pytest.mark.parametrize("seconds", [None, "1", [1], 0, -1.0, float("nan"), True])
def test_a_budget_that_is_none_is_refused(seconds):
    with pytest.raises(InputError, match="seconds"):
        fairness([[1]], [0], seconds=seconds)
