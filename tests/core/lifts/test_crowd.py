"""Institutions on crowds: tolls by hand, rules that are not linear, and what a crowd cannot hold."""

import numpy as np
import pytest

from ostrom.core.errors import CarrierError
from ostrom.core.forms.latency import affine
from ostrom.core.forms.network import Link, Network
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.core.lifts.roads import GovernedNetwork
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax

LINKS = [
    Link("A", "B", affine(0, 1)),
    Link("A", "C", 1.0),
    Link("B", "D", 1.0),
    Link("C", "D", affine(0, 1)),
    Link("B", "C", 0.0),
]
BRAESS = Network(LINKS, {("A", "D"): 1.0}, name="braess")


@pytest.fixture(params=range(5))
def shares(request):
    return (np.random.default_rng(request.param).dirichlet(np.ones(3)),)


def test_a_toll_by_institution_equals_the_networks_own_toll(shares):
    governed = BRAESS.under(Tax("link:B>C", 0.4))
    assert isinstance(governed, GovernedNetwork)
    own = BRAESS.tolled({"B>C": 0.4})
    assert np.allclose(governed.deviation_payoffs(shares)[0], own.deviation_payoffs(shares)[0])


class Impatience(Institution):
    """Delays hurt with their square."""

    scope = "additive"

    def settle(self, now, payoffs):
        return payoffs - now.amount("delay") ** 2


def test_a_rule_that_is_not_linear_in_the_delay_is_exact(shares):
    time = -BRAESS.deviation_payoffs(shares)[0]
    assert np.allclose(BRAESS.under(Impatience()).deviation_payoffs(shares)[0], -time - time**2)


def test_a_batch_of_shares():
    many = (np.random.default_rng(0).dirichlet(np.ones(3), size=(4, 5)),)
    game = BRAESS.under(Tax("delay", 0.5), Tax("link:B>C", 0.1))
    together = game.deviation_payoffs(many)[0]
    assert together.shape == (4, 5, 3)
    assert np.allclose(together[2, 3], game.deviation_payoffs((many[0][2, 3],))[0])


def test_closing_a_link_is_a_quota_of_nothing():
    closed = BRAESS.under(Quota("link:B>C", 0.0))
    assert closed.moves == (("A>B>D", "A>C>D"),)
    half = (np.array([0.5, 0.5]),)
    assert np.allclose(closed.deviation_payoffs(half)[0], -1.5)


def test_rules_compose_as_everywhere():
    once = BRAESS.under(Tax("delay", 0.5), Tax("link:B>C", 0.1))
    twice = BRAESS.under(Tax("delay", 0.5)).under(Tax("link:B>C", 0.1))
    assert once.institutions == twice.institutions


def test_a_crowd_has_no_co_players_to_read():
    with pytest.raises(CarrierError, match="atomic"):
        BRAESS.under(Tax("delay", 0.5, shared=True))
    with pytest.raises(CarrierError, match="crowd"):
        BRAESS.under(Mediator("A>B>D", "A>C>D"))


def test_a_crowd_has_one_stage():
    class Badge(Institution):
        """Asks for a badge first."""

        scope = "additive"

        def menu(self, ground):
            return ground.preceded_by(Part("badge", ("no", "yes")))

    with pytest.raises(CarrierError, match="stages"):
        BRAESS.under(Badge())


def test_an_inspection_is_averaged():
    class Inspection(Institution):
        """One driver in four on the shortcut is caught."""

        scope = "additive"

        def dice(self, now):
            return {"caught": np.array([[0.75, 0.25]] * now.players)}

        def settle(self, now, payoffs):
            return payoffs - 2.0 * now.amount("link:B>C") * (now.luck["caught"] == 1)

    half = (np.array([0.5, 0.0, 0.5]),)
    expected = BRAESS.under(Tax("link:B>C", 0.5)).deviation_payoffs(half)[0]
    assert np.allclose(BRAESS.under(Inspection()).deviation_payoffs(half)[0], expected)
