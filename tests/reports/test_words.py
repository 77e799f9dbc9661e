"""Numbers and names as people read them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.reports._words import LONGEST, cell, legible, listed, name, number, percent, plural, spaced, tidy, witness


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"), (-0.0, "0"), (3.0, "3"), (1 / 3, "0.3333"), (1234.5678, "1,235"), (1e6, "1,000,000"), (-2.5, "-2.5"),
        (0.00012345, "0.0001234"), (2.5e-7, "2.5e-07"), (1e20, "1e+20"), (12_345.678, "12,346"),
        (float("inf"), "∞"), (-float("inf"), "-∞"), (float("nan"), "undefined"),
    ],
)  # fmt: skip
def test_numbers(value, shown):
    assert number(value) == shown


@given(st.floats(-1e300, 1e300))
def test_numbers_are_right_to_four_digits(value):
    read = float(number(value).replace(",", ""))
    assert read == pytest.approx(value, rel=6e-4, abs=0)


@given(st.text())
def test_legible_text_holds_nothing_hidden_and_never_grows(text):
    shown = legible(text)
    assert {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Co", "Cn"} <= set()
    assert len(shown) <= min(len(text) + 1, LONGEST)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_short_ordinary_text_stays_as_it_is(text):
    assert legible(text) == text
    assert name(text) == text


def test_endless_names_are_cut():
    assert name("x" * 10_000) == "x" * 59 + "…"
    assert len(legible("a b " * 50_000)) == LONGEST
    assert legible(f"see {'y' * 500} there") == f"see {'y' * 60}… there"


def test_cells_and_lists():
    assert cell(None) == "–"
    assert cell("a\x07b") == "a�b"
    assert cell(2.0) == "2"
    assert listed([]) == ""
    assert listed(["A"]) == "A"
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert plural(1, "game") == "1 game"
    assert plural(2_000, "game") == "2,000 games"
    assert percent(0.123456) == "12.3 %"
    assert tidy(1e-12, 1.0) == 0.0
    assert tidy(0.5, 1.0) == 0.5


def test_witnesses_are_one_line():
    found = {"player": "row", "gain": 2.0, "path": ["C", "D"], "shares": {"C": 0.5, "D": 0.5}}
    assert witness(found) == "player: row; gain: 2; path: (C, D); shares: C 0.5, D 0.5"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("prisoners_dilemma", "prisoners dilemma"),
        ("their_pond.Pond", "their_pond.Pond"),
        ("their_pond.Pond:players=2 under my_tax", "their_pond.Pond:players=2 under my tax"),
        ("commons_1.5_x", "commons 1.5 x"),
        ("_a__b", " a  b"),
    ],
)
def test_names_are_spaced_and_import_paths_are_not(name, words):
    assert spaced(name) == words
