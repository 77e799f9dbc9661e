"""R3: opponent shaping in the prisoner's dilemma (-1, -3, 0, -2) and in matching pennies, with exact gradients.

Settings (Foerster et al., 2018, and another program that ran them again): 50 pairs of memory-one policies with scores
drawn from N(0, 1), discount 0.96 (pennies 0.9), values not normalised, rate and look 1 for 500 steps (1/2 for 1,000).
Reference values per round: naive against naive -2.00 (the paper: -1.98), LOLA against LOLA -1.08 (0.20), with half the
step -1.12 (0.18) (the paper: -1.06 (0.19)), each to 0.08; pennies: naive 0 (0.37), LOLA 0 (0.02) with 98.8 % at Nash.
"""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.learners import LOLA, good_shepherd
from ostrom.worlds import MatrixWorld

IPD = MatrixWorld.of(om.NormalForm([[[-1, -1], [-3, 0]], [[0, -3], [-2, -2]]], moves=("C", "D")))
PENNIES = MatrixWorld.of(om.NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("heads", "tails")))
NAIVE = LOLA(look=0.0)


def test_r3b_naive_learners_defect():
    assert NAIVE.exact(IPD).ends == pytest.approx(-2.0, abs=0.01)


@pytest.mark.parametrize(("step", "steps", "wanted"), [(1.0, 500, -1.08), (0.5, 1000, -1.12)])
def test_r3b_lola_cooperates(step, steps, wanted):
    ends = LOLA(rate=step, look=step).exact(IPD, steps=steps).ends
    assert ends.mean() == pytest.approx(wanted, abs=0.08)
    assert ends.std() < 0.3


def test_r3_who_looks_ahead_is_better_off():
    """LOLA with LOLA, above LOLA with a naive learner, above naive learners."""
    both, one, none = (a.exact(IPD, b).ends.mean() for a, b in ((LOLA(), LOLA()), (LOLA(), NAIVE), (NAIVE, NAIVE)))
    assert both > one > none + 0.3


def test_r3a_many_who_look_ahead_play_tit_for_tat():
    """The paper counts 81 % tit for tat among LOLA's; a pair counts here if both answer C with C and D with D."""
    odds = LOLA().exact(IPD).odds[..., 0]  # of C: first, then after CC, CD, DC, DD
    own = np.stack([odds[:, 0], odds[:, 1][:, [0, 1, 3, 2, 4]]], 1)
    answers = (own[..., 1] > 0.5) & (own[..., 2] < 0.5) & (own[..., 3] > 0.5) & (own[..., 4] < 0.5)
    assert answers.mean() > 0.5


def test_r3a_pennies_settle_for_lola_and_not_for_naive_learners():
    naive, looking = (one.exact(PENNIES) for one in (LOLA(discount=0.9, look=0.0), LOLA(discount=0.9)))
    assert naive.ends[:, 0].std() > 0.3
    assert looking.ends[:, 0].std() < 0.1
    assert abs(looking.ends[:, 0].mean()) < 0.05
    assert (np.abs(looking.odds - 0.5) < 0.1).mean() > 0.95


@pytest.mark.slow
def test_r3c_a_shaper_comes_near_the_ceiling_of_extortion():
    """-1/2 for an extortioner against a best reply; the shaper is fixed and its pupils are fresh."""
    found = good_shepherd(IPD, rounds=300)
    assert found.ceiling == pytest.approx(-0.5)
    assert found.gets.mean() > -0.65
    assert found.gets.max() <= found.ceiling + 1e-3
