"""Bertrand competition with its consumers, against closed form and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import Bertrand

KNOWN = Bertrand.reference


def test_reference_values(brute):
    game = Bertrand()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game)[0] == KNOWN["profits of the cartel"]
    assert brute.optimum(game, bystanders=True)[0] == KNOWN["optimal total surplus"]


@pytest.mark.parametrize(("price", "where"), [("3", "at the higher equilibrium"), ("6", "under the cartel")])
def test_what_firms_and_consumers_get(price, where):
    game = Bertrand()
    *firms, consumers = game.utilities_at(np.array(game.profile([price, price])))
    assert consumers == KNOWN[f"consumers {where}"]
    assert sum(firms) == KNOWN[f"profits {where.replace('under', 'of')}"]


def test_the_cheapest_share_the_market():
    game = Bertrand(players=3)
    profile = np.array(game.profile(("4", "7", "4")))
    assert game.payoffs_at(profile).tolist() == [6, 0, 6]
    assert game.facts_at(profile)["sales"].tolist() == [3, 0, 3]
    assert game.facts_at(profile)["price"].tolist() == [4, 7, 4]
    assert game.bystander_payoffs_at(profile).tolist() == [18]


@pytest.mark.parametrize("wrong", [{"players": 1}, {"cost": 10.0}, {"step": 11.0}, {"demand": -1.0}])
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(InputError, match="Bertrand"):
        Bertrand(**wrong)
