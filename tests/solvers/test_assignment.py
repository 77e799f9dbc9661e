import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from ostrom.core.errors import InputError
from ostrom.core.forms.latency import Custom, Power, affine, bpr, monomial
from ostrom.core.forms.network import DriverClass, Network
from ostrom.games import Town
from ostrom.solvers._shortest_paths import ShortestPaths
from ostrom.solvers.assignment import (
    check_assignment,
    marginal_tolls,
    price_of_anarchy,
    ratio,
    system_optimum,
    user_equilibrium,
)

small = st.integers(0, 5).map(float)
latencies = st.one_of(
    st.builds(affine, small, small),
    st.builds(bpr, st.integers(1, 9).map(float), st.integers(1, 5).map(float)),
    st.builds(monomial, small, st.sampled_from([0.5, 2.0, 3.0])),
)


@st.composite
def networks(draw, latency=latencies):
    """Up to five places on a one-way ring with more links across, parallel ones too, and up to four demands."""
    count = draw(st.integers(2, 5))
    names = "ABCDE"[:count]
    ends = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])
    pairs = [(names[k], names[(k + 1) % count]) for k in range(count)] + draw(st.lists(ends, max_size=7))
    links = [(*pair, draw(latency)) for pair in pairs]
    demands = draw(st.dictionaries(ends, st.integers(1, 4).map(float), min_size=1, max_size=4))
    return Network(links, demands, tolls=draw(st.lists(small, min_size=len(links), max_size=len(links))))


def as_mixture(network, assignment):
    """The assignment's route flows as shares of the listed routes."""
    shares = [np.zeros(size) for size in network.sizes]
    routes = zip(assignment.pair, assignment.route_links, assignment.route_flows, strict=True)
    for pair, route, flow in routes:
        shares[pair][network.routes[pair].index(route)] += flow / network.demand[pair]
    return tuple(shares)


def least(network, objective):
    """Link flows with the least objective over all route flows, by sequential quadratic programming."""
    starts = np.cumsum([0, *network.sizes])
    trips, uses = np.repeat(network.demand, network.sizes), np.vstack(network.uses).astype(float)
    fair = [
        {"type": "eq", "fun": lambda shares, a=a, b=b: shares[a:b].sum() - 1} for a, b in itertools.pairwise(starts)
    ]
    found = minimize(
        lambda shares: objective(np.clip(shares, 0, None) * trips @ uses) / network.demand.sum(),
        np.concatenate(network.uniform()), bounds=[(0, 1)] * starts[-1], constraints=fair, method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )  # fmt: skip
    return np.clip(found.x, 0, None) * trips @ uses


@given(networks())
def test_nobody_has_a_better_route_at_equilibrium(network):
    found = user_equilibrium(network, gap=1e-9)
    assert found.status == "complete"
    assert check_assignment(network, found).verdict == "proved"
    mixture = as_mixture(network, found)
    assert np.allclose(network.flows(mixture), found.flows, rtol=1e-9, atol=1e-9)
    cost = -float(network.expected_payoffs(mixture) @ network.demand)
    assert float(network.regrets(mixture) @ network.demand) <= 2e-9 * cost + 1e-12
    assert np.allclose(
        found.pair_times, [x @ d for x, d in zip(mixture, network.facts_of_moves(mixture)["delay"], strict=True)]
    )


@settings(max_examples=40)
@given(networks())
def test_equilibrium_and_optimum_are_the_minima_that_a_general_optimiser_finds(network):
    selfish, best = user_equilibrium(network, gap=1e-9), system_optimum(network, gap=1e-9)
    for value, objective in ((selfish.objective, network.beckmann), (best.objective, network.total_time)):
        assert value <= objective(least(network, objective)) * (1 + 1e-7) + 1e-9
    assert best.objective == best.total_time == network.total_time(best.flows)


def test_the_towns_reference_values_are_those_of_a_general_optimiser():
    known = Town.reference
    for town, objective, value in (
        (Town(), Network.beckmann, "total time"),
        (Town(), Network.total_time, "optimal total time"),
        (Town(without_quay=True), Network.beckmann, "total time without the quay"),
    ):
        flows = least(town, lambda flows, town=town, objective=objective: objective(town, flows))
        assert town.total_time(flows) == pytest.approx(known[value], rel=1e-4)


@settings(max_examples=30)
@given(networks(), st.integers(0, 99))
def test_no_flow_has_less_total_time_than_the_optimum(network, seed):
    best, draw = system_optimum(network, gap=1e-9), np.random.default_rng(seed)
    assert check_assignment(network, best).verdict == "proved"
    mixture = tuple(draw.dirichlet(np.full(size, 0.3), 200) for size in network.sizes)
    assert best.total_time <= network.total_time(network.flows(mixture)).min() * (1 + 1e-8) + 1e-9


