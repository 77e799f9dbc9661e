"""`ostrom audit`: subjects of every kind, reports of every form, and whatever can go wrong."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ostrom.core import catalogue
from ostrom.core.rooms import key

DILEMMA = {"name": "ours", "moves": ["C", "D"], "payoffs": [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]}
NFG = 'NFG 1 R "dilemma" { "Ann" "Bob" } { 2 2 }\n\n3 3 5 0 0 5 1 1\n'
DELEGATION = "precision = 2.0\n[game]\npayoffs = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]\n"
RULE = """
from ostrom import Institution

class Rule(Institution):
    scope = "additive"
    rate: float = 0.1

    def settle(self, now, payoffs):
        return payoffs - self.rate * now.amount("D")

class Broken(Institution):
    def settle(self, now, payoffs):
        return payoffs + missing

def lake(fishers: int = 2):
    from ostrom import NormalForm
    return NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("spare", "take"), name=f"lake of {fishers}")

def number():
    return 3
"""


@pytest.fixture
def rules(here):
    """A file of the user's own, importable because it lies in the folder the command is called in."""
    (here / "their_rule.py").write_text(RULE, "utf-8")
    yield
    sys.modules.pop("their_rule", None)


@pytest.mark.parametrize("name", ["prisoners_dilemma", "prisoners-dilemma", "PrisonersDilemma:reward=3"])
def test_a_scenario_by_any_spelling(ostrom, name):
    done = ostrom("audit", name)
    assert done.exit_code == 0
    assert done.stdout.startswith("Audit of prisoners dilemma\n\n100 % of what was possible is lost")
    assert "PROVED" in done.stdout
    assert "\x1b" not in done.stdout


def test_parameters(ostrom):
    done = ostrom("audit", "prisoners_dilemma", "reward=4", "temptation=9/2")
    assert "4.5, 0" in done.stdout


def test_every_form_in_one_go(ostrom, here):
    files = [f"found.{form}" for form in ("html", "json", "svg", "txt")]
    done = ostrom("audit", "prisoners_dilemma", *(part for name in files for part in ("-o", name)))
    assert done.exit_code == 0
    assert sorted(entry.name for entry in here.iterdir()) == sorted(files)
    assert (here / "found.html").read_text("utf-8").startswith("<!doctype html>")
    assert json.loads((here / "found.json").read_text("utf-8"))["kind"] == "audit"
    ElementTree.parse(here / "found.svg")
    assert (here / "found.txt").read_text("utf-8") == done.stdout
    assert [line.partition(": ")[2] for line in done.stderr.splitlines()] == files


def test_the_same_command_writes_the_same_bytes(ostrom, here):
    for name in ("one.html", "two.html"):
        assert ostrom("audit", "stag_hunt", "--seed", 5, "-o", name).exit_code == 0
    assert (here / "one.html").read_bytes() == (here / "two.html").read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ours.json", json.dumps(DILEMMA)),
        ("ours.nfg", NFG),
        ("ours.csv", "row,column,row pays,column pays\nC,C,3,3\nC,D,0,5\nD,C,5,0\nD,D,1,1\n"),
        ("meetings.csv", "agent 1,agent 2,payoff 1,payoff 2\na,a,1,1\na,b,2,0\nb,a,0,2\nb,b,3,3\n"),
        ("ours.toml", DELEGATION),
    ],
)
def test_files(ostrom, here, name, content):
    (here / name).write_text(content, "utf-8")
    done = ostrom("audit", name)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Audit of ")


def test_standard_input(ostrom):
    done = ostrom("audit", "-", input=json.dumps(DILEMMA))
    assert done.exit_code == 0
    assert "Audit of ours" in done.stdout


def test_a_file_called_like_a_scenario_needs_its_suffix(ostrom, here):
    (here / "braess").mkdir()
    assert "Audit of braess" in ostrom("audit", "braess").stdout


def test_principals_and_precision(ostrom, here):
    (here / "whom.toml").write_text('[rewards]\n"row" = {"row" = 1, "column" = 1}\n', "utf-8")
    done = ostrom("audit", "prisoners_dilemma", "--principals", "whom.toml", "--precision", "3")
    assert done.exit_code == 0, done.stderr
    assert "intent" in done.stdout
    assert "two tables" in done.stdout


