"""Closing roads: best of all sets by brute force, honest when it stops early, and who gains."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.latency import affine, monomial
from ostrom.core.forms.network import Network
from ostrom.designers.closing import closing
from ostrom.games import Braess, Pigou, Town
from ostrom.solvers.assignment import user_equilibrium


@st.composite
def networks(draw):
    """Braess's five roads between four places with times at random, and sometimes one more."""
    number = st.integers(0, 6).map(float)
    latency = st.one_of(st.builds(affine, number, number), st.builds(monomial, number, st.just(3.0)))
    pairs = [("A", "B"), ("A", "C"), ("B", "D"), ("C", "D"), ("B", "C")]
    pairs += draw(st.lists(st.sampled_from([("A", "D"), ("C", "B")]), max_size=1))
    trips = draw(st.sampled_from([{("A", "D"): 1.0}, {("A", "D"): 1.0, ("B", "D"): 1.0}]))
    return Network([(*pair, draw(latency)) for pair in pairs], trips)


def totals(network, at_most):
    """Total time at equilibrium for every set of at most so many closed links that leaves all trips a way."""
    for size in range(at_most + 1):
        for links in itertools.combinations(network.link_names, size):
            try:
                left = network.without(*links)
            except InputError:
                continue
            yield links, user_equilibrium(left, gap=1e-9).total_time


@settings(max_examples=25)
@given(networks(), st.integers(1, 3))
def test_no_set_does_better(network, at_most):
    plan = closing(network, at_most=at_most)
    assert plan.status == "optimal"
    assert {claim.verdict for claim in plan.claims} == {"proved"}
    assert plan.after == pytest.approx(min(total for _, total in totals(network, at_most)), rel=3e-6, abs=1e-6)
    assert plan.bound <= plan.after + 1e-9
    assert len(plan.closed) <= at_most


def test_braess_and_the_classic_of_six():
    for network, before, after in (
        (Braess(), 2.0, 1.5),
        (Braess(**Braess.reference["the classic of six"]["parameters"]), 552, 498),
    ):
        plan = closing(network)
        assert plan.closed == ("north>south",)
        assert (plan.before, plan.after) == (pytest.approx(before), pytest.approx(after))
        assert plan.governed.closed == ("north>south",)
        assert [rule.on for rule in plan.institutions] == ["link:north>south"]
        assert plan.effects.revenue == 0
        assert not plan.effects.losers


def test_where_nothing_helps():
    plan = closing(Pigou())
    assert (plan.closed, plan.status, plan.institutions) == ((), "optimal", ())
    assert plan.governed.link_names == Pigou().link_names
    assert "No closing" in plan.findings[0].sentence


def test_the_towns_quay_is_best_closed_and_some_lose_by_it():
    plan = closing(Town())
    assert plan.closed == ("Old Bridge>Market",)
    assert plan.after == pytest.approx(Town.reference["total time without the quay"], rel=1e-6)
    assert {share.whose.split(" to ")[1] for share in plan.effects.losers} == {"Hospital"}


def test_stopping_early_says_so():
    plan = closing(Town(), tries=3)
    assert (plan.status, plan.tries) == ("bound gap", 3)
    assert plan.bound <= Town.reference["total time without the quay"] < plan.before
    assert plan.claims[1].verdict == "unknown"
    assert "Not all sets were tried" in plan.findings[0].sentence


def test_limits_that_leave_nothing():
    for limits in ({"at_most": 0}, {"tries": 0}, {"seconds": 0.0}):
        with pytest.raises(InputError, match="nothing to try"):
            closing(Pigou(), **limits)
