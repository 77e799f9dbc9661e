"""Wardrop equilibria through the oracle alone, against numbers worked out by hand and the assignment solver."""

import numpy as np
import pytest

from ostrom.core.forms.latency import affine
from ostrom.core.forms.network import Link, Network
from ostrom.games.braess import Braess
from ostrom.games.town import Town
from ostrom.institutions.tax import Tax
from ostrom.solvers.crowd_equilibrium import crowd_equilibrium

TWO = Network([Link("A", "B", affine(0, 1), "lane"), Link("A", "B", 1.0, "motorway")], {("A", "B"): 1.0})


def shares(game):
    return crowd_equilibrium(game).points[0][0]


@pytest.mark.parametrize(("toll", "lane"), [(0.0, 1.0), (0.25, 0.75), (0.5, 0.5), (0.9, 0.1)])
def test_pigou_with_a_toll_by_hand(toll, lane):
    """x + toll = 1 on the lane: the marginal-cost toll 1/2 halves it."""
    assert shares(TWO.under(Tax("link:A>lane>B", toll)))[0] == pytest.approx(lane, abs=1e-4)


def test_a_toll_of_two_fifths_on_the_braess_link():
    game = Braess().under(Tax("link:" + Braess().link_names[-1], 0.4))
    answer = crowd_equilibrium(game)
    assert answer.regret <= 1e-8
    assert answer.status == "partial"
    time = game.base.total_time(game.base.flows(game.below(answer.points[0])))
    assert time == pytest.approx(0.8 * 1.6 + 0.2 * 1.2, abs=1e-6)


def test_it_agrees_with_the_assignment_solver_on_the_town():
    from ostrom.solvers.assignment import user_equilibrium

    town = Town()
    here = town.flows(crowd_equilibrium(town).points[0])
    there = user_equilibrium(town, gap=1e-10).flows
    assert np.allclose(town.total_time(here), town.total_time(there), rtol=1e-6)


def test_running_out_of_steps_says_so():
    answer = crowd_equilibrium(Town(), steps=2)
    assert answer.status == "timed out"
    assert answer.regret > 0
