"""The event table: the same row, the same bytes; broken lines are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.event import Event, read_events, write_events

words = st.text(max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
events = st.builds(
    Event,
    st.integers(0, 9),
    st.integers(0, 99),
    words,
    words,
    st.lists(words, max_size=3).map(tuple),
    st.none() | words,
    st.none() | words | numbers,
    st.none() | words,
    st.dictionaries(words, numbers, max_size=3),
    st.none() | numbers,
    st.none() | st.floats(0, 1) | st.dictionaries(words, st.floats(0, 1), min_size=1, max_size=3),
)


@given(events)
def test_a_row_survives_writing_and_reading(event):
    line = event.to_json()
    assert Event.from_json(line).to_json() == line


def test_a_file_streams(tmp_path):
    rows = [Event(0, t, "ann", "act", action="C", payoff=1.5) for t in range(5)]
    write_events(rows, tmp_path / "log.jsonl")
    assert list(read_events(tmp_path / "log.jsonl")) == rows


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"episode":0}',
        '{"episode":0,"t":0,"agent":"a","channel":"act","extra":1}',
        '{"episode":0,"t":0,"agent":"a","channel":"paid","payoff":NaN}',
        "[" * 100_000,
    ],
)
def test_a_broken_line_is_named(line, tmp_path):
    good = Event(0, 0, "ann", "act").to_json()
    (tmp_path / "log.jsonl").write_text(good + "\n" + line + "\n")
    with pytest.raises(InputError, match="Line 2"):
        list(read_events(tmp_path / "log.jsonl"))
