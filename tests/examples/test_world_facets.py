"""The example on facets of worlds: what it prints, and that an institution that helps does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jax")
PATH = Path(__file__).parents[2] / "examples" / "world_facets.py"


def test_every_setup_can_be_laid_out(example):
    """Rules fit their worlds: nothing is trained here."""
    for setup in example.SETUPS.values():
        for rule in (setup.helps, setup.idle):
            assert setup.world.under(rule).ground.players == setup.world.ground.players


def test_nonsense_is_refused():
    done = subprocess.run([sys.executable, PATH, "moon"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "there is no 'moon' here" in done.stderr


@pytest.mark.slow
def test_the_dilemma_and_its_taxes(example, capsys):
    """Little steps: a tax of 2.5 on defecting closes the gap that one of 0.5 leaves open."""
    example.main(["dilemma", "--steps", "30000", "--seeds", "2"])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["played", "perfect", "as"]
    perfect = [float(re.split(r" {2,}", row.strip())[2].split()[0]) for row in rows[:3]]
    assert perfect[1] > 27
    assert perfect[0] < 13
    assert perfect[2] < 13
    assert rows[3].split()[-1] == "s"
