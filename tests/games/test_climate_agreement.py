import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import ClimateAgreement


def signed(count, players):
    return np.array([0] * count + [1] * (players - count))


def by_hand(count, players, benefit, cost):
    """Payoffs of a signatory and of a country that stays out."""
    total = (count * count + players - count) * benefit / cost
    return benefit * total - (count * benefit) ** 2 / (2 * cost), benefit * total - benefit**2 / (2 * cost)


@pytest.mark.parametrize(("players", "benefit", "cost"), [(4, 1.0, 1.0), (7, 2.0, 3.0)])
def test_payoffs_by_hand(players, benefit, cost):
    game = ClimateAgreement(players, benefit, cost)
    for count in range(1, players):
        paid = game.payoffs_at(signed(count, players))
        assert (paid[0], paid[-1]) == pytest.approx(by_hand(count, players, benefit, cost))


def test_signing_alone_changes_nothing():
    game = ClimateAgreement()
    assert game.payoffs_at(signed(1, 10)) == pytest.approx(game.payoffs_at(signed(0, 10)))


def test_abatement_can_be_read():
    facts = ClimateAgreement(players=4).facts_at(signed(3, 4))
    assert facts["abatement"].tolist() == [3, 3, 3, 1]


@pytest.mark.parametrize("bad", [{"players": 2}, {"benefit": 0}, {"cost": float("nan")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        ClimateAgreement(**bad)
