"""Episodes step by step: the hooks put together, a new start that costs nothing until it is due, and derivatives."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.core.institution import View
from ostrom.core.seeds import fold, words
from ostrom.core.world import STEP, World
from ostrom.institutions import Contract, Tax
from ostrom.worlds import Episodes, Lake, MatrixWorld, rollout, uniform


class Countdown(World):
    """Two seats; each "up" takes one off a number, and at 0 the episode is over. Starts and looks are counted."""

    start: int = 3
    horizon: int = 5
    early: bool = True

    @property
    def ground(self):
        return self.plain_ground(2, "rest", "up")

    @property
    def ends(self):
        return self.early

    def reset(self, key):
        jax.debug.callback(lambda _: counted.append("start"), key)
        return jnp.int32(self.start) + 0 * jnp.asarray(key[0], dtype=jnp.int32)

    def step(self, key, state, moves):
        return state - moves["act"].sum(), moves["act"].astype(jnp.float32)

    def observe(self, state):
        jax.debug.callback(lambda _: counted.append("look"), state)
        return View({"left": state}, {"own": jnp.arange(2) + state})

    def over(self, state):
        return (state <= 0) if self.early else np.array(False)


class Drawn(Countdown):
    """It begins with a random number."""

    def reset(self, key):
        return jax.random.randint(jax.random.wrap_key_data(key), (), 0, 1 << 30)


counted = []


def test_what_is_seen_has_seats_first_and_what_is_known_is_named():
    episodes = Episodes(Lake())
    obs, state = episodes.reset(3)
    obs, state, reward, terminated, truncated, info = episodes.step(4, state, {"act": jnp.ones(4, jnp.int32)})
    assert {name: value.shape for name, value in obs.items()} == {"stock": (4,), "time": (4,)}
    assert np.array_equal(Episodes(Countdown()).reset(0)[0]["own"], [3, 4])
    assert reward.shape == (4,)
    assert (terminated.shape, truncated.shape, int(state.time)) == ((), (), 1)
    assert set(info) == {"mask", "facts", "sights", "present"}
    assert set(info["facts"]) == {"harvest", "effort"}
    assert info["sights"]["stock"].tolist() == [62.5] * 4
    assert info["mask"]["act"].shape == (4, 3)


@pytest.mark.parametrize("world", [Lake(horizon=5).under(Contract("fish"), Tax("harvest", 0.3))])
def test_the_same_keys_and_moves_are_the_same_play_as_a_rollout(world):
    played, key = rollout(world, uniform, 5), np.array(words(5), np.uint32)
    episodes = Episodes(world)
    _, state = episodes.reset(5)
    step = jax.jit(episodes.step)
    for number in range(world.horizon):
        moves = {part: made[number] for part, made in played.moves.items()}
        _, state, reward, terminated, truncated, info = step(fold(key, number, STEP), state, moves)
        assert np.array_equal(reward, played.payoffs[number])
        assert np.array_equal(info["facts"]["harvest"], played.facts["harvest"][number])
        assert bool(truncated) == (number + 1 == world.horizon)
        assert not terminated


def test_an_end_and_a_time_limit_are_told_apart():
    episodes = Episodes(Countdown())
    _, state = episodes.reset(0)
    up, rest = jnp.ones(2, jnp.int32), jnp.zeros(2, jnp.int32)
    told = []
    for actions in (up, up, rest, rest, rest):
        _, state, _, terminated, truncated, _ = episodes.step(0, state, actions)
        told.append((bool(terminated), bool(truncated)))
    assert told == [(False, False), (True, False), (True, False), (True, False), (True, True)]


def test_a_new_start_keeps_what_was_seen_last():
    episodes = Episodes(Countdown(), auto_reset=True)
    _, state = episodes.reset(0)
    up, rest = jnp.ones(2, jnp.int32), jnp.zeros(2, jnp.int32)
    times, last = [], []
    for actions in (up, up, rest, rest, rest, rest, rest, up):
        obs, state, _, terminated, truncated, info = episodes.step(0, state, actions)
        times.append(int(state.time))
        last.append((int(info["terminal_obs"]["left"][0]), int(obs["left"][0])))
        assert bool(terminated | truncated) == (state.time == 0)
    assert times == [1, 0, 1, 2, 3, 4, 0, 1]
    assert last == [(1, 1), (-1, 3), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3), (1, 1)]


def _played(episodes, copies, steps, axes):
    keys = jnp.stack([jnp.arange(copies), jnp.zeros(copies)], -1).astype(jnp.uint32)
    counted.clear()
    begin = jax.vmap(episodes.reset, out_axes=(0, axes))
    step = jax.vmap(episodes.step, (0, axes, None), (0, axes, 0, 0, 0, 0))

    @jax.jit
    def play(keys):
        return jax.lax.scan(
            lambda at, _: (step(keys, at, jnp.zeros(2, jnp.int32))[1], None), begin(keys)[1], None, steps
        )[0]

    jax.block_until_ready(play(keys))
    jax.effects_barrier()
    return counted.count("start"), counted.count("look")


def test_one_clock_pays_for_a_start_when_it_is_due_and_looks_once_a_step():
    episodes = Episodes(Countdown(early=False), auto_reset=True)
    copies, steps = 3, 12  # two time limits of five
    assert _played(episodes, copies, steps, episodes.axes) == (copies * 3, copies * (1 + steps + 2))


def test_many_clocks_pay_at_every_step():
    episodes = Episodes(Countdown(), auto_reset=True)
    assert episodes.axes == (0, 0)
    assert _played(episodes, 3, 12, 0) == (3 * 13, 3 * (1 + 12 + 12))


def test_a_single_copy_never_pays_twice():
    episodes = Episodes(Countdown(), auto_reset=True)
    counted.clear()

    @jax.jit
    def play(key):
        return jax.lax.scan(
            lambda at, _: (episodes.step(key, at, jnp.zeros(2, jnp.int32))[1], None), episodes.reset(key)[1], None, 12
        )[0]

    jax.block_until_ready(play(jnp.zeros(2, jnp.uint32)))
    jax.effects_barrier()
    assert (counted.count("start"), counted.count("look")) == (3, 1 + 12 + 2)


def _welfare(rate, auto_reset=False):
    episodes = Episodes(Lake(horizon=6).under(Tax("harvest", rate)), auto_reset)

    def step(state, number):
        _, state, reward, *_, info = episodes.step(jnp.stack([number, number]), state, jnp.ones(4, jnp.int32))
        return state, (reward.sum(), info["facts"]["harvest"].sum())

    return jax.tree.map(jnp.sum, jax.lax.scan(step, episodes.reset(0)[1], jnp.arange(9, dtype=jnp.uint32))[1])


@pytest.mark.slow
def test_a_tax_rate_is_batched_and_differentiated():
    paid = jax.vmap(lambda rate: _welfare(rate)[0])(jnp.array([0.0, 0.4, 1.5]))
    assert np.allclose(paid, [_welfare(rate)[0] for rate in (0.0, 0.4, 1.5)], rtol=1e-5)
    slopes, taken = jax.vmap(jax.grad(lambda rate: _welfare(rate, True), has_aux=True))(jnp.array([0.1, 0.7]))
    assert np.allclose(slopes, -taken, rtol=1e-5)
    assert (taken > 1).all()


def test_it_is_a_pytree_of_the_parameters():
    three = Episodes(Lake().under(Tax("harvest", jnp.array([0.0, 0.5, 1.0]))))
    leaves = jax.tree.map(lambda leaf: 0 if jnp.ndim(leaf) else None, three)
    _, state = Episodes(Lake().under(Tax("harvest", 0.0))).reset(0)
    reward = jax.vmap(lambda e: e.step(0, state, jnp.ones(4, jnp.int32))[2], (leaves,))(three)
    assert reward.shape == (3, 4)
    assert (np.diff(reward[:, 0]) < 0).all()


def test_keys_of_every_kind():
    begin = Episodes(Drawn()).reset
    drawn = {begin(key)[0]["left"][0].item() for key in (jax.random.key(7), jax.random.PRNGKey(7), 7 << 32)}
    assert len(drawn) == 1
    assert begin(7)[0]["left"][0].item() not in drawn


def test_actions_by_part_or_alone():
    game = MatrixWorld.of(om.games.PrisonersDilemma(), 3)
    episodes = Episodes(game)
    _, state = episodes.reset(0)
    alone, named = (episodes.step(0, state, made)[2] for made in (jnp.array([0, 1]), {"act": jnp.array([0, 1])}))
    assert np.array_equal(alone, named)
    signed = Episodes(game.under(Contract("C")))
    with pytest.raises(InputError, match=r"no part 'act'.*sign, act"):
        signed.step(0, signed.reset(0)[1], jnp.array([0, 1]))
