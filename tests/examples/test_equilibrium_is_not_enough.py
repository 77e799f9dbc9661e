"""The example on how little one good equilibrium says about learners."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "examples" / "equilibrium_is_not_enough.py"


def test_what_it_prints_for_two_games(example, capsys):
    example.main(["--games", "2", "--seed", "1"])
    heads, nothing, unique, proof = capsys.readouterr().out.splitlines()
    assert heads.split("  ")[0] == "restriction"
    assert re.fullmatch(r"none +0 +\d+% +\d of 2", nothing)
    assert re.fullmatch(r"only pure equilibrium +[\d.]+ +\d+% +\d of 2", unique)
    assert re.fullmatch(r"learner-proof +[\d.]+ +100% +2 of 2", proof)


def test_what_is_safe_for_learners_forbids_most_and_is_safe(example):
    for row in example.measure(3, 5):
        assert row["unique"] <= row["learner-proof"] <= 9
        assert row["nothing"] <= row["learner-proof share"] + 1e-9
        assert row["learner-proof share"] == pytest.approx(1)
        assert row["unique settled"]
        assert row["learner-proof settled"]


def test_it_runs_as_a_command_and_refuses_nonsense():
    done = subprocess.run([sys.executable, PATH, "--games", "0"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "at least one game is needed" in done.stderr
