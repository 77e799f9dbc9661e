"""Games of players who are alike: the same as their tables where there is one, and exact where there is none."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact

MOVES = "abcdefgh"


@st.composite
def small_games(draw):
    """Random payoffs on every state, by counts or by totals, with a bystander."""
    players, size = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    amounts = draw(st.none() | st.lists(st.integers(0, 7), min_size=size, max_size=size))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return Symmetric(
        lambda own, others: rng.normal(size=len(others)),
        players=players,
        moves=tuple(MOVES[:size]),
        amounts=amounts,
        bystanders=("public",),
        bystander_payoffs=lambda totals: rng.normal(size=(len(totals), 1)),
    )


def _mixture(game, seed, batch=()):
    rng = np.random.default_rng(seed)
    return tuple(rng.dirichlet(np.ones(size), size=batch) for size in game.sizes)


@given(game=small_games(), seed=st.integers(0, 10**6))
def test_deviation_payoffs_are_those_of_the_table(game, seed):
    mixture = _mixture(game, seed)
    for ours, table in zip(game.deviation_payoffs(mixture), game.dense().deviation_payoffs(mixture), strict=True):
        assert np.abs(ours - table).max() <= 1e-12
    assert np.allclose(game.expected_payoffs(mixture), game.dense().expected_payoffs(mixture), atol=1e-12, rtol=0)
    expected = game.dense().expected_bystander_payoffs(mixture)
    assert np.allclose(game.expected_bystander_payoffs(mixture), expected, atol=1e-12, rtol=0)


@given(game=small_games(), seed=st.integers(0, 10**6))
def test_a_batch_is_its_mixtures_one_by_one(game, seed):
    mixture = _mixture(game, seed, batch=(2, 3))
    together, bystanders = game.deviation_payoffs(mixture), game.expected_bystander_payoffs(mixture)
    assert bystanders.shape == (2, 3, 1)
    for place in np.ndindex(2, 3):
        alone = tuple(x[place] for x in mixture)
        for whole, part in zip(together, game.deviation_payoffs(alone), strict=True):
            assert np.allclose(whole[place], part, atol=1e-13, rtol=0)
        assert np.allclose(bystanders[place], game.expected_bystander_payoffs(alone), atol=1e-13, rtol=0)


@given(game=small_games())
def test_representatives_have_the_state_they_stand_for(game):
    rows = game.representatives
    size, states = game.payoffs.shape
    assert rows.shape == (size, states, len(game.players))
    assert (rows[..., 0] == np.arange(size)[:, None]).all()
    assert (game.others_at(rows)[..., 0] == np.arange(states)).all()
    assert np.array_equal(game.payoffs_at(rows)[..., 0], game.payoffs)


@given(game=small_games(), seed=st.integers(0, 10**6))
def test_swapping_seats_swaps_payoffs(game, seed):
    rng = np.random.default_rng(seed)
    profile = np.array([rng.integers(size) for size in game.sizes])
    order = rng.permutation(len(game.players))
    assert np.array_equal(game.payoffs_at(profile[order]), game.payoffs_at(profile)[order])
    assert np.array_equal(game.bystander_payoffs_at(profile[order]), game.bystander_payoffs_at(profile))


def test_pure_play_pays_what_the_joint_move_pays():
    game = Symmetric(lambda own, others: own * 10 + others @ (1, 2, 3), players=4, moves=("a", "b", "c"))
    profile = (0, 2, 2, 1)
    assert game.expected_payoffs(game.pure(profile)).tolist() == game.payoffs_at(np.array(profile)).tolist()
    assert game.payoffs_at(np.array(profile)).tolist() == [0 + 8, 20 + 6, 20 + 6, 10 + 7]


def test_states_are_in_the_documented_order():
    counts = Symmetric(lambda own, others: 0.0, players=4, moves=("a", "b"))
    assert counts.others.tolist() == [[3, 0], [2, 1], [1, 2], [0, 3]]
    assert counts.totals.tolist() == [[4, 0], [3, 1], [2, 2], [1, 3], [0, 4]]
    totals = Symmetric(lambda own, others: 0.0, players=3, moves=("a", "b"), amounts=(5, 2))
    assert totals.others.tolist() == [4, 7, 10]
    assert totals.totals.tolist() == [6, 9, 12, 15]


@given(players=st.integers(1, 6), size=st.integers(1, 4))
def test_every_state_is_listed_once(players, size):
    game = Symmetric(lambda own, others: 0.0, players=players, moves=tuple(MOVES[:size]))
    seen = {tuple(row.count(move) for move in range(size)) for row in product(range(size), repeat=players - 1)}
    assert {tuple(state) for state in game.others.tolist()} == seen
    assert len(game.others) == math.comb(players - 1 + size - 1, size - 1)


def _poisson_binomial(odds):
    """The exact distribution of how many of independent events happen, in rationals."""
    distribution = [Fraction(1)]
    for p in odds:
        stay = [q * (1 - p) for q in distribution] + [Fraction(0)]
        move = [Fraction(0)] + [q * p for q in distribution]
        distribution = [a + b for a, b in zip(stay, move, strict=True)]
    return distribution


def test_a_hundred_players_who_all_mix_differently():
    """Against rational arithmetic: what 99 others with 99 different odds do, for three of the seats left out."""
    rng = np.random.default_rng(7)
    odds = [Fraction(int(k), 1000) for k in rng.integers(0, 1001, size=100)]
    worth = rng.normal(size=(2, 100))
    game = Symmetric(worth, players=100, moves=("a", "b"))
    answer = game.deviation_payoffs(tuple(np.array([float(1 - p), float(p)]) for p in odds))
    for seat in (0, 41, 99):
        exact = _poisson_binomial(odds[:seat] + odds[seat + 1 :])
        for own in range(2):
            expected = sum(q * Fraction(float(value)) for q, value in zip(exact, worth[own], strict=True))
            assert abs(answer[seat][own] - float(expected)) < 1e-12


def test_payoffs_that_are_linear_in_the_total_need_only_means():
    rng = np.random.default_rng(3)
    game = Symmetric(lambda own, others: 2.0 * others - own, players=60, moves=tuple("abcde"), amounts=(0, 1, 2, 5, 9))
    mixture = _mixture(game, 4)
    means = np.array([x @ (0, 1, 2, 5, 9) for x in mixture])
    for seat in rng.choice(60, size=5, replace=False):
        expected = 2.0 * (means.sum() - means[seat]) - np.arange(5)
        assert np.allclose(game.deviation_payoffs(mixture)[seat], expected, atol=1e-10, rtol=0)


def test_more_moves_than_64_bits_of_counts_can_hold():
    game = Symmetric(lambda own, others: own + others @ np.arange(60.0), players=3, moves=tuple(map(str, range(60))))
    assert len(game.others) == math.comb(61, 2)
    mixture = _mixture(game, 5)
    table = game.dense().deviation_payoffs(mixture)
    assert all(
        np.allclose(a, b, atol=1e-10, rtol=0) for a, b in zip(game.deviation_payoffs(mixture), table, strict=True)
    )


def test_a_batch_too_large_for_memory_is_worked_through_in_parts(monkeypatch):
    game = Symmetric(lambda own, others: own + 1.0 * others, players=20, moves=("a", "b"), amounts=(0, 1))
    mixture = _mixture(game, 6, batch=(30,))
    whole = game.deviation_payoffs(mixture)
    monkeypatch.setattr("ostrom.core.forms.symmetric.BATCH_LIMIT", 7 * 2 * 20 * 20)
    parts = game.deviation_payoffs(mixture)
    assert all(np.allclose(a, b, atol=1e-13, rtol=0) for a, b in zip(whole, parts, strict=True))


def test_exact_numbers_are_kept():
    game = Symmetric([[Fraction(1, 3), 0], [1, Fraction(1, 7)]], players=2, moves=("a", "b"))
    assert game.exact is not None
    assert game.exact[0, 0] == Fraction(1, 3)


def test_facts_and_names_go_through_to_the_table():
    fact = Fact.of_own_move("harvest", "tonnes", (0, 3))
    game = Symmetric(lambda own, others: 0.0, players=("Ann", "Bob"), moves=("x", "y"), facts=[fact])
    assert game.dense().players == ("Ann", "Bob")
    assert game.dense().facts_at(np.array([1, 0]))["harvest"].tolist() == [3, 0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"players": 10**6, "moves": ("a", "b")}, "1,000,000 players"),
        ({"players": 10**9, "moves": ("a", "b")}, "1,000,000,000 players"),
        ({"players": 100, "moves": tuple(MOVES)}, "8 moves"),
        ({"players": 2, "moves": tuple(map(str, range(10**4)))}, "10,000 moves"),
        ({"players": 10**6, "moves": ("a", "b"), "amounts": (0, 1)}, "states"),
    ],
)
def test_what_would_not_fit_is_refused_at_once(arguments, says):
    with pytest.raises(TooLarge, match=says):
        Symmetric(lambda own, others: 0.0, **arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"players": 0}, "0 players"),
        ({"players": ("Ann", "Bob", "Ann")}, "share a name"),
        ({"moves": ()}, "0 moves"),
        ({"moves": ("a", "a")}, "share a name"),
        ({"amounts": (0.5, 1)}, "whole number"),
        ({"amounts": (-1, 1)}, "not negative"),
        ({"amounts": (1, 2, 3)}, "describe 2 moves"),
        ({"payoffs": [[1, 2], [3, 4]]}, r"needs \(2, 3\)"),
        ({"payoffs": [[1, 2, 3], [3, 4, math.nan]]}, "nan"),
        ({"bystanders": ("public",), "bystander_payoffs": [[1]]}, r"needs \(4, 1\)"),
    ],
)
def test_what_does_not_fit_is_said(arguments, says):
    whole = {"payoffs": [[1, 2, 3], [4, 5, 6]], "players": 3, "moves": ("a", "b")} | arguments
    with pytest.raises(InputError, match=says):
        Symmetric(whole.pop("payoffs"), **whole)
