"""The volunteer's dilemma against Diekmann's formula and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import VolunteersDilemma

KNOWN = VolunteersDilemma.reference


def test_reference_values(brute):
    game = VolunteersDilemma()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["pure equilibria"])


def test_the_mixed_equilibrium():
    game, mixture = VolunteersDilemma(), (np.array(KNOWN["mixed equilibrium"]),) * 3
    assert game.regret(mixture) < 1e-14
    assert game.expected_payoffs(mixture) == pytest.approx(KNOWN["payoff at the mixed equilibrium"], abs=1e-14)


@pytest.mark.parametrize("players", [2, 5, 50, 500])
def test_diekmanns_formula_holds_for_any_number_of_witnesses(players):
    game = VolunteersDilemma(players=players, benefit=5, cost=2)
    wait = (2 / 5) ** (1 / (players - 1))
    assert game.regret((np.array([1 - wait, wait]),) * players) < 1e-10


@pytest.mark.parametrize("wrong", [{"cost": 2.0}, {"cost": 0}, {"players": 1}])
def test_what_is_another_game_is_refused(wrong):
    with pytest.raises(InputError, match="VolunteersDilemma"):
        VolunteersDilemma(**wrong)
