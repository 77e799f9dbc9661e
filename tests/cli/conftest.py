"""The command, called in this process, in a folder of its own."""

import pytest
from typer.testing import CliRunner

from ostrom.cli._app import app


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder that the command is called in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.fixture
def ostrom(here):
    """`ostrom("audit", "braess")`: what it prints, what it complains of, and its exit code."""

    def call(*arguments, **more):
        return CliRunner().invoke(app, list(map(str, arguments)), prog_name="ostrom", **more)

    return call


@pytest.fixture
def refused(ostrom):
    """Call the command and expect one clear paragraph on standard error, exit code 2, and nothing else."""

    def call(*arguments, **more):
        done = ostrom(*arguments, **more)
        assert done.exit_code == 2, (done.stdout, done.stderr, done.exception)
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("ostrom: ")
        assert len(done.stderr.splitlines()) == 1
        return done.stderr

    return call
