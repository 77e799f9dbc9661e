"""The orchard against brute force, cell by cell."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.institutions import Quota, Tax
from ostrom.testing import check_world
from ostrom.worlds import Orchard, rollout, uniform
from ostrom.worlds.orchard import State

WALK = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)]


def neighbours(apples, row, column):
    height, width = apples.shape
    near = [(row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
    return sum(bool(apples[r % height, c % width]) for r, c in near)


def by_hand(orchard, state, act):
    """Places, harvests and the apples that are left before any grow, written cell by cell."""
    apples, place = np.array(state.apples), np.array(state.place)
    steps = np.array([WALK[a] for a in act])
    place = (place + steps) % [orchard.height, orchard.width]
    harvest, left = np.zeros(orchard.players), apples.copy()
    for seat, (row, column) in enumerate(place):
        here = [tuple(other) for other in place].count((row, column))
        harvest[seat] = apples[row, column] / here
        left[row, column] = False
    return place, harvest, left


@pytest.fixture(scope="module")
def stepped():
    """Forty steps at random of a crowded orchard: `(orchard, [(state, moves, after, payoffs)])`."""
    orchard, random = Orchard(players=6, height=5, width=4, growth=0.1), np.random.default_rng(0)
    step, steps = jax.jit(orchard.step), []
    state = orchard.reset(np.array([3, 0], np.uint32))
    for number in range(40):
        act = random.integers(0, 5, 6).astype(np.int32)
        after, payoffs = step(np.array([number, 7], np.uint32), state, {"act": act})
        steps.append((state, act, after, payoffs))
        state = after
    return orchard, steps


def test_it_is_a_world():
    assert "seats are alike, as declared" in check_world(Orchard(), steps=20)


def test_steps_follow_the_rules(stepped):
    orchard, steps = stepped
    shared = grown = 0
    for state, act, after, payoffs in steps:
        place, harvest, left = by_hand(orchard, state, act)
        assert (np.array(after.place) == place).all()
        assert np.allclose(payoffs, harvest)
        assert harvest.sum() == pytest.approx(np.sum(state.apples) - left.sum())
        new = np.array(after.apples) & ~left
        assert not (left & ~np.array(after.apples)).any()
        standing = {tuple(cell) for cell in place}
        for row, column in np.argwhere(new):
            assert neighbours(np.array(state.apples), row, column) > 0
            assert (row, column) not in standing
        shared, grown = shared + (harvest % 1 > 0).sum(), grown + new.sum()
    assert shared > 0
    assert grown > 0


def test_with_sure_growth_every_cell_near_an_apple_has_one():
    orchard = Orchard(players=1, height=6, width=7, growth=1.0)
    apples = np.zeros((6, 7), bool)
    apples[0, 0] = True
    state = State(jnp.asarray(apples), jnp.array([[3, 3]]), jnp.int32(0))
    after, _ = jax.jit(orchard.step)(np.zeros(2, np.uint32), state, {"act": np.array([0])})
    wanted = [[bool(apples[r, c]) or neighbours(apples, r, c) > 0 for c in range(7)] for r in range(6)]
    assert np.array(after.apples).tolist() == wanted


def test_apples_grow_with_the_declared_odds():
    orchard = Orchard(players=1, height=40, width=40, growth=0.05)
    apples = np.zeros((40, 40), bool)
    apples[::4, ::4] = True
    state = State(jnp.asarray(apples), jnp.array([[1, 1]]), jnp.int32(0))
    keys = np.stack([np.arange(50), np.zeros(50)], -1).astype(np.uint32)
    grown = jax.jit(jax.vmap(lambda key: orchard.step(key, state, {"act": np.array([0])})[0].apples))(keys)
    share = (np.array(grown) & ~apples).sum() / (50 * (800 - 1))  # eight cells round each of a hundred apples
    assert share == pytest.approx(0.05, abs=0.0055)  # five standard deviations


def test_a_stripped_orchard_stays_bare():
    played = rollout(Orchard(fruit=0.0), uniform)
    assert not np.asarray(played.sights["orchard"]).any()
    assert not np.asarray(played.payoffs).any()


def test_each_seat_sees_what_is_near(stepped):
    orchard, steps = stepped
    state = steps[5][0]
    near = np.array(jax.jit(orchard.observe)(state).seat["near"])
    apples, place = np.array(state.apples), np.array(state.place)
    assert near.shape == (6, 5, 5, 2)
    for seat, (row, column) in enumerate(place):
        for i in range(5):
            for j in range(5):
                cell = ((row + i - 2) % 5, (column + j - 2) % 4)
                others = sum(tuple(other) == cell for k, other in enumerate(place) if k != seat)
                own_again = (j - 2) % 4 == 0 and i == 2 and j != 2
                assert near[seat, i, j, 0] == apples[cell]
                assert near[seat, i, j, 1] == others + own_again


def test_a_quota_reads_where_one_stands():
    """Nobody may step on an apple: what is permitted differs by seat, and nothing is ever harvested."""
    orchard = Orchard(fruit=0.4)
    governed = orchard.under(Quota("harvest", 0.0), Tax("harvest", 0.5))
    state = jax.jit(governed.reset)(np.array([1, 0], np.uint32))
    mask = np.array(jax.jit(governed.mask)(state)["act"])
    apples, place = np.array(state.base.apples), np.array(state.base.place)
    for seat in range(4):
        targets = [apples[tuple((place[seat] + step) % [9, 9])] for step in WALK]
        assert mask[seat].tolist() == ([not t for t in targets] if not all(targets) else [True] * 5)
    assert len({tuple(row) for row in mask}) > 1
    assert np.asarray(rollout(governed, uniform, 1).facts["harvest"]).max() == 0
    assert np.asarray(rollout(orchard, uniform, 1).facts["harvest"]).max() > 0
