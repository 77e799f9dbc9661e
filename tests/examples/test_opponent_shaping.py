"""The example on learners who look at what the others will learn; its figures are tested in `papers/test_r3`."""

import importlib.util
import re
from pathlib import Path

import pytest

pytest.importorskip("jax")

PATH = Path(__file__).parents[2] / "examples" / "opponent_shaping.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("opponent_shaping", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_it_prints_and_draws(example, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(example, "PAIRINGS", [one._replace(steps=30) for one in (example.NAIVE, example.BOTH_PENNIES)])
    drawn = tmp_path / "shaping.svg"
    example.main(["--pairs", "3", "--picture", str(drawn)])
    heads, dilemma, pennies = capsys.readouterr().out.splitlines()
    assert heads.startswith("game")
    assert re.fullmatch(r"dilemma +naive and naive +-\d\.\d+ \(\d\.\d+\) +\d+\.\d%", dilemma)
    assert re.fullmatch(r"pennies +LOLA and LOLA +-?\d\.\d+ \(\d\.\d+\) +\d+\.\d%", pennies)
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def test_it_refuses_nonsense(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["--pairs", "0"])
    assert "at least one is needed" in capsys.readouterr().err