def test_precision_of_a_delegation_in_a_file_is_replaced(ostrom, here):
    (here / "ours.toml").write_text(DELEGATION, "utf-8")
    for given_, expected in (("4", 4.0), ("inf", "inf")):
        ostrom("audit", "ours.toml", "--precision", given_, "-o", "found.json")
        assert json.loads((here / "found.json").read_text("utf-8"))["diagnosis"]["facets"]["precision"] == expected


def test_rules_from_the_catalogue_and_from_ones_own_file(ostrom, rules):
    one = ostrom("audit", "prisoners_dilemma", "--under", "tax:on=D,rate=3")
    assert "Nothing is lost" in one.stdout
    two = ostrom("audit", "prisoners_dilemma", "--under", "their_rule.Rule:rate=3", "--under", "quota:on=C,limit=1")
    assert two.exit_code == 0, two.stderr
    assert "under Rule + Quota" in two.stdout
    assert "What the rules change" in two.stdout


def test_a_rule_on_a_road_network(ostrom):
    done = ostrom("audit", "braess", "--under", "tax:on=link:north>south,rate=1")
    assert done.exit_code == 0
    assert "1.5" in done.stdout


def test_a_game_by_import_path(ostrom, rules):
    assert "Audit of lake of 3" in ostrom("audit", "their_rule.lake", "fishers=3").stdout


FORMS = ("html", "json", "svg", "txt")


