"""Whoever steps a world through an adapter and does it wrongly is told so in a sentence, before anything happens."""

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("pettingzoo")
import jax
import jax.numpy as jnp

from ostrom.core.agent import Policy
from ostrom.core.errors import InputError
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import View
from ostrom.core.world import World
from ostrom.institutions import Contract
from ostrom.worlds import Episodes, JaxMARLWorld, Lake, OneSeat, ParallelWorld

LAKE = Lake(horizon=2)
KEY = jax.random.key(0)


class Paces(World):
    """Two seats choose a number, and are paid it."""

    horizon: int = 2

    @property
    def ground(self):
        return Ground(("ann", "bob"), play=((Part("act", low=0.0, high=1.0),),))

    def reset(self, key):
        return jnp.zeros(2)

    def step(self, key, state, moves):
        return moves["act"], moves["act"]

    def observe(self, state):
        return View({"paces": state})


@pytest.fixture(scope="module")
def parallel():
    return ParallelWorld(LAKE)


@pytest.fixture(scope="module")
def signing():
    return ParallelWorld(LAKE.under(Contract("fish", damages=1.0)))


@pytest.fixture(scope="module")
def alone():
    return OneSeat(LAKE)


@pytest.fixture(scope="module")
def jaxmarl():
    return JaxMARLWorld(LAKE)


UNREADABLE = ["fish", None, 0.5, float("nan"), 10**30, [1, 2, 3], {"act": 0}]


@pytest.mark.parametrize("action", UNREADABLE, ids=repr)
def test_an_action_that_cannot_be_read(parallel, signing, alone, action):
    for env, usual in ((parallel, 0), (signing, [0, 0])):
        env.reset(seed=1)
        with pytest.raises(InputError, match=r"cannot be read. An action is one of"):
            env.step({**dict.fromkeys(env.agents, usual), "player 1": action})
        assert env.step(dict.fromkeys(env.agents, usual))  # nothing has happened
    alone.reset(seed=1)
    with pytest.raises(InputError, match=r"cannot be read. An action is one of"):
        alone.step(action)


def test_an_action_that_is_not_permitted_counts_as_the_first_that_is(parallel, alone):
    for action in (0, 3, 99, -1):
        parallel.reset(seed=1)
        assert parallel.step(dict.fromkeys(parallel.agents, action))[1]["player 1"] == 0
        alone.reset(seed=1)
        assert alone.step(action)[1] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda given: {"player 1": 0}, "There are actions for player 1, and none for player 2, player 3, player 4"),
        (lambda given: {}, "There are actions for nobody"),
        (lambda given: {**given, "zoe": 0}, "There is an action for zoe, and the agents are player 1"),
        (lambda given: None, "The actions are a NoneType"),
        (lambda given: [0, 0, 0, 0], "The actions are a list"),
    ],
)
def test_actions_that_are_not_one_for_each_agent(parallel, change, said):
    parallel.reset(seed=1)
    with pytest.raises(InputError, match=said):
        parallel.step(change(dict.fromkeys(parallel.agents, 0)))


def test_there_is_no_step_before_an_episode_and_after_it(parallel, alone):
    fresh, everybody = ParallelWorld(LAKE), dict.fromkeys(parallel.possible_agents, 0)
    with pytest.raises(InputError, match=r"Call reset\(\) first"):
        fresh.step(everybody)
    with pytest.raises(InputError, match=r"Call reset\(\) first"):
        OneSeat(LAKE).step(0)
    parallel.reset(seed=1)
    alone.reset(seed=1)
    for _ in range(2):
        parallel.step(everybody)
        alone.step(0)
    assert parallel.agents == []
    for actions in (everybody, {}):
        with pytest.raises(InputError, match=r"Call reset\(\) first"):
            parallel.step(actions)
    with pytest.raises(InputError, match=r"Call reset\(\) first"):
        alone.step(0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ParallelWorld(3), "3 is no world"),
        (lambda: OneSeat(3), "3 is no world"),
        (lambda: JaxMARLWorld(3), "3 is no world"),
        (lambda: Episodes(3), "is not World"),
        (lambda: ParallelWorld(LAKE, render_mode="human"), "no render_mode 'human'"),
        (lambda: OneSeat(LAKE, render_mode=1), "no render_mode 1"),
        (lambda: OneSeat(LAKE, "zoe"), "no seat called 'zoe'"),
        (lambda: OneSeat(LAKE, 0), "no seat called '0'"),
        (lambda: OneSeat(LAKE, others=3), "to be played by 3"),
        (lambda: OneSeat(LAKE, others="selfish"), "to be played by 'selfish'"),
        (lambda: OneSeat(LAKE, others={"zoe": Policy()}), "no other seat called 'zoe'"),
        (lambda: OneSeat(LAKE, others={f"player {n}": 3 for n in (2, 3, 4)}), "player 2 is to be played by 3"),
        (lambda: OneSeat(LAKE, others={"player 2": Policy()}), "Nobody plays player 3, player 4"),
    ],
)
def test_what_no_adapter_can_be_made_of(make, said):
    with pytest.raises(InputError, match=said):
        make()


