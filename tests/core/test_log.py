"""Logs: what goes in comes out again, and rows can be found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom import Event, InputError
from ostrom.core.errors import UnknownName
from ostrom.core.log import Column, Columns, Log

scalars = st.one_of(st.booleans(), st.integers(-5, 5), st.sampled_from([0.5, 1.0]), st.text(max_size=3))
fields = st.dictionaries(st.sampled_from("xyz"), scalars, max_size=3)
events = st.builds(
    Event,
    episode=st.integers(0, 3),
    t=st.integers(0, 9),
    agent=st.sampled_from(["", "ann", "bob"]),
    channel=st.sampled_from(["act", "message"]),
    receivers=st.lists(st.sampled_from(["ann", "bob"]), max_size=2).map(tuple),
    observation=st.one_of(st.none(), scalars, fields.filter(bool), st.lists(scalars, max_size=2)),
    action=st.one_of(st.none(), scalars, st.lists(scalars, max_size=2)),
    message=st.one_of(st.none(), st.text(max_size=4)),
    facts=fields,
    payoff=st.one_of(st.none(), st.floats(-3, 3)),
    probability=st.one_of(st.none(), st.floats(0, 1), st.just({"C": 0.5, "D": 0.5})),
)


def _same(one, other):
    assert one == other
    assert one.to_json() == other.to_json()  # 1, 1.0 and True are equal in Python, and are not the same


@given(st.lists(events, max_size=12))
def test_events_come_back_as_they_went_in(rows):
    for before, after in zip(rows, Log.of(rows).events(), strict=True):
        _same(before, after)


@given(st.lists(events, min_size=1, max_size=12), st.data())
def test_some_rows_are_those_rows(rows, data):
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8))
    taken = Log.of(rows).take(np.array(chosen, int))
    for k, after in zip(chosen, taken.events(), strict=True):
        _same(rows[k], after)
    assert taken.row.tolist() == [k + 1 for k in chosen]


def test_columns_are_coded_in_order_of_appearance():
    log = Log.of([Event(0, t, name, "act", action=t) for t, name in enumerate(["bob", "ann", "bob"])])
    assert log.agents == ("bob", "ann")
    assert log["agent"].codes.tolist() == [0, 1, 0]
    assert log.by("bob").tolist() == [0, 2]
    assert log["action"].numbers.tolist() == [0, 1, 2]
    assert log.on("nothing").tolist() == []


def test_a_column_that_is_not_there():
    log = Log.of([Event(0, 0, "ann", "act", observation={"cost": 1})])
    assert log.get("facts.harvest").codes.tolist() == [-1]
    with pytest.raises(UnknownName, match=r"observation\.cost"):
        log["observation.costs"]


def test_numbers_of_rows_are_the_sources():
    made = Columns()
    made.add(Event(0, 0, "ann", "act"))
    assert made.log("x", [17]).row.tolist() == [17]
    with pytest.raises(InputError, match="2 row numbers for 1 rows"):
        made.log("x", [1, 2])


@pytest.mark.parametrize("place", [(2**70, 0), (0, 2**70), ("x", 0), (0, 1.5)])
def test_a_place_that_is_no_number_is_refused_and_nothing_is_lost(place):
    made = Columns()
    made.add(Event(0, 0, "ann", "act"))
    with pytest.raises(InputError, match="whole numbers"):
        made.add(Event(*place, "ann", "act"))
    made.add(Event(1, 1, "ann", "act"))
    assert made.log().episode.tolist() == [0, 1]


def test_numbers_of_a_column_of_words():
    column = Column(np.array([0, 1, -1, 2], np.int32), ("a", 2, True))
    assert np.isnan(column.numbers[[0, 2]]).all()
    assert column.numbers[[1, 3]].tolist() == [2, 1]


def test_keys_that_are_written_the_same_are_refused():
    with pytest.raises(InputError, match="written the same"):
        Log.of([Event(0, 0, "ann", "act", observation={3: 1, "3": 2})])
    kept = Log.of([Event(0, 0, "ann", "act", observation={3: 1}), Event(0, 1, "ann", "act", observation={3: 2})])
    assert kept["observation.3"].values == (1, 2)
