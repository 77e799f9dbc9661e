"""PrefLib files: as published, in both headers, round trips, and files that are cut short or hostile."""

import random
from pathlib import Path

import numpy as np
import pytest
from elections import TENNESSEE, elections
from hypothesis import given, settings

from ostrom import Ballots
from ostrom.choice import approval, instant_runoff
from ostrom.core.errors import InputError, UnknownName
from ostrom.formats import _preflib_lines
from ostrom.formats.preflib import load_preflib, read_preflib, write_preflib

MODERN = """\
# FILE NAME: 00000-00000001.toi
# TITLE: Where to meet
# DATA TYPE: toi
# RELATED FILES:
# NUMBER ALTERNATIVES: 4
# NUMBER VOTERS: 9
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Café: old, new
# ALTERNATIVE NAME 2: Park
# ALTERNATIVE NAME 3: Park
# ALTERNATIVE NAME 4:
5: 3,{1,2},4
3: {1, 4}
1: 2
"""
OLDER = "3\n1,Ann\n2,Bob, the second\n3,Cy\n6,7,3\n4,1,2,3\n2,{2,3}\n1,3,1\n"
CATEGORIES = """\
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# NUMBER UNIQUE PREFERENCES: 3
# NUMBER CATEGORIES: 3
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: Maybe
# CATEGORY NAME 3: No
# ALTERNATIVE NAME 1: x
# ALTERNATIVE NAME 2: y
# ALTERNATIVE NAME 3: z
3: {1,2}, {}, 3
2: {}, {2,3}, 1
1: 3, 1, 2
"""


def test_orders_with_ties_and_gaps():
    ballots = read_preflib(MODERN)
    assert ballots.name == "Where to meet"
    assert ballots.alternatives == ("Café: old, new", "Park", "Park (2)", "4")
    assert ballots.ranks.tolist() == [[1, 1, 0, 2], [0, -1, -1, 0], [-1, 0, -1, -1]]
    assert ballots.counts.tolist() == [5, 3, 1]


def test_the_older_header():
    ballots = read_preflib(OLDER.replace("\n", "\r\n"))
    assert ballots.alternatives == ("Ann", "Bob, the second", "Cy")
    assert ballots.ranks.tolist() == [[0, 1, 2], [-1, 0, 0], [1, -1, 0]]
    assert instant_runoff(ballots).winner == "Ann"


def test_a_file_that_preflibtools_wrote():
    """By preflibtools 2.0.33, three ballots on four alternatives."""
    ballots = load_preflib(Path(__file__).parent / "data" / "preflibtools.toi")
    assert ballots.alternatives == ("Ann", "Bob, the second", "Cy: old", "Dée")
    assert ballots.ranks.tolist() == [[0, 1, 1, 2], [0, 1, -1, 0], [-1, -1, 0, -1]]
    assert (ballots.counts.tolist(), ballots.name) == ([5, 3, 2], "A test")


def test_categories_are_approvals():
    assert approval(read_preflib(CATEGORIES)).scores == (3, 3, 1)
    assert approval(read_preflib(CATEGORIES, approved=2)).scores == (4, 5, 3)


def test_a_file_is_loaded(tmp_path):
    (tmp_path / "capital.soc").write_text(write_preflib(TENNESSEE), encoding="utf-8")
    found = load_preflib(tmp_path / "capital.soc")
    assert (found.alternatives, found.counts.tolist()) == (TENNESSEE.alternatives, [42, 26, 15, 17])


@settings(max_examples=80, deadline=None)
@given(elections())
def test_written_and_read_it_is_the_same_election(ballots):
    text = write_preflib(ballots)
    found = read_preflib(text)
    assert (found.alternatives, found.name) == (ballots.alternatives, ballots.name)
    assert (found.ranks == ballots.ranks).all()
    assert (found.counts == ballots.counts).all()
    approvals = Ballots(np.where(ballots.ranks == 0, 0, -1), ballots.counts)
    assert (read_preflib(write_preflib(approvals, "cat")).ranks == approvals.ranks).all()


