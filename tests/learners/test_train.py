"""The loop: tracks are what the world does, seeds are each for themselves, and stopping changes nothing."""

import json

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, UnknownName
from ostrom.learners import IPPO, play, train
from ostrom.learners._learner import Learner
from ostrom.worlds import Lake, MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=6)
QUICK = IPPO(length=12, copies=4, epochs=1, rate=3e-3)


class Fixed(Policy):
    """Always the move of this number."""

    number: int = 0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


class Count(Policy):
    """Counts its own steps in memory, and defects from the third on."""

    def begin(self):
        return {"steps": np.int32(0)}

    def act(self, sight, memory):
        late = memory["steps"] >= 2
        return {"act": sight.scores("act", sight.xp.where(late, 1, 0))}, {"steps": memory["steps"] + 1}


class Diary(Learner):
    """Learns by heart what its last track was: for looking at tracks."""

    length: int = 9
    copies: int = 2

    def begin(self, key, space):
        blank = jnp.zeros((self.length, self.copies))
        return {"payoff": blank, "cut": blank, "time": blank, "after": blank, "joint": blank, "lessons": jnp.int32(0)}

    def act(self, key, mind, memory, sight):
        return {"act": (sight.seen["time"] % 2).astype(jnp.int32)}, memory, {}

    def update(self, key, mind, track, done):
        seen, after = track.seen["time"].astype(float), track.after["time"].astype(float)
        joint = track.joint["act"].sum(-1).astype(float)
        cut = track.cut.astype(float)
        lessons = mind["lessons"] + 1
        return {
            "payoff": track.payoff,
            "cut": cut,
            "time": seen,
            "after": after,
            "joint": joint,
            "lessons": lessons,
        }, {}


@pytest.fixture(scope="module")
def whole():
    return train(PD, QUICK, 12 * 4 * 6, seeds=2, seed=5)


def test_a_track_is_what_the_world_did():
    """By hand: time runs 0 to 5 and begins again, both defect at odd times, and a lesson goes on where one stopped."""
    run = train(PD, Diary(), 9 * 2 * 2)
    mind = jax.tree.map(lambda leaf: np.asarray(leaf)[0], run.minds[0])
    steps = (np.arange(9) + 9) % 6
    assert (mind["lessons"] == 2).all()
    for seat in range(2):
        for copy in range(2):
            assert (mind["time"][seat, :, copy] == steps).all()
            assert (mind["after"][seat, :, copy] == steps + 1).all()
            assert (mind["cut"][seat, :, copy] == (steps == 5)).all()
            assert (mind["payoff"][seat, :, copy] == np.where(steps % 2, 1, 3)).all()
            assert (mind["joint"][seat, :, copy] == np.where(steps % 2, 2, 0)).all()


def test_memory_begins_anew_with_every_episode():
    played = play(PD, Count(), episodes=3, steps=12)
    assert (played.moves["act"] == (np.arange(12) % 6 >= 2)[None, :, None]).all()


def test_players_are_seated_by_name_and_by_order():
    for players in ([Fixed(0), Fixed(1)], {"row": Fixed(0), "column": Fixed(1)}):
        if isinstance(players, dict):
            players = dict(zip(PD.ground.players, players.values(), strict=True))
        assert play(PD, players, episodes=2).returns.tolist() == [[0.0, 30.0], [0.0, 30.0]]


@pytest.mark.parametrize("players", [[Fixed(0)], "tit for tat", [Fixed(0), 3], {}])
def test_seats_without_players_are_refused(players):
    with pytest.raises(InputError, match=r"player|seat"):
        play(PD, players)


def test_a_seat_that_is_not_there_is_refused():
    with pytest.raises(UnknownName, match="referee"):
        play(PD, {"referee": Fixed(0)})


def test_seeds_are_each_for_themselves(whole):
    alone = train(PD, QUICK, 12 * 4 * 6, seeds=1, seed=6)
    for together, single in zip(jax.tree.leaves(whole.minds), jax.tree.leaves(alone.minds), strict=True):
        assert np.allclose(np.asarray(together)[1], np.asarray(single)[0], rtol=1e-4, atol=1e-5)
    assert np.allclose(whole.metrics["payoff"][1], alone.metrics["payoff"][0])


def test_the_same_seed_gives_the_same_bytes(whole):
    again = train(PD, QUICK, 12 * 4 * 6, seeds=2, seed=5)
    assert all((a == b).all() for a, b in zip(jax.tree.leaves(whole.minds), jax.tree.leaves(again.minds), strict=True))


class Stop(Exception):
    pass


