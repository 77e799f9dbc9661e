"""The example on learners with reputations."""

import re

import pytest

pytest.importorskip("jax")


@pytest.mark.slow
def test_what_it_prints_and_draws(example, capsys, tmp_path):
    drawn = tmp_path / "shares.svg"
    example.main(["--runs", "2", "--episodes", "4", "--line", "1", "--picture", str(drawn)])
    heads, row = capsys.readouterr().out.splitlines()
    assert heads.startswith("benefit")
    assert re.fullmatch(r" +5 +GBBG +0 +0 +\d\.\d+ ± \d\.\d+ +0\.\d+ ± \d\.\d+ +0%", row)
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.slow
def test_everybody_fixed_gives_to_the_good(example):
    """Ten seeds and no learner: all give, but to the few who were entered wrongly."""
    rows = example.measure(example.Setting(seeds=10), 2, 20)
    assert rows["both"].min() > 0.95
    assert rows["reward"] == pytest.approx(4 * rows["both"], abs=0.2)


def test_it_refuses_nonsense(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["--runs", "0"])
    assert "at least one run" in capsys.readouterr().err
