"""The small lake against its reference values and brute force."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import Commons

KNOWN = Commons.reference


def test_reference_values(brute):
    game = Commons()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    best, where = brute.optimum(game)
    assert best == KNOWN["optimal welfare"]
    assert {sum(map(int, labels)) for labels in where} == {KNOWN["total harvest at the optimum"]}
    assert game.payoffs_at(np.full(4, 4)).sum() == KNOWN["welfare at equilibrium"]
    assert KNOWN["optimal welfare"] / KNOWN["welfare at equilibrium"] == KNOWN["price of anarchy"]


@pytest.mark.parametrize(("players", "growth", "dominant"), [(4, 2.0, True), (7, 2.0, True), (2, 2.0, False)])
def test_overfishing_is_dominant_where_the_page_says_so(players, growth, dominant):
    payoffs = Commons(players=players, growth=growth).payoffs
    assert bool((np.diff(payoffs, axis=0) > 0).all()) is dominant


def test_the_tax_that_makes_the_optimum_an_equilibrium(tax):
    game, rate = Commons(), KNOWN["tax per tonne that makes the optimum an equilibrium"]
    paid = tax(game, "harvest", rate).reshape(5, 5, 5, 5, 4)
    assert paid[:, 2, 2, 2, 0].argmax() == 2
    assert tax(game, "harvest", 0).reshape(paid.shape)[:, 2, 2, 2, 0].argmax() == 4


def test_the_lake_is_emptied_or_left_alone():
    game = Commons(players=3, share=2, growth=1.5)
    assert game.payoffs_at(np.zeros(3, int)).tolist() == [2, 2, 2]
    assert game.payoffs_at(np.full(3, 2)).tolist() == [2, 2, 2]
    assert game.payoffs_at(np.full(3, 1)).tolist() == pytest.approx([1 + (3 + 1.5 * 1.5) / 3] * 3)
    assert game.facts_at(np.array([0, 1, 2]))["harvest"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("wrong", [{"players": 1}, {"share": 0}, {"growth": 5.0}, {"growth": float("nan")}])
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(InputError, match=f"Commons\\({next(iter(wrong))}"):
        Commons(**wrong)