@pytest.mark.parametrize(
    ("verb", "arguments", "kind"),
    [
        ("design", ["escape_room", "--among", "tax", "--among", "fines"], "design"),
        ("design", ["braess"], "road design"),
        ("verify", ["stag_hunt", "--audit", "equilibria", "--audit", "coalitions"], "verification"),
        ("compare", ["prisoners_dilemma", "--among", "fines", "--among", "advice"], "comparison"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_other_verbs_write_every_form_too(ostrom, here, verb, arguments, kind):
    files = [f"found.{form}" for form in FORMS]
    done = ostrom(verb, *arguments, *(part for name in files for part in ("-o", name)))
    assert done.exit_code == (1 if verb == "verify" else 0), done.stderr
    assert sorted(entry.name for entry in here.iterdir()) == sorted(files)
    assert (here / "found.html").read_text("utf-8").startswith("<!doctype html>")
    assert json.loads((here / "found.json").read_text("utf-8"))["kind"] == kind
    ElementTree.parse(here / "found.svg")
    assert (here / "found.txt").read_text("utf-8") == done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit", "prisoners_dilemma"],
        ["design", "prisoners_dilemma", "--among", "fines"],
        ["verify", "prisoners_dilemma", "--target", "C,C", "--under", "tax:on=D,rate=5", "--audit", "equilibria"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_certificate_is_written_and_can_be_checked_again(ostrom, here, arguments):
    done = ostrom(*arguments, "--certificate", "claims.json")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "Written: claims.json"
    again = ostrom("recheck", "claims.json")
    assert again.exit_code == 0, again.stdout
    assert "CONFIRMED" in again.stdout


def test_a_certificate_that_there_is_none_of(ostrom, here):
    """Nothing is lost where the tax is high enough, so nothing is proposed: the report comes, and the reason."""
    done = ostrom("audit", "prisoners_dilemma", "--under", "tax:on=D,rate=3", "--certificate", "claims.json")
    assert done.exit_code == 2
    assert "Nothing is lost" in done.stdout
    assert "no certificate" in done.stderr
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("verb", ["audit", "design", "verify"])
def test_a_certificate_has_a_place_of_its_own(refused, here, verb):
    assert "Something else" in refused(verb, "prisoners_dilemma", "-o", "a.json", "--certificate", "a.json")
    assert "no folder" in refused(verb, "prisoners_dilemma", "--certificate", "missing/a.json")
    (here / "ours.json").write_text(json.dumps(DILEMMA), "utf-8")
    assert "what the report would be about" in refused(verb, "ours.json", "--certificate", "ours.json")
    assert [entry.name for entry in here.iterdir()] == ["ours.json"]


def test_exit_codes_of_verify(ostrom):
    """0 where every claim holds, 1 where one is refuted; -o and a report come with both."""
    asked = ("--target", "C,C", "--audit", "equilibria")
    assert ostrom("verify", "prisoners_dilemma", *asked).exit_code == 1
    assert ostrom("verify", "prisoners_dilemma", *asked, "--under", "tax:on=D,rate=5").exit_code == 0


def test_gate(ostrom):
    """Voting can end in nobody's optimum: a refuted claim, which only --gate turns into an exit code."""
    arguments = ("audit", "prisoners_dilemma", "--under", "vote:motion=C")
    assert ostrom(*arguments).exit_code == 0
    assert ostrom(*arguments, "--gate").exit_code == 1
    assert ostrom("audit", "prisoners_dilemma", "--gate").exit_code == 0


# What can go wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prisoner_dilemma"], "Did you mean prisoners_dilemma"),
        (["zzz"], "no file or folder of that name either"),
        (["games/zzz.nfg"], "There is no file"),
        (["nowhere.Game"], "no module called 'nowhere'"),
        (["their_rule.Lake"], "no class in their_rule called 'Lake'"),
        (["their_rule.number"], "makes a int"),
        (["."], "no reader knows what it holds"),
        (["prisoners_dilemma", "rewrd=3"], "Did you mean reward"),
        (["prisoners_dilemma", "reward=lots"], "is not a number"),
        (["prisoners_dilemma", "reward=9"], "temptation > reward"),
        (["prisoners_dilemma", "reward"], "written name=value"),
        (["public_goods", "players=1"], "from 2"),
        (["prisoners_dilemma", "--under", "taxx"], "Did you mean tax"),
        (["prisoners_dilemma", "--under", "tax:rte=1"], "Did you mean rate"),
        (["prisoners_dilemma", "--under", "tax:on=harvst"], "harvst"),
        (["prisoners_dilemma", "--under", "reputation"], "played once"),
        (["prisoners_dilemma", "--under", ":"], "does not name"),
        (["prisoners_dilemma", "--principals", "missing.toml"], "There is no file"),
        (["prisoners_dilemma", "--principals", "their_rule.py"], "neither .toml nor .json"),
        (["prisoners_dilemma", "--precision", "0"], "precision"),
        (["prisoners_dilemma", "--precision", "nan"], "precision"),
        (["prisoners_dilemma", "--precision", "high"], "precision"),
        (["prisoners_dilemma", "--cell", "x"], "for records of play"),
        (["braess", "--precision", "2"], "road network"),
        (["braess", "--under", "tax:on=delay,shared=yes"], "is a crowd"),
        (["prisoners_dilemma", "-o", "found.pdf"], "form of report"),
        (["prisoners_dilemma", "-o", "found"], "form of report"),
        (["prisoners_dilemma", "-o", "missing/found.html"], "no folder"),
        (["prisoners_dilemma", "-o", "folder.html"], "It is a folder"),
    ],
)
def test_misuse_is_one_paragraph(refused, here, rules, arguments, said):
    (here / "folder.html").mkdir()
    before = sorted(here.iterdir())
    assert said in refused("audit", *arguments)
    assert [entry for entry in sorted(here.iterdir()) if entry.name != "__pycache__"] == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nan.json", b'{"payoffs": [[[1, NaN], [1, 2]], [[3, 1], [0, 1]]]}', "not finite"),
        ("inf.csv", b"a,b,a pays,b pays\nC,C,inf,1\n", "finite"),
        ("shape.json", b'{"payoffs": [[[1, 2], [3]], [[1, 2], [3, 4]]]}', "shape.json"),
        ("one.json", b'{"payoffs": [[1], [2]]}', "1 player"),
        ("still.json", b'{"payoffs": [[[1, 2], [3, 4]]]}', "1 move"),
        ("cut.nfg", NFG[:56].encode(), "cut.nfg"),
        ("bytes.nfg", b"NFG\x00\xff\xfe", "bytes.nfg"),
        ("empty.nfg", b"", "empty.nfg"),
        ("empty.json", b"", "empty.json"),
        ("deep.json", b"[" * 100_000, "deep.json"),
        ("huge.nfg", b'NFG 1 R "x" { "a" "b" } { 99999999 99999999 }\n1', "huge.nfg"),
        ("other.xls", b"1", "No reader is known"),
        ("net.tntp", b"<NUMBER OF NODES> 4\n<END OF METADATA>\n", "net.tntp"),
    ],
)
def test_unusable_files_are_one_paragraph(refused, here, name, content, said):
    (here / name).write_bytes(content)
    assert said in refused("audit", name, "-o", "found.html")
    assert [entry.name for entry in here.iterdir()] == [name]


