"""The largest product and the best lot for the worst off, against all divisions one by one."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice._division_programs import served
from ostrom.choice.optimal_division import leximin, max_nash_welfare
from ostrom.core.errors import InputError


def every(values):
    """The exact utilities of all divisions."""
    n, m = values.shape
    exact = [[Fraction(v) for v in row] for row in values.tolist()]
    for owners in itertools.product(range(n), repeat=m):
        yield [sum((exact[i][g] for g in range(m) if owners[g] == i), Fraction(0)) for i in range(n)]


def table(seed):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 4), rng.integers(1, 6)
    return rng.integers(0, 12, shape) if seed % 2 else rng.random(shape) * (rng.random(shape) < 0.8)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_no_division_has_a_larger_product(seed):
    values = table(seed)
    found, all_ = max_nash_welfare(values), list(every(values))
    assert found.status == "complete"
    most = max(sum(u > 0 for u in own) for own in all_)
    group = [i for i, u in enumerate(found.utilities) if u > 0]
    assert len(group) == most
    best = max(np.prod([float(own[i]) for i in group]) for own in all_)
    assert np.prod([found.utilities[i] for i in group]) == pytest.approx(best, rel=2e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_no_division_is_better_for_the_worst_off(seed):
    values = table(seed)
    found = leximin(values)
    assert found.status == "complete"
    best = max(sorted(own) for own in every(values))
    slack = 0 if seed % 2 else 10 * found.gap + 1e-12
    assert np.allclose(sorted(found.utilities), np.array(best, float), rtol=0, atol=slack)


def test_scale_matters_to_the_worst_off_and_not_to_the_product():
    values = np.array([[5, 4, 1], [5, 1, 1]])
    scaled = values * [[100], [1]]
    assert max_nash_welfare(scaled).bundles == max_nash_welfare(values).bundles == ((1, 2), (0,))
    assert leximin(scaled).utilities[1] == max(own[1] for own in every(scaled) if own[0])


def test_nobody_is_passed_over_where_all_can_have_something():
    """Two goods for three: the first two that can both have one; and nothing that anybody wants."""
    found = max_nash_welfare([[1, 0], [1, 0], [1, 5]])
    assert [u > 0 for u in found.utilities] == [True, False, True]
    assert max_nash_welfare(np.zeros((2, 3))).owners == (0, 0, 0)


def test_more_goods_than_can_be_gone_through_and_no_time():
    values = np.random.default_rng(0).integers(1, 100, (4, 16))
    found = max_nash_welfare(values)
    assert found.status == "complete"
    for good, owner in itertools.product(range(16), range(4)):  # no single good would be better with another
        owners = np.array(found.owners)
        owners[good] = owner
        moved = [values[i, owners == i].sum() for i in range(4)]
        assert np.prod(moved, dtype=float) <= np.prod(found.utilities) * (1 + 2e-6)


@pytest.mark.parametrize("rule", [max_nash_welfare, leximin])
def test_what_cannot_be_divided_is_refused(rule):
    for values in ([[-1]], [[np.inf]], [1, 2], []):
        with pytest.raises(InputError):
            rule(values)
    with pytest.raises(InputError, match="seconds"):
        rule([[1]], seconds=0)
    with pytest.raises(InputError, match="factor"):
        max_nash_welfare([[1, 1e-9]])


@pytest.mark.parametrize("rule", [max_nash_welfare, leximin])
def test_out_of_time_is_said(rule):
    rng = np.random.default_rng(0)
    found = rule(rng.integers(1, 10**4, (7, 40)), seconds=0.05)
    assert found.status == "timed out"
    assert len(found.owners) == 40


def test_more_goods_than_a_dense_program_holds_are_divided():
    found = max_nash_welfare(np.ones((1, 30_000)), seconds=5)
    assert found.utilities == (30_000.0,)


def test_a_long_chain_of_wishes_is_no_recursion():
    count = 1_100
    likes = np.eye(count, count, dtype=bool) | np.eye(count, count, 1, dtype=bool)
    last = np.zeros((1, count), bool)
    last[0, 0] = True
    assert served(np.vstack([likes[:-1], last])) == list(range(count))
