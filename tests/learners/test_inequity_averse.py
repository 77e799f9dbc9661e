"""Inequity aversion: the formula of Hughes et al. by plain loops, envy and guilt in their places, and thresholds."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.learners import InequityAverse, QLearning, train
from ostrom.learners._learner import Learner, Track
from ostrom.worlds import Lake, MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=6)


class Diary(Learner):
    """Keeps what it was given to learn from."""

    length: int = 5
    copies: int = 2
    shared: bool = False

    def begin(self, key, space):
        return jnp.zeros((self.length, self.copies * (len(space.ground.players) if self.shared else 1)))

    def act(self, key, mind, memory, sight):
        return {"act": jax.random.randint(key, (), 0, sight.mask["act"].shape[-1]).astype(jnp.int32)}, memory, {}

    def update(self, key, mind, track, done):
        return track.payoff, {}


def by_hand(payoffs, cut, envy, guilt, smooth, before):
    """`[T, E, P]` of what seats feel, from payoffs `[T, E, P]`, seat by seat and step by step."""
    steps, copies, players = payoffs.shape
    felt, had = np.zeros_like(payoffs), before.copy()
    for t in range(steps):
        for e in range(copies):
            had[e] = smooth * had[e] + payoffs[t, e]
            for i in range(players):
                others = [j for j in range(players) if j != i]
                ahead = sum(max(had[e, j] - had[e, i], 0) for j in others) / len(others)
                behind = sum(max(had[e, i] - had[e, j], 0) for j in others) / len(others)
                felt[t, e, i] = payoffs[t, e, i] - envy * ahead - guilt * behind
            if cut[t, e]:
                had[e] = 0
    return felt, had


@pytest.mark.parametrize("shared", [False, True])
def test_it_is_the_formula_step_by_step_from_one_lesson_to_the_next(shared):
    """Three lessons of five steps in episodes of seven, so that what was had goes on from lesson to lesson."""
    learner = InequityAverse(Diary(shared=shared), envy=0.7, guilt=0.2, smooth=0.9)
    random, had = np.random.default_rng(2), np.zeros((2, 3), np.float32)
    minds = learner.begin(None, type("Space", (), {"ground": Lake(players=3).ground}))
    minds = minds if shared else jax.tree.map(lambda leaf: jnp.stack([leaf] * 3), minds)
    for lesson in range(3):
        payoffs = random.normal(size=(5, 2, 3)).astype(np.float32)
        cut = np.repeat((np.arange(5) + 5 * lesson)[:, None] % 7 == 6, 2, 1)
        seat = np.broadcast_to(np.arange(3)[:, None, None], (3, 5, 2))
        lived = {"payoff": np.moveaxis(payoffs, -1, 0), "payoffs": np.stack([payoffs] * 3), "cut": np.stack([cut] * 3)}
        track = Track(**{**dict.fromkeys(Track._fields, ()), **lived, "notes": {"seat": seat}})
        minds, _ = learner.improve(jax.random.key(0), minds, jax.tree.map(jnp.asarray, track), 0.0)
        felt, had = by_hand(payoffs, cut, 0.7, 0.2, 0.9, had)
        wanted = np.moveaxis(felt, -1, 0)
        found = minds.mind.reshape(5, 3, 2).swapaxes(0, 1) if shared else minds.mind
        assert np.allclose(found, wanted, atol=1e-5)


def test_envy_is_of_those_who_have_more_and_guilt_of_having_more():
    """Fehr and Schmidt on 3, 0, 5, 1: mutual cooperation holds from a guilt of 0.4 on, whatever the envy."""
    seat = np.array([0, 1])[:, None, None]
    for guilt in (0.39, 0.41):
        averse = InequityAverse(QLearning(), envy=2.0, guilt=guilt, smooth=0.0)
        paid = {moves: PD.payoffs[moves].astype(np.float32) for moves in np.ndindex(2, 2)}
        felt = {moves: np.asarray(averse.felt(jnp.asarray(p)[None, None], seat)).ravel() for moves, p in paid.items()}
        worth = {moves: paid[moves] - felt[moves] for moves in paid}
        assert (worth[0, 0][0] >= worth[1, 0][0]) == (guilt > 0.4)
        assert worth[0, 1][0] == pytest.approx(0 - 2.0 * 5)  # the sucker envies
        assert worth[1, 0][0] == pytest.approx(5 - guilt * 5)  # who exploits feels guilty


def test_it_learns_in_the_loop_and_is_paid_as_before():
    run = train(PD, InequityAverse(QLearning(state=()), envy=0.0, guilt=0.9, smooth=0.0), 2000, seed=1)
    assert set(np.unique(run.metrics["payoff"][0, :20])) <= set(np.arange(0, 81) / 16)
    assert run.metrics["inequityaverse felt"].shape == (1, 125)


def test_another_number_of_copies_is_refused():
    with pytest.raises(InputError, match="4 copies are played"):
        train(PD, InequityAverse(QLearning()), 100, copies=4)
