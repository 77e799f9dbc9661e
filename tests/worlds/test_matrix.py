"""A table game played in a world pays what the table says."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.testing import check_world
from ostrom.worlds import MatrixWorld, rollout, uniform

RAGGED = NormalForm(
    np.random.default_rng(0).normal(size=(2, 3, 2, 3)),
    moves=[("a", "b"), ("a", "b", "c"), ("x", "y")],
    facts=[Fact("noise", "decibels", lambda profiles: 1.0 * profiles + profiles.sum(-1, keepdims=True))],
)


def test_it_is_a_world():
    assert "prospects are kept: noise" in check_world(MatrixWorld.of(RAGGED, horizon=30))


def test_every_joint_move_pays_what_the_table_says():
    world = MatrixWorld.of(RAGGED)
    profiles = RAGGED.profiles().astype(np.int32)
    start = world.reset(np.zeros(2, np.uint32))

    def play(profile):
        after, payoffs = world.step(np.zeros(2, np.uint32), start, {"act": profile})
        return payoffs, world.facts(start, {"act": profile}, after)["noise"], after.last

    payoffs, noise, last = jax.vmap(play)(profiles)
    assert np.allclose(payoffs, RAGGED.payoffs_at(profiles), atol=1e-6)
    assert np.allclose(noise, profiles + profiles.sum(-1, keepdims=True))
    assert (np.array(last) == profiles).all()


def test_nobody_is_given_a_move_they_do_not_have():
    mask = MatrixWorld.of(RAGGED).mask(MatrixWorld.of(RAGGED).reset(np.zeros(2, np.uint32)))["act"]
    assert np.array(mask).tolist() == [[True, True, False], [True, True, True], [True, True, False]]
    moves = np.array(rollout(MatrixWorld.of(RAGGED, 200), uniform).moves["act"])
    assert moves.max(0).tolist() == [1, 2, 1]


def test_the_joint_move_before_is_seen():
    alternate = {"act": lambda last: (last + 1) % 2}
    world = MatrixWorld.of(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]]), horizon=4)
    played = rollout(world, lambda key, view, mask: {"act": alternate["act"](view.public["last"])})
    assert np.array(played.payoffs).tolist() == [[3, 3], [1, 1], [3, 3], [1, 1]]


def test_payoffs_can_be_batched():
    world = MatrixWorld.of(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]]), horizon=3)
    tables = np.stack([world.payoffs, 2 * world.payoffs, -world.payoffs])

    def total(table):
        made = MatrixWorld(table, world.amounts, world.most, world.players, world.moves, horizon=3)
        return rollout(made, uniform).payoffs

    paid = np.array(jax.vmap(total)(tables))
    assert np.allclose(paid, np.array([1, 2, -1])[:, None, None] * paid[0])
    assert np.abs(paid[0]).sum() > 0
