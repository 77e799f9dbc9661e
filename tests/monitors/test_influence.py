"""Influence from logs: surrogates against what they have to keep, planted listeners, and what is only taken for one."""

import math
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitors._yesterday import yesterday
from scipy.stats import binom, chisquare

from ostrom import Event, InputError
from ostrom.core.log import Column, Log
from ostrom.diagnosis.channel import channel
from ostrom.monitors import Influence, NothingToRead
from ostrom.monitors._discrete import permuted, shared
from ostrom.monitors._influence import pairs
from ostrom.monitors._influence_context import held_fixed, latest
from ostrom.monitors._influence_questions import Whole, shared_bits
from ostrom.monitors._influence_swaps import Streams, runs_of
from ostrom.monitors._influence_weighed import Weighed, compared
from ostrom.testing.check_monitor import check_monitor
from ostrom.testing.planted_log import planted_log

module = import_module("ostrom.monitors.influence")
QUICK = Influence(rounds=1999)


def talk(seed, runs=60, steps=2, heed=0.0, weather=0.0, habit=0.0, style=0.0, hear=False, see=True):
    """Ann says one of two things, and Bob does one of two; `heed` is how often he does as told.

    weather, style, habit : how often both follow what both see, ann says the same again, bob does the same again.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for e in range(runs):
        said, done = rng.integers(2, size=2)
        for t in range(steps):
            sky = int(rng.integers(2))
            said = said if rng.random() < style else rng.integers(2)
            said = sky if rng.random() < weather else said
            done = done if t and rng.random() < habit else rng.integers(2)
            done = sky if rng.random() < weather else done
            done = said if rng.random() < heed else done
            shown = {"sky": sky} if see else {}
            rows.append(Event(e, 2 * t, "ann", "message", ("bob",), {**shown}, message=f"m{said}"))
            heard = {"inbox": f"m{said}"} if hear else {}
            rows.append(Event(e, 2 * t + 1, "bob", "act", (), {**shown, **heard}, action=f"a{done}"))
    return Log.of(rows)


# Surrogates --------------------------------------------------------------------------------------------------------

CODES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), min_size=1, max_size=60)


@given(CODES, st.integers(0, 2**32))
def test_messages_change_places_within_their_context(rows, seed):
    episode, context = np.array(sorted(rows)).T
    streams = Streams(runs_of(episode), context)
    source = streams.swap(np.random.default_rng(seed))
    assert sorted(source) == list(range(len(rows)))
    assert (context[source] == context).all()


def test_whole_streams_change_places_where_contexts_are_the_same():
    run, context = np.repeat(np.arange(30), 4), np.tile([0, 1, 1, 0], 30)
    source = Streams(run, context).swap(np.random.default_rng(0))
    assert (np.diff(run[source].reshape(30, 4)) == 0).all()
    assert (source.reshape(30, 4) % 4 == np.arange(4)).all()
    assert len(set(run[source].reshape(30, 4)[:, 0])) == 30


def test_every_permutation_of_runs_is_as_likely():
    streams, rng = Streams(np.arange(3), np.zeros(3, int)), np.random.default_rng(1)
    drawn = [tuple(streams.swap(rng)) for _ in range(3000)]
    assert chisquare(np.unique(drawn, axis=0, return_counts=True)[1]).pvalue > 1e-4
    assert len(set(drawn)) == 6


def test_a_run_that_lacks_a_context_is_passed_over():
    """Runs of one to five rows in one context: those that have a third row change it among themselves, evenly."""
    run = np.repeat(np.arange(5), [1, 2, 3, 4, 5])
    streams, rng = Streams(run, np.zeros(15, int)), np.random.default_rng(2)
    third = np.array([5, 8, 12])
    drawn = [tuple(streams.swap(rng)[third]) for _ in range(3000)]
    assert set(map(frozenset, drawn)) == {frozenset(third.tolist())}
    assert chisquare(np.unique(drawn, axis=0, return_counts=True)[1]).pvalue > 1e-4


def test_neighbours_change_places():
    source = Streams(np.arange(200), np.zeros(200, int)).swap(np.random.default_rng(3))
    assert (np.abs(source - np.arange(200)) < 20).all()


def test_a_long_episode_is_cut_into_stretches():
    runs = runs_of(np.zeros(1000, int))
    assert 20 <= runs.max() + 1 <= 60
    assert (np.diff(runs) >= 0).all()
    assert np.bincount(runs).min() >= 5
    assert runs_of(np.arange(50)).tolist() == list(range(50))


@given(st.integers(0, 2**32))
def test_information_of_exchanged_messages_is_that_of_the_definition(seed):
    rng = np.random.default_rng(seed)
    m, a, o = (rng.integers(k, size=40) for k in (3, 2, 2))
    streams, question = Streams(np.arange(40), o), Whole(m, a, o)
    source = streams.swap(rng)
    assert question.bits(source) == pytest.approx(shared(m[source], a, o).plugin, abs=1e-9)
    assert shared_bits(m, a, o) == pytest.approx(shared(m, a, o).plugin, abs=1e-9)


# What is there is found --------------------------------------------------------------------------------------------


def test_an_obedient_listener_has_one_bit_and_a_deaf_one_none():
    """Lowe et al. (2019): ln 2 nats are 1 bit; the same plays in `diagnosis.channel`."""
    heeded, deaf = (QUICK(talk(0, 400, 1, heed))[0] for heed in (1.0, 0.0))
    assert heeded.effect == pytest.approx(1, abs=0.02)
    assert heeded.p == 1 / 2000
    assert "after 'm1' bob does 'a1' in 100% of cases, else in 0%" in heeded.sentence
    assert deaf.p > 0.001
    assert deaf.effect == pytest.approx(0, abs=0.02)
    assert deaf.interval[0] == 0
    assert heeded.who == deaf.who == ("ann", "bob")


def test_it_agrees_with_the_diagnosis_of_played_worlds():
    pair = next(pairs(talk(1, 400, 1, 0.6), (), ()))
    m, a, o = pair.said.codes, pair.done.codes, pair.context
    told = channel(m, m, a, o).influence
    found = QUICK(pair.exchange.log)[0]
    assert told.value is not None
    assert found.effect == pytest.approx(told.value / math.log(2), abs=0.02)


@pytest.mark.parametrize("carrier", ["synonym", "order", "parity", "hidden"])
def test_texts_are_read_by_their_signs(carrier):
    """A log that this monitor's authors did not plant: Bob heeds a bit in Ann's texts, nobody heeds Cleo's."""
    planted = planted_log(carrier, 0.5, messages=400, heeded=0.8)
    heeded, idle = sorted(Influence(rounds=999)(planted.log), key=lambda one: one.who)
    assert (heeded.who, idle.who) == (("Ann", "Bob"), ("Cleo", "Dan"))
    assert heeded.p <= 0.005
    assert heeded.numbers["read as"] == "words"
    assert idle.p > 0.005


