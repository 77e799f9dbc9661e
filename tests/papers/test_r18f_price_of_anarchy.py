"""The worst price of anarchy of polynomial travel times (R18f): Pigou's network attains it, and nothing exceeds it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.forms.latency import Power
from ostrom.core.forms.network import Network
from ostrom.games import Pigou
from ostrom.solvers.assignment import price_of_anarchy, system_optimum, user_equilibrium

PUBLISHED = {1: 4 / 3, 2: 1.625752, 3: 1.895628, 4: 2.150502}


@pytest.mark.parametrize("degree", PUBLISHED)
def test_r18f_pigou_attains_the_bound(degree):
    network = Pigou(degree=degree)
    bound = 1 / (1 - degree * (degree + 1) ** (-(degree + 1) / degree))
    assert PUBLISHED[degree] == pytest.approx(bound, abs=1e-5)
    assert price_of_anarchy(network, gap=1e-12) == pytest.approx(PUBLISHED[degree], abs=1e-5)


@pytest.mark.parametrize("degree", PUBLISHED)
def test_pigou_optimal_flow_and_toll(degree):
    """Games with known answers, 9: optimal flow (p + 1)^(−1/p), and the toll p/(p + 1) restores it."""
    network = Pigou(degree=degree)
    best = system_optimum(network, gap=1e-13)
    assert best.flows[0] == pytest.approx((degree + 1) ** (-1 / degree), abs=1e-6)
    led = user_equilibrium(network.tolled([degree / (degree + 1), 0]), gap=1e-13)
    assert led.flows == pytest.approx(best.flows, abs=1e-5)


@settings(max_examples=30)
@given(
    st.sampled_from([1, 2, 3, 4]),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=5),
    st.sampled_from([0.5, 1.0, 3.0]),
)
def test_no_polynomial_network_is_worse(degree, roads, demand):
    links = [("A", "B" if k % 2 else "C", Power(float(a), float(b), float(degree))) for k, (a, b) in enumerate(roads)]
    network = Network([*links, ("C", "B", 0.0), ("B", "C", 0.0)], {("A", "B"): demand, ("A", "C"): demand})
    assert price_of_anarchy(network) <= PUBLISHED[degree] + 1e-5
