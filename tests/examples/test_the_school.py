"""The example on what imitation does to a pupil."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "examples" / "the_school.py"


@pytest.mark.slow
def test_what_it_prints_for_fifty_schools():
    pytest.importorskip("jax")
    done = subprocess.run([sys.executable, PATH, "--schools", "50"], capture_output=True, text=True, check=True)
    _, *rows = done.stdout.splitlines()
    left = {match[1].strip(): float(match[2]) for row in rows if (match := re.match(r"(.{26}) +([\d.]+) \(", row))}
    assert len(left) == len(rows) == 15
    assert left["prestige"] == left["prestige under a tax"] == 100
    assert left["alone"] == left["verified"] == left["verified, all questions"] == left["prestige under a quota"] == 0
    assert left["verified, 1 questions"] > 70


@pytest.mark.slow
def test_it_refuses_nonsense():
    pytest.importorskip("jax")
    done = subprocess.run([sys.executable, PATH, "--schools", "0"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "at least one school is needed" in done.stderr
