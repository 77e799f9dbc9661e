import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import Vaccination

KNOWN = Vaccination.reference


def profile(count, players=50):
    return np.array([0] * count + [1] * (players - count))


def test_just_so_many_are_vaccinated_that_neither_side_would_change():
    game = Vaccination()
    stable = [k for k in range(51) if game.regret(game.pure(profile(k))) <= 1e-12]
    assert stable == [KNOWN["vaccinated at equilibrium"]]


def test_what_it_costs_all():
    game = Vaccination()
    cost = [-game.payoffs_at(profile(k)).sum() for k in range(51)]
    assert int(np.argmin(cost)) == KNOWN["vaccinated at the optimum"]
    assert cost[40] == pytest.approx(KNOWN["what it costs all at the optimum"])
    assert cost[36] == pytest.approx(KNOWN["what it costs all at equilibrium"])
    assert game.bystander_payoffs_at(profile(40)) == pytest.approx([0])
    assert game.bystander_payoffs_at(profile(36))[0] < 0


@pytest.mark.parametrize(("reproduction", "risk"), [(5, 0.3), (12, 0.1), (3, 0.5)])
def test_large_populations_come_to_bauchs_and_earns_share(reproduction, risk):
    game = Vaccination(players=1000, reproduction=reproduction, risk=risk)
    near = range(
        int(1000 * (1 - 1 / (reproduction * (1 - risk)))) - 2, int(1000 * (1 - 1 / (reproduction * (1 - risk)))) + 4
    )
    stable = [k for k in near if _stable(game, k)]
    assert stable
    assert stable[0] / 1000 == pytest.approx(1 - 1 / (reproduction * (1 - risk)), abs=2e-3)


def test_a_risk_as_large_as_the_disease_is_taken_by_nobody():
    game = Vaccination(risk=0.9)
    assert game.regret(game.pure(profile(0))) <= 1e-12


@pytest.mark.parametrize("bad", [{"risk": -0.1}, {"reproduction": 0.5}, {"players": 1}, {"risk": float("nan")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        Vaccination(**bad)


def _stable(game, count):
    """Whether neither who is vaccinated nor who waits would change, by the payoffs of two joint moves each."""
    here = game.payoffs_at(profile(count, 1000))
    fewer, more = game.payoffs_at(profile(count - 1, 1000)), game.payoffs_at(profile(count + 1, 1000))
    return here[0] >= fewer[count - 1] and here[-1] >= more[count]