@settings(max_examples=60)
@given(networks(st.builds(affine, small, small)))
def test_with_affine_times_selfishness_costs_a_third_at_most(network):
    untolled = network.tolled(None)
    assert 1 - 1e-7 <= price_of_anarchy(untolled) <= 4 / 3 + 1e-7


@given(networks(st.builds(lambda a, b: affine(a, b + 1), small, small)))
def test_marginal_tolls_lead_to_the_optimum(network):
    best = system_optimum(network, gap=1e-10)
    led = user_equilibrium(network.tolled(marginal_tolls(network, best)), gap=1e-10)
    assert math.isclose(led.total_time, best.total_time, rel_tol=1e-6)
    assert np.allclose(led.flows, best.flows, atol=1e-3)


@given(networks(), st.integers(0, 99), st.booleans())
def test_both_searches_find_the_same_shortest_routes(network, seed, closed):
    if closed:
        ends = {node for pair in network.pairs for node in pair}
        links = [*network.links, *((origin, target, 9.0) for origin, target in network.pairs)]
        network = Network(links, dict(zip(network.pairs, network.demand, strict=True)), no_through=sorted(ends))
    times = np.random.default_rng(seed).integers(0, 4, len(network.links)).astype(float)
    costs = times + network.tolls
    answers = []
    for paths in (ShortestPaths(network), ShortestPaths(network, small=0)):
        distances, last = paths.search(times)
        lengths, links = paths.trace(last, np.arange(len(network.pairs)))
        routes = np.split(links, np.cumsum(lengths)[:-1])
        for (origin, target), route, distance in zip(network.ends, routes, distances, strict=True):
            places = [network.tails[route[0]], *network.heads[route]]
            assert (places[0], places[-1]) == (origin, target)
            assert (network.tails[route[1:]] == network.heads[route[:-1]]).all()
            assert not network.no_through.intersection(places[1:-1])
            assert costs[route].sum() == distance
        answers.append(distances)
    assert np.array_equal(*answers)
    brute = [min(costs[list(route)].sum() for route in own) for own in network.routes]
    assert np.array_equal(answers[0], brute)


def test_large_networks_take_the_other_search(monkeypatch):
    network = Network([("A", "B", affine(0, 1)), ("A", "B", 1.0), ("B", "C", 0.0)], {("A", "C"): 2.0})
    expected = user_equilibrium(network, gap=1e-10)
    monkeypatch.setattr("ostrom.solvers._shortest_paths.ShortestPaths.__init__.__defaults__", (0,))
    found = user_equilibrium(network, gap=1e-10)
    assert np.array_equal(found.flows, expected.flows)
    assert found.total_time == pytest.approx(2.0)


@settings(max_examples=40)
@given(networks())
def test_sweeps_and_newton_steps_end_at_the_same_times(network):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ostrom.solvers._newton.MOST_ROUTES", 0)
        swept = user_equilibrium(network, gap=1e-7, iterations=3000)
    quick = user_equilibrium(network, gap=1e-7)
    assert quick.iterations <= 100
    if swept.status == "complete":
        assert math.isclose(swept.objective, quick.objective, rel_tol=1e-6, abs_tol=1e-9)


def test_a_free_road_takes_everybody_in_the_end():
    """A cost that falls to 0 as a power of the flow never gets there by steps that shrink with it."""
    network = Network([("A", "B", monomial(2, 3)), ("A", "B", 0.0)], {("A", "B"): 1.0})
    found = user_equilibrium(network)
    assert found.status == "complete"
    assert found.flows.tolist() == [0, 1]
    assert price_of_anarchy(network) == 1


def test_stiff_roads_that_two_origins_share_are_settled():
    """Each origin alone moves by slivers; only together do they get anywhere."""
    links = [
        ("A", "B", bpr(2, 0.2, power=16)), ("A", "B", Power(2.0, 3.0, 4.0)), ("B", "C", monomial(3, 3)),
        ("D", "A", monomial(2, 0.5)), ("D", "C", 0.0), ("C", "A", 1.0),
    ]  # fmt: skip
    network = Network(links, {("A", "C"): 11.1, ("D", "B"): 1.0})
    for solve in (user_equilibrium, system_optimum):
        found = solve(network, gap=1e-9)
        assert found.status == "complete"
        assert found.iterations < 100
        assert check_assignment(network, found).verdict == "proved"


def test_water_fills_parallel_roads():
    roads = [affine(1, 1), affine(2, 1), affine(4, 1), affine(9, 1)]
    network = Network([("A", "B", road) for road in roads], {("A", "B"): 5.0})
    found = user_equilibrium(network, gap=1e-12)
    assert np.allclose(found.flows, [3, 2, 0, 0], atol=1e-6)
    assert np.allclose(found.times[:2], 4)
    assert sorted(found.route_links) == [(0,), (1,)]


