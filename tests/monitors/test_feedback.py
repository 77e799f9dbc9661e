"""Feedback: known responses and their radius, loops that run away and honest numbers that do not, and odd logs."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.event import Event
from ostrom.core.forms.reactions import Reactions
from ostrom.core.log import Log
from ostrom.monitors import Feedback
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._loop_choice import chosen
from ostrom.monitors._loop_gains import bounds, cycles, radius, rounds, transient
from ostrom.monitors._loop_growth import growth
from ostrom.monitors._loop_repeats import repeats
from ostrom.monitors._loop_series import series

# As they were written down in April 2011 (Eisen 2011), from the eighth on: profnath, bordeebook.
FLY = [[1730045.91, 2198177.95], [2194443.04, 2788233.00], [2783493.00, 3536675.57], [3530663.65, 4486021.69]]
BOTS = ("profnath", "bordeebook")
RESTING = np.array([[0.5, 0.3], [0.2, 0.5]])
RELUCTANT = np.array([[0.9, 12.0], [0.0, 0.8]])


def log_of(values, names, turns=False):
    return Log.of(
        Event(0, n * len(names) + k if turns else n, name, "act", action=float(row[k]))
        for n, row in enumerate(values)
        for k, name in enumerate(names)
    )


def responding(answers, count, seed, begin=None):
    rng, state, made = np.random.default_rng(seed), np.zeros(len(answers)), []
    state = state if begin is None else np.array(begin, float)
    for _ in range(count):
        state = answers @ state + rng.standard_normal(len(answers))
        made.append(state)
    return np.array(made)


def prices(seed, count=60, noise=0.03, trend=0.0):
    rng = np.random.default_rng(seed)
    return np.round(np.exp(4 + np.cumsum(trend + noise * rng.standard_t(4, (count, 2)), axis=0)), 2)


def told(readings, test):
    return next(one for one in readings if one.where["test"] == test)


# What follows from a matrix: against brute force, and closed forms.


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_rounds_in_turn_are_those_of_reactions(seed):
    rng = np.random.default_rng(seed)
    slopes = rng.normal(size=(3, 3))
    wanted = Reactions(slopes, [1.0, 1.0, 1.0], order="in turn").jacobian()
    assert rounds(slopes[None], np.arange(3)) == pytest.approx(wanted)
    assert rounds(slopes[None], np.zeros(3, int)) == pytest.approx(slopes)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_delays_and_turns_go_on_as_the_definition_does(seed):
    rng = np.random.default_rng(seed)
    blocks, turn = rng.normal(size=(2, 3, 3)) * 0.4, rng.integers(0, 3, 3)
    history = [rng.normal(size=3) for _ in range(3)]
    new = np.full(3, np.nan)
    for i in np.argsort(turn, kind="stable"):
        new[i] = 0.0
        for j in range(3):
            seen = [new[j] if turn[j] < turn[i] else history[-1][j], history[-1 if turn[j] < turn[i] else -2][j]]
            new[i] += blocks[0, i, j] * seen[0] + blocks[1, i, j] * seen[1]
    state = rounds(blocks, turn) @ np.concatenate([history[-1], history[-2]])
    assert state[:3] == pytest.approx(new)
    assert state[3:] == pytest.approx(history[-1])


def test_a_delay_makes_unstable_what_was_stable():
    """y_t = -0.9 y_{t-2} swings; y_t = a (y_{t-1} + y_{t-2}) has the golden ratio at a = 1."""
    both = np.array([[[1.0]], [[1.0]]])
    assert radius(rounds(both, np.zeros(1, int))) == pytest.approx((1 + 5**0.5) / 2)
    assert radius(rounds(np.array([[[0.0]], [[-0.81]]]), np.zeros(1, int))) == pytest.approx(0.9)


def test_a_disturbance_may_grow_thirty_times_and_die():
    """[[a, c], [0, b]]^k has c (a^k - b^k) / (a - b) in its corner."""
    most, after = transient(RELUCTANT)
    assert radius(RELUCTANT) < 1
    corner = max(12 * (0.9**k - 0.8**k) / 0.1 for k in range(50))
    assert corner < most < corner * 1.01
    assert most == pytest.approx(max(np.linalg.norm(np.linalg.matrix_power(RELUCTANT, k), 2) for k in range(200)))
    assert after == 6
    assert transient(np.diag([0.5, -0.9])) == (1.0, 0)
    assert transient(np.diag([0.5, 1.1]))[0] == np.inf


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_cycles_are_all_of_them(seed):
    """The traces of powers count closed walks: from simple loops of a graph of three, up to length three."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(3, 3)) * rng.integers(0, 2, (3, 3))
    gains = {one: gain for one, gain, _ in cycles(a, np.zeros(3, int))}
    ones = [gains.get((k,), 0.0) for k in range(3)]
    pairs = [gains.get(pair, 0.0) for pair in ((0, 1), (0, 2), (1, 2))]
    triples = gains.get((0, 1, 2), 0.0) + gains.get((0, 2, 1), 0.0)
    assert sum(ones) == pytest.approx(np.trace(a))
    minors = [ones[0] * ones[1] - pairs[0], ones[0] * ones[2] - pairs[1], ones[1] * ones[2] - pairs[2]]
    assert sum(minors) == pytest.approx((np.trace(a) ** 2 - np.trace(a @ a)) / 2)
    cross = ones[0] * pairs[2] + ones[1] * pairs[1] + ones[2] * pairs[0]
    assert ones[0] * ones[1] * ones[2] - cross + triples == pytest.approx(np.linalg.det(a))


