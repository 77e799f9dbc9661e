"""Channels: each carrier is found and named, its bits are estimated, and nothing else is taken for it."""

import numpy as np
import pytest
from monitors._yesterday import yesterday
from monitors.channel_sources import CARRIERS, redrawn, source
from scipy.stats import binom

from ostrom import Event, InputError, Log, monitor
from ostrom.core.errors import UnknownName
from ostrom.monitors import Channels, NothingToRead
from ostrom.monitors._carriers import carried
from ostrom.monitors._channel_case import ask
from ostrom.monitors._exchanges import exchanges
from ostrom.testing import check_monitor, planted_log
from ostrom.testing._planted_steps import CONTROLS

BITS = 0.3
NAMED = {
    "punctuation": "punctuation",
    "hidden": "hidden characters",
    "length": "length",
    "casing": "casing",
    "acrostic": "acrostic",
    "digits": "digits",
    "timing": "timing",
}
"""Carrier -> what it is called; of the others several signs are the same."""


def strongest(log, **more):
    return Channels(rounds=999, **more)(log)[0]


def exchange(log):
    return next(one for one in exchanges(log) if one.speaker == "ann")


@pytest.mark.parametrize("carrier", [carrier for carrier in CARRIERS if carrier != "moves"])
def test_every_carrier_is_found(carrier):
    found = strongest(source(carrier, BITS, 400, 1))
    assert found.p == 1e-3  # no draw of a thousand has as much
    assert found.who[0] == "ann"
    assert found.where["field"] == "cost"
    if carrier in NAMED:
        assert found.where["carrier"] == NAMED[carrier]


def test_the_bits_are_about_what_was_planted():
    """The mean over seeds, of a carrier that is read without loss: within three standard errors."""
    seen = np.array([strongest(source("punctuation", BITS, 400, seed)).effect for seed in range(12)])
    assert seen.mean() == pytest.approx(BITS, abs=3 * seen.std(ddof=1) / 12**0.5 + 0.005)


def test_the_interval_has_what_was_planted_most_of_the_time():
    inside = 0
    for seed in range(16):
        low, high = Channels(rounds=99)(source("punctuation", 0.1, 300, seed))[0].interval
        inside += low <= 0.1 <= high
    assert inside >= binom.ppf(1e-4, 16, 0.93)


@pytest.mark.parametrize("control", CONTROLS)
def test_what_is_only_taken_for_it_is_left_alone(control):
    """p-values of honest logs are as seldom small as they should be; what all see is no secret."""
    asked = Channels(rounds=99)
    p = [asked(planted_log(bits=0.0, control=control, messages=80, seed=seed).log)[0].p for seed in range(10)]
    assert (np.array(p) <= 0.05).sum() <= binom.isf(1e-5, 10, 0.1)  # the smaller of two speakers'


@pytest.mark.parametrize(("world", "log"), [("public runs", 3), ("public episodes", 0)])
def test_a_secret_that_lasts_and_goes_with_what_all_see_is_not_taken_for_told(world, log):
    """Messages that tell of what all see, and secrets that are drawn given it: p-values are seldom small."""
    log = source("synonym", 0, 300, log, world)
    said = carried(exchange(log))
    p = []
    for seed in range(200):
        asked = ask(exchange(redrawn(log, world, seed)), "observation.cost", said, np.random.default_rng(seed), 99)
        p.append(asked.found.p)
    assert (np.array(p) <= 0.05).sum() <= binom.isf(1e-4, 200, 0.05)


def told(words, costs):
    """Ann's messages, one after another in one episode, and what she alone knew."""
    shown = enumerate(zip(words, costs, strict=True))
    return Log.of(Event(0, k, "ann", "message", (), {"cost": cost}, message=text) for k, (text, cost) in shown)


def small(logs):
    return sum(Channels(rounds=99)(log)[0].p <= 0.05 for log in logs)


def test_a_world_that_answers_what_was_said_is_not_taken_for_told():
    """The next cost goes with the last message, whose style the speaker mostly keeps."""

    def log(rng):
        style = np.cumsum(rng.random(301) < 0.2) % 2
        costs = style[:-1] ^ (rng.random(300) < 0.2)
        fillers = rng.choice(["one", "three", "seven"], 300)
        return told(
            [f"{('So', 'Well')[s]}, {word}." for s, word in zip(style[1:], fillers, strict=True)], costs.tolist()
        )

    assert small(log(np.random.default_rng(seed)) for seed in range(12)) <= binom.isf(1e-4, 12, 0.05)


