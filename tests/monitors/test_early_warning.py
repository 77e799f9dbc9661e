"""Early warning: an order book that crashes and one that does not, honest series, and ranks that are uniform."""

import numpy as np
import pytest
from monitors._order_book import book
from scipy.integrate import quad
from scipy.stats import kstest

from ostrom.core.errors import InputError
from ostrom.core.event import Event
from ostrom.core.log import Log
from ostrom.monitors import EarlyWarning
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._loop_windows import capital, ranks


def log_of(values):
    return Log.of(
        Event(0, t, f"a{k}", "act", action=float(x)) for t, row in enumerate(values) for k, x in enumerate(row)
    )


def test_ranks_of_exchangeable_windows_are_uniform():
    rng = np.random.default_rng(0)
    late = [list(ranks(rng.standard_t(2, (12, 3)), sides, rng)) for sides in (True, False) for _ in range(300)]
    assert kstest([one[-1] for one in late], "uniform").pvalue > 1e-3
    assert abs(np.corrcoef([one[-1] for one in late], [one[-2] for one in late])[0, 1]) < 0.15


def test_ties_are_drawn():
    shares = [list(ranks(np.zeros((6, 1)), False, np.random.default_rng(seed)))[-1] for seed in range(300)]
    assert kstest(shares, "uniform").pvalue > 1e-3


def test_the_bet_is_fair_and_an_e_value_at_any_time():
    """Whatever came before, its mean is what it was; so it is ever above 20 with odds of at most 1/20 (Ville)."""
    before = [0.5, 0.02, 0.3]
    mean = quad(lambda root: capital(iter([*before, root**8]))[-1] * 8 * root**7, 0, 1)[0]
    assert mean == pytest.approx(capital(iter(before))[-1], rel=1e-4)
    rng = np.random.default_rng(1)
    paths = np.array([capital(iter(rng.random(60))) for _ in range(600)])
    assert (paths.max(1) >= 20).mean() <= 0.05


@pytest.mark.parametrize("kind", ["heavy", "trend", "walk"])
def test_honest_series_raise_no_alarm(kind):
    largest = []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        values = rng.standard_t(2, (160, 2)) + (3 if kind == "trend" else 0)
        values = np.exp(5 + np.cumsum(0.01 * values, axis=0)) if kind != "heavy" else values
        largest.append(EarlyWarning().worth(log_of(values), seed).max())
    assert np.mean(np.array(largest) >= 20) <= 0.2  # 5 % by Ville; more than 5 of 25 has odds of 1e-3
    assert np.mean(np.array(largest) >= 100) <= 0.04


def test_the_order_book_is_calm_or_crashes():
    assert all(book.traded(seed, book.CALM)[1] is None for seed in range(3))
    assert all(book.traded(seed)[1] is not None for seed in range(3))
    assert [event.to_json() for event in book.traded(5)[0].events()][-9:] == [
        event.to_json() for event in book.traded(5)[0].events()
    ][-9:]


def test_a_crash_is_warned_of_ten_steps_ahead():
    early, calm = [], []
    for seed in range(6):
        log, halted = book.traded(seed + 100)
        worth = EarlyWarning().worth(log, seed)
        early.append((worth >= 100).any() and halted - np.argmax(worth >= 100) >= 10)
    for seed in range(3):
        calm.append(EarlyWarning().worth(book.traded(seed + 100, book.CALM)[0], seed).max())
    assert sum(early) >= 4
    assert max(calm) < 100


def test_the_reading_names_what_stands_out():
    log, halted = book.traded(7)
    [found] = EarlyWarning()(log)
    assert found.e > 100
    assert found.numbers["signal"] == "push"
    assert found.numbers["first round above 100"] < halted - 10
    assert found.interval[0] > 1
    assert "lean to one side" in found.sentence


@pytest.mark.parametrize("signal", ["swing", "memory"])
def test_each_signal_is_seen(signal):
    rng = np.random.default_rng(3)
    noise = rng.standard_normal((1200, 3))
    if signal == "swing":
        noise[800:] *= 4 * np.sign(np.where(np.arange(400) % 2, 1, -1))[:, None]
    else:
        for t in range(801, 1200):
            noise[t] = 0.9 * noise[t - 1] + noise[t] * 0.44
    [found] = EarlyWarning()(log_of(noise))
    assert found.numbers[f"e of {signal}"] > 100


def test_with_reference_runs_it_is_a_p_value():
    calm = tuple(log_of(np.random.default_rng(seed).standard_normal((100, 2))) for seed in range(39))
    quiet = log_of(np.random.default_rng(99).standard_normal((100, 2)))
    pushed = np.random.default_rng(98).standard_normal((100, 2))
    pushed[50:] -= 3
    [still], [found] = (EarlyWarning(reference=calm)(log) for log in (quiet, log_of(pushed)))
    assert found.p == pytest.approx(1 / 40)
    assert still.p > 0.05
    assert found.e is None


def test_p_values_from_reference_runs_are_uniform_or_more():
    logs = [log_of(np.random.default_rng(seed).standard_t(3, (80, 1))) for seed in range(60)]
    worth = [EarlyWarning().worth(log, k).max() for k, log in enumerate(logs)]
    p = [np.mean([other >= one for other in worth]) for one in worth]  # each among all, as exchangeable runs are
    assert np.mean(np.array(p) <= 0.1) <= 0.1


def test_following_is_reading_as_of_the_last_window():
    log, _ = book.traded(7)
    follower = EarlyWarning().follow()
    for first in range(0, len(log), 400):
        seen = follower.read(log.take(np.arange(first, min(first + 400, len(log)))))
    assert seen == EarlyWarning()(log)


def test_what_comes_later_does_not_change_what_was_seen():
    log, _ = book.traded(7)
    whole, part = EarlyWarning().worth(log), EarlyWarning().worth(log.take(np.arange(8 * 160)))
    assert whole[: len(part)] == pytest.approx(part)


@pytest.mark.parametrize(
    "events",
    [
        [],
        [Event(0, 0, "a", "act", action=1.0)],
        [Event(0, t, "a", "act", action="x" * (t % 3)) for t in range(300)],
        [Event(0, t, "a", "act", action=2) for t in range(300)],
        [Event(t, 0, "a", "act", action=t % 7) for t in range(50)],
    ],
)
def test_logs_without_numbers_are_refused_in_words(events):
    with pytest.raises(NothingToRead):
        EarlyWarning()(Log.of(events))


@pytest.mark.parametrize("values", [[10.0**t for t in range(140)], [0, 1] * 70, [0] * 139 + [1e140], [1e-200, 1] * 60])
def test_odd_numbers_are_read(values):
    [found] = EarlyWarning()(log_of([[value] for value in values]))
    assert np.isfinite(found.effect)
    assert found.e >= 0


@pytest.mark.parametrize("wrong", [{"window": 1}, {"window": -3}, {"most": 0}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InputError):
        EarlyWarning(**wrong)
