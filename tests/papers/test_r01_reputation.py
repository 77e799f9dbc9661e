"""R1: Q-learners and reputation in the donation game (Anastassacos, García, Hailes and Musolesi, 2021).

Settings: ten agents, cost 1, 200 meetings an episode, alpha 0.01, discount 0.99, exploration 0.1, replay forgotten
every episode, assignment error 0.001; 40 runs of 10,000 episodes, the last quarter counted. The paper does not give the
size of its buffer; settings are those of a published re-implementation. Reference values were computed with another
program. The world keeps no reputations: the institutions `Reputation` and `Mistakes` do. What one would have if one met
oneself is read in two ways: by the act just made, which is how the reference values were found, and by what one would
do to one's own standing, as in the re-implementation, for which there are none.
"""

import pytest

pytest.importorskip("jax")

ALONE = [(2.0, "GBBG"), (5.0, "GBBG"), (5.0, "BBBB"), (5.0, "GGBG"), (5.0, "GGGG")]
SEEDS = [(1, 0.40), (2, 2.1), (3, 3.564), (5, 3.69)]
INWARD = [(0.3, 3.65), (0.6, 3.80), (0.9, 3.80)]


@pytest.fixture(scope="module")
def learned(example):
    return example("reputation_learned")


@pytest.mark.slow
def test_r1_in_small(learned):
    """Ten times faster learning, 200 episodes: alone nobody gives; with five seeds nearly all do."""
    settings = learned.Setting(), learned.Setting(seeds=5), learned.Setting(weight=0.9, by="standing")
    alone, seeded, inward = (learned.measure(one, 8, 200, alpha=0.1)["both"] for one in settings)
    assert alone.max() < 0.05
    assert seeded.min() > 0.8
    assert inward.mean() > 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("benefit", "norm"), ALONE)
def test_r1a_alone_nobody_gives(learned, benefit, norm):
    found = learned.measure(learned.Setting(benefit, norm), 40, 10_000)
    assert found["both"].mean() == pytest.approx(0.003, abs=0.002)
    assert found["reward"].mean() == pytest.approx(0.05 * (benefit - 1), abs=0.05)
    assert (found["both"] < 0.5).all()


@pytest.mark.slow
@pytest.mark.parametrize(("norm", "both"), [("GBBG", 0.50), ("BBBB", 0.31), ("GGGG", 0.32)])
def test_r1b_where_a_gift_is_worth_ten_stern_judging_helps(learned, norm, both):
    found = learned.measure(learned.Setting(10.0, norm), 40, 10_000)["both"]
    assert found.mean() == pytest.approx(both, abs=0.1)
    assert ((found > 0.5).mean() > 0.4) == (norm == "GBBG")


@pytest.mark.slow
@pytest.mark.parametrize(("seeds", "reward"), SEEDS)
def test_r1c_three_seeds_of_ten_are_enough(learned, seeds, reward):
    """With two seeds runs differ: the reference has no interval, hence three standard errors of ours."""
    found = learned.measure(learned.Setting(seeds=seeds), 40, 10_000)["reward"]
    slack = max(0.05, 3 * found.std() / 40**0.5) if seeds == 2 else 0.05
    assert found.mean() == pytest.approx(reward, abs=slack)


@pytest.mark.slow
@pytest.mark.parametrize(("weight", "reward"), INWARD)
def test_r1d_who_weighs_meeting_itself_gives(learned, weight, reward):
    found = learned.measure(learned.Setting(weight=weight), 40, 10_000)
    assert found["reward"].mean() == pytest.approx(reward, abs=0.05)
