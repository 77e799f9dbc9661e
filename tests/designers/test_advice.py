"""The designer of advice: the best correlated equilibrium, by a linear program of another kind and another solver."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from ostrom import games
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.advice import advice

CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], moves=("swerve", "straight"))
HUNDREDS = pytest.mark.parametrize("seeds", [range(40), pytest.param(range(200), marks=pytest.mark.slow)])


def best(payoffs, worth):
    """The highest welfare of odds from which no player gains by any rule "told a, do d": SciPy, one row per rule."""
    sizes, rows = payoffs.shape[:-1], []
    for i, size in enumerate(sizes):
        for told in range(size):
            for instead in range(size):
                row = np.zeros(sizes)
                here = [slice(None)] * len(sizes)
                here[i] = told
                there = [slice(None)] * len(sizes)
                there[i] = instead
                row[tuple(here)] = payoffs[(*there, i)] - payoffs[(*here, i)]
                rows.append(row.ravel())
    return -linprog(-worth.ravel(), rows, np.zeros(len(rows)), np.ones((1, worth.size)), [1], method="highs-ipm").fun


@HUNDREDS
def test_no_obedient_lottery_is_worth_more(seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        sizes = [(2, 2), (3, 3), (2, 2, 2), (2, 3, 2)][seed % 4]
        whole = rng.random() < 0.5
        table = rng.integers(-5, 6, (*sizes, len(sizes))) if whole else rng.normal(size=(*sizes, len(sizes)))
        game = NormalForm(table)
        problem = Problem(game, np.full(sizes, 1 / game.size))
        expected = best(game.payoffs, game.payoffs.mean(-1))
        found = advice(problem)
        assert isinstance(found, Proposal)
        assert found.effects.welfare_after == pytest.approx(expected, abs=1e-6)
        assert (found.outcome * problem.worth).sum() == pytest.approx(expected, abs=1e-6)
        assert problem.worth.max() - found.bound == pytest.approx(expected, abs=1e-5)
        obeyed, none_better, *_ = found.claims
        assert (obeyed.verdict, none_better.verdict) == ("proved", "proved")
        certificate = found.certificate(problem)
        assert {one.answer for one in certificate.recheck()} == {"confirmed"}


def test_aumanns_game_of_chicken():
    """Aumann (1974): at most 10 1/2 for both together."""
    found = advice(CHICKEN)
    assert 2 * found.effects.welfare_after == pytest.approx(10.5)
    odds = {tuple(labels): share for labels, share in found.institution.device}
    assert odds == {("swerve", "swerve"): 0.5, ("swerve", "straight"): 0.25, ("straight", "swerve"): 0.25}
    assert found.claims[0].evidence["slack"] == 0
    assert found.claims[1].evidence["worth"] == Fraction(21, 4)
    assert found.needs.cost == found.needs.fine == found.needs.information == 0


def test_advice_goes_by_what_agents_pursue_and_by_what_principals_want():
    careful = np.array(CHICKEN.payoffs)
    careful[1, 0, 0] = careful[0, 1, 1] = 5  # nobody wants to be the one who goes straight
    found = advice(Delegation(CHICKEN, rewards=careful))
    assert found.target == ("swerve", "swerve")
    assert found.effects.welfare_after == 6


def test_a_joint_move_that_is_obeyed_and_one_that_is_not():
    assert advice(CHICKEN, ("swerve", "straight")).claims[0].verdict == "proved"
    found = advice(CHICKEN, ("swerve", "swerve"))
    assert isinstance(found, Impossible)
    assert "gains by disobeying" in found.because


def test_a_large_table_is_looked_at_as_well(monkeypatch):
    """Where evidence is not written down, somebody who gains is noticed in float64 all the same."""
    monkeypatch.setattr("ostrom.audits._case.EXACT", 4)
    assert isinstance(advice(CHICKEN, ("swerve", "swerve")), Impossible)
    found = advice(CHICKEN)
    assert found.claims[0].verdict == "proved"
    assert "float64" in found.claims[0].method
    assert found.claims[0].tolerance > 0


def test_nothing_is_gained_by_advice_where_interests_are_opposed():
    found = advice(games.MatchingPennies())
    assert found.objection == "What is played now is as good."


def test_an_unknown_move():
    with pytest.raises(InputError):
        advice(CHICKEN, ("swerve", "brake"))
