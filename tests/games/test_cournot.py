"""Cournot competition with its consumers; the restriction of R8a is in tests/papers/test_r08a_cournot.py."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import Cournot

KNOWN = Cournot.reference


@pytest.mark.parametrize(
    ("quantity", "where"),
    [("quantity at the symmetric equilibrium", "at equilibrium"), ("quantity at the cartel", "at the cartel")],
)
def test_reference_values(quantity, where):
    game = Cournot()
    *firms, consumers = game.utilities_at(np.array(game.profile([f"{KNOWN[quantity]:g}"] * 2)))
    assert sum(firms) == KNOWN[f"profits {where}"]
    assert consumers == KNOWN[f"consumers {where}"]
    assert sum(firms) + consumers == KNOWN[f"total surplus {where}"]


def test_optima_with_and_without_the_consumers(brute):
    game = Cournot()
    assert ("36", "36") in brute.equilibria(game)
    assert brute.optimum(game)[0] == KNOWN["profits at the cartel"]
    assert brute.optimum(game, bystanders=True)[0] == KNOWN["optimal total surplus"]


@pytest.mark.parametrize(("firms", "share"), KNOWN["share of the optimum by number of firms"].items())
def test_more_firms_come_closer_to_the_optimum(firms, share):
    game = Cournot(players=firms, demand=60.0, step=1.0)
    profile = np.array(game.profile([f"{60 / (firms + 1):g}"] * firms))
    assert game.regret(game.pure(profile)) == pytest.approx(0, abs=1e-9)
    assert game.utilities_at(profile).sum() / (60.0**2 / 2) == pytest.approx(share, abs=1e-12)


def test_cost_and_slope_enter_as_in_the_closed_form():
    game = Cournot(players=3, demand=50.0, slope=2.0, cost=10.0, step=0.5)
    profile = np.array(game.profile(["5"] * 3))
    assert game.regret(game.pure(profile)) == pytest.approx(0, abs=1e-9)
    assert game.facts_at(profile)["price"].tolist() == [20.0] * 3
    assert game.facts_at(profile)["output"].tolist() == [5.0] * 3
    assert game.bystander_payoffs_at(profile).tolist() == [2 * 15**2 / 2]


def test_consumers_of_many_firms_are_known_without_a_table():
    game = Cournot(players=50, step=36.0)
    mixture = tuple(np.array([1 - p, p, 0, 0]) for p in np.linspace(0, 1, 50))
    mean, spread = 36 * np.linspace(0, 1, 50).sum(), 36**2 * (np.linspace(0, 1, 50) * np.linspace(1, 0, 50)).sum()
    assert game.expected_bystander_payoffs(mixture)[0] == pytest.approx((mean**2 + spread) / 2, rel=1e-12)


@pytest.mark.parametrize("wrong", [{"players": 1}, {"slope": 0}, {"step": 1e-6}, {"step": 1000.0}, {"cost": 200.0}])
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(InputError, match="Cournot"):
        Cournot(**wrong)
