"""The donation world: who meets whom, what gifts are worth, and what a reputation sees of it."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax

from ostrom.core.agent import Sight
from ostrom.core.seeds import fold
from ostrom.institutions import Mistakes, Reputation, Tax
from ostrom.testing import check_world
from ostrom.worlds import Donation, rollout, uniform


def judged(norm, standing, acts, pair):
    """The standings after two meet, written out from the norm: (to bad: D, C; to good: D, C)."""
    after = list(standing)
    for one, other in (pair, pair[::-1]):
        after[one] = norm[2 * int(standing[other]) + int(acts[one])] == "G"
    return after


@pytest.mark.parametrize(
    "world", [Donation(), Donation.small(), pytest.param(Donation(players=2), marks=pytest.mark.slow)]
)
def test_it_is_a_world(world):
    assert "prospects are kept: gift, received" in check_world(world)


@pytest.mark.parametrize("rule", [Tax(on="gift", rate=-0.5), Reputation(), Mistakes(Reputation("GGBG"), 0.2)])
def test_it_is_a_world_under_rules(rule):
    assert any("absent seats rest" in sentence for sentence in check_world(Donation().under(rule)))


def test_every_pair_meets_equally_often():
    world, steps = Donation(players=5, horizon=4000), 4000
    keys = [fold(np.array([3, 0], np.uint32), step, 0) for step in range(steps)]
    partner = np.asarray(jax.jit(jax.vmap(world.reset))(np.array(keys)).partner)
    present = partner >= 0
    assert (present.sum(1) == 2).all()
    assert (
        np.take_along_axis(partner, partner.clip(0), 1)[present] == np.tile(np.arange(5), (steps, 1))[present]
    ).all()
    pairs = np.zeros((5, 5))
    for row in partner:
        one, other = np.flatnonzero(row >= 0)
        pairs[one, other] += 1
    met = pairs[np.triu_indices(5, 1)] / steps
    assert abs(met - 0.1).max() < 4 * np.sqrt(0.1 * 0.9 / steps)


def test_gifts_are_paid_for_and_received():
    played = rollout(Donation(benefit=3.0, cost=0.5, horizon=300), uniform, seed=2)
    for present, act, paid in zip(*map(np.asarray, (played.present, played.moves["act"], played.payoffs)), strict=True):
        one, other = np.flatnonzero(present)
        assert paid[one] == pytest.approx(3.0 * act[other] - 0.5 * act[one])
        assert paid[other] == pytest.approx(3.0 * act[one] - 0.5 * act[other])
        assert not np.delete(paid, [one, other]).any()


def test_giving_never_pays_by_itself_and_all_are_best_off_when_all_give():
    policies = {
        "keep": lambda key, view, mask: {"act": mask["act"][:, 0] * 0},
        "any": uniform,
        "give": lambda key, view, mask: {"act": mask["act"][:, 1] * 1},
    }
    world = Donation(horizon=100)
    paid = {name: np.asarray(rollout(world, policy, seed=1).payoffs).sum() for name, policy in policies.items()}
    assert paid["keep"] == 0
    assert 0 < paid["any"] < paid["give"]
    assert paid["give"] == pytest.approx(100 * 2 * 4)


@pytest.mark.parametrize("norm", ["GBBG", "GGBG", "BBBB", "GGGG", "BGBG"])
def test_a_reputation_judges_the_two_who_met(norm):
    world = Donation(players=4, horizon=60).under(Reputation(norm))
    state, random = world.reset(np.array([5, 0], np.uint32)), np.random.default_rng(0)
    standing, step = [True] * 4, jax.jit(world.step)
    for time in range(60):
        partner = np.asarray(world.observe(state).seat["partner"])
        acts = random.integers(0, 2, 4)
        state, _ = step(fold(np.array([5, 0], np.uint32), time, 0), state, {"act": acts})
        standing = judged(norm, standing, acts, tuple(np.flatnonzero(partner >= 0)))
        assert np.asarray(world.observe(state).public["standing"]).tolist() == standing


def test_bots_give_to_whom_they_say():
    world = Donation(players=3)
    seen = {"partner": np.int32(2), "standing": np.array([True, True, False])}
    mask = {"act": np.ones(2, bool)}
    acts = {}
    for name, bot in world.bots().items():
        if name != "random":
            acts[name] = int(bot.act(Sight(np.int32(0), world.ground, seen, mask), {})[0]["act"].argmax())
    assert acts == {"selfish": 0, "cooperative": 1, "discriminating": 0}
    alone = {"partner": np.int32(2)}
    assert (
        int(world.bots()["discriminating"].act(Sight(np.int32(0), world.ground, alone, mask), {})[0]["act"].argmax())
        == 1
    )


def test_it_says_who_meets():
    world = Donation(players=3)
    assert world.words(world.reset(np.array([0, 0], np.uint32))).startswith("Player ")
