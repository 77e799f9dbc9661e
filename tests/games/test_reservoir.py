"""A reservoir: payoffs by a plain loop, too much drawn at equilibrium, rations and trade."""

import itertools
import math

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import Reservoir
from ostrom.institutions import Permits
from ostrom.solvers import pure_equilibria


@pytest.mark.parametrize("how", [{}, {"farms": 1.0, "inflow": 3, "pipes": 2, "damage": 0.5}])
def test_payoffs_by_hand(how):
    game, values = Reservoir(**how), (how.get("farms", 4.0), 6.0, 10.0)
    for drawn in itertools.product(range(how.get("pipes", 4) + 1), repeat=3):
        harm = how.get("damage", 1.0) * max(sum(drawn) - how.get("inflow", 6), 0)
        assert game.payoffs[drawn] == pytest.approx(
            [v * math.sqrt(d) - harm for v, d in zip(values, drawn, strict=True)]
        )
    assert game.facts_at(np.array([0, 1, 2]))["withdrawal"].tolist() == [0, 1, 2]


def test_all_draw_what_they_can_and_equal_rations_waste_water():
    game, known = Reservoir(), Reservoir.reference
    assert [game.labels(at) for at in pure_equilibria(game).profiles] == known["pure equilibria"]
    worth = game.payoffs.sum(-1)
    assert worth[4, 4, 4] == pytest.approx(known["welfare in sum at equilibrium"])
    assert worth.max() == pytest.approx(known["welfare in sum at the optimum"])
    assert game.labels(np.unravel_index(worth.argmax(), worth.shape)) == known["optimum"]
    assert worth[2, 2, 2] == pytest.approx(known["welfare in sum at equal rations"])


def test_permits_that_are_traded_bring_water_where_it_is_worth_most():
    """At a price between what the last units are worth to sellers and to the buyer, the optimum is an equilibrium."""
    game = Reservoir().under(Permits("withdrawal", grant=2, price=2.6, penalty=6.0))
    stable = {game.labels(at) for at in pure_equilibria(game).profiles}
    assert ("1", "1", "4") in stable


@pytest.mark.parametrize("bad", [{"inflow": -1}, {"pipes": 0}, {"damage": float("inf")}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        Reservoir(**bad)
