"""Work for workers, in a module that they can import."""

import importlib
import sys

import pytest

THEIR_JOBS = """
import os, signal, time
from pathlib import Path
from ostrom.core.errors import UnknownName

def square(number):
    return number * number

def threads(name):
    return os.environ.get(name)

def dies_once(marker):
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"

def dies(code):
    os._exit(code)

def does(task):
    name, given = task
    return globals()[name](given)

def fails(kind):
    raise {"ours": UnknownName("pet", "dgo", ["dog"]), "theirs": Odd(1, 2), "plain": ValueError(3)}[kind]

class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("odd")

def says_who(folder):
    Path(folder, str(os.getpid())).touch()
    time.sleep(600)
"""


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """The module `their_jobs`, importable here and in workers."""
    (tmp_path / "their_jobs.py").write_text(THEIR_JOBS)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("their_jobs")
    sys.modules.pop("their_jobs")
