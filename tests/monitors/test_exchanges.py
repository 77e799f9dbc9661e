"""Who says what to whom, what is private, and which odds are declared: by hand on small logs."""

import numpy as np
import pytest

from ostrom import Event, Log
from ostrom.core.errors import UnknownName
from ostrom.monitors import Channels, NothingToRead
from ostrom.monitors._exchanges import combined, exchanges, fields


def said(episode, t, agent, seen, to=(), words="hm", channel="message", **more):
    return Event(episode, t, agent, channel, to, seen, message=words, **more)


def did(episode, t, agent, seen=None, move="C"):
    return Event(episode, t, agent, "act", (), seen, move)


def test_what_two_were_shown_differently_at_one_step_is_private():
    rows = [said(0, 0, "ann", {"cost": 1, "round": 0}), said(0, 0, "bob", {"cost": 2, "round": 0})]
    assert fields(Log.of(rows)) == (("observation.cost",), ("observation.round",))


def test_what_one_alone_was_shown_is_private():
    rows = [said(0, 0, "ann", {"cost": 1}), said(0, 1, "bob", {"price": 1})]
    assert fields(Log.of(rows)) == (("observation.cost", "observation.price"), ())


def test_of_those_who_take_turns_what_lasts_through_an_episode_is_public_and_so_is_a_clock():
    rows = []
    for k in range(6):
        rows.append(said(k, 0, "ann", {"topic": k % 2, "clock": 0, "cost": k % 3}))
        rows.append(did(k, 1, "bob", {"topic": k % 2, "clock": 1, "cost": (k + 1) % 3}))
    private, public = fields(Log.of(rows))
    assert private == ("observation.cost",)
    assert set(public) == {"observation.topic", "observation.clock"}


def test_what_is_named_is_taken():
    rows = [said(0, 0, "ann", {"cost": 1, "round": 0}, facts={"wind": 1}), said(0, 0, "bob", {"cost": 2, "round": 0})]
    assert fields(Log.of(rows), ["round"], ["wind", "cost"]) == (
        ("observation.round",),
        ("facts.wind", "observation.cost"),
    )
    with pytest.raises(UnknownName, match=r"observation\.cost"):
        fields(Log.of(rows), ["costs"])


def test_who_hears_and_what_they_do_next():
    rows = [
        said(0, 0, "ann", {"cost": 1}, ("bob",)),
        did(0, 1, "cleo"),
        did(0, 2, "bob", move="D"),
        said(0, 3, "ann", {"cost": 1}),
        said(0, 4, "ann", {"cost": 2}, ("bob", "cleo")),
        did(0, 5, "cleo", move="E"),
        said(1, 0, "ann", {"cost": 2}),
        did(2, 0, "bob"),
    ]
    (exchange,) = exchanges(Log.of(rows), least=2)
    assert exchange.listeners == ("cleo", "bob")
    assert exchange.heard("bob").tolist() == [True, True, True, True]
    assert exchange.heard("cleo").tolist() == [False, True, True, True]
    # the second was followed by another word before bob moved; what comes in a later episode is no reply
    assert exchange.reply("bob").tolist() == [2, -1, -1, -1]
    assert exchange.reply("cleo").tolist() == [1, -1, 5, -1]


def test_the_context_is_everything_public():
    rows = [said(k, 0, name, {"a": k % 2, "b": k % 3, "own": name}) for k in range(12) for name in ("ann", "bob")]
    exchange = next(exchanges(Log.of(rows), least=2))
    assert len(np.unique(exchange.context)) == 6
    assert combined([], 3).tolist() == [0, 0, 0]


def test_declared_odds_are_read_and_checked():
    odds = {"odds": {"cost": {"1": 0.25, "2": 0.75}}}
    rows = [said(k, 0, "ann", {"cost": 1 + k % 2}, facts=odds) for k in range(8)]
    exchange = next(exchanges(Log.of(rows), least=2))
    values, table = exchange.odds("observation.cost")
    assert [str(value) for value in values] == ["1", "2"]
    assert table.tolist() == [[0.25, 0.75]] * 8
    assert (
        next(exchanges(Log.of([said(k, 0, "ann", {"cost": 1}) for k in range(8)]), least=2)).odds("observation.cost")
        is None
    )


@pytest.mark.parametrize(
    "wrong", [{"1": 0.5, "2": 0.6}, {"1": 1.0}, {"1": -0.5, "2": 1.5}, {"1": float("nan"), "2": 1}]
)
def test_odds_that_are_none_are_not_used_and_it_says_so(wrong):
    rows = [
        said(k, 0, "ann", {"cost": 1 + k % 2}, words="hm" * (1 + k // 4), facts={"odds": {"cost": wrong}})
        for k in range(8)
    ]
    exchange = next(exchanges(Log.of(rows), least=2))
    assert exchange.odds("observation.cost") is None
    assert "on row" in exchange.wrong_odds("observation.cost")
    (found,) = Channels(rounds=19, least=8)(Log.of(rows))
    assert found.basis == "observational"
    assert "odds are declared, but not used" in found.assumes


@pytest.mark.parametrize("other", [1.85, "evens", [1, 2], {"cost": "half"}, {"cost": {"1": "half"}}, {"price": {}}, {}])
def test_a_column_of_that_name_may_be_of_something_else(other):
    rows = [said(k, 0, "ann", {"cost": 1 + k % 2}, facts={"odds": other}) for k in range(8)]
    exchange = next(exchanges(Log.of(rows), least=2))
    assert exchange.odds("observation.cost") is None
    assert exchange.wrong_odds("observation.cost") == ""


def turns(values):
    """Two agents in turn in one episode, and the field that each is shown."""
    return Log.of(said(0, k, ("ann", "bob")[k % 2], {"field": value}) for k, value in enumerate(values))


def test_what_goes_on_from_one_turn_to_the_next_is_public():
    rng = np.random.default_rng(0)
    topics = np.cumsum(rng.random(120) < 0.2) % 5
    assert next(exchanges(turns(topics.tolist()))).public == ("observation.field",)
    lasting = np.where(np.arange(120) % 2, np.arange(120) // 40 % 2, 1)  # each its own, for long
    assert next(exchanges(turns(lasting.tolist()))).private == ("observation.field",)
    for seed in range(20):  # fresh at every turn, or signals of one state that err apart from each other
        rng = np.random.default_rng(seed)
        state = (np.cumsum(rng.random(120) < 0.1) % 2) ^ (rng.random(120) < 0.15)
        for own in (rng.integers(3, size=120), state):
            assert next(exchanges(turns(own.tolist()))).private == ("observation.field",)


def test_speakers_come_in_the_order_of_the_log_and_each_channel_apart():
    rows = [said(k, 0, name, {"cost": k}, channel=channel) for k in range(3) for name in "ba" for channel in "yx"]
    found = list(exchanges(Log.of(rows), least=2))
    assert [(one.speaker, one.channel, one.places.tolist()) for one in found] == [
        ("b", "y", [0, 4, 8]),
        ("b", "x", [1, 5, 9]),
        ("a", "y", [2, 6, 10]),
        ("a", "x", [3, 7, 11]),
    ]


def test_a_log_without_messages_is_left_unread():
    log = Log.of([did(k, 0, "ann", {"cost": k % 2}) for k in range(30)])
    with pytest.raises(NothingToRead, match="messages"):
        list(exchanges(log))
    (moves,) = exchanges(log, moves=True)
    assert moves.said.values == ("C",)
