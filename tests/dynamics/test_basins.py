"""Basins of attraction: exact shares of games whose separatrix is known, and honest counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import Share, basins, hedge, one_population, regret_matching, replicator_limit

RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])


def symmetric(row, moves=None):
    return NormalForm(np.stack([row, np.transpose(row)], axis=-1), moves=moves)


def shares(answer):
    return {basin.profile: basin.share for basin in answer.basins}


@pytest.mark.parametrize(("row", "exact"), [([[4, 0], [3, 3]], 1 / 4), ([[4, 1], [3, 2]], 1 / 2)])
def test_stag_hunts_of_one_population(row, exact):
    """R12b: the rest point between the two is at 3/4 and at 1/2."""
    answer = basins(one_population(symmetric(row)), replicator_limit, starts=2000)
    low, high = shares(answer)[0,].interval
    assert low <= exact <= high
    assert shares(answer)[0,].count + shares(answer)[1,].count == 2000
    assert answer.restless.count == answer.elsewhere.count == 0


def test_two_populations_have_another_separatrix():
    """Paths keep F(x) - F(y), F = -3 ln x - ln(1 - x); Stag's basin lies above the branch through (3/4, 3/4)."""
    x, y = np.random.default_rng(5).random((2, 400_000))
    high, low = np.maximum(x, y), np.minimum(x, y)
    ahead = (high > 3 / 4) & ((low > 3 / 4) | (potential(low) < potential(high)))
    answer = basins(symmetric([[4, 0], [3, 3]]), replicator_limit, starts=2000)
    low, high = shares(answer)[0, 0].interval
    assert low <= ahead.mean() <= high


def potential(x):
    return -3 * np.log(x) - np.log(1 - x)


@pytest.mark.parametrize("dynamics", [replicator_limit, hedge, regret_matching])
def test_everything_flows_to_a_dominant_move(dynamics):
    game = symmetric([[3, 0], [5, 1]], moves=("cooperate", "defect"))
    answer = basins(game, dynamics, starts=100, seed=3)
    assert {profile: share.count for profile, share in shares(answer).items()} == {(1, 1): 100}
    (claim,) = answer.claims(game)
    assert claim.verdict == "supported"
    assert claim.statement.startswith("From 100.0 % of starts (95 % interval 96.3 to 100.0 %)")
    assert claim.statement.endswith("ends near (defect, defect).")
    assert (claim.numbers["n"], claim.numbers["count"], claim.numbers["seeds"]) == (100, 100, [3])


@pytest.mark.parametrize("dynamics", [replicator_limit, hedge, regret_matching])
def test_cycles_are_said_to_reach_no_rest_point(dynamics):
    game = symmetric(RPS)
    answer = basins(game, dynamics, starts=50)
    assert (answer.basins, answer.restless.count, answer.elsewhere.count) == ((), 50, 0)
    assert answer.claims(game)[0].statement.endswith("reaches no rest point.")


def test_a_mixed_rest_point_is_named():
    chicken = one_population(symmetric([[6, 2], [7, 0]]))
    answer = basins(chicken, replicator_limit, starts=50)
    assert (len(answer.basins), answer.basins[0].profile, answer.basins[0].share.count) == (1, None, 50)
    assert answer.basins[0].point[0] == pytest.approx([2 / 3, 1 / 3], abs=1e-3)
    assert "ends near the mixture 0.67/0.33" in answer.claims(chicken)[0].statement


@pytest.mark.parametrize("dynamics", [replicator_limit, hedge, regret_matching])
def test_where_nothing_matters_everything_rests_and_nothing_is_listed(dynamics):
    answer = basins(NormalForm(np.full((2, 2, 2), 0.1)), dynamics, starts=300)
    assert all(basin.profile is not None for basin in answer.basins)
    assert answer.restless.count == 0
    assert answer.elsewhere.value > 0.9


def test_one_seed_one_answer():
    game = symmetric([[4, 0], [3, 3]])
    one, same, other = (basins(game, replicator_limit, starts=200, seed=seed) for seed in (1, 1, 2))
    assert shares(one) == shares(same)
    assert shares(one) != shares(other)


@given(st.integers(0, 200), st.integers(1, 200))
def test_intervals_hold_the_share_and_solve_wilsons_equation(count, starts):
    count = min(count, starts)
    share = Share(count, starts)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            deviations = abs(share.value - end) / np.sqrt(end * (1 - end) / starts)
            assert deviations == pytest.approx(1.959964, rel=1e-5)


def test_no_starts_are_refused():
    with pytest.raises(InputError, match="0 starts"):
        basins(symmetric(RPS), replicator_limit, starts=0)
