"""What an agent is shown in a row of its own is known when it speaks next in the episode, and to nobody else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Event
from ostrom.core.log import Log
from ostrom.monitors._carry import Carry, carried
from ostrom.monitors.new_protocol import NewProtocol


def saw(agent, episode=0, **seen):
    return Event(episode, 0, agent, "observation", observation=seen)


def said(agent, text="x", episode=0, **seen):
    return Event(episode, 0, agent, "chat", observation=seen or None, message=text)


def did(agent, episode=0):
    return Event(episode, 0, agent, "act", action="go")


def views(log):
    return [event.observation for event in log.events()]


def test_it_holds_up_to_the_next_message():
    log = carried(Log.of([saw("ann", stock=1), did("ann"), said("ann"), said("ann"), did("ann")]))
    assert views(log) == [{"stock": 1}, {"stock": 1}, {"stock": 1}, None, None]


def test_it_is_of_one_agent_in_one_episode():
    log = carried(Log.of([saw("ann", stock=1), said("bob"), said("ann", episode=1), said("ann")]))
    assert views(log) == [{"stock": 1}, None, None, {"stock": 1}]


def test_rows_add_up_and_a_view_of_its_own_is_left_alone():
    rows = [saw("ann", a=1), saw("ann", b=2), saw("ann", a=3), said("ann"), saw("ann", a=4), said("ann", c=5)]
    log = carried(Log.of(rows))
    assert views(log)[3] == {"a": 3, "b": 2}
    assert views(log)[5] == {"c": 5}


def test_a_log_without_such_rows_is_the_same_object():
    for rows in ([said("ann", a=1), did("bob")], [saw("ann", a=1)], [saw("", a=1), said("")], [did("ann")]):
        log = Log.of(rows)
        assert carried(log) is log


ROWS = st.lists(
    st.one_of(
        st.builds(saw, st.sampled_from("ab"), st.integers(0, 2), a=st.integers(0, 3)),
        st.builds(saw, st.sampled_from("ab"), st.integers(0, 2), b=st.integers(0, 3)),
        st.builds(said, st.sampled_from("ab"), st.just("x"), st.integers(0, 2)),
        st.builds(did, st.sampled_from("ab"), st.integers(0, 2)),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 7))
def test_followed_in_pieces_and_row_by_row_it_is_the_same(rows, size):
    """Beside an account of each row that is kept by hand."""
    whole, known, due = carried(Log.of(rows)), {}, []
    for row in rows:
        key = row.agent, row.episode
        if row.observation is not None:
            known[key] = {**known.get(key, {}), **row.observation}
        due.append(row.observation if row.observation is not None else known.get(key))
        if row.message is not None:
            known.pop(key, None)
    assert views(whole) == due
    assert views(carried(whole)) == due
    carry, log = Carry(), Log.of(rows)
    pieces = [carry(log.take(np.arange(k, min(k + size, len(log))))) for k in range(0, len(log), size)]
    assert [view for piece in pieces for view in views(piece)] == due


@pytest.mark.parametrize("follow", [False, True])
def test_a_new_protocol_is_seen_where_secrets_stand_in_rows_of_their_own(follow):
    rng, rows = np.random.default_rng(1), []
    for k in range(200):
        stock = int(rng.integers(2))
        seen, told = saw("ann", k, stock=("scarce", "plenty")[stock]), said("ann", ("all well", "so so")[stock], k)
        rows += [seen, told, Event(k, 1, "bob", "act", action=("wait", "buy")[stock])]
    log = Log.of(rows)
    if not follow:
        found = NewProtocol()(log)
    else:
        follower = NewProtocol().follow()
        for k in range(0, len(log), 100):  # within episodes too
            found = follower.read(log.take(np.arange(k, min(k + 100, len(log)))))
    assert found[0].e > 1e6
    assert found[0].where["field"] == "observation.stock"
