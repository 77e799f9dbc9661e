"""Dominance, against its dual: a move is undominated when some belief makes it best (Pearce 1984)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import correlated, dominance, iterated_elimination, pure_equilibria, vertex_enumeration

TABLES = st.sampled_from([(3, 3), (4, 2), (3, 2, 2), (4, 4)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(0, 4))
)


def own_first(table, i):
    return np.moveaxis(table[..., i], i, 0).reshape(table.shape[i], -1)


def some_belief_makes_it_best(own, move, full_support):
    """Whether there is a belief over the others' joint moves (giving each some weight, if asked) with `move` best."""
    count = own.shape[1]
    goal = np.append(np.zeros(count), -1.0)  # the largest smallest weight
    rows = np.column_stack([own - own[move], np.zeros(len(own))])
    weights = np.column_stack([-np.eye(count), np.ones(count)])
    answer = linprog(
        goal,
        np.concatenate([rows, weights]),
        np.zeros(len(rows) + count),
        np.append(np.ones(count), 0.0)[None],
        [1.0],
        bounds=[(0, 1)] * (count + 1),
    )
    return answer.status == 0 and (not full_support or -answer.fun > 1e-9)


@settings(max_examples=40)
@given(TABLES)
def test_dominated_means_no_belief_makes_it_best(table):
    found = {(d.player, d.move): d.strict for d in dominance(NormalForm(table)).dominated}
    for i in range(table.ndim - 1):
        own = own_first(table, i)
        for move in range(len(own)):
            assert ((i, move) in found) == (not some_belief_makes_it_best(own, move, full_support=True))
            assert found.get((i, move), False) == (not some_belief_makes_it_best(own, move, full_support=False))


@settings(max_examples=40)
@given(TABLES)
def test_witnesses_hold_on_the_table(table):
    for d in dominance(NormalForm(table)).dominated:
        lead = d.by @ own_first(table, d.player) - own_first(table, d.player)[d.move]
        assert d.by.sum() == pytest.approx(1)
        assert d.by.min() >= 0
        assert d.by[d.move] == 0
        assert lead.max() > 0
        if d.strict:
            assert lead.min() == pytest.approx(d.margin)
            assert d.margin > 0
        else:
            assert lead.min() >= -1e-8


@settings(max_examples=40)
@given(TABLES)
def test_dominant_moves_beat_all_others(table):
    answer = dominance(NormalForm(table))
    for i in range(table.ndim - 1):
        own = own_first(table, i)
        lead = [[own[a] - own[b] for b in range(len(own)) if b != a] for a in range(len(own))]
        strict = [a for a, rows in enumerate(lead) if all(row.min() > 0 for row in rows)]
        weak = [a for a, rows in enumerate(lead) if all(row.min() >= 0 and row.max() > 0 for row in rows)]
        assert answer.strictly_dominant[i] == (strict[0] if strict else None)
        assert answer.weakly_dominant[i] == (weak[0] if weak else None)


@settings(max_examples=30)
@given(TABLES)
def test_every_equilibrium_survives_elimination_of_strictly_dominated_moves(table):
    game = NormalForm(table)
    surviving = iterated_elimination(game).surviving
    for profile in pure_equilibria(game).profiles:
        assert all(move in own for move, own in zip(profile, surviving, strict=True))
    reduced = NormalForm(table[np.ix_(*surviving, range(table.ndim - 1))])
    assert len(pure_equilibria(reduced)) == len(pure_equilibria(game))
    assert correlated(reduced).value == pytest.approx(correlated(game).value, abs=1e-6)
    if table.ndim == 3:
        assert len(vertex_enumeration(reduced)) == len(vertex_enumeration(game))


def test_the_prisoners_dilemma_is_solved_by_dominance():
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    answer = dominance(game)
    assert answer.strictly_dominant == answer.weakly_dominant == (1, 1)
    assert [(d.player, d.move, d.strict, d.pure, d.margin) for d in answer.dominated] == [
        (0, 0, True, True, 1.0),
        (1, 0, True, True, 1.0),
    ]
    elimination = iterated_elimination(game)
    assert (len(elimination.rounds), elimination.surviving) == (1, ((1,), (1,)))


def test_a_move_that_only_a_mixture_dominates():
    row = np.array([[3, 0], [0, 3], [1, 1]])
    (only,) = dominance(NormalForm(np.stack([row, np.zeros((3, 2))], axis=-1))).dominated
    assert (only.player, only.move, only.strict, only.pure) == (0, 2, True, False)
    assert only.by == pytest.approx([0.5, 0.5, 0])
    assert only.margin == pytest.approx(0.5)


def test_a_move_that_a_mixture_dominates_only_weakly():
    row = np.array([[2, 0, 1], [0, 2, 1], [1, 1, 0]])
    (only,) = dominance(NormalForm(np.stack([row, np.zeros((3, 3))], axis=-1))).dominated
    assert (only.move, only.strict, only.margin) == (2, False, 0.0)
    assert only.by == pytest.approx([0.5, 0.5, 0])


def test_elimination_goes_round_by_round():
    """A Bernheim-like chain: each removal is what makes the next one possible."""
    row = np.array([[3, 1, 2], [2, 2, 1], [1, 0, 0]])
    column = np.array([[2, 1, 0], [0, 1, 0], [0, 2, 3]])
    elimination = iterated_elimination(NormalForm(np.stack([row, column], axis=-1)))
    assert [[(d.player, d.move) for d in found] for found in elimination.rounds] == [[(0, 2)], [(1, 2)]]
    assert elimination.surviving == ((0, 1), (0, 1))


def test_weak_elimination_unravels_the_travellers_dilemma():
    claims = np.arange(2, 31)
    mine, yours = claims[:, None], claims[None, :]
    row = np.where(mine == yours, mine, np.minimum(mine, yours) + 2 * np.sign(yours - mine))
    game = NormalForm(np.stack([row, row.T], axis=-1))
    assert iterated_elimination(game, weak=True).surviving == ((0,), (0,))
    assert len(dominance(game).dominated) == 2


def test_equal_moves_do_not_dominate_each_other():
    answer = dominance(NormalForm(np.ones((3, 3, 2))))
    assert (answer.dominated, answer.weakly_dominant) == ((), (None, None))
