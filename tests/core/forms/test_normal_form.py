"""The table: its oracle against brute force, and bad input told plainly."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm, refuse_large
from ostrom.core.game import Fact, require_interaction

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), name="pd")


@st.composite
def games(draw):
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    seed = draw(st.integers(0, 2**32))
    return NormalForm(np.random.default_rng(seed).normal(size=(*sizes, len(sizes))))


@given(games(), st.integers(0, 2**32))
def test_the_oracle_is_the_average_over_joint_moves(game, seed):
    random = np.random.default_rng(seed)
    mixture = tuple(random.dirichlet(np.ones(size)) for size in game.sizes)
    for i, worth in enumerate(game.deviation_payoffs(mixture)):
        for own in range(game.sizes[i]):
            others = [range(size) if j != i else [own] for j, size in enumerate(game.sizes)]
            exact = sum(
                np.prod([mixture[j][a] for j, a in enumerate(profile) if j != i]) * game.payoffs[(*profile, i)]
                for profile in itertools.product(*others)
            )
            assert worth[own] == pytest.approx(exact)


@given(games(), st.integers(0, 2**32))
def test_a_batch_is_answered_like_each_alone(game, seed):
    random = np.random.default_rng(seed)
    many = tuple(random.dirichlet(np.ones(size), size=(2, 3)) for size in game.sizes)
    together = game.deviation_payoffs(many)
    alone = game.deviation_payoffs(tuple(x[1, 2] for x in many))
    assert all(np.allclose(t[1, 2], a) for t, a in zip(together, alone, strict=True))
    assert game.expected_payoffs(many).shape == (2, 3, len(game.players))


def test_regret_and_equilibrium():
    assert PD.regret(PD.pure((1, 1))) == 0
    assert PD.regrets(PD.pure((0, 0))).tolist() == [2, 2]
    assert PD.expected_payoffs(PD.uniform()).tolist() == [2.25, 2.25]


def test_labels_and_profiles():
    assert PD.labels((0, 1)) == ("C", "D")
    assert PD.profile(("C", "D")) == (0, 1)
    assert PD.profiles().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    with pytest.raises(UnknownName, match="C, D"):
        PD.profile(("C", "E"))
    with pytest.raises(InputError, match="1 moves for 2"):
        PD.profile(("C",))


def test_bystanders_are_principals_without_a_move():
    game = NormalForm(PD.payoffs, bystanders=("town",), bystander_payoffs=[[[1], [0]], [[0], [-1]]])
    assert game.principals == ("player 1", "player 2", "town")
    assert game.expected_utilities(game.uniform()).tolist() == [2.25, 2.25, 0]
    assert game.utilities_at(np.array([1, 1])).tolist() == [1, 1, -1]


def test_fractions_are_kept():
    game = NormalForm([[[Fraction(1, 3), 0], [1, 2]], [[0, 0], [0, 0]]])
    assert game.exact is not None
    assert game.exact[0, 0, 0] == Fraction(1, 3)
    assert game.payoffs[0, 0, 0] == 1 / 3


def test_from_a_function_or_a_simulator():
    game = NormalForm.from_function(lambda a, b: (a * b, a - b), [[1, 2, 3], [0, 5]], name="made")
    assert game.moves == (("1", "2", "3"), ("0", "5"))
    assert game.payoffs[2, 1].tolist() == [15, -2]
    with pytest.raises(InputError, match="needs 2 payoffs"):
        NormalForm.from_function(lambda a, b: (1, 2, 3), [[1, 2], [1, 2]])


def test_facts_are_read_at_joint_moves():
    game = NormalForm(PD.payoffs, facts=[Fact.of_own_move("harvest", "fish", (1, 4))])
    assert game.facts_at(np.array([[0, 1], [1, 1]]))["harvest"].tolist() == [[1, 4], [4, 4]]


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        ([[[1, 2], [3, 4]]] * 3 + [[[1, np.nan], [0, 0]]], "nan at index"),
        ([[[1, np.inf], [3, 4]], [[1, 2], [3, 4]]], "inf at index"),
        ([[1, 2], [3, 4]], "not a game's"),
        ([[[1, 2], [3]]], "rectangular"),
        ([[["a", 2], [3, 4]]], "not all numbers"),
        ([[[1j, 2], [3, 4]]], "complex"),
        ([[[10**400, 1], [3, 4]]], "not all numbers"),
        (5.0, "not a game's"),
        (np.zeros((2, 0, 2)), "not a game's"),
    ],
)
def test_numbers_that_are_none(payoffs, message):
    with pytest.raises(InputError, match=message):
        NormalForm(payoffs)


@pytest.mark.parametrize(
    "names",
    [
        {"players": ("a",)},
        {"players": ("a", "a")},
        {"moves": ("C",)},
        {"moves": ("C", "C")},
        {"moves": (("C", "D"), ("C",))},
        {"bystanders": ("town",)},
        {"bystanders": ("player 1",), "bystander_payoffs": np.zeros((2, 2, 1))},
    ],
)
def test_names_that_do_not_fit(names):
    with pytest.raises(InputError):
        NormalForm(PD.payoffs, **names)


def test_forty_players_are_no_table():
    with pytest.raises(TooLarge, match="1,099,511,627,776"):
        refuse_large([2] * 40, "forty")
    with pytest.raises(TooLarge, match="40 players"):
        NormalForm.from_function(lambda *moves: moves, [[0, 1]] * 40)


@pytest.mark.parametrize(
    ("game", "message"),
    [(NormalForm(np.zeros((3, 1))), "has 1 player"), (NormalForm(np.zeros((2, 1, 2))), "has 1 move")],
)
def test_nobody_to_be_misaligned_with(game, message):
    with pytest.raises(InputError, match=message):
        require_interaction(game)
