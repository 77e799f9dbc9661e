"""`ostrom play`: who got what, in words, as a page, a picture and rows; of runs and of worlds."""

import json
import shutil

import numpy as np
import pytest

pytest.importorskip("jax")

from ostrom.core.event import read_events
from ostrom.learners import play
from ostrom.worlds import CoinGame

TRAIN = ("train", "prisoners_dilemma", "horizon=3", "--learner", "random", "--steps", 6, "--seeds", 2, "-o", "run")


@pytest.fixture
def run(ostrom, here):
    """A folder in which nobody has learned anything, which is quick."""
    assert ostrom(*TRAIN).exit_code == 0
    return here / "run"


def test_a_run_in_words_and_a_table(run, ostrom):
    said = ostrom("play", "run", "--episodes", 4).stdout
    assert said.startswith("4 episodes of table game, run\n\nIn 4 episodes of 3 steps row got ")
    assert "standard error" in said
    assert ostrom("play", "run", "--episodes", 4).stdout == said
    assert ostrom("play", "run", "--episodes", 4, "--seed", 1).stdout != said


def test_a_world_with_its_bots_is_what_python_plays(ostrom, here):
    world, files = CoinGame.small(), ("-o", "play.json", "-o", "play.jsonl")
    played = play(world, world.bots()["selfish"], seed=2, episodes=3)
    done = ostrom("play", "coin_game", "--bot", "selfish", "--seed", 2, "--episodes", 3, *files)
    assert "bot:selfish" in done.stdout
    (table,) = json.loads((here / "play.json").read_text())["sections"][0]["blocks"]
    np.testing.assert_allclose([row[2] for row in table["rows"][:2]], played.returns.mean(0), atol=1e-6)
    rows = list(read_events(here / "play.jsonl"))
    assert sum(row.payoff or 0 for row in rows) == pytest.approx(played.returns.sum())
    assert "other (coins)" in done.stdout
    assert {row.action for row in rows if row.channel == "act"} <= {"stay", "north", "south", "west", "east"}


def test_pages_and_pictures_side_by_side(run, ostrom, here):
    files = [f"play.{kind}" for kind in ("html", "svg", "png", "txt")]
    done = ostrom("play", "run", "--beside", "run", "--episodes", 1, *(f"-o{file}" for file in files))
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines() == [f"Written: {file}" for file in files]
    page = (here / "play.html").read_text()
    assert page.count('<section class="film"') == 2
    assert "<h1>table game, run and table game, run, again</h1>" in page
    assert (here / "play.svg").read_text().startswith("<svg")
    assert (here / "play.png").read_bytes().startswith(b"\x89PNG")
    assert (here / "play.txt").read_text() == done.stdout
    assert "standard error" not in done.stdout


def test_files_are_there_before_anything_is_printed(run, ostrom, here, monkeypatch):
    def closed(*arguments):
        raise BrokenPipeError

    monkeypatch.setattr("ostrom.cli._output.deliver", closed)
    assert ostrom("play", "run", "--episodes", 1, "-o", "play.html").exit_code != 0
    assert "</html>" in (here / "play.html").read_text()


def test_strangers_in_a_run(run, ostrom):
    done = ostrom("play", "run", "--seat", "row=imitator:does=last,pay=last", "--episodes", 4)
    assert "imitator: does=last, pay=last" in done.stdout


@pytest.mark.slow
def test_rules_round_a_run_and_none_beside_it(run, ostrom, here):
    done = ostrom("play", "run", "--under", "tax:on=D,rate=100", "--episodes", 2, "--beside", "run", "-oboth.html")
    assert done.stdout.startswith("2 episodes of table game under tax, run")
    assert "\n2 episodes of table game, run\n" in done.stdout
    assert "<h1>table game under tax, run and table game, run</h1>" in (here / "both.html").read_text()


OWN = """
from ostrom.core.agent import Policy
from ostrom.institutions import Tax
from ostrom.worlds import Lake


class Pond(Lake):
    "A small lake."


class Idle(Policy):
    "Chooses evenly."


class Levy(Tax):
    "A tax of one's own."


class Other(Pond):
    "Another one."
"""


@pytest.fixture
def own(ostrom, here):
    """Two runs in a world, with players and under a rule of one's own; what the first said in the end."""
    (here / "their_pond.py").write_text(OWN)
    rule = ("--under", "their_pond.Levy:on=harvest,rate=0.1")
    who = ("players=2", "horizon=2", "--learner", "their_pond.Idle", "--steps", 2)
    first = ostrom("train", "their_pond.Pond", *who, *rule, "-o", "own")
    assert first.exit_code == 0, first.stderr
    assert ostrom("train", "their_pond.Other", *who, "-o", "other").exit_code == 0
    return first


