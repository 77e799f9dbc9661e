"""Advantage alignment: its weights by plain loops, and cooperation that answers defection."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.learners import IPPO, AdvantageAlignment, play, train
from ostrom.learners._learner import Track
from ostrom.learners._nets import Net
from ostrom.worlds import MatrixWorld

IPD = MatrixWorld.of(om.NormalForm([[[-1, -1], [-3, 0]], [[0, -3], [-2, -2]]], moves=("C", "D")), horizon=32)
HOW = {"net": Net(hidden=()), "length": 32, "copies": 64, "rate": 1e-2, "discount": 0.9, "entropy": 0.03}


class Defects(Policy):
    """Always the second move."""

    def act(self, sight, memory):
        return {"act": sight.scores("act", 1)}, memory


def lived(random, steps, copies, seats, seat):
    """A track in which nothing but payoffs, values and cuts matters; what came after is worth nothing."""
    payoffs = random.normal(size=(steps, copies, seats)).astype(np.float32)
    value, others = random.normal(size=(2, steps, copies)).astype(np.float32)
    cut = random.random((steps, copies)) < 0.2
    notes = {"value": value, "others": others, "seat": np.full((steps, copies), seat)}
    fields = {"payoffs": payoffs, "payoff": payoffs[..., seat], "cut": cut, "over": np.ones_like(cut), "notes": notes}
    empty = np.zeros((steps, copies, 0), np.float32)
    fields |= {"later": empty, "after": {"x": np.zeros((steps, copies))}, "memory": empty}
    return Track(**{**dict.fromkeys(Track._fields, ()), **fields})


@pytest.mark.parametrize("align", [0.0, 1.5])
def test_weights_are_those_of_the_paper_by_plain_loops(align):
    """Aₜ + align · γ · (Σ over earlier k of γᵗ⁻ᵏ Aₖ) · Bₜ, each centred over copies and in standard deviations."""
    random, learner = np.random.default_rng(0), AdvantageAlignment(align=align, discount=0.9, trace=0.6)
    track, steps, copies = lived(random, 6, 4, 3, 1), 6, 4
    mind = type("Mind", (), {"parameters": {"grids": {}, "layers": [], "out": (jnp.zeros((1, 4)), jnp.zeros(4))}})
    found, returns = learner.weighed(mind, jax.tree.map(jnp.asarray, track))
    theirs = track.payoffs[..., 0] + track.payoffs[..., 2]
    surprise = {"own": track.payoff - track.notes["value"], "others": theirs - track.notes["others"]}
    traced = {name: np.zeros((steps, copies)) for name in surprise}
    for name, one in surprise.items():
        for e in range(copies):
            for t in reversed(range(steps)):
                more = 0.0 if t == steps - 1 or track.cut[t, e] else traced[name][t + 1, e]
                traced[name][t, e] = one[t, e] + 0.9 * 0.6 * more

    def centred(rows):
        rows = rows - rows.mean(1, keepdims=True)
        return rows / rows.std()

    own, other, step = centred(traced["own"]), centred(traced["others"]), centred(surprise["own"])
    for e in range(copies):
        start = 0
        for t in range(steps):
            past = sum(0.9 ** (t - k) * step[k, e] for k in range(start, t))
            assert found[t, e] == pytest.approx(own[t, e] + align * 0.9 * past * other[t, e], abs=1e-4)
            start = t + 1 if track.cut[t, e] else start
    assert np.allclose(returns[..., 0], traced["own"] + track.notes["value"], atol=1e-5)
    assert np.allclose(returns[..., 1], traced["others"] + track.notes["others"], atol=1e-5)


@pytest.mark.slow
def test_it_cooperates_with_its_own_kind_and_not_with_defectors_where_others_defect():
    """Four pairs: -1 a round is mutual cooperation, -2 mutual defection."""
    steps = 32 * 64 * 200
    aligned, plain = (train(IPD, kind(**HOW), steps, seeds=4) for kind in (AdvantageAlignment, IPPO))
    assert (aligned.metrics["payoff"][:, -20:].mean((1, 2)) > -1.1).all()
    assert (plain.metrics["payoff"][:, -20:].mean((1, 2)) < -1.9).all()
    met = play(IPD, [aligned.players()[0], Defects()], episodes=16)
    assert met.returns[:, 0].mean() / 32 > -2.2
    assert met.returns[:, 1].mean() / 32 < -1.6