def test_custom_times_are_assigned_like_their_closed_forms():
    def made(*times):
        return Network([("A", "B", time) for time in times], {("A", "B"): 3.0})

    closed, computed = made(bpr(2, 1), affine(1, 2)), made(lambda x: 2 * (1 + 0.15 * x**4), Custom(lambda x: 1 + 2 * x))
    assert computed.computed == {"A>B": ("integral", "derivative"), "A>#2>B": ("integral", "derivative")}
    assert "2 links" in user_equilibrium(computed).note
    assert user_equilibrium(closed).note == ""
    for solve in (user_equilibrium, system_optimum):
        assert np.allclose(solve(closed, gap=1e-9).flows, solve(computed, gap=1e-9).flows, atol=1e-4)


def test_a_step_in_the_time_is_stood_on():
    network = Network([("A", "B", lambda x: 1.0 if x <= 0.25 else 3.0), ("A", "B", 2.0)], {("A", "B"): 1.0})
    found = user_equilibrium(network, gap=1e-6, iterations=50)
    assert found.flows == pytest.approx([0.25, 0.75], abs=1e-3)


def test_total_time_that_is_not_convex_is_refused():
    network = Network([("A", "B", lambda x: min(x, 1.0)), ("A", "B", 0.5)], {("A", "B"): 4.0})
    with pytest.raises(InputError, match="falls"):
        system_optimum(network)


def test_an_answer_says_how_far_it_came():
    network = Network([("A", "B", bpr(1, 1)), ("A", "B", bpr(2, 1)), ("A", "B", bpr(3, 2))], {("A", "B"): 9.0})
    seen = []
    cut = user_equilibrium(network, gap=1e-9, iterations=1, progress=lambda k, gap: seen.append((k, gap)))
    assert cut.status == "partial"
    assert cut.gap > 1e-9
    assert [k for k, _ in seen] == [0, 1]
    assert seen[-1][1] == cut.gap
    assert check_assignment(network, cut).verdict == "proved"
    assert user_equilibrium(network, gap=1e-9, seconds=0.0).status == "timed out"
    for gap in (0.0, -1.0, math.nan):
        with pytest.raises(InputError, match="gap"):
            user_equilibrium(network, gap=gap)


def test_the_same_network_gives_the_same_bytes():
    network = Network([("A", "B", bpr(k, k)) for k in range(1, 6)], {("A", "B"): 9.0})
    first, again = user_equilibrium(network), user_equilibrium(network)
    assert first.flows.tobytes() == again.flows.tobytes()
    assert first.route_flows.tobytes() == again.route_flows.tobytes()


def test_nothing_over_nothing_is_no_loss():
    network = Network([("A", "B", 0.0)], {("A", "B"): 1.0})
    assert price_of_anarchy(network) == 1
    assert ratio(1.0, 0.0) == math.inf


def classed(network, *values):
    share = 1 / len(values)
    classes = [DriverClass(f"class {k}", share, value) for k, value in enumerate(values)]
    return Network(**network.like(classes=classes))


@settings(max_examples=40)
@given(networks())
def test_classes_settle_where_a_general_optimiser_says(network):
    """Of all divisions of the trips over routes the one with the least travel time and tolls, each in its own time."""
    network = classed(network, 0.5, 3.0)
    found = user_equilibrium(network, gap=1e-9)
    assert found.status == "complete"
    assert check_assignment(network, found).verdict == "proved"
    trips, uses = np.repeat(network.demand, network.sizes), np.vstack(network.uses).astype(float)
    dear = uses @ network.tolls / np.repeat(network.values, network.sizes)

    def objective(shares):
        return float(network.latencies.integral(shares * trips @ uses).sum() + shares * trips @ dear)

    starts = np.cumsum([0, *network.sizes])
    best = np.concatenate(as_mixture(network, found))
    assert objective(best) == pytest.approx(found.objective, rel=1e-8, abs=1e-9)
    fair = [
        {"type": "eq", "fun": lambda shares, a=a, b=b: shares[a:b].sum() - 1} for a, b in itertools.pairwise(starts)
    ]
    other = minimize(
        lambda shares: objective(np.clip(shares, 0, None)) / network.demand.sum(),
        np.concatenate(network.uniform()), bounds=[(0, 1)] * starts[-1], constraints=fair, method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 300},
    )  # fmt: skip
    assert found.objective <= objective(np.clip(other.x, 0, None)) * (1 + 1e-7) + 1e-9


