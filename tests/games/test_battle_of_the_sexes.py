"""Battle of the sexes against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import BattleOfTheSexes

KNOWN = BattleOfTheSexes.reference


def test_reference_values(brute):
    game = BattleOfTheSexes()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["optimal moves"])


def test_the_mixed_equilibrium():
    game = BattleOfTheSexes()
    mixture = tuple(np.array(own) for own in KNOWN["mixed equilibrium"])
    paid = game.expected_payoffs(mixture)
    assert game.regret(mixture) < 1e-15
    assert paid == pytest.approx(KNOWN["payoff at the mixed equilibrium"], abs=1e-15)
    assert KNOWN["optimal welfare"] / paid.sum() == pytest.approx(KNOWN["price of anarchy"], abs=1e-14)


def test_who_prefers_what():
    game = BattleOfTheSexes(favourite=5, other=2, apart=-1)
    assert game.payoffs.tolist() == [[[5, 2], [-1, -1]], [[-1, -1], [2, 5]]]


def test_what_is_no_such_battle_is_refused():
    with pytest.raises(InputError, match="BattleOfTheSexes"):
        BattleOfTheSexes(favourite=1)