@pytest.mark.parametrize("control", ["topic drift", "common shock", "informative but public", "same seed"])
def test_what_only_looks_like_it_is_left_alone(control):
    planted = planted_log("synonym", 0, messages=300, control=control)
    assert min(one.p for one in Influence(rounds=999)(planted.log)) > 0.004


def test_what_is_heard_is_no_circumstance():
    """The listener's observation holds the message itself: to hold it fixed would leave nothing to look at."""
    found = QUICK(talk(2, heed=0.9, hear=True))[0]
    assert found.p == 1 / 2000
    assert "inbox" not in " ".join(found.numbers["fixed"])


def test_what_is_said_of_what_both_see_is_a_circumstance():
    """Ann says what the sky is, word for word, and Bob sees it too, a step later: he does not do it for her."""
    rng, rows = np.random.default_rng(12), []
    for e in range(150):
        sky = str(rng.choice(["rain", "sun"]))
        said = sky if rng.random() < 0.8 else str(rng.choice(["rain", "sun"]))
        rows.append(Event(e, 0, "ann", "message", ("bob",), {"sky": sky}, message=said))
        rows.append(Event(e, 1, "bob", "act", (), {"sky": sky}, action=sky if rng.random() < 0.9 else "stay"))
    found = QUICK(Log.of(rows))[0]
    assert "sky as bob saw it" in found.numbers["fixed"]
    assert found.p > 0.005


# What is not there -------------------------------------------------------------------------------------------------


def test_what_both_see_is_not_taken_for_influence():
    seen, hidden = (QUICK(talk(3, weather=0.8, see=see))[0] for see in (True, False))
    assert seen.p > 0.01
    assert "sky" in " ".join(seen.numbers["fixed"])
    assert hidden.p == 1 / 2000  # the same talk, but nobody wrote down what both saw
    assert "nothing that was recorded" in hidden.assumes or "sky" not in hidden.assumes


