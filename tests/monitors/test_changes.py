"""Changes: the best partition is that of brute force, planted changes are dated, and steady talk has none."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from ostrom import Event, InputError
from ostrom.core.log import Log
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._changes_fit import gains, no_change, noise, partition, place
from ostrom.monitors.changes import Changes

WORDS = ("ship", "yard", "rain", "corn", "mill", "wood", "fish", "salt")


def talk(seed, n=900, kind="", onset=500):
    """Sentences of three words; from the onset on something is different."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        cost, words, after = int(rng.integers(2)), WORDS, k >= onset
        if kind == "fewer words" and after:
            words = WORDS[:3]
        if kind == "new words" and after:
            words = (*WORDS[:4], "zonk", "blip", "quux", "vrim")
        if kind == "a code" and after:
            words = WORDS[4 * cost : 4 * cost + 4]
        seen = {"cost": cost}
        text = " ".join(rng.choice(words, 1 if kind == "a code" else 3))
        rows.append(Event(k, 0, "ann", "talk", observation=seen, message=text))
        rows.append(Event(k, 0, "bob", "act", observation={"cost": 0}, action=1))
    return Log.of(rows)


@pytest.mark.parametrize(
    ("kind", "series"),
    [("fewer words", "the entropy"), ("new words", "pairs of words"), ("a code", "what it tells of observation.cost")],
)
def test_a_planted_change_is_found_and_dated(kind, series):
    (found,) = Changes(window=30)(talk(1, kind=kind))
    assert found.p == pytest.approx(1 / 2000)
    assert found.numbers["series"].startswith(series)
    (at, low, high), *_ = found.numbers["changes"]
    assert low <= 501 <= high
    assert abs(at - 501) <= 60
    assert "It says when, not what" in found.sentence
    assert len(found.rows) == 20


def test_steady_talk_keeps_the_level():
    p = np.array([Changes()(talk(seed, n=400))[0].p for seed in range(25)])
    assert (p <= 0.1).sum() <= binom.ppf(0.9999, 25, 0.1)
    assert (p > 0.2).any()


def cost(series, cuts):
    return sum(((part - part.mean()) ** 2).sum() for part in np.split(series, cuts))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 20.0))
def test_the_partition_is_brute_forces(seed, penalty):
    rng = np.random.default_rng(seed)
    series = rng.normal(size=13) + np.repeat(rng.normal(0, 2, 3), [4, 4, 5])
    every = (c for k in range(4) for c in itertools.combinations(range(3, 11), k))
    allowed = [c for c in every if min(np.diff([0, *c, 13])) >= 3]
    least = min(cost(series, c) + penalty * len(c) for c in allowed)
    found = partition(series, penalty)
    assert tuple(found) in allowed
    assert cost(series, found) + penalty * len(found) == pytest.approx(least)


def test_gains_are_what_one_cut_takes_off():
    series = np.random.default_rng(2).normal(size=20)
    wanted = (cost(series, []) - cost(series, [7])) / series.var()
    assert gains(series)[7] == pytest.approx(wanted)
    assert gains(series)[[0, 1, 2, 18, 19]].tolist() == [0] * 5
    assert not gains(np.ones(20)).any()


def test_noise_does_not_mind_a_step():
    series = np.random.default_rng(3).normal(0, 2.0, 2000) + np.repeat([0.0, 50.0], 1000)
    assert noise(series) == pytest.approx(2.0, rel=0.1)
    assert noise(np.ones(9)) == 0


def test_the_place_of_a_change_is_held_by_its_interval():
    held = 0
    for seed in range(200):
        series = np.random.default_rng(seed).normal(size=40) + np.repeat([0.0, 1.5], [22, 18])
        at = int(gains(series).argmax())
        low, high = place(series, at, 0, 40, 1.0)
        held += low <= 22 <= high
        assert low <= at <= high
    assert held >= binom.ppf(1e-4, 200, 0.95)


def test_the_test_of_no_change_keeps_its_level_and_sees_one():
    rngs = map(np.random.default_rng, range(150))
    p = [no_change(rng.normal(size=(3, 20)), rng, 199) for rng in rngs]
    assert (np.array(p) <= 0.05).sum() <= binom.ppf(0.9999, 150, 0.05)
    table = np.random.default_rng(0).normal(size=(3, 20))
    table[1, 12:] += 5
    assert no_change(table, np.random.default_rng(0), 199) == 1 / 200


def test_odd_logs():
    with pytest.raises(NothingToRead):
        Changes()(talk(0, n=100))
    (found,) = Changes()(Log.of([Event(k, 0, "ann", "talk", message="same") for k in range(300)]))
    assert found.p == 1
    (found,) = Changes()(Log.of([Event(k, 0, "ann", "talk", message="\u202e\x00" * (k % 5)) for k in range(300)]))
    assert np.isfinite(found.effect)


@pytest.mark.parametrize("window", [1, 0, -3, 10**10])
def test_a_window_that_cannot_be(window):
    with pytest.raises(InputError):
        Changes(window=window)
