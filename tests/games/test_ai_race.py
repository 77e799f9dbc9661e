import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import AIRace
from ostrom.games.ai_race import equilibrium_care
from ostrom.solvers import pure_equilibria


def test_two_teams_at_equilibrium():
    game = AIRace()
    at = game.profile((f"{AIRace.reference['care of two teams at equilibrium']:g}",) * 2)
    assert tuple(at) in pure_equilibria(game).profiles
    assert game.bystander_payoffs_at(np.array(at))[0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("players", "capability", "enmity"),
    [(2, 0.8, 1.0), (4, 1.2, 1.0), pytest.param(5, 4.0, 1.0, marks=pytest.mark.slow), (4, 1.0, 0.5)],
)
def test_the_care_of_the_formula_is_an_equilibrium_on_the_grid(players, capability, enmity):
    care = equilibrium_care(players, capability, enmity)
    game = AIRace(players, capability, enmity)
    profile = (round(care * 10),) * players
    assert care * 10 == pytest.approx(profile[0])
    assert game.regret(game.pure(profile)) <= 1e-12


def test_payoffs_against_drawn_capabilities():
    """A million draws, to four standard errors."""
    rng = np.random.default_rng(0)
    game, care = AIRace(3, 1.5, 0.6), np.array([0.2, 0.5, 0.5])
    scores = rng.uniform(0, 1.5, (1_000_000, 3)) - care
    winner = scores.argmax(1)
    won = np.eye(3)[winner].mean(0)
    expected = won * care + 0.4 * ((won * care).sum() - won * care)
    assert game.payoffs_at(np.array([2, 5, 5])) == pytest.approx(expected, abs=2e-3)
    assert game.bystander_payoffs_at(np.array([2, 5, 5]))[0] == pytest.approx((won * care).sum(), abs=2e-3)


def test_somebody_always_wins():
    game = AIRace(4, 0.7, 0.0, levels=3)
    paid = game.payoffs_at(game.profiles())
    safe = game.bystander_payoffs_at(game.profiles())[:, 0]
    assert np.allclose(paid, safe[:, None])  # without enmity all want the same
    assert safe.max() == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [{"players": 1}, {"enmity": 2}, {"capability": 0}, {"levels": 1}, {"players": 2.5}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        AIRace(**bad)
