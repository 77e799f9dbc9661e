"""Drift: what is planted is flagged on time and its source named, and what is honest keeps the level."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from monitors._school import Company, honest, lesson, mutual, probe
from scipy.stats import binom

from ostrom import Event, InputError
from ostrom.core.log import Log
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._confidence_sequences import wealth
from ostrom.monitors.drift import Drift

BAD = Company(rule="prestige", lessons=60, contaminated=2, days=15)


def _read(log, monitor=None):
    found = (monitor or Drift())(log)
    return next(r for r in found if r.e is not None), next((r for r in found if r.p is not None), None)


@pytest.mark.parametrize("seed", range(3))
def test_a_pupil_that_leaves_the_ball_is_flagged_within_days_and_its_source_named(seed):
    company = replace(BAD, contaminated=1, demonstrators=4)
    log = company.log(seed)
    state, source = _read(log)
    shares = np.array(state.numbers["shares"])
    left = int(np.argmax(shares > 0.1))
    assert shares[-1] > 0.1
    assert left <= state.numbers["alarm"] <= left + 8
    assert state.e > 2000
    assert source.who == ("teacher 1", "pupil")
    assert source.p < 5e-4
    assert "teacher 1 showed 100% of what is newly wrong" in state.sentence
    wrong = {int(k) - 1 for k in state.rows}
    assert {log["action"][k] for k in wrong} <= {"a1", "a2"}


def test_two_sources_share_what_they_taught():
    state, _ = _read(BAD.log(3))
    named = state.numbers["sources"]["by name"]
    assert {name for name, one in named.items() if one["p"] < 5e-4} == {"teacher 1", "teacher 2"}
    assert sum(one["share"] for one in named.values()) + state.numbers["sources"]["nobody"] == pytest.approx(1)


@pytest.mark.parametrize("seed", range(2))
def test_a_pupil_that_verifies_stays_inside(seed):
    state, source = _read(replace(BAD, rule="verified").log(seed))
    assert state.e < 1
    assert state.numbers["alarm"] is None
    assert source is None
    assert "inside its bound" in state.sentence


def test_lessons_about_other_things_name_nobody():
    state, source = _read(replace(BAD, held_out=True).log(0))
    assert state.e > 2000
    assert source is None
    assert "nobody can be named" in state.sentence


def test_an_honest_share_at_the_bound_keeps_the_level():
    """The whole monitor on few logs, and what it bets with on many: benchmarks/calibration/drift.py does 10 000."""
    for seed in range(3):
        log = honest(0.05, 10, 100, seed)
        state, _ = _read(log, Drift(bound=0.05))
        bad = log["action"].codes != log["action"].code("a0")
        days = np.bincount(log.episode, bad)
        assert np.log(state.e) == pytest.approx(wealth(days, np.full(10, 100), 0.05)[-1])
    ones = np.random.default_rng(0).binomial(200, 0.05, (5000, 10))
    flagged = int((wealth(ones, np.full(10, 200), 0.05) >= np.log(2000)).any(1).sum())
    assert flagged <= binom.ppf(0.9999, 5000, 5e-4)


def test_a_slope_of_one_in_a_hundred_is_found_within_ten_generations():
    rng = np.random.default_rng(0)
    ones = rng.binomial(200, 0.05 + 0.01 * np.arange(11), (500, 11))
    found = wealth(ones, np.full(11, 200), 0.05) >= np.log(2000)
    assert found[:, 10].mean() > 0.99
    assert np.median(found.argmax(1)) <= 7


def test_sources_that_taught_nothing_wrong_are_not_blamed():
    """Wrong answers that come by themselves, among teachers who show right ones: one of twenty has p <= 0.05."""
    p = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        events = [probe("pupil", 0, s, s, 0) for s in range(80)]
        events += [lesson(1, t, int(rng.integers(3)), int(rng.integers(80)), int(rng.integers(3))) for t in range(60)]
        events += [probe("pupil", 1, 100 + s, s, int(rng.integers(1, 3)) * (rng.random() < 0.3)) for s in range(80)]
        _, source = _read(Log.of(events))
        p.append(1.0 if source is None else source.p)
    assert (np.array(p) <= 0.05).sum() <= binom.ppf(0.999, 40, 0.05)


def test_who_is_asked_the_same_probes_is_named_though_its_lessons_were_about_other_things():
    company = replace(BAD, held_out=True, contaminated=1)
    log, tables = company.log(0), company.tables(np.random.default_rng(0))
    asked = [
        replace(probe(f"teacher {k + 1}", 1, -1, s, int(tables[k, s])), facts={}) for k in range(6) for s in range(200)
    ]
    events = list(log.events())
    whole = Log.of([*(e for e in events if e.episode == 0), *asked, *(e for e in events if e.episode > 0)])
    source = next(r for r in Drift()(whole) if r.p is not None and r.who[-1] == "pupil")
    assert source.who[0] == "teacher 1"
    assert source.p < 5e-4


def test_without_a_wanted_answer_change_itself_is_bounded():
    steady = [probe("a", day, s, s, s % 2, wanted=None) for day in range(4) for s in range(50)]
    state, _ = _read(Log.of(steady))
    assert state.effect == 0
    assert state.numbers["against"] == "its own answers of the first day"
    moved = [probe("a", day, s, s, s % 2 + (day > 1 and s < 25), wanted=None) for day in range(6) for s in range(50)]
    assert _read(Log.of(moved))[0].e > 2000


def test_two_who_learn_from_each_other_alone_drift_and_look_alike():
    """Mutual drift: nobody outside is wrong, each is as the other is, and both leave the ball; an anchor holds them."""
    wrong, apart = mutual(days=60, agents=2, probes=200, pace=0.8, slip=0.02, seed=0)
    assert wrong[-1].min() > 0.2
    assert apart[-1] < 0.1
    events = [
        probe(name, day, s, s, int(s < round(wrong[day, k] * 200))) for day in range(61) for s in range(200)
        for k, name in enumerate(("ann", "bob"))
    ]  # fmt: skip
    found = [r for r in Drift()(Log.of(events)) if r.e is not None]
    assert {r.who[0] for r in found if r.e > 2000} == {"ann", "bob"}
    assert wealth(np.round(apart * 200), np.full(61, 200), 0.1).max() < np.log(2000)  # held against each other
    held, _ = mutual(days=60, agents=2, probes=200, pace=0.8, slip=0.02, seed=0, anchor=0.2)
    assert held.max() < 0.1


def test_followed_live_it_reads_days_that_are_over_and_ends_where_one_look_does():
    log = BAD.log(0)
    live, alarm = Drift().follow(), None
    for start in range(0, len(log), 130):
        found = live.read(log.take(np.arange(start, min(start + 130, len(log)))))
        assert all(r.p is None for r in found)
        if alarm is None and found and found[0].e >= 2000:
            alarm = found[0].numbers["days"][-1]
    whole, _ = _read(log)
    assert alarm == whole.numbers["alarm"]
    assert found[0].numbers["days"] == whole.numbers["days"][:-1]


def test_the_same_seed_the_same_reading_and_the_order_of_other_agents_does_not_matter():
    log = BAD.log(1)
    assert str(Drift()(log)) == str(Drift()(log))


@pytest.mark.parametrize(
    "events",
    [
        [Event(0, 0, "a", "act", action="x")],
        [probe("a", 0, 0, 0, 0)],
        [probe("a", 0, s, s, 0, wanted=None) for s in range(30)],
        [Event(0, s, "a", "probe") for s in range(30)],
        [Event(0, s, "", "probe", action="x") for s in range(30)],
    ],
)
def test_a_log_with_nothing_to_hold_against_says_what_it_would_need(events):
    with pytest.raises(NothingToRead, match=r'"channel": "probe", "observation"|Add a second day'):
        Drift()(Log.of(events))


def test_odd_logs_are_read():
    rows = [
        Event(k % 3 * 10**12, k, "\x00<b>'; drop", "probe", observation={"x": k, "y": None}, action=[k, {"z": 1e300}],
              facts={"wanted": [k, {"z": 1e300}] if k % 2 else "other", "wrong": None}) for k in range(3000)
    ]  # fmt: skip
    state, _ = _read(Log.of(rows))
    assert state.effect == pytest.approx(0.5, abs=0.01)
    graded = [Event(d, k, "a", "probe", action="x", facts={"wrong": 0.25}) for d in range(3) for k in range(40)]
    assert _read(Log.of(graded))[0].effect == pytest.approx(0.25)
    graded = [Event(0, k, "a", "probe", action="x", facts={"wrong": 7.0 if k else 0.0}) for k in range(40)]
    assert _read(Log.of(graded))[0].n == 1


@pytest.mark.parametrize("bad", [{"bound": 0.0}, {"bound": float("nan")}, {"level": 1.5}, {"least": 0}])
def test_numbers_out_of_range_are_refused(bad):
    with pytest.raises(InputError):
        Drift(**bad)


@pytest.mark.slow
def test_in_the_world_school_who_imitates_the_best_paid_is_flagged_and_who_verifies_is_not():
    path = Path(__file__).parents[2] / "examples" / "daily_check_up.py"
    spec = importlib.util.spec_from_file_location("daily_check_up", path)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    school = example.School()
    left, flagged, _, (late,), named = _figures(example.measure(school, school.bots()["prestige"], 10, 0))
    assert (left, flagged, named) == (10, 10, 10)
    assert late <= 5
    assert example.measure(school, school.bots()["verified"], 10, 0).split() == ["0", "0", "-", "0"]


def _figures(row):
    left, flagged, median, late, named = row.split()
    return int(left), int(flagged), int(median), [int(late.strip("()"))], int(named)
