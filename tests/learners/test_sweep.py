"""Sweeps: the same bytes whoever does the work and whatever is killed, nothing done twice, and a true table."""

import io
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("pyarrow", reason="needs pyarrow, an optional part: pip install 'ostrom[data]'")

from pyarrow import parquet

from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, MissingExtra
from ostrom.games import PrisonersDilemma
from ostrom.institutions import Quota, Tax
from ostrom.learners import Net, Reinforce, Run, load_run, sweep
from ostrom.learners._sweep import learned
from ostrom.learners._sweep_table import rows_of
from ostrom.scale import Executor, Processes, Ray, Serial
from ostrom.scale._executor import Lost
from ostrom.worlds import CoinGame, MatrixWorld

PD = MatrixWorld.of(PrisonersDilemma(), horizon=3)
QUICK = Reinforce(length=6, copies=2, net=Net(hidden=(4,)))
SMALL = {"steps": 50, "seeds": 3, "chunk": 1}


class Watched(Executor):
    """Does the tasks here, and keeps them; with `most`, it is killed after so many."""

    most: int = 99

    def run(self, function, tasks):
        """As `Serial` does."""
        DONE.extend(tasks)
        for number, result in Serial().run(function, tasks):
            if number == self.most:
                raise KeyboardInterrupt
            yield number, result


DONE = []


@pytest.fixture(autouse=True)
def nothing_done():
    DONE.clear()


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A sweep of three tasks in this process, its folder, and what was told on the way."""
    folder, told = tmp_path_factory.mktemp("sweeps") / "here", []
    return sweep({"pd": PD}, "random", to=folder, told=told.append, **SMALL), folder, told


def same(one, other):
    """Whether two folders hold the same files with the same bytes."""
    files = [{path.relative_to(top): path.read_bytes() for path in top.rglob("*.*")} for top in (one, other)]
    assert list(files[0])
    assert files[0] == files[1]


@pytest.mark.slow
def test_workers_make_the_same_bytes_even_when_one_of_them_is_killed(here, tmp_path):
    killed = []

    def kill(at):
        if at.done == 1:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    sweep({"pd": PD}, "random", to=tmp_path / "there", executor=Processes(workers=2), told=kill, **SMALL)
    assert killed
    same(here[1], tmp_path / "there")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Ray's own
@pytest.mark.parametrize("executor", [Processes(workers=1), Processes(workers=2), Ray(workers=2)], ids=repr)
def test_learners_make_the_same_bytes_on_any_number_of_workers(tmp_path, executor):
    if isinstance(executor, Ray):
        pytest.importorskip("ray", reason="needs Ray, an optional part: pip install 'ostrom[ray]'")
    asked = {"under": ["none", "tax:on=D,rate=3"], "steps": 240, "seeds": 3, "chunk": 2}
    one = sweep({"pd": PD}, QUICK, to=tmp_path / "here", **asked)
    other = sweep({"pd": PD}, QUICK, to=tmp_path / "there", executor=executor, **asked)
    assert one == other
    same(tmp_path / "here", tmp_path / "there")


PROGRAM = """
import sys
from ostrom.games import PrisonersDilemma
from ostrom.learners import sweep
from ostrom.scale import Processes
from ostrom.worlds import MatrixWorld

if __name__ == "__main__":
    pd = MatrixWorld.of(PrisonersDilemma(), horizon=3)
    sweep({"pd": pd}, "random", steps=50, seeds=3, chunk=1, to=sys.argv[1], executor=Processes(workers=2))
