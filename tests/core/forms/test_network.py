import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.latency import affine, bpr
from ostrom.core.forms.network import DriverClass, Link, Network

BRAESS = [("A", "C", affine(0, 1)), ("C", "D", 1.0), ("A", "B", 1.0), ("B", "D", affine(0, 1)), ("C", "B", 0.0)]


@st.composite
def networks(draw):
    """Up to six places on a one-way ring, so that every trip is possible, with more links across."""
    count = draw(st.integers(2, 5))
    names = "ABCDE"[:count]
    ends = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])
    pairs = [(names[k], names[(k + 1) % count]) for k in range(count)] + draw(st.lists(ends, max_size=6))
    number = st.integers(0, 5).map(float)
    links = [(tail, head, affine(draw(number), draw(number))) for tail, head in pairs]
    demands = draw(st.dictionaries(ends, st.integers(1, 4).map(float), min_size=1, max_size=3))
    return Network(links, demands)


def test_a_small_network_is_a_game():
    game = Network(BRAESS, {("A", "D"): 1.0})
    assert game.players == ("A to D",)
    assert game.moves == (("A>C>D", "A>C>B>D", "A>B>D"),)
    selfish, best = game.pure([1]), (np.array([0.5, 0.0, 0.5]),)
    assert game.expected_payoffs(selfish) == -2
    assert game.expected_payoffs(best) == -1.5
    assert game.regret(selfish) == 0
    assert game.regret(best) == 0.5
    assert game.payoffs_at(np.array([[1], [0]])).tolist() == [[-2], [-2]]


@given(networks())
def test_routes_are_all_the_simple_ones(network):
    for (origin, target), own in zip(network.pairs, network.routes, strict=True):
        between = [node for node in network.nodes if node not in (origin, target)]
        orders = (p for n in range(len(between) + 1) for p in itertools.permutations(between, n))
        expected = set()
        for middle in orders:
            stops = (origin, *middle, target)
            steps = [
                [k for k, link in enumerate(network.links) if (link.tail, link.head) == step]
                for step in itertools.pairwise(stops)
            ]
            expected |= set(itertools.product(*steps))
        assert set(own) == expected
        assert len(own) == len(expected)


@given(networks(), st.integers(0, 99))
def test_payoffs_are_times_at_the_flows_that_shares_make(network, seed):
    draw = np.random.default_rng(seed)
    mixture = tuple(draw.dirichlet(np.ones(size)) for size in network.sizes)
    flow = dict.fromkeys(range(len(network.links)), 0.0)
    for trips, own, shares in zip(network.demand, network.routes, mixture, strict=True):
        for route, share in zip(own, shares, strict=True):
            for link in route:
                flow[link] += trips * share
    time = [float(network.links[k].latency.time(flow[k])) for k in flow]
    for own, got in zip(network.routes, network.deviation_payoffs(mixture), strict=True):
        assert np.allclose(got, [-sum(time[k] for k in route) for route in own], rtol=1e-12)
    weighted = network.expected_payoffs(mixture) @ network.demand
    assert math.isclose(-weighted, network.total_time(network.flows(mixture)), rel_tol=1e-12)


@given(networks(), st.integers(0, 99))
def test_batches_are_answered_row_by_row(network, seed):
    draw = np.random.default_rng(seed)
    mixture = tuple(draw.dirichlet(np.ones(size), (2, 3)) for size in network.sizes)
    together = network.deviation_payoffs(mixture)
    for place in np.ndindex(2, 3):
        alone = network.deviation_payoffs(tuple(x[place] for x in mixture))
        assert all(np.allclose(a[place], b, rtol=1e-12) for a, b in zip(together, alone, strict=True))


@given(networks(), st.data())
def test_pure_payoffs_and_facts_are_those_of_the_pure_mixture(network, data):
    profile = [data.draw(st.integers(0, size - 1)) for size in network.sizes]
    mixture, payoffs = network.pure(profile), network.payoffs_at(np.array(profile))
    assert np.allclose(payoffs, network.expected_payoffs(mixture))
    facts, spread = network.facts_at(np.array(profile)), network.facts_of_moves(mixture)
    assert facts.keys() == spread.keys()
    for name, amounts in facts.items():
        assert np.allclose(amounts, [own[move] for own, move in zip(spread[name], profile, strict=True)])
    assert np.allclose(facts["delay"], -payoffs)


def test_tolls_are_minded_but_are_not_time():
    free = Network(BRAESS, {("A", "D"): 1.0})
    tolled = free.tolled({"C>B": 0.7})
    mixture = free.uniform()
    assert tolled.tolls.tolist() == [0, 0, 0, 0, 0.7]
    difference = free.deviation_payoffs(mixture)[0] - tolled.deviation_payoffs(mixture)[0]
    assert np.allclose(difference, [0, 0.7, 0])
    assert tolled.total_time(tolled.flows(mixture)) == free.total_time(free.flows(mixture))
    assert np.allclose(tolled.facts_of_moves(mixture)["delay"], free.facts_of_moves(mixture)["delay"])
    assert tolled.beckmann(tolled.flows(mixture)) - free.beckmann(free.flows(mixture)) == pytest.approx(0.7 / 3)
    assert (tolled.marginal().tolls == 0).all()


