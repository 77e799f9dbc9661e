"""Pure equilibria of games of any number of players, against a loop over all joint moves."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Game
from ostrom.solvers import pure_equilibria

TABLES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=3).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-3, 3))
)


def found(table):
    solution = pure_equilibria(NormalForm(table))
    assert solution.status == "complete"
    return set(solution.profiles)


def by_hand(table):
    """Joint moves at which no single change of one move pays, by trying them all."""
    stable = set()
    for profile in itertools.product(*map(range, table.shape[:-1])):
        changes = [
            (i, (*profile[:i], move, *profile[i + 1 :])) for i in range(len(profile)) for move in range(table.shape[i])
        ]
        if all(table[other][i] <= table[profile][i] for i, other in changes):
            stable.add(profile)
    return stable


@given(TABLES)
def test_agrees_with_trying_every_change(table):
    assert found(table) == by_hand(table)


@pytest.mark.parametrize("shape", [(4, 4, 4), (2, 3, 5), (3, 3, 3, 3), (2, 2, 2, 2, 2)])
def test_larger_games_agree_too(shape):
    rng = np.random.default_rng(shape)
    for _ in range(20):
        table = rng.integers(0, 4, (*shape, len(shape)))
        assert found(table) == by_hand(table)


@settings(max_examples=50)
@given(TABLES, st.randoms(use_true_random=False))
def test_renaming_players_renames_the_answer(table, random):
    order = random.sample(range(table.ndim - 1), table.ndim - 1)
    renamed = np.transpose(table, (*order, table.ndim - 1))[..., order]
    assert found(renamed) == {tuple(profile[k] for k in order) for profile in found(table)}


@settings(max_examples=50)
@given(TABLES, st.integers(-9, 9), st.integers(1, 9))
def test_constants_and_units_change_nothing(table, constant, factor):
    changed = table.copy()
    changed[..., 0] = factor * changed[..., 0] + constant
    assert found(changed) == found(table)


def test_points_are_the_profiles_and_have_no_regret():
    game = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], name="stag hunt")
    solution = pure_equilibria(game)
    assert solution.profiles == ((0, 0), (1, 1))
    assert [tuple(int(x.argmax()) for x in point) for point in solution.points] == [(0, 0), (1, 1)]
    assert solution.regret == max(map(game.regret, solution.points)) == 0


def test_no_equilibrium_is_a_complete_answer():
    pennies = pure_equilibria(NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]))
    assert (len(pennies), pennies.status, pennies.regret) == (0, "complete", 0.0)


def test_fractions_are_compared_exactly_and_floats_up_to_rounding():
    hair = Fraction(1, 10**30)
    exact = np.array([[[1, 0], [1, 0]], [[1 + hair, 0], [1, 0]]], dtype=object)
    assert found(exact) == {(1, 0), (0, 1), (1, 1)}
    assert found(exact.astype(float)) == {(0, 0), (1, 0), (0, 1), (1, 1)}
    sums = [[[0.1 + 0.2, 0], [0, -1]], [[0.3, 0], [0, -1]]]
    assert found(np.array(sums)) == {(0, 0), (1, 0)}


def test_a_long_list_is_cut_and_says_so():
    flat = pure_equilibria(NormalForm(np.zeros((3, 3, 2))), limit=4)
    assert (len(flat), flat.status) == (4, "partial")
    assert flat.note == "9 pure equilibria exist; the first 4 are listed."


class ManyPlayers(Game):
    """Forty players with two moves; nobody could list what they do together."""

    players = tuple(f"player {k}" for k in range(40))
    moves = (("C", "D"),) * 40

    def payoffs_at(self, profiles):
        return np.asarray(profiles, float)

    def deviation_payoffs(self, mixture):
        return tuple(np.broadcast_to([0.0, 1.0], x.shape) for x in mixture)


def test_a_game_that_is_no_table_is_refused_with_the_count():
    with pytest.raises(TooLarge, match="1,099,511,627,776 joint moves"):
        pure_equilibria(ManyPlayers())
