"""The coin game against its rules, written cell by cell in plain Python."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.agent import Sight
from ostrom.institutions import Quota, Tax
from ostrom.testing import check_world
from ostrom.worlds import CoinGame
from ostrom.worlds.coin_game import State

WALK = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)]


def state(first, second, coin, owner):
    """A state from cells."""
    return State(np.array([first, second], np.int32), np.array(coin, np.int32), np.int32(owner))


@jax.jit
def step(game, key, before, act):
    """State, payoffs and facts after moves."""
    after, payoffs = game.step(key, before, {"act": act})
    return after, payoffs, game.facts(before, {"act": act}, after)


def keys(count):
    return np.stack([np.arange(count), np.full(count, 7)], -1).astype(np.uint32)


def by_hand(game, before, act):
    """`(cells, payoffs, own, other)`, seat by seat; None for the coin that is taken."""
    cells = []
    for (row, column), move in zip(np.asarray(before.place).tolist(), act, strict=True):
        cells.append(((row + WALK[move][0]) % game.height, (column + WALK[move][1]) % game.width))
    coin, owner = tuple(np.asarray(before.coin).tolist()), int(before.owner)
    paid, own, other = [0.0, 0.0], [0, 0], [0, 0]
    for seat in (0, 1):
        if cells[seat] == coin:
            paid[seat] += game.reward
            if owner == seat:
                own[seat] = 1
            else:
                other[seat] = 1
                paid[owner] -= game.loss
    return cells, paid, own, other


@pytest.mark.parametrize("game", [CoinGame(), CoinGame(height=2, width=4, reward=1.5, loss=0.5)], ids=["3x3", "2x4"])
def test_steps_follow_the_rules(game):
    random, taken = np.random.default_rng(1), 0
    here = game.reset(np.array([5, 0], np.uint32))
    for number in range(150):
        act = random.integers(0, 5, 2)
        after, payoffs, facts = step(game, np.array([number, 3], np.uint32), here, act)
        cells, paid, own, other = by_hand(game, here, act)
        assert np.asarray(after.place).tolist() == [list(cell) for cell in cells]
        assert np.allclose(payoffs, paid)
        assert np.asarray(facts["own"]).tolist() == own
        assert np.asarray(facts["other"]).tolist() == other
        if any(own + other):
            assert tuple(np.asarray(after.coin).tolist()) not in cells
            taken += 1
        else:
            assert np.array_equal(after.coin, here.coin)
            assert after.owner == here.owner
        here = after
    assert taken > 10


@pytest.mark.parametrize("other", [(0, 0), (1, 2), (2, 2)], ids=["on one cell", "apart", "at the end"])
def test_new_coins_lie_anywhere_that_is_free_and_are_anybodys(other):
    """Seat 1 takes the coin at the first cell and seat 2 stays: what is free then is known."""
    game, count = CoinGame(), 20_000
    before = state((0, 1), other, (0, 0), 0)
    after, _ = jax.jit(jax.vmap(lambda key: game.step(key, before, {"act": np.array([3, 0])})))(keys(count))
    drawn = np.asarray(after.coin) @ [3, 1] * 2 + np.asarray(after.owner)
    free = [cell for cell in range(9) if cell not in (0, 3 * other[0] + other[1])]
    seen = np.bincount(drawn, minlength=18).reshape(9, 2)
    assert seen.sum(1).nonzero()[0].tolist() == free
    expected = count / (2 * len(free))
    assert (abs(seen[free] - expected) < 5 * np.sqrt(expected)).all()


def test_starts_are_anywhere_and_the_coin_is_not_under_a_seat():
    began = jax.jit(jax.vmap(CoinGame().reset))(keys(20_000))
    place, coin = np.asarray(began.place) @ [3, 1], np.asarray(began.coin) @ [3, 1]
    assert not (place == coin[:, None]).any()
    pairs = np.bincount(place[:, 0] * 9 + place[:, 1], minlength=81)
    assert (abs(pairs - 20_000 / 81) < 5 * np.sqrt(20_000 / 81)).all()


def test_each_seat_sees_itself_first():
    game = CoinGame()
    board = np.asarray(game.observe(state((0, 1), (2, 2), (1, 0), 1)).seat["board"])
    for seat, channels in enumerate([((0, 1), (2, 2), None, (1, 0)), ((2, 2), (0, 1), (1, 0), None)]):
        for channel, cell in enumerate(channels):
            assert list(map(tuple, np.argwhere(board[seat, :, :, channel]))) == ([cell] if cell else [])


def test_it_is_a_world():
    assert "seats are alike, as declared" in check_world(CoinGame())


@pytest.mark.slow
def test_under_institutions_it_is_a_world_too():
    assert check_world(CoinGame.small().under(Tax("other", 0.5, shared=True), Quota("other", 1.0, season=5)), steps=9)


@settings(max_examples=40)
@given(
    cells=st.tuples(*[st.tuples(st.integers(0, 2), st.integers(0, 2))] * 3),
    owner=st.integers(0, 1),
    act=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    reward=st.floats(0, 3),
    loss=st.floats(0, 3),
)
def test_what_all_get_is_the_coins_less_what_was_taken_from_others(cells, owner, act, reward, loss):
    game, before = CoinGame(reward=reward, loss=loss), state(*cells, owner)
    _, payoffs, facts = step(game, np.array([1, 2], np.uint32), before, np.array(act))
    own, other = (float(facts[name].sum()) for name in ("own", "other"))
    assert float(payoffs.sum()) == pytest.approx(reward * (own + other) - loss * other, abs=1e-5)


# Bots -------------------------------------------------------------------------------------------------------------


NAMES = ("random", "selfish", "cooperative")


@pytest.fixture(scope="module")
def table(cast):
    """Mean return of the first of two bots against the second over 300 episodes, and its standard error."""
    game, pairs = CoinGame(), list(itertools.product(range(3), repeat=2))
    returns = cast(game, [game.bots()[name] for name in NAMES], np.repeat(pairs, 300, 0)).returns[:, 0].reshape(9, 300)
    means, errors = returns.mean(1), returns.std(1) / np.sqrt(300)
    return {(NAMES[a], NAMES[b]): (means[k], errors[k]) for k, (a, b) in enumerate(pairs)}


def clearly_less(one, other):
    return other[0] - one[0] > 4 * np.hypot(one[1], other[1])


@pytest.mark.parametrize("partner", NAMES)
def test_whoever_the_other_is_it_pays_to_take_everything(table, partner):
    for other in ("random", "cooperative"):
        assert clearly_less(table[other, partner], table["selfish", partner])


def test_two_who_take_everything_get_no_more_than_two_who_wander_about(table):
    for name in ("random", "selfish"):
        assert abs(table[name, name][0]) < 4 * table[name, name][1]
    assert clearly_less(table["selfish", "selfish"], table["cooperative", "cooperative"])


def look(game, here, seat=0):
    """What a seat sees, in NumPy."""
    seen = {name: np.asarray(row)[seat] for name, row in game.observe(here).seat.items()}
    return Sight(np.int32(seat), game.ground, seen, {"act": np.ones(5, bool)})


def choices(bot, sight, memory=None):
    scores, memory = bot.act(sight, bot.begin() if memory is None else memory)
    return np.flatnonzero(scores["act"] == 0).tolist(), memory


def steps_between(game, one, other):
    """Breadth-first search."""
    reached, number = {one}, 0
    while other not in reached:
        reached |= {((r + dr) % game.height, (c + dc) % game.width) for r, c in reached for dr, dc in WALK}
        number += 1
    return number


def test_the_selfish_walk_by_shortest_ways():
    game = CoinGame(height=4, width=3)
    for place, coin in itertools.product(itertools.product(range(4), range(3)), repeat=2):
        if place != coin:
            there = [((place[0] + r) % 4, (place[1] + c) % 3) for r, c in WALK]
            lengths = [steps_between(game, cell, coin) for cell in there]
            wanted = [move for move in range(5) if lengths[move] == min(lengths)]
            assert choices(game.bots()["selfish"], look(game, state(place, (0, 0), coin, 1)))[0] == wanted


def test_the_reciprocal_take_one_back_for_one_that_was_taken():
    game = CoinGame()
    bot = game.bots()["reciprocal"]
    mine, theirs = state((0, 0), (1, 1), (1, 2), 0), state((0, 0), (1, 2), (2, 2), 1)
    still, memory = choices(bot, look(game, state((0, 0), (1, 1), (2, 2), 1)))
    assert still == [0]
    _, memory = choices(bot, look(game, mine), memory)
    revenge, memory = choices(bot, look(game, theirs), memory)  # the other stands where my coin lay
    assert 0 not in revenge
    assert bool(memory["owed"])
    again, memory = choices(bot, look(game, state((2, 2), (1, 2), (0, 1), 1)), memory)  # I stand where theirs lay
    assert again == [0]


def test_bots_do_what_they_may():
    """The coin lies in the north; who may not go there or stay takes the next nearest way."""
    game = CoinGame()
    sight = look(game, state((1, 1), (2, 2), (0, 1), 1))
    assert choices(game.bots()["selfish"], sight)[0] == [1]
    without = replace(sight, mask={"act": np.array([False, False, True, True, True])})
    assert choices(game.bots()["selfish"], without)[0] == [2]
    assert choices(game.bots()["cooperative"], without)[0] == [2, 3, 4]


def test_a_state_can_be_drawn_and_said():
    scene = CoinGame().scene(state((0, 1), (2, 2), (1, 0), 1))
    assert [(token.row, token.column, token.seat) for token in scene.tokens] == [(1, 0, 1), (0, 1, 0), (2, 2, 1)]
    assert scene.cells["coin"].sum() == 1
    assert scene.words().endswith("The coin is player 2's.")
