"""`ostrom train`: what is trained, said and kept, and that stopping changes nothing."""

import json
from pathlib import Path

import pytest

pytest.importorskip("jax")

from ostrom.cli import train as command
from ostrom.cli._players import brief, player_from, players_from, spoken
from ostrom.cli._world import world_from, world_text
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, UnknownName
from ostrom.learners import IPPO, Net, QLearning
from ostrom.worlds import CoinGame, Lake, MatrixWorld

TABLE = (
    "train",
    "prisoners_dilemma",
    "horizon=2",
    "--learner",
    "random",
    "--seat",
    "column=imitator:does=last,pay=last",
)
"""Nobody who learns: quick to compile, and all the same to the folder."""


@pytest.fixture
def trained(ostrom, here):
    done = ostrom(*TABLE, "--steps", 40, "--seeds", 2, "-o", "run")
    assert done.exit_code == 0, (done.stderr, done.exception)
    return done


def test_it_says_what_it_does_and_keeps_what_came_of_it(trained, here):
    assert trained.stdout.startswith("Training in prisoners dilemma\n")
    assert "world: prisoners_dilemma horizon=2; 2 steps an episode" in trained.stderr
    assert "row: random" in trained.stderr
    assert "column: imitator: does=last, pay=last" in trained.stderr
    assert {path.name for path in (here / "run").iterdir()} == {
        "run.json", "metrics.jsonl", "state.npz", "training.html"
    }  # fmt: skip
    known = json.loads((here / "run" / "run.json").read_text())
    assert known["players"] == [["random", [0]], ["imitator:does=last,pay=last", [1]]]
    assert (known["seeds"], known["lessons"] * known["length"] * known["copies"]) == (2, 40)
    lines = (here / "run" / "metrics.jsonl").read_text().splitlines()
    assert len(lines) == 2 * known["lessons"]
    assert "<svg" in (here / "run" / "training.html").read_text()


def test_the_same_command_again_changes_nothing(trained, ostrom, here):
    before = {path.name: path.read_bytes() for path in (here / "run").iterdir()}
    again = ostrom(*TABLE, "--steps", 40, "--seeds", 2, "-o", "run")
    assert again.stdout == trained.stdout
    assert "where a training goes on" in again.stderr
    assert {path.name: path.read_bytes() for path in (here / "run").iterdir()} == before


