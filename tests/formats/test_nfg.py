"""Gambit's strategic games: round trips, files that Gambit itself wrote, and files that are not quite right."""

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.formats.nfg import read_nfg, write_nfg

DATA = Path(__file__).parent / "data"
ASCII = ["C", "D", "7", "two words", 'qu"ote', "a,b", "{brace}", "x/y"]


@given(seed=st.integers(0, 10**6), outcomes=st.booleans())
def test_written_and_read_it_is_the_same_game(awkward_game, same, seed, outcomes):
    game = awkward_game(seed)
    assert same(game, read_nfg(write_nfg(game, outcomes=outcomes)))


@given(seed=st.integers(0, 10**6))
def test_floats_come_back_bit_by_bit(awkward_game, seed):
    game = awkward_game(seed, exact=False)
    assert np.array_equal(read_nfg(write_nfg(game)).payoffs, game.payoffs)


def test_a_dilemma_that_gambit_wrote():
    game = read_nfg((DATA / "dilemma.nfg").read_text())
    assert (game.name, game.players, game.moves) == ('dilemma "as told"', ("row", "column"), (("C", "D"), ("C", "D")))
    assert game.payoffs.tolist() == [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]


def test_thirds_that_gambit_wrote_are_exact():
    game = read_nfg((DATA / "thirds.nfg").read_text())
    assert game.sizes == (2, 3, 2)
    for a, b, c in np.ndindex(2, 3, 2):
        expected = [Fraction(a + 2 * b + 3 * c, 7), Fraction(a * b, 3) - c, Fraction(-c, 1 + a + b)]
        assert game.exact is not None
        assert game.exact[a, b, c].tolist() == expected


def test_players_with_unequal_numbers_of_moves_that_gambit_wrote():
    game = read_nfg((DATA / "ragged.nfg").read_text())
    assert game.payoffs.tolist() == [[[a * b, b - a] for b in (1, 2, 3, 4)] for a in (1, 2)]


def test_payoffs_run_with_the_first_player_fastest():
    game = read_nfg('NFG 1 R "t" { "a" "b" } { 2 3 } 1 2 3 4 5 6 7 8 9 10 11 12')
    assert game.payoffs[1, 0].tolist() == [3, 4]
    assert game.payoffs[0, 1].tolist() == [5, 6]


def test_numbers_of_every_form_are_exact():
    game = read_nfg('NFG 1 D "t" { "a" "b" }\n{ { "x" } { "y" "z" } } "a comment" 1/3 .5 -2.5e-3 +7')
    assert game.exact is not None
    assert game.exact.ravel().tolist() == [Fraction(1, 3), Fraction(1, 2), Fraction(-1, 400), 7]


def test_outcome_zero_pays_nothing_and_commas_are_optional():
    game = read_nfg('NFG 1 R "t" { "a" "b" } { 2 2 } { { "A" 1 2 } { "B" 3, 4 } } 1 2 0 1')
    assert game.payoffs[:, :, 0].tolist() == [[1, 0], [3, 1]]


def test_blank_and_repeated_names_are_told_apart():
    game = read_nfg('NFG 1 R "" { "" "p" } { { "" "" } { "x" "x" } } 1 2 3 4 5 6 7 8')
    assert game.players == ("1", "p")
    assert game.moves == (("1", "2"), ("x", "x (2)"))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "the file ends"),
        ("EFG 2 R", 1, "there is EFG"),
        ('NFG 1 R "t" { "a" "b" }\n{ 2 2 }\n1 2 3 4\n5 6 7', 4, "the file ends"),
        ('NFG 1 R "t" { "a" "b" }\n{ 2 2 }\n1 2 3 4\n5 6 7 8 9', 4, "more follows"),
        ('NFG 1 R "t" { "a" "b" }\n{ 2 2 }\n1 2 nan 4', 3, "not finite"),
        ('NFG 1 R "t" { "a" "b" }\n{ 2 2 }\n1 2 1/0 4', 3, "not a number"),
        ('NFG 1 R "t" { "a" "b" }\n{ 2 2 }\n1 2 1e400 4', 3, "beyond 1e100"),
        ('NFG 1 R "t" { "a" "b" }\n{ 2 0 }\n', 2, "strategy counts"),
        ('NFG 1 R "t { "a" "b" }\n{ 2 2 } 1', 1, "there is a"),
        ('NFG 1 R "t" { "a" "b }', 1, "never closed"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 } { { "A" 1 2 } }\n1 2 1 1', 2, "there is 2"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, line, says):
    with pytest.raises(InputError) as caught:
        read_nfg(text, "some.nfg")
    assert caught.value.what.startswith(f"some.nfg, line {line}: ")
    assert says in caught.value.what
    assert caught.value.why or caught.value.do


@pytest.mark.parametrize("sizes", ["{ 999999999999 2 }", "{ 1000000 1000000 }", "{ 1000000 3 }"])
def test_a_declared_table_that_would_not_fit_is_refused_before_it_is_read(sizes):
    with pytest.raises(InputError):
        read_nfg(f'NFG 1 R "t" {{ "a" "b" }} {sizes} 1 2 3')


def test_bystanders_are_not_lost_in_silence():
    game = NormalForm(np.zeros((2, 2, 2)), bystanders=("public",), bystander_payoffs=np.ones((2, 2, 1)))
    with pytest.raises(InputError, match="public"):
        write_nfg(game)


def test_forty_players_have_no_table_to_write():
    from ostrom.core.forms.symmetric import Symmetric

    with pytest.raises(TooLarge):
        write_nfg(Symmetric(lambda own, others: own * 1.0, players=40, moves=("C", "D")))


@pytest.mark.oracle
@given(seed=st.integers(0, 10**6), outcomes=st.booleans())
def test_gambit_reads_what_we_write_and_we_read_what_it_writes(awkward_game, same, seed, outcomes):
    gambit = pytest.importorskip("pygambit", reason="pygambit compiles for minutes and is installed by hand")
    game = awkward_game(seed, labels=ASCII)
    theirs = gambit.read_nfg(io.StringIO(write_nfg(game, outcomes=outcomes)))
    assert game.exact is not None
    for place in np.ndindex(*game.sizes):
        assert [Fraction(str(theirs[place][p])) for p in theirs.players] == game.exact[place].tolist()
    assert same(game, read_nfg(theirs.to_nfg()))


def test_paths_are_read_and_written(tmp_path):
    path, game = tmp_path / "game.nfg", NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    for outcomes in (False, True):
        text = write_nfg(game, path, outcomes=outcomes)
        assert path.read_text(encoding="utf-8") == text == write_nfg(game, outcomes=outcomes)
        for found in (read_nfg(path), read_nfg("\ufeff" + text)):
            assert np.array_equal(found.payoffs, game.payoffs)
