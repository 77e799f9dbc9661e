"""REINFORCE: the best reply to somebody who does not learn, and its gradient against one worked out by hand."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.learners import Reinforce, play, train
from ostrom.learners._nets import Net
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=6)


class Cooperates(Policy):
    """Always the first move."""

    def act(self, sight, memory):
        return {"act": sight.scores("act", 0)}, memory


@pytest.mark.slow
def test_it_learns_the_best_reply_to_one_who_does_not_learn():
    learner = Reinforce(length=12, copies=8, rate=2e-2, entropy=0.0, net=Net(hidden=(16,)))
    run = train(PD, [learner, Cooperates()], 12 * 8 * 60)
    assert play(PD, run.players(), episodes=4).returns[:, 0].mean() > 27  # 30 is the most


def test_advantages_are_those_of_plain_sums():
    """λ = 1: the discounted return to the end of the episode, less the value; written out step by step."""
    import jax
    import jax.numpy as jnp

    from ostrom.learners._learner import Track

    random, learner = np.random.default_rng(0), Reinforce(discount=0.9, net=Net(hidden=()))
    steps, copies = 7, 3
    payoff, value = random.normal(size=(2, steps, copies)).astype(np.float32)
    cut = random.random((steps, copies)) < 0.3
    over = cut & (random.random((steps, copies)) < 0.5)
    later = random.normal(size=(steps, copies)).astype(np.float32)
    weights = jnp.array([[0.0, 1.0]])  # the value is what is seen, squeezed; here it is undone first
    seen = {"x": np.sign(later) * np.expm1(np.abs(later))}
    mind = type("Mind", (), {"parameters": {"grids": {}, "layers": [], "out": (weights, jnp.zeros(2))}})
    empty = np.zeros((steps, copies, 0), np.float32)
    lived = {"notes": {"value": value}, "payoff": payoff, "over": over, "cut": cut}
    track = Track(**{**dict.fromkeys(Track._fields, ()), **lived, "memory": empty, "later": empty, "after": seen})
    gained, returns = learner.advantages(mind, jax.tree.map(jnp.asarray, track))
    for copy in range(copies):
        for start in range(steps):
            total, factor = 0.0, 1.0
            for now in range(start, steps):
                total += factor * payoff[now, copy]
                factor *= 0.9
                if cut[now, copy] or now == steps - 1:
                    total += 0.0 if over[now, copy] else factor * later[now, copy]
                    break
                total += factor * (later[now, copy] - value[now + 1, copy])
            assert gained[start, copy] == pytest.approx(total - value[start, copy], abs=1e-4)
    assert np.allclose(returns, gained + value, atol=1e-5)
