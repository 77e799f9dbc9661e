"""Tolls: least revenue and fewest links against other programs and brute force; where they lead; who pays."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.core.errors import InputError
from ostrom.core.forms.latency import Custom, affine, bpr
from ostrom.core.forms.network import DriverClass, Network
from ostrom.designers.tolls import burden, tolls
from ostrom.games import Braess, Pigou, Town
from ostrom.solvers._highs import Integer
from ostrom.solvers.assignment import check_assignment, marginal_tolls, system_optimum, user_equilibrium

RICH_AND_POOR = [DriverClass("rich", 0.25, 3.0), DriverClass("poor", 0.75, 0.5)]


@st.composite
def networks(draw, classes=True):
    """Up to four places, times that grow with traffic, and up to two demands, sometimes of two classes of drivers."""
    count = draw(st.integers(2, 4))
    names, number = "ABCD"[:count], st.integers(1, 5).map(float)
    ends = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])
    pairs = [(names[k], names[(k + 1) % count]) for k in range(count)] + draw(st.lists(ends, min_size=1, max_size=4))
    latency = st.one_of(st.builds(affine, st.integers(0, 5).map(float), number), st.builds(bpr, number, number))
    links = [(*pair, draw(latency)) for pair in pairs]
    demands = draw(st.dictionaries(ends, number, min_size=1, max_size=2))
    return Network(links, demands, classes=RICH_AND_POOR if classes and draw(st.booleans()) else None)


def least_revenue(network, best):
    """The least revenue by another program: tolls and least costs of whole routes, with strong duality as a row."""
    uses, owner = np.vstack(network.uses).astype(float), np.repeat(np.arange(len(network.pairs)), network.sizes)
    money = network.values[owner] * (uses @ best.times)
    crowd = np.eye(len(network.pairs))[owner]
    division = linprog(
        money, A_ub=uses.T, b_ub=best.flows * (1 + 1e-9), A_eq=crowd.T, b_eq=network.demand, method="highs"
    )
    rows = np.vstack([np.hstack([-uses, crowd]), np.r_[best.flows, -network.demand]])
    right = np.r_[money, -division.fun * (1 - 1e-8)]
    bounds = [(0, None)] * len(best.flows) + [(None, None)] * len(network.pairs)
    return linprog(np.r_[best.flows, np.zeros(len(network.pairs))], rows, right, bounds=bounds, method="highs").fun


@settings(max_examples=30)
@given(networks())
def test_the_least_revenue_is_that_of_another_program(network):
    plan, best = tolls(network), system_optimum(network, gap=1e-10)
    assert plan.status == "optimal"
    assert [claim.verdict for claim in plan.claims] == ["proved", "proved"]
    assert plan.after == pytest.approx(plan.best, rel=1e-5)
    worth = plan.best * float(network.values.max())
    assert plan.revenue == pytest.approx(least_revenue(network, best), abs=1e-4 * worth)
    assert plan.bound <= plan.revenue + 1e-4 * worth


def induced(network, best, chosen, highest):
    """Whether tolls on the chosen links alone, of at most `highest`, make the best flows an equilibrium."""
    uses, owner = np.vstack(network.uses).astype(float), np.repeat(np.arange(len(network.pairs)), network.sizes)
    crowd = np.eye(len(network.pairs))[owner]
    used = np.concatenate([np.zeros(size, bool) for size in network.sizes])
    starts = np.cumsum([0, *network.sizes])
    for pair, route, flow in zip(best.pair, best.route_links, best.route_flows, strict=True):
        used[starts[pair] + network.routes[pair].index(route)] |= flow > 1e-5 * network.demand[pair]
    time = uses @ best.times
    rows = np.vstack([np.hstack([-uses, crowd]), np.hstack([uses, -crowd])[used]])
    right = np.r_[time, 1e-6 * best.times.max() - time[used]]
    bounds = [(0, highest if k in chosen else 0) for k in range(len(best.flows))]
    found = linprog(np.zeros(rows.shape[1]), rows, right, bounds=bounds + [(None, None)] * len(network.pairs))
    return found.status == 0


@settings(max_examples=20)
@given(networks(classes=False))
def test_the_fewest_are_the_fewest_by_brute_force(network):
    plan, best = tolls(network, kind="fewest"), system_optimum(network, gap=1e-10)
    assert (plan.status, plan.bound) == ("optimal", plan.count)
    assert plan.claims[0].verdict == "proved"
    sets = (s for n in range(plan.count) for s in itertools.combinations(range(len(network.links)), n))
    assert not any(induced(network, best, s, plan.highest) for s in sets)


def test_braess_by_hand():
    """At the optimum nobody takes the short cut: a toll of a half on it does, and is never paid."""
    marginal, minimal, fewest = (tolls(Braess(), kind=kind) for kind in ("marginal", "minimal", "fewest"))
    assert (marginal.revenue, marginal.count) == (pytest.approx(0.5), 2)
    assert minimal.revenue == pytest.approx(0, abs=1e-6)
    assert (fewest.count, fewest.institution.charges[0][0]) == (1, "north>south")
    assert fewest.institution.charges[0][1] == pytest.approx(0.5, abs=1e-6)
    assert "nobody has to pay" in fewest.findings[0].sentence
    for plan in (marginal, minimal, fewest):
        assert (plan.before, plan.after) == (pytest.approx(2), pytest.approx(1.5))


def test_pigou_by_hand():
    plan = tolls(Pigou())
    assert plan.revenue == pytest.approx(0.25)
    assert plan.institution.charges == (("home>lane>town", pytest.approx(0.5)),)


def test_values_of_time_scale_the_tolls():
    doubled = Network(**Town().like(classes=[DriverClass("", 1.0, 2.0)]))
    one, two = (tolls(town, kind="marginal") for town in (Town(), doubled))
    assert np.allclose(2 * one.tolls, two.tolls)
    assert two.after == pytest.approx(one.after)
    assert np.allclose(
        marginal_tolls(doubled, system_optimum(doubled)), 2 * marginal_tolls(Town(), system_optimum(Town()))
    )


def test_the_town_of_rich_and_poor():
    town = Network(**Town().like(classes=RICH_AND_POOR))
    plan = tolls(town)
    assert plan.after == pytest.approx(Town.reference["optimal total time"], rel=1e-6)
    rich, poor = plan.effects.classes
    assert rich.before == pytest.approx(poor.before)
    assert rich.after < poor.after
    assert rich.paid > poor.paid
    assert rich.change > 0 > poor.change
    driven = user_equilibrium(plan.governed, gap=1e-8)
    assert check_assignment(plan.governed, driven).verdict == "proved"
    assert float(driven.paid(plan.governed.tolls) @ town.demand) == pytest.approx(plan.revenue, rel=1e-6)
    with pytest.raises(InputError, match="different toll to each class"):
        tolls(town, kind="marginal")


def test_the_burden_adds_up():
    town = Town()
    found = burden(town, town.tolled({"Market>Harbour": 3.0}))
    for groups in (found.crowds, found.origins, found.classes):
        assert sum(share.trips for share in groups) == pytest.approx(2000)
        assert sum(share.trips * share.paid for share in groups) == pytest.approx(found.revenue)
    assert [share.whose for share in found.origins] == ["Hillside", "Meadows"]
    assert found.refund == pytest.approx(found.revenue / 2000)
    for share in found.crowds:
        assert share.change == pytest.approx(share.before - share.after - share.paid)
    assert set(found.losers_after_refund) <= set(found.losers)
    assert not burden(town, town).losers
    with pytest.raises(InputError, match="same drivers"):
        burden(town, Braess())


def bend(x):
    """Slow to rise up to a quarter, steep beyond."""
    return 1 + 0.4 * x if x <= 0.25 else 1.1 + 40 * (x - 0.25)


def test_at_a_bend_marginal_costs_fail_and_are_refuted_and_least_tolls_do():
    steep = Custom(bend, derivative_function=lambda x: 0.4 if x <= 0.25 else 40.0)
    network = Network([("A", "B", steep), ("A", "B", 2.0)], {("A", "B"): 1.0})
    marginal, minimal = (tolls(network, kind=kind, seconds=1.0) for kind in ("marginal", "minimal"))
    assert {claim.verdict for claim in marginal.claims} == {"refuted"}
    assert all(claim.witness for claim in marginal.claims)
    assert marginal.after > minimal.after * 1.01
    assert {claim.verdict for claim in minimal.claims} == {"proved"}
    assert minimal.revenue == pytest.approx(0.25 * 0.9, rel=1e-3)


def test_where_nobody_has_to_leave_the_claims_differ():
    """At a toll of 1 both roads cost the same: the best flows are an equilibrium, and so are others."""
    step = Network([("A", "B", lambda x: max(1.0, 40 * x - 9)), ("A", "B", 2.0)], {("A", "B"): 1.0})
    first, second = tolls(step).claims
    assert first.verdict == "proved"
    assert second.verdict == ("proved" if abs(second.numbers["over"]) <= 1e-4 else "refuted")


def test_too_low_a_limit_is_refused():
    with pytest.raises(InputError, match=r"at most 0\.1"):
        tolls(Pigou(), highest=0.1)
    with pytest.raises(InputError, match="kinds are"):
        tolls(Pigou(), kind="fair")


def test_out_of_time_says_so(monkeypatch):
    monkeypatch.setattr("ostrom.designers._least_tolls.solve_milp", lambda *given, **named: Integer("timed out"))
    plan = tolls(Town(), kind="fewest")
    assert plan.status == "bound gap"
    assert plan.bound <= plan.count
    assert "not settled" in plan.findings[0].sentence
    assert plan.claims[0].verdict == "proved"
