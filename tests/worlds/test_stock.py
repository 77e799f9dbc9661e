"""The stock against GovSim's rules written out month by month, and its measures against published numbers."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.agent import Sight
from ostrom.core.errors import InputError, UnknownName
from ostrom.institutions import Quota
from ostrom.learners import play
from ostrom.testing import check_world
from ostrom.worlds import Stock, rollout, uniform
from ostrom.worlds._stock_metrics import equality, stock_metrics

STORIES = {"fishery": ("harvest", "catch"), "pasture": ("grazing", "graze"), "pollution": ("output", "make")}
KEY = np.zeros(2, np.uint32)


def _follow(moves, key, view, mask):
    return {"act": moves[view.public["time"]]}


def follow(moves):
    """The policy that makes these moves, `int[T, P]`; compiled once for all moves."""
    return jax.tree_util.Partial(_follow, jnp.asarray(moves, dtype=jnp.int32))


def by_hand(world, moves):
    """Stocks as each month begins, and what each takes, in float64: GovSim's rules, one seat and month at a time."""
    stock, stocks, taken = world.start * world.capacity, [], []
    for made in moves:
        wanted = [world.amounts[move] for move in made]
        stocks.append(stock)
        enough = sum(wanted) <= stock
        taken.append([w if enough else w * stock / sum(wanted) for w in wanted])
        stock = max(stock - sum(taken[-1]), 0.0)
        stock = 0.0 if stock < world.collapse else min(world.growth * stock, world.capacity)
    return np.array(stocks), np.array(taken)


def plainly(world, stocks, taken):
    """GovSim's measures, counted seat by seat and month by month as the paper writes them."""
    months = sum(1 for stock in stocks if stock > 0)
    gain = [sum(taken[t][i] for t in range(months)) for i in range(world.players)]
    best, total = len(stocks) * world.start * world.capacity * (1 - 1 / world.growth), sum(gain)
    apart = sum(abs(a - b) for a in gain for b in gain)
    most = [stocks[t] * (1 - 1 / world.growth) / world.players for t in range(months)]
    over = sum(taken[t][i] > most[t] + 1e-3 for t in range(months) for i in range(world.players))
    return (
        months,
        gain,
        1 - max(0, best - total) / best,
        1 - apart / (2 * world.players * total) if total else 1.0,
        over / (months * world.players),
    )


@pytest.mark.parametrize("story", STORIES)
def test_every_story_is_a_world(story):
    world, (fact, verb) = Stock(story=story), STORIES[story]
    assert "seats are alike, as declared" in check_world(world)
    assert world.ground.part("act").labels[:2] == (f"{verb} 0", f"{verb} 5")
    assert set(world.ground.facts) == {fact, "stock"}


@pytest.mark.slow
def test_under_a_quota_it_is_a_world_too():
    check_world(Stock.small().under(Quota(on="harvest", limit=10)))


def test_a_quota_on_another_story_is_noticed():
    with pytest.raises(UnknownName, match="harvest"):
        check_world(Stock(story="pasture").under(Quota(on="harvest", limit=10)))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=8, max_size=8),
    st.floats(1.1, 3.0),
    st.floats(0.1, 1.0),
    st.floats(0.0, 20.0),
)
def test_play_and_measures_follow_the_rules(moves, growth, start, collapse):
    world = Stock(players=4, horizon=8, growth=growth, start=start, collapse=collapse)
    played = rollout(world, follow(moves))
    stocks, taken = by_hand(world, moves)
    if np.abs(stocks - collapse).min() < 1e-2 or start * 100 < collapse:
        return  # on the edge of a collapse float32 and float64 may part
    assert np.allclose(played.sights["stock"][:, 0], stocks, rtol=1e-4, atol=1e-3)
    assert np.allclose(played.facts["harvest"], taken, rtol=1e-4, atol=1e-3)
    assert np.allclose(played.payoffs, taken, rtol=1e-4, atol=1e-3)
    assert (np.asarray(played.facts["harvest"]).sum(-1) <= np.asarray(played.sights["stock"])[:, 0] + 1e-3).all()
    found, meant = world.metrics(played), plainly(world, stocks, taken)
    assert int(found.months) == meant[0]
    assert bool(found.survived) == (meant[0] == 8)
    assert np.allclose(found.gain, meant[1], atol=1e-2)
    assert np.allclose([found.efficiency, found.equality], meant[2:4], atol=1e-3)


def test_over_usage_is_counted_seat_by_seat():
    moves = np.array([[3, 3, 3, 2, 0], [2, 1, 1, 1, 4], [4, 4, 4, 4, 4], [1, 1, 1, 1, 1]])
    world = Stock(horizon=4)
    stocks, taken = by_hand(world, moves)
    assert stocks.tolist() == [100, 90, 90, 0]  # the third month takes all there is
    found, meant = world.metrics(rollout(world, follow(moves))), plainly(world, stocks, taken)
    assert meant[0] == 3
    assert float(found.over_usage) == pytest.approx(meant[4]) == pytest.approx((3 + 2 + 5) / 15)


