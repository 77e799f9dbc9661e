"""Our event table as a file: what is written comes back, as lines and as Parquet, and a wrong type is named."""

import gzip
import sys
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostrom import Event, InputError, write_events
from ostrom.core.errors import MissingExtra, TooLarge
from ostrom.core.log import Log
from ostrom.formats import _log_parquet
from ostrom.formats.event_log import read_event_log, recognises, write_parquet
from ostrom.formats.log import open_log

scalars = st.one_of(
    st.booleans(), st.integers(-5, 5), st.sampled_from([0.5, 1.0, -0.0, 0.0, 2**60]), st.text(max_size=3)
)
fields = st.dictionaries(st.sampled_from("xyz"), scalars, max_size=3)
EVENTS = st.builds(
    Event,
    episode=st.integers(0, 3),
    t=st.integers(0, 9),
    agent=st.sampled_from(["", "ann", "bob"]),
    channel=st.sampled_from(["act", "message"]),
    receivers=st.lists(st.sampled_from(["ann", "bob", "", "a\0b"]), max_size=2).map(tuple),
    observation=st.one_of(st.none(), scalars, fields.filter(bool), st.lists(scalars, max_size=2)),
    action=st.one_of(st.none(), scalars, st.lists(scalars, max_size=2), st.just({"C": [1, {"x": None}]})),
    message=st.one_of(st.none(), st.text(max_size=4)),
    facts=fields,
    payoff=st.one_of(st.none(), st.floats(-3, 3)),
    probability=st.one_of(st.none(), st.floats(0, 1), st.just({"C": 0.5, "D": 0.5})),
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
A, B = Event(0, 0, "a", "act", action="C", payoff=1.0), Event(0, 1, "b", "act", action="D", receivers=("a",))


def table(**columns):
    """A Parquet table of two rows: the columns that are needed, and these."""
    pyarrow = pytest.importorskip("pyarrow")
    needed = {"episode": [0, 0], "t": [0, 1], "agent": ["a", "b"], "channel": ["act", "act"]}
    return pyarrow.table({**needed, **columns})


def saved(folder, made):
    from pyarrow import parquet

    parquet.write_table(made, folder / "log.parquet")
    return folder / "log.parquet"


def same(log, other):
    assert list(log.columns) == list(other.columns)
    for name, column in log.columns.items():
        assert column.codes.tolist() == other[name].codes.tolist(), name
        assert repr(column.values) == repr(other[name].values), name
    assert log.episode.tolist() == other.episode.tolist()
    assert log.t.tolist() == other.t.tolist()


@FEW
@given(st.lists(EVENTS, min_size=1, max_size=12))
def test_lines_come_back_as_they_were_written(tmp_path_factory, events):
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    write_events(events, path)
    numbered = list(read_event_log(path))
    assert [row for row, _ in numbered] == list(range(1, len(events) + 1))
    assert [event.to_json() for _, event in numbered] == [event.to_json() for event in events]


@FEW
@given(st.lists(EVENTS, min_size=1, max_size=12))
def test_parquet_comes_back_as_it_was_written(tmp_path_factory, events):
    pytest.importorskip("pyarrow")
    path, log = tmp_path_factory.mktemp("log") / "log.parquet", Log.of(events)
    write_parquet(log, path)
    same(_log_parquet.read_columns(path), log)
    assert [event.to_json() for _, event in read_event_log(path)] == [event.to_json() for event in log.events()]


def test_lines_packed_lines_and_parquet_are_the_same_log(tmp_path):
    pytest.importorskip("pyarrow")
    rng = np.random.default_rng(0)
    events = [
        Event(k // 20, k % 20, f"a{k % 3}", "message", ("a1", "a2")[: k % 3], {"cost": int(rng.integers(4))},
              message=f"word {rng.integers(50)}", facts={"time": k / 4}, payoff=float(rng.random()))
        for k in range(300)
    ]  # fmt: skip
    write_events(events, tmp_path / "log.jsonl")
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress((tmp_path / "log.jsonl").read_bytes()))
    plain = open_log(tmp_path / "log.jsonl")
    write_parquet(plain, tmp_path / "log.parquet")
    same(plain, Log.of(events))
    same(open_log(tmp_path / "log.jsonl.gz"), plain)
    same(open_log(tmp_path / "log.parquet"), plain)


