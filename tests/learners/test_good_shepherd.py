"""The good shepherd: near the ceiling of extortion and never beyond, and held down by institutions."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.learners import _memory_one as memory_one
from ostrom.learners import good_shepherd
from ostrom.worlds import Lake, MatrixWorld

IPD = om.NormalForm([[[-1, -1], [-3, 0]], [[0, -3], [-2, -2]]], moves=("C", "D"))
WORLD = MatrixWorld.of(IPD)
QUICK = {"steps": 60, "rounds": 60, "rate": 0.2, "pupils": 6, "trials": 16}


@pytest.fixture(scope="module")
def shepherd():
    return good_shepherd(WORLD, **QUICK)


@pytest.mark.slow
def test_it_extorts_naive_learners_within_the_ceiling(shepherd):
    """The ceiling -1/2 is where the other gets its maximin of -2 (Press and Dyson, 2012, for χ without end)."""
    assert shepherd.ceiling == pytest.approx(-0.5)
    assert shepherd.gets.max() <= shepherd.ceiling + 1e-3
    assert shepherd.gets.mean() > -0.8
    assert shepherd.leaves.mean() < -1.3
    assert shepherd.gains.mean() > 1.0
    assert shepherd.made[-1] > shepherd.made[0] + 1


def test_what_it_says_it_gets_is_the_end_of_what_its_pupils_learned(shepherd):
    assert shepherd.payoffs.shape == shepherd.alone.shape == (16, 61, 2)
    assert np.allclose(shepherd.gets, shepherd.payoffs[:, -1, 0])
    assert np.allclose(shepherd.odds.sum(-1), 1, atol=1e-5)
    assert (np.diff(shepherd.payoffs[:, :, 1], axis=1) > -0.05).all()  # pupils climb their gradient


@pytest.mark.slow
def test_the_seat_is_chosen_and_the_same_seed_gives_the_same(shepherd):
    second = good_shepherd(WORLD, seat=1, **QUICK)
    assert second.gets.mean() == pytest.approx(shepherd.gets.mean(), abs=0.15)
    assert np.array_equal(second.payoffs, good_shepherd(WORLD, seat=1, **QUICK).payoffs)


@pytest.mark.parametrize(
    ("institution", "most"),
    [
        pytest.param(om.institutions.Tax(on="D", rate=3.0), 0.05, marks=pytest.mark.slow),
        (om.institutions.Ban((("*", "D"),)), 1e-6),
    ],
    ids=["tax", "ban"],
)
@pytest.mark.slow
def test_where_nobody_gains_by_defecting_there_is_nothing_to_extort(institution, most):
    found = good_shepherd(WORLD.under(institution), **QUICK | {"rounds": 20})
    assert found.gains.mean() < most
    assert found.leaves.mean() == pytest.approx(-1, abs=0.1)


def test_ceilings_worked_out_by_hand():
    """Extortion with factor χ in (-1, -3, 0, -2): against a best reply it gets (-χ - 2) / (1 + 2χ), at most -1/2."""
    assert max((-chi - 2) / (1 + 2 * chi) for chi in (2, 3, 10, 1e9)) == pytest.approx(memory_one.ceiling(IPD))
    pennies = om.games.MatchingPennies()
    assert memory_one.ceiling(pennies, 0) == pytest.approx(-memory_one.ceiling(pennies, 1))
    axelrod = om.games.PrisonersDilemma()  # 3, 0, 5, 1: between CC (3, 3) and DC (5, 0), where the other gets 1
    assert memory_one.ceiling(axelrod, 0) == pytest.approx(3 + 2 * 2 / 3)
    assert memory_one.ceiling(axelrod, 1) == pytest.approx(3 + 2 * 2 / 3)


def test_the_ceiling_is_the_most_over_all_mixtures_of_joint_moves():
    """By brute force over a grid of mixtures of joint moves, for a random game of 2 by 3 moves."""
    game = om.NormalForm(np.random.default_rng(5).normal(size=(2, 3, 2)))
    least = max(min(x * a + (1 - x) * b for a, b in game.payoffs[..., 0].T) for x in np.linspace(0, 1, 2001))
    points, best = game.payoffs.reshape(-1, 2), -np.inf
    for one in points:
        for other in points:
            for share in np.linspace(0, 1, 401):
                mine, theirs = share * one[1] + (1 - share) * other[1], share * one[0] + (1 - share) * other[0]
                best = max(best, mine) if theirs >= least - 1e-9 else best
    assert memory_one.ceiling(game, 1) == pytest.approx(best, abs=2e-2)


def test_other_worlds_and_seats_are_refused():
    with pytest.raises(InputError, match="Lake"):
        good_shepherd(Lake())
    with pytest.raises(InputError, match="no seat 2"):
        good_shepherd(WORLD, seat=2)
