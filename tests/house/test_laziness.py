"""What a user does not use is not imported: looked at in fresh processes."""

import json
import subprocess
import sys

HEAVY = {
    "fastapi",
    "highspy",
    "httpx",
    "jax",
    "pandas",
    "pyarrow",
    "ray",
    "scipy",
    "starlette",
    "uvicorn",
    "vl_convert",
    "websockets",
}


def _loaded(code):
    """The top-level modules that a fresh interpreter has imported after `code`."""
    shown = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_ostrom_is_light():
    assert not _loaded("import ostrom") & (HEAVY | {"rich", "typer"})


def test_the_rooms_and_their_listings_are_light():
    listed = "from ostrom.core import catalogue, rooms\nfor room in rooms.rooms(): catalogue.names(room), dir(room)"
    assert not _loaded(listed) & HEAVY


def test_help_is_light():
    command = [sys.executable, "-X", "importtime", "-m", "ostrom", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "audit" in done.stdout
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "ostrom" in imported
    assert not imported & HEAVY


def test_the_probe_sees_what_is_loaded():
    assert "scipy" in _loaded("import scipy")