def test_agents_that_are_not_there_have_no_spaces(parallel, jaxmarl):
    for env in (parallel, jaxmarl):
        for space in (env.action_space, env.observation_space):
            with pytest.raises(InputError, match="no agent called 'zoe'"):
                space("zoe")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda given: {"agent_0": 0}, "The actions are agent_0, and the agents are agent_0, agent_1"),
        (lambda given: {**given, "zoe": 0}, "The actions are .*zoe, and the agents are"),
        (lambda given: None, "The actions are a NoneType"),
        (lambda given: [0, 0, 0, 0], "The actions are a list"),
        (lambda given: {**given, "agent_0": 0.5}, r"The action of agent_0 is float32\[\]. It chooses 1 whole number"),
        (lambda given: {**given, "agent_0": np.zeros(3, int)}, r"The action of agent_0 is int32\[3\]"),
    ],
)
def test_actions_that_compiled_code_cannot_use(jaxmarl, change, said):
    _, state = jaxmarl.reset(KEY)
    with pytest.raises(InputError, match=said):
        jaxmarl.step(KEY, state, change(dict.fromkeys(jaxmarl.agents, 0)))


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (np.zeros(3, int), r"The moves in 'act' are int32\[3\]. They are numbers of labels, one for each of 4 seats"),
        (np.zeros((4, 2), int), r"are int32\[4, 2\]"),
        (1, r"are int32\[\]"),
        (np.zeros(4), r"are float32\[4\]"),
        (np.zeros(4, bool), r"are bool\[4\]"),
        (["fish"] * 4, "are \\['fish', 'fish', 'fish', 'fish'\\]"),
        (None, "The moves in 'act' are"),
        ({"act": np.zeros(3, int)}, r"are int32\[3\]"),
        ({"player 1": 0}, "have no part 'act'"),
    ],
    ids=repr,
)
def test_moves_of_another_shape_or_type(moves, said):
    episodes = Episodes(LAKE)
    _, state = episodes.reset(1)
    with pytest.raises(InputError, match=said):
        episodes.step(1, state, moves)
    assert (episodes.step(1, state, [0, 1, 2, 0])[2] > 0).tolist() == [False, True, True, False]


@pytest.mark.parametrize("key", ["x", None, 1.5, np.zeros(3, np.uint32), np.zeros(2), True], ids=repr)
def test_what_is_no_key(key):
    with pytest.raises(InputError, match="is no key"):
        Episodes(LAKE).reset(key)


def test_what_is_no_state(jaxmarl):
    for env, actions in ((Episodes(LAKE), np.zeros(4, int)), (jaxmarl, dict.fromkeys(jaxmarl.agents, 0))):
        with pytest.raises(InputError, match="The state is a NoneType"):
            env.step(KEY, None, actions)


def test_numbers_that_are_none_and_numbers_beyond_every_bound():
    """Refused where that can be told; within compiled code they count as the nearest, or the lowest."""
    env, one = ParallelWorld(Paces()), OneSeat(Paces())
    for number, paid in ((5.0, 1.0), (1e300, 1.0), (-np.inf, 0.0), (np.array([0.5]), 0.5), ([0.25], 0.25)):
        env.reset(seed=1)
        one.reset(seed=1)
        assert env.step({"ann": number, "bob": np.array([0.5])})[1] == {"ann": paid, "bob": 0.5}
        assert one.step(number)[1] == paid
    for number in (float("nan"), None, "x", [0.1, 0.2]):
        env.reset(seed=1)
        with pytest.raises(InputError, match="cannot be read"):
            env.step({"ann": number, "bob": 0.5})
    compiled = JaxMARLWorld(Paces())
    _, state = compiled.reset(KEY)
    assert float(compiled.step(KEY, state, {"agent_0": jnp.nan, "agent_1": 5.0})[2]["agent_0"]) == 0
