import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.games import DisasterResponse

KNOWN = DisasterResponse.reference


def saved(game):
    """How many are saved at each joint move, and at the best."""
    all_saved = game.bystander_payoffs_at(game.profiles())[:, 0]
    return all_saved, all_saved.max()


def test_reference_values(brute):
    game = DisasterResponse()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    at = game.profile(("A", "A", "A"))
    assert game.bystander_payoffs_at(np.array(at))[0] == KNOWN["saved at equilibrium"]
    assert saved(game)[1] == KNOWN["saved at the optimum"]


def test_shares_add_up_to_what_is_saved():
    game = DisasterResponse(players=4)
    profiles = game.profiles()
    assert game.payoffs_at(profiles).sum(-1) == pytest.approx(game.bystander_payoffs_at(profiles)[:, 0])


def test_credit_for_what_would_not_have_been_saved_makes_the_optimum_an_equilibrium(brute):
    game = DisasterResponse(credit=1.0)
    all_saved, best = saved(game)
    optimal = {game.labels(profile) for profile in game.profiles()[all_saved >= best - 1e-9]}
    assert optimal <= set(brute.equilibria(game))


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 4), st.integers(2, 3), st.floats(0.05, 1), st.floats(0.1, 1), st.floats(0, 1))
def test_every_equilibrium_saves_half_of_what_could_be_saved(players, sites, skill, decline, credit):
    """Vetta (2002), for credit no larger than what is saved in all."""
    game = DisasterResponse(players, sites, skill, decline, credit)
    all_saved, best = saved(game)
    for profile, many in zip(game.profiles(), all_saved, strict=True):
        if game.regret(game.pure(profile)) <= 1e-9:
            assert many >= KNOWN["least share saved at any equilibrium"] * best - 1e-9


@pytest.mark.parametrize("bad", [{"skill": 0}, {"sites": 9}, {"credit": 2}, {"decline": float("nan")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        DisasterResponse(**bad)