def test_lines_are_numbered_as_an_editor_does(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(f"\n{A.to_json()}\n\n{B.to_json()}", encoding="utf-8")
    assert recognises(path)
    assert list(read_event_log(path)) == [(2, A), (4, B)]
    assert open_log(path).row.tolist() == [2, 4]


def test_a_field_that_says_null_says_nothing(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"episode":0,"t":0,"agent":"a","channel":"act","payoff":null,"facts":null,"receivers":null}')
    assert list(read_event_log(path)) == [(1, Event(0, 0, "a", "act"))]


def test_parquet_of_other_programs(tmp_path):
    """Objects as structs, dictionary-encoded words, dates, small numbers, lists: each as what it is."""
    pyarrow = pytest.importorskip("pyarrow")
    made = table(
        agent=pyarrow.array(["b", "a"]).dictionary_encode(),
        episode=pyarrow.array([1.0, 1.0]),
        observation=pyarrow.array([{"cost": 1, "name": None}, {"cost": 2, "name": "x"}]),
        payoff=pyarrow.array([0.5, float("nan")], pyarrow.float32()),
        receivers=pyarrow.array([[], ["a", "b"]]),
        action=pyarrow.array([[1, 2], None]),
        **{"facts.time": pyarrow.array([1_500_000, None], pyarrow.timestamp("us"))},
    )
    log = open_log(saved(tmp_path, made))
    assert log.agents == ("b", "a")
    assert log.episode.tolist() == [1, 1]
    assert log["observation.cost"].values == (1, 2)
    assert log["observation.name"].codes.tolist() == [-1, 0]
    assert [log["payoff"][k] for k in (0, 1)] == [0.5, None]
    assert [log["receivers"][k] for k in (0, 1)] == [None, ("a", "b")]
    assert log["action"].values == ([1, 2],)
    assert log["facts.time"].values == (1.5,)


WRONG = {
    "no agent": ({"agent": ["a", None]}, "Row 2 of log.parquet has no agent"),
    "agents of numbers": ({"agent": [1, 2]}, "'agent' of log.parquet is 1 in row 1"),
    "half a step": ({"t": [0, 1.5]}, "'t' of log.parquet is 1.5"),
    "a step that is missing": ({"t": [0, None]}, "'t' of log.parquet is None"),
    "steps of words": ({"t": ["0", "1"]}, "'t' of log.parquet is '0'"),
    "payoffs of words": ({"payoff": ["1", "2"]}, "'payoff' of log.parquet is '1' in row 1"),
    "an infinite payoff": ({"payoff": [1.0, float("inf")]}, "'payoff' of log.parquet is infinite in row 2"),
    "messages of lists": ({"message": [["x"], None]}, "'message' of log.parquet is ['x'] in row 1"),
    "receivers of words": ({"receivers": ["a", "b"]}, "'receivers' of log.parquet is 'a' in row 1"),
    "a strange column": ({"mood": [1, 2]}, "log.parquet has the columns"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_type_in_parquet_is_named(tmp_path, case):
    columns, words = WRONG[case]
    with pytest.raises(InputError) as caught:
        open_log(saved(tmp_path, table(**columns)))
    assert words in caught.value.what


def test_parquet_without_rows_or_with_far_too_many(tmp_path, monkeypatch):
    assert len(open_log(saved(tmp_path, table()[:0].slice(0, 0)))) == 0
    monkeypatch.setattr(_log_parquet, "LARGEST", 7)
    with pytest.raises(TooLarge, match="2 rows"):
        open_log(saved(tmp_path, table()))


def test_json_that_is_none_in_a_column_that_says_it_is(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    field = pyarrow.field("action", pyarrow.string(), metadata={"ostrom": "json"})
    for text in ("{", "NaN", "[" * 10_000, '{"a":1,"a":2}'):
        made = table().append_column(field, pyarrow.array([text, "1"]))
        with pytest.raises(InputError, match="not JSON"):
            open_log(saved(tmp_path, made))


@FEW
@given(data=st.data())
def test_mangled_parquet_is_read_or_refused(tmp_path_factory, data):
    path = saved(tmp_path_factory.mktemp("log"), table(message=["x", "y"], payoff=[1.0, 2.0]))
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(4, len(raw) - 1))
        raw[place] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(raw))
    with suppress(InputError):
        list(open_log(path).events())


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "log.parquet").write_bytes(b"PAR1" + b"\0" * 30)
    with pytest.raises(MissingExtra, match=r"ostrom\[data\]"):
        open_log(tmp_path / "log.parquet")
    with pytest.raises(MissingExtra):
        write_parquet(Log.of([A]), tmp_path / "x.parquet")


def test_a_place_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    pytest.importorskip("pyarrow")
    with pytest.raises(InputError, match="cannot be written"):
        write_parquet(Log.of([A]), tmp_path / "nowhere" / "x.parquet")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_parquet(Log.of([A]), tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
