"""Institutions on networks of any size: what is recovered equals what the rules say, route by route."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import diagnose
from ostrom.core.charter import Charter
from ostrom.core.errors import CarrierError, UnknownName
from ostrom.core.forms.latency import affine
from ostrom.core.forms.network import DriverClass, Network
from ostrom.core.institution import Institution
from ostrom.core.lifts.crowd import GovernedCrowd
from ostrom.core.lifts.govern import ground_of
from ostrom.core.lifts.roads import GovernedNetwork
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax
from ostrom.institutions.toll import Toll
from ostrom.solvers.assignment import check_assignment, user_equilibrium

NAMES = "ABCDE"
SIZE = 8
"""Blocks of a street grid along each side: 12,870 shortest ways from corner to corner, and many more simple ones."""


def streets():
    """A grid that is too large to list its routes."""
    place = [[f"{x},{y}" for y in range(SIZE)] for x in range(SIZE)]
    links = [(place[x][y], place[x + 1][y], affine(1 + y, 1)) for x in range(SIZE - 1) for y in range(SIZE)]
    links += [(place[x][y], place[x][y + 1], affine(1 + x, 1)) for x in range(SIZE) for y in range(SIZE - 1)]
    links += [(head, tail, time) for tail, head, time in links]
    return Network(links, {(place[0][0], place[-1][-1]): 3.0, (place[0][-1], place[-1][0]): 2.0}, name="streets")


@pytest.fixture(scope="module")
def grid():
    return streets()


@st.composite
def governed(draw):
    """A small network with classes of drivers, and rules that charge for links and close some."""
    count = draw(st.integers(3, 5))
    ends = [(NAMES[i], NAMES[j]) for i in range(count) for j in range(count) if i != j]
    chosen = draw(st.lists(st.sampled_from(ends), min_size=4, max_size=9, unique=True))
    ring = [(NAMES[k], NAMES[(k + 1) % count]) for k in range(count)]
    number = st.integers(0, 4).map(float)
    links = [(*pair, affine(draw(number), draw(number))) for pair in dict.fromkeys([*ring, *chosen])]
    classes = [DriverClass("business", 0.25, 4.0), DriverClass("others", 0.75, 0.5)] if draw(st.booleans()) else None
    network = Network(links, dict.fromkeys(draw(st.lists(st.sampled_from(ends), min_size=1, max_size=2)), 2.0))
    network = Network(**network.like(classes=classes, tolls=[draw(number) for _ in links]))
    name = st.sampled_from(network.link_names)
    rules = st.one_of(
        st.builds(lambda charges: Toll(tuple(charges.items())), st.dictionaries(name, number, max_size=4)),
        st.builds(lambda link, rate: Tax(f"link:{link}", rate), name, number),
        st.builds(lambda link: Quota(f"link:{link}", 0.0), name),
        st.builds(lambda rate: Tax("delay", rate), number),
    )
    return network, draw(st.lists(rules, min_size=1, max_size=3))


def same(one, other, seed=0):
    assert one.moves == other.moves
    draw = np.random.default_rng(seed)
    mixture = tuple(draw.dirichlet(np.ones(size)) for size in one.sizes)
    ours, theirs = one.deviation_payoffs(mixture), other.deviation_payoffs(mixture)
    for a, b in zip(ours, theirs, strict=True):
        assert np.allclose(a, b, rtol=1e-9, atol=1e-9)
    corner = np.zeros(len(one.players), int)
    assert np.allclose(one.payoffs_at(corner), other.payoffs_at(corner))


@settings(max_examples=60)
@given(governed())
def test_a_governed_network_is_what_the_rules_say_route_by_route(case):
    network, rules = case
    crowd = GovernedCrowd(network, Charter(ground_of(network), rules))
    same(network.under(*rules), crowd)


@settings(max_examples=40)
@given(governed())
def test_rules_compose(case):
    network, rules = case
    once, twice = network.under(*rules), network.under(rules[0]).under(*rules[1:])
    assert once.institutions == twice.institutions == tuple(rules)
    assert once.base is twice.base is network
    same(once, twice)


def test_rules_compose_on_a_grid_too_large_to_list(grid):
    toll, tax, closed = Toll({"0,0>1,0": 2.0}), Tax("link:0,0>1,0", 0.5), Quota("link:0,0>0,1", 0.0)
    once, twice = grid.under(toll, tax, closed), grid.under(toll).under(tax).under(closed)
    assert isinstance(once, GovernedNetwork)
    assert (once.institutions, once.closed) == ((toll, tax, closed), ("0,0>0,1",))
    assert once.tolls.tolist() == twice.tolls.tolist()
    assert once.link_names == twice.link_names
    assert once.tolls[once.link("0,0>1,0")] == once.charges[once.link("0,0>1,0")] == 2.5
    assert once.tolls.sum() == 2.5
    assert once.base is grid


def test_a_toll_on_a_grid_is_the_networks_own_toll(grid):
    charges = {name: 1.0 + k % 3 for k, name in enumerate(grid.link_names)}
    ruled, own = (user_equilibrium(one, gap=1e-8) for one in (grid.under(Toll(charges)), grid.tolled(charges)))
    assert np.array_equal(ruled.flows, own.flows)


def test_a_closed_street_is_a_street_that_is_not_there(grid):
    closed = grid.under(Quota("link:0,0>0,1", 0.0))
    driven = user_equilibrium(closed, gap=1e-8)
    assert driven.total_time == user_equilibrium(grid.without("0,0>0,1"), gap=1e-8).total_time
    assert check_assignment(closed, driven).verdict == "proved"


def test_diagnosis_says_before_and_after(grid):
    charges = dict.fromkeys(grid.link_names, 0.25)
    seen = diagnose(grid.under(Toll(charges)))
    assert seen.before == pytest.approx(user_equilibrium(grid, gap=1e-9).total_time, rel=1e-6)
    assert seen.rules == "Toll"
    assert all(one.pays >= 0.25 * (2 * SIZE - 2) - 1e-9 for one in seen.drivers)
    assert seen.equilibrium.regret < 1e-5


class Discount(Institution):
    """Whoever uses two tolled links pays for one."""

    scope = "additive"

    def settle(self, now, payoffs):
        return payoffs - now.xp.maximum(now.amount("link:0,0>1,0"), now.amount("link:1,0>2,0"))


class Fee(Institution):
    """Everybody pays for being on the road."""

    scope = "additive"

    def settle(self, now, payoffs):
        return payoffs - 1.0


class OneCrowd(Institution):
    """Only the second population pays."""

    scope = "additive"

    def settle(self, now, payoffs):
        other = np.arange(now.players) == 1
        return payoffs - other * now.amount("link:0,0>1,0")


class Share(Institution):
    """A tax on what is lost, not on links."""

    scope = "additive"

    def settle(self, now, payoffs):
        return 1.1 * payoffs


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Discount(), "no sum over the links"),
        (Fee(), "no sum over the links"),
        (OneCrowd(), "no sum over the links"),
        (Share(), "no sum over the links"),
        (Tax("delay", 1.0), "reads the delay"),
        (Tax("link:0,0>1,0", -1.0), "pays 1 to whoever takes 0,0>1,0"),
        (Tax("link:0,0>1,0", 1.0, shared=True), "co-player"),
    ],
)
def test_what_a_grid_cannot_hold_is_refused_with_the_reason(grid, rule, why):
    with pytest.raises(CarrierError, match=why):
        grid.under(rule)


def test_closing_the_only_way_is_refused(grid):
    with pytest.raises(CarrierError, match="No route leads from 0,0"):
        grid.under(Quota("link:0,0>0,1", 0.0), Quota("link:0,0>1,0", 0.0))
    with pytest.raises(UnknownName, match="link:0,0>9,9"):
        grid.under(Toll({"0,0>9,9": 1.0}))


def test_the_same_rules_are_exact_where_routes_can_be_listed():
    links = [("A", "B", affine(0, 1)), ("A", "C", 1.0), ("B", "D", 1.0), ("C", "D", affine(0, 1)), ("B", "C", 0.0)]
    small = Network(links, {("A", "D"): 1.0})
    assert isinstance(small.under(Tax("link:A>B", -1.0)), GovernedCrowd)
    assert isinstance(small.under(Share()), GovernedCrowd)
    assert isinstance(small.under(Fee()), GovernedCrowd)
    assert isinstance(small.under(Tax("link:A>B", 1.0)), GovernedNetwork)
