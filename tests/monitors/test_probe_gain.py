"""Probes: known slopes found again, intervals that cover, ill-conditioned rounds, and what is refused."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.reactions import Reactions
from ostrom.games import BookPrices
from ostrom.monitors import probe_gain

RESTING = np.array([[0.5, 0.3], [0.2, 0.5]])
EDGE = np.array([[0.6, 0.4], [0.4, 0.6]])
RELUCTANT = np.array([[0.9, 12.0], [0.0, 0.8]])


def noisy(answers, seed, size=0.02):
    rng = np.random.default_rng([seed, 1])
    return lambda x: answers @ x + size * rng.standard_normal(len(answers))


def test_the_fly_book_runs_away_and_the_loop_is_named():
    found = probe_gain(BookPrices())
    assert found.effect == pytest.approx(0.9983 * 1.270589, abs=1e-9)
    assert found.p <= 5e-4
    assert found.basis == "randomised"
    assert set(found.who) == {"profnath", "bordeebook"}
    assert found.numbers["slopes"] == [pytest.approx([0, 0.9983]), pytest.approx([1.270589, 0])]
    assert "It comes to rest if" in found.sentence


def test_a_calm_loop_does_not():
    found = probe_gain(BookPrices(markup=1.0))
    assert found.effect < 1
    assert found.p == 1.0


@pytest.mark.parametrize("order", ["in turn", "at once"])
def test_reactions_have_the_gain_that_their_jacobian_has(order):
    bent = Reactions([lambda x: np.tanh(x[1]) + 0.3, lambda x: 0.8 * x[0] + 0.1 * x[1] ** 2], [0.1, 0.1], order=order)
    found = probe_gain(bent, delta=1e-4)
    assert found.effect == pytest.approx(bent.gain(), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_slopes_are_those_of_least_squares(seed):
    rng = np.random.default_rng(seed)
    answers = rng.normal(size=(4, 4))
    found = probe_gain(noisy(answers, seed, 1e-3), np.zeros(4), delta=[0.1, 0.2, 0.3, 0.4], seed=seed, probes=200)
    low, high = np.array(found.numbers["low"]), np.array(found.numbers["high"])
    assert np.array(found.numbers["slopes"]) == pytest.approx(answers, abs=0.01)
    assert ((low <= answers) & (answers <= high)).sum() >= 12


@pytest.mark.parametrize("answers", [RESTING, EDGE, RELUCTANT])
def test_intervals_cover(answers):
    wanted = np.abs(np.linalg.eigvals(answers)).max()
    found = [probe_gain(noisy(answers, seed), np.zeros(2), delta=0.1, seed=seed) for seed in range(20)]
    assert sum(one.interval[0] <= wanted <= one.interval[1] for one in found) >= 16  # fewer has odds of 2e-3
    assert sum(one.p <= 0.05 for one in found) <= 4  # more has odds of 2e-3, at the edge


def test_a_gain_above_one_is_found_with_noise():
    found = probe_gain(noisy(EDGE * 1.3, 0), np.zeros(2), delta=0.1)
    assert found.p <= 1e-3
    assert found.interval[0] > 1


def test_what_grows_before_it_dies_is_told():
    found = probe_gain(noisy(RELUCTANT, 0, 1e-6), [1.0, 1.0], delta=0.1)
    assert found.effect == pytest.approx(0.9, abs=1e-3)
    assert found.numbers["largest growth of a disturbance"] == pytest.approx(32.3, abs=0.1)


def test_bends_of_even_order_fall_out():
    found = probe_gain(lambda x: 0.5 * x + 40 * (x - 1) ** 2, [1.0], delta=0.2)
    assert found.effect == pytest.approx(0.5)


def test_the_same_seed_gives_the_same_reading():
    assert probe_gain(noisy(RESTING, 1), [1, 1], seed=2) == probe_gain(noisy(RESTING, 1), [1, 1], seed=2)


@pytest.mark.parametrize(
    ("ask", "how"),
    [
        (lambda x: x, {"at": [np.nan]}),
        (lambda x: x, {"at": "here"}),
        (lambda x: x, {"at": []}),
        (lambda x: x[:1], {"at": [1.0, 2.0]}),
        (lambda x: x * np.inf, {"at": [1.0]}),
        (lambda x: x, {"at": [1.0], "delta": 0}),
        (lambda x: x, {"at": [1.0], "delta": [1, 2, 3]}),
        (lambda x: x, {"at": [1.0], "delta": "small"}),
        (lambda x: x, {"at": [1.0], "probes": 2}),
        (lambda x: x, {"at": [1.0], "players": "ab"}),
        (lambda x: x, {"at": [1.0], "turn": [0, 1]}),
    ],
)
def test_what_cannot_be_probed_is_refused(ask, how):
    with pytest.raises(InputError):
        probe_gain(ask, **how)