@settings(max_examples=40)
@given(networks())
def test_classes_that_value_time_at_one_change_nothing(network):
    alike = Network(**network.like(classes=[DriverClass("", 1.0, 1.0)]))
    assert user_equilibrium(alike).flows.tobytes() == user_equilibrium(network).flows.tobytes()
    one, two = classed(network, 0.5, 2.0), classed(network, 1.0, 4.0).tolled(2 * network.tolls)
    assert user_equilibrium(one).route_flows.tobytes() == user_equilibrium(two).route_flows.tobytes()
    assert math.isclose(
        system_optimum(one, gap=1e-9).total_time, system_optimum(network, gap=1e-9).total_time, rel_tol=1e-6
    )


@settings(max_examples=30)
@given(networks(), st.integers(0, 99))
def test_both_searches_find_the_same_shortest_routes_for_every_class(network, seed):
    network = classed(network, 0.5, 1.0, 4.0)
    times = np.random.default_rng(seed).integers(0, 4, len(network.links)).astype(float)
    first, second = (ShortestPaths(network, *small).search(times)[0] for small in ((), (0,)))
    assert np.allclose(first, second)
    price = (times + network.tolls / value for value in network.values)
    brute = [min(cost[list(r)].sum() for r in own) for cost, own in zip(price, network.routes, strict=True)]
    assert np.allclose(first, brute)


def test_the_rich_take_the_tolled_road():
    """Two lanes, one of which is tolled at 1: whoever values time at 4 pays it to save 0.25."""
    lanes = Network([("A", "B", affine(1, 1)), ("A", "B", affine(1, 1))], {("A", "B"): 1.0}, tolls=[1.0, 0.0])
    found = user_equilibrium(classed(lanes, 4.0, 0.5), gap=1e-10)
    assert found.flows == pytest.approx([0.375, 0.625], abs=1e-6)  # 0.25 apart: the rich mix, the poor do not
    assert found.paid(lanes.tolls) == pytest.approx([0.75, 0.0], abs=1e-6)


class TestCertificate:
    """Planted failures, each of which has to be refuted with its witness."""

    network = Network(
        [("A", "B", affine(0, 1)), ("B", "C", 1.0), ("A", "C", affine(1, 1)), ("C", "B", 0.0)],
        {("A", "C"): 1.0, ("A", "B"): 1.0},
    )

    def planted(self, **changes):
        found = user_equilibrium(self.network, gap=1e-9)
        return check_assignment(self.network, dataclasses.replace(found, **changes))

    def test_the_true_one_is_proved(self):
        claim = self.planted()
        assert claim.verdict == "proved"
        assert claim.tolerance is not None
        assert claim.numbers["gap"] <= claim.tolerance

    def test_a_negative_flow(self):
        found = user_equilibrium(self.network, gap=1e-9)
        claim = self.planted(route_flows=-found.route_flows)
        assert claim.verdict == "refuted"
        assert "negative" in claim.witness["fault"]

    def test_a_flow_that_is_no_number(self):
        found = user_equilibrium(self.network, gap=1e-9)
        assert self.planted(route_flows=found.route_flows * math.nan).verdict == "refuted"
        assert self.planted(flows=found.flows * math.nan).verdict == "refuted"

    def test_missing_trips(self):
        found = user_equilibrium(self.network, gap=1e-9)
        claim = self.planted(route_flows=found.route_flows * 0.9)
        assert "not all trips" in claim.witness["fault"]

    def test_link_flows_that_are_not_the_routes(self):
        found = user_equilibrium(self.network, gap=1e-9)
        assert "another flow" in self.planted(flows=found.flows + 0.1).witness["fault"]

    def test_a_route_that_leads_elsewhere(self):
        found = user_equilibrium(self.network, gap=1e-9)
        routes = tuple((3,) for _ in found.route_links)
        assert "does not lead" in self.planted(route_links=routes).witness["fault"]

    def test_a_route_through_a_closed_place(self):
        open_ = Network([("A", "B", 1.0), ("B", "C", 1.0), ("A", "C", 9.0)], {("A", "C"): 1.0})
        closed = Network(open_.links, {("A", "C"): 1.0}, no_through=["B"])
        assert check_assignment(closed, user_equilibrium(open_)).verdict == "refuted"
        assert check_assignment(closed, user_equilibrium(closed)).verdict == "proved"

    def test_flows_that_are_no_equilibrium(self):
        crowded = Network(self.network.links, {("A", "C"): 1.0, ("A", "B"): 1.0}, tolls=[0, 0, 9, 0])
        elsewhere = user_equilibrium(crowded, gap=1e-9)
        claim = check_assignment(self.network, elsewhere)
        assert claim.verdict == "refuted"
        assert claim.witness["mean cost"] > claim.witness["least cost"]

    def test_an_equilibrium_that_calls_itself_an_optimum(self):
        network = Network([("A", "B", affine(0, 1)), ("A", "B", 1.0)], {("A", "B"): 1.0})
        found = user_equilibrium(network)
        assert check_assignment(network, dataclasses.replace(found, concept="system optimum")).verdict == "refuted"
