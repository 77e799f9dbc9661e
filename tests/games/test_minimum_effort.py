"""The minimum-effort game against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import MinimumEffort

KNOWN = MinimumEffort.reference


def test_reference_values(brute):
    game = MinimumEffort()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    best, where = brute.optimum(game)
    assert best == pytest.approx(KNOWN["optimal welfare"], abs=1e-12)
    assert where == KNOWN["optimal moves"]
    for effort, paid in KNOWN["payoff by common effort"].items():
        assert game.payoffs_at(np.full(3, effort - 1)) == pytest.approx(paid, abs=1e-12)
    assert game.payoffs_at(np.array([6, 0, 6]))[0] == pytest.approx(KNOWN["payoff of effort 7 beside a 1"], abs=1e-12)


def test_a_group_of_fourteen_as_in_the_experiment():
    game = MinimumEffort(players=14, efforts=7)
    high = tuple(np.eye(7)[6] for _ in range(13))
    doubtful = np.array([0.1, 0, 0, 0, 0, 0, 0.9])
    worth = game.deviation_payoffs((*high, doubtful))[0]
    assert worth[6] == pytest.approx(0.6 + 0.2 * (0.1 * 1 + 0.9 * 7) - 0.7, abs=1e-12)


@pytest.mark.parametrize("wrong", [{"cost": 0.3}, {"cost": 0}, {"efforts": 1}, {"players": 1}])
def test_what_is_another_game_is_refused(wrong):
    with pytest.raises(InputError, match="MinimumEffort"):
        MinimumEffort(**wrong)
