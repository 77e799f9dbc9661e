"""Rock, paper, scissors against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import RockPaperScissors

KNOWN = RockPaperScissors.reference


def test_reference_values(brute):
    game, mixture = RockPaperScissors(), (np.array(KNOWN["mixed equilibrium"]),) * 2
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game)[0] == KNOWN["optimal welfare"]
    assert game.regret(mixture) < 1e-15
    assert np.abs(game.expected_payoffs(mixture)).max() < 1e-15


@pytest.mark.parametrize(("winner", "loser"), [("paper", "rock"), ("scissors", "paper"), ("rock", "scissors")])
def test_what_beats_what(winner, loser):
    game = RockPaperScissors(win=2, loss=1)
    assert game.payoffs[game.profile((winner, loser))].tolist() == [2, -1]
    assert game.payoffs[game.profile((loser, winner))].tolist() == [-1, 2]


def test_ties_pay_nothing():
    assert not np.einsum("aap->ap", RockPaperScissors(win=2).payoffs).any()


def test_winning_has_to_be_worth_something():
    with pytest.raises(InputError, match="win"):
        RockPaperScissors(win=0)
