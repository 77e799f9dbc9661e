"""Toll: the same object on atomic congestion games, on crowds and on networks."""

import numpy as np
import pytest

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.congestion import Congestion
from ostrom.games import Braess, Pigou
from ostrom.institutions.tax import Tax
from ostrom.institutions.toll import Toll
from ostrom.solvers.assignment import user_equilibrium

CHARGES = {"north>south": 0.5, "home>north": 0.25}


def test_on_a_network_it_is_the_networks_own_toll():
    ruled, own = Braess().under(Toll(CHARGES)), Braess().tolled(CHARGES)
    assert ruled.tolls.tolist() == own.tolls.tolist()
    assert user_equilibrium(ruled, gap=1e-10).total_time == user_equilibrium(own, gap=1e-10).total_time


def test_on_a_crowd_it_is_charged_by_the_route():
    crowd = Braess().under(Tax("delay", 1.0), Toll(CHARGES))
    half = crowd.uniform()
    bare = Braess().under(Tax("delay", 1.0)).deviation_payoffs(half)[0]
    charged = [sum(amount for link, amount in CHARGES.items() if link in move.replace("home>north>south", "home>north, north>south")) for move in crowd.moves[0]]  # fmt: skip  # noqa: E501
    assert np.allclose(bare - crowd.deviation_payoffs(half)[0], charged)


def test_on_single_drivers_it_is_the_networks_own_toll():
    ruled, own = Braess().atomic(4).under(Toll(CHARGES)), Braess().tolled(CHARGES).atomic(4)
    profiles = own.profiles()
    assert np.allclose(ruled.payoffs_at(profiles), own.payoffs_at(profiles))


def test_on_any_congestion_game():
    game = Congestion([[1, 0], [0, 1]], [[0, 1, 2, 3], [0, 2, 2, 2]])
    ruled = game.under(Toll({"1": 0.5}, rate=2.0, of="resource"))
    assert (game.payoffs_at(game.profiles()) - ruled.payoffs_at(game.profiles())).tolist() == [
        [float(move == 0) for move in profile] for profile in game.profiles()
    ]


def test_rates_multiply_and_nothing_is_charged_for_nothing():
    assert Pigou().under(Toll({Pigou().link_names[0]: 0.5}, rate=3.0)).tolls.sum() == 1.5
    assert Pigou().under(Toll()).tolls.sum() == 0


def test_mappings_and_pairs_are_the_same():
    assert Toll(CHARGES) == Toll(tuple(CHARGES.items()))
    assert Toll(CHARGES).budget == "surplus"


@pytest.mark.parametrize("charges", [{"A": -1.0}, {"A": np.inf}, {"A": np.nan}, (("A", 1.0), ("A", 2.0))])
def test_charges_that_are_none(charges):
    with pytest.raises(InputError, match="named once"):
        Toll(charges)


def test_a_link_that_is_not_there():
    with pytest.raises(UnknownName, match="north>sea"):
        Pigou().under(Toll({"north>sea": 1.0}))
