"""Rescue: credit and rescues by a plain loop, crowding at equilibrium, and the best allocation by assignment."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice import best_tasks
from ostrom.core.errors import InputError
from ostrom.games import Rescue
from ostrom.solvers import pure_equilibria


def by_hand(at, skill, decline, slower):
    """Credit of each agency, and how many are saved."""
    saved = {}
    for agency, site in enumerate(at):
        share = skill * slower**agency * 100 * decline**site
        saved[site] = max(saved.get(site, 0.0), share)
    return [saved[site] / at.count(site) for site in at], sum(saved.values())


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 4), st.integers(2, 4), st.floats(0.1, 1), st.floats(0.1, 1), st.floats(0.1, 1))
def test_credit_and_rescues_by_hand(players, sites, skill, decline, slower):
    game = Rescue(players, sites, skill, decline, slower)
    for at in itertools.product(range(sites), repeat=players):
        credit, saved = by_hand(at, skill, decline, slower)
        assert game.payoffs[at] == pytest.approx(credit)
        assert game.bystander_payoffs_at(np.array(at))[0] == pytest.approx(saved)
        facts = game.facts_at(np.array(at))
        assert facts["saved"].sum() == pytest.approx(saved)
        assert facts["crowd"].tolist() == [at.count(site) for site in at]


def test_all_crowd_and_the_best_is_the_assignment():
    game = Rescue()
    assert [game.labels(at) for at in pure_equilibria(game).profiles] == Rescue.reference["pure equilibria"]
    assert game.bystander_payoffs_at(np.zeros(3, int))[0] == pytest.approx(Rescue.reference["saved at equilibrium"])
    scores = np.outer(0.9 * 0.8 ** np.arange(3), 100 * 0.32 ** np.arange(3))
    best = max(float(game.bystander_payoffs_at(np.array(at))[0]) for at in itertools.product(range(3), repeat=3))
    assert best == pytest.approx(best_tasks(scores).score)
    assert best == pytest.approx(Rescue.reference["saved at the optimum"])


@pytest.mark.parametrize("bad", [{"players": 1}, {"sites": 7}, {"skill": 0}, {"decline": float("nan")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        Rescue(**bad)
