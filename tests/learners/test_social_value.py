"""Social value orientation: payoffs by hand, and that regard for others is learned from, not paid."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.learners import QLearning, SocialValue, train
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=6)


@pytest.mark.parametrize("angle", [-45.0, 0.0, 30.0, 90.0])
def test_what_is_learned_from_is_written_out_by_hand(angle):
    random = np.random.default_rng(1)
    payoffs = random.normal(size=(2, 4, 2, 3)).astype(np.float32)
    payoffs[1] = payoffs[0]
    seat = np.stack([np.full((4, 2), 2), np.full((4, 2), 0)])
    found = SocialValue(QLearning(), angle).regarded(payoffs[[0, 0], ..., [2, 0]], payoffs, seat)
    for row, own in enumerate((2, 0)):
        others = [other for other in range(3) if other != own]
        mean = (payoffs[0, ..., others[0]] + payoffs[0, ..., others[1]]) / 2
        wanted = np.cos(np.deg2rad(angle)) * payoffs[0, ..., own] + np.sin(np.deg2rad(angle)) * mean
        assert np.allclose(found[row], wanted, atol=1e-5)


def test_the_prosocial_cooperate_and_the_selfish_defect():
    """At 45° cooperating dominates in the dilemma 3, 0, 5, 1; what is paid stays what the game pays."""
    plain = QLearning(state=(), discount=0.0)
    prosocial, selfish = (train(PD, SocialValue(plain, angle), 4000, seeds=2) for angle in (45.0, 0.0))
    assert prosocial.metrics["payoff"][:, -20:].mean() == pytest.approx(3, abs=0.1)
    assert selfish.metrics["payoff"][:, -20:].mean() == pytest.approx(1, abs=0.1)


@pytest.mark.slow
def test_nothing_changes_for_the_selfish():
    """At 0° it is the learner itself, number by number."""
    plain, wrapped = (train(PD, learner, 800, seed=3) for learner in (QLearning(), SocialValue(QLearning(), 0.0)))
    assert np.array_equal(plain.minds[0].values, wrapped.minds[0].values)