@pytest.mark.parametrize(
    ("ranks", "kind"),
    [([[0, 1]], "soc"), ([[0, -1]], "soi"), ([[0, 0]], "toc"), ([[0, 0, -1]], "toi"), ([[-1]], "toi")],
)
def test_the_narrowest_type_is_written(ranks, kind):
    text = write_preflib(Ballots(ranks))
    assert f"# DATA TYPE: {kind}\n" in text
    assert (read_preflib(text).ranks == Ballots(ranks).ranks).all()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (MODERN.replace("# NUMBER VOTERS: 9", "# NUMBER VOTERS: 10"), 6, "10 voters are promised, and there are 9"),
        (MODERN.replace("1: 2\n", ""), 6, "9 voters are promised, and there are 8"),
        (MODERN.replace("ORDERS: 3", "ORDERS: 4"), 7, "4 ballots are promised"),
        (MODERN.replace("toi\n# REL", "wmg\n# REL"), 3, "the data type is 'wmg'"),
        (MODERN.replace("toi\n# REL", "soi\n# REL"), 12, "has a tie"),
        (MODERN.replace("toi\n# REL", "toc\n# REL"), 13, "does not name every alternative"),
        (MODERN.replace("ALTERNATIVES: 4", "ALTERNATIVES: 5"), 12, "5 alternatives are promised"),
        (MODERN.replace("NAME 4", "NAME 5"), 12, "4 alternatives are promised, and 4 are named"),
        (MODERN.replace("NAME 4", "NAME 3"), 11, "alternative 3 has two names"),
        (MODERN.replace("3,{1,2},4", "3,{1,2},3"), 12, "alternative 3 is named twice"),
        (MODERN.replace("3,{1,2},4", "3,{1,2},5"), 12, "alternative 5 is none of the 4"),
        (MODERN.replace("3,{1,2},4", "3,{1,2,4"), 12, "ends with a comma, or within braces"),
        (MODERN.replace("3,{1,2},4", "3,{1,2},"), 12, "ends with a comma, or within braces"),
        (MODERN.replace("3,{1,2},4", "3,x,4"), 12, "is no alternative"),
        (MODERN.replace("5: 3", "5, 3"), 12, "'5, 3,{1,2}"),
        (MODERN.replace("5: 3", "-5: 3"), 12, "is '-5'"),
        (MODERN.replace("5: 3", "٥: 3"), 12, "is '٥'"),
        (MODERN[: MODERN.index("5: 3")], 11, "the file ends before the ballots"),
        (OLDER.replace("6,7,3", "6,7"), 5, "2 sums"),
        (OLDER.replace("2,Bob", "1,Bob"), 3, "no new alternative"),
        (OLDER[:30], 4, "the file ends before the ballots"),
        (OLDER.replace("1,3,1\n", ""), 5, "7 voters are promised, and there are 6"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, line, says):
    with pytest.raises(InputError) as caught:
        read_preflib(text, "some.toi")
    assert caught.value.what.startswith(f"some.toi, line {line}: ")
    assert says in caught.value.what
    assert caught.value.why or caught.value.do


@pytest.mark.parametrize("text", ["", "\n\n", "0\n"])
def test_empty_files(text):
    with pytest.raises(InputError):
        read_preflib(text)


def test_a_table_that_would_not_fit_is_refused():
    names = "".join(f"# ALTERNATIVE NAME {k}: {k}\n" for k in range(1, 20_001))
    with pytest.raises(InputError, match="more than 20,000,000 places"):
        read_preflib(f"# NUMBER ALTERNATIVES: 20000\n{names}" + "1: 1\n" * 1_001)


@pytest.mark.parametrize("text", [MODERN, OLDER, CATEGORIES], ids=["modern", "older", "categories"])
def test_mangled_files_are_refused_or_elections(text):
    rng, refused = random.Random(0), 0
    for _ in range(400):
        mangled = list(text)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(mangled))
            mangled[place : place + rng.choice((0, 1, 1, 5))] = rng.choice(
                ("", "{", "}", ",", "9", ":", "#", "\n", "\0", "x")
            )
        cut = mangled[: rng.randrange(len(mangled))] if rng.random() < 0.2 else mangled
        found = _read("".join(cut))
        refused += isinstance(found, InputError)
        told = isinstance(found, InputError) and "some file" in found.what and (found.why or found.do)
        assert isinstance(found, Ballots) or told
    assert 100 < refused < 400


def _read(text):
    try:
        return read_preflib(text, "some file")
    except InputError as error:
        return error


def test_what_cannot_be_written():
    with pytest.raises(UnknownName, match="soc"):
        write_preflib(TENNESSEE, "sos")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"of a \.toi file"):
        write_preflib(Ballots([[0, 0, -1]]), "soi")
    with pytest.raises(InputError, match="cannot hold"):
        write_preflib(TENNESSEE, "cat")
    with pytest.raises(InputError, match="line break"):
        write_preflib(Ballots([[0, 1]], alternatives=("a\nb", "c")))


def test_an_election_without_a_title_is_called_as_its_file(tmp_path):
    path = tmp_path / "spring.toi"
    path.write_text(MODERN.replace("# TITLE: Where to meet\n", ""), encoding="utf-8")
    assert load_preflib(path).name == "spring"
    path.write_text(MODERN, encoding="utf-8")
    assert load_preflib(path).name == "Where to meet"
    assert read_preflib(OLDER).name == "election"


def test_equal_lines_are_read_once_and_kept_apart(monkeypatch):
    """A line for each voter: each different ballot is parsed once, and the order of the file stays."""
    read, places = [], _preflib_lines._places
    monkeypatch.setattr(_preflib_lines, "_places", lambda rest, *more: read.append(rest) or places(rest, *more))
    head = MODERN.partition("5: ")[0].replace("VOTERS: 9", "VOTERS: 6").replace("ORDERS: 3", "ORDERS: 6")
    ballots = read_preflib(head + "1: 3,{1,2},4\n1: 2\n" * 3)
    assert ballots.ranks.tolist() == [[1, 1, 0, 2], [-1, 0, -1, -1]] * 3
    assert ballots.counts.tolist() == [1] * 6
    assert len(read) == 2