@pytest.mark.parametrize("when", [1, 3])
def test_a_run_that_is_stopped_goes_on_to_the_same_bytes(tmp_path, whole, when, monkeypatch):
    """Stopped in the middle of writing, at four different moments; metrics and minds end up the same."""
    from ostrom.learners import _keep

    calls = 0

    def fail(*given):
        nonlocal calls
        calls += 1
        if calls == when:
            raise Stop
        return save(*given)

    save = _keep.save_state
    train(PD, QUICK, 12 * 4 * 6, seeds=2, seed=5, to=tmp_path / "whole")
    monkeypatch.setattr(_keep, "save_state", fail)
    with pytest.raises(Stop):
        train(PD, QUICK, 12 * 4 * 6, seeds=2, seed=5, to=tmp_path / "cut", every=1e-9)
    with (tmp_path / "cut" / "metrics.jsonl").open("ab") as file:
        file.write(b'{"lesson": 3, "half a l')
    run = train(PD, QUICK, 12 * 4 * 6, seeds=2, seed=5, to=tmp_path / "cut")
    assert all((a == b).all() for a, b in zip(jax.tree.leaves(whole.minds), jax.tree.leaves(run.minds), strict=True))
    for name in ("metrics.jsonl", "state.npz", "run.json"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    lines = [json.loads(line) for line in (tmp_path / "cut" / "metrics.jsonl").read_text().splitlines()]
    assert [line["lesson"] for line in lines] == sorted(2 * list(range(6)))


def test_a_folder_of_another_training_is_refused(tmp_path):
    train(PD, QUICK, 48, to=tmp_path)
    with pytest.raises(InputError, match="another training"):
        train(PD, QUICK, 48, seed=1, to=tmp_path)
    (tmp_path / "state.npz").write_bytes(b"PK truncated")
    with pytest.raises(InputError, match="cannot be read"):
        train(PD, QUICK, 48, to=tmp_path)


def test_shared_minds_and_own_minds_have_their_shapes():
    own = train(PD, QUICK, 48).minds[0].parameters["out"][0]
    shared = train(PD, IPPO(length=12, copies=4, epochs=1, shared=True), 48).minds[0].parameters["out"][0]
    assert own.shape[:2] == (1, 2)
    assert shared.shape == (1, *own.shape[2:])


@pytest.mark.slow
def test_institutions_with_stages_can_be_learned_under():
    world = PD.under(om.institutions.Contract())
    assert "sign" in world.ground.parts
    run = train(world, QUICK, 96)
    played = play(world, run.players(), episodes=2, steps=world.horizon)
    assert np.isfinite(played.returns).all()


@pytest.mark.slow
def test_an_episode_that_ends_is_counted_once():
    """What follows an end within `steps` is a new episode and not added to the returns."""

    class Short(Lake):
        def over(self, state):
            return state.time >= 3

    world, same = Short(horizon=10), Lake(horizon=3)
    assert np.allclose(play(world, Fixed(1)).returns, play(same, Fixed(1)).returns)
    run = train(world, QUICK, 48)
    assert np.isfinite(run.metrics["return"]).all()


def test_bots_that_choose_what_is_forbidden_are_held_to_the_mask():
    quota = om.institutions.Quota(on="harvest", limit=0.0)
    played = play(Lake(horizon=5).under(quota), Fixed(2))
    assert np.asarray(played.facts["harvest"]).max() == 0


@pytest.mark.parametrize(
    "counts",
    [
        *({"steps": steps} for steps in (0, -1, 1.5, float("nan"), "many", 10**18)),
        *({"seeds": seeds} for seeds in (0, 1.5, 10**12)),
        *({"copies": copies} for copies in (0, -1, True, 10**9)),
    ],
)
def test_how_much_cannot_be_is_said_with_the_bounds(counts):
    with pytest.raises(InputError, match=rf"train\({next(iter(counts))}=.* cannot be.* from 1 to "):
        train(Lake(players=2), Policy(), **{"steps": 4, **counts})


@pytest.mark.parametrize("counts", [{"episodes": 0}, {"episodes": -1}, {"episodes": 10**12}, {"steps": 0}])
def test_play_of_nothing_or_of_too_much_is_refused(counts):
    with pytest.raises(InputError, match=rf"play\({next(iter(counts))}=.* cannot be"):
        play(Lake(players=2), Policy(), **counts)


def test_what_is_no_world_is_said():
    for verb in (lambda: train("lake", Policy(), 1), lambda: play(None, Policy())):
        with pytest.raises(InputError, match="is no world"):
            verb()


def test_payoffs_that_are_no_numbers_end_a_training_and_lose_nothing(tmp_path):
    endless = Lake(players=2, horizon=4).under(om.institutions.Tax(on="harvest", rate=float("inf")))
    with pytest.raises(InputError, match="The payoff of player 1 is no number in lesson 1 of training 0"):
        train(endless, Policy(), 8, to=tmp_path / "run")
    assert not (tmp_path / "run" / "state.npz").exists()


def test_learning_that_leaves_every_bound_is_said():
    with pytest.raises(InputError, match="IPPO has learned what is no number"):
        train(Lake(players=2, horizon=4), IPPO(length=4, copies=2, parts=1, rate=float("inf")), 64)


def test_what_does_not_fit_into_memory_is_said(monkeypatch):
    monkeypatch.setattr("ostrom.learners._train.enrol", lambda *_: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(om.core.errors.TooLarge, match="1 seeds with 1 copies of the world does not fit into memory"):
        train(Lake(players=2), Policy(), 4)
