"""Workers beside this process: the same results, whatever happens to them."""

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ostrom.core.errors import InputError
from ostrom.scale import Processes, Serial
from ostrom.scale._executor import Lost
from ostrom.scale._job import ALONE


def test_the_same_as_here_even_when_a_worker_is_killed(jobs, tmp_path):
    tasks = list(range(20))
    assert dict(Processes(workers=2).run(jobs.square, tasks)) == dict(Serial().run(jobs.square, tasks))
    markers = [str(tmp_path / name) for name in "ab"]
    assert dict(Processes(workers=2).run(jobs.dies_once, markers)) == {0: "done", 1: "done"}
    assert all(map(os.path.exists, markers))


def test_a_worker_has_one_thread_and_this_process_keeps_its_own(jobs, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=2")
    before = dict(os.environ)
    names = ["XLA_FLAGS", "PJRT_NPROC", "OMP_NUM_THREADS"]
    there = dict(Processes(workers=1).run(jobs.threads, names))
    assert there == {0: f"--xla_force_host_platform_device_count=2 {ALONE}", 1: "1", 2: "1"}
    assert dict(os.environ) == before


def test_a_task_that_no_worker_survives():
    with pytest.raises(InputError, match=r"Task 0 \(7\) lost its worker 3 times: exit code 7"):
        list(Processes(workers=1).run(os._exit, [7]))


def test_a_task_that_no_worker_survives_is_told_when_the_others_are_done(jobs):
    results = Processes(workers=1).run(jobs.does, [("square", 2), ("dies", 7), ("square", 3)])
    assert [next(results), next(results)] == [(0, 4), (2, 9)]
    with pytest.raises(Lost, match=r"Task 1 .* lost its worker 3 times: exit code 7") as raised:
        next(results)
    assert list(raised.value.errors) == [1]


@pytest.mark.parametrize(
    ("kind", "error", "said"),
    [
        ("ours", InputError, "no pet called 'dgo'. Did you mean dog"),
        ("theirs", RuntimeError, "Odd: odd"),
        ("plain", ValueError, "3"),
    ],
)
def test_errors_come_back_with_where_they_happened(jobs, kind, error, said):
    with pytest.raises(error, match=said) as raised:
        list(Processes(workers=1).run(jobs.fails, [kind]))
    assert "in fails" in raised.value.__notes__[0]


def test_what_cannot_be_sent_is_said_before_anything_starts():
    with pytest.raises(InputError, match="cannot be sent to a worker"):
        list(Processes().run(lambda task: task, [1]))


def test_workers_end_when_nobody_asks_any_more(jobs):
    results = Processes(workers=2).run(jobs.square, range(100))
    next(results)
    assert len(multiprocessing.active_children()) == 2
    results.close()
    assert multiprocessing.active_children() == []


SCRIPT = """
import sys
import their_jobs
from ostrom.scale import Processes
if __name__ == "__main__":
    list(Processes(workers=2).run(their_jobs.says_who, [sys.argv[1]] * 2))
"""


def test_workers_end_with_a_program_that_is_killed(jobs, tmp_path):
    (tmp_path / "who").mkdir()
    (tmp_path / "their_script.py").write_text(SCRIPT)
    program = subprocess.Popen([sys.executable, tmp_path / "their_script.py", tmp_path / "who"])
    _until(lambda: len(list((tmp_path / "who").iterdir())) == 2)
    program.kill()
    program.wait()
    for who in (tmp_path / "who").iterdir():
        _until(lambda who=who: not _alive(int(who.name)))


def _alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state != "Z"  # one that has ended stays listed until somebody asks for it


def _until(true):
    """Wait for what has to happen."""
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
