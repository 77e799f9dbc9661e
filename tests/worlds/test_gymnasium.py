"""One seat of a world as a Gymnasium environment: its own checker, and who plays the other seats."""

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("gymnasium")
from gymnasium.utils.env_checker import check_env

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, UnknownName
from ostrom.institutions import Contract, Tax
from ostrom.worlds import Lake, MatrixWorld, OneSeat

GAME = MatrixWorld.of(om.games.PrisonersDilemma(), 6)
WORLDS = {
    "matrix": GAME,
    "lake": Lake(horizon=8),
    "governed": Lake(horizon=4).under(Contract("fish", damages=2.0), Tax("harvest", 0.3)),
}


class Grim(Policy):
    """Cooperates until the other has defected; counts its steps."""

    def begin(self):
        return {"angry": np.array(False), "steps": np.int32(0)}

    def act(self, sight, memory):
        xp, last = sight.xp, sight.seen["last"]
        angry = memory["angry"] | (last[1 - sight.seat] == 1)
        odds = xp.where(angry, sight.only("act", "D"), sight.only("act", "C"))
        return {"act": odds}, {"angry": angry, "steps": memory["steps"] + 1}


class Hard(Policy):
    """Always fishes hard."""

    def act(self, sight, memory):
        return {"act": sight.only("act", "fish hard")}, memory


@pytest.mark.filterwarnings("ignore:.*(infinity|MultiBinary).*:UserWarning")
@pytest.mark.parametrize(
    ("world", "named"),
    [
        (WORLDS["matrix"], False),
        pytest.param(WORLDS["governed"], True, marks=pytest.mark.slow),
        pytest.param(WORLDS["lake"], False, marks=pytest.mark.slow),
        pytest.param(WORLDS["governed"], False, marks=pytest.mark.slow),
    ],
    ids=["matrix", "governed-named", "lake", "governed"],
)
def test_it_passes_the_checker_of_gymnasium(world, named):
    check_env(OneSeat(world, world.ground.players[-1], named=named), skip_render_check=True)


@pytest.mark.parametrize("seat", GAME.players)
def test_the_other_plays_its_policy_and_remembers(seat):
    env = OneSeat(GAME, seat, Grim())
    env.reset(seed=2)
    rewards = [env.step(move)[1] for move in (0, 1, 0, 0, 1, 0)]
    table = om.games.PrisonersDilemma().dense().payoffs
    theirs = (0, 0, 1, 1, 1, 1)
    mine = GAME.players.index(seat)
    pairs = zip((0, 1, 0, 0, 1, 0), theirs, strict=True)
    assert np.allclose(rewards, [table[(a, b) if mine == 0 else (b, a)][mine] for a, b in pairs])


def test_each_other_seat_can_have_its_own():
    world = Lake(horizon=3)
    others = {"player 1": Hard(), "player 3": Hard(), "player 4": Policy()}
    env = OneSeat(world, "player 2", others)
    env.reset(seed=0)
    reward, over, cut, info = env.step(0)[1:]
    assert (reward, over, cut) == (0.0, False, False)
    assert (info["harvest"], info["effort"], info["stock"]) == (0.0, 0.0, 62.5)
    alone = OneSeat(world, "player 2", Hard())
    first = alone.reset(seed=0)[0]
    after = alone.step(0)[0]
    assert first[0] == 62.5
    left = 62.5 * np.exp(-world.catchability * 6)
    assert after[0] == pytest.approx(left + world.growth * left * (1 - left / 100), rel=1e-5)


def test_an_episode_is_cut_at_the_horizon_and_begun_again():
    env = OneSeat(GAME, render_mode="ansi")
    with pytest.raises(InputError, match="Call reset"):
        env.step(0)
    env.reset()
    assert [env.step(0)[3] for _ in range(6)] == [False] * 5 + [True]
    with pytest.raises(InputError, match="Call reset"):
        env.step(0)
    env.reset()
    assert env.step(1)[3] is False
    assert isinstance(env.render(), str)


def test_unknown_and_missing_players_are_named():
    with pytest.raises(UnknownName, match="player 9"):
        OneSeat(Lake(), "player 9")
    with pytest.raises(UnknownName, match="other seat called 'player 1'"):
        OneSeat(Lake(), "player 1", {"player 1": Policy()})
    with pytest.raises(InputError, match="Nobody plays player 3, player 4"):
        OneSeat(Lake(), "player 1", {"player 2": Policy()})
