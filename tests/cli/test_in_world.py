"""Worlds and trainings as subjects of diagnose, audit and verify: what is dispatched, refused, and said before."""

import json
from pathlib import Path

import pytest

pytest.importorskip("jax")

import casts

from ostrom.cli import _in_world as command
from ostrom.cli._in_world import WorldOptions, find_world
from ostrom.cli._world import concerns_world, is_run, world_from
from ostrom.core.catalogue import names
from ostrom.core.errors import InputError
from ostrom.worlds import CoinGame

CASTS = Path(casts.__file__)
PD = """
from ostrom import games
from ostrom.worlds import MatrixWorld


def dilemma():
    return MatrixWorld.of(games.PrisonersDilemma(), horizon=2)
"""


@pytest.fixture
def own(here):
    """A learner and a world in files of one's own."""
    (here / "student.py").write_text(CASTS.read_text(encoding="utf-8"), encoding="utf-8")
    (here / "their_world.py").write_text(PD)
    return here


def test_games_come_first_and_nothing_is_made_to_find_out(here):
    assert [concerns_world(name) for name in ("coin_game", "CoinGame:loss=3", "harvest")] == [True] * 3
    assert [concerns_world(name) for name in ("prisoners_dilemma", "commons", "mine.nfg", "-")] == [False] * 4
    assert not any(concerns_world(name) for name in names("games"))
    (here / "run").mkdir()
    assert not is_run("run")
    (here / "run" / "run.json").write_text("{}")
    assert is_run("run")
    assert concerns_world("run")


def test_what_is_about_games_is_refused_for_worlds_and_the_other_way(refused):
    assert "--precision is about games" in refused("diagnose", "coin_game", "--precision", 2)
    assert "--cell is about games" in refused("audit", "coin_game", "--cell", "x")
    assert "--certificate is about games" in refused("audit", "coin_game", "--certificate", "c.json")
    assert "--target is about games" in refused("verify", "coin_game", "--target", "C")
    assert "--steps is about worlds" in refused("diagnose", "prisoners_dilemma", "--steps", 100)
    assert "--preset is about worlds" in refused("verify", "prisoners_dilemma", "--preset", "small")
    assert "--world lake is for runs" in refused("diagnose", "coin_game", "--world", "lake")
    assert "random learns nothing" in refused("diagnose", "coin_game", "--learner", "random")
    assert "no parameter of CoinGame called 'lenght'" in refused("diagnose", "coin_game", "lenght=3")


def test_small_worlds_say_how_long_they_take_before_anything_is_made(capsys):
    found = find_world("coin_game", None, ["tax:on=other,rate=2"], WorldOptions())
    effort = CoinGame.effort
    assert (found.world.base, found.steps, found.seeds, found.title) == (
        CoinGame.small(), effort.steps, 4, "coin game under tax"
    )  # fmt: skip
    assert found.seconds["diagnose"] == effort.diagnosed <= 90
    command.say_time(found, "diagnose", None)
    said = capsys.readouterr().err
    assert (
        said == f"time: about {effort.diagnosed} s on two cores (4 seeds of {effort.steps:,} steps in each training)\n"
    )
    twice = find_world("coin_game", None, None, WorldOptions(steps=2 * effort.steps))
    assert effort.diagnosed < twice.seconds["diagnose"] < 2 * effort.diagnosed
    assert find_world("coin_game", ["height=9"], None, WorldOptions()).seconds == {}
    assert find_world("coin_game", None, None, WorldOptions(preset="full")).seconds == {}


def test_every_world_that_can_be_named_says_its_effort():
    """And none takes more than a minute and a half to diagnose."""
    small = [name for name in names("worlds") if concerns_world(name) and name not in HOSTS]
    made = {name: world_from(name) for name in small}
    assert len(made) >= 12
    assert {name for name, world in made.items() if not hasattr(world, "effort")} == set()
    assert max(world.effort.diagnosed for world in made.values()) <= 90


HOSTS = ("governed", "gymnasium", "hosted", "jaxmarl", "matrix", "pettingzoo", "rollouts", "stepwise")
"""Members that are no world by themselves."""


@pytest.mark.slow
def test_a_run_and_what_does_not_go_with_it(ostrom, refused, own):
    """A training of two seeds: its facets have its players as they are, its audit asks about them."""
    made = ("train", "prisoners_dilemma", "horizon=2", "--learner", "random", "--seeds", 2, "--steps", 32, "-o", "run")
    assert ostrom(*made).exit_code == 0
    assert "'players=2' is about a world" in refused("diagnose", "run", "players=2")
    assert "would lay another rule" in refused("audit", "run", "--under", "tax:on=D,rate=2")
    assert "'--seeds' is about a world" in refused("verify", "run", "--seeds", 2)
    done = ostrom("diagnose", "run", "--learner", "student.Student", "--steps", 4000, "-o", "d.json")
    assert done.exit_code == 0, (done.stderr, done.exception)
    assert done.stdout.startswith("Diagnosis of MatrixWorld\n")
    assert "time: said as soon as a first lesson has been measured" in done.stderr
    assert "from here (2 seeds of 4,000 steps in each training)" in done.stderr
    known = json.loads((own / "d.json").read_text())
    assert known["given"] == "players trained for 32 steps"
    assert known["corners"][""]["how"] == "given"
    assert sum(known[part]["value"] for part in ("intent", "capability", "inter-agent")) == pytest.approx(
        known["gap"]["value"]
    )


@pytest.mark.slow
def test_a_world_of_ones_own_is_audited_and_verified(ostrom, own):
    command = ("their_world.dilemma", "--learner", "student.Student", "--steps", 6000, "--seeds", 2)
    done = ostrom("audit", *command, "-o", "a.html", "--gate")
    assert done.exit_code in (0, 1), (done.stderr, done.exception)
    assert done.stdout.startswith("Audit of their_world.dilemma\n")
    assert "<svg" in (own / "a.html").read_text()
    again = ostrom("audit", *command, "-o", "b.html", "--gate")
    assert again.stdout == done.stdout
    assert (own / "a.html").read_bytes() == (own / "b.html").read_bytes()
    checked = ostrom("verify", *command, "--audit", "exploiters:episodes=16")
    assert checked.exit_code in (0, 1, 3)
    assert "Exploiters" in checked.stdout


def test_more_trainings_than_fit_anywhere_are_refused_before_anything_is_made(refused):
    assert "(seeds=1000000000) cannot be" in refused("diagnose", "coin_game", "--seeds", 10**9)


def test_runs_that_are_refused(refused, here):
    (here / "run").mkdir()
    (here / "run" / "run.json").write_text("{}")
    assert "does not say what was trained" in refused("diagnose", "run")


def test_who_does_not_learn_cannot_be_trained(own):
    with pytest.raises(InputError, match="bot:selfish learns nothing"):
        find_world("coin_game", None, None, WorldOptions(learner="bot:selfish"))
