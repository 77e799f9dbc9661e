"""The example on learners who look at what the others will learn; its figures are tested in `papers/test_r3`."""

import re

import pytest

pytest.importorskip("jax")


@pytest.mark.slow
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
