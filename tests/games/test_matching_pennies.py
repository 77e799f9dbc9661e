"""Matching pennies against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import MatchingPennies

KNOWN = MatchingPennies.reference


def test_reference_values(brute):
    game = MatchingPennies(stake=3)
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game)[0] == KNOWN["optimal welfare"]
    assert (game.payoffs.sum(-1) == 0).all()
    assert game.payoffs[0, 0].tolist() == [3, -3]


def test_the_mixed_equilibrium():
    game, mixture = MatchingPennies(), (np.array(KNOWN["mixed equilibrium"]),) * 2
    assert game.regret(mixture) == 0
    assert game.expected_payoffs(mixture).tolist() == [KNOWN["payoff at the mixed equilibrium"]] * 2


@pytest.mark.parametrize("stake", [0, -1, float("inf")])
def test_without_a_stake_there_is_no_game(stake):
    with pytest.raises(InputError, match="stake"):
        MatchingPennies(stake=stake)
