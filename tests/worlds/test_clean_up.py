"""Clean-up: waste, cleaning and growth against brute force; what it shares with harvest is in `test_grid`."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax

from ostrom.learners import play
from ostrom.worlds import CleanUp

MAP = """
~~~~~
~~~~~
.PPP.
AAAAA
"""
KEYS = np.stack([np.arange(4000), np.zeros(4000)], -1).astype(np.uint32)
RIVER = [(r, c) for r in (0, 1) for c in range(5)]
AHEAD = [(-1, 0), (0, 1), (1, 0), (0, -1)]
CLEAN = 8


def world(**changes):
    return CleanUp(**{"players": 3, "map": MAP, "reach": 2, "ahead": 2, "aside": 2, **changes})


def beam(place, heading):
    (down, across), (r_down, r_across) = AHEAD[heading], AHEAD[(heading + 1) % 4]
    return {
        (place[0] + f * down + s * r_down, place[1] + f * across + s * r_across) for f in (1, 2) for s in (-1, 0, 1)
    }


@pytest.fixture(scope="module")
def stepped():
    """`stepped(world, keys, waste, act, cells, headings)`: state, facts and prospects; all but the world batched."""

    def step(world, key, waste, act, cells, heading):
        state = world.reset(key)
        bodies = state.bodies._replace(row=cells[:, 0], column=cells[:, 1], heading=heading)
        state = state._replace(waste=waste, bodies=bodies)
        after, _ = world.step(key, state, {"act": act})
        return after, world.facts(state, {"act": act}, after), world.prospects(state)

    many = jax.jit(jax.vmap(step, (None, 0, 0, 0, 0, 0)))

    def stepped(world, keys, *given):
        given = [
            np.broadcast_to(values, (len(keys), *np.shape(values)[-2 if n == 2 else -1 :]))
            for n, values in enumerate(given)
        ]
        return jax.tree.map(
            np.asarray, many(world, keys, *(g.astype(bool if n == 0 else np.int32) for n, g in enumerate(given)))
        )

    return stepped


def test_beams_clean_what_they_go_over_and_share_it(stepped):
    random, shared, total = np.random.default_rng(1), 0, 0
    waste = random.random((4000, 10)) < 0.6
    cells = np.array([[divmod(n, 5) for n in random.choice(15, 3, replace=False)] for _ in KEYS])
    headings, act = random.integers(0, 4, (4000, 3)), random.choice([0, CLEAN, CLEAN], (4000, 3))
    after, facts, prospects = stepped(world(spill=0.0), KEYS, waste, act, cells, headings)
    for n in range(0, 4000, 10):
        beams = [beam(tuple(cells[n, s]), headings[n, s]) for s in range(3)]
        most = [sum(there and at in area for at, there in zip(RIVER, waste[n], strict=True)) for area in beams]
        assert prospects["cleaned"][n].tolist() == [[0.0] * 8 + [count] for count in most]
        cleaners = [[s for s in range(3) if act[n, s] == CLEAN and at in beams[s]] for at in RIVER]
        left = [there and not over for there, over in zip(waste[n], cleaners, strict=True)]
        assert after.waste[n].tolist() == left
        wanted = [
            sum(there / len(over) for there, over in zip(waste[n], cleaners, strict=True) if s in over)
            for s in range(3)
        ]
        assert np.allclose(facts["cleaned"][n], wanted, atol=1e-6)
        assert facts["cleaned"][n].sum() == pytest.approx(waste[n].sum() - sum(left), abs=1e-5)
        shared, total = shared + sum(len(over) > 1 for over in cleaners), total + waste[n].sum() - sum(left)
    assert shared > 50
    assert total > 500
    assert not facts["zaps"].any()


def test_waste_comes_one_cell_at_a_time_evenly_on_clean_ones(stepped):
    waste = np.array([1, 0, 0, 1, 0, 0, 1, 0, 1, 0], bool)
    after, *_ = stepped(world(spill=0.3), KEYS, waste, (0, 0, 0), [(2, 1), (2, 2), (2, 3)], (2, 2, 2))
    new = after.waste & ~waste
    assert (after.waste >= waste).all()
    assert set(new.sum(-1)) == {0, 1}
    assert new.any(-1).mean() == pytest.approx(0.3, abs=0.037)  # five standard deviations
    assert np.allclose(new.mean(0)[~waste], 0.05, atol=0.018)
    full, *_ = stepped(world(spill=1.0), KEYS[:20], np.ones(10), (0, 0, 0), [(2, 1), (2, 2), (2, 3)], (2, 2, 2))
    assert full.waste.all()


@pytest.mark.parametrize(("dirty", "odds"), [(0, 0.4), (1, 0.4), (2, 0.3), (3, 0.2), (4, 0.1), (5, 0.0), (9, 0.0)])
def test_apples_grow_less_the_more_waste_there_is(stepped, dirty, odds):
    """From 10 % on less, from 50 % on nothing; never under somebody's feet."""
    here = world(spill=0.0, growth=0.4, restored=0.1, depleted=0.5)
    standing = [(3, 0), (2, 2), (2, 3)]
    after, *_ = stepped(here, KEYS, np.arange(10) < dirty, (0, 0, 0), standing, (2, 2, 2))
    assert not after.apples[:, 0].any()
    assert np.allclose(after.apples[:, 1:].mean(0), odds, atol=5 * (odds * (1 - odds) / 4000) ** 0.5 + 1e-9)


def test_the_river_begins_as_dirty_as_it_says():
    start = jax.jit(jax.vmap(CleanUp(start=0.3).reset))(KEYS[:400])
    assert np.asarray(start.waste).mean() == pytest.approx(0.3, abs=0.011)
    assert not np.asarray(start.apples).any()


@pytest.mark.slow
@pytest.mark.parametrize("shore", [CleanUp(), CleanUp.small()], ids=["river", "small"])
def test_random_is_worse_than_selfish_and_selfish_worse_than_cooperative(shore):
    """By five standard errors."""
    returns = {name: play(shore, bot, seed=4, episodes=60).returns.sum(-1) for name, bot in shore.bots().items()}
    for worse, better in (("random", "selfish"), ("selfish", "cooperative")):
        gap = returns[better].mean() - returns[worse].mean()
        error = (returns[better].var() / 60 + returns[worse].var() / 60) ** 0.5
        assert gap > 5 * error
