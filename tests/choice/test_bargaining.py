"""Bargains: published ones, SciPy, axioms, and backward induction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import minimize

from ostrom.choice import egalitarian, kalai_smorodinsky, nash_bargain, rubinstein
from ostrom.core.errors import InputError

POINTS = st.integers(2, 4).flatmap(
    lambda n: hnp.arrays(
        float, st.tuples(st.integers(1, 8), st.just(n)), elements=st.floats(0.1, 9).map(lambda x: round(x, 3))
    )
)
SOLUTIONS = [nash_bargain, kalai_smorodinsky, egalitarian]


def by_scipy(points, weights):
    """The largest weighted product over lotteries, by SLSQP from several starts."""
    best, rng = -np.inf, np.random.default_rng(0)
    for _ in range(4):
        found = minimize(
            lambda odds: -(weights @ np.log(np.maximum(odds @ points, 1e-12))),
            rng.dirichlet(np.ones(len(points))),
            bounds=[(0, 1)] * len(points),
            constraints={"type": "eq", "fun": lambda odds: odds.sum() - 1},
            options={"ftol": 1e-13, "maxiter": 400},
        )
        odds = np.maximum(found.x, 0)
        best = max(best, float(weights @ np.log(odds / odds.sum() @ points)))
    return best


@given(POINTS, st.integers(0, 10**6))
@settings(max_examples=25)
def test_no_lottery_has_a_larger_product(points, seed):
    weights = np.random.default_rng(seed).uniform(0.3, 3, points.shape[1])
    found = nash_bargain(points, np.zeros(points.shape[1]), weights=weights)
    reached = float(weights @ np.log(found.gains))
    assert found.status == "complete"
    assert reached >= by_scipy(points, weights) - 1e-8
    # supporting hyperplane: at the largest product no point has more of the weighted relative gains
    assert (points @ (weights / found.payoffs) <= weights.sum() * (1 + 1e-8)).all()


@given(POINTS)
@settings(max_examples=25)
def test_gains_are_proportional(points):
    count = points.shape[1]
    smorodinsky, equal = kalai_smorodinsky(points, np.zeros(count)), egalitarian(points, np.zeros(count))
    assert smorodinsky.ideal == pytest.approx(points.max(0))
    assert np.ptp(np.divide(smorodinsky.payoffs, smorodinsky.ideal)) <= 1e-9
    assert np.ptp(equal.payoffs) <= 1e-9
    for found in (smorodinsky, equal):
        further = 1.0001 * np.array(found.payoffs)
        assert not _possible(points, further)
        assert _possible(points, 0.9999 * np.array(found.payoffs))


def _possible(points, payoffs):
    from scipy.optimize import linprog

    count = len(points)
    return (
        linprog(np.zeros(count), -points.T, -payoffs, np.ones((1, count)), [1.0], bounds=[(0, 1)] * count).status == 0
    )


@pytest.mark.parametrize("solution", SOLUTIONS[:2])
@given(POINTS, st.integers(0, 10**6))
@settings(max_examples=15)
def test_scales_make_no_difference(solution, points, seed):
    """Invariance to positive affine changes of each one's utility (not of equal gains)."""
    rng, count = np.random.default_rng(seed), points.shape[1]
    scale, shift = 10 ** rng.uniform(-6, 6, count), rng.uniform(-5, 5, count)
    here, there = solution(points, np.zeros(count)), solution(points * scale + shift, shift)
    assert np.array(here.gains) == pytest.approx(np.array(there.gains) / scale, rel=1e-4)


@given(POINTS)
@settings(max_examples=15)
def test_who_are_alike_get_alike(points):
    """A set that holds every permutation of its points."""
    from itertools import permutations

    count = points.shape[1]
    alike = np.concatenate([points[:, list(order)] for order in permutations(range(count))])
    for solution in SOLUTIONS:
        assert np.ptp(solution(alike, np.zeros(count)).payoffs) <= 1e-5


