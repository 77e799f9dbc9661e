"""Runs from folders: what comes back is what was trained, and a folder from anybody runs nothing and harms nothing."""

import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("jax")

from ostrom.core.agent import Policy
from ostrom.core.errors import InputError
from ostrom.games import PrisonersDilemma
from ostrom.institutions import Quota, Tax
from ostrom.learners import IPPO, Net, Reinforce, play, train
from ostrom.learners._header import groups_of, header, world_of
from ostrom.learners._run_folder import load_run
from ostrom.learners._table import seat
from ostrom.learners._written import digest, made_of, path_of, written
from ostrom.worlds import CoinGame, Lake, MatrixWorld

QUICK = Reinforce(length=6, copies=2, net=Net(hidden=(4,)))
WORLD = MatrixWorld.of(PrisonersDilemma(), horizon=3)
BOTH = [QUICK, Policy()]


class Odd(Policy):
    """A way to play that ostrom knows nothing of."""

    number: int = 1


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A training of two seeds, against somebody who never learns, and its folder."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    return train(WORLD, BOTH, 36, seeds=2, seed=5, to=folder), folder


@pytest.fixture
def copy(kept, tmp_path):
    """The same folder, to be spoilt."""
    return shutil.copytree(kept[1], tmp_path / "copy")


def test_what_comes_back_is_what_was_trained(kept):
    run, folder = kept
    again = load_run(folder)
    np.testing.assert_array_equal(again.world.payoffs, WORLD.payoffs)
    assert again.world.horizon == 3
    assert again.groups == run.groups
    assert (again.seed, again.seeds, again.steps) == (5, 2, 36)
    assert set(again.metrics) == set(run.metrics)
    for name, curve in run.metrics.items():
        np.testing.assert_array_equal(again.metrics[name], curve)
    for number in (0, 1):
        one, other = (play(WORLD, which.players(number), seed=3, episodes=4) for which in (run, again))
        np.testing.assert_array_equal(one.moves["act"], other.moves["act"])


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from ostrom.core.agent import Policy
from ostrom.games import PrisonersDilemma
from ostrom.learners import Net, Reinforce, train
from ostrom.worlds import MatrixWorld

folder, kills, steps, moments = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), random.Random(int(sys.argv[4]))
player = {"learner": Reinforce(length=6, copies=2, net=Net(hidden=(4,))), "policy": Policy()}[sys.argv[5]]

def work():
    train(MatrixWorld.of(PrisonersDilemma(), horizon=3), player, steps, seeds=2, seed=5, to=folder, every=1e-9)

def lines():
    path = folder / "metrics.jsonl"
    return path.read_bytes().count(b"\\n") if path.exists() else 0

