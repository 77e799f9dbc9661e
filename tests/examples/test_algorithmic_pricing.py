"""The example on sellers whose prices are set by Q-learning."""

import re

import numpy as np
import pytest

pytest.importorskip("jax")
from ostrom.worlds import Pricing


def test_first_values_are_profits_against_rivals_that_ask_anything(example):
    world = Pricing(points=4)
    for number, price in enumerate(world.grid):
        mean = np.mean([(price - 1) * world.market.sold(np.array([price, rival]))[0] for rival in world.grid])
        assert example.first_values(world, 0.9)[number] == pytest.approx(mean / 0.1)


@pytest.mark.slow
def test_what_it_prints_and_draws(example, capsys, tmp_path):
    example.WORLD = example.Pricing(points=4)
    example.settle.__kwdefaults__ |= {"world": example.WORLD, "patience": 2000}
    drawn = tmp_path / "shares.svg"
    example.main(["--sessions", "3", "--discount", "0.5", "--decay", "1e-3", "--picture", str(drawn)])
    heads, row = capsys.readouterr().out.splitlines()
    assert heads.startswith("discount")
    assert re.fullmatch(r" +0\.50 +-?\d\.\d+ ± \d\.\d+ +-?\d\.\d+ +\d+% +\d\.\d+ +100%", row)
    assert drawn.read_text(encoding="utf-8").startswith("<svg")


def test_cycles_of_prices(example):
    assert example._cycle(np.array([5, 4, 1, 2, 3, 1, 2, 3])) == 3
    assert example._cycle(np.array([5, 4, 1, 1])) == 1


def test_it_refuses_nonsense(example, capsys):
    with pytest.raises(SystemExit):
        example.main(["--sessions", "0"])
    assert "at least one is needed" in capsys.readouterr().err
