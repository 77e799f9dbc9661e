"""The traveller's dilemma against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import TravellersDilemma

KNOWN = TravellersDilemma.reference


def test_reference_values(brute):
    game = TravellersDilemma()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert game.payoffs[0, 0].sum() == KNOWN["welfare at equilibrium"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["optimal moves"])


def test_with_basus_claims_only_the_lowest_is_an_equilibrium():
    game = TravellersDilemma(high=100)
    own, other = game.payoffs[..., 0], game.payoffs[..., 1]
    stable = (own == own.max(0)) & (other == other.max(1, keepdims=True))
    assert np.argwhere(stable).tolist() == [[0, 0]]
    assert game.labels((98, 98)) == ("100", "100")


def test_the_lower_claim_is_paid_with_its_bonus():
    game = TravellersDilemma(low=2, high=5, bonus=2)
    assert game.payoffs[game.profile(("5", "3"))].tolist() == [1, 5]
    assert game.facts_at(np.array(game.profile(("5", "3"))))["claim"].tolist() == [5, 3]


@pytest.mark.parametrize("wrong", [{"low": 5, "high": 5}, {"high": 10**9}, {"bonus": -1}, {"high": 10.5}])
def test_what_is_no_choice_of_claims_is_refused(wrong):
    with pytest.raises(InputError, match="TravellersDilemma"):
        TravellersDilemma(**wrong)
