"""Characteristic functions: tables, functions, names, exactness, refusals."""

from fractions import Fraction

import numpy as np
import pytest

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.coalitional import Coalitional


def test_a_function_and_its_table_are_the_same_game():
    table = [0, 1, 2, 4, 3, 5, 6, 9]
    by_function = Coalitional(lambda group: table[sum(1 << i for i in group)], players=("a", "b", "c"))
    by_table = Coalitional(table, players=("a", "b", "c"))
    assert by_function.worth.tolist() == by_table.worth.tolist() == table
    assert by_table.worth_of("c", "a") == by_function.worth_of("a", "c") == 5
    assert by_table.members(by_table.mask("c", "b")) == ("b", "c")
    assert by_table.value([]) == by_function.value([]) == 0


def test_a_function_of_many_players_needs_no_table():
    game = Coalitional(lambda group: len(group) ** 2, players=100)
    assert game.value(range(100)) == 10_000
    with pytest.raises(TooLarge, match="100 players"):
        _ = game.worth


@pytest.mark.parametrize(
    ("worth", "whole"),
    [
        ([0, 2, 3, 7], ([0, 2, 3, 7], 1)),
        ([0, Fraction(1, 3), Fraction(1, 2), 1], ([0, 2, 3, 6], 6)),
        ([0, 0.1, 1 / 3, 0.1 + 0.2], ([0, 3, 10, 9], 30)),
        ([0, 2**70, 1, 2**71], ([0, 2**70, 1, 2**71], 1)),
    ],
)
def test_worths_are_whole_numbers_over_one_denominator(worth, whole):
    game = Coalitional(worth)
    numbers, denominator = game.whole
    assert (numbers.tolist(), denominator) == whole
    assert game.rational(3) == Fraction(whole[0][3], whole[1])


@pytest.mark.parametrize(
    ("worth", "players", "said"),
    [
        ([0, 1, 2], None, "shape"),
        ([0, 1, 2, 3], 3, "3 players"),
        ([1, 1, 2, 3], None, "empty coalition"),
        ([0, 1, np.nan, 3], None, "nan"),
        ([0, 1, 2, 3], ("a", "a"), "share a name"),
        (len, None, "unknown number"),
        (len, 0, "0 players"),
    ],
)
def test_what_is_no_game_is_refused(worth, players, said):
    with pytest.raises(InputError, match=said):
        Coalitional(worth, players)


def test_an_unknown_player_is_named():
    with pytest.raises(UnknownName, match="player"):
        Coalitional([0, 1, 2, 4]).worth_of("player 3")


@pytest.mark.parametrize("players", [3, np.int64(3), ("x", "y", "z")])
def test_players_are_counted_or_named(players):
    assert Coalitional(len, players).count == 3
