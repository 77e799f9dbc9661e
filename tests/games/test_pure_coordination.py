"""Pure coordination against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import PureCoordination

KNOWN = PureCoordination.reference


def test_reference_values(brute):
    game = PureCoordination()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["optimal moves"])
    assert np.array_equal(game.payoffs[..., 0], game.payoffs[..., 1])


def test_the_mixed_equilibrium():
    game, mixture = PureCoordination(), (np.array(KNOWN["mixed equilibrium"]),) * 2
    assert game.regret(mixture) < 1e-15
    assert game.expected_payoffs(mixture) == pytest.approx(KNOWN["payoff at the mixed equilibrium"], abs=1e-15)


def test_what_is_no_coordination_is_refused():
    with pytest.raises(InputError, match="PureCoordination"):
        PureCoordination(apart=1)
