"""The published regret bound holds on random delegations, and its terms are what they are called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.regret_bound import regret_bound

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])


def test_without_a_pure_equilibrium_the_first_two_terms_stay_together():
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    found = regret_bound(pennies, pennies.uniform())
    assert (found.inter_agent, found.capability, found.cooperation) == (None, None, None)
    assert found.bound == found.regret == 0


def test_a_clumsy_player_shows_up_in_capability():
    """Both at random: each gets the middle of its range, so every joint move is an ε-equilibrium and w_ε is 1."""
    found = regret_bound(PD, PD.uniform())
    assert found.regret == pytest.approx(3 - 2.25)
    assert found.capability == 0
    assert found.cooperation == pytest.approx(0.625)
    assert found.bound == pytest.approx(found.regret)
    chicken = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]])
    assert regret_bound(chicken, chicken.pure((1, 1))).capability == pytest.approx(4.5)


def test_a_constant_reward_adds_nothing_to_the_magnitude():
    found = regret_bound(Delegation(PD, rewards=np.zeros((2, 2, 2))), PD.pure((1, 1)))
    assert found.magnitude == 0
    assert found.bound >= found.regret


@given(st.integers(0, 100_000), st.booleans())
def test_regret_never_exceeds_the_bound(seed, mixed):
    rng = np.random.default_rng(seed)
    sizes = tuple(rng.integers(2, 4, rng.integers(2, 4)))
    game = NormalForm(rng.normal(size=(*sizes, len(sizes))))
    near = game.payoffs + rng.exponential() * rng.normal(size=game.payoffs.shape)
    played = tuple(rng.dirichlet(np.ones(size)) if mixed else np.eye(size)[rng.integers(size)] for size in sizes)
    found = regret_bound(Delegation(game, rewards=near), played)
    assert found.regret <= found.bound + 1e-9
    assert 0 <= found.ideal_regret <= found.ideal_bound + 1e-9
    assert found.intent >= 0
    if found.cooperation is not None:
        assert 0 <= found.cooperation <= 1
        assert found.inter_agent + found.capability >= found.agents_loss - 1e-9


@given(st.integers(0, 100_000))
def test_a_pure_play_always_has_its_split_where_a_pure_equilibrium_exists(seed):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.integers(0, 5, (2, 2, 2)))
    stable = [p for p in np.ndindex(2, 2) if game.regret(game.pure(p)) == 0]
    found = regret_bound(game, game.pure(tuple(rng.integers(0, 2, 2))))
    assert (found.cooperation is not None) == bool(stable)
