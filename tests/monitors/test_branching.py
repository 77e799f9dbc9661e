"""Branching: the likelihood by its definition, cascades with a known ratio, closed forms, and odd logs."""

import numpy as np
import pytest
from scipy.integrate import quad

from ostrom.core.errors import InputError
from ostrom.core.event import Event
from ostrom.core.log import Log
from ostrom.monitors import Branching
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._loop_hawkes import of_counts, of_times
from ostrom.monitors.branching import branching_ratio


def cascade(base, ratio, decay, end, seed):
    """Times by thinning (Ogata 1981)."""
    rng, now, raised, made = np.random.default_rng(seed), 0.0, 0.0, []
    while True:
        most = base + raised
        wait = rng.exponential(1 / most)
        now += wait
        if now > end:
            return np.array(made)
        raised *= np.exp(-decay * wait)
        if rng.random() * most <= base + raised:
            made.append(now)
            raised += ratio * decay


def counts(base, ratio, b, steps, seed):
    rng, raised, made = np.random.default_rng(seed), 0.0, []
    for _ in range(steps):
        made.append(rng.poisson(base + ratio * raised))
        raised = b * raised + (1 - b) * made[-1]
    return np.array(made)


def log_of(numbers):
    return Log.of(Event(0, t, f"a{k % 3}", "message", message="x") for t, n in enumerate(numbers) for k in range(n))


def test_the_likelihood_is_that_of_the_definition():
    times, end = cascade(1.0, 0.5, 2.0, 8.0, 0), 8.0
    rate = lambda t: 0.7 + 0.4 * 1.5 * np.exp(-1.5 * (t - times[times < t])).sum()  # noqa: E731
    whole = sum(quad(rate, a, b)[0] for a, b in zip([0, *times], [*times, end], strict=True))
    wanted = sum(np.log(rate(t)) for t in times) - whole
    assert of_times([times], [end])(0.7, 0.4, 1.5) == pytest.approx(wanted, rel=1e-6)


def test_long_runs_are_cut_without_a_seam():
    times = np.cumsum(np.random.default_rng(0).exponential(size=300)) * 40
    raised, slow = 0.0, []
    for k in range(len(times)):
        raised = 0.0 if k == 0 else (raised + 1) * np.exp(-0.7 * (times[k] - times[k - 1]))
        slow.append(np.log(0.01 + 0.5 * 0.7 * raised))
    kept = 0.01 * times[-1] + 0.5 * (1 - np.exp(-0.7 * (times[-1] - times))).sum()
    assert of_times([times], [times[-1]])(0.01, 0.5, 0.7) == pytest.approx(sum(slow) - kept)


def test_counts_are_poisson_given_the_past():
    numbers, b = np.array([1.0, 0, 3, 2, 0, 1]), np.exp(-0.8)
    means = [0.5 + 0.4 * (1 - b) * sum(b ** (t - s - 1) * numbers[s] for s in range(t)) for t in range(6)]
    wanted = sum(n * np.log(mean) - mean for n, mean in zip(numbers, means, strict=True))
    assert of_counts([numbers])(0.5, 0.4, 0.8) == pytest.approx(wanted)


def test_a_known_ratio_is_found_again():
    found = [(ratio, branching_ratio(cascade(1 - ratio, ratio, 1.0, 1000, seed), 1000))
             for ratio in (0.3, 0.8) for seed in range(2)]  # fmt: skip
    assert sum(one.interval[0] <= ratio <= one.interval[1] for ratio, one in found) >= 3
    for ratio, one in found:
        assert one.effect == pytest.approx(ratio, abs=0.2)
        assert one.numbers["1 - base / rate"] == pytest.approx(one.effect, abs=0.02)  # the stationary rate


def test_the_mean_rate_of_cascades_is_the_closed_form():
    rates = [len(cascade(0.5, 0.6, 1.0, 500, seed)) / 500 for seed in range(30)]
    assert np.mean(rates) == pytest.approx(0.5 / (1 - 0.6), rel=0.05)


def test_near_one_is_flagged_and_none_is_not():
    assert branching_ratio(cascade(0.05, 0.97, 1.0, 1000, 3), 1000).p <= 1e-3
    steady = branching_ratio(np.cumsum(np.random.default_rng(2).exponential(size=400)))
    assert steady.p > 0.5
    assert steady.interval[0] == 0
    assert steady.effect < 0.3


@pytest.mark.slow
def test_at_the_edge_the_level_is_kept():
    found = [branching_ratio(cascade(0.2, 0.8, 1.0, 500, seed), 500) for seed in range(20)]
    assert np.mean([one.p <= 0.05 for one in found]) <= 0.2
    assert np.mean([one.interval[0] <= 0.8 <= one.interval[1] for one in found]) >= 0.8


def test_a_log_is_counted_step_by_step():
    [found] = Branching()(log_of(counts(0.6, 0.7, 0.5, 600, 4)))
    assert found.interval[0] <= 0.7 <= found.interval[1]
    assert found.who == ("a0", "a1", "a2")
    assert found.where == {"channel": "message"}


def test_a_log_with_times_is_read_by_them():
    times = cascade(0.5, 0.5, 1.0, 500, 5)
    log = Log.of(Event(0, k, "a", "alarm", facts={"time": float(t)}) for k, t in enumerate(times))
    [found] = Branching(time="facts.time")(log)
    assert found.interval[0] <= 0.5 <= found.interval[1]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [Event(0, 0, "a", "message", message="hi")],
        [Event(0, t, "ab"[t % 2], "message", message="hi") for t in range(200)],
        [Event(0, 0, "a", "message", message="hi") for _ in range(200)],
        [Event(0, t * 10**15, "a", "message", message="hi") for t in range(200)],
        [Event(t, 0, "a", "message", message="hi") for t in range(200)],
    ],
)
def test_logs_without_times_that_vary_are_refused_in_words(events):
    with pytest.raises(NothingToRead, match="events"):
        Branching()(Log.of(events))


@pytest.mark.parametrize(
    ("times", "how"),
    [([1.0, 2.0], {}), ([np.nan] * 60, {}), ("soon", {}), ([1.0] * 60, {}), (range(-5, 60), {}),
     (range(60), {"end": 10}), (range(60), {"near": 0}), (range(60), {"end": float("inf")})],
)  # fmt: skip
def test_times_that_are_none_are_refused(times, how):
    with pytest.raises(InputError):
        branching_ratio(times if isinstance(times, str) else list(times), **how)


def test_near_is_a_number_of_events():
    with pytest.raises(InputError):
        Branching(near=-1)
