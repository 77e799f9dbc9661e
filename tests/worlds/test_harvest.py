"""Harvest: growth against brute force, zaps, and what rules read; what it shares with clean-up is in `test_grid`."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.institutions import Quota
from ostrom.learners import play
from ostrom.worlds import Harvest

MAP = """
AAA..A
AA....
.A..AA
PPPPPP
"""
KEYS = np.stack([np.arange(6000), np.zeros(6000)], -1).astype(np.uint32)
TREES = [(r, c) for r, line in enumerate(MAP.strip("\n").split("\n")) for c, letter in enumerate(line) if letter == "A"]


def near(apples, tree):
    """How many apples there are at most two cells away, in a straight line."""
    (row, column), ripe = TREES[tree], [at for at, there in zip(TREES, apples, strict=True) if there]
    return sum(0 < (r - row) ** 2 + (c - column) ** 2 <= 4 for r, c in ripe)


def world(**changes):
    return Harvest(**{"players": 2, "map": MAP, "timeout": 4, "ahead": 2, "aside": 2, **changes})


@pytest.fixture(scope="module")
def stepped():
    """`stepped(world, apples, act, **bodies)`: states and payoffs after a step, for each of many keys."""

    def step(world, key, apples, act, bodies):
        state = world.reset(key)
        return world.step(key, state._replace(apples=apples, bodies=state.bodies._replace(**bodies)), {"act": act})

    many = jax.jit(jax.vmap(step, (None, 0, None, None, None)))

    def stepped(world, apples, act=(0, 0), keys=KEYS, **bodies):
        bodies = {"row": (3, 3), "column": (0, 5), **bodies}
        bodies = {name: jnp.array(values, jnp.int32) for name, values in bodies.items()}
        return jax.tree.map(np.asarray, many(world, keys, jnp.array(apples), jnp.array(act, jnp.int32), bodies))

    return stepped


def test_apples_grow_with_odds_that_depend_on_how_many_are_near(stepped):
    """Six random orchards: every empty tree, over 6,000 steps; five standard deviations."""
    random, odds, met = np.random.default_rng(3), (0.0, 0.05, 0.2, 0.5), set()
    for share in (0.2, 0.3, 0.4, 0.5, 0.6, 0.8):
        apples = random.random(len(TREES)) < share
        after = stepped(world(one=0.05, two=0.2, many=0.5), apples)[0].apples
        for tree in range(len(TREES)):
            count = near(apples, tree)
            wanted = 1.0 if apples[tree] else odds[min(count, 3)]
            assert after[:, tree].mean() == pytest.approx(wanted, abs=5 * (wanted * (1 - wanted) / 6000) ** 0.5)
            met |= set() if apples[tree] else {min(count, 3)}
    assert met == {0, 1, 2, 3}


def test_with_sure_growth_a_tree_has_an_apple_if_one_is_near_and_nobody_stands_on_it(stepped):
    random = np.random.default_rng(5)
    for _ in range(20):
        apples = random.random(len(TREES)) < 0.3
        standing = [TREES[tree] for tree in random.choice(len(TREES), 2, replace=False)]
        rows, columns = zip(*standing, strict=True)
        after, paid = stepped(world(one=1.0, two=1.0, many=1.0), apples, row=rows, column=columns)
        left = [there and at not in standing for at, there in zip(TREES, apples, strict=True)]
        wanted = [(left[n] or near(left, n) > 0) and at not in standing for n, at in enumerate(TREES)]
        assert (after.apples == wanted).all()
        assert (paid == [apples[TREES.index(at)] for at in standing]).all()


def test_what_is_picked_bare_stays_bare():
    bare = world(horizon=30)
    state, step = jax.jit(bare.reset)(KEYS[0]), jax.jit(bare.step)
    state = state._replace(apples=jnp.zeros(len(TREES), bool))
    for key in KEYS[:30]:
        state, paid = step(key, state, {"act": jnp.array([1, 2])})
        assert not np.asarray(state.apples).any()
        assert not np.asarray(paid).any()


def test_a_zap_costs_both_and_sends_away_for_as_long_as_it_says():
    """Seat 0 looks east at seat 1, two cells ahead; both may be back at a gate only afterwards."""
    duel = world(shot=1.0, struck=50.0)
    state, step = jax.jit(duel.reset)(KEYS[1]), jax.jit(duel.step)
    bodies = state.bodies._replace(row=jnp.array([1, 2]), column=jnp.array([1, 3]), heading=jnp.array([1, 0]))
    state = state._replace(bodies=bodies, apples=jnp.zeros(len(TREES), bool))
    state, paid = step(KEYS[2], state, {"act": jnp.array([7, 0])})
    assert np.array(paid).tolist() == [-1.0, -50.0]
    absent = []
    for key in KEYS[3:10]:
        absent.append(not bool(state.bodies.present[1]))
        assert np.array(duel.mask(state)["act"])[1].tolist() == [True] + [not absent[-1]] * 7
        state, paid = step(key, state, {"act": jnp.array([0, 1])})
    assert absent == [True] * 4 + [False] * 3


def test_a_beam_goes_no_further_than_it_reaches(stepped):
    for distance in (1, 2, 3, 4):
        for aside in (-1, 0, 1, 2):
            given = {"row": (1, 1 + aside), "column": (0, distance), "heading": (1, 3)}
            after, _ = stepped(world(), np.zeros(len(TREES), bool), (7, 0), KEYS[:2], **given)
            assert (after.bodies.away[:, 1] > 0).all() == (distance <= 3 and abs(aside) <= 1)


def test_a_quota_of_none_forbids_the_steps_onto_apples():
    """What is permitted depends on where a seat stands and looks."""
    governed = world().under(Quota("harvest", 0.0))
    state, look = jax.jit(governed.reset)(KEYS[0]), jax.jit(governed.mask)
    bodies = state.base.bodies._replace(row=jnp.array([3, 1]), column=jnp.array([1, 2]), heading=jnp.array([0, 3]))
    base = state.base._replace(bodies=bodies)
    state = state._replace(base=base, opened=base)
    names = governed.ground.part("act").labels_of(0)
    forbidden = [[name for name, free in zip(names, row, strict=True) if not free] for row in look(state)["act"]]
    assert forbidden == [["forward"], ["forward", "step right"]]


def test_parameters_can_be_batched():
    def grown(many):
        orchard = world(many=many)
        state = orchard.reset(KEYS[0])
        state = state._replace(apples=state.apples.at[0].set(False))
        return jax.vmap(lambda key: orchard.step(key, state, {"act": jnp.zeros(2, jnp.int32)})[0].apples[0])(
            KEYS
        ).mean()

    assert np.allclose(jax.jit(jax.vmap(grown))(jnp.array([0.1, 0.5, 1.0])), [0.1, 0.5, 1.0], atol=0.035)


@pytest.mark.slow
@pytest.mark.parametrize(("orchard", "episodes"), [(Harvest(), 60), (Harvest.small(), 200)], ids=["open", "small"])
def test_random_is_worse_than_selfish_and_selfish_worse_than_cooperative(orchard, episodes):
    """By ten standard errors."""
    returns = {
        name: play(orchard, bot, seed=4, episodes=episodes).returns.sum(-1) for name, bot in orchard.bots().items()
    }
    for worse, better in (("random", "selfish"), ("selfish", "cooperative")):
        gap = returns[better].mean() - returns[worse].mean()
        error = ((returns[better].var() + returns[worse].var()) / episodes) ** 0.5
        assert gap > 10 * error
