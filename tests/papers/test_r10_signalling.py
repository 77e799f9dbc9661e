"""R10a, R10b: signals get their meaning by reinforcement (Lewis games under Roth and Erev's urns).

Urns start with 1 of each, success adds 1. Reference values: share of runs whose chance of success is above 0.8. Two
states: 0.996 after 1e5 plays, all after 1e6 (a theorem says all, in the end: Argiento et al. 2009). Three states: 0.891
after 1e5 plays, 0.900 after 1e6; the rest pool two states, with a chance of 2/3.
"""

import math

import numpy as np
import pytest

from ostrom.dynamics.roth_erev import Informed, roth_erev

CLEAR = 0.8
PLAYS = [pytest.param(2, 100_000, 0.996, marks=pytest.mark.slow), (3, 100_000, 0.891)]


def chances(states, runs, plays, seed):
    return roth_erev(Informed.lewis(states), runs, rounds=plays, seed=seed, share=1 / plays).expected[:, 0]


def errors(share, runs):
    """Three standard errors of the difference between two shares of so many runs, theirs of 1,000."""
    return 3 * math.sqrt(share * (1 - share) * (1 / runs + 1 / 1000))


@pytest.mark.slow
@pytest.mark.parametrize(("states", "plays", "expected"), PLAYS)
def test_r10_after_a_hundred_thousand_plays(states, plays, expected):
    found = chances(states, 400, plays, seed=1)
    assert (found > CLEAR).mean() == pytest.approx(expected, abs=errors(expected, 400))


@pytest.mark.slow
def test_r10b_three_states_after_a_million_plays():
    found = chances(3, 1000, 1_000_000, seed=0)
    assert (found > CLEAR).mean() == pytest.approx(0.900, abs=errors(0.9, 1000))
    rest = found[found <= CLEAR]
    assert np.median(rest) == pytest.approx(2 / 3, abs=0.001)
    assert (np.abs(rest - 2 / 3) < 0.05).mean() > 0.85  # the others are still on their way


@pytest.mark.slow
def test_r10a_two_states_nearly_always_signal_after_a_million_plays():
    """Theirs were 300 of 300 with a mean of 0.9997. A few runs in a thousand take longer, and weigh on the mean."""
    found = chances(2, 300, 1_000_000, seed=0)
    share = (found > CLEAR).mean()
    pooled = (share + 1) / 2
    assert 1 - share <= 3 * math.sqrt(2 * pooled * (1 - pooled) / 300)
    assert np.median(found) > 0.9999
    assert found.mean() == pytest.approx(0.9997, abs=3 * found.std() / math.sqrt(300) + 1e-4)