def test_one_who_can_have_little_does_not_count_the_same_everywhere():
    points = [(10, 0), (0, 1)]
    assert nash_bargain(points, (0, 0)).payoffs == pytest.approx((5, 0.5))
    assert kalai_smorodinsky(points, (0, 0)).payoffs == pytest.approx((5, 0.5))
    assert egalitarian(points, (0, 0)).payoffs == pytest.approx((10 / 11, 10 / 11))
    assert nash_bargain(points, (0, 0), weights=(3, 1)).payoffs == pytest.approx((7.5, 0.25))
    assert egalitarian(points, (0, 0), weights=(3, 1)).payoffs == pytest.approx((30 / 13, 10 / 13))


def test_a_better_disagreement_pays():
    """On x + y = 1 each has its disagreement and half of the rest."""
    for solution in SOLUTIONS:
        found = solution(lambda x: 1 - x, (0.3, 0.1), span=(0, 1))
        if solution is not kalai_smorodinsky:
            assert found.payoffs == pytest.approx((0.6, 0.4), abs=1e-7)
        assert sum(found.payoffs) == pytest.approx(1)
        line = solution([(1, 0), (0, 1)], (0.3, 0.1))
        assert found.payoffs == pytest.approx(line.payoffs, abs=1e-6)


@given(st.floats(0, 0.97), st.floats(0, 0.97))
@settings(max_examples=30)
def test_alternating_offers_by_backward_induction(first, second):
    """With an end so far off that nothing is left of the cake by then, the last offer gets all of it."""
    mine, discounts = 1.0, (first, second)
    for left in range(1500, 0, -1):
        other = discounts[left % 2]  # who answers the offer made with `left` more to come
        mine = 1 - other * mine
    assert rubinstein(first, second)[0] == pytest.approx(mine, abs=1e-9)


def test_quick_offers_come_to_nashs_bargain():
    """Shares tend to those of the rates: weights 1 / rate (Binmore, Rubinstein and Wolinsky 1986)."""
    share, _ = rubinstein(np.exp(-0.05 * 1e-6), np.exp(-0.15 * 1e-6))
    weighted = nash_bargain([(1, 0), (0, 1)], (0, 0), weights=(1 / 0.05, 1 / 0.15))
    assert share == pytest.approx(weighted.payoffs[0], abs=1e-6)


@pytest.mark.parametrize(
    ("possible", "disagreement", "more"),
    [
        ([(0, 1), (1, 0)], (2, 2), {}),
        ([(0, 1), (1, 0)], (0.5, 0.5), {}),
        ([(0, 1), (1, np.nan)], (0, 0), {}),
        ([(0, 1), (1, 0)], (0, 0, 0), {}),
        ([], (0, 0), {}),
        ([("a", "b")], (0, 0), {}),
        (lambda x: x, (0, 0), {"span": (0, 1)}),
        (lambda x: (1 - x) ** 2, (0, 0), {"span": (0, 1)}),
        (lambda x: 1 - x, (0, 0), {}),
        (lambda x: 1 - x, (0, 0), {"span": (1, 0)}),
    ],
)
def test_what_is_no_bargain_is_refused(possible, disagreement, more):
    for solution in SOLUTIONS:
        with pytest.raises(InputError):
            solution(possible, disagreement, **more)


def test_impossible_weights_and_discounts_are_refused():
    for weights in ((1, 0), (1, -1), (1,), (1, float("inf"))):
        with pytest.raises(InputError):
            nash_bargain([(0, 1), (1, 0)], (0, 0), weights=weights)
    for discounts in ((1, 1), (-0.1, 0.5), (0.5, 1.1), (float("nan"), 0.5)):
        with pytest.raises(InputError):
            rubinstein(*discounts)


def test_payoffs_that_overflow_are_refused():
    with pytest.raises(InputError, match="larger units"):
        egalitarian([[1e308, 1e308]], [0, 0])