def test_the_best_of_govsim_is_reached_by_taking_ten_each():
    """Twelve months, a gain of 120 each, all of it, equally, and no over-usage (Piatti et al., 2024)."""
    found = Stock().metrics(rollout(Stock(), follow(np.full((12, 5), 2))))
    assert (int(found.months), bool(found.survived)) == (12, True)
    assert np.asarray(found.gain).tolist() == [120] * 5
    assert np.allclose([found.efficiency, found.equality, found.over_usage], [1, 1, 0])


def test_its_worst_is_to_take_everything_at_once():
    """One month, a gain of 20 each, an efficiency of 16.67 %: what weak models reach in the paper."""
    found = Stock().metrics(rollout(Stock(), follow(np.full((12, 5), 4))))
    assert (int(found.months), bool(found.survived)) == (1, False)
    assert np.asarray(found.gain).tolist() == [20] * 5
    assert float(found.efficiency) == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("gains", "efficient", "equal"),
    [
        ((35, 20, 40, 50, 20), 0.275, 0.8060606),
        ((27, 56, 50, 60, 56), 0.415, 0.8843373),
        ((37, 43, 40, 34, 113), 0.445, 0.7543071),
    ],
)
def test_measures_are_those_of_published_runs(gains, efficient, equal):
    """Gains, efficiency and equality of three fishery runs, from the results of a reproduction (Re-GovSim, 2025)."""
    assert float(equality(np.array(gains, float))) == pytest.approx(equal, abs=1e-6)
    found = stock_metrics(np.array([gains], float), np.array([True]), np.array([10.0]), 12 * 50.0)
    assert float(found.efficiency) == pytest.approx(efficient)


def test_seats_share_in_proportion_when_there_is_too_little():
    world = Stock(players=2, capacity=12.0, amounts=(0, 6, 18))
    after, paid = world.step(KEY, world.reset(KEY), {"act": jnp.array([1, 2])})
    assert np.allclose(paid, [3, 9])
    assert bool(world.over(after))


def test_growth_can_be_differentiated_and_batched():
    def left(growth):
        world = Stock(growth=growth, start=0.5, horizon=3)
        return rollout(world, follow(np.full((3, 5), 1))).state.stock

    low, high = left(1.5), left(1.501)
    assert float(jax.grad(left)(1.5)) == pytest.approx((float(high) - float(low)) / 0.001, rel=0.01)
    assert np.allclose(jax.vmap(left)(jnp.array([1.5, 1.501])), [low, high])


def live(world, bots):
    """`float[P]`: what each seat is paid in one episode played in NumPy, every seat making its best-liked move."""
    seated, paid = world.seated(0), np.zeros(len(bots))
    memories = [bot.begin() for bot in bots]
    for month in range(world.horizon):
        view, mask, chosen = seated.view, seated.mask["act"], []
        for seat, bot in enumerate(bots):
            seen = {**view.public, **{name: rows[seat] for name, rows in view.seat.items()}}
            sight = Sight(np.int32(seat), world.ground, seen, {"act": mask[seat]}, np)
            scores, memories[seat] = bot.act(sight, memories[seat])
            chosen.append(np.where(mask[seat], scores["act"], -np.inf).argmax())
        paid += seated.play({"act": np.array(chosen)}, month)[0]
    return paid


def test_reference_returns():
    """Greed is worse than chance here: it empties the stock in the first month, and chance leaves something."""
    world, bots = Stock(), Stock().bots()
    chance = jax.vmap(lambda seed: rollout(world, uniform, seed).payoffs.sum())(jnp.arange(200))
    half = 2.58 * chance.std(ddof=1) / np.sqrt(200)  # of a 99 % interval
    greedy, fair, answering = (live(world, [bots[name]] * 5) for name in ("selfish", "cooperative", "reciprocal"))
    assert np.allclose([greedy.sum(), fair.sum()], [100, 600])
    assert 100 < chance.mean() - half < chance.mean() + half < 600
    assert (answering == fair).all()


def test_one_who_takes_more_gains_by_it():
    world, bots = Stock(), Stock().bots()
    alone = live(world, [bots["selfish"]] + [bots["cooperative"]] * 4)
    assert alone[0] == pytest.approx(240)  # and 120 among fair ones
    assert np.allclose(alone[1:], 65)
    assert live(world, [bots["selfish"]] + [bots["reciprocal"]] * 4)[0] < 120


def test_a_quota_saves_what_greed_destroys():
    world = Stock().under(Quota(on="harvest", limit=10))
    played = play(world, world.bots()["selfish"], seed=0)
    assert played.returns.sum() == pytest.approx(600)
    assert world.base.metrics(played).survived.all()


def test_it_says_what_there_is():
    assert "100 tonnes of fish are in the lake." in Stock().words(Stock().reset(KEY))
    world = Stock(story="pollution")
    after, _ = world.step(KEY, world.reset(KEY), {"act": jnp.full(5, 4)})
    assert "The river is dead." in world.words(after)


@pytest.mark.parametrize("wrong", [{"story": "forest"}, {"amounts": (0, 2, 2)}, {"amounts": (1, 2)}, {"growth": 0.5}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(InputError):
        Stock(**wrong)