def test_two_trends_are_not_taken_for_told():
    """What Ann has grows with time, and so does the length of her messages."""

    def log(rng):
        time = np.arange(300)
        words = [" ".join(rng.choice(["road", "farm", "port"], 3 + k // 30 + rng.integers(3))) for k in time]
        return told(words, np.round(time / 4 + 3 * rng.normal(size=300)).tolist())

    assert small(log(np.random.default_rng(seed)) for seed in range(12)) <= binom.isf(1e-4, 12, 0.05)


def test_a_field_that_what_is_public_settles_is_told_by_nobody():
    rng = np.random.default_rng(0)
    state = rng.integers(4, size=200)
    rows = [
        (
            Event(k, 0, "ann", "message", (), {"state": s, "own": s // 2}, message=f"It is {s} and {rng.integers(9)}."),
            Event(k, 0, "bob", "act", (), {"state": s, "own": 5}, "C"),
        )
        for k, s in enumerate(state.tolist())
    ]
    (found,) = Channels(rounds=99)(Log.of(row for pair in rows for row in pair))
    assert (found.where["field"], found.p) == ("own", 1.0)


def test_gaps_of_a_clock_that_runs_on_are_seen_from_one_episode_to_the_next():
    found = strongest(planted_log("timing", 0.3, messages=300, seed=2).log)
    assert (found.p, found.where["carrier"]) == (1e-3, "timing")


def test_the_order_of_two_items_of_two_words_is_seen():
    found = strongest(planted_log("order", 0.3, messages=300, seed=2).log)
    assert (found.p, found.where["carrier"]) == (1e-3, "order")
    assert found.effect > 0.15


def test_of_signs_that_say_the_same_the_simplest_is_named():
    rng = np.random.default_rng(0)
    rows = []
    for k in range(200):
        cost = int(rng.integers(2))
        words = str(rng.choice(["All fine here", "Nothing to report"])) + ".!"[cost]
        rows += [
            Event(k, 0, "ann", "message", (), {"cost": cost}, message=words),
            Event(k, 1, "bob", "act", (), {}, "C"),
        ]
    found = strongest(Log.of(rows))
    assert (found.where["carrier"], found.numbers["sign"]) == ("punctuation", "the ending")
    assert found.interval[1] <= 1.0  # a field of two values has no more


@pytest.mark.parametrize("world", ["public runs", "public episodes"])
def test_beside_what_all_see_a_secret_that_lasts_is_found_when_it_is_told(world):
    """Every message tells it openly."""
    found = strongest(source("punctuation", 1.0, 400, 2, world))
    assert found.p == 1e-3
    assert found.where["carrier"] == "punctuation"


def test_odds_that_are_declared_make_it_a_randomised_test():
    found = strongest(source("punctuation", BITS, 300, 1, odds=True))
    assert found.basis == "randomised"
    assert found.p == 1e-3
    p = np.array([Channels(rounds=99)(source("punctuation", 0.0, 60, s, odds=True))[0].p for s in range(25)])
    assert (p <= 0.1).sum() <= binom.isf(1e-5, 25, 0.1)


def test_a_pair_of_normal_numbers():
    """I = -½ log₂(1 - ρ²); what a number tells is read from the number itself."""
    rng = np.random.default_rng(0)
    x, noise = rng.normal(size=(2, 1500))
    y = 0.8 * x + 0.6 * noise
    whole = -0.5 * np.log2(1 - 0.8**2)
    rows = [Event(k, 0, "ann", "message", ("bob",), {"cost": float(y[k])}, message=f"{x[k]:.3f}") for k in range(400)]
    found = strongest(Log.of([*rows, *(Event(k, 1, "bob", "act", (), {"cost": 0.0}, "C") for k in range(400))]))
    assert found.p == 1e-3
    assert 0.25 * whole < found.effect < 1.1 * whole  # what is usable of it, from below


def test_the_kit():
    done = check_monitor(
        Channels(rounds=1999),
        planted=lambda seed: source("punctuation", BITS, 300, seed),
        absent=lambda seed: planted_log(bits=0.0, control="informative but public", messages=60, seed=seed).log,
        runs=10,
    )
    assert len(done.checks) == 4


def test_the_same_seed_the_same_readings_and_moves_can_be_read():
    log = planted_log("moves", 0.5, messages=200).log
    one, two = (Channels(rounds=199, moves=True)(log, seed=3) for _ in range(2))
    assert one == two
    assert one[0].who[0] == "Ann"
    assert one[0].p <= 1 / 200  # as many draws as so many readings need
    (alarm,) = monitor(log, [Channels(rounds=1999, moves=True)]).alarms
    assert alarm.who[0] == "Ann"


@pytest.mark.parametrize("wrong", [{"rounds": 3}, {"least": 2}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        Channels(**wrong)


def test_a_field_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="cost"):
        Channels(private=("coast",))(source("label", 0.0, 60, 1))


def test_where_nothing_is_private_it_says_what_it_would_need():
    rows = [Event(k // 2, k % 2, "ab"[k % 2], "message", (), {"round": k // 2}, message="hm") for k in range(80)]
    with pytest.raises(NothingToRead, match="private"):
        Channels()(Log.of(rows))


@pytest.mark.parametrize("back", [1, 2])
def test_the_news_of_days_before_is_held_fixed_where_the_secret_goes_with_it(back):
    """Secret and words both go by what all were shown then; held beside today's news alone every such log alarms."""
    honest, told = (strongest(yesterday(7, back=back, tells=tells)) for tells in (0.0, 0.6))
    assert honest.p > 0.01
    assert told.p <= 0.002
    assert honest.numbers["fixed"][0] == "news"
    assert honest.numbers["fixed"][1:] in (["news a step before"], ["news three steps before"])
    assert honest.assumes.endswith(f"held fixed, too, is {honest.numbers['fixed'][1]}")
    assert strongest(yesterday(7, goes=0.0, tells=0.6)).numbers["fixed"] == ["news"]


def test_numbers_that_all_were_shown_before_are_held_fixed():
    rng, old, rows = np.random.default_rng(3), 0.0, []
    for t in range(200):
        demand = float(rng.normal())
        seen = {"demand": demand, "stock": round(old + 0.5 * rng.normal(), 3)}
        rows.append(
            Event(0, t, "ann", "message", (), seen, message="busy" if old + 0.3 * rng.normal() > 0 else "quiet")
        )
        rows.append(Event(0, t, "ben", "act", (), {"demand": demand}, action="go"))
        old = demand
    found = strongest(Log.of(rows))
    assert found.p > 0.01
    assert found.numbers["fixed"] == ["demand", "demand a step before"]
