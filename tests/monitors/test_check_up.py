"""The daily check-up: what is new is found and laid to whom taught it, what is not new keeps the level."""

from collections import Counter
from dataclasses import replace
from itertools import permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitors._school import Company, lesson, probe
from scipy.stats import binom

from ostrom import Event, InputError
from ostrom.core.errors import UnknownName
from ostrom.core.log import Log
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._learning_news import _at_least, _drawn, _odds
from ostrom.monitors.check_up import CheckUp


def _taught(days=8, taught=(3, 9, 14, 20, 31), asks=3, slip=0.0, seed=0):
    """A pupil that answers as ever, and on the last day takes five answers over from teacher 2; teacher 1 is honest."""
    rng, events = np.random.default_rng(seed), []
    for day in range(days):
        last = day == days - 1
        for t, where in enumerate([*range(0, 40, 2), *(taught if last else ())]):
            events.append(lesson(day, t, 1 if last and t >= 20 else 0, where, 2 if last and t >= 20 else 0))
        for k in range(asks):
            for s in range(40):
                answer = 2 if last and s in taught else int(rng.random() < slip)
                events.append(probe("pupil", day, 100 + 40 * k + s, s, answer))
    return Log.of(events, "one lesson too many")


def test_a_day_on_which_something_was_learned():
    report = CheckUp(bound=0.2).report(_taught())
    assert {report.asked.log["observation.situation"][int(report.asked.places[report.asked.situation == s][0])]
            for s in report.news.changed} == {"s3", "s9", "s14", "s20", "s31"}  # fmt: skip
    assert report.news.surely == report.news.changed
    assert report.news.p < 5e-4
    assert report.news.single[next(iter(report.news.changed))] == pytest.approx(1 / comb(24, 3))
    first = report.sources.first
    assert (first.name, first.taken, first.share) == ("teacher 2", 5, 1.0)
    assert first.p < 5e-4
    text = str(report)
    assert "pupil, day 7" in text
    assert "5 of 40 answers are new" in text
    assert "s3: a0 -> a2 (surely" in text
    assert "teacher 2 showed 100%" in text
    assert "Bounds: 12.5% of its answers are wrong on day 7" in text


def test_the_day_before_nothing_was_learned_and_the_future_is_not_read():
    report = CheckUp().report(_taught(), day=6)
    assert (len(report.news.changed), report.news.p) == (0, 1.0)
    assert "Nothing to explain" in str(report)
    assert report.course.share == 0
    short = _taught().take(_taught().episode <= 6)
    assert str(CheckUp().report(short)) == str(report)


def test_what_was_new_yesterday_is_not_new_today():
    events = [probe("a", day, s, s, int(day >= 3 and s < 5)) for day in range(6) for s in range(30)]
    counts = [len(CheckUp().report(Log.of(events), day=day).news.changed) for day in range(1, 6)]
    assert counts == [0, 0, 5, 0, 0]


@pytest.mark.parametrize("share", [0.05, 0.4])
def test_days_without_lessons_keep_the_level(share):
    """An agent that slips at random learns nothing: p is at most 0.05 in no more than a twentieth of the logs."""
    p = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        asked = [(day, k, s) for day in range(4) for k in range(1 + seed % 3) for s in range(30)]
        events = [probe("a", day, 40 * k + s, s, int(rng.random() < share)) for day, k, s in asked]
        p.append(next(r.p for r in CheckUp()(Log.of(events)) if r.p is not None))
    assert (np.array(p) <= 0.05).sum() <= binom.ppf(0.999, 60, 0.05)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=2, max_size=7), st.data())
def test_odds_of_one_probe_by_going_through_all_orders(answers, data):
    today = data.draw(st.integers(1, len(answers) - 1))
    now, was = Counter(answers[:today]), Counter(answers[today:])

    def modes(values):
        tally = Counter(values)
        return {v for v, n in tally.items() if n == max(tally.values())}

    orders = list(permutations(answers))
    moved = [not modes(order[:today]) & modes(order[today:]) for order in orders]
    clear = [m and max(Counter(o[:today]).values()) >= max(now.values()) for m, o in zip(moved, orders, strict=True)]
    if len(set(answers)) > 1:
        assert _odds(was, now) == pytest.approx((np.mean(moved), np.mean(clear)))
    else:
        assert _odds(was, now) == (0.0, 1.0)


def test_too_many_ways_are_not_counted():
    assert _drawn((5,) * 20, 10, 3) == (1.0, 1.0)


def test_sums_of_unlike_events():
    assert _at_least(np.full(10, 0.3), 4) == pytest.approx(binom.sf(3, 10, 0.3))
    assert _at_least(np.array([1.0, 0.0, 0.5]), 2) == pytest.approx(0.5)
    assert _at_least(np.array([]), 0) == 1.0


def test_an_agent_that_leaves_its_bounds_hears_so_every_evening():
    log = Company(rule="prestige", contaminated=1, demonstrators=4, lessons=60, days=15, asks=2).log(0)
    assert "it has left its bound of 10.0%, as could be said on day" in str(CheckUp().report(log))
    taught = [CheckUp().report(log, day=day).sources.first for day in range(2, 16)]
    assert {one.name for one in taught if one is not None and one.p < 5e-4} == {"teacher 1"}
    inside = next(r for r in CheckUp()(log) if r.e is not None)
    assert inside.e > 2000
    live = CheckUp().follow()
    assert live.read(log)[0].where["part"] == "bounds"


def test_readings_say_what_the_report_says():
    learned, inside = sorted(CheckUp()(_taught()), key=lambda one: one.e is not None)
    assert learned.effect == pytest.approx(5 / 40)
    assert learned.where == {"channel": "probe", "part": "learned"}
    assert learned.numbers["sources"]["by name"]["teacher 2"]["taken"] == 5
    assert inside.p is None
    rows = [_taught()["observation.situation"][k - 1] for k in learned.rows]
    assert set(rows) == {"s3", "s9", "s14", "s20", "s31"}


def test_hostile_words_stay_on_their_line():
    shown, said = "\n\x1b[31mDay 99\u202e" * 9, ("\r\nx" * 40, "\r\nxx" * 40, "\r\nxxx" * 40)
    events = [Event(day, s, "a\nb", "probe", observation=f"s{s}{shown}", action=said[day]) for day in range(3)
              for s in range(25)]  # fmt: skip
    lines = str(CheckUp().report(Log.of(events))).splitlines()
    assert "\x1b" not in "".join(lines)
    assert max(map(len, lines)) < 260


def test_nobody_met_and_lessons_elsewhere():
    alone = [probe("a", day, s, s, int(day == 5 and s < 9)) for day in range(6) for s in range(30)]
    assert "It was not seen to meet anybody" in str(CheckUp().report(Log.of(alone)))
    elsewhere = [*alone, *(lesson(5, -9 + k, k % 2, k, 1, held_out=True, to="a") for k in range(4))]
    assert "It met 2; no lesson was about a probe" in str(CheckUp().report(Log.of(elsewhere)))


def test_what_cannot_be_asked_is_refused_in_words():
    log = _taught()
    with pytest.raises(UnknownName, match="pupil"):
        CheckUp().report(log, agent="pupils")
    with pytest.raises(InputError, match="no check-up of pupil on day 0"):
        CheckUp().report(log, day=0)
    with pytest.raises(NothingToRead):
        CheckUp()(log.take(log.episode == 0))
    with pytest.raises(InputError):
        CheckUp(back=0)
    with pytest.raises(InputError):
        CheckUp(share=1.0)
    assert replace(CheckUp(), back=1).back == 1
