"""Players that do not learn."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax

import ostrom as om
from ostrom.core.agent import Policy, Sight
from ostrom.learners import Reinforce, Scripted, Trained, play, train
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=6)


class Echo(Policy):
    """Does what the other did; cooperates at first."""

    def act(self, sight, memory):
        other = sight.seen["last"][1 - sight.seat]
        return {"act": sight.scores("act", sight.xp.maximum(other, 0))}, memory


class Defects(Policy):
    """Always the second move."""

    def act(self, sight, memory):
        return {"act": sight.scores("act", 1)}, memory


def test_tit_for_tat_loses_the_first_round_only():
    assert play(PD, [Echo(), Defects()]).returns.tolist() == [[5.0, 10.0]]
    assert play(PD, Scripted(Echo())).returns.tolist() == [[18.0, 18.0]]


def test_the_same_policy_outside_of_a_compiled_world():
    sight = Sight(0, PD.ground, {"last": np.array([0, 1])}, {"act": np.ones(2, bool)})
    scores, _ = Echo().act(sight, {})
    assert scores["act"].argmax() == 1


@pytest.mark.slow
def test_what_was_trained_plays_and_no_longer_learns():
    run = train(PD, Reinforce(length=12, copies=2), 24, seeds=2)
    one, other = run.players(0), run.players(1)
    assert all(isinstance(player, Trained) for player in one)
    numbers = sum(leaf[0, 0].size for leaf in jax.tree.leaves(run.minds))
    assert [repr(player) for player in one] == [f"Trained(Reinforce, {numbers:,} numbers in mind)"] * 2
    together = train(PD, [one[0], other[1]], 24)
    assert set(together.metrics) >= {"payoff", "return"}
    assert play(PD, one, seed=3).moves["act"].tolist() == play(PD, one, seed=3).moves["act"].tolist()
