"""The form of JaxMARL: dicts by agent, done for all, a new start within the step. JaxMARL itself is not needed."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.errors import InputError
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import View
from ostrom.core.world import World
from ostrom.institutions import Contract, Tax
from ostrom.worlds import Episodes, JaxMARLWorld, Lake


class Meadow(World):
    """Two choose a number."""

    horizon: int = 4

    @property
    def ground(self):
        return Ground(("ann", "bob"), play=((Part("act", low=0.0, high=3.0),),))

    def reset(self, key):
        return jnp.float32(10.0)

    def step(self, key, state, moves):
        return state - moves["act"].sum(), moves["act"]

    def observe(self, state):
        return View({"height": state})


class Both(Meadow):
    """A label besides the number."""

    @property
    def ground(self):
        return Ground(("ann", "bob"), play=((Part("act", low=0.0, high=3.0), Part("sign", ("no", "yes"))),))

    def mask(self, state):
        return {**super().mask(state), "sign": jnp.ones((2, 2), bool)}


def _wrapped_returns(env, steps, copies=3):
    """Returns per episode, kept the way a logging wrapper does: dicts stacked in the order of the agents."""

    def step(at, key):
        state, so_far, last = at
        keys = jax.random.split(key, copies)
        actions = {agent: jax.vmap(env.action_space(agent).sample)(keys) for agent in env.agents}
        _, state, rewards, dones, _ = jax.vmap(env.step)(keys, state, actions)
        so_far = so_far + jnp.stack([rewards[agent] for agent in env.agents], -1)
        ended = dones["__all__"][:, None]
        return (state, jnp.where(ended, 0, so_far), jnp.where(ended, so_far, last)), dones["__all__"]

    nothing = jnp.zeros((copies, env.num_agents))
    keys = jax.random.split(jax.random.PRNGKey(1), steps)
    start = jax.vmap(env.reset)(jax.random.split(jax.random.PRNGKey(0), copies))[1]
    (_, so_far, last), ended = jax.lax.scan(step, (start, nothing, nothing), keys)
    return so_far, last, ended


def test_a_loop_like_theirs_runs_and_begins_again():
    so_far, last, ended = _wrapped_returns(JaxMARLWorld(Lake(horizon=4)), 10)
    assert np.array_equal(ended.all(1), [number % 4 == 3 for number in range(10)])
    assert so_far.shape == last.shape == (3, 4)
    assert float(last.sum()) > 0


@pytest.mark.slow
def test_dicts_hold_what_episodes_give():
    world = Lake(horizon=5).under(Tax("harvest", 0.2))
    env, episodes = JaxMARLWorld(world), Episodes(world)
    key, actions = jax.random.PRNGKey(3), jnp.array([0, 1, 2, 1])
    obs, state = env.reset(key)
    seen, start = episodes.reset(key)
    for number, agent in enumerate(env.agents):
        assert np.array_equal(obs[agent], [np.ravel(seen[name][number])[0] for name in sorted(seen)])
    obs, state, rewards, dones, infos = env.step_env(key, state, dict(zip(env.agents, actions, strict=True)))
    expected = episodes.step(key, start, actions)
    assert np.array_equal([rewards[agent] for agent in env.agents], expected[2])
    assert np.array_equal(infos["harvest"], expected[5]["facts"]["harvest"])
    assert set(dones) == {*env.agents, "__all__"}
    assert env.observation_space("agent_0").shape == obs["agent_0"].shape
    assert jax.tree.all(jax.tree.map(lambda a, b: np.array_equal(a, b), env.get_obs(state), obs))


def test_what_may_be_chosen():
    env = JaxMARLWorld(Lake(enters=(0, 2)).under(Contract("fish")))
    _, state = env.reset(jax.random.PRNGKey(0))
    assert env.get_avail_actions(state)["agent_0"].tolist() == [True, True, True, False, False]
    assert env.action_space("agent_0").shape == (2,)
    assert bool(env.action_space("agent_0").contains(jnp.array([1, 2])))
    assert not env.action_space("agent_0").contains(jnp.array([2, 0]))
    plain = JaxMARLWorld(Lake(enters=(0, 2)))
    _, state = plain.reset(jax.random.PRNGKey(0))
    _, _, rewards, *_ = plain.step(jax.random.PRNGKey(0), state, dict.fromkeys(plain.agents, jnp.int32(2)))
    assert float(rewards["agent_1"]) == 0
    assert plain.action_space("agent_0").n == 3


def test_numbers_have_a_box():
    env = JaxMARLWorld(Meadow())
    space = env.action_space("agent_1")
    assert (space.low, space.high, space.shape) == (0.0, 3.0, (1,))
    assert bool(space.contains(space.sample(jax.random.key(0))))
    _, state = env.reset(jax.random.key(0))
    _, _, rewards, _, _ = env.step(jax.random.key(0), state, {"agent_0": jnp.array([9.0]), "agent_1": jnp.array([1.0])})
    assert (float(rewards["agent_0"]), float(rewards["agent_1"])) == (3.0, 1.0)


def test_a_state_to_begin_from_can_be_given():
    env = JaxMARLWorld(Lake(horizon=2))
    _, state = env.reset(jax.random.PRNGKey(0))
    rich = state._replace(world=state.world._replace(stock=jnp.float32(90.0)))
    actions = dict.fromkeys(env.agents, jnp.int32(1))
    _, state, _, _, _ = env.step(jax.random.PRNGKey(0), state, actions, rich)
    assert float(state.world.stock) < 90
    obs, state, _, dones, _ = env.step(jax.random.PRNGKey(0), state, actions, rich)
    assert bool(dones["__all__"])
    assert float(state.world.stock) == 90 == float(obs["agent_0"][0])


def test_spaces_of_ones_own_and_what_has_none():
    class Spaces:
        Box = staticmethod(lambda low, high, shape: ("box", shape))
        Discrete = staticmethod(lambda n: ("discrete", n))

    env = JaxMARLWorld(Lake(), Spaces)
    assert env.action_space("agent_0") == ("discrete", 3)
    assert (env.name, env.agent_classes) == ("Lake", {"agents": env.agents})
    with pytest.raises(InputError, match="labels and numbers"):
        JaxMARLWorld(Both())