def test_a_file_takes_no_parameters(refused, here):
    (here / "ours.json").write_text(json.dumps(DILEMMA), "utf-8")
    assert "is a file" in refused("audit", "ours.json", "reward=4")


def test_a_delegation_takes_no_rules_and_no_other_principals(refused, here):
    (here / "ours.toml").write_text(DELEGATION, "utf-8")
    assert "is a delegation" in refused("audit", "ours.toml", "--under", "tax:on=1")
    assert "principals already" in refused("audit", "ours.toml", "--principals", "ours.toml")


def test_the_subject_is_never_written_over(refused, here):
    (here / "ours.json").write_text(json.dumps(DILEMMA), "utf-8")
    assert "what the report would be about" in refused("audit", "ours.json", "-o", "./ours.json")
    assert json.loads((here / "ours.json").read_text("utf-8")) == DILEMMA


def test_an_old_report_survives_a_failed_audit(refused, here):
    (here / "found.html").write_text("old", "utf-8")
    refused("audit", "zzz", "-o", "found.html")
    assert (here / "found.html").read_text("utf-8") == "old"


def test_a_protected_place(refused, here):
    if os.geteuid() == 0:
        pytest.skip("whoever is root may write anywhere")
    (here / "closed").mkdir(mode=0o500)
    assert "protected" in refused("audit", "prisoners_dilemma", "-o", "closed/found.html")


def test_missing_and_unknown_options(ostrom):
    for arguments in (
        ("audit",),
        ("audit", "braess", "--nope"),
        ("audit", "braess", "--seed", "-1"),
        ("adit", "braess"),
    ):
        done = ostrom(*arguments)
        assert done.exit_code == 2
        assert done.stderr
        assert "Traceback" not in done.stderr


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["nfg", "json", "csv", "toml", "tntp", "txt"]), st.binary(max_size=200))
def test_no_file_makes_a_traceback(ostrom, here, suffix, content):
    (here / f"any.{suffix}").write_bytes(content)
    done = ostrom("audit", f"any.{suffix}")
    assert done.exit_code in (0, 2)
    assert done.exception is None or isinstance(done.exception, SystemExit)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\x00/\\", exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_no_name_makes_a_traceback(ostrom, subject):
    assume(key(subject.partition(":")[0]) not in map(key, catalogue.names("games")))
    done = ostrom("audit", "--", subject)
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)


