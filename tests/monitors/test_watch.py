"""Following logs: blocks, their evidence, and alarms that hold at any time."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import binom

from ostrom import Event, InputError, Log, Reading, Watching, monitor
from ostrom.core.errors import UnknownName
from ostrom.core.reading import calibrated
from ostrom.monitors import Monitor, NothingToRead
from ostrom.monitors._case import shown


@dataclass(frozen=True)
class Heads(Monitor):
    """Does a coin fall on heads more often than not? Remembers the blocks it was shown."""

    least: int = 1
    shown: tuple = ()

    def read(self, log, seed):
        faces = log.get("action").numbers
        if len(faces) < self.least:
            raise NothingToRead("More coins.")
        self.shown.append(log.row.tolist()) if isinstance(self.shown, list) else None
        p = float(binom.sf(faces.sum() - 1, len(faces), 0.5))
        more = {"assumes": "Coins are independent.", "source": "Bernoulli (1713)", "who": ("ann",)}
        return [Reading("heads", "Heads.", float(faces.mean()), "share", len(faces), p=max(p, 1e-300), **more)]


def coins(seed, count, odds=0.5, first=0):
    faces = np.random.default_rng([seed, first]).random(count) < odds
    log = Log.of(Event(0, first + k, "ann", "act", action=int(face)) for k, face in enumerate(faces))
    return Log(log.source, log.episode, log.t, log.row + first, log.columns)


@pytest.mark.parametrize("pieces", [[3000], [1] * 40 + [2960], [100] * 30, [700, 2300]])
def test_every_row_is_read_once_in_blocks_that_double(pieces):
    seen, first = [], 0
    follower = Heads(shown=seen).follow()
    for size in pieces:
        follower.read(coins(1, size, first=first))
        first += size
    assert [len(block) for block in seen] == [200, 400, 800, 1600]
    assert [row for block in seen for row in block] == list(range(1, 3001))


def test_the_evidence_is_the_product_of_what_blocks_say():
    follower = Heads().follow()
    log = coins(3, 600)
    (reading,) = follower.read(log)
    faces = log["action"].numbers
    p = [binom.sf(part.sum() - 1, len(part), 0.5) for part in (faces[:200], faces[200:])]
    assert reading.e == pytest.approx(calibrated(p[0]) * calibrated(p[1]))
    assert reading.p is None
    assert reading.n == 600


def test_a_block_in_which_there_is_nothing_to_read_waits_for_more():
    seen = []
    follower = Heads(least=500, shown=seen).follow()
    assert follower.read(coins(1, 700)) == ()
    follower.read(coins(1, 200, first=700))
    assert [len(block) for block in seen] == [800]


def test_false_alarms_stay_rare_however_often_one_looks():
    """A fair coin, looked at every 50 rows: the level of 5 % holds over the whole of the watch."""
    wrong = 0
    for seed in range(100):
        watching = Watching([Heads()], level=0.05)
        wrong += any(watching.read(coins(seed, 50, first=50 * k)) for k in range(30))
    assert wrong <= binom.isf(1e-6, 100, 0.05)


def test_looking_again_at_everything_would_not_do():
    """The plain test, made anew on all rows every 50: far more than 5 % of fair coins are called false."""
    wrong = 0
    for seed in range(100):
        faces = coins(seed, 3000)["action"].numbers.cumsum()
        at = np.arange(50, 3001, 50)
        wrong += (binom.sf(faces[at - 1] - 1, at, 0.5) <= 0.05).any()
    assert wrong > 20


def test_a_loaded_coin_is_told_once():
    watching, told = Watching([Heads()], level=0.05), []
    for k in range(40):
        told += watching.read(coins(5, 50, odds=0.62, first=50 * k))
    assert len(told) == 1
    seen = watching.so_far()
    assert [one.key for one in seen.alarms] == [told[0].key]
    assert seen.alarms[0].evidence >= told[0].evidence  # with what is known of it now
    assert seen.size == (2000, 1, 1)
    assert seen.log is not None
    assert seen.log.row.tolist() == list(range(1, 2001))


def test_what_cannot_be_read_is_said_when_it_is_read_at_once():
    seen = monitor(coins(1, 20), [Heads(least=100)])
    assert seen.unread == {"Heads": "More coins."}
    assert seen.readings == seen.alarms == ()
    assert "More coins" in seen.findings[0].sentence


def test_the_strongest_comes_first_and_alarms_stand_together():
    strong, weak = coins(1, 500, odds=0.9), coins(1, 500)
    seen = monitor(strong, [Heads(), Heads(least=2)], level=0.01)
    assert len(seen.alarms) == 2
    assert monitor(weak, [Heads()]).alarms == ()
    assert seen.to_dict()["readings"][0]["alarm"] is True


@pytest.mark.parametrize("level", [0, 1, -1, float("nan")])
def test_levels_that_are_none_are_refused(level):
    with pytest.raises(InputError, match="level"):
        monitor(coins(1, 20), [Heads()], level=level)


def test_an_empty_log_is_refused():
    with pytest.raises(InputError, match="no rows"):
        monitor(Log.of([]), [Heads()])


def test_a_block_that_is_refused_is_passed_over_and_evidence_goes_on():
    class Strict(Heads):
        def read(self, log, seed):
            if log["action"].numbers.max() > 1:
                raise InputError("A coin fell on 7.")
            return super().read(log, seed)

    watching = Watching([Strict()], level=0.05)
    bad = Log.of([Event(0, 0, "ann", "act", action=7)])
    alarms = [*watching.read(bad)]
    for k in range(12):
        alarms += watching.read(coins(2, 300, odds=0.9, first=300 * k))
    assert len(alarms) == 1
    assert "passed over: 1 × A coin fell on 7." in watching.so_far().unread["Strict"]


def test_what_one_monitor_cannot_do_takes_nothing_from_the_others(monkeypatch):
    class Broken(Heads):
        def read(self, log, seed):
            return [1 / 0]

    monkeypatch.delenv("OSTROM_TRACEBACK", raising=False)
    seen = monitor(coins(1, 400, odds=0.9), [Broken(), Heads()])
    assert [one.monitor for one in seen.alarms] == ["heads"]
    assert "ZeroDivisionError" in seen.unread["Broken"]
    watching = Watching([Broken(), Heads()])
    assert [one.monitor for one in watching.read(coins(1, 400, odds=0.9))] == ["heads"]
    assert "ZeroDivisionError" in watching.so_far().unread["Broken"]


def test_pieces_that_do_not_fit_together_leave_the_report():
    watching = Watching([Heads()])
    for letter in "xy":
        fields = {f"{letter}{k}": k for k in range(1500)}
        watching.read(Log.of([Event(0, 0, "ann", "act", action=1, observation=fields)]))
    watching.read(coins(1, 400, odds=0.9))
    seen = watching.so_far()
    assert (seen.log, seen.size) == (None, (402, 1, 1))
    assert len(seen.alarms) == 1


def test_what_is_left_at_the_end_is_read_once():
    watching = Watching([Heads()])
    assert watching.read(coins(1, 190, odds=0.9)) == ()
    (alarm,) = watching.finish()
    assert alarm.n == 190
    assert watching.finish() == ()
    assert watching.so_far().alarms == (alarm,)


def test_what_is_shown_in_a_row_of_its_own_counts_for_what_comes_after():
    seen = []

    class Looks(Heads):
        def read(self, log, seed):
            seen.append(log.get("observation.cost").numbers[log.get("action").present].tolist())
            return []

    rows = [
        Event(k, t, "ann", ("observation", "act")[t], (), {"cost": k} if t == 0 else None, None if t == 0 else k % 2)
        for k in range(100)
        for t in range(2)
    ]
    Looks()(Log.of(rows), 0)
    watching = Watching([Looks()])
    for row in rows:
        watching.read(Log.of([row]))
    assert seen == [list(range(100))] * 2


@pytest.mark.parametrize("wrong", [[Heads], ["heads"], [None]])
def test_what_is_no_monitor_is_refused(wrong):
    with pytest.raises(InputError, match="monitor"):
        monitor(coins(1, 10), wrong)
    with pytest.raises(InputError, match="monitor"):
        Watching(wrong)


@pytest.mark.parametrize("wrong", [-1, 0.5, True, None])
def test_what_is_no_seed_is_refused(wrong):
    with pytest.raises(InputError, match="seed"):
        monitor(coins(1, 10), [Heads()], seed=wrong)


def test_a_row_of_the_source_is_named_once():
    log = coins(1, 60)
    twice = Log(log.source, log.episode, log.t, log.row // 2, log.columns)
    assert shown(twice, range(60)) == tuple(range(20))


def test_what_is_shown_of_blocks_goes_together():
    """A small block at the end that tells nothing must not say so in the place of all others."""
    following = Heads().follow()
    following.read(coins(5, 600, 0.9))
    following.read(coins(5, 7, 0.0, first=600))
    (reading,) = following.finish()
    assert reading.e > 1000
    assert reading.n == 607
    assert reading.effect == pytest.approx(0.9, abs=0.05)
    assert "of 400 of the 607 observations" in reading.assumes or "of 200 of the 607 observations" in reading.assumes


def test_of_blocks_that_tell_nothing_the_largest_is_shown():
    following = Heads().follow()
    following.read(coins(6, 600))
    following.read(coins(6, 4, 1.0, first=600))
    (reading,) = following.finish()
    assert reading.e < 20
    assert 0.4 < reading.effect < 0.6


def test_an_alarm_that_lost_evidence_is_told_as_it_was():
    watching = Watching([Heads()])
    (alarm,) = watching.read(coins(7, 600, 0.9))
    watching.read(coins(7, 9_000, 0.2, first=600))
    (stood,) = watching.so_far().alarms
    assert stood.sentence == alarm.sentence
    assert stood.effect == alarm.effect
    assert stood.numbers["e now"] < stood.e
    assert alarm.n < stood.n <= 9_600


def test_a_stretch_without_a_field_that_was_asked_for_does_not_end_the_watch():
    from ostrom.monitors import Channels
    from ostrom.testing import planted_log

    watching = Watching([Channels(private=("cost",), rounds=99)])
    watching.read(planted_log("synonym", 1.0, messages=200).log)
    bare = [Event(10_000 + k, 0, "Ann", "message", message="hello") for k in range(4_000)]
    watching.read(Log.of(bare))
    seen = watching.so_far()
    assert seen.readings
    assert "asked for" in seen.unread["Channels"]


def test_a_field_that_never_was_is_named_at_once():
    from ostrom.monitors import Channels

    with pytest.raises(UnknownName, match="cots"):
        Watching([Channels(private=("cots",))]).read(coins(1, 400))


def test_one_monitor_may_be_given_as_it_is():
    assert monitor(coins(1, 300), Heads()).readings == monitor(coins(1, 300), [Heads()]).readings
    assert Watching(Heads()).read(coins(2, 300, 0.95))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda m: m.Channels(private="cost"), "private"),
        (lambda m: m.Changes(private=None), "private"),
        (lambda m: m.Changes(window=2.7), "window"),
        (lambda m: m.Branching(near=None), "near"),
        (lambda m: m.Imitation(rounds=float("nan")), "rounds"),
        (lambda m: m.Imitation(width=True), "width"),
        (lambda m: m.WorkingChannel(level=""), "level"),
        (lambda m: m.Influence(heard=(1,)), "heard"),
        (lambda m: m.Novelty(share=float("inf")), "share"),
    ],
)
def test_parameters_of_another_type_are_refused(made, said):
    from ostrom import monitors

    with pytest.raises(InputError, match=said):
        made(monitors)


def test_lists_of_names_are_kept_as_tuples():
    from ostrom.monitors import Channels

    assert Channels(private=["cost"]) == Channels(private=("cost",))


@pytest.mark.parametrize("log", ["log.jsonl", None, [Event(0, 0, "ann", "act")]])
def test_what_is_no_log_is_refused(log):
    with pytest.raises(InputError, match="Give a Log"):
        Heads()(log)


@pytest.mark.parametrize("level", ["0.05", None, (0.1,)])
def test_a_level_of_another_type_is_refused(level):
    with pytest.raises(InputError, match="level"):
        monitor(coins(1, 100), [], level=level)
