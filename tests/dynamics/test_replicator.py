"""Replicator dynamics: closed forms, conserved quantities, and where paths end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import one_population, replicator, replicator_field, replicator_limit

TABLES = st.sampled_from([(2, 2), (3, 2), (2, 3, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)
RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])


def symmetric(row):
    return NormalForm(np.stack([row, np.transpose(row)], axis=-1))


def starts(game, count, seed=0):
    rng = np.random.default_rng(seed)
    return tuple(rng.dirichlet(np.ones(size), size=count) for size in game.sizes)


@settings(max_examples=30)
@given(TABLES, st.integers(0, 99))
def test_the_field_is_share_times_lead_over_the_mean(table, seed):
    game = NormalForm(table)
    mixture = starts(game, 3, seed)
    payoffs = game.expected_payoffs(mixture)
    for i, velocity in enumerate(replicator_field(game, mixture)):
        lead = game.deviation_payoffs(mixture)[i] - payoffs[:, i, None]
        assert velocity == pytest.approx(mixture[i] * lead)
        assert velocity.sum(-1) == pytest.approx(0, abs=1e-12)


@settings(max_examples=30)
@given(TABLES, st.integers(0, 99))
def test_paths_follow_the_field(table, seed):
    game, step = NormalForm(table), 1e-4
    start = starts(game, 3, seed)
    later = replicator(game, start, [0.0, step, 2 * step])
    for x, path, velocity in zip(start, later, replicator_field(game, start), strict=True):
        assert path[0] == pytest.approx(x)
        assert (4 * path[1] - 3 * path[0] - path[2]) / (2 * step) == pytest.approx(velocity, abs=1e-4)


def test_a_dominant_move_spreads_like_the_logistic_curve():
    """With a payoff lead of c whatever others do, odds grow like exp(c t)."""
    game = NormalForm(np.stack([[[0, 0], [2, 2]], [[0, 3], [0, 3]]], axis=-1))
    times = np.linspace(0, 5, 11)
    first, second = replicator(game, (np.array([0.9, 0.1]), np.array([0.99, 0.01])), times)
    assert first[:, 1] / first[:, 0] == pytest.approx(np.exp(2 * times) / 9, rel=1e-7)
    assert second[:, 1] / second[:, 0] == pytest.approx(np.exp(3 * times) / 99, rel=1e-7)


def test_rock_paper_scissors_conserves_the_product_and_averages_to_a_third():
    times = np.linspace(0, 100, 2001)
    (path,) = replicator(one_population(symmetric(RPS)), (np.array([0.5, 0.3, 0.2]),), times)
    assert path.prod(-1) == pytest.approx(0.03, rel=1e-7)
    assert np.ptp(path[:, 0]) > 0.2
    assert path.mean(axis=0) == pytest.approx(np.full(3, 1 / 3), abs=0.01)


def test_zero_sum_play_conserves_distance_to_equilibrium():
    """In two populations the sum of relative entropies to the interior equilibrium stays (Hofbauer 1996)."""
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    paths = replicator(pennies, (np.array([0.8, 0.2]), np.array([0.4, 0.6])), np.linspace(0, 20, 101))
    entropy = sum(np.log(path).sum(-1) for path in paths)
    assert entropy == pytest.approx(entropy[0], rel=1e-6)


def test_thousands_of_starts_are_followed_as_if_each_were_alone():
    game = NormalForm(np.random.default_rng(1).random((3, 3, 2)))
    start = starts(game, 6)
    together = replicator(game, tuple(x.reshape(2, 3, -1) for x in start), [1.0, 4.0])
    for k in range(6):
        alone = replicator(game, tuple(x[k] for x in start), [1.0, 4.0])
        for x, y in zip(together, alone, strict=True):
            assert x[:, k // 3, k % 3] == pytest.approx(y, rel=1e-9)


def test_absent_moves_stay_absent():
    game = symmetric([[3, 0], [5, 1]])
    (first, second) = replicator(game, (np.array([1.0, 0.0]), np.array([0.5, 0.5])), [50.0])
    assert first.tolist() == [[1.0, 0.0]]
    assert second[0, 1] == pytest.approx(1)
    stuck = replicator_limit(game, (np.array([1.0, 0.0]), np.array([1.0, 0.0])), steps=50)
    assert not stuck.rest


@pytest.mark.parametrize(
    ("row", "start", "end"),
    [
        pytest.param([[3, 0], [5, 1]], [0.999, 0.001], [0, 1], id="prisoner's dilemma"),
        pytest.param([[4, 0], [3, 3]], [0.76, 0.24], [1, 0], id="stag hunt above 3/4"),
        pytest.param([[4, 0], [3, 3]], [0.74, 0.26], [0, 1], id="stag hunt below 3/4"),
        pytest.param([[6, 2], [7, 0]], [0.1, 0.9], [2 / 3, 1 / 3], id="chicken in one population"),
    ],
)
def test_one_population_comes_to_rest(row, start, end):
    limit = replicator_limit(one_population(symmetric(row)), (np.array(start),))
    assert limit.rest
    assert limit.last[0] == pytest.approx(end, abs=1e-4)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-5, 1e-7])
@pytest.mark.parametrize("win", [1.5, 2, 5])
def test_spirals_into_a_stable_mixture_rest_there(win, tolerance):
    """Winning more than one loses makes the even mixture attract all (Hofbauer and Sigmund 1998, section 7.7)."""
    game = one_population(symmetric(np.array([[0, -1, win], [win, 0, -1], [-1, win, 0]])))
    limit = replicator_limit(game, starts(game, 20), steps=1000, tolerance=tolerance)
    assert limit.rest.all()
    assert limit.last[0] == pytest.approx(np.full((20, 3), 1 / 3), abs=1e-5)


def test_cycles_never_rest():
    game = symmetric(RPS)
    limit = replicator_limit(game, starts(game, 5), steps=200)
    assert not limit.rest.any()
    assert limit.rest.shape == limit.time.shape == (5,)


@settings(max_examples=15)
@given(st.integers(0, 999), st.integers(-3, 3), st.sampled_from([0.001, 1000]))
def test_where_paths_end_does_not_depend_on_units(seed, constant, factor):
    table = np.random.default_rng(seed).random((2, 2, 2))
    game = NormalForm(table)
    limit = replicator_limit(game, starts(game, 4))
    other = replicator_limit(NormalForm(factor * (table + constant)), starts(game, 4))
    assert limit.rest.tolist() == other.rest.tolist()
    for k in np.flatnonzero(limit.rest):
        assert all(x[k] == pytest.approx(y[k], abs=1e-3) for x, y in zip(limit.last, other.last, strict=True))


@pytest.mark.parametrize(
    ("start", "times", "said"),
    [
        (([0.5, 0.5],), [1.0], r"\(2,\) probabilities does not fit"),
        (([0.5, 0.5], [0.5, 0.5, 0.0]), [1.0], r"\(2, 3\) probabilities"),
        (([0.5, 0.5], [0.5, 0.6]), [1.0], "sums up to 1.1"),
        (([1.5, -0.5], [0.5, 0.5]), [1.0], "probabilities from -0.5"),
        (([0.5, 0.5], [0.5, 0.5]), [1.0, 0.5], "not in order"),
    ],
)
def test_bad_input_is_refused(start, times, said):
    with pytest.raises(InputError, match=said):
        replicator(symmetric([[3, 0], [5, 1]]), start, times)


def test_stops_on_the_way_are_where_paths_that_end_there_end():
    """States between steps are read off a polynomial; paths that stop at the same times take steps of their own."""
    game = NormalForm(np.random.default_rng(2).integers(-5, 6, (3, 4, 2)))
    start, times = starts(game, 4), [0.0, 0.013, 0.4, 0.4, 1.7, 6.0]
    together = replicator(game, start, times)
    for k, time in enumerate(times):
        for x, y in zip(together, replicator(game, start, [time]), strict=True):
            assert x[k] == pytest.approx(y[0], rel=1e-6, abs=1e-12)
