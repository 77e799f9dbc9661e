import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.bayesian import Bayesian
from ostrom.solvers import pure_equilibria, vertex_enumeration


def drawn(seed, types=(2, 3), sizes=(2, 2), beliefs=False):
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(0, 9, (*types, *sizes, len(types))).astype(float)
    prior = rng.dirichlet(np.ones(np.prod(types))).reshape(types)
    believed = rng.dirichlet(np.ones(np.prod(types)), len(types)).reshape(len(types), *types) if beliefs else None
    return payoffs, prior, believed, Bayesian.of_types(payoffs, prior, beliefs=believed), rng


def by_type(game, behaviour):
    """Per player and type the odds of its moves."""
    found = [{} for _ in game.players]
    for infoset, odds in zip(game.infosets, behaviour, strict=True):
        found[infoset.player][int(infoset.label) - 1] = odds
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_it_pays_what_is_believed_and_truly_pays_what_is_true(seed, differ):
    payoffs, prior, believed, game, rng = drawn(seed, beliefs=differ)
    behaviour = tuple(rng.dirichlet(np.ones(len(infoset.moves))) for infoset in game.infosets)
    odds = by_type(game, behaviour)
    weights = [prior, prior] if believed is None else believed
    expected = np.zeros((2, 2))  # believed, true
    for types in itertools.product(range(2), range(3)):
        paid = np.einsum("i,j,ijp->p", odds[0][types[0]], odds[1][types[1]], payoffs[types])
        expected[0] += np.array([weights[0][types], weights[1][types]]) * paid
        expected[1] += prior[types] * paid
    assert game.value(behaviour) == pytest.approx(expected[0])
    assert game.true_value(behaviour) == pytest.approx(expected[1])
    assert game.expected_payoffs(game.mixture_of(behaviour)) == pytest.approx(expected[0])
    assert game.common_prior is not differ


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_pure_equilibria_are_those_that_interim_best_replies_allow(seed):
    """Bayes–Nash by its definition: at every type, with its own conditional odds, no other move is better."""
    payoffs, prior, _, game, _ = drawn(seed)
    found = {tuple(game.labels(profile)) for profile in pure_equilibria(game).profiles}
    wanted = set()
    for one in itertools.product(range(2), repeat=2):
        for two in itertools.product(range(2), repeat=3):
            fine = True
            for t, own in enumerate(one):
                worth = sum(prior[t, s] * payoffs[t, s, :, two[s], 0] for s in range(3))
                fine &= worth[own] >= worth.max() - 1e-9
            for s, own in enumerate(two):
                worth = sum(prior[t, s] * payoffs[t, s, one[t], :, 1] for t in range(2))
                fine &= worth[own] >= worth.max() - 1e-9
            if fine:
                label = [", ".join(f"{t + 1}: {a + 1}" for t, a in enumerate(plan)) for plan in (one, two)]
                wanted.add(tuple(label))
    assert found == wanted


def test_fractions_stay_exact():
    third = Fraction(1, 3)
    game = Bayesian(
        [[[[third, third]]], [[[Fraction(1), Fraction(0)]]]], [[[third]], [[2 * third]]], moves=(("stay",), ("stay",))
    )
    assert game.exact_paid is not None
    assert sum(game.exact_chance * game.exact_paid[:, 0]) == Fraction(7, 9)


def test_all_equilibria_of_a_game_with_a_secret_by_enumeration():
    """Matching pennies in which row alone may know that heads pay more: column cannot tell, and evens the odds."""
    pennies = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], float)
    loaded = pennies + np.array([2.0, 0])[:, None, None] * np.array([1.0, 0])
    game = Bayesian(np.stack([pennies, loaded]), [[[0.5], [0.0]], [[0.0], [0.5]]])
    found = vertex_enumeration(game)
    assert found.status == "complete"
    assert found.regret < 1e-12
    for point in found.points:
        plain, loaded_heads, column = (odds[0] for odds in _behaviour(game, point))
        assert (plain, loaded_heads) == pytest.approx((0, 1))  # so that column meets heads as often as tails
        assert 0 <= column <= 0.5  # heads must not be worth it for row where they pay nothing more


def _behaviour(game, mixture):
    return game.behaviour_of(tuple(x @ follows for x, follows in zip(mixture, game.follows, strict=True)))


def test_who_is_informed_can_do_no_worse_against_the_same_play():
    _, _, _, game, rng = drawn(3)
    told = game.informed("player 1")
    assert len(told.signals[0]) == 2 * len(game.states)
    assert told.signals[1] == game.signals[1]
    other = {infoset.label: rng.dirichlet(np.ones(2)) for infoset in game.infosets if infoset.player == 1}

    def best(version):
        plan = [other[i.label] if i.player == 1 else np.full(2, 0.5) for i in version.infosets]
        return version.value(tuple(plan))[0] + version.gains(tuple(plan))[0]

    assert best(told) >= best(game) - 1e-12


def test_types_that_never_meet_are_no_states():
    game = Bayesian.of_types(np.zeros((2, 2, 2, 2, 2)), np.diag([0.5, 0.5]))
    assert game.states == ("1, 1", "2, 2")


PAY = np.zeros((2, 2, 2, 2))
ODDS = np.full((2, 1, 1), 0.5)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Bayesian(PAY, ODDS[:1]),
        lambda: Bayesian(PAY, ODDS * 2),
        lambda: Bayesian(PAY, -ODDS + [[[1.5]], [[0.5]]]),
        lambda: Bayesian(PAY, [[[1.0]], [[0.0]]]),
        lambda: Bayesian(PAY[..., :1], ODDS),
        lambda: Bayesian(PAY * np.nan, ODDS),
        lambda: Bayesian(5.0, 1.0),
        lambda: Bayesian(PAY, ODDS, beliefs=[ODDS]),
        lambda: Bayesian(PAY, ODDS, beliefs=[ODDS, [[[1.0]], [[0.0]]]]),
        lambda: Bayesian(PAY, ODDS, signals=[["a", "b"], ["c"]]),
        lambda: Bayesian(PAY, ODDS).informed("nobody"),
        lambda: Bayesian.of_types(PAY, np.full((3, 3), 1 / 9)),
    ],
)
def test_what_is_no_bayesian_game_is_refused(made):
    with pytest.raises(InputError):
        made()


def test_too_many_combinations_are_refused_before_they_are_built():
    with pytest.raises(TooLarge, match="combinations"):
        Bayesian(np.zeros((50, 100, 100, 2)), np.full((50, 1, 1), 1 / 50))