def test_habits_are_not_taken_for_influence():
    """Both keep to what they do through an episode: exchanging single messages would raise an alarm, streams do not."""
    single, streams = [], []
    for seed in range(30):
        log = talk(seed, 25, 8, habit=1.0, style=1.0)
        streams.append(Influence(rounds=99)(log, seed)[0].p)
        pair = next(pairs(log, (), ()))
        rng = np.random.default_rng(seed)
        single.append(permuted(pair.said.codes, pair.done.codes, np.zeros(len(pair), int), rng, 99))
    assert np.mean(np.array(single) <= 0.05) > 0.3
    assert (np.array(streams) <= 0.05).sum() <= binom.isf(1e-5, 30, 0.05)


def test_what_the_speaker_did_before_is_held_fixed():
    """Bob copies Ann's last move, and so does what she says next: given that move, her words do nothing."""
    rng, rows = np.random.default_rng(4), []
    for e in range(150):
        last = rng.integers(2)
        rows.append(Event(e, 0, "ann", "act", action=f"a{last}"))
        rows.append(Event(e, 1, "ann", "message", ("bob",), message=f"m{last if rng.random() < 0.8 else 1 - last}"))
        rows.append(Event(e, 2, "bob", "act", action=f"a{last if rng.random() < 0.9 else 1 - last}"))
    found = QUICK(Log.of(rows))[0]
    assert found.numbers["fixed"] == ["the last move of ann"]
    assert found.p > 0.005
    assert QUICK(Log.of(row for row in rows if row.t))[0].p == 1 / 2000


def test_it_keeps_its_level_with_confounders():
    p = [Influence(rounds=99)(talk(seed, 25, 3, 0, 0.5, 0.5, 0.5), seed)[0].p for seed in range(60)]
    assert (np.array(p) <= 0.05).sum() <= binom.isf(1e-5, 60, 0.05)


@pytest.mark.slow
def test_it_does_what_a_monitor_has_to_do():
    check_monitor(QUICK, lambda seed: talk(seed, heed=0.8), lambda seed: talk(seed, 40, 3, 0, 0.5, 0.5, 0.5))


@pytest.mark.slow
@pytest.mark.parametrize(("heed", "bits"), [(0.0, 0.0), (0.3, 0.0659), (0.8, 0.5310)])
def test_intervals_hold_the_truth(heed, bits):
    found = [Influence(rounds=99)(talk(seed, 150, 1, heed), seed)[0] for seed in range(200)]
    held = sum(one.interval[0] <= bits <= one.interval[1] for one in found)
    assert held >= binom.isf(1 - 1e-4, 200, 0.95)
    assert np.mean([one.effect for one in found]) == pytest.approx(bits, abs=0.012)


# Logs as they come -------------------------------------------------------------------------------------------------


def test_episodes_that_are_written_by_turns_are_read_as_well():
    log = talk(5, heed=0.7)
    mixed = log.take(np.argsort(log.t, kind="stable"))
    assert QUICK(mixed)[0].sentence == QUICK(log)[0].sentence


def test_the_latest_row_is_of_the_same_episode():
    log = talk(6, 3, 2)
    wanted = log.get("action").present
    rows = np.arange(len(log))
    assert latest(log, wanted, rows).tolist() == [-1, 1, 1, 3, -1, 5, 5, 7, -1, 9, 9, 11]
    assert latest(log, wanted, rows, before=True).tolist() == [-1, -1, 1, 1, -1, -1, 5, 5, -1, -1, 9, 9]
    same_step = log.take(rows)
    object.__setattr__(same_step, "t", log.t // 2)
    assert latest(same_step, wanted, rows, apart=True).tolist() == [-1, -1, 1, 1, -1, -1, 5, 5, -1, -1, 9, 9]


def test_what_never_repeats_cannot_be_held_fixed_and_is_named():
    log = Log.of(
        Event(row.episode, row.t, row.agent, row.channel, (), {"prompt": f"{k}"}, row.action, row.message)
        for k, row in enumerate(talk(7, heed=0.7).events())
    )
    found = QUICK(log)[0]
    assert found.p == 1 / 2000
    assert "hardly repeats" in found.assumes
    assert any("prompt" in name for name in found.numbers["not fixed"])


def test_of_too_many_circumstances_those_that_matter_come_first():
    rng = np.random.default_rng(8)
    matter = rng.integers(2, size=200)
    m, a = (np.where(rng.random(200) < 0.2, 1 - matter, matter) for _ in range(2))
    columns = {f"noise {k}": Column(rng.integers(6, size=200).astype(np.int32), tuple("abcdef")) for k in range(6)}
    columns["matter"] = Column(matter.astype(np.int32), ("x", "y"))
    _, fixed, loose = held_fixed(columns, m, a)
    assert fixed[0] == "matter"
    assert loose


def test_the_same_seed_gives_the_same_reading():
    log = talk(9, heed=0.1)
    assert repr(QUICK(log, 3)) == repr(QUICK(log, 3))


def test_nobody_who_moves():
    log = talk(10)
    with pytest.raises(NothingToRead, match="No agent moves 20 times"):
        QUICK(log.take(log.by("ann")))


@pytest.mark.parametrize("wrong", [{"level": 0.0}, {"level": float("nan")}, {"rounds": 5}, {"rounds": 10**9}])
def test_parameters_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match=r"A level is a probability|is not a number"):
        Influence(**wrong)


