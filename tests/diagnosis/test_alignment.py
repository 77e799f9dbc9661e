"""Alignment measures: identical and opposed rewards, invariance, and who is named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.alignment import alignment

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], players=["Ann", "Bo"])


def test_self_acting_best_replies_are_fully_aligned():
    found = alignment(PD, PD.pure((1, 1)))
    assert found.individual == (1.0, 1.0)
    assert found.capability == (1.0, 1.0)
    said = found.findings[0].sentence
    assert "every agent wants what its principal wants" in said
    assert "every agent plays a best reply" in said


def test_an_opposed_reward_and_a_clumsy_agent_are_named():
    rewards = np.stack([-PD.payoffs[..., 0], PD.payoffs[..., 1]], -1)
    found = alignment(Delegation(PD, rewards=rewards), (np.array([1.0, 0.0]), np.array([0.5, 0.5])))
    assert found.individual == pytest.approx((0.0, 1.0), abs=1e-12)
    assert found.capability == pytest.approx((1.0, 0.5))
    assert "individual alignment is below 1 for Ann (lowest 0.00)" in found.findings[0].sentence
    assert "individual capability is below 1 for Bo (lowest 0.50)" in found.findings[0].sentence


def test_an_agent_without_a_wish_is_half_aligned():
    rewards = PD.payoffs.copy()
    rewards[..., 0] = 7.0
    found = alignment(Delegation(PD, rewards=rewards), PD.uniform())
    assert found.individual == pytest.approx((0.5, 1.0))
    assert found.capability[0] == 1.0


@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.01, 100))
def test_rescaling_a_reward_changes_nothing(seed, shift, scale):
    rng = np.random.default_rng(seed)
    game, rewards = NormalForm(rng.normal(size=(2, 3, 2))), rng.normal(size=(2, 3, 2))
    before = alignment(Delegation(game, rewards=rewards), game.uniform())
    after = alignment(Delegation(game, rewards=shift + scale * rewards), game.uniform())
    assert after.individual == pytest.approx(before.individual, abs=1e-9)
    assert after.capability == pytest.approx(before.capability, abs=1e-9)
    assert after.collective == before.collective


@given(st.integers(0, 10_000))
def test_all_measures_lie_between_nothing_and_one(seed):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.integers(-4, 5, (2, 2, 3, 3)))
    found = alignment(Delegation(game, rewards=rng.integers(-4, 5, (2, 2, 3, 3))), game.uniform())
    for degree in (*found.individual, *found.capability, found.collective):
        assert -1e-12 <= degree <= 1 + 1e-12
