"""Posted prices: who buys by a loop, published revenues, and truth in ten thousand random instances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import DirectMechanism, TypeSpace
from ostrom.audits.incentives import incentives
from ostrom.choice import bilateral_trade, posted_price, posted_trade
from ostrom.core.errors import InputError, TooLarge


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 4))
@settings(max_examples=25)
def test_first_come_first_served(seed, count, units):
    rng = np.random.default_rng(seed)
    values, prices = rng.integers(0, 5, (count, 3)), rng.integers(0, 5, count)
    found = posted_price(values, prices, units=units)
    for types in np.ndindex(*found.space.sizes):
        left, buys = units, []
        for i, kind in enumerate(types):
            buys.append(values[i][kind] >= prices[i] and left > 0)
            left -= buys[-1]
        assert found.paid[types].tolist() == [price * bought for price, bought in zip(prices, buys, strict=True)]
        name = "+".join(str(i + 1) for i in np.flatnonzero(buys)) or "nobody"
        assert found.space.outcomes[int(found.odds[types].argmax())] == name
        own = [values[i][kind] - prices[i] if buys[i] else 0 for i, kind in enumerate(types)]
        assert found.utilities[types].tolist() == own
    claims = incentives(found, coalitions=1)
    assert (claims.dominant.verdict, claims.ex_post.verdict) == ("proved", "proved")


def test_one_buyer_of_uniform_value_brings_a_quarter_at_a_half():
    grid = (np.arange(200) + 0.5) / 200
    earned = {p: posted_price([grid], p, prior=[[1 / 200] * 200]) for p in (0.3, 0.5, 0.7)}
    mean = {p: float(found.space.expected(found.revenue)) for p, found in earned.items()}
    assert mean == pytest.approx({0.3: 0.21, 0.5: 0.25, 0.7: 0.21})


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_a_posted_trade_keeps_all_but_efficiency(seed):
    rng = np.random.default_rng(seed)
    space = bilateral_trade(rng.integers(0, 9, 4), rng.integers(0, 9, 4), [[0.25] * 4] * 2)
    price = float(rng.integers(0, 9))
    found = posted_trade(space, price)
    claims = incentives(found)
    for claim in (claims.dominant, claims.ex_post, claims.balanced):
        assert (claim.verdict, claim.tolerance) == ("proved", 0)
    for b, s in np.ndindex(4, 4):
        trades = space.values[0][b, 1] >= price >= -space.values[1][s, 1]
        assert found.odds[b, s, 1] == trades
        assert found.paid[b, s].tolist() == [price * trades, -price * trades]


def test_half_of_uniform_values_keep_three_quarters_of_the_gains():
    """At a price of 1/2 on the unit square: 1/8 of 1/6."""
    grid = (np.arange(100) + 0.5) / 100
    space = bilateral_trade(grid, grid, [[0.01] * 100] * 2)
    assert float(space.expected(posted_trade(space, 0.5).welfare)) == pytest.approx(1 / 8, abs=1e-9)


def test_no_lie_pays_in_ten_thousand_random_instances():
    rng = np.random.default_rng(0)
    for found in (
        posted_price(rng.uniform(0, 1, (2, 100)), rng.uniform(0, 1, 2)),
        posted_trade(bilateral_trade(rng.uniform(0, 1, 100), rng.uniform(0, 1, 100)), 0.4),
    ):
        assert found.odds[..., 0].size == 10_000
        assert incentives(found, coalitions=1).dominant.verdict == "proved"


def test_a_price_of_ones_own_choosing_is_caught():
    space = bilateral_trade([1, 3], [0, 2])
    trades = np.array([[1, 0], [1, 1]])
    middle = np.array([[0.5, 0], [1.5, 2.5]])[..., None] * (1, -1)
    claim = incentives(DirectMechanism(space, trades, middle)).dominant
    assert claim.verdict == "refuted"
    assert claim.numbers["violation"] == 1  # the buyer of 3 who says 1 pays 1/2 instead of 3/2


def test_what_does_not_fit_is_refused():
    for make in (
        lambda: posted_price([[1, 2]], 1, units=0),
        lambda: posted_price([[1, 2]], [1, 2]),
        lambda: posted_price([[1, np.nan]], 1),
        lambda: posted_price([], 1),
        lambda: bilateral_trade([], [1]),
        lambda: posted_trade(bilateral_trade([1], [1]), np.inf),
        lambda: posted_trade(TypeSpace([[[0, 1, 2]]]), 1),
        lambda: posted_trade(TypeSpace([[[1, 2]], [[0, 1]]]), 1),
    ):
        with pytest.raises(InputError):
            make()
    with pytest.raises(TooLarge):
        posted_price([[1]] * 20, 1, units=10)


@pytest.mark.parametrize("units", [1.5, "2", None, True, [1], float("nan")])
def test_units_that_are_not_whole_are_refused(units):
    with pytest.raises(InputError, match="units"):
        posted_price([[1], [2]], 1, units=units)


@pytest.mark.parametrize("price", [None, "x", 1j, [1, 2, 3], [[1, 2], [3]], float("inf")])
def test_prices_that_are_none_are_refused(price):
    with pytest.raises(InputError):
        posted_price([[1], [2]], price)
    with pytest.raises(InputError):
        posted_trade(bilateral_trade([1], [0]), price)
