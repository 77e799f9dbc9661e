"""`ostrom sweep`: names by comma, what is said before and after, and what is kept."""

import pytest

pytest.importorskip("jax")
pytest.importorskip("pyarrow", reason="needs pyarrow, an optional part: pip install 'ostrom[data]'")

from pyarrow import parquet

from ostrom.cli import sweep as command
from ostrom.cli.sweep import listed
from ostrom.core.errors import InputError
from ostrom.scale import Processes, Ray, Serial

SWEEP = (
    "sweep",
    "prisoners_dilemma:horizon=3,lake:players=2,horizon=4",
    "--under",
    "none,tax:on=D,rate=0.4",
    "--learner",
    "random",
)
MORE = ("--seeds", 2, "--chunk", 2, "--steps", 64, "--executor", "serial", "-o", "swept")


@pytest.mark.slow
def test_it_says_what_it_will_do_and_keeps_a_table(ostrom, here):
    done = ostrom(*SWEEP, *MORE)
    assert done.exit_code == 0, (done.stderr, done.exception)
    before, tasks, written = done.stderr.splitlines()
    assert before == "left out: 1 that do not fit together (told in the table)"
    said = " ".join(done.stdout.split())
    left_out = (
        "lake:players=2,horizon=4 under tax:on=D,rate=0.4 with random: There is no fact, part or label called 'D'."
    )
    assert said.count(left_out) == 1
    assert "The mean return of all seats, after what rules take or give, was highest in" in said
    assert tasks.startswith("tasks: 3; 1 at once, about ")
    assert written.startswith("Written: swept/table.parquet (")
    assert "2 worlds, 2 rules and 1 learner made 3 combinations, trained with 2 seeds each" in " ".join(
        done.stdout.split()
    )
    table = parquet.read_table(here / "swept" / "table.parquet").to_pylist()
    assert {(row["world"], row["under"]) for row in table} == {
        ("prisoners_dilemma:horizon=3", "none"),
        ("prisoners_dilemma:horizon=3", "tax:on=D,rate=0.4"),
        ("lake:players=2,horizon=4", "none"),
    }
    assert sum(row["value"] for row in table if row["measure"] == "fact harvest") > 0
    last = [
        r["value"] for r in table if r["under"] == "tax:on=D,rate=0.4" and r["steps"] == 64 and r["measure"] == "return"
    ]
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("tax:on=D,rate=0.4   random")]
    assert f" {sum(last) / len(last):.4g} " in line
    assert (here / "swept" / "table.txt").read_text().startswith("Sweep\n")
    again = ostrom(*SWEEP, *MORE)
    assert again.stdout == done.stdout
    assert "tasks: 3, 3 of them done before; 1 at once" in again.stderr
    assert ostrom("play", next((here / "swept" / "tasks").glob("lake*-*[!.json]"))).exit_code == 0


@pytest.mark.slow
def test_one_bad_task_is_told_and_ends_with_one(ostrom, here):
    rules = ("--under", "none,tax:on=harvest,rate=inf", "--learner", "random", "--steps", 8)
    done = ostrom("sweep", "lake:players=2,horizon=4", *rules, *MORE[-4:], "--seeds", 1)
    assert done.exit_code == 1, done.stderr
    said = " ".join(done.stdout.split())
    assert "1 task beside went wrong, and the same command tries again" in said
    assert (
        "• lake:players=2,horizon=4 under tax:on=harvest,rate=inf with random, seed 0: The payoff of player 1" in said
    )
    assert (here / "swept" / "table.txt").read_text() == done.stdout


def test_an_interrupted_sweep_says_how_to_go_on(ostrom, here, monkeypatch):
    def interrupt(pace, at, stage):
        pace.where = f" after {at.done} of {at.tasks} tasks"
        raise KeyboardInterrupt

    monkeypatch.setattr(command._Pace, "__call__", interrupt)
    done = ostrom("sweep", "prisoners_dilemma", "--learner", "random", "--steps", 16, *MORE[-4:])
    assert done.exit_code == 130
    assert "Interrupted after 0 of 1 tasks. The same command goes on: see swept." in done.stderr


def test_names_by_comma():
    assert listed("coin_game") == ["coin_game"]
    assert listed("none,tax:on=D,rate=0.4,none") == ["none", "tax:on=D,rate=0.4", "none"]
    assert listed("a:x=(1,2),y=3, b") == ["a:x=(1,2),y=3", "b"]
    assert listed("tax:on=D,rate=1 + quota:limit=1,on=D") == ["tax:on=D,rate=1 + quota:limit=1,on=D"]
    with pytest.raises(InputError, match="is a parameter of nothing"):
        listed("tax,rate=1")


def test_who_works(monkeypatch):
    monkeypatch.setattr(command, "_cores", lambda: 5)
    assert command._executor("serial", None) == Serial()
    assert command._executor("processes", None) == Processes(workers=5)
    assert command._executor("processes", 3) == Processes(workers=3)
    assert command._executor("Processes:workers=2", None) == Processes(workers=2)
    assert command._executor("ray:address=auto", 4) == Ray(workers=4, address="auto")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["coin_gane", *MORE[-4:]], "Did you mean coin_game"),
        (["coin_game", "--executor", "serial", "--workers", 2, "-o", "s"], "no parameter of Serial called 'workers'"),
        (["coin_game", "--executor", "procesess", "-o", "s"], "Did you mean processes"),
        (["coin_game", "--learner", "ipo", *MORE[-4:]], "Did you mean ippo"),
        (["coin_game", *MORE[-4:-1], "nowhere/swept"], "Nothing can be kept in"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_paragraph(refused, here, arguments, said):
    assert said in refused("sweep", *arguments)
    assert list(here.iterdir()) == []