for kill in range(kills):
    wanted = 80 * kill + moments.randrange(1, 80)
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    while lines() < wanted and os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.001)
    time.sleep(moments.random() / 100)
    os.kill(child, signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    print(lines())
work()
"""
"""Attempts at one training, each killed at some moment in forty lessons of two seeds, and one that is left alone."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="attempts are forked, so that they load what they need once")
@pytest.mark.parametrize(
    ("who", "kills"), [("policy", 2), pytest.param("learner", 10, marks=pytest.mark.slow)], ids=["lean", "ten kills"]
)
def test_a_training_that_is_killed_again_and_again_goes_on_to_the_same_bytes(tmp_path, who, kills):
    lessons, player, per = (
        40 * (kills + 1),
        {"policy": Policy(), "learner": QUICK}[who],
        {"policy": 1, "learner": 12}[who],
    )
    command = [sys.executable, "-c", KILLED, tmp_path / "killed", kills, lessons * per, 7, who]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    reached = list(map(int, done.stdout.split()))
    assert len(set(reached)) == kills
    assert reached == sorted(reached)
    assert 0 < reached[0] <= reached[-1] < 2 * lessons
    train(WORLD, player, lessons * per, seeds=2, seed=5, to=tmp_path / "whole")
    for name in ("run.json", "metrics.jsonl", "state.npz"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


@pytest.mark.slow
def test_who_was_trained_before_is_kept_with_its_mind(kept, tmp_path):
    before = kept[0].players(1)[0]
    run = train(WORLD, [before, QUICK], 12, to=tmp_path / "met")
    again = load_run(tmp_path / "met")
    one, other = (play(WORLD, which.players(), seed=1, episodes=4) for which in (run, again))
    np.testing.assert_array_equal(one.moves["act"], other.moves["act"])


def test_rules_bots_and_whoever_chooses_evenly_are_kept_as_text():
    world = CoinGame.small().under(Tax(on="other", rate=0.25), Quota(on="other", limit=1.0))
    groups = seat(world, [world.bots()["selfish"], Policy()])
    known = json.loads(json.dumps(header(world, groups, {})))
    assert known["world"] == "coin_game:horizon=32"
    assert known["players"] == [["bot:selfish", [0]], ["bot:random", [1]]]
    assert world_of(known) == world
    assert groups_of(known, world) == groups


def test_an_unfinished_training_is_loaded_as_far_as_it_is(tmp_path):
    class Stop(Exception):
        pass

    def stop(progress):
        raise Stop

    with pytest.raises(Stop):
        train(WORLD, BOTH, 60, seeds=2, seed=5, to=tmp_path / "run", told=stop)
    half = load_run(tmp_path / "run")
    assert 0 < half.steps < 60
    assert len(half.metrics["payoff"][0]) * 12 == half.steps
    assert len(half.players()) == 2


def test_what_is_ones_own_is_given_again(tmp_path):
    train(WORLD, [Policy(), Odd()], 2, to=tmp_path / "own")
    assert json.loads((tmp_path / "own" / "run.json").read_text())["players"][1][0].endswith("test_run_folder.Odd")
    with pytest.raises(InputError, match=r"--learner [\w.]*test_run_folder.Odd, or load_run\(folder, own=\[Odd\]\)"):
        load_run(tmp_path / "own")
    assert load_run(tmp_path / "own", own=[Odd]).players()[1].policy == Odd()
    for more in ({}, {"world": WORLD}):
        assert load_run(tmp_path / "own", players=[Policy(), Odd()], **more).players()[1].policy == Odd()
    with pytest.raises(InputError, match="another world, or with other players"):
        load_run(tmp_path / "own", players=[Policy(), Odd(number=2)])


class Pond(Lake):
    """A small lake."""


class Levy(Tax):
    """A tax of one's own."""


def test_a_world_and_a_rule_of_ones_own_are_made_as_they_were(tmp_path):
    """With its parameters, and only what was given: whoever gives the world alone is told of the rule."""
    world = Pond(players=2, horizon=3).under(Levy(on="harvest", rate=0.5))
    train(world, Odd(number=3), 3, to=tmp_path / "own")
    again = load_run(tmp_path / "own", own=[Pond, Levy, Odd])
    assert (type(again.world.base), again.world.base.horizon, again.world.institutions) == (Pond, 3, world.institutions)
    assert again.players()[0].policy == Odd(number=3)
    with pytest.raises(InputError, match=r"There is no institution called '[\w.]*Levy'.*own=\[Pond, Levy, Odd\]"):
        load_run(tmp_path / "own", own=[Pond, Odd])
    inside = "reinforce:net=(" + path_of(Odd) + ":number=2)"
    with pytest.raises(InputError):  # a policy is no network
        made_of(inside, Reinforce, {path_of(Odd): Odd})


def test_what_has_no_name_is_given_as_it_was(tmp_path):
    class Local(Policy):
        """Nobody can import it."""

    train(WORLD, [Policy(), Local()], 2, to=tmp_path / "own")
    with pytest.raises(InputError, match=r"load_run\(folder, world=…, players=…\)"):
        load_run(tmp_path / "own")
    assert load_run(tmp_path / "own", players=[Policy(), Local()]).steps == 2


@pytest.mark.parametrize(
    "made",
    [
        CoinGame(horizon=7, loss=1 / 3),
        Lake(players=2, enters=(0, 3), price=0.1 + 0.2),
        IPPO(rate=1e-7, shared=True, net=Net(hidden=(8, 9), channels=(3,), units=5)),
        Reinforce(),
        MatrixWorld.of(PrisonersDilemma(temptation=1e-9 + 5), 4),
        Tax(on="D", rate=0.1),
    ],
    ids=lambda made: type(made).__name__,
)
def test_texts_make_the_same_again(made):
    kind = next(base for base in type(made).__mro__ if base.__name__ in ("World", "Learner", "Institution"))
    again = made_of(written(made), kind)
    assert (type(again), written(again)) == (type(made), written(made))
    assert written(made)
    assert digest(again) == digest(made)


def spoil(folder, **changes):
    path = folder / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


OTHER = "reinforce:length=6,copies=2,net=(net:hidden=(4)),rate=0.5"
HOSTILE_HEADERS = {
    "an import path": {"world": "os.system:command=touch"},
    "a module of theirs": {"world": "their_world.World"},
    "an import path inside": {"players": [["reinforce:net=(os.path.join:a=1)", [0, 1]]]},
    "a rule of theirs": {"under": ["their_rule.Rule"]},
    "a nest": {"players": [["a:learner=" + "(a:learner=" * 5000 + ")" * 5000, [0, 1]]]},
    "no text": {"world": 3},
    "no seats": {"players": []},
    "a seat twice": {"players": [["reinforce", [0, 0]]]},
    "a seat that is none": {"players": [["reinforce", ["0", True]]]},
    "too many seeds": {"seeds": 10**8},
    "other numbers": {"copies": -1, "length": 1.5},
    "an endless seed": {"seed": 2**64},
    "another learner": {
        "players": [["reinforce:rate=0.5,length=6,copies=2,net=(net:hidden=(4))", [0]], ["random", [1]]]
    },
    "no learner": {"players": [["matrix", [0, 1]]]},
    "a world with other seats": {"world": "lake"},
    "another number of seeds": {"seeds": 1},
}


@pytest.mark.parametrize("what", HOSTILE_HEADERS)
def test_a_hostile_header_is_refused_and_runs_nothing(copy, what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("their_world", "their_rule"):
        (tmp_path / f"{name}.py").write_text("import pathlib\npathlib.Path('ran').touch()\nWorld = Rule = dict\n")
    spoil(copy, **HOSTILE_HEADERS[what])
    with pytest.raises(InputError):
        load_run(copy)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "[" * 100_000, "\x00\x01", '{"world": "lake"}', "NaN"])
def test_a_header_that_is_none(copy, text):
    (copy / "run.json").write_text(text)
    with pytest.raises(InputError):
        load_run(copy)


def rewritten(path, change):
    """The arrays of a state, with some of them changed."""
    with zipfile.ZipFile(path) as kept:
        parts = {name: kept.read(name) for name in kept.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as kept:
        for name, data in parts.items():
            kept.writestr(name, data)


class Runs:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def pickled(parts):
    held = io.BytesIO()
    np.save(held, np.array([Runs()], object), allow_pickle=True)
    parts["leaf00000.npy"] = held.getvalue()


def huge(parts):
    """An array that says it is a million times a million numbers."""
    held = io.BytesIO()
    np.lib.format.write_array_header_1_0(held, {"descr": "<f4", "fortran_order": False, "shape": (10**6, 10**6)})
    parts["leaf00000.npy"] = held.getvalue()


CHANGES = {
    "a pickle": pickled,
    "an array without end": huge,
    "a missing array": lambda parts: parts.pop("leaf00001.npy"),
    "an array cut short": lambda parts: parts.update({"leaf00001.npy": parts["leaf00001.npy"][:-2]}),
    "an array too long": lambda parts: parts.update({"leaf00001.npy": parts["leaf00001.npy"] + b"12"}),
    "no array": lambda parts: parts.update({"leaf00001.npy": pickle.dumps(1)}),
    "another array": lambda parts: parts.update({"leaf00001.npy": parts["lessons.npy"]}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_state_that_is_another(copy, what):
    rewritten(copy / "state.npz", CHANGES[what])
    with pytest.raises(InputError):
        load_run(copy)
    with pytest.raises(InputError):
        train(WORLD, BOTH, 36, seeds=2, seed=5, to=copy)


def test_arrays_that_are_the_same_stay_the_same(kept, copy):
    rewritten(copy / "state.npz", lambda parts: None)
    assert load_run(copy).steps == kept[0].steps


@settings(max_examples=40)
@given(st.integers(0, 4000), st.integers(1, 255))
def test_one_wrong_byte_is_noticed_or_does_no_harm(kept, tmp_path_factory, at, wrong):
    folder = shutil.copytree(kept[1], tmp_path_factory.mktemp("spoilt") / "run")
    data = bytearray((folder / "state.npz").read_bytes())
    data[at % len(data)] ^= wrong
    (folder / "state.npz").write_bytes(bytes(data))
    with suppress(InputError):
        assert len(load_run(folder).players()) == 2


def test_a_state_cut_short(copy):
    data = (copy / "state.npz").read_bytes()
    (copy / "state.npz").write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="cannot be read"):
        load_run(copy)


@pytest.mark.parametrize("line", ["{", "3", '{"lesson": 0}', "[" * 100_000, "\xff"])
def test_metrics_that_are_none(copy, line):
    path = copy / "metrics.jsonl"
    text = path.read_text()
    path.write_text(line + "\n" + text[text.index("\n") + 1 :] + " " * len(text))
    with pytest.raises(InputError):
        load_run(copy)


def test_metrics_that_are_lost(copy):
    path = copy / "metrics.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputError, match="shorter than"):
        load_run(copy)
    with pytest.raises(InputError, match="shorter than"):
        train(WORLD, BOTH, 36, seeds=2, seed=5, to=copy)


def test_lines_beyond_the_state_are_no_part_of_it(kept, copy):
    path = copy / "metrics.jsonl"
    path.write_bytes(path.read_bytes() + b'{"half a li')
    assert load_run(copy).metrics["payoff"].shape == kept[0].metrics["payoff"].shape


def test_no_folder_and_nothing_trained(tmp_path, copy):
    with pytest.raises(InputError, match=r"there is no run\.json"):
        load_run(tmp_path / "nowhere")
    (copy / "state.npz").unlink()
    with pytest.raises(InputError, match="stopped before its first lesson"):
        load_run(copy)


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        train(WORLD, BOTH, 36, to=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_other_players_do_not_go_on_in_the_folder(copy):
    with pytest.raises(InputError, match=r"holds another training: players was reinforce.*random and is random now"):
        train(WORLD, Policy(), 36, seeds=2, seed=5, to=copy)


def test_a_longer_training_is_another_and_is_told_in_steps(copy):
    """Three lessons of six steps in two copies; five steps more are a lesson more."""
    said = r"holds a training of 36 steps, and 48 were asked for .* Give --steps 36 \(steps=36\), or a new folder"
    with pytest.raises(InputError, match=said):
        train(WORLD, BOTH, 41, seeds=2, seed=5, to=copy)
    with pytest.raises(InputError, match="copies was 2 and is 3 now"):
        train(WORLD, BOTH, 36, seeds=2, seed=5, copies=3, to=copy)
    spoil(copy, digest="0")
    with pytest.raises(InputError, match="with other numbers in the world, its rules or the players than text shows"):
        train(WORLD, BOTH, 36, seeds=2, seed=5, to=copy)


@pytest.mark.parametrize("name", ["state.npz", "metrics.jsonl", "run.json"])
def test_a_folder_in_the_place_of_a_file_is_said(copy, name):
    (copy / name).unlink()
    (copy / name).mkdir()
    with pytest.raises(InputError, match=f"{name} is no file"):
        load_run(copy)
    with pytest.raises(InputError, match=f"{name} is no file"):
        train(WORLD, BOTH, 36, seeds=2, seed=5, to=copy)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(copy):
    (copy / "metrics.jsonl").unlink()
    os.mkfifo(copy / "metrics.jsonl")
    with pytest.raises(InputError, match="is no file"):
        load_run(copy)


@pytest.mark.parametrize("told", [{"lessons": -1}, {"lessons": 2**62}, {"lessons": 1}, {"lines": -5}, {"lines": 5}])
def test_a_state_that_counts_wrong_does_not_go_on_and_loses_nothing(copy, told):
    with np.load(copy / "state.npz") as state:
        np.savez(copy / "state.npz", **{**state, **{name: np.int64(number) for name, number in told.items()}})
    before = (copy / "metrics.jsonl").read_bytes()
    for again in (lambda: load_run(copy), lambda: train(WORLD, BOTH, 36, seeds=2, seed=5, to=copy)):
        with pytest.raises(InputError, match=r"lessons|is not what was written"):
            again()
    assert (copy / "metrics.jsonl").read_bytes() == before


def test_lessons_of_another_length_than_the_learners_are_refused(copy):
    spoil(copy, length=10**9)
    with pytest.raises(InputError, match="was trained in another world, or with other players"):
        load_run(copy)
