"""The lake against the closed form of the logistic stock and a second implementation in float64."""

import math

import numpy as np
import pytest

pytest.importorskip("jax")
import jax.numpy as jnp

from ostrom.core.errors import InputError
from ostrom.testing import check_world
from ostrom.worlds import Lake, rollout

EFFORT = np.array([0.0, 1.0, 2.0])


def always(label):
    """The policy in which everybody present does the same."""
    return lambda key, view, mask: {"act": jnp.where(mask["act"][:, label], label, 0)}


def by_hand(lake, moves):
    """Stocks and payoffs in float64, written from the model and not from the code."""
    stock, stocks, paid = lake.start * lake.capacity, [], []
    for made in moves:
        effort = EFFORT[made]
        catch = stock * (1 - math.exp(-lake.catchability * effort.sum()))
        harvest = [catch * e / effort.sum() if e else 0.0 for e in effort]
        stocks.append(stock)
        paid.append([lake.price * h - lake.cost * e for h, e in zip(harvest, effort, strict=True)])
        stock -= catch
        stock += lake.growth * stock * (1 - stock / lake.capacity)
    return np.array(stocks), np.array(paid)


def test_it_is_a_world():
    assert "seats are alike, as declared" in check_world(Lake())


def test_who_comes_and_goes_is_a_world_too():
    passed = check_world(Lake(enters=(3,), leaves=(9, 4)))
    assert any("absent seats rest" in sentence for sentence in passed)


def test_play_follows_the_model():
    lake, random = Lake(players=3, growth=0.7, price=2.0, horizon=30), np.random.default_rng(0)
    moves = random.integers(0, 3, (30, 3))
    played = rollout(lake, lambda key, view, mask: {"act": jnp.asarray(moves)[view.public["time"]]})
    stocks, paid = by_hand(lake, moves)
    assert np.allclose(played.sights["stock"][:, 0], stocks, rtol=1e-5)
    assert np.allclose(played.payoffs, paid, rtol=1e-4, atol=1e-5)


def test_the_greatest_sustainable_yield_is_a_quarter_of_growth_times_capacity():
    lake = Lake(catchability=-math.log(0.8) / 4)
    played = rollout(lake, always(1))
    assert np.allclose(played.facts["harvest"].sum(-1), 0.5 * 100 / 4, rtol=1e-4)
    assert np.allclose(played.sights["stock"], 62.5, rtol=1e-4)


def test_fishing_hard_destroys_what_fishing_keeps():
    hard, fair = rollout(Lake(), always(2)), rollout(Lake(), always(1))
    assert hard.sights["stock"][-1, 0] < 3.0  # of 62.5
    assert hard.payoffs.sum() < 0.3 * fair.payoffs.sum()


@pytest.mark.parametrize("others", [0, 1, 2])
@pytest.mark.parametrize("stock", [30.0, 60.0, 100.0])
def test_fishing_harder_pays_whatever_the_others_do(others, stock):
    lake = Lake(start=stock / 100)
    mine = [by_hand(lake, [np.array([own, others, others, others])])[1][0, 0] for own in range(3)]
    assert mine[0] < mine[1] < mine[2]


def test_who_is_absent_takes_nothing():
    played = rollout(Lake(enters=(10,), leaves=(50, 20)), always(1), steps=30)
    present = np.asarray(played.present)
    assert present[:, 0].tolist() == [t >= 10 for t in range(30)]
    assert present[:, 1].tolist() == [t < 20 for t in range(30)]
    assert not np.asarray(played.payoffs)[~present].any()
    assert not np.asarray(played.facts["harvest"])[~present].any()


def test_parameters_have_ranges():
    with pytest.raises(InputError, match=r"growth=3"):
        Lake(growth=3.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"horizon": 0}, "out of range"),
        ({"horizon": 2**31}, "too much for a world"),
        ({"price": math.inf}, "too much for a world"),
        ({"cost": -1e300}, "too much for a world"),
        ({"players": "four"}, "is not a whole number"),
        ({"capacity": 0.0}, "is no lake"),
        ({"players": 2, "enters": (0, 1, 2)}, "is no lake"),
    ],
)
def test_parameters_that_make_no_lake_are_refused(changed, said):
    with pytest.raises(InputError, match=said):
        Lake(**changed)


def test_more_seats_than_fit_into_memory_are_refused():
    with pytest.raises(InputError, match="10,000,000 seats"):
        _ = Lake(players=10_000_000).ground
