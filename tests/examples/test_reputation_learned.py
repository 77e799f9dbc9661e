"""The example on learners with reputations."""

import importlib.util
import re
from pathlib import Path

import pytest

pytest.importorskip("jax")

PATH = Path(__file__).parents[2] / "examples" / "reputation_learned.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("reputation_learned", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_it_prints_and_draws(example, capsys, tmp_path):
    drawn = tmp_path / "shares.svg"
    example.main(["--runs", "2", "--episodes", "4", "--line", "1", "--picture", str(drawn)])
    heads, row = capsys.readouterr().out.splitlines()
    assert heads.startswith("benefit")
    assert re.fullmatch(r" +5 +GBBG +0 +0 +\d\.\d+ ± \d\.\d+ +0\.\d+ ± \d\.\d+ +0%", row)
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def test_everybody_fixed_gives_to_the_good(example):
    """Ten seeds and no learner: all give, but to the few who were entered wrongly."""
    rows = example.measure(example.Setting(seeds=10), 2, 20)
    assert rows["both"].min() > 0.95
    assert rows["reward"] == pytest.approx(4 * rows["both"], abs=0.2)


def test_it_refuses_nonsense(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["--runs", "0"])
    assert "at least one run" in capsys.readouterr().err