def test_closing_a_link_takes_its_routes_away():
    network = Network(BRAESS, {("A", "D"): 1.0}, tolls=[0, 1, 2, 3, 4]).without("C>B")
    assert network.moves == (("A>C>D", "A>B>D"),)
    assert network.tolls.tolist() == [0, 1, 2, 3]
    with pytest.raises(InputError, match="No route leads from A to D"):
        network.without("A>C").without("B>D")
    with pytest.raises(UnknownName):
        network.without("C>B")


def test_parallel_links_are_told_apart():
    network = Network([("A", "B", 1.0), ("A", "B", 2.0), Link("A", "B", 3.0, "quay")], {("A", "B"): 1.0})
    assert network.link_names == ("A>B", "A>#2>B", "A>quay>B")
    assert network.moves == (("A>B", "A>#2>B", "A>quay>B"),)


def test_zones_are_not_driven_through():
    links = [("A", "B", 1.0), ("B", "C", 1.0), ("A", "D", 5.0), ("D", "C", 5.0)]
    open_ = Network(links, {("A", "C"): 1.0, ("B", "C"): 1.0})
    closed = Network(links, {("A", "C"): 1.0, ("B", "C"): 1.0}, no_through=["A", "B"])
    assert open_.moves[0] == ("A>B>C", "A>D>C")
    assert closed.moves == (("A>D>C",), ("B>C",))
    with pytest.raises(InputError, match="No route"):
        Network(links[:2], {("A", "C"): 1.0}, no_through=["B"])
    assert closed.without("A>B").no_through == {closed.without("A>B").nodes.index(node) for node in "AB"}


def test_any_function_of_the_flow_will_do():
    network = Network([("A", "B", lambda flow: 1 + flow**2), ("A", "B", 2)], {("A", "B"): 2.0})
    assert network.times(np.array([1.0, 1.0])).tolist() == [2, 2]
    assert network.beckmann(np.array([1.0, 1.0])) == pytest.approx(4 / 3 + 2, rel=1e-12)
    assert network.marginal().times(np.array([1.0, 1.0])) == pytest.approx([4, 2], rel=1e-6)


def test_more_drivers_come_closer_to_the_crowd():
    network = Network(BRAESS, {("A", "D"): 1.0}, tolls={"A>B": 0.25})
    mixture = (np.array([0.2, 0.5, 0.3]),)
    crowd = network.deviation_payoffs(mixture)[0]
    errors = []
    for drivers in (1, 10, 100):
        game = network.atomic(drivers)
        assert len(game.players) == drivers
        errors.append(np.abs(game.deviation_payoffs(mixture * drivers)[0] - crowd).max())
    assert errors[0] > 5 * errors[1] > 25 * errors[2] > 0


def test_drivers_one_by_one_are_what_the_table_says():
    network = Network(BRAESS, {("A", "D"): 1.0, ("C", "D"): 0.5}, tolls={"A>B": 0.25})
    game = network.atomic(4)
    assert game.players[0] == "A to D, driver 1"
    assert game.moves[-1] == network.moves[1]
    mixture = game.uniform()
    for own, table in zip(game.deviation_payoffs(mixture), game.dense().deviation_payoffs(mixture), strict=True):
        assert np.allclose(own, table, rtol=0, atol=1e-12)
    everybody = np.zeros(6, int)
    assert game.facts_at(everybody)["delay"] == pytest.approx(-game.payoffs_at(everybody))
    around = np.full(6, 2)
    around[4:] = 0
    assert game.facts_at(around)["delay"][:4] == pytest.approx(-game.payoffs_at(around)[:4] - 0.25)


@pytest.mark.parametrize("drivers", [0, 3])
def test_drivers_come_in_whole_numbers(drivers):
    with pytest.raises(InputError, match="whole number"):
        Network(BRAESS, {("A", "D"): 0.5}).atomic(drivers)


def test_a_crowd_is_no_row_of_a_table():
    with pytest.raises(InputError, match="atomic"):
        Network(BRAESS, {("A", "D"): 1.0}).dense()


def test_routes_of_large_networks_are_not_listed():
    side = range(12)
    links = [(f"{x},{y}", f"{x + dx},{y + dy}", 1.0) for x in side for y in side for dx, dy in ((0, 1), (1, 0))]
    network = Network(links, {("0,0", "11,11"): 1.0})
    with pytest.raises(TooLarge, match="user_equilibrium"):
        network.moves  # noqa: B018
    assert "168 nodes" in repr(network)


def test_dead_ends_do_not_hold_up_the_search():
    rooms = [f"room {k}" for k in range(14)]
    maze = [(a, b, 1.0) for a in rooms for b in rooms if a != b]
    network = Network([*maze, ("A", rooms[0], 1.0), ("A", "B", 1.0)], {("A", "B"): 1.0})
    assert network.moves == (("A>B",),)


