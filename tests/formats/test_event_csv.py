"""Tables as logs: columns guessed or named, cells as what they say, and lines that an editor finds again."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Event, InputError
from ostrom.core.errors import UnknownName
from ostrom.formats.event_csv import CsvLines, guessed, read_event_csv, recognises

PLAIN = "speaker,text,round,game,cost,timestamp\nann,hello,1,g,3,2026-01-01T00:00:00\nbob,no,1,g,,2.5\nann,x,1,h,4,\n"


def saved(folder, text):
    path = folder / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder, text, **mapping):
    return list(read_event_csv(saved(folder, text), mapping))


def test_columns_are_guessed_by_their_names(tmp_path):
    assert recognises(saved(tmp_path, PLAIN))
    rows = read(tmp_path, PLAIN)
    assert rows == [
        (2, Event(0, 1, "ann", "message", message="hello", facts={"cost": 3, "time": 1767225600.0, "episode": "g"})),
        (3, Event(0, 1, "bob", "message", message="no", facts={"time": 2.5, "episode": "g"})),
        (4, Event(1, 1, "ann", "message", message="x", facts={"cost": 4, "episode": "h"})),
    ]


def test_columns_are_what_they_are_said_to_be(tmp_path):
    text = 'who;did;got;saw;heard by;odds;noise\na;C;1.5;7;b|c;{"C": 0.5};z\nb;D;-2;;;0.25;z\n'
    mapping = {
        "did": "action",
        "got": "payoff",
        "saw": "observation.cost",
        "heard by": "receivers",
        "odds": "probability",
    }
    rows = read(tmp_path, text, **mapping, noise="-")
    assert rows == [
        (2, Event(0, 0, "a", "act", ("b", "c"), {"cost": 7}, "C", payoff=1.5, probability={"C": 0.5})),
        (3, Event(0, 1, "b", "act", action="D", payoff=-2, probability=0.25)),
    ]


def test_a_cell_may_go_over_lines_and_hold_any_mark(tmp_path):
    rows = read(tmp_path, 'agent\tmessage\na\t"one\n\n""two""\t,"\n\nb\tx\u2028y\n')
    assert rows == [
        (2, Event(0, 0, "a", "message", message='one\n\n"two"\t,')),
        (6, Event(0, 1, "b", "message", message="x\u2028y")),
    ]


cells = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"), max_size=6)


@given(st.lists(st.tuples(cells.map(lambda s: f"a{s}".strip()), cells.filter(str.strip)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_the_standard_library_writes_is_read(rows):
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([("agent", "message"), *rows])
    feed, found = CsvLines("x"), []
    for number, line in enumerate(written.getvalue().split("\n")[:-1], start=1):
        found += [(e.agent, e.message) for _, e in feed.feed(number, f"{line}\n".encode())]
    feed.table.end()
    assert found == rows


def test_names_of_columns():
    assert guessed(["Speaker", "Message", "observation.x", "other"]) == {
        "Speaker": "agent",
        "Message": "message",
        "observation.x": "observation.x",
        "other": "facts.other",
    }
    assert guessed(["from", "agent", "text"], {"text": "action"})["from"] == "facts.from"
    with pytest.raises(UnknownName, match="speaker"):
        guessed(["speaker", "text"], {"speeker": "agent"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("agent,message\na,b,c\n", "Line 2 of table.csv has 3 cells"),
        ("agent,message\na\n", "Line 2 of table.csv has 1 cells"),
        ('agent,message\na,b\nb,"x\n', "Line 3 of table.csv has an open quotation mark"),
        ("agent,message\na,\xff\n".encode("latin-1"), "Line 2 of table.csv is not UTF-8 at byte 3"),
        ("agent,message\na,b\n".encode("utf-16"), "Line 1 of table.csv is not UTF-8"),
        (b"agent,message\na,\0\n", "Line 2 of table.csv holds a NUL"),
        ("agent,agent,message\n", "names a column twice"),
        ("agent,message,t\na,b,soon\n", "Line 2 of table.csv is of step 'soon'"),
        ("agent,message,t\na,b,1.5\n", "Line 2 of table.csv is of step '1.5'"),
        ("agent,action,payoff\na,b,lots\n", "Line 2 of table.csv has the payoff 'lots'"),
        ("agent,action,probability\na,b,2\n", "Line 2 of table.csv has the probability 2"),
        ("agent,action,probability\na,b,nan\n", "has the probability 'nan'"),
        ("agent,message\na," + "x" * 200_000 + "\n", "Line 2 of table.csv is no row of a table"),
    ],
)
def test_what_cannot_be_is_named(tmp_path, text, words):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert words in caught.value.what


def test_a_mapping_that_cannot_be_is_named(tmp_path):
    with pytest.raises(InputError, match=r"does not say who acted[\s\S]*--map speaker=agent on the command line"):
        read(tmp_path, "x,y\n1,2\n", y="message")
    for text in ('{"a": 1, "b": 2}\n', '[{"a": 1, "b": 2}]\n'):
        with pytest.raises(InputError, match=r"is JSON, and no table[\s\S]*Leave --map out"):
            read(tmp_path, text, x="agent")
    with pytest.raises(InputError, match="two columns for agent"):
        read(tmp_path, "x,y\n1,2\n", x="agent", y="agent")
    with pytest.raises(UnknownName, match="agent"):
        read(tmp_path, "x,y\n1,2\n", x="agnt", y="message")