def test_an_interrupted_training_goes_on_to_the_same_bytes(trained, ostrom, here, monkeypatch):
    def interrupt(pace, at, stage):
        pace.where = f" after {at.steps:,} steps"
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command._Pace, "__call__", interrupt)
        done = ostrom(*TABLE, "--steps", 40, "--seeds", 2, "-o", "other")
    assert done.exit_code == 130
    assert "The same command goes on from there" in done.stderr
    kept = (here / "other" / "metrics.jsonl").read_bytes()
    assert 0 < len(kept) < len((here / "run" / "metrics.jsonl").read_bytes())
    assert ostrom(*TABLE, "--steps", 40, "--seeds", 2, "-o", "other").stdout == trained.stdout
    for path in (here / "run").iterdir():
        assert (here / "other" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_page_is_there_before_anything_is_printed(ostrom, here, monkeypatch):
    def closed(*arguments):
        raise BrokenPipeError

    monkeypatch.setattr("ostrom.cli._output.deliver", closed)
    assert ostrom(*TABLE, "--steps", 40, "-o", "run").exit_code != 0
    assert "</html>" in (here / "run" / "training.html").read_text()


def test_another_training_is_refused_in_the_folder(trained, ostrom):
    done = ostrom(*TABLE, "--steps", 40, "--seeds", 2, "--seed", 1, "-o", "run")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "holds another training: seed was 0 and is 1" in done.stderr


@pytest.mark.slow
def test_players_who_learn(ostrom, here):
    done = ostrom("train", "coin_game", "--seat", "player 2=bot:selfish", "--steps", 4000, "--seeds", 2, "-o", "run")
    assert "player 1: ippo" in done.stderr
    assert "ippo entropy" in done.stdout
    assert ostrom("play", "run", "--episodes", 3).stdout.startswith("3 episodes of coin game, run")


def test_without_a_folder_nothing_is_written(ostrom, here):
    assert ostrom(*TABLE, "--steps", 40, "--seeds", 2).exit_code == 0
    assert list(here.iterdir()) == []


def test_presets_parameters_and_rules():
    assert world_from("coin_game") == CoinGame.small()
    assert world_from("CoinGame", ["loss=3", "height=4"]) == CoinGame(horizon=32, loss=3.0, height=4)
    assert world_from("coin-game", preset="full") == CoinGame()
    assert world_from("lake:players=2,horizon=7") == Lake(players=2, horizon=7)
    governed = world_from("coin_game", under=["tax:on=other,rate=0.5", "quota:on=other,limit=1"])
    assert [type(rule).__name__ for rule in governed.institutions] == ["Tax", "Quota"]
    assert world_text(governed) == "coin_game:horizon=32 under tax:on=other,rate=0.5 under quota:on=other"


def test_table_games_files_and_what_is_ones_own(here):
    table = world_from("prisoners_dilemma", ["temptation=7"])
    assert (type(table), table.horizon, table.payoffs.max()) == (MatrixWorld, 16, 7)
    (here / "mine.json").write_text('{"players": ["a", "b"], "payoffs": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}')
    assert world_from("mine.json", ["horizon=3"]).horizon == 3
    (here / "their_world.py").write_text(
        "from ostrom.worlds import Lake\nfrom ostrom.games import Chicken\n"
        "class Pond(Lake):\n    'A small lake.'\n"
        "def game(high: float = 5):\n    return Chicken()\n"
    )
    assert world_from("their_world.Pond", ["players=3"]).players == 3
    assert world_from("their_world.game", ["high=4", "horizon=2"]).horizon == 2


def test_an_environment_without_a_horizon_is_told_of_one(here, capsys):
    """And whoever gives one is told nothing."""
    pytest.importorskip("pettingzoo", reason="needs pettingzoo, an optional part: pip install 'ostrom[environments]'")
    page = (Path(__file__).parents[2] / "docs/worlds/hosted.md").read_text(encoding="utf-8")
    (here / "their_hosted_pond.py").write_text(page.split("```python\n")[1].split("```")[0])
    assert world_from("their_hosted_pond.Pond").horizon == 100
    assert capsys.readouterr().err == "horizon: 100 steps an episode, as nothing else was given (horizon=…)\n"
    assert world_from("their_hosted_pond.Pond", ["horizon=10"]).horizon == 10
    assert world_from("their_hosted_pond.Pond:horizon=10").horizon == 10
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["coin_gane"], "There is no world or table game called 'coin_gane'. Did you mean coin_game"),
        (["governed"], "There is no world or table game called 'governed'"),
        (["coin_game", "hight=3"], "There is no parameter of CoinGame called 'hight'. Did you mean height"),
        (
            ["lake", "--under", "quota:on=catch"],
            "Did you mean act? There is: act, effort, fish, fish hard, harvest, rest",
        ),
        (["coin_game", "--preset", "tiny"], "There is no preset called 'tiny'"),
        (["lake", "--preset", "small"], "Lake has no preset called small"),
        (["coin_game", "--learner", "ipo"], "There is no learner or policy called 'ipo'. Did you mean ippo"),
        (["coin_game", "--learner", "ippo:rat=1"], "There is no parameter of ippo called 'rat'. Did you mean rate"),
        (["coin_game", "--learner", "ippo:rate=fast"], "rate=fast is not a number"),
        (["coin_game", "--learner", "bot:selfless"], "There is no bot of CoinGame called 'selfless'"),
        (["coin_game", "--seat", "player 3=ippo"], "There is no seat called 'player 3'"),
        (["coin_game", "--seat", "player 1"], "--seat player 1 names no player"),
        (["coin_game", "--seat", "player 1=imitator"], "Imitator cannot play player 1 here"),
        (["coin_game", "--under", "tax:on=other,rat=2"], "There is no parameter of Tax called 'rat'"),
        (["prisoners_dilemma", "horizon=0"], "horizon=0 is no number of rounds"),
        (["braess"], "is a road network"),
        (["coin_game", "-o", "a_file"], "Nothing can be kept in a_file"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_paragraph(ostrom, here, arguments, said):
    (here / "a_file").write_text("mine")
    done = ostrom("train", *arguments, "--steps", 1)
    assert (done.exit_code, done.stdout) == (2, "")
    *_, last = done.stderr.splitlines()
    assert last.startswith("ostrom: ")
    assert said in last
    assert (here / "a_file").read_text() == "mine"


def test_players_by_name():
    world = world_from("coin_game")
    net = player_from(world, "ippo:rate=0.01,net=(net:units=8,channels=(4))")
    assert net == IPPO(rate=0.01, net=Net(units=8, channels=(4,)))
    assert player_from(world, "bot:selfish") == world.bots()["selfish"]
    players = players_from(world, "random", ["player 2=bot:reciprocal"])
    assert players == [Policy(), world.bots()["reciprocal"]]
    assert players_from(world, "random", ["*=bot:selfish"]) == [world.bots()["selfish"]] * 2
    assert [spoken(world, player) for player in players] == ["bot:random", "bot:reciprocal"]
    assert brief(spoken(world, net)) == "ippo"
    assert spoken(world, QLearning()) == "q_learning"
    with pytest.raises(UnknownName):
        player_from(world, "lake")


def test_players_of_ones_own(here):
    (here / "their_player.py").write_text(
        "from ostrom.core.agent import Policy\nclass Still(Policy):\n    'Stays.'\nclass Odd:\n    'No player.'\n"
    )
    world = world_from("coin_game")
    assert type(player_from(world, "their_player.Still")).__name__ == "Still"
    with pytest.raises(InputError, match="makes a Odd"):
        player_from(world, "their_player.Odd")


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (89, "89 s"), (600, "10 min"), (9000, "2.5 h")])
def test_times_in_words(seconds, said):
    assert command.span(seconds) == said
