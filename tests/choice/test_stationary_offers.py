"""Offers in turn: closed forms, indifference, backward induction over a fine grid, and the way to Nash's bargain."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm, games
from ostrom.choice.bargaining import kalai_smorodinsky, nash_bargain, rubinstein
from ostrom.choice.stationary_offers import stationary_offers
from ostrom.core.errors import InputError


def curved(x):
    return np.sqrt(1 - x)


def test_the_worked_example():
    """u1 = x, u2 = sqrt(1 - x): Nash at 2/3, Kalai-Smorodinsky at the golden ratio, offers that tend to Nash's."""
    assert nash_bargain(curved, (0, 0), span=(0, 1)).payoffs[0] == pytest.approx(2 / 3, abs=1e-6)
    assert kalai_smorodinsky(curved, (0, 0), span=(0, 1)).payoffs[0] == pytest.approx((5**0.5 - 1) / 2, abs=1e-9)
    for discount in (0.3, 0.9, 0.999):
        found = stationary_offers(curved, (discount, discount), disagreement=(0, 0), span=(0, 1))
        x = (1 - discount**2) / (1 - discount**3)  # 1 - x = d² (1 - d x)
        assert found.first == pytest.approx((x, np.sqrt(1 - x)))
        assert found.second[0] == pytest.approx(discount * x)
    assert rubinstein(0.9, 0.9)[0] == pytest.approx(1 / 1.9)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 0.98), st.floats(0, 0.98))
def test_on_a_cake_it_is_rubinsteins_share(first, second):
    cake = NormalForm([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], moves=("mine", "yours"))
    found = stationary_offers(cake, (first, second), disagreement=(0, 0))
    assert found.first == pytest.approx(rubinstein(first, second))
    assert found.second == pytest.approx(rubinstein(second, first)[::-1])
    for payoffs, play in zip((found.first, found.second), found.plays, strict=True):
        reached = sum(odds * cake.payoffs[cake.profile(moves)] for moves, odds in play.items())
        assert payoffs == pytest.approx(reached.tolist(), abs=1e-7)


def by_induction(points, d, discounts, steps=400, grid=8001):
    """The first offer with so many to come, each the best that the other accepts, over a grid of the frontier."""
    gains = np.asarray(points, float) - d
    corners = gains[[not any((b >= a).all() and (b > a).any() for b in gains) for a in gains]]
    odds = np.linspace(0, 1, grid)
    lines = [a + odds[:, None] * (b - a) for a in corners for b in corners]
    lines = np.concatenate(lines)
    lines = lines[(lines >= 0).all(1)]
    waiting = np.zeros(2)
    for left in range(steps, -1, -1):
        offers = left % 2
        other = 1 - offers
        good = lines[lines[:, other] >= waiting[other] - 1e-12]
        best = good[good[:, offers] >= good[:, offers].max() - 1e-12]
        chosen = best[best[:, other].argmax()]
        waiting = chosen * discounts
    return chosen + d


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 9999), st.sampled_from([(0.5, 0.5), (0.8, 0.6), (0.2, 0.9)]))
def test_backward_induction_leads_to_the_same_offer(seed, discounts):
    points = np.random.default_rng(seed).integers(0, 9, (5, 2)).astype(float)
    d = np.array([1.0, 1.0])
    try:
        found = stationary_offers(points, discounts, disagreement=d)
    except InputError:
        return
    assert found.first == pytest.approx(by_induction(points, d, np.array(discounts)).tolist(), abs=5e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999), st.floats(0.05, 0.99), st.floats(0.05, 0.99))
def test_each_asks_for_what_leaves_the_other_indifferent(seed, first, second):
    game = NormalForm(np.random.default_rng(seed).normal(size=(3, 3, 2)))
    try:
        found = stationary_offers(game, (first, second))
    except InputError:
        return
    one, two = np.array(found.first) - found.disagreement, np.array(found.second) - found.disagreement
    slack = 1e-7
    assert one[1] >= second * two[1] - slack  # each accepts the other's offer
    assert two[0] >= first * one[0] - slack
    assert one[0] >= two[0] - slack  # and offers what is better for itself
    assert two[1] >= one[1] - slack
    if found.indifferent:
        assert one[1] == pytest.approx(second * two[1], abs=slack)
        assert two[0] == pytest.approx(first * one[0], abs=slack)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9999))
def test_patience_leads_to_nashs_bargain(seed):
    points = np.random.default_rng(seed).uniform(0, 5, (6, 2))
    wanted = nash_bargain(points, (0, 0)).payoffs
    gaps = []
    for discount in (0.9, 0.99, 0.99999):
        found = stationary_offers(points, (discount, discount), disagreement=(0, 0))
        gaps.append(max(np.abs(np.subtract(offer, wanted)).max() for offer in (found.first, found.second)))
        log = [sum(np.log(offer)) for offer in (found.first, found.second)]
        if found.indifferent:
            assert log[0] == pytest.approx(log[1], abs=1e-6)  # both offers have the same product of gains
    assert gaps[-1] < 1e-3
    assert gaps[-1] <= gaps[0] + 1e-9


def test_who_has_to_give_nothing_up_asks_for_all():
    found = stationary_offers([(0, 2), (1, 1)], (0.5, 0.5), disagreement=(0, 0))
    assert found.first == pytest.approx((1, 1))
    assert found.second == pytest.approx((0.5, 1.5))
    assert not found.indifferent


def test_what_cannot_be_bargained_over_is_refused():
    for discounts in ((1, 1), (-0.1, 0.5), (0.5, 1.1), (float("nan"), 0.5)):
        with pytest.raises(InputError):
            stationary_offers([(1, 0), (0, 1)], discounts, disagreement=(0, 0))
    for discounts in ((0.9,), 0.9, (0.9, 0.9, 0.9), ("a", 0.9), None):
        with pytest.raises(InputError, match=r"Give (two numbers|one number)"):
            stationary_offers(games.PrisonersDilemma(), discounts)
    with pytest.raises(InputError):
        stationary_offers(games.PublicGoods(players=3), (0.9, 0.9))
    for points, d in (([(1, 0), (0, 1)], (2, 2)), ([(1, 0), (0, 1)], "minimax"), ([(1, 0, 0)], (0, 0, 0))):
        with pytest.raises(InputError):
            stationary_offers(points, (0.5, 0.5), disagreement=d)
