"""Rules that are brought along: worked numbers, what designers say of their own, and what cannot be said."""

import numpy as np
import pytest

from ostrom import InputError, NormalForm, games, institutions
from ostrom.designers._compare import compare
from ostrom.designers._given import given
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.allotment import allotment
from ostrom.designers.vote import vote

DILEMMA = games.PrisonersDilemma()  # 3, 0, 5, 1
PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("heads", "tails"), name="matching pennies")


def test_a_tax_by_hand():
    """5 - 3 < 3 and 1 - 3 < 0: who defects pays, so nobody does, and nobody pays."""
    found = given(Problem(DILEMMA), "tax", [institutions.Tax(on="D", rate=3.0)])
    assert found.target == ("C", "C")
    assert found.effects.welfare_after == 3
    assert found.effects.change == {"row": 2.0, "column": 2.0}
    assert (found.needs.fine, found.needs.promise, found.needs.cost) == (3, 0, 0)
    assert {claim.verdict for claim in found.claims} == {"proved"}


def test_a_subsidy_costs_what_is_paid_where_it_is_played():
    found = given(Problem(DILEMMA), "subsidy", [institutions.Subsidy(on="C", rate=2.5, levied=False)])
    assert found.target == ("C", "C")
    assert found.needs.cost == 5
    assert found.effects.welfare_after == 3  # money that changes hands is no gain
    assert found.effects.change == {"row": 4.5, "column": 4.5}


def test_layers_are_laid_one_round_the_other():
    rules = [institutions.Tax(on="D", rate=0.5), institutions.Tax(on="D", rate=2.5)]
    assert given(Problem(DILEMMA), "both", rules).target == ("C", "C")
    assert given(Problem(DILEMMA), "one", rules[:1]).target == ("D", "D")
    assert given(Problem(DILEMMA), "one", rules[:1]).objection == "What is played now is as good."


@pytest.mark.parametrize(
    ("designer", "game"), [(vote, DILEMMA), (allotment, games.Rescue()), (vote, games.PublicGoods(players=3))]
)
def test_what_a_designer_proposes_is_found_again_when_it_is_brought_along(designer, game):
    problem = Problem(game)
    own = designer(problem)
    if isinstance(own, Impossible):
        pytest.skip(own.because)
    found = given(problem, "brought", [own.institution])
    assert isinstance(found, Proposal)
    assert found.effects.welfare_after == pytest.approx(own.effects.welfare_after)


def test_dice_are_averaged_over():
    """A fine of 8 that comes about every other time is one of 4 on average, and enough."""
    rule = institutions.Enforced(institutions.Tax(on="D", rate=8.0), detection=0.5)
    found = given(Problem(DILEMMA), "audited", [rule])
    assert found.target == ("C", "C")
    assert found.outcome[0, 0] == pytest.approx(1)


def test_where_nothing_pure_is_played_it_is_said():
    found = given(Problem(PENNIES), "tax", [institutions.Tax(on="heads", rate=0.1)])
    assert isinstance(found, Impossible)
    assert "no pure equilibrium" in found.because


def test_a_rule_that_does_not_fit_is_told_and_stops_nothing():
    found = given(Problem(DILEMMA), "tax", [institutions.Tax(on="harvest", rate=1.0)])
    assert isinstance(found, Impossible)
    assert "harvest" in found.because


def test_lines_stand_in_order_beside_those_of_designers():
    brought = [institutions.Tax(on="D", rate=3.0), (institutions.Tax(on="D", rate=0.1),), institutions.Vote(motion="C")]
    found = compare(DILEMMA, among=["fines"], runs=4, beside=brought)
    lines = {line.approach: line for line in found.lines}
    assert set(lines) == {"doing nothing", "fines", "tax:rate=3", "tax:rate=0.1", "vote"}
    assert lines["tax:rate=3"].worst == 3
    assert not lines["tax:rate=0.1"].proposed
    assert found.lines[-1].approach == "tax:rate=0.1"
    assert np.isnan(lines["tax:rate=0.1"].learners)


def test_something_else_than_a_rule_is_refused():
    with pytest.raises((InputError, TypeError, AttributeError)):
        compare(DILEMMA, among=["fines"], runs=4, beside=[3])
