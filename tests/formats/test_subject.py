"""Whatever somebody hands us: the right reader by suffix or by content, and a sentence when there is none."""

import io
import json

import pytest

from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Game
from ostrom.formats.bimatrix import write_bimatrix
from ostrom.formats.cross_play import CrossPlay
from ostrom.formats.csv_table import write_csv
from ostrom.formats.json_game import write_json
from ostrom.formats.nfg import write_nfg
from ostrom.formats.subject import open_subject

GAME = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], players=("row", "column"), moves=("C", "D"))
TEXTS = {
    "g.nfg": write_nfg(GAME),
    "g.NFG": write_nfg(GAME, outcomes=True),
    "g.json": write_json(GAME),
    "g.csv": write_csv(GAME),
    "g.tsv": write_csv(GAME).replace(",", "\t"),
    "g.txt": write_bimatrix(GAME),
    "g.md": write_bimatrix(GAME),
    "g.toml": 'players = ["row", "column"]\npayoffs = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]',
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_is_opened_by_its_suffix(tmp_path, name):
    (tmp_path / name).write_text(TEXTS[name], encoding="utf-8")
    assert open_subject(str(tmp_path / name)).payoffs.tolist() == GAME.payoffs.tolist()


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("way", ["standard input", "a file without a suffix"])
def test_without_a_suffix_the_text_speaks_for_itself(tmp_path, monkeypatch, name, way):
    if way == "standard input":
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXTS[name].encode())))
        opened = open_subject("-")
    else:
        (tmp_path / "plain").write_text(TEXTS[name], encoding="utf-8")
        opened = open_subject(tmp_path / "plain")
    assert opened.payoffs.tolist() == GAME.payoffs.tolist()


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "g.csv").write_text(TEXTS["g.csv"], encoding="utf-8-sig")
    assert open_subject(tmp_path / "g.csv").players == ("row", "column")


def test_cross_play_is_known_by_its_columns(tmp_path):
    path = tmp_path / "meetings.csv"
    path.write_text("agent a,agent b,payoff a,payoff b\nx,x,1,1\nx,y,0,2\ny,x,2,0\ny,y,3,3\n")
    opened = open_subject(path)
    assert isinstance(opened, CrossPlay)
    assert opened.game.moves[0] == ("x", "y")


def test_a_delegation_names_its_game(tmp_path):
    (tmp_path / "g.nfg").write_text(TEXTS["g.nfg"])
    (tmp_path / "d.toml").write_text('game = "g.nfg"\nprecision = 2\n')
    opened = open_subject(tmp_path / "d.toml")
    assert isinstance(opened, Delegation)
    assert opened.game.moves == GAME.moves
    (tmp_path / "d.json").write_text(json.dumps({"game": "public_goods:players=40", "precision": 2}))
    assert isinstance(open_subject(tmp_path / "d.json").game, Symmetric)


@pytest.mark.parametrize(
    "game", ["/etc/hosts.csv", "../g.nfg", "os.system:command=ls", "d.toml", "x.py", "folder/g.nfg"]
)
def test_a_file_opens_nothing_elsewhere_and_runs_nothing(tmp_path, game):
    (tmp_path / "g.nfg").write_text(TEXTS["g.nfg"])
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "d.toml").write_text(f'game = "{game}"\n')
    with pytest.raises(InputError):
        open_subject(tmp_path / "inner" / "d.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"payofs": [], "players": []}', "Did you mean payoffs"),
        ('{"runs": 3}', "no part of a game called 'runs'"),
        ('{"precision": 2}', "which game it is about"),
        ("{}", "no payoffs"),
    ],
)
def test_json_that_is_something_else(tmp_path, text, says):
    (tmp_path / "g.json").write_text(text)
    with pytest.raises(InputError, match=says):
        open_subject(tmp_path / "g.json")


def test_an_unknown_scenario_in_a_file_gets_a_suggestion(tmp_path):
    (tmp_path / "d.toml").write_text('game = "prisoner_dilemma"')
    with pytest.raises(InputError, match="prisoners_dilemma"):
        open_subject(tmp_path / "d.toml")


def test_an_unknown_suffix_lists_the_known_ones():
    with pytest.raises(InputError) as caught:
        open_subject("game.xls")
    assert ".nfg" in str(caught.value)
    assert ".json" in str(caught.value)


def test_a_missing_file_gets_a_suggestion(tmp_path):
    (tmp_path / "lake.json").write_text("{}")
    with pytest.raises(InputError, match=r"Did you mean lake\.json"):
        open_subject(tmp_path / "lkae.json")


def test_a_folder_of_something_else(tmp_path):
    with pytest.raises(InputError, match="folder"):
        open_subject(tmp_path)


def test_a_folder_of_coopeval_records(shared_data):
    assert type(open_subject(shared_data / "coopeval")).__name__ == "CoopEval"


def test_a_very_long_file_is_refused_unread(tmp_path):
    path = tmp_path / "long.nfg"
    with path.open("wb") as stream:
        stream.truncate(20 * 2**20)
    with pytest.raises(InputError, match="longer than 16 MiB"):
        open_subject(path)


def test_what_is_opened_is_a_game(tmp_path):
    (tmp_path / "g.json").write_text(TEXTS["g.json"])
    assert isinstance(open_subject(tmp_path / "g.json"), Game)
