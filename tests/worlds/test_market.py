"""The market against matching written out order by order, the law that nothing is lost, and a crash."""

from fractions import Fraction

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.agent import Sight
from ostrom.core.institution import Institution
from ostrom.institutions import Quota
from ostrom.learners import play
from ostrom.testing import check_world
from ostrom.worlds import Market, rollout, uniform
from ostrom.worlds._order_book import Quotes, best, matched

TOP = 40
CRASH = ["seller"] + ["follower"] * 5 + ["maker"] * 2 + ["investor"] * 4
"""Who sits in the market that crashes."""
match = jax.jit(matched, static_argnames="top")


def by_hand(price, quotes, buys, sells):
    """Matching in exact fractions, one level of the book after another; `(bought, sold, cash, price, void)`."""
    seats, (buys, sells) = range(len(buys)), ([Fraction(x) for x in row] for row in (buys, sells))
    bought, sold, cash = ([Fraction(0) for _ in seats] for _ in range(3))
    met, side = min(sum(buys), sum(sells)), "bids" if sum(sells) > sum(buys) else "asks"
    paid, left = met * price, max(sum(buys), sum(sells)) - met
    served, last = met, price
    levels = {}
    for owner, (bid, ask, bids, asks) in enumerate(quotes):
        at, size = (bid, bids) if side == "bids" else (ask, asks)
        if size:
            levels.setdefault(at, []).append((owner, Fraction(size)))
    for at in sorted(levels, reverse=side == "bids"):
        there = sum(size for _, size in levels[at])
        taken = min(left, there)
        if not taken:
            break
        for owner, size in levels[at]:
            part = taken * size / there
            (bought if side == "bids" else sold)[owner] += part
            cash[owner] += (-1 if side == "bids" else 1) * part * at
        paid, served, left, last = paid + taken * at, served + taken, left - taken, at
    takers, makers_side = (sells, sold) if side == "bids" else (buys, bought)
    for seat in seats:
        if sum(takers):
            makers_side[seat] += served * takers[seat] / sum(takers)
            cash[seat] += (1 if side == "bids" else -1) * paid * takers[seat] / sum(takers)
        others, others_side = (buys, bought) if side == "bids" else (sells, sold)
        if sum(others):
            others_side[seat] += met * others[seat] / sum(others)
            cash[seat] += (-1 if side == "bids" else 1) * met * price * others[seat] / sum(others)
    called = last + ((-1 if side == "bids" else 1) if left else 0)
    return bought, sold, cash, min(max(called, 1), TOP)


@st.composite
def orders(draw):
    """A price, quotes that do not cross it, and orders; who orders has no quotes."""
    price, seats = draw(st.integers(8, 32)), 5
    quotes, buys, sells = [], [], []
    for _ in range(seats):
        kind, size = draw(st.sampled_from(["quote", "buy", "sell", "rest"])), draw(st.integers(1, 9))
        low, high = draw(st.integers(1, 4)), draw(st.integers(1, 4))
        sizes = (size, draw(st.integers(0, 9))) if kind == "quote" else (0, 0)
        quotes.append((price - low, price + high, *sizes))
        buys.append(size if kind == "buy" else 0)
        sells.append(size if kind == "sell" else 0)
    return price, quotes, buys, sells


@settings(max_examples=150, deadline=None)
@given(orders())
def test_orders_meet_as_by_hand(given):
    price, quotes, buys, sells = given
    rows = np.array(quotes).T
    book = Quotes(
        *(jnp.asarray(row, jnp.int32) for row in rows[:2]), *(jnp.asarray(row, jnp.float32) for row in rows[2:])
    )
    made = match(jnp.int32(price), book, *(jnp.asarray(row, jnp.float32) for row in (buys, sells)), top=TOP)
    bought, sold, cash, called = by_hand(*given)
    for found, meant in ((made.bought, bought), (made.sold, sold), (made.cash, cash)):
        assert np.allclose(found, np.array(meant, float), atol=1e-3)
    assert int(made.price) == called
    bid, ask = best(made.quotes, TOP)
    assert bid < ask