def test_interrupted(ostrom, here, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("ostrom.cli._subject.find", interrupt)
    done = ostrom("audit", "braess", "-o", "found.html")
    assert done.exit_code == 130
    assert done.stderr == "ostrom: Interrupted; nothing was written.\n"
    assert list(here.iterdir()) == []


def test_memory_that_runs_out(ostrom, monkeypatch):
    def exhaust(*_, **__):
        raise MemoryError

    monkeypatch.setattr("ostrom.cli._subject.find", exhaust)
    done = ostrom("audit", "braess")
    assert done.exit_code == 2
    assert "memory" in done.stderr


# As a process of its own


def _process(folder, *arguments, **more):
    command = [sys.executable, "-m", "ostrom", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, **more)


def test_a_process_in_another_folder(here):
    done = _process(here, "audit", "prisoners_dilemma", "-o", "found.html")
    assert done.returncode == 0, done.stderr
    assert (here / "found.html").stat().st_size > 10_000
    assert done.stderr == "Written: found.html\n"


def test_a_mistake_in_ones_own_rule_is_named_with_its_place(here, rules):
    done = _process(here, "audit", "prisoners_dilemma", "--under", "their_rule.Broken")
    assert done.returncode == 70
    assert "NameError: name 'missing' is not defined" in done.stderr
    assert "their_rule.py" in done.stderr
    assert "Traceback" not in done.stderr
    steps = {**os.environ, "OSTROM_TRACEBACK": "1"}
    shown = _process(here, "audit", "stag_hunt", "--under", "their_rule.Broken", env=steps)
    assert "Traceback" in shown.stderr


def test_a_terminal_that_knows_no_greek(here):
    done = _process(here, "audit", "prisoners_dilemma", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert "100 % of what was possible is lost" in done.stdout


HEARING = """
import signal
from ostrom.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to Ctrl-C
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals work differently there")
def test_control_c(here):
    slow = "import time\ndef game():\n    print('at it', flush=True)\n    time.sleep(60)\n"
    (here / "slow.py").write_text(slow, "utf-8")
    command = [sys.executable, "-c", HEARING, "audit", "slow.game", "-o", "found.html"]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline() == "at it\n"
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in said
    assert not (here / "found.html").exists()


def test_a_reader_that_stops_listening(here):
    command = f"'{sys.executable}' -m ostrom list | head -n 1"
    done = subprocess.run(command, shell=True, cwd=here, capture_output=True, text=True, timeout=120)
    assert done.stdout == "games\n"
    assert "Traceback" not in done.stderr


# Other people's data


def test_sioux_falls(ostrom, here, shared_data):
    done = ostrom("audit", shared_data / "tntp" / "SiouxFalls_net.tntp", "-o", "found.json")
    assert done.exit_code == 0, done.stderr
    found = json.loads((here / "found.json").read_text("utf-8"))["diagnosis"]
    assert found["equilibrium"]["total_time"] == pytest.approx(7_480_225.345, rel=1e-4)
    assert found["optimum"]["total_time"] == pytest.approx(7_194_256.053, rel=1e-4)
    assert "What a trip takes longer" not in done.stdout
    assert "Trips by what each loses" in done.stdout


def test_agents_that_were_recorded(ostrom, shared_data):
    done = ostrom("audit", shared_data / "coopeval", "--cell", "matching_pennies")
    assert done.exit_code == 0, done.stderr
    assert "there is nothing to gain" in done.stdout
    assert "The empirical game over the agents" in done.stdout


def test_records_take_no_rules(refused, shared_data):
    assert "records of play" in refused("audit", shared_data / "coopeval", "--under", "tax")
    assert "no cell" in refused("audit", Path(shared_data) / "coopeval", "--cell", "zzz").lower()


def test_a_repeated_game_is_diagnosed_in_one_round_and_verified_in_many(ostrom, here):
    rules = ("--under", "graduated_sanctions:fines=(2.5,4)", "--under", "tax:on=D,rate=0.5")
    done = ostrom("audit", "prisoners_dilemma", "--repeated", "0.9", *rules, "-o", "made.html", "-o", "made.json")
    assert done.exit_code == 0, done.stderr
    assert "In one round without rules: 100 %" in done.stdout
    assert "Does it last?" in done.stdout
    assert "PROVED" in done.stdout
    assert "Does it last?" in (here / "made.html").read_text("utf-8")
    assert "What the rules are" in done.stdout


def test_what_the_rules_are_is_told_in_every_form(ostrom, here):
    rules = ("--under", "tax:on=D,rate=3", "--under", "lapses:rule=(fines:schedule=((*,D,2.5))),odds=0.2")
    done = ostrom("audit", "prisoners_dilemma", *rules, "-o", "made.html", "-o", "made.json")
    assert done.exit_code == 0, done.stderr
    for told in (done.stdout, (here / "made.html").read_text("utf-8")):
        assert all(words in told for words in ("What the rules are", "Lapses (Fines)", "graduated sanctions"))
    found = json.loads((here / "made.json").read_text("utf-8"))
    layers = [(layer["name"], layer["kinds"]) for layer in found["charter"]["layers"]]
    assert layers == [("Tax", ["strategic"]), ("Lapses (Fines)", ["strategic"])]
    assert len(found["charter"]["principles"]["principles"]) == 10
    statements = [claim["statement"] for claim in found["claims"]]
    assert "It takes at least 2 failing layers to break (C, C): Tax and Lapses." in statements
    assert "What the rules are" not in ostrom("audit", "prisoners_dilemma").stdout
