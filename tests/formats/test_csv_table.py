"""CSV tables: one row per joint move, whatever the separator, and no gaps filled in."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.formats.csv_table import read_csv, write_csv

DILEMMA = "Ann,Bob,Ann payoff,Bob payoff\nC,C,3,3\nC,D,0,5\nD,C,5,0\nD,D,1,1\n"


@given(seed=st.integers(0, 10**6), bystanders=st.integers(0, 2))
def test_written_and_read_it_is_the_same_game(awkward_game, same, seed, bystanders):
    game = awkward_game(seed, bystanders=bystanders)
    assert same(game, read_csv(write_csv(game), name=game.name))


def test_a_table_as_people_write_it():
    game = read_csv("# the two of us\n" + DILEMMA)
    assert game.players == ("Ann", "Bob")
    assert game.moves == (("C", "D"), ("C", "D"))
    assert game.payoffs.tolist() == [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]


@pytest.mark.parametrize("mark", [";", "\t", ", "])
def test_separators_and_the_order_of_rows_do_not_matter(mark):
    lines = DILEMMA.splitlines()
    game = read_csv("\n".join([lines[0], *lines[:0:-1]]).replace(",", mark))
    assert game.payoffs[game.profile(("C", "D"))].tolist() == [0, 5]


def test_without_such_names_the_second_half_is_payoffs():
    game = read_csv("a_move,b_move,a_score,b_score\nL,l,1/3,2\nR,l,0.5,-1e2\n")
    assert game.players == ("a_move", "b_move")
    assert game.exact is not None
    assert game.exact[:, 0, 0].tolist() == [Fraction(1, 3), Fraction(1, 2)]


def test_further_payoffs_are_bystanders():
    game = read_csv("a,b,a_payoff,b_payoff,public payoff\nx,y,1,2,3\n")
    assert game.bystanders == ("public",)
    assert game.bystander_payoffs.tolist() == [[[3.0]]]


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", "t.csv:", "0 rows"),
        ("a,b,a payoff,b payoff\n", "t.csv:", "1 rows"),
        (DILEMMA + "C,C,3,3\n", "t.csv, line 6:", "a second time"),
        (DILEMMA.replace("D,C,5,0\n", ""), "t.csv:", "1 of 4 joint moves have no row, first D, C"),
        (DILEMMA.replace("5,0", "5"), "t.csv, line 4:", "3 cells under 4 columns"),
        (DILEMMA.replace("5,0", "5,x"), "t.csv, line 4:", "'x' is not a number"),
        (DILEMMA.replace("5,0", "5,"), "t.csv, line 4:", "'' is not a number"),
        (DILEMMA.replace("5,0", "inf,0"), "t.csv, line 4:", "not finite"),
        ("a,b,c\n1,2,3\n", "t.csv:", "3 columns are not"),
        ("a,b,a payoff,b payoff,strange\nx,y,1,2,3\n", "t.csv:", "'strange'"),
        ("a,a,b,c\nx,y,1,2\n", "t.csv, line 1:", "share a name"),
        (f"{'x' * 200_000},b\n1,2\n", "t.csv, line 1:", "not a table"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, place, says):
    with pytest.raises(InputError) as caught:
        read_csv(text, "t.csv")
    assert caught.value.what.startswith(place)
    assert says in caught.value.what


def test_a_name_that_would_change_on_the_way_is_refused():
    game = NormalForm(np.zeros((1, 1, 2)), moves=[[" padded"], ["x"]])
    with pytest.raises(InputError, match="padded"):
        write_csv(game)