def test_a_run_of_ones_own_says_how_it_is_played_and_is(own, ostrom):
    """Naming one class vouches for its file: parameters are those of the folder."""
    assert "play it: ostrom play own --world their_pond.Pond)" in own.stderr
    assert own.stdout.startswith("Training in their_pond.Pond under levy\n")
    assert "every seat: their_pond.Idle\n" in own.stderr
    assert "  " not in own.stderr
    refused = ostrom("play", "own")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "If that is of your own: ostrom play own --world their_pond.Pond, or load_run(" in refused.stderr
    done = ostrom("play", "own", "--world", "their_pond.Pond", "--episodes", 1)
    assert done.stdout.startswith("1 episode of their_pond.Pond under levy, own\n")
    assert ostrom("play", "own", "--learner", "their_pond.Idle", "--episodes", 1).stdout == done.stdout
    given = ("--world", "their_pond.Pond:players=2,horizon=2")
    assert ostrom("play", "own", *given, "--episodes", 1).stdout == done.stdout
    assert "another world" in ostrom("play", "own", "--world", "their_pond.Pond:players=2,horizon=3").stderr


def test_runs_of_ones_own_stand_side_by_side_in_one_world_only(own, ostrom, refused):
    done = ostrom("play", "own", "--world", "their_pond.Pond", "--beside", "own", "--episodes", 1)
    assert "1 episode of their_pond.Pond under levy, own, again" in done.stdout
    world = ("their_pond.Pond", "players=2", "horizon=2", "--seat", "*=random")
    done = ostrom("play", *world, "--beside", "own", "--world", "their_pond.Pond", "--episodes", 1)
    assert done.exit_code == 0, done.stderr
    said = refused("play", "own", "--world", "their_pond.Pond", "--beside", "other")
    assert "own is about their_pond.Pond, and other about their_pond.Other. Side by side" in said
    assert "lake with 2 and 3 seats" in refused(
        "play", "lake:players=2", "--seat", "*=random", "--beside", "lake:players=3"
    )
    assert "--learner ippo is for runs" in refused("play", *world, "--learner", "ippo")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["coin_game"], "Nobody plays player 1, player 2."),
        (["coin_game"], "Say who plays: --bot NAME"),
        (["coin_game", "--bot", "selfless"], "There is no bot of CoinGame called 'selfless'. Did you mean selfish"),
        (["coin_game", "--world", "lake"], "--world lake is for runs"),
        (["run", "-o", "play.gif"], "There is no form of a replay called '.gif'"),
        (["run", "-o", "nowhere/play.html"], "There is no folder"),
        (["run", "--training", 2], "There is no training 2: there were 2"),
        (["run", "horizon=2"], "'horizon=2' is about a world"),
        (["empty"], "is not the folder of a training"),
        (["cut"], "state.npz cannot be read"),
        (["bad"], "does not say what was trained"),
        (["evil"], "There is no world called 'os.system'"),
    ],
)
def test_what_cannot_be_played(run, refused, here, arguments, said):
    (here / "empty").mkdir()
    for name in ("cut", "bad", "evil"):
        shutil.copytree(run, here / name)
    (here / "cut" / "state.npz").write_bytes((run / "state.npz").read_bytes()[:300])
    (here / "bad" / "run.json").write_text('{"world": "os.system:command=touch"}')
    known = json.loads((run / "run.json").read_text()) | {"world": "os.system:command=touch"}
    (here / "evil" / "run.json").write_text(json.dumps(known))
    assert said in refused("play", *arguments)


def test_rules_that_ask_for_more_than_was_learned_are_refused_in_words(ostrom, refused, here):
    """A vote is a choice that nobody was trained to make; whoever chooses evenly can take part."""
    assert ostrom(*TRAIN[:3], "--learner", "reinforce:length=3,copies=1", "--steps", 3, "-o", "learned").exit_code == 0
    said = refused("play", "learned", "--under", "vote:motion=C")
    assert "Under vote:motion=C seats also choose vote, see stage, see vote. Those who were trained without" in said
    assert "Trained cannot" not in said
    seats = ("--seat", "*=random", "--episodes", 1)
    assert ostrom("play", "learned", "--under", "vote:motion=C", *seats).exit_code == 0


def test_what_a_table_has_learned_plays_on_also_under_a_rule(ostrom, here):
    assert ostrom(*TRAIN[:3], "--learner", "q_learning", "--steps", 400, "-o", "table").exit_code == 0
    for more in ((), ("--under", "tax:on=D,rate=1")):
        done = ostrom("play", "table", "--episodes", 1, *more)
        assert done.exit_code == 0, done.stderr


def test_chance_plays_where_a_world_has_no_bots(ostrom, refused):
    """Whoever is told that nobody plays is told who can."""
    said = refused("play", "lake")
    assert "Lake has the bots random" in said
    assert ostrom("play", "lake", "--bot", "random", "--episodes", 1).exit_code == 0
