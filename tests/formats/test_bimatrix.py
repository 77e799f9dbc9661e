"""Bimatrices as people write them on paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.formats.bimatrix import read_bimatrix, write_bimatrix

DILEMMA = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]


@given(seed=st.integers(0, 10**6))
def test_written_and_read_it_is_the_same_game(awkward_game, same, seed):
    game = awkward_game(seed, players=2)
    game.players = ("row", "column")
    assert same(game, read_bimatrix(write_bimatrix(game), name=game.name))


@pytest.mark.parametrize(
    "text",
    [
        "3,3 | 0,5\n5,0 | 1,1",
        "3 3 | 0 5\n\n5 0 | 1 1\n",
        " | C | D\nC | 3,3 | 0,5\nD | 5,0 | 1,1\n",
        "C | D\n3,3 | 0,5\n5,0 | 1,1\n",
        "| | C | D |\n|---|:-:|---|\n| C | 3, 3 | 0, 5 |\n| D | 5, 0 | 1, 1 |\n",
        "# said twice\nC | 3,3 | 0,5\nD | 5,0 | 1,1\n",
    ],
)
def test_the_same_dilemma_however_it_is_laid_out(text):
    game = read_bimatrix(text)
    assert game.payoffs.tolist() == DILEMMA
    assert game.moves[0] in (("C", "D"), ("1", "2"))
    assert game.moves[1] in (("C", "D"), ("1", "2"))


def test_named_moves_are_kept():
    game = read_bimatrix(" | left | right\nup | 1,2 | 3,4")
    assert game.moves == (("up",), ("left", "right"))


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", "b:", "no payoffs"),
        ("C | D\n", "b:", "shape"),
        ("3,3 | 0,5\n5,0", "b, line 2:", "1 cells; the line above has 2"),
        ("3,3 | 0,5\n5,0 | 1", "b, line 2:", "'1' is not a pair"),
        ("3,3 | 0,5\n5,0 | 1,nan", "b, line 2:", "not finite"),
        ("3,3 | 0,5\n5,0 | 1,2,3", "b, line 2:", "not a pair"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, place, says):
    with pytest.raises(InputError) as caught:
        read_bimatrix(text, "b")
    assert caught.value.what.startswith(place)
    assert says in caught.value.what


def test_three_players_do_not_fit(awkward_game):
    with pytest.raises(InputError, match="3 players"):
        write_bimatrix(awkward_game(1, players=3))