def test_surrogates_stop_early_where_nothing_is_there():
    rng = np.random.default_rng(11)
    m, a, o = rng.integers(2, size=(3, 100))
    found = compared(Whole(m, a, o), Streams(np.arange(100), o), rng, 9999)
    assert found.rounds < 9999
    assert found.p == 20 / found.rounds


# What keeps time, and what follows its own moves --------------------------------------------------------------------


def rounds_of(seed, follow):
    """Ann says whether the round is even; Bob moves by the same count, or after his own last two moves."""
    rng, rows, done = np.random.default_rng(seed), [], [0, 1]
    for k in range(240):
        step, even = 2 * (k % 30), k % 2 == 0
        again = done[-1] == done[-2]
        said = (even if follow == "count" else again) ^ (rng.random() < 0.05)
        move = int(even) if follow == "count" else 1 - done[-1] if again else done[-1]
        done.append(move ^ int(rng.random() < 0.1))
        rows.append(Event(k // 30, step, "ann", "message", ("bob",), {}, message=f"m{int(said)}"))
        rows.append(Event(k // 30, step + 1, "bob", "act", (), {}, action=f"a{done[-1]}"))
    return Log.of(rows)


@pytest.mark.parametrize(
    ("follow", "name"), [("count", "counted round by"), ("own moves", "the move of bob before that")]
)
def test_a_beat_and_a_longer_memory_are_not_taken_for_influence(follow, name):
    found = [QUICK(rounds_of(seed, follow))[0] for seed in range(4)]
    assert min(one.p for one in found) > 0.01
    assert all(any(name in fixed for fixed in one.numbers["fixed"]) for one in found)


def test_a_listener_is_found_beside_a_memory_of_its_own():
    found = QUICK(talk(3, runs=80, steps=4, heed=0.5, habit=0.6))[0]
    assert found.p < 1e-3
    assert not any("counted round" in one for one in found.numbers["fixed"])


@pytest.mark.parametrize(("p", "start"), [(1e-4, "What ann"), (0.008, "It seems that what ann"), (0.06, "Nothing")])
def test_an_alarm_never_says_that_there_is_nothing(p, start):
    pair = next(pairs(talk(0), (), ()))
    _, asked = module.influence(pair, np.random.default_rng(0), 99)
    found = module._reading(pair, Weighed(0.02, (0.0, 0.1), p, 60, 999), asked, 5e-4)
    assert found.sentence.startswith(start)
    assert bool(found.risks) == (p <= 0.05)


def test_there_are_draws_enough_for_a_crowd():
    """Sixty who only chat make more readings, and more draws for the one who is heeded."""
    crowd = [Event(1000, k, f"p{k}", "message", message="hi") for k in range(60)]
    found = Influence(rounds=99)(Log.of([*talk(1, heed=0.9).events(), *crowd]))[0]
    assert found.p < 1 / 20_000


def test_of_too_many_fields_some_are_looked_at():
    rng, rows = np.random.default_rng(0), []
    for event in talk(0, runs=30, steps=1).events():
        rows.append(replace(event, observation={f"x{k}": int(rng.integers(10**6)) for k in range(130)}))
    found = Influence(rounds=99)(Log.of(rows))[0]
    assert found.numbers["fields not looked at"] == 30
    assert "30 fields" in found.assumes


def test_news_of_days_before_is_held_fixed_where_the_listener_goes_by_it():
    """Both go by what all were shown then; held beside today's news alone every such log alarms."""
    honest, heeded, idle = (QUICK(yesterday(5, **how))[0] for how in ({}, {"heeds": 0.6}, {"goes": 0, "heeds": 0.6}))
    assert honest.p > 0.01
    assert heeded.p <= 0.002
    assert "news a step before" in honest.numbers["fixed"]
    assert "news a step before" in honest.assumes
    assert not any("before" in name for name in idle.numbers["fixed"])
    assert idle.p == 1 / 2000


def test_rounds_of_several_steps_are_looked_back_on_by_messages():
    honest = QUICK(yesterday(2, back=3))[0]
    assert honest.p > 0.01
    assert "news three messages before" in honest.numbers["fixed"]
