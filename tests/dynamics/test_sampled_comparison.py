"""Sampled shares: intervals hold the exact answer, the same seed gives the same, and slow mixing shows."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.dynamics import pairwise_comparison, sampled_comparison
from ostrom.games import Chicken, PrisonersDilemma, RockPaperScissors


@pytest.mark.parametrize("game", [Chicken(), RockPaperScissors()])
def test_intervals_hold_the_exact_shares(game):
    """Joint odds of 95 % each: of forty intervals, few may miss."""
    settings = {"population": 12, "strength": 0.5, "mutation": 0.1}
    exact = pairwise_comparison(game, **settings).mean
    missed = 0
    for seed in range(8):
        found = sampled_comparison(game, **settings, steps=400, runs=12, seed=seed)
        assert (found.interval[:, 0] <= found.mean).all()
        assert (found.mean <= found.interval[:, 1]).all()
        missed += int(((exact < found.interval[:, 0]) | (exact > found.interval[:, 1])).sum())
        assert found.mean == pytest.approx(exact, abs=0.1)
    assert missed <= 4
    assert "sampled" in found.method


def test_one_seed_one_answer():
    one, same, other = (
        sampled_comparison(PrisonersDilemma(), population=10, mutation=0.1, steps=100, runs=4, seed=s)
        for s in (1, 1, 2)
    )
    assert np.array_equal(one.runs, same.runs)
    assert not np.array_equal(one.runs, other.runs)


def test_runs_that_stay_where_they_began_make_a_wide_interval():
    """Ten thousand steps, and hardly a mutant: nothing is claimed about the long run."""

    def same(counts):
        return np.zeros(counts.shape)

    found = sampled_comparison(same, 2, 50, mutation=1e-9, steps=10_000, runs=6)
    assert found.interval[0, 1] - found.interval[0, 0] > 0.9


def test_what_cannot_be_listed_can_be_sampled():
    """Eight strategies among 200 can be composed in 10^12 ways; alike, they are as frequent."""
    found = sampled_comparison(lambda c: np.zeros(c.shape), 8, 200, mutation=0.5, steps=4_000, runs=16)
    assert found.mean == pytest.approx(np.full(8, 1 / 8), abs=0.02)
    assert found.mean.sum() == pytest.approx(1)


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="two means"):
        sampled_comparison(PrisonersDilemma(), mutation=0.1, runs=1)
    with pytest.raises(InputError, match="takes two"):
        sampled_comparison(PrisonersDilemma(), mutation=0.0)