def played_at_random(world, seed):
    """States of a random episode."""

    def step(state, number):
        key = jnp.stack([number.astype(jnp.uint32), jnp.uint32(seed)])
        after, paid = world.step(key, state, uniform(key, world.observe(state), world.mask(state)))
        return after, (after, paid)

    return jax.lax.scan(step, world.reset(jnp.stack([seed, jnp.uint32(0)])), jnp.arange(world.horizon))[1]


@pytest.fixture(scope="module")
def episodes():
    """The states and payoffs of 60 random episodes, `[60, T, …]`."""
    return jax.jit(jax.vmap(lambda seed: played_at_random(Market(), seed)))(jnp.arange(60, dtype=jnp.uint32))


def test_cash_and_shares_only_change_hands(episodes):
    states, _ = episodes
    assert np.abs(states.cash.sum(-1)).max() < 1e-5 * np.abs(states.cash).max() * 12
    assert np.allclose(states.shares.sum(-1), 12 * 20 + 60, rtol=1e-5)
    assert np.allclose(states.bought.sum(-1), states.sold.sum(-1), atol=1e-3)
    assert (states.shares > -1e-3).all()
    assert (states.shares < 100 + 1e-3).all()


def test_quotes_never_cross(episodes):
    quotes, price = episodes[0].quotes, np.asarray(episodes[0].prices)[..., -1]
    bid = np.where(quotes.bids > 1e-6, quotes.bid, 0).max(-1)
    ask = np.where(quotes.asks > 1e-6, quotes.ask, 999).min(-1)
    assert (bid < ask).all()
    assert ((bid <= price) & (price <= ask)).all()
    assert ((price >= 1) & (price <= 200)).all()
    assert (ask < 999).mean() > 0.8  # there was something to cross


def test_trades_are_paid_at_their_value_and_sum_to_nothing(episodes):
    states, paid = episodes
    world, wrong = Market(), np.abs(np.asarray(states.prices)[..., -1] - states.value)
    costs = world.risk * (states.shares - 20) ** 2 + world.cost * (states.bought + states.sold)
    assert np.allclose(np.asarray(paid + costs).sum(-1), -12 * world.harm * wrong, atol=0.05)
    before = np.concatenate([np.zeros((60, 1, 12)), np.asarray(states.cash)[:, :-1]], 1)
    gain = np.asarray(states.cash) - before + np.asarray(states.value)[..., None] * (states.bought - states.sold)
    assert np.allclose(paid, gain - costs - world.harm * wrong[..., None], atol=0.05)


@pytest.mark.slow
def test_it_is_a_world():
    assert "seats are alike, as declared" in check_world(Market.small(), steps=20)


@pytest.mark.slow
def test_under_a_quota_it_is_a_world_too():
    check_world(Market.small().under(Quota(on="sold", limit=5, season=30)), steps=20)


class PriceLimit(Institution):
    """Nobody may sell at any price while the price is below `floor` ticks."""

    floor: float = 95.0

    def permit(self, now, mask):
        """No market orders to sell, where the price is too low."""
        act, low = now.ground.part("act"), now.facts["price"][:, None] < self.floor
        sell = now.xp.asarray(act.codes("sell", now.players)[:, None] == np.arange(act.width(now.players)))
        return {**mask, "act": mask["act"] & ~(low & sell)}


def prices(world, roles, episodes=40):
    """`float[E, T]`, and returns `float[E, P]`, with these traders in the seats."""
    bots = world.bots()
    played = play(world, [bots[role] for role in roles], seed=5, episodes=episodes)
    return played.sights["price"][..., 0], played.returns


