import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import fixed_point

from ostrom.core.errors import InputError
from ostrom.core.forms.reactions import Reactions


def cournot(firms, order):
    """Each firm's best reply to the others' quantities, with price 12 − Q and cost 2."""
    return Reactions(-(1 - np.eye(firms)) / 2, np.ones(firms), constants=np.full(firms, 5.0), order=order)


@pytest.mark.parametrize(("firms", "gain"), [(2, 0.5), (3, 1.0), (4, 1.5), (7, 3.0)])
def test_firms_that_reply_at_once_are_stable_up_to_two_theocharis_1960(firms, gain):
    loop = cournot(firms, "at once")
    assert loop.gain() == pytest.approx(gain, abs=1e-12)
    assert loop.rest() == pytest.approx(np.full(firms, 10 / (firms + 1)), abs=1e-9)


@pytest.mark.parametrize("firms", [2, 3, 4, 7])
def test_firms_that_reply_in_turn_always_come_to_rest(firms):
    """Gauss–Seidel on a positive definite matrix converges."""
    loop = cournot(firms, "in turn")
    assert loop.gain() < 1
    assert loop.path(300)[-1] == pytest.approx(np.full(firms, 10 / (firms + 1)), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.sampled_from(["in turn", "at once"]), st.integers(0, 10**6))
def test_functions_and_slopes_agree_and_the_gain_is_the_growth_of_a_disturbance(count, order, seed):
    rng = np.random.default_rng(seed)
    slopes, constants, start = rng.normal(size=(count, count)), rng.normal(size=count), rng.normal(size=count)
    exact = Reactions(slopes, start, constants=constants, order=order)
    functions = [lambda x, k=k: slopes[k] @ x + constants[k] for k in range(count)]
    asked = Reactions(functions, start, order=order)
    assert asked.after(start) == pytest.approx(exact.after(start))
    assert asked.jacobian(start) == pytest.approx(exact.jacobian(), abs=1e-7)
    step = rng.normal(size=count)
    moved = exact.after(start + step) - exact.after(start)
    assert moved == pytest.approx(exact.jacobian() @ step, abs=1e-9)
    powers = np.linalg.norm(np.linalg.matrix_power(exact.jacobian(), 200), 2) ** (1 / 200)
    assert exact.gain() == pytest.approx(powers, rel=0.1)


def test_the_rest_point_of_functions_is_scipys():
    loop = Reactions([lambda x: np.cos(x[1]), lambda x: np.sin(x[0])], [0.5, 0.5], order="at once")
    known = fixed_point(lambda x: np.array([np.cos(x[1]), np.sin(x[0])]), [0.5, 0.5])
    assert loop.rest() == pytest.approx(known, abs=1e-7)
    assert loop.gain() == pytest.approx(np.sqrt(np.sin(known[1]) * np.cos(known[0])), abs=1e-6)


def test_without_a_rest_point_there_is_none():
    assert Reactions([lambda x: x[0] + 1], [0.0]).rest() is None
    assert Reactions([lambda x: x[0] ** 2 + 1], [0.5]).rest() is None


def test_a_path_that_runs_away_stops_before_the_numbers_do():
    path = Reactions([[10.0]], [1.0]).path(1000)
    assert len(path) < 110
    assert np.isfinite(path).all()


@pytest.mark.parametrize(
    "made",
    [
        lambda: Reactions([[1.0]], [1.0, 2.0]),
        lambda: Reactions([[np.nan]], [1.0]),
        lambda: Reactions([[1.0]], [np.inf]),
        lambda: Reactions([[1.0]], []),
        lambda: Reactions([], []),
        lambda: Reactions([[1.0]], [1.0], order="sometimes"),
        lambda: Reactions([[1.0]], [1.0], constants=[1.0, 2.0]),
        lambda: Reactions([lambda x: np.nan], [1.0]),
        lambda: Reactions([lambda x: "much"], [1.0]),
        lambda: Reactions([lambda x: x, lambda x: 1.0], [1.0, 1.0]),
        lambda: Reactions("ab", [1.0, 1.0]),
    ],
)
def test_what_is_no_loop_is_refused(made):
    with pytest.raises(InputError):
        made()