"""


@pytest.mark.slow
def test_a_program_that_is_killed_goes_on_to_the_same_bytes(here, tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    command, tasks = (
        [sys.executable, str(tmp_path / "program.py"), str(tmp_path / "there")],
        tmp_path / "there" / "tasks",
    )
    program, end = subprocess.Popen(command), time.monotonic() + 120
    while not list(tasks.glob("*.json")):
        assert time.monotonic() < end
        time.sleep(0.01)
    program.kill()
    program.wait()
    assert not (tmp_path / "there" / "table.parquet").exists()
    subprocess.run(command, check=True, timeout=240)
    same(here[1], tmp_path / "there")


def test_the_table_holds_what_the_trainings_did(here):
    swept, folder, _ = here
    frame = parquet.read_table(io.BytesIO(swept.parquet()))
    assert swept.parquet() == (folder / "table.parquet").read_bytes()
    assert frame.column_names == ["world", "under", "learner", "seed", "seat", "measure", "steps", "value"]
    assert [str(kind) for kind in frame.schema.types[3:]] == ["int64", "string", "string", "int64", "double"]
    assert [tuple(row.values()) for row in frame.to_pylist()] == list(swept.rows)
    runs = [load_run(path) for path in sorted((folder / "tasks").iterdir()) if path.is_dir()]
    payoffs = {run.seed: run.metrics["payoff"][0] for run in runs}
    assert sorted(payoffs) == [0, 1, 2]
    for row in swept.rows:
        if row.measure == "payoff":
            seat, last = ("row", "column").index(row.seat), row.steps
            assert row.value == pytest.approx(payoffs[row.seed][last - 5 : last, seat].mean(), abs=1e-12)
    assert sorted({row.steps for row in swept.rows}) == list(range(5, 51, 5))


def test_it_says_how_far_it_is(here):
    assert [(at.done, at.tasks) for at in here[2]] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert here[2][0].left > here[2][-1].left == 0


def test_what_is_done_is_not_done_again(here, tmp_path):
    swept, folder, _ = here
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}
    assert sweep({"pd": PD}, "random", to=folder, executor=Watched(), **SMALL) == swept
    assert DONE == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")} == before


def test_a_sweep_that_is_stopped_goes_on(here, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        sweep({"pd": PD}, "random", to=tmp_path / "cut", executor=Watched(most=1), **SMALL)
    assert not (tmp_path / "cut" / "table.parquet").exists()
    sweep({"pd": PD}, "random", to=tmp_path / "cut", executor=Watched(), **SMALL)
    assert [task.seed for task in DONE] == [0, 1, 2, 1, 2]
    same(here[1], tmp_path / "cut")


def test_a_larger_sweep_takes_over_what_is_done(here, tmp_path):
    wide = {**SMALL, "steps": 50, "seeds": 2}
    sweep({"pd": PD}, "random", to=tmp_path, executor=Watched(), **wide)
    sweep({"pd": PD}, "random", ["none", "tax:rate=1"], to=tmp_path, executor=Watched(), **wide)
    assert [(task.names[1], task.seed) for task in DONE] == [
        ("none", 0), ("none", 1), ("tax:rate=1", 0), ("tax:rate=1", 1)
    ]  # fmt: skip


def test_names_objects_and_what_is_ones_own_make_the_same_task(tmp_path, monkeypatch):
    class Stop(Exception):
        pass

    class Never(Executor):
        """Looks at the tasks only."""

        def run(self, function, tasks):
            """Nothing."""
            DONE.extend(tasks)
            raise Stop

    (tmp_path / "their_world.py").write_text("from ostrom.worlds import Lake\nclass Pond(Lake):\n    'Small.'\n")
    monkeypatch.syspath_prepend(tmp_path)
    rules = ["none", "tax:on=other,rate=0.5", "tax:on=other + quota:on=other,limit=1"]
    objects = [None, Tax(on="other", rate=0.5), (Tax(on="other"), Quota(on="other", limit=1.0))]
    for under in (rules, objects):
        with pytest.raises(Stop):
            sweep([CoinGame.small()], ["bot:selfish", "random"], under, steps=5, to=tmp_path, executor=Never())
    texts = [task.texts for task in DONE]
    assert len(texts) == 12
    assert texts[4] == ("coin_game:horizon=32", "tax:on=other + quota:on=other,limit=1", "bot:selfish")
    assert {t[1] for t in texts[6:]} == {"", "tax:on=other,rate=0.5", "tax:on=other + quota:on=other"}
    DONE.clear()
    with pytest.raises(Stop):
        sweep("their_world.Pond:players=3", Policy(), steps=5, to=tmp_path, executor=Never())
    assert DONE[0].texts == ("their_world.Pond:players=3", "", "random")
    with pytest.raises(InputError, match="Give it as text: the import path of its class"):
        sweep([type("Puddle", (CoinGame,), {"__doc__": "Their own."})()], "random", steps=5, to=tmp_path)


def test_what_does_not_fit_is_left_out_and_said(tmp_path):
    asked = {"steps": 4, "to": tmp_path, "executor": Watched()}
    swept = sweep({"pd": PD, "coins": CoinGame(horizon=4)}, "random", ["none", "tax:on=D"], **asked)
    assert [task.names[:2] for task in DONE] == [("pd", "none"), ("pd", "tax:on=D"), ("coins", "none")]
    (said,) = swept.left_out
    assert said.startswith(
        "coins under tax:on=D with random: There is no fact, part or label called 'D'. There is: act, "
    )
    assert "Say on which the rule lies, with on=…" in said


@pytest.mark.parametrize(
    ("worlds", "learners", "under", "said"),
    [
        ("lake", "random", "tax:on=nothing", "no fact, part or label called 'nothing'"),
        ("lake", "random", "taks", "no institution called 'taks'"),
        ("lak", "random", "none", "no world called 'lak'"),
        (["lake", "harvest"], ["random", "bot:nobody"], "none", "no bot of"),
        ([], "random", "none", "has no world"),
    ],
)
def test_what_nobody_knows_is_refused_before_anything_is_done(tmp_path, worlds, learners, under, said):
    with pytest.raises(InputError, match=said):
        sweep(worlds, learners, under, steps=1, to=tmp_path / "none", executor=Watched())
    assert DONE == []
    assert not (tmp_path / "none").exists()


def test_nothing_to_do_and_no_pyarrow(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="nothing to do"):
        sweep("lake", "random", steps=0, to=tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"ostrom\[data\]"):
        sweep("lake", "random", steps=1, to=tmp_path)


@pytest.mark.parametrize("text", ["", "[[1]]", "[" * 10**5, '[["a", "b", "c", 0, null, "payoff", 1, 1.0]]', "\x00"])
def test_rows_that_are_none(here, tmp_path, text):
    folder = shutil.copytree(here[1], tmp_path / "copy")
    next((folder / "tasks").glob("*.json")).write_text(text)
    with pytest.raises(InputError, match="Remove it"):
        sweep({"pd": PD}, "random", to=folder, **SMALL)


def test_a_mean_leaves_out_what_was_not_told():
    returns, told = [[np.nan, 1.0], [np.nan, 2.0], [3.0, 5.0]], [1.0, np.nan, 2.0]
    run = Run(PD, (), (), {"return": np.array([returns]), "told": np.array([told])}, seed=4, seeds=1, steps=6)
    rows = list(rows_of(("w", "u", "l"), run))
    assert [row[3:] for row in rows[:3]] == [
        (4, "row", "return", 2, None), (4, "row", "return", 4, None), (4, "row", "return", 6, 3.0)
    ]  # fmt: skip
    assert [row[3:] for row in rows[6:]] == [
        (4, None, "told", 2, 1.0), (4, None, "told", 4, None), (4, None, "told", 6, 2.0)
    ]  # fmt: skip
    assert json.loads(json.dumps(rows))[0] == list(rows[0])


def test_a_task_that_goes_wrong_is_told_and_the_others_are_done(tmp_path):
    """Also where it is the one that is measured; what is done is kept, and the same sweep tries the others again."""
    rules = ["tax:on=harvest,rate=inf", "none"]
    asked = {"steps": 4, "seeds": 2, "to": tmp_path / "run", "executor": Watched()}
    told = []
    swept = sweep("lake:horizon=4", "random", rules, told=told.append, **asked)
    (said,) = swept.failed
    assert said.startswith("lake:horizon=4 under tax:on=harvest,rate=inf with random, seeds 0 to 1: The payoff of")
    assert {row.under for row in swept.rows} == {"none"}
    assert (tmp_path / "run" / "table.parquet").read_bytes() == swept.parquet()
    assert [(at.done, at.failed) for at in told] == [(1, 1), (2, 1)]
    DONE.clear()
    assert sweep("lake:horizon=4", "random", rules, **asked) == swept
    assert [task.names[1] for task in DONE] == ["tax:on=harvest,rate=inf"]


def test_a_sweep_of_which_nothing_can_be_done_is_refused(tmp_path):
    with pytest.raises(
        InputError, match=r"No task of the sweep could be done. lake:horizon=4 under tax.*, seed 0: The"
    ):
        sweep("lake:horizon=4", "random", "tax:on=harvest,rate=inf", steps=4, to=tmp_path / "run")
    assert not (tmp_path / "run" / "table.parquet").exists()


def test_errors_of_somebodys_own_and_lost_workers_are_told_of_their_task(tmp_path):
    class Losing(Executor):
        """Loses one worker, and fails in another."""

        def run(self, function, tasks):
            """All but the first two as `Serial` does."""
            yield from ((k + 2, result) for k, result in Serial().run(function, tasks[2:]))
            yield 1, _failing(tasks[1])
            raise Lost({0: InputError("Task 0 lost its worker.", "Memory.")})

    def _failing(task):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("ostrom.learners._sweep._train", lambda task: 1 / 0)
            return learned(task)

    swept = sweep({"pd": PD}, "random", to=tmp_path / "run", executor=Losing(), **SMALL)
    lost, failed = swept.failed
    assert lost == "pd under none with random, seed 0: Task 0 lost its worker. Memory."
    assert re.match(
        r"pd under none with random, seed 1: ZeroDivisionError: division by zero \(in .*, line \d+\)\.", failed
    )
    assert {row.seed for row in swept.rows} == {2}


def test_more_seeds_than_fit_anywhere_are_refused_at_once(tmp_path):
    with pytest.raises(InputError, match=r"sweep\(seeds=1000000000\) cannot be"):
        sweep("lake", "random", steps=1, seeds=10**9, to=tmp_path / "run")
