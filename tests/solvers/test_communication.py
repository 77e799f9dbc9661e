import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.bayesian import Bayesian
from ostrom.games import Chicken
from ostrom.solvers import pure_equilibria
from ostrom.solvers.bayes_correlated import bayes_correlated
from ostrom.solvers.communication import communication


def drawn(seed, beliefs=False):
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(0, 9, (2, 2, 2, 2, 2)).astype(float)
    prior = rng.dirichlet(np.ones(4)).reshape(2, 2)
    believed = rng.dirichlet(np.ones(4), 2).reshape(2, 2, 2) if beliefs else None
    return payoffs, prior if believed is None else believed, Bayesian.of_types(payoffs, prior, beliefs=believed)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_nobody_gains_by_any_lie_with_any_disobedience(seed, differ):
    """By brute force: every report and every way to reply to each word, at every type, in conditional terms."""
    payoffs, prior, game = drawn(seed, differ)
    found = communication(game)
    rule = found.rule
    for i in range(2):
        mine = prior[i] if differ else prior
        for heard, said in itertools.product(range(2), repeat=2):
            for replies in itertools.product(range(2), repeat=2):
                gain = 0.0
                for other in range(2):
                    types = (heard, other) if i == 0 else (other, heard)
                    told = (said, other) if i == 0 else (other, said)
                    for a in itertools.product(range(2), repeat=2):
                        done = (replies[a[0]], a[1]) if i == 0 else (a[0], replies[a[1]])
                        gain += mine[types] * rule[(*told, *a)] * payoffs[(*types, *done, i)]
                        gain -= mine[types] * rule[(*types, *a)] * payoffs[(*types, *a, i)]
                assert gain <= 1e-8


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_it_lies_between_equilibria_without_talk_and_a_sender_who_knows_all(seed):
    _, _, game = drawn(seed)
    found, low = communication(game), communication(game, worst=True)
    assert low.value <= found.value + 1e-9
    assert found.value <= bayes_correlated(game).value + 1e-7
    for point in pure_equilibria(game).points:
        assert low.value - 1e-7 <= game.expected_payoffs(point).mean() <= found.value + 1e-7


def test_without_anything_to_report_it_is_correlated_equilibrium():
    game = Bayesian(Chicken().payoffs[None], np.ones((1, 1, 1)))
    assert sum(communication(game).payoffs) == pytest.approx(21 / 2)
    assert sum(communication(game, worst=True).payoffs) == pytest.approx(36 / 5)


def test_friends_tell_each_other_all():
    """Common interests: what the two know together is used as if one person knew it."""
    rng = np.random.default_rng(0)
    common = rng.normal(size=(2, 2, 3, 3))
    game = Bayesian.of_types(np.stack([common, common], -1), np.full((2, 2), 0.25))
    assert communication(game).value == pytest.approx(common.reshape(4, 9).max(1).mean())


def test_enemies_tell_each_other_nothing():
    """Zero-sum: talk cannot change what the game is worth to anybody."""
    rng = np.random.default_rng(1)
    pay = rng.normal(size=(2, 2, 2, 2))
    game = Bayesian.of_types(np.stack([pay, -pay], -1), np.full((2, 2), 0.25), players=("a", "b"))
    best, worst = communication(game, "a"), communication(game, "a", worst=True)
    assert best.value == pytest.approx(worst.value, abs=1e-7)


def test_other_games_are_refused():
    with pytest.raises(InputError, match="no states"):
        communication(Chicken())
