"""What people write becomes values: nested lists, words with spaces, arrays; and what Python prints is read back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build, spelled
from ostrom.core.errors import InputError
from ostrom.core.institution import Institution
from ostrom.core.parameters import bracketed, phrase, read, split
from ostrom.core.record import Parameter
from ostrom.institutions.fines import Fines
from ostrom.institutions.tax import Tax

PAIRS = tuple[tuple[str, str], ...]
PRICES = tuple[tuple[str, str, float], ...]
LABELS = str | tuple[str, ...]
ANSWERS = tuple[tuple[str, tuple[str, ...]] | tuple[str, tuple[str, ...], float], ...]


def taken(kind):
    return Parameter("value", kind, None, True, None)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (PAIRS, "((*,D),(fisher 1,4))", (("*", "D"), ("fisher 1", "4"))),
        (PAIRS, "((*,D))", (("*", "D"),)),
        (PAIRS, "((*,D),)", (("*", "D"),)),
        (PAIRS, "(*,D),(fisher 1,4)", (("*", "D"), ("fisher 1", "4"))),
        (PAIRS, "[[*, D], [the town (north), A>B]]", (("*", "D"), ("the town (north)", "A>B"))),
        (PAIRS, "(('*', \"a, b\"), (d'Alembert, ')'))", (("*", "a, b"), ("d'Alembert", ")"))),
        (PAIRS, "()", ()),
        (PRICES, "((*,D,1/2),(a b,C + yes,2))", (("*", "D", 0.5), ("a b", "C + yes", 2.0))),
        (LABELS, "C", "C"),
        (LABELS, "(C)", ("C",)),
        (LABELS, "(C, D)", ("C", "D")),
        (ANSWERS, "((row,(D,D)),(,(C,D),0.5))", (("row", ("D", "D")), ("", ("C", "D"), 0.5))),
        (float | tuple[float, ...], "1/4", 0.25),
        (float | tuple[float, ...], "(1/4, 2)", (0.25, 2.0)),
    ],
)
def test_nested_lists(kind, text, value):
    assert read(taken(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (PAIRS, "(*,D)", r"a list like \(\(word, word\), …\)"),
        (PAIRS, "((*,D,2),)", r"a list like \(\(word, word\), …\)"),
        (PAIRS, "((*,D),(a,b)", r"a list like \(\(word, word\), …\)"),
        (PRICES, "((*,D,much))", r"a list like \(\(word, word, number\), …\)"),
        (ANSWERS, "((row,D,D,D))", r"a list like \(\(word, \(word, …\)\), …\)"),
        (tuple[float, ...], "(1,b)", r"a list like \(1, 2, 3\)"),
        (np.ndarray, "((1,2),(3))", r"numbers in brackets like"),
        (np.ndarray, "(1,b)", r"numbers in brackets like"),
        (np.ndarray, "(" * 2000 + "1" + ")" * 2000, r"numbers in brackets like"),
    ],
)
def test_what_does_not_fit_is_told_the_form(kind, text, said):
    with pytest.raises(InputError, match=said):
        read(taken(kind), text)


def test_what_a_parameter_takes_in_words():
    assert phrase(taken(tuple[str, ...])) == "a list like (word, …)"
    assert phrase(taken(tuple)) == "a list like (1, 2, 3)"
    assert phrase(taken(LABELS)) == "a word or a list like (word, …)"
    assert phrase(taken(tuple[tuple[tuple[str, ...], float], ...])) == "a list like (((word, …), number), …)"


def test_arrays():
    value = read(taken(np.ndarray), "(((0, 0), (1, -1)), ((1/2, -1/2), (inf, 1e3)))")
    assert value.tolist() == [[[0, 0], [1, -1]], [[0.5, -0.5], [np.inf, 1000.0]]]
    assert read(taken(np.ndarray), "2").tolist() == 2.0


words = st.text(alphabet="ab *1,()[]>+.:=", max_size=6).filter(lambda word: word == word.strip())


@given(st.lists(st.tuples(words, words, st.floats(allow_nan=False))).map(tuple))
def test_what_python_prints_is_read_back(rows):
    assert read(taken(PRICES), repr(rows)) == rows


@given(st.lists(st.lists(st.floats(allow_nan=False), min_size=2, max_size=2), min_size=1))
def test_printed_arrays_are_read_back(rows):
    assert np.array_equal(read(taken(np.ndarray), repr(rows)), np.array(rows))


@pytest.mark.parametrize(
    ("text", "inside"),
    [("(a,b)", "a,b"), ("(a),(b)", "(a),(b)"), ("((a),(b))", "(a),(b)"), ("", ""), ("(", "("), ("(')')", "')'")],
)
def test_only_a_pair_round_everything_is_taken_off(text, inside):
    assert bracketed(text) == inside


@given(st.text(alphabet="a'\",([])=: ", max_size=30))
def test_splitting_loses_no_letters(text):
    pieces = split(text)
    assert "".join(text.split()) == "".join(",".join(pieces).split())


WORDS = st.text(st.characters(exclude_categories=("C",), exclude_characters="'\"\n"), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, WORDS, st.floats(0, 1e6, allow_nan=False)), min_size=1, max_size=4))
def test_what_is_spelled_is_read_as_the_same(rows):
    rule = Fines(schedule=tuple(rows))
    assert build("institutions", spelled("institutions", rule), Institution) == rule


def test_defaults_are_left_out_and_what_cannot_be_written_is_empty():
    assert spelled("institutions", Tax(on="D", rate=2.0)) == "tax:rate=2"
    assert spelled("institutions", Tax(on="a\"b'c")) == ""
