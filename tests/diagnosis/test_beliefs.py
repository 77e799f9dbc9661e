import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.bayesian import Bayesian
from ostrom.diagnosis._diagnose import diagnose
from ostrom.diagnosis.beliefs import beliefs
from ostrom.games import Chicken, SecurityDilemma


def curse():
    """A is safe while nobody knows the state; who is known to know it drives the other to B."""
    one = np.array([[3, -4], [5, 1]])  # own move by the other's, in the state in which B tempts
    two = np.array([[3, 4.5], [0, 0]])
    table = np.stack([np.stack([own, own.T], -1) for own in (one, two)])
    odds = np.full((2, 1, 1), 0.5)
    return Bayesian(table, odds, players=("row", "column"), moves=("A", "B"), states=("tempting", "plain"))


def test_a_fear_that_costs_is_found_and_put_down_to_beliefs():
    found = beliefs(SecurityDilemma())
    best = SecurityDilemma.reference["value for each when the peaceful disarm"]
    assert found.true.welfare == pytest.approx(best, abs=1e-6)
    assert found.shares["beliefs"] == pytest.approx(best - found.now.welfare, abs=1e-6)
    assert found.shares["beliefs"] == pytest.approx(found.ideal - found.now.welfare, rel=0.01)
    said = " ".join(finding.sentence for finding in found.findings)
    assert "False beliefs cost" in said
    assert "100 % to beliefs" in said


def test_fears_that_only_choose_between_equilibria_are_said_to():
    found = beliefs(SecurityDilemma(feared=0.6))
    assert found.now.best == pytest.approx(found.true.welfare)
    assert "the better outcome is an equilibrium too" in " ".join(finding.sentence for finding in found.findings)
    assert "equilibrium too" not in " ".join(finding.sentence for finding in beliefs(SecurityDilemma()).findings)


@pytest.mark.parametrize("feared", [0.1, 0.5])
def test_fears_too_small_to_change_anything_are_not_blamed(feared):
    found = beliefs(SecurityDilemma(feared=feared))
    assert found.shares["beliefs"] == pytest.approx(0, abs=1e-6)
    assert "it changes nothing" in " ".join(finding.sentence for finding in found.findings)


def test_true_beliefs_are_nobodys_fault():
    found = beliefs(SecurityDilemma(feared=0.05))
    assert found.true is None
    assert found.corrected == ()
    assert not any("alse beliefs" in finding.sentence for finding in found.findings)


def test_knowledge_that_harms_who_has_it():
    found = beliefs(curse())
    assert found.now.payoffs == pytest.approx((3, 3), abs=1e-6)
    assert found.told == pytest.approx((2.75, 2.75), abs=1e-6)
    assert "row and column would be worse off for being told" in found.findings[-1].sentence


def test_one_decider_is_never_harmed_by_knowing():
    rng = np.random.default_rng(0)
    game = Bayesian(rng.normal(size=(4, 3, 1)), rng.dirichlet(np.ones(8)).reshape(4, 2), players=("she",))
    found = beliefs(game)
    assert found.told[0] == pytest.approx(found.ideal, abs=1e-6)
    assert found.shares["each for itself"] == pytest.approx(0, abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_parts_sum_to_what_is_lost_and_the_plan_is_the_best_of_all(seed):
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(0, 9, (2, 2, 2, 2, 2)).astype(float)
    prior, believed = rng.dirichlet(np.ones(4)).reshape(2, 2), rng.dirichlet(np.ones(4), 2).reshape(2, 2, 2)
    found = beliefs(Bayesian.of_types(payoffs, prior, beliefs=believed))
    assert sum(found.shares.values()) == pytest.approx(found.ideal - found.now.welfare)
    mean = payoffs.mean(-1)
    plans = itertools.product(range(2), repeat=4)
    best = max(sum(prior[t] * mean[(*t, p[t[0]], p[2 + t[1]])] for t in np.ndindex(2, 2)) for p in plans)
    assert found.plan == pytest.approx(best)
    assert found.plan >= found.now.best - 1e-9
    assert found.shares["not knowing"] >= -1e-9
    assert found.shares["each for itself"] >= -1e-9


def test_other_games_are_refused():
    with pytest.raises(InputError, match="no states"):
        beliefs(Chicken())


@pytest.mark.slow
def test_the_whole_diagnosis_values_by_what_is_true_and_acts_on_what_is_believed():
    game = SecurityDilemma(aggressive=0.05, feared=0.7)
    seen = diagnose(game)
    assert seen.beliefs.shares["beliefs"] == pytest.approx(1.3775, abs=1e-6)
    assert seen.facets.gap == pytest.approx(1.3775, abs=1e-6)
    assert "False beliefs cost" in seen.summary
    assert any("act on beliefs that are not true" in finding.sentence for finding in seen.findings)
    assert "beliefs" in seen.to_dict()
    assert diagnose(SecurityDilemma(feared=0.05)).beliefs.true is None
