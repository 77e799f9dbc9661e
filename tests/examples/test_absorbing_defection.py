"""The example on Q-learners who end in defection; its figures are tested in `papers/test_r12a_in_worlds`."""

import re

import numpy as np
import pytest

pytest.importorskip("jax")


@pytest.mark.slow
def test_what_it_prints_and_draws(example, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(example, "SETTINGS", [one._replace(rounds=20_000) for one in (example.NONE, example.MEMORY)])
    drawn = tmp_path / "defection.svg"
    example.main(["--quick", "--picture", str(drawn)])
    heads, none, memory = capsys.readouterr().out.splitlines()
    assert heads.startswith("learners")
    numbers = r" +50 +1000 +\d\.\d+ ± \d\.\d+ +\d\.\d+ ± \d\.\d+"
    assert re.fullmatch(r"no memory, decay 0\.002" + numbers, none)
    assert re.fullmatch(r"memory one, discount 0\.9, decay 0\.002" + numbers, memory)
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def test_pairs_that_do_nothing_else_in_the_last_tenth(example):
    last = np.array([[1.0, 0, 0, 0], [0.98, 0, 0, 0.02], [0, 0, 0, 1.0], [0, 0.5, 0.5, 0]])
    assert example.ends(np.array([last[::-1], last])) == (0.25, 0.25)
