import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.bayesian import Bayesian
from ostrom.games import Chicken
from ostrom.solvers.bayes_correlated import bayes_correlated
from ostrom.solvers.communication import communication


def receiver(payoffs, prior):
    """One player without any signal of its own."""
    return Bayesian(np.asarray(payoffs, float)[..., None], np.asarray(prior, float)[:, None])


def test_the_prosecutor_gets_a_conviction_in_six_of_ten_cases():
    """Kamenica and Gentzkow (2011): three of ten are guilty."""
    found = bayes_correlated(receiver([[1, 0], [0, 1]], [0.7, 0.3]), [[0, 1], [0, 1]])
    assert found.value == pytest.approx(0.6)
    assert found.violation < 1e-12
    assert found.rule[0, 0, 1] == pytest.approx(3 / 7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_with_one_receiver_and_two_states_it_is_the_concave_envelope(seed):
    """The envelope at the prior, by brute force over pairs of posteriors at which the receiver is torn."""
    rng = np.random.default_rng(seed)
    pay, goal, prior = (
        rng.integers(0, 9, (2, 3)).astype(float),
        rng.integers(0, 9, (2, 3)).astype(float),
        rng.uniform(0.1, 0.9),
    )
    places = {0.0, 1.0, prior}
    for a, b in itertools.combinations(range(3), 2):
        gap = pay[:, a] - pay[:, b]
        if gap[0] != gap[1] and 0 <= (cross := gap[0] / (gap[0] - gap[1])) <= 1:
            places.add(cross)

    def value(q):
        worth = (1 - q) * pay[0] + q * pay[1]
        return max((1 - q) * goal[0, a] + q * goal[1, a] for a in range(3) if worth[a] >= worth.max() - 1e-9)

    points = [(q, value(q)) for q in places]
    best = max(
        (v if q == r == prior else v + (w - v) * (prior - q) / (r - q))
        for (q, v), (r, w) in itertools.product(points, repeat=2)
        if q <= prior <= r and (q < r or q == prior)
    )
    assert bayes_correlated(receiver(pay, [1 - prior, prior]), goal).value == pytest.approx(best, abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_without_anything_to_know_it_is_the_correlated_equilibrium_of_scipy(seed, worst):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 9, (2, 3, 2)).astype(float)
    rows = []
    for i in range(2):
        own = np.moveaxis(table[..., i], i, 0)
        for told, done in itertools.permutations(range(len(own)), 2):
            gain = np.zeros_like(own)
            gain[told] = own[done] - own[told]
            rows.append(np.moveaxis(gain, 0, i).ravel())
    goal = table.mean(-1).ravel() * (1 if worst else -1)
    known = linprog(goal, A_ub=rows, b_ub=np.zeros(len(rows)), A_eq=[np.ones(6)], b_eq=[1])
    found = bayes_correlated(Bayesian(table[None], np.ones((1, 1, 1))), worst=worst)
    assert found.value == pytest.approx(abs(known.fun), abs=1e-7)


def test_aumanns_chicken():
    game = Bayesian(Chicken().payoffs[None], np.ones((1, 1, 1)))
    assert sum(bayes_correlated(game).payoffs) == pytest.approx(21 / 2)


def test_beliefs_count_for_obedience_and_truth_for_the_goal():
    """A receiver who is sure enough of the wrong state needs no persuasion; the goal counts as it comes true."""
    pay, goal = [[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]
    sure = Bayesian(np.array(pay)[..., None], [[0.7], [0.3]], beliefs=[[[0.2], [0.8]]])
    assert bayes_correlated(sure, goal).value == pytest.approx(1.0)


def test_a_player_can_be_the_goal():
    game = Bayesian(Chicken().payoffs[None], np.ones((1, 1, 1)), players=("a", "b"))
    found = bayes_correlated(game, "a")
    assert found.payoffs[0] == pytest.approx(found.value) == pytest.approx(7.0)


@pytest.mark.parametrize("goal", ["nobody", [[1.0]], [[0, np.nan], [0, 1]], [[10**400]], "abc"])
def test_a_goal_that_does_not_fit_is_refused(goal):
    with pytest.raises(InputError):
        bayes_correlated(receiver([[1, 0], [0, 1]], [0.7, 0.3]), goal)


def test_other_games_and_large_ones_are_refused():
    with pytest.raises(InputError, match="no states"):
        bayes_correlated(Chicken())
    with pytest.raises(TooLarge):
        bayes_correlated(Bayesian(np.zeros((20, 60, 60, 2)), np.full((20, 1, 1), 1 / 20)))


@pytest.mark.parametrize("size", [1e-90, 1e90])
def test_payoffs_of_any_size_will_do(size):
    game = receiver([[1, 0], [0, 1]], [0.7, 0.3])
    large = Bayesian(game.by_state * size, game.true_odds)
    for ask in (bayes_correlated, communication):
        assert ask(large).value / size == pytest.approx(ask(game).value)
