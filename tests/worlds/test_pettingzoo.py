"""Worlds as PettingZoo environments: its own tests, and the same play as a rollout."""

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("pettingzoo")
from pettingzoo.test import parallel_api_test, parallel_seed_test

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import View
from ostrom.core.world import World
from ostrom.institutions import Contract, Tax
from ostrom.worlds import Harvest, Lake, MatrixWorld, ParallelWorld, rollout, uniform

WORLDS = {
    "matrix": MatrixWorld.of(om.games.PrisonersDilemma(), 7),
    "lake": Lake(horizon=8, enters=(0, 2)),
    "harvest": Harvest.small(horizon=6),
    "governed": Lake(horizon=4).under(Contract("fish", damages=2.0), Tax("harvest", 0.3)),
}


class Meadow(World):
    """Two herders choose a number; one of them sees a picture."""

    horizon: int = 4

    @property
    def ground(self):
        return Ground(("ann", "bob"), play=((Part("act", low=0.0, high=3.0),),), facts=("grass",))

    @property
    def ranges(self):
        return {"full": (0, 1), "height": (0, 20)}

    def reset(self, key):
        import jax.numpy as jnp

        return jnp.float32(10.0)

    def step(self, key, state, moves):
        return state - moves["act"].sum() / 2, moves["act"]

    def facts(self, before, moves, after):
        return {"grass": moves["act"]}

    def observe(self, state):
        import jax.numpy as jnp

        return View({"height": state, "full": state > 9}, {"near": jnp.ones((2, 3, 3), jnp.uint8)})

    def over(self, state):
        return state < 8


class Random(Meadow):
    """It begins at a random height."""

    def reset(self, key):
        import jax

        return 10 + jax.random.uniform(jax.random.wrap_key_data(key))


@pytest.mark.parametrize(
    ("world", "named"),
    [
        (WORLDS["matrix"], False),
        (WORLDS["lake"], False),
        (WORLDS["governed"], False),
        pytest.param(WORLDS["harvest"], False, marks=pytest.mark.slow),
        pytest.param(WORLDS["governed"], True, marks=pytest.mark.slow),
        (Meadow(), True),
    ],
    ids=["matrix", "lake", "governed", "harvest", "governed-named", "meadow-named"],
)
def test_it_passes_the_tests_of_pettingzoo(world, named, capsys):
    parallel_api_test(ParallelWorld(world, named=named), 20)
    parallel_seed_test(lambda: ParallelWorld(world, named=named), 20)
    assert "Passed" in capsys.readouterr().out


@pytest.mark.parametrize("world", [WORLDS["lake"], WORLDS["governed"]], ids=["lake", "governed"])
def test_the_same_seed_and_moves_are_the_same_play_as_a_rollout(world):
    played, env = rollout(world, uniform, 5), ParallelWorld(world, named=True)
    obs, _ = env.reset(seed=5)
    for number in range(world.horizon):
        chosen = np.stack([played.moves[part][number] for part in world.ground.parts], -1)
        chosen = chosen if len(played.moves) > 1 else chosen[:, 0]
        assert env.agents == list(world.ground.players)
        obs, rewards, terminated, truncated, infos = env.step(dict(zip(env.agents, chosen, strict=True)))
        assert np.array_equal(list(rewards.values()), played.payoffs[number])
        for name, amount in {**played.facts, **played.sights}.items():
            assert np.array_equal([info[name] for info in infos.values()], amount[number])
        assert set(truncated.values()) == {number + 1 == world.horizon}
        assert not any(terminated.values())
        assert all(env.observation_space(agent).contains(row) for agent, row in obs.items())
    assert env.agents == []


def test_what_is_seen_and_chosen_has_its_space():
    env = ParallelWorld(Meadow(), named=True)
    space = env.observation_space("ann")
    assert {name: (box.shape, box.dtype.name) for name, box in space.items()} == {
        "full": ((1,), "int8"), "height": ((1,), "float32"), "near": ((3, 3), "uint8"),
    }  # fmt: skip
    assert (float(space["height"].high[0]), int(space["full"].high[0]), int(space["near"].high[0, 0])) == (20, 1, 255)
    assert env.action_space("bob").shape == (1,)
    assert str(ParallelWorld(WORLDS["governed"]).action_space("player 1")) == "MultiDiscrete([2 3])"
    assert ParallelWorld(Meadow()).observation_space("ann").shape == (11,)


def test_an_episode_that_ends_by_itself_is_terminated():
    env = ParallelWorld(Meadow())
    env.reset()
    _, _, terminated, truncated, _ = env.step({"ann": [3.0], "bob": [1.5]})
    assert (set(terminated.values()), set(truncated.values()), env.agents) == ({True}, {False}, [])
    with pytest.raises(InputError, match=r"Call reset\(\)"):
        env.step({})


def test_what_is_not_permitted_is_the_first_that_is():
    env = ParallelWorld(Lake(enters=(0, 3)))
    _, infos = env.reset(seed=0)
    assert infos["player 2"]["action_mask"].tolist() == [1, 0, 0]
    assert infos["player 1"]["action_mask"].tolist() == [1, 1, 1]
    rewards = env.step(dict.fromkeys(env.agents, 2))[1]
    assert rewards["player 2"] == 0
    assert rewards["player 1"] > 0
    bounded = ParallelWorld(Meadow())
    bounded.reset()
    assert bounded.step({"ann": [99.0], "bob": [-1.0]})[1] == {"ann": 3.0, "bob": 0.0}


def test_each_has_masks_of_its_own_width():
    game = om.NormalForm(np.zeros((2, 3, 2)))
    env = ParallelWorld(MatrixWorld.of(game, 2))
    _, infos = env.reset()
    assert [env.action_space(agent).n for agent in env.agents] == [2, 3]
    assert [len(info["action_mask"]) for info in infos.values()] == [2, 3]


def test_what_a_user_keeps_is_not_changed_later():
    env = ParallelWorld(WORLDS["governed"], named=True)
    kept = env.reset(seed=1)[0]
    before = {agent: {name: row.copy() for name, row in seen.items()} for agent, seen in kept.items()}
    kept["player 1"]["stock"][:] = before["player 1"]["stock"][:] = 7  # and it is theirs to change
    env.step({agent: [1, 1] for agent in env.agents})
    assert all(np.array_equal(kept[agent][name], before[agent][name]) for agent in kept for name in kept[agent])


def test_episodes_follow_from_the_first_seed():
    one, other = ParallelWorld(Random()), ParallelWorld(Random())
    first = [one.reset()[0]["ann"] for _ in range(3)]
    again = [other.reset(seed=0)[0]["ann"], *(other.reset()[0]["ann"] for _ in range(2))]
    assert np.array_equal(first, again)
    assert not np.array_equal(first[0], first[1])


def test_whoever_gives_the_wrong_actions_is_told():
    env = ParallelWorld(WORLDS["lake"], render_mode="ansi")
    with pytest.raises(InputError, match=r"Call reset\(\) first"):
        env.step({})
    env.reset()
    with pytest.raises(InputError, match="none for player 2, player 3, player 4"):
        env.step({"player 1": 0})
    with pytest.raises(InputError, match="cannot be read"):
        env.step(dict.fromkeys(env.agents, "fish"))
    assert "62.5" in env.render()