@pytest.mark.slow
def test_it_crashes_and_comes_back():
    """Far and fast, and back, as in May 2010."""
    price, _ = prices(Market(), CRASH)
    fall, back = 100 - price.min(1), price[:, 60:].max(1) - price.min(1)
    assert np.median(fall) > 35
    assert (fall > 25).mean() > 0.9
    assert price[:, :60].min(1).mean() == pytest.approx(price.min(1).mean(), abs=3)  # in the first half
    assert (back > 0.7 * fall).mean() > 0.9


@pytest.mark.slow
def test_there_is_no_crash_with_few_who_follow():
    price, _ = prices(Market(), ["seller"] + ["follower"] * 2 + ["maker"] * 5 + ["investor"] * 4)
    assert np.median(price.min(1)) > 90


@pytest.mark.slow
@pytest.mark.parametrize("rule", [Quota(on="sold", limit=5, season=30), PriceLimit()])
def test_rules_hold_the_price(rule):
    """A limit on what each sells within 30 steps, and one below which nobody sells at any price."""
    crashed, returns = prices(Market(), CRASH)
    held, better = prices(Market().under(rule), CRASH)
    assert np.median(held.min(1)) > 80 > 65 > np.median(crashed.min(1))
    assert better.sum(1).mean() > returns.sum(1).mean() / 2


def interval(together):
    """Lower and upper end of a 99 % interval of the mean of what all seats get together."""
    half = 2.58 * together.std(ddof=1) / np.sqrt(len(together))
    return together.mean() - half, together.mean() + half


@pytest.mark.slow
def test_reference_returns(episodes):
    """Every seat makes the move that its bot likes best; which bot is traced, so that one compilation does."""
    world, bots = Market(), Market().bots()

    def move(selfish, seat, seen, permitted):
        sight = Sight(seat, world.ground, seen, {"act": permitted}, jnp)
        likes = [bots[name].act(sight, bots[name].begin())[0]["act"] for name in ("cooperative", "selfish")]
        return jnp.where(selfish, likes[1], likes[0]).argmax()

    def policy(selfish, key, view, mask):
        def seated(seat, own, permitted):
            return move(selfish, seat, {**view.public, **own}, permitted)

        return {"act": jax.vmap(seated)(jnp.arange(world.players), dict(view.seat), mask["act"])}

    def together(selfish, seed):
        return rollout(world, jax.tree_util.Partial(policy, selfish), seed).payoffs.sum()

    chance = interval(np.asarray(episodes[1]).sum((1, 2)))
    greedy, kind = np.asarray(jax.vmap(together)(jnp.arange(80) % 2 == 1, jnp.arange(80))).reshape(40, 2).T[::-1]
    assert chance[1] < interval(greedy)[0]
    assert interval(greedy)[1] < interval(kind)[0]


def test_traders_play_in_numpy_too():
    """The same scores from NumPy as from JAX, where all is calm and where the price falls."""
    world = Market.small()
    state = world.reset(np.array([3, 0], np.uint32))
    for now in (state, state._replace(prices=jnp.array([100, 99, 98, 97, 90], jnp.int32))):
        view = world.observe(now)
        for name, bot in world.bots().items():
            if name == "random":
                continue
            seen = {**view.public, **{key: row[2] for key, row in view.seat.items()}}
            scores = []
            for xp in (np, jnp):
                held = {key: xp.asarray(value) for key, value in seen.items()}
                sight = Sight(xp.int32(2), world.ground, held, {"act": xp.ones(6, bool)}, xp)
                scores.append(bot.act(sight, bot.begin())[0]["act"])
            assert np.allclose(*scores, atol=1e-4)


def test_it_says_how_the_market_stands():
    world = Market.small()
    state = world.reset(np.zeros(2, np.uint32))
    assert "The price is 100. Best bid none, best ask none." in world.words(state)
    after, _ = world.step(np.zeros(2, np.uint32), state, {"act": jnp.full(6, 3)})
    assert "Best bid 99, best ask 101." in world.words(after)
