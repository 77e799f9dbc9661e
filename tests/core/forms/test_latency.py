import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.latency import Custom, Latencies, Power, affine, as_latency, bpr, constant, monomial

numbers = st.floats(0, 20, allow_subnormal=False)
powers = st.builds(Power, numbers, numbers, st.floats(1, 5), st.floats(0.5, 20))


def test_the_families_are_what_they_say():
    flow = np.array([0.0, 1.0, 3.0])
    assert np.allclose(bpr(6, 2, b=0.15, power=4).time(flow), 6 * (1 + 0.15 * (flow / 2) ** 4))
    assert np.allclose(affine(2, 3).time(flow), 2 + 3 * flow)
    assert np.allclose(monomial(2, 3).time(flow), 2 * flow**3)
    assert np.allclose(constant(7).time(flow), 7)
    assert np.allclose(bpr(6, 2, b=0.15, power=0).time(flow), 6 * 1.15)


@given(powers, st.floats(0.01, 30))
def test_closed_forms_agree_with_numerical_ones(latency, flow):
    computed = Custom(lambda x: float(latency.time(x)))
    assert computed.computed == ("integral", "derivative")
    size = float(latency.time(flow)) + 1
    assert math.isclose(computed.integral(flow), latency.integral(flow), rel_tol=1e-6, abs_tol=1e-9 * size)
    assert math.isclose(computed.derivative(flow), latency.derivative(flow), rel_tol=1e-3, abs_tol=1e-4 * size)
    assert math.isclose(
        computed.marginal().time(flow), latency.marginal().time(flow), rel_tol=1e-3, abs_tol=1e-4 * size
    )


@given(powers, st.floats(0.01, 30))
def test_the_marginal_cost_is_what_one_more_unit_costs_all(latency, flow):
    expected = latency.time(flow) + flow * latency.derivative(flow)
    assert math.isclose(latency.marginal().time(flow), expected, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(latency.marginal().integral(flow), flow * latency.time(flow), rel_tol=1e-9, abs_tol=1e-12)


def test_given_integral_and_derivative_are_used():
    latency = Custom(math.exp, lambda x: math.exp(x) - 1, math.exp)
    assert latency.computed == ()
    assert latency.integral(np.array(2.0)) == math.exp(2) - 1
    assert latency.derivative(np.array([[2.0]])) == np.array([[math.exp(2)]])


def test_many_at_once_are_each_alone():
    latencies = [affine(1, 2), bpr(3, 4), Custom(lambda x: math.log1p(x)), monomial(1, 2)]
    together, flows = Latencies(latencies), np.random.default_rng(0).uniform(0, 5, (2, 3, 4))
    for name in ("time", "derivative", "integral"):
        apart = np.stack([getattr(one, name)(flows[..., k]) for k, one in enumerate(latencies)], -1)
        assert np.allclose(getattr(together, name)(flows), apart, rtol=1e-12)


def test_a_power_below_one_is_infinitely_steep_when_empty():
    assert monomial(2, 0.5).derivative(np.array(0.0)) == np.inf
    assert Power(1.0, 0.0, 0.5).derivative(np.array(0.0)) == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: affine(-1, 1),
        lambda: affine(1, math.nan),
        lambda: bpr(1, 0),
        lambda: bpr(1, -5),
        lambda: monomial(1, 0),
        lambda: constant(math.inf),
        lambda: Power(1.0, capacity=0.0),
        lambda: as_latency("fast"),
    ],
)
def test_impossible_times_are_refused(make):
    with pytest.raises(InputError):
        make()
