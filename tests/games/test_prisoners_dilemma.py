"""The prisoner's dilemma against its reference values and brute force."""

import pytest

from ostrom.core.errors import InputError
from ostrom.games import PrisonersDilemma

KNOWN = PrisonersDilemma.reference


def test_reference_values(brute):
    game = PrisonersDilemma()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["optimal moves"])
    assert game.payoffs[1, 1].sum() == KNOWN["welfare at equilibrium"]
    assert KNOWN["optimal welfare"] / KNOWN["welfare at equilibrium"] == KNOWN["price of anarchy"]
    assert brute.implementation_cost(game, ("C", "C")) == KNOWN["cost of implementing (C, C)"]
    assert brute.implementation_cost(game, ("C", "D")) == 1
    assert brute.implementation_cost(game, ("D", "D")) == 0


def test_grim_trigger_holds_exactly_from_the_discount_it_names():
    game = PrisonersDilemma()
    (reward, _), (temptation, punishment) = game.payoffs[..., 0]
    threshold = (temptation - reward) / (temptation - punishment)
    assert threshold == KNOWN["grim trigger cooperates from discount"]


def test_parameters_stand_where_they_belong():
    game = PrisonersDilemma(reward=-1, sucker=-3, temptation=0, punishment=-2)
    assert game.payoffs.tolist() == [[[-1, -1], [-3, 0]], [[0, -3], [-2, -2]]]
    assert game.players == ("row", "column")


@pytest.mark.parametrize("wrong", [{"reward": 6}, {"punishment": 3}, {"sucker": 1}, {"reward": float("nan")}])
def test_what_is_no_dilemma_is_refused(wrong):
    with pytest.raises(InputError, match="PrisonersDilemma"):
        PrisonersDilemma(**wrong)


@pytest.mark.parametrize("wrong", [{"reward": "3"}, {"reward": True}, {"reward": None}])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(InputError, match="reward is a number"):
        PrisonersDilemma(**wrong)