def test_the_bound_is_where_the_radius_is_one():
    loop = np.array([[0.0, 0.9983], [1.270589, 0.0]])
    shares = {(a, b): share for a, b, share in bounds(loop[None], np.array([0, 1]), (0, 1))}
    assert set(shares) == {(1, 0), (0, 1)}
    assert all(1 / 1.268429 - 1 / 64 <= share <= 1 / 1.268429 for share in shares.values())


# Numbers round by round.


def test_rounds_in_turn_are_told_from_rounds_at_once():
    events = [Event(0, t, "ab"[t % 2], "act", action=float(t * t)) for t in range(9)]
    turns = series(Log.of(events))
    assert turns.turn.tolist() == [0, 1]
    assert turns.values[:3].tolist() == [[0, 1], [4, 9], [16, 25]]
    assert turns.rows[-1].tolist() == [8, 7]  # b has not moved again; its last number stands
    both = series(Log.of(Event(0, t // 2, "ab"[t % 2], "act", action=float(t * t)) for t in range(8)))
    assert both.turn.tolist() == [0, 0]


def test_numbers_that_were_not_set_are_carried_on_within_an_episode():
    events = [Event(e, t, who, "act", action=float(10 * e + t)) for e in (0, 1) for t in range(4) for who in "ab"]
    kept = [event for event in events if (event.t, event.agent) not in {(2, "b"), (0, "b")}]
    found = series(Log.of(kept))
    assert found.values.tolist() == [[1, 1], [2, 1], [3, 3], [11, 11], [12, 11], [13, 13]]
    assert found.starts.tolist() == [0, 3]
    assert found.steps.tolist() == [1, 2, 4, 5]


def test_facts_and_channels_are_numbers_of_their_own():
    rows = [Event(0, t, "a", ("buy", "sell")[k], action=float(t + k * t * t)) for t in range(5) for k in range(2)]
    rows += [Event(0, t, "", "closed", facts={"price": 5.0 - t, "open": t % 2 == 0}) for t in range(5)]
    assert series(Log.of(rows)).names == ("a's move (buy)", "a's move (sell)", "price")
    assert series(Log.of(rows), most=2).left_out == ("price",)
    assert series(Log.of(rows), only="facts.price").names == ("price",)
    with pytest.raises(InputError, match="pric"):
        series(Log.of(rows), only="facts.prices")


# The fly book.


def test_the_price_of_a_book_is_flagged_at_its_second_cycle():
    found = told(Feedback()(log_of(FLY[:3], BOTS, turns=True)), "repeats")
    assert found.e > 2000
    assert found.effect == pytest.approx(1.268429, abs=1e-6)
    assert found.who == BOTS
    each = {one: ratio for one, _, ratio in found.numbers["multipliers"]}
    assert each["profnath's move"] == pytest.approx(0.9983, abs=1e-6)
    assert each["bordeebook's move"] == pytest.approx(1.270589, abs=1e-5)
    assert "at most 1.0017 times" in found.sentence


def test_one_cycle_says_nothing():
    with pytest.raises(NothingToRead):
        Feedback()(log_of(FLY[:2], BOTS, turns=True))


@pytest.mark.parametrize("turns", [True, False])
def test_rows_of_one_step_are_answers_to_the_step_before(turns):
    found = told(Feedback()(log_of(FLY, BOTS, turns)), "repeats")
    gain = np.prod([ratio for *_, ratio in found.numbers["multipliers"]])
    assert gain == pytest.approx(1.268429 if turns else 1.268429**2, rel=1e-5)


def test_prices_written_in_cents_need_a_cycle_more():
    cheap = [[35.48, 45.08]]
    for _ in range(3):
        first = round(0.9983 * cheap[-1][1], 2)
        cheap.append([first, round(1.270589 * first, 2)])
    e = [told(Feedback()(log_of(cheap[:n], BOTS, turns=True)), "repeats").e for n in (3, 4)]
    assert e[0] < 1000 < e[1]


@pytest.mark.parametrize("menu", [[2, 4, 8, 16, 32], [1.99, 3.98, 7.96, 15.92], [100, 200, 400, 800, 1600]])
def test_doubling_along_a_menu_is_next_to_no_evidence(menu):
    found = repeats(series(log_of([[value, value] for value in menu], "ab")), 0.01)
    assert found is None or found.e < 3


def test_a_follower_of_a_leader_who_fluctuates_is_no_loop():
    leader = prices(5)[:, :1]
    log = log_of(np.round(np.concatenate([0.9983 * leader, leader], axis=1), 2), BOTS, turns=True)
    assert all((one.p or 1) > 0.001 and (one.e or 0) < 20 for one in Feedback()(log))


# Level and power, and intervals: small here, at length in benchmarks/calibration/loops.py.


def test_honest_prices_raise_no_alarm():
    strong = [one for seed in range(20) for one in Feedback()(log_of(prices(seed), "ab"), seed) if one.evidence > 1e3]
    assert strong == []


def test_growth_keeps_its_level_with_spells_and_trends():
    p = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        size = np.repeat(rng.choice([0.005, 0.05], 8), 5)[:, None]
        log = log_of(np.exp(np.cumsum(0.009 + size * rng.standard_normal((40, 2)), axis=0)), "ab")
        p.append(growth(series(log), 0.01, rng).p)
    assert np.mean(np.array(p) <= 0.05) <= 0.07
    assert np.mean(np.array(p) <= 0.01) <= 0.02


def test_growth_on_its_way_to_rest_does_not_count():
    rest = 100 * (1 - 0.9 * 0.85 ** np.arange(40))
    log = log_of(np.stack([rest, rest * 1.1], axis=1), "ab")
    assert growth(series(log), 0.0, np.random.default_rng(0)).p == 1.0


def test_repeats_are_an_e_value():
    """Log changes uniform about 0 make the bet as good as it can be; its mean still is at most one."""
    e = []
    for seed in range(1500):
        rng = np.random.default_rng(seed)
        values = np.exp(3 + np.cumsum(rng.uniform(-0.5, 0.5, (6, 1)), axis=0))
        found = repeats(series(log_of(np.round(values, 1), "a")), 0.0)
        e.append(0.0 if found is None else found.e)
    assert 0.02 < np.mean(e) < 1.1


def test_a_loop_that_runs_away_is_found_and_named():
    answers = np.array([[0.3, 0.9, 0.0], [0.0, 0.3, 0.9], [0.7, 0.0, 0.3]])
    found = told(Feedback()(log_of(responding(answers, 50, 1), "abc")), "response")
    assert found.p <= 5e-4
    assert found.interval[0] > 1
    assert found.effect == pytest.approx(float(radius(answers)), abs=0.02)
    assert set(found.numbers["loops"][0]["members"]) == {"a's move", "b's move", "c's move"}
    assert set(found.who) == set("abc")
    assert found.numbers["share that may stay"]


def test_noisy_growth_is_found():
    found = told(Feedback()(log_of(prices(3, trend=0.1), "ab")), "growth")
    assert found.p <= 5e-4
    assert found.interval[0] <= np.exp(0.1) <= found.interval[1]


def test_what_shrinks_after_it_has_grown_is_told():
    found = told(Feedback()(log_of(responding(RELUCTANT, 400, 2), "ab")), "response")
    assert found.effect < 1
    assert 20 < found.numbers["largest growth of a disturbance"] < 50
    assert "after it has grown" in found.sentence


@pytest.mark.parametrize("turns", [True, False])
def test_slopes_are_found_again(turns):
    answers = np.array([[0.0, 0.6], [0.7, 0.2]])
    rng, state, made = np.random.default_rng(4), np.zeros(2), []
    for _ in range(1500):
        first = answers[0] @ state + rng.standard_normal()
        second = answers[1] @ [first if turns else state[0], state[1]] + rng.standard_normal()
        state = np.array([first, second])
        made.append(state)
    found = told(Feedback()(log_of(made, "ab", turns)), "response")
    assert np.array(found.numbers["slopes"][0]) == pytest.approx(answers, abs=0.08)
    wanted = Reactions(answers, [1.0, 1.0], order="in turn" if turns else "at once").gain()
    assert found.effect == pytest.approx(wanted, abs=0.06)


def test_intervals_cover():
    inside = 0
    for seed in range(60):
        found = told(Feedback()(log_of(responding(RESTING, 50, seed, [1, 1]), "ab")), "response")
        inside += found.interval[0] <= float(radius(RESTING)) <= found.interval[1]
    assert inside >= 51  # with 95 %, less has odds of 3e-3


# Following, and odd logs.


def test_following_pays_for_every_look():
    log, follower = log_of(prices(3, 120, trend=0.05), "ab", turns=True), Feedback().follow()
    for first in range(0, len(log), 7):
        seen = follower.read(log.take(np.arange(first, min(first + 7, len(log)))))
    once = told(Feedback()(log), "growth")
    grown = told(seen, "growth")
    assert 100 < grown.e < once.evidence


def test_following_honest_prices_stays_calm():
    largest = []
    for seed in range(8):
        log, follower = log_of(prices(seed), "ab"), Feedback().follow(seed)
        for first in range(0, len(log), 12):
            seen = follower.read(log.take(np.arange(first, first + 12)))
            largest += [one.e for one in seen]
    assert max(largest) < 100


# Many numbers, delays, and rounds in which nothing moves.


def among(members, count=20, length=36, episodes=5, seed=1):
    """Numbers that go by their own past, and two of them that drive one another away, from rest in each episode."""
    answers = 0.5 * np.eye(count)
    if members:
        (a, b) = members
        answers[[a, b], [a, b]], answers[a, b], answers[b, a] = 0.0, 1.25, 0.9
    made = [responding(answers, length, [seed, e]) for e in range(episodes)]
    return Log.of(
        Event(e, n, f"bot{k:02d}", "act", action=float(x))
        for e, rows in enumerate(made) for n, row in enumerate(rows) for k, x in enumerate(row)
    )  # fmt: skip


@pytest.mark.parametrize("members", [(18, 19), (0, 19), (0, 1)])
def test_a_loop_is_found_wherever_its_members_stand_among_twenty(members):
    found = told(Feedback()(among(members)), "response")
    assert found.p <= 5e-4
    assert found.who == tuple(f"bot{k:02d}" for k in members)
    assert found.effect == pytest.approx((1.25 * 0.9) ** 0.5, abs=0.02)
    loop = found.numbers["loops"][0]
    assert loop["a round"] == pytest.approx(found.effect, abs=0.03)
    assert "8 of 20 numbers" in found.sentence
    assert "through the other 12 is not seen" in found.sentence
    assert len(found.numbers["left out"]) == 12
    assert found.numbers["rounds that chose"] == 60
    assert found.n <= 120  # what chose is not read


def test_who_is_chosen_among_many_does_not_raise_alarms():
    p = [told(Feedback()(among(None, 14, 60, 1, seed), seed), "response").p for seed in range(8)]
    noise = [0.03 * np.random.default_rng(seed).standard_normal((60, 14)) for seed in range(8)]
    walks = [log_of(np.exp(np.cumsum(one, axis=0)), "abcdefghijklmn") for one in noise]
    p += [told(Feedback()(one), "response").p for one in walks]
    assert (np.array(p) <= 0.05).sum() <= 4


def test_what_chooses_is_not_read():
    """The same numbers later, after other ones before: only who is chosen may change, not what is found of them."""
    numbers, noise = series(among((3, 9)), 40), np.random.default_rng(0)
    early = len(numbers) // 3
    values = numbers.values.copy()
    values[:early] += noise.normal(0, 1e-9, values[:early].shape)
    one, other = (chosen(replace(numbers, values=some), None) for some in (numbers.values, values))
    assert one.series.names == other.series.names
    assert np.array_equal(one.values, other.values)
    assert {"bot03's move", "bot09's move"} <= set(one.series.names)
    assert chosen(numbers, 3).series.names != chosen(numbers, 12).series.names


def test_more_numbers_are_taken_together_where_there_are_rounds_enough():
    many, few = (chosen(series(among((8, 9), 10, length), 40), None) for length in (60, 20))
    assert (len(many.series.names), many.early, many.left_out) == (10, 0, ())
    assert (len(few.series.names), few.early, len(few.left_out)) == (8, 33, 2)
    assert chosen(series(among(None, 10, 3), 40), None) is None


def test_growth_is_read_of_all_of_many_numbers():
    values = np.exp(0.03 * np.cumsum(np.random.default_rng(0).standard_normal((60, 20)), axis=0))
    values[:, 19] *= 1.12 ** np.arange(60)
    found = told(Feedback()(log_of(values, [f"bot{k:02d}" for k in range(20)])), "growth")
    assert found.p <= 5e-4
    assert found.who == ("bot19",)
    crowd_ = np.repeat(values, 3, axis=1)
    found = told(Feedback()(log_of(crowd_, [f"bot{k:02d}" for k in range(60)])), "growth")
    assert "20 numbers more, set less often or later by name, were not looked at" in found.sentence


def test_a_loop_through_a_delay_is_as_fast_as_the_round():
    """y_t = 1.2 y_{t-2} grows by the root of 1.2 a round, not by 1.2."""
    rng, y = np.random.default_rng(3), [0.0, 0.0]
    for _ in range(80):
        y.append(1.2 * y[-2] + rng.standard_normal())
    found = told(Feedback()(log_of(np.array(y)[:, None], "a")), "response")
    assert found.numbers["lags"] >= 2
    assert found.effect == pytest.approx(1.2**0.5, abs=0.03)
    assert found.numbers["loops"][0]["a round"] == pytest.approx(found.effect, abs=0.02)
    assert "a's move → itself" in found.sentence
    assert "answers what it was itself" in found.sentence


def still_then(moving, count, seed=0):
    """Two numbers that rest for `count` rounds, and a loop that runs away after it."""
    answers = np.array([[0.3, 0.9], [0.9, 0.3]])
    return log_of(np.vstack([np.full((count, 2), 0.25), responding(answers, moving, seed, [0.25, 0.25])]), "ab")


def test_rounds_in_which_nothing_moves_do_not_count():
    found = told(Feedback()(still_then(40, 80)), "response")
    assert found.n == 40
    assert found.numbers["rounds that move"] == 40
    assert "Something moved in only 40 of 119 rounds." in found.sentence
    alone = told(Feedback()(still_then(40, 1)), "response")
    assert found.effect == pytest.approx(alone.effect, abs=1e-6)
    assert "moved in only" not in alone.sentence


def test_few_rounds_that_move_are_refused():
    with pytest.raises(NothingToRead, match="move"):
        Feedback()(still_then(19, 90))


def test_the_same_seed_gives_the_same_readings():
    log = log_of(responding(RESTING, 60, 0), "ab")
    assert Feedback()(log, 3) == Feedback()(log, 3)


ODD = [
    [Event(0, 0, "a", "act", action=1.0)],
    [Event(0, t, "a", "act", action=5) for t in range(40)],
    [Event(0, t, "a", "message", message="1e999; DROP TABLE") for t in range(40)],
    [Event(0, t, "", "closed", facts={"price": float(10.0**t)}) for t in range(300)],
    [Event(0, t, "ab"[t % 2], "act", action=bool(t % 3)) for t in range(40)],
    [Event(k, 0, f"agent {k}", "act", action=k) for k in range(200)],
    [Event(0, 0, "ab"[k % 2], "act", action=k * 1.0) for k in range(50)],
    [Event(0, t, f"a{t % 40}", "act", action=np.sin(t * t) + 2) for t in range(2000)],
    [Event(0, t, "a", "act", action=-(2.0**t) if t % 7 else "stay") for t in range(200)],
    [Event(t // 3, t % 3, "ab"[t % 2], "act", action=3.0 + t % 5) for t in range(90)],
]


@pytest.mark.parametrize("events", ODD)
def test_odd_logs_are_read_or_refused_in_words(events):
    with suppress(NothingToRead):
        for one in Feedback()(Log.of(events)):
            assert np.isfinite(one.effect)
            assert one.sentence


@given(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=40), st.integers(1, 3))
@settings(max_examples=12, deadline=None)
@example([0.0, 0.0, 1e-300], 1)
def test_any_numbers_will_do(numbers, count):
    log = Log.of(Event(0, t, "abc"[t % count], "act", action=one) for t, one in enumerate(numbers))
    with suppress(NothingToRead):
        assert all(one.evidence >= 0 for one in Feedback()(log))


@pytest.mark.parametrize("wrong", [{"trend": -0.1}, {"trend": 1.0}, {"trend": float("nan")}, {"most": 0}, {"most": 99}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InputError):
        Feedback(**wrong)
