"""R3: opponent shaping in the prisoner's dilemma (-1, -3, 0, -2) and in matching pennies, with exact gradients.

Settings (Foerster et al., 2018, and another program that ran them again): 50 pairs of memory-one policies with scores
drawn from N(0, 1), discount 0.96 (pennies 0.9), values not normalised, rate and look 1 for 500 steps (1/2 for 1,000).
Reference values per round: naive against naive -2.00 (the paper: -1.98), LOLA against LOLA -1.08 (0.20), with half the
step -1.12 (0.18) (the paper: -1.06 (0.19)), each to 0.08; pennies: naive 0 (0.37), LOLA 0 (0.02) with 98.8 % at Nash.
"""

from functools import cache

import pytest

pytest.importorskip("jax")

from ostrom.learners import good_shepherd


@pytest.fixture(scope="module")
def shaping(example):
    return example("opponent_shaping")


@pytest.fixture(scope="module")
def ends(shaping):
    """`ends("BOTH")`: payoffs per step of each pair of that line of the example, learned once."""
    return cache(lambda name: shaping.learn(getattr(shaping, name)))


def test_r3b_naive_learners_defect(ends):
    assert ends("NAIVE").ends == pytest.approx(-2.0, abs=0.01)


@pytest.mark.parametrize(("name", "wanted"), [("BOTH", -1.08), ("SLOW", -1.12)])
def test_r3b_lola_cooperates(ends, name, wanted):
    found = ends(name).ends
    assert found.mean() == pytest.approx(wanted, abs=0.08)
    assert found.std() < 0.3


def test_r3_who_looks_ahead_is_better_off(ends):
    """LOLA with LOLA, above LOLA with a naive learner, above naive learners."""
    both, one, none = (ends(name).ends.mean() for name in ("BOTH", "ONE", "NAIVE"))
    assert both > one > none + 0.3


def test_r3a_many_who_look_ahead_answer_like_for_like_and_naive_learners_do_not(shaping, ends):
    """The paper counts 81 % tit for tat among LOLA's, and not how; here both of a pair answer C with C and D with D."""
    assert shaping.alike(ends("SLOW")) > 0.5
    assert shaping.alike(ends("BOTH")) > 0.3
    assert shaping.alike(ends("NAIVE")) == 0


def test_r3a_pennies_settle_for_lola_and_not_for_naive_learners(shaping, ends):
    naive, looking = ends("NAIVE_PENNIES"), ends("BOTH_PENNIES")
    assert naive.ends[:, 0].std() > 0.3
    assert looking.ends[:, 0].std() < 0.1
    assert abs(looking.ends[:, 0].mean()) < 0.05
    assert shaping.even(looking) > 0.95


@pytest.mark.slow
def test_r3c_a_shaper_comes_near_the_ceiling_of_extortion(shaping):
    """-1/2 for an extortioner against a best reply; the shaper is fixed and its pupils are fresh."""
    found = good_shepherd(shaping.DILEMMA, rounds=300)
    assert found.ceiling == pytest.approx(-0.5)
    assert found.gets.mean() > -0.65
    assert found.gets.max() <= found.ceiling + 1e-3
