"""The stag hunt against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import StagHunt

KNOWN = StagHunt.reference


def test_reference_values(brute):
    game = StagHunt()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["optimal moves"])
    assert KNOWN["optimal welfare"] / game.payoffs[1, 1].sum() == KNOWN["price of anarchy"]


def test_the_mixed_equilibrium():
    game, mixture = StagHunt(), (np.array(KNOWN["mixed equilibrium"]),) * 2
    assert game.regret(mixture) < 1e-15
    assert game.expected_payoffs(mixture).tolist() == [KNOWN["payoff at the mixed equilibrium"]] * 2


def test_one_population_goes_to_stag_from_a_quarter_of_all_starts():
    """Of all shares of stag, those above the mixed equilibrium grow: the rest is the basin of hare."""
    game, shares = StagHunt(), np.linspace(0, 1, 4001)[1:-1]
    worth = game.deviation_payoffs((np.stack([shares, 1 - shares], -1),) * 2)[0]
    assert np.mean(worth[:, 0] > worth[:, 1]) == pytest.approx(KNOWN["replicator basin of stag"], abs=1e-3)


def test_what_is_no_stag_hunt_is_refused():
    with pytest.raises(InputError, match="StagHunt"):
        StagHunt(stag=2)
