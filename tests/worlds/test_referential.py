"""The referential game against its rules in plain Python, and its bots against what counting says."""

from math import comb

import numpy as np
import pytest

pytest.importorskip("jax")
import jax

from ostrom.core.errors import InputError
from ostrom.institutions import Tax
from ostrom.testing import check_world
from ostrom.worlds import Referential
from ostrom.worlds.referential import State


@jax.jit
def step(game, key, before, act):
    """State, payoffs, facts, what is seen and the mask after moves."""
    after, payoffs = game.step(key, before, {"act": act})
    view = game.observe(after)
    seen = {**view.public, **view.seat}
    return after, payoffs, game.facts(before, {"act": act}, after)["success"], seen, game.mask(after)["act"]


@pytest.mark.parametrize(
    "game", [Referential(), Referential(3, 1, 5, symbols=3, vocabulary=2)], ids=["4 of 16", "3 of 5"]
)
def test_rounds_follow_the_rules(game):
    random, here, found = np.random.default_rng(0), game.reset(np.array([1, 0], np.uint32)), 0
    for number in range(40 * (game.symbols + 1)):
        said = number % (game.symbols + 1)
        picking = said == game.symbols
        act = np.zeros(2, np.int32)
        act[int(picking)] = random.integers(1, (game.candidates if picking else game.vocabulary) + 1)
        after, payoffs, success, seen, mask = step(game, np.array([number, 9], np.uint32), here, act)
        if picking:
            meant = np.asarray(here.objects)[int(here.target)].tolist()
            shown = [np.asarray(here.objects)[k].tolist() for k in np.asarray(here.order)]
            right = shown[act[1] - 1] == meant
            assert np.asarray(payoffs).tolist() == np.asarray(success).tolist() == [right, right]
            assert np.asarray(after.message).tolist() == [0] * game.symbols
            found += right
        else:
            assert not np.asarray(payoffs).any()
            assert np.asarray(after.message)[: said + 1].tolist() == [*np.asarray(here.message)[:said].tolist(), act[0]]
            assert all(np.array_equal(old, new) for old, new in zip(here[:3], after[:3], strict=True))
        coming = 1 if said + 1 == game.symbols else 0
        counts = (game.vocabulary, game.candidates)
        assert mask[coming].tolist() == [0 < move <= counts[coming] for move in range(mask.shape[1])]
        assert mask[1 - coming].tolist() == [move == 0 for move in range(mask.shape[1])]
        objects, order = np.asarray(after.objects), np.asarray(after.order)
        assert len({tuple(row) for row in objects.tolist()}) == game.candidates
        assert ((objects >= 0) & (objects < game.values)).all()
        assert sorted(order.tolist()) == list(range(game.candidates))
        assert np.array_equal(seen["candidates"][0], objects)
        assert np.array_equal(seen["candidates"][1], objects[order])
        assert np.asarray(seen["target"]).tolist() == [int(after.target) + 1, 0]
        here = after
    assert found > 0


def test_objects_targets_and_orders_are_drawn_evenly():
    game, count = Referential(3, 2, 2), 24_000
    keys = np.stack([np.arange(count), np.zeros(count)], -1).astype(np.uint32)
    began = jax.jit(jax.vmap(game.reset))(keys)
    objects = np.asarray(began.objects) @ [1, 2]
    place = np.argmax(np.asarray(began.order) == np.asarray(began.target)[:, None], 1)
    for drawn, kinds in ((objects[:, 0], 4), (objects[:, 2], 4), (np.asarray(began.target), 3), (place, 3)):
        expected = count / kinds
        assert (abs(np.bincount(drawn, minlength=kinds) - expected) < 5 * np.sqrt(expected)).all()
    pairs = np.bincount(np.asarray(began.target) * 3 + place, minlength=9)
    assert (abs(pairs - count / 9) < 5 * np.sqrt(count / 9)).all()


def by_counting(game, told):
    """The chance of success when the first `told` attributes are named: 1 / (1 + others that they fit), on average."""
    others, alike, drawn = game.different - 1, game.values ** (game.attributes - told) - 1, game.candidates - 1
    ways = [comb(alike, k) * comb(others - alike, drawn - k) for k in range(drawn + 1)]
    return sum(way / (1 + k) for k, way in enumerate(ways)) / comb(others, drawn)


LONGER = pytest.param(Referential(5, 3, 3, symbols=2, vocabulary=3), marks=pytest.mark.slow)


@pytest.mark.parametrize("game", [Referential(), LONGER], ids=["2 of 2", "2 of 3"])
def test_bots_stand_on_a_ladder(cast, game):
    names, who = ["random", "deaf", "partial", "naming"], np.repeat([[k, k] for k in range(4)], 150, 0)
    wanted = [1 / game.candidates, 1 / game.candidates, by_counting(game, 1), by_counting(game, 2)]
    shares = cast(game, [game.bots()[name] for name in names], who).returns[:, 1].reshape(4, -1) / game.rounds
    assert wanted[1] < wanted[2] < wanted[3]
    for share, chance in zip(shares, wanted, strict=True):
        assert share.mean() == pytest.approx(chance, abs=5 * np.sqrt(chance * (1 - chance) / share.size / 20))


def test_there_are_as_many_objects_as_candidates():
    with pytest.raises(InputError, match="5 candidates out of 4 different objects"):
        Referential(5, 2, 2)


def test_it_is_a_world():
    assert check_world(Referential(), steps=6)


@pytest.mark.slow
def test_under_institutions_it_is_a_world_too():
    assert check_world(Referential.small().under(Tax("success", 0.1)), steps=6)


def test_a_state_can_be_said():
    here = State(np.array([[0, 1], [2, 3]]), np.int32(1), np.array([1, 0]), np.array([2, 0]), np.int32(1))
    assert Referential(2).words(here) == "3 4 is meant, not 1 2; said: 2."