@pytest.mark.parametrize(
    ("links", "demands", "options"),
    [
        ([], {("A", "B"): 1.0}, {}),
        ([("A", "B", 1.0)], {}, {}),
        ([("A", "B", 1.0)], {("A", "B"): 0.0}, {}),
        ([("A", "B", 1.0)], {("A", "B"): -1.0}, {}),
        ([("A", "B", 1.0)], {("A", "B"): math.nan}, {}),
        ([("A", "B", 1.0)], {("A", "B"): math.inf}, {}),
        ([("A", "B", 1.0)], {("B", "A"): 1.0}, {}),
        ([("A", "B", 1.0)], {("A", "C"): 1.0}, {}),
        ([("A", "B", 1.0)], {("A", "A"): 1.0}, {}),
        ([("A", "A", 1.0)], {("A", "B"): 1.0}, {}),
        ([("A", "B", math.nan)], {("A", "B"): 1.0}, {}),
        ([("A", "B", -1.0)], {("A", "B"): 1.0}, {}),
        ([("A", "B", "slow")], {("A", "B"): 1.0}, {}),
        ([("A", "B", lambda flow: 2 - flow)], {("A", "B"): 1.0}, {}),
        ([("A", "B", lambda flow: math.inf)], {("A", "B"): 1.0}, {}),
        ([("A", "B", lambda flow: flow - 1)], {("A", "B"): 1.0}, {}),
        ([("A", "B", bpr(1, 1e-9, power=90))], {("A", "B"): 1e9}, {}),
        ([("A", "B", 1.0)], {("A", "B"): 1.0}, {"tolls": [1, 2]}),
        ([("A", "B", 1.0)], {("A", "B"): 1.0}, {"tolls": [-1]}),
        ([("A", "B", 1.0)], {("A", "B"): 1.0}, {"tolls": {"B>A": 1}}),
        ([("A", "B", 1.0)], {("A", "B"): 1.0}, {"no_through": ["Z"]}),
    ],
)
def test_what_makes_no_network_is_refused(links, demands, options):
    with pytest.raises(InputError):
        Network(links, demands, **options)


BUSINESS = [DriverClass("business", 0.25, 4.0), DriverClass("others", 0.75, 0.5)]


def test_classes_of_drivers_are_crowds_of_their_own():
    network = Network(BRAESS, {("A", "D"): 2.0}, classes=BUSINESS, tolls={"C>B": 1.0})
    assert network.players == ("A to D, business", "A to D, others")
    assert (network.demand.tolist(), network.values.tolist()) == ([0.5, 1.5], [4.0, 0.5])
    assert network.kinds == ("business", "others")
    short = network.pure([1, 1])
    assert [worth[1] for worth in network.deviation_payoffs(short)] == [-4.25, -6.0]
    assert network.payoffs_at([1, 1]).tolist() == [-4.25, -6.0]
    assert network.without("A>B").players == network.players
    assert network.tolled(None).demand.tolist() == network.demand.tolist()


@given(networks(), st.integers(0, 99))
def test_the_unit_of_money_is_of_no_account(network, seed):
    tolls = np.random.default_rng(seed).integers(0, 4, len(network.links)).astype(float)
    dear = [DriverClass(one.name, one.share, 2 * one.value) for one in BUSINESS]
    one, two = (
        Network(**network.like(classes=classes, tolls=times * tolls)) for classes, times in ((BUSINESS, 1), (dear, 2))
    )
    for a, b in zip(one.deviation_payoffs(one.uniform()), two.deviation_payoffs(two.uniform()), strict=True):
        assert np.array_equal(a, b)


def test_drivers_of_some_pairs_may_differ():
    network = Network(BRAESS, {("A", "D"): 1.0, ("A", "B"): 1.0}, classes={("A", "D"): BUSINESS})
    assert network.players == ("A to D, business", "A to D, others", "A to B")
    assert network.values.tolist() == [4.0, 0.5, 1.0]


@pytest.mark.parametrize(
    "classes",
    [
        [DriverClass("a", 0.5)],
        [DriverClass("a", 0.5), DriverClass("a", 0.5)],
        [DriverClass("a", 1.0, 0.0)],
        [DriverClass("a", 1.5), DriverClass("b", -0.5)],
        {("B", "A"): BUSINESS},
    ],
)
def test_classes_that_share_out_nothing(classes):
    with pytest.raises(InputError, match="share"):
        Network(BRAESS, {("A", "D"): 1.0}, classes=classes)


def test_one_cost_for_all_is_refused_where_tolls_differ_in_time():
    network = Network(BRAESS, {("A", "D"): 1.0}, classes=BUSINESS, tolls={"C>B": 1.0})
    for ask in (network.costs, network.beckmann):
        with pytest.raises(InputError, match=r"worth from 0\.5 to 4"):
            ask(np.zeros(5))
    with pytest.raises(InputError, match="resource costs all"):
        network.atomic(4)
    assert network.tolled(None).costs(np.zeros(5)).tolist() == network.times(np.zeros(5)).tolist()
