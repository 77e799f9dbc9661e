"""The one loop over steps: deterministic, batched, differentiable, and compiled once for all parameters."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.errors import InputError
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import View
from ostrom.core.seeds import fold
from ostrom.core.world import World
from ostrom.institutions import Contract, Tax
from ostrom.worlds import Harvest, Lake, rollout, uniform

Partial = jax.tree_util.Partial
SMALL = Harvest.small(horizon=40)


class Meadow(World):
    """Herders choose how much to graze, a number: what is taxed is smooth."""

    growth: float = 0.3
    horizon: int = 12

    @property
    def ground(self):
        return Ground(("ann", "bob"), play=((Part("act", low=0.0, high=3.0),),), facts=("grass",))

    def reset(self, key):
        return jnp.float32(10.0)

    def step(self, key, state, moves):
        eaten = moves["act"] * state / 10
        left = state - eaten.sum()
        return left + self.growth * left * (1 - left / 20), eaten - 0.2 * moves["act"] ** 2

    def facts(self, before, moves, after):
        return {"grass": moves["act"] * before / 10}

    def observe(self, state):
        return View({"height": state})


def test_the_same_seed_gives_the_same_play():
    first, again, other = (rollout(SMALL, uniform, seed) for seed in (7, 7, 8))
    assert jax.tree.all(jax.tree.map(lambda a, b: (a == b).all(), first, again))
    assert (first.payoffs != other.payoffs).any()


@pytest.mark.slow
def test_seeds_can_be_batched():
    alone = [rollout(SMALL, uniform, seed).payoffs for seed in range(4)]
    together = jax.vmap(lambda seed: rollout(SMALL, uniform, seed).payoffs)(jnp.arange(4))
    assert (np.array(alone) == np.array(together)).all()


def test_a_seed_of_two_words():
    assert (rollout(SMALL, uniform, 5).payoffs != rollout(SMALL, uniform, 2**32 + 5).payoffs).any()
    with pytest.raises(InputError, match="2\\*\\*64"):
        rollout(SMALL, uniform, -1)


def test_the_uniform_policy_is_uniform_over_what_is_permitted():
    mask = {"act": jnp.array([[True, False, True], [False, True, False]]), "level": jnp.array([[1.0, 3.0], [0.0, 0.0]])}
    keys = np.stack([np.arange(4000), np.zeros(4000)], -1).astype(np.uint32)
    moves = jax.vmap(lambda key: uniform(key, View(), mask))(keys)
    act, level = np.array(moves["act"]), np.array(moves["level"])
    assert set(act[:, 0]) == {0, 2}
    assert (act[:, 0] == 2).mean() == pytest.approx(0.5, abs=0.04)  # five standard deviations
    assert set(act[:, 1]) == {1}
    assert level[:, 0].mean() == pytest.approx(2.0, abs=0.05)
    assert (level[:, 0] >= 1).all()
    assert (level[:, 0] <= 3).all()
    assert not level[:, 1].any()


def test_three_parameter_values_are_one_compilation():
    traces = []

    def counted(key, view, mask):
        traces.append(1)
        return uniform(key, view, mask)

    def play(rate):
        return rollout(
            Lake(growth=0.4 + rate / 10).under(Contract("fish", damages=rate), Tax("harvest", rate)), counted
        )

    first, once = play(0.1), len(traces)
    assert once > 0
    paid = [play(rate).payoffs.sum() for rate in (0.5, 0.9)]
    assert len(traces) == once
    assert first.payoffs.sum() > paid[0] > paid[1]


@pytest.mark.slow
def test_rates_can_be_batched():
    def paid(rate):
        return rollout(Lake().under(Tax("harvest", rate)), uniform).payoffs.sum(0)

    rates = jnp.array([0.0, 0.4, 1.5])
    assert np.allclose(jax.vmap(paid)(rates), [paid(rate) for rate in (0.0, 0.4, 1.5)], rtol=1e-5)


@pytest.mark.slow
def test_the_gradient_of_welfare_with_fixed_moves_is_what_is_taken():
    def welfare(rate):
        played = rollout(Lake().under(Tax("harvest", rate)), uniform)
        return played.payoffs.sum(), played.facts["harvest"].sum()

    slope, taken = jax.grad(welfare, has_aux=True)(0.3)
    assert slope == pytest.approx(-float(taken), rel=1e-5)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_the_gradient_through_play_and_stock_is_that_of_finite_differences(rate):
    def graze(rate, key, view, mask):
        want = jnp.maximum(1 - rate, 0.1) * view.public["height"] / 4
        return {"act": jnp.broadcast_to(want, (2,))}

    def welfare(rate):
        governed = Meadow().under(Tax("grass", rate, shared=True))
        return rollout(governed, Partial(graze, rate)).payoffs.sum()

    step = 1e-2
    around = (welfare(rate + step) - welfare(rate - step)) / (2 * step)
    slope = jax.grad(welfare)(rate)
    assert abs(slope) > 0.5
    assert slope == pytest.approx(float(around), rel=1e-2)


def test_some_tax_is_better_than_none_and_than_too_much():
    def graze(rate, key, view, mask):
        want = jnp.maximum(1 - rate, 0.0) * view.public["height"] / 4
        return {"act": jnp.broadcast_to(want, (2,))}

    def welfare(rate):
        return rollout(Meadow().under(Tax("grass", rate, shared=True)), Partial(graze, rate)).payoffs.sum()

    none, some, all_of_it = jax.vmap(welfare)(jnp.array([0.0, 0.5, 1.0]))
    assert some > none
    assert some > all_of_it


def test_keys_are_folded_alike_in_numpy_and_jax_and_differ_by_step_and_purpose():
    keys = [tuple(fold(np.array([5, 9], np.uint32), n, purpose).tolist()) for n in range(50) for purpose in (0, 1)]
    assert len(set(keys)) == 100
    compiled = jax.jit(lambda n: fold(jnp.array([5, 9], jnp.uint32), n, 1, jnp))
    assert [tuple(np.array(compiled(n)).tolist()) for n in range(50)] == keys[1::2]
