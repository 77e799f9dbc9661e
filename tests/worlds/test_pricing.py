"""Pricing against the equations of logit demand, solved by SciPy, and the published prices."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

pytest.importorskip("jax")
import jax.numpy as jnp

from ostrom.core.agent import Sight
from ostrom.core.errors import InputError
from ostrom.institutions import Quota, Tax
from ostrom.learners import play
from ostrom.testing import check_world
from ostrom.worlds import Pricing, rollout


def demand(prices, quality=2.0, spread=0.25):
    """Units sold, one firm after the other, written from the paper."""
    weights = [math.exp((quality - price) / spread) for price in prices]
    return np.array([weight / (sum(weights) + 1) for weight in weights])


def setting(*numbers):
    """The policy in which each firm asks a fixed price."""
    return lambda key, view, mask: {"act": jnp.array(numbers)}


@pytest.mark.parametrize(
    "world", [pytest.param(Pricing(), marks=pytest.mark.slow), Pricing.small(), Pricing(players=3, points=4, memory=2)]
)
def test_it_is_a_world(world):
    assert "seats are alike, as declared" in check_world(world)


@pytest.mark.parametrize("rule", [Tax(on="price", rate=0.1), Quota(on="price", limit=1.6)])
def test_it_is_a_world_under_rules(rule):
    assert "prospects are kept: price, sold, surplus" in check_world(Pricing(points=5).under(rule))


def test_the_prices_are_the_published_ones():
    """Calvano et al. (2020), two firms, to 1e-6."""
    market = Pricing().market
    found = [market.competitive, market.monopoly, market.profit(market.competitive), market.profit(market.monopoly)]
    assert found == pytest.approx([1.472927, 1.924981, 0.222927, 0.337490], abs=1e-6)
    assert Pricing().grid[[0, -1]] == pytest.approx([1.427721, 1.970186], abs=1e-6)


@pytest.mark.parametrize("firms", [2, 3, 5])
def test_nobody_gains_by_leaving_the_competitive_price(firms):
    market = Pricing(players=firms).market
    rivals = [market.competitive] * (firms - 1)
    best = minimize_scalar(lambda p: -(p - 1) * demand([p, *rivals])[0], bounds=(1, 3), method="bounded")
    together = minimize_scalar(lambda p: -(p - 1) * demand([p] * firms)[0], bounds=(1, 3), method="bounded")
    assert best.x == pytest.approx(market.competitive, abs=1e-4)
    assert together.x == pytest.approx(market.monopoly, abs=1e-4)


def test_play_follows_the_model():
    world = Pricing(horizon=3)
    played = rollout(world, setting(2, 11))
    price, sold = world.grid[[2, 11]], demand(world.grid[[2, 11]])
    assert np.allclose(played.facts["price"], price, rtol=1e-6)
    assert np.allclose(played.facts["sold"], sold, rtol=1e-5)
    assert np.allclose(played.payoffs, (price - 1) * sold, rtol=1e-5)
    whole = 0.25 * math.log(1 + sum(math.exp((2 - p) / 0.25) for p in price))
    assert np.allclose(played.facts["surplus"].sum(-1), whole, rtol=1e-5)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(1.0, 3.0), min_size=2, max_size=4), st.integers(0, 3))
def test_a_dearer_good_sells_less_and_buyers_have_less(prices, which):
    market = Pricing(players=len(prices)).market
    dearer = np.array(prices)
    dearer[which % len(prices)] += 0.1
    before, after = market.sold(np.array(prices)), market.sold(dearer)
    assert after[which % len(prices)] < before[which % len(prices)]
    assert (np.delete(after, which % len(prices)) > np.delete(before, which % len(prices))).all()
    assert market.surplus(dearer) < market.surplus(np.array(prices))
    assert 0 < before.sum() < 1


def test_what_buyers_lose_by_a_small_rise_is_what_they_buy():
    """The slope of the surplus is minus the quantity (Roy's identity), by central differences."""
    market, price = Pricing().market, np.array([1.5, 1.7])
    for firm in range(2):
        step = 1e-5 * (np.arange(2) == firm)
        slope = (market.surplus(price + step) - market.surplus(price - step)) / 2e-5
        assert slope == pytest.approx(-market.sold(price)[firm], abs=1e-6)


def test_firms_gain_by_high_prices_and_buyers_lose_more():
    """Random < cooperative for firms; the competitive price is the least of all for them, and best with the buyers."""
    world = Pricing(horizon=1)
    rows = np.arange(world.points)
    table = np.array([[world.market.sold(world.grid[[a, b]]) * (world.grid[[a, b]] - 1) for b in rows] for a in rows])
    low, high = (int(abs(world.grid - p).argmin()) for p in (world.market.competitive, world.market.monopoly))
    firms = {
        "random": table.mean((0, 1)).sum(),
        "selfish": table[low, low].sum(),
        "cooperative": table[high, high].sum(),
    }
    buyers = {
        "random": np.mean([world.market.surplus(world.grid[[a, b]]) for a in rows for b in rows]),
        "selfish": world.market.surplus(world.grid[[low, low]]),
        "cooperative": world.market.surplus(world.grid[[high, high]]),
    }
    assert firms["selfish"] < firms["random"] < firms["cooperative"]
    assert buyers["cooperative"] < buyers["random"] < buyers["selfish"]
    assert firms["cooperative"] + buyers["cooperative"] < firms["selfish"] + buyers["selfish"]


def test_bots_ask_what_they_say():
    bots, seen = Pricing().bots(), {"last": np.array([[9, 4, 7]])}
    world = Pricing(players=3)
    sight = Sight(np.int32(1), world.ground, seen, {"act": np.ones(15, bool)})
    asked = {name: int(bot.act(sight, {})[0]["act"].argmax()) for name, bot in bots.items() if name != "random"}
    assert asked == {
        "selfish": 1, "competitive": 1, "cooperative": 13, "monopoly": 13, "undercutter": 6, "tit for tat": 7,
    }  # fmt: skip


def test_bots_keep_to_a_cap():
    world = Pricing().under(Quota(on="price", limit=1.6))
    played = play(world, world.bots()["monopoly"], steps=5)
    assert np.asarray(played.facts["price"]).max() == pytest.approx(Pricing().grid[Pricing().grid <= 1.6][-1])


def test_a_grid_without_room_is_refused():
    with pytest.raises(InputError, match="no room"):
        Pricing(low=2.0, high=1.5)
