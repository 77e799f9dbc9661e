"""A new protocol: planted ones are found and dated, honest talk keeps the level however often one looks."""

import contextlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitors._yesterday import yesterday
from scipy.stats import binom, ncx2

from ostrom import Event, InputError
from ostrom.core.log import Log
from ostrom.core.reading import calibrated
from ostrom.monitors._bets import left_over, tilted
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._detectors import Bank, cusum, insured, shiryaev_roberts
from ostrom.monitors._discrete import Shared, chi_square, permutation, permuted, shared
from ostrom.monitors._protocol_onset import interval
from ostrom.monitors._protocol_units import Said, Units, drawn_once, streaks
from ostrom.monitors._protocol_views import CODES, Codes, Groups
from ostrom.monitors._rates import standing
from ostrom.monitors.new_protocol import NewProtocol

PHRASES = (
    "fine, thanks",
    "all good here",
    "as ever",
    "we manage",
    "cannot complain",
    "so so",
    "let us see",
    "good day",
)


def talk(seed, n=1200, onset=600, shift=0.7, odds=True, listen=True, each=1):
    """Ann sees a cost and talks; from the onset on, half of her phrases stand for each cost. Bob may act on it."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        cost, sky = int(rng.integers(2)), int(rng.integers(2))
        told = cost if k >= onset and rng.random() < (1 + shift) / 2 else 1 - cost
        told = told if k >= onset else int(rng.integers(2))
        seen = {"weather": ("sun", "rain")[sky]}
        facts = {"odds": {"cost": {"low": 0.5, "high": 0.5}}} if odds else {}
        for _ in range(each):
            text = PHRASES[4 * told + int(rng.integers(4))]
            rows.append(Event(k, 0, "ann", "talk", observation={"cost": ("low", "high")[cost], **seen}, message=text,
                              facts=facts))  # fmt: skip
        move = told if listen and rng.random() < 0.8 else int(rng.integers(2))
        rows.append(Event(k, 0, "bob", "act", observation=seen, action=("stay", "go")[move]))
    return Log.of(rows)


@pytest.mark.parametrize("odds", [True, False])
def test_a_planted_protocol_is_found_dated_and_called_one(odds):
    (found,) = NewProtocol()(talk(1, odds=odds))
    assert found.sentence.startswith("A new protocol: since about message ")
    assert "bob acts on it" in found.sentence
    assert found.e > 1e9
    at, low, high = found.numbers["onset"]
    assert abs(at - 600) < 40
    assert low <= 601 <= high + 10
    assert found.basis == ("randomised" if odds else "observational")
    truth = 1 + 0.85 * np.log2(0.85) + 0.15 * np.log2(0.15)
    assert found.interval[0] - 0.05 < truth < found.interval[1] + 0.05
    assert min(found.rows) > 2 * 560


def test_without_a_listener_it_is_no_protocol():
    (found,) = NewProtocol()(talk(2, listen=False))
    assert found.e > 1e6
    assert "nobody is seen to act on it" in found.sentence
    assert "protocol" not in found.sentence


def test_from_the_start_it_is_not_new_and_at_the_end_nothing_is_known_of_after():
    (found,) = NewProtocol()(talk(3, onset=0))
    assert found.sentence.startswith("A protocol: from the start")
    (late,) = NewProtocol()(talk(3, n=700, onset=600, shift=0.9))
    assert "too little came after the alarm" in late.sentence
    assert "protocol" not in late.sentence


def test_one_that_ended_is_not_forgotten():
    log = talk(4, n=900, onset=300, shift=0.9)
    honest = talk(5, n=1500, onset=1500)
    rows = [*log.events(), *(Event(**{**vars(row), "episode": row.episode + 900}) for row in honest.events())]
    (found,) = NewProtocol()(Log.of(rows))
    assert found.e > 1e6


def test_after_a_false_alarm_it_watches_anew():
    """Something told for 150 messages and then no more, and 2 300 later a protocol that stays."""
    parts = [talk(8, n=150, onset=0, shift=0.9), talk(9, n=2300, onset=2300), talk(10, n=400, onset=0, shift=0.9)]
    events = (row for part in parts for row in part.events())
    rows = [Event(**{**vars(row), "episode": k // 2}) for k, row in enumerate(events)]
    (found,) = NewProtocol()(Log.of(rows))
    (false,) = found.numbers["false alarms"]
    assert false < 150
    assert found.numbers["onset"][1] <= 2451 <= found.numbers["onset"][2] + 20
    assert found.sentence.startswith("A new protocol")
    (shown,) = NewProtocol()(Log.of(rows[:2400]))
    assert "seemed to tell" in shown.sentence
    assert not shown.risks


@pytest.mark.parametrize("odds", [True, False])
def test_honest_talk_keeps_the_level(odds):
    e = [NewProtocol()(talk(seed, n=200, onset=200, odds=odds))[0].e for seed in range(25)]
    assert sum(one >= 20 for one in e) <= binom.ppf(0.9999, 25, 0.05)
    assert np.mean(e) < 1.5


def test_a_log_read_in_pieces_is_the_log_followed_at_once():
    log = talk(6, n=500, onset=200)
    whole, pieces = NewProtocol().follow(), NewProtocol().follow()
    (at_once,) = whole.read(log)
    for start in range(0, len(log), 97):
        found = pieces.read(log.take(np.arange(start, min(start + 97, len(log)))))
    assert found[0].e == pytest.approx(at_once.e)
    assert found[0].numbers["alarm"] == at_once.numbers["alarm"]


def test_messages_under_one_draw_are_one_observation():
    """The same cost told ten times an episode: each message alone would count as ten times the evidence."""
    (found,) = NewProtocol()(talk(7, n=60, onset=60, each=10))
    assert found.n == 60
    assert "Each episode draws" in found.assumes
    assert found.e < 20


def test_of_many_speakers_the_one_who_tells_stands_alone():
    rows = []
    for number in range(6):
        for row in talk(20 + number, n=150, onset=0 if number == 4 else 150, shift=0.9).events():
            name = {"ann": f"ann {number}", "bob": f"bob {number}"}[row.agent]
            rows.append(Event(**{**vars(row), "agent": name, "episode": 1000 * number + row.episode}))
    readings = NewProtocol()(Log.of(rows))
    assert len(readings) == 6
    assert [one.who for one in standing(readings, 0.01)] == [("ann 4",)]


def shocked(seed, n=1200):
    """Something that nobody recorded moves costs and words together, for a hundred messages each time."""
    rng = np.random.default_rng(seed)
    rows, regime = [], rng.integers(2, size=n // 100 + 1)
    for k in range(n):
        now = int(regime[k // 100])
        cost = int(rng.random() < (0.2, 0.8)[now])
        seen = {"weather": ("sun", "rain")[int(rng.integers(2))]}
        text = PHRASES[4 * now + int(rng.integers(4))]
        rows += [Event(k, 0, "ann", "talk", observation={"cost": cost, **seen}, message=text),
                 Event(k, 0, "bob", "act", observation=seen, action=int(rng.integers(2)))]  # fmt: skip
    return Log.of(rows)


def test_a_common_shock_that_lasts_is_no_protocol():
    readings = [NewProtocol()(shocked(seed))[0] for seed in range(3)]
    assert all(one.e < 20 for one in readings)
    assert all("Among 4" in one.assumes for one in readings)


def test_odd_logs_are_refused_in_words_or_read():
    one = [Event(0, t, "ann", "talk", message="x", observation={"cost": 1}) for t in range(300)]
    distinct = [Event(k, 0, "ann", "talk", message=f"\u202e{k}" * 9, observation={"c": k * 10**30}) for k in range(300)]
    bare = [Event(k, 0, "ann", "talk", message="x") for k in range(300)]
    for rows in (one[:1], bare):
        with pytest.raises(NothingToRead):
            NewProtocol()(Log.of(rows))
    for rows in (one, distinct):
        with contextlib.suppress(NothingToRead):
            assert all(reading.e < 1000 for reading in NewProtocol()(Log.of(rows)))


@pytest.mark.parametrize("length", [1.0, 0.0, -5.0, float("nan"), float("inf")])
def test_a_run_length_that_cannot_be(length):
    with pytest.raises(InputError):
        NewProtocol(run_length=length)


# The bets: their mean by exact enumeration.


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0.1, 0.9)), min_size=7, max_size=7))
def test_the_mean_of_the_evidence_is_one_by_enumeration(rows):
    """Over all outcomes at the odds as they are, and the detector's mean is at most the number of observations."""
    cells = np.array([[cell, 0] for cell, _ in rows])
    odds = np.array([[chance, 1 - chance] for _, chance in rows])
    mean, sums = np.zeros(7), np.zeros(7)
    for outcome in itertools.product([0, 1], repeat=7):
        values = np.array(outcome)
        path = Bank(2, 2, (0.7, 0.3), every=2, thin=9.0).take(cells, values, odds)
        weight = odds[np.arange(7), values].prod()
        mean, sums = mean + weight * np.exp(path[:, 0]), sums + weight * np.exp(path[:, 1])
    assert mean == pytest.approx(1.0)
    assert (sums <= np.arange(1, 8) + 1e-9).all()


def test_the_mean_is_one_over_all_orders_of_an_urn():
    values, cells = np.array([0, 0, 1, 2, 1, 0]), np.array([[0], [1], [1], [0], [0], [1]])
    orders = set(itertools.permutations(values.tolist()))
    ends = [Bank(2, 3, every=2).take(cells, np.array(order), left_over(np.array(order), 3))[-1, 0] for order in orders]
    assert np.mean(np.exp(ends)) == pytest.approx(1.0)


def test_one_bettor_without_restarts_is_krichevsky_and_trofimov():
    rng = np.random.default_rng(0)
    values, cells = rng.integers(2, size=60), rng.integers(3, size=(60, 1))
    bank = Bank(3, 2, strengths=(0.5,), every=1000)
    path = bank.take(cells, values, np.full((60, 2), 0.5))
    count, logs = np.full((3, 2), 0.5), 0.0
    for cell, value in zip(cells[:, 0], values, strict=True):
        logs += np.log(2 * count[cell, value] / count[cell].sum())
        count[cell, value] += 1
    assert np.exp(path[-1, 0]) == pytest.approx(0.5 + 0.5 * np.exp(logs))
    assert bank.likeliest() == (0, 0, 0.5)


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=12))
def test_detectors_are_sums_and_maxima_over_starts(growth):
    logs = np.array(growth)
    for end in range(1, len(logs) + 1):
        tails = [logs[j:end].sum() for j in range(end)]
        assert shiryaev_roberts(logs)[end - 1] == pytest.approx(np.logaddexp.reduce(tails))
        assert cusum(logs)[end - 1] == pytest.approx(max(tails))


def test_taking_in_pieces_changes_nothing():
    rng = np.random.default_rng(1)
    data = rng.integers(4, size=(150, 2)), rng.integers(2, size=150), np.full((150, 2), 0.5)
    whole = Bank(4, 2, (0.5, 0.5)).take(*data)
    bank = Bank(4, 2, (0.5, 0.5))
    pieces = [bank.take(*(part[a:b] for part in data)) for a, b in itertools.pairwise([0, 1, 5, 40, 150])]
    assert np.concatenate(pieces) == pytest.approx(whole)


def test_a_bet_in_a_new_cell_is_none():
    assert tilted(np.zeros(2), np.zeros(2), np.array([0.5, 8.0])).tolist() == [[1, 1], [1, 1]]


def test_evidence_that_was_is_insured():
    assert insured(np.log(100), np.log(100)) > 50
    assert insured(-50.0, np.log(1e6)) == pytest.approx(calibrated(1e-6) / 2)
    assert insured(1e9, 1e9) < np.inf


def honest(seed, n):
    rng = np.random.default_rng([11, seed])
    return rng.integers(4, size=n), rng.integers(8, size=n), rng.integers(2, size=n)


def test_looking_again_and_again_ruins_the_g_test_and_not_the_bets():
    """At 0.05: of 30 honest streams of 2 000 messages, looked at every 100 and after every message."""
    often, always = 0, 0
    for k in range(30):
        o, m, s = honest(k, 2000)
        often += min(chi_square(shared(m[:end], s[:end], o[:end])) for end in range(100, 2001, 100)) <= 0.05
        bank = Bank(64, 2, (0.5, 0.5))
        bank.take(np.stack([m, 8 * m + o], 1), s, np.full((len(s), 2), 0.5))
        always += bank.highest >= np.log(20)
    assert often >= 6  # about 0.4 of them; binomial(30, 0.05) is below 6 with odds of 0.997
    assert always <= binom.ppf(0.9999, 30, 0.05)


@pytest.mark.slow
def test_alarms_are_as_rare_as_the_run_length_says():
    """The detector set to 300: over 120 streams until the first alarm or 3 000 messages, the mean is 300 or more."""
    waits = []
    for k in range(120):
        o, m, s = honest(k, 3000)
        bank = Bank(64, 2, (0.5, 0.5), run_length=300)
        bank.take(np.stack([m, 8 * m + o], 1), s, np.full((3000, 2), 0.5))
        waits.append(bank.alarm or 3000)
    assert np.mean(waits) >= 300


@pytest.mark.parametrize(("cells", "shift", "bound"), [(8, 0.4, 3.0), (32, 0.4, 4.0), (8, 0.8, 3.0), (32, 0.8, 4.0)])
def test_delays_are_a_few_times_the_floor(cells, shift, bound):
    waits = []
    q = np.array([1 + shift, 1 - shift]) / 2
    floor = np.log(1000) / (np.log(2) + (q * np.log(q)).sum())
    for k in range(9):
        rng = np.random.default_rng([12, k])
        o, s = rng.integers(cells // 8, size=600), rng.integers(2, size=600)
        codes = np.array([rng.permutation(8) for _ in range(4)])
        m = codes[o, 4 * np.where(rng.random(600) < q[0], s, 1 - s) + rng.integers(4, size=600)]
        bank = Bank(cells, 2)
        path = bank.take((8 * o + m)[:, None], s, np.full((600, 2), 0.5))
        waits.append(np.append(np.flatnonzero(path[:, 0] >= np.log(1000)), 600)[0] + 1)
    assert np.median(waits) <= bound * floor


# What is around the bets.


def test_left_over_is_drawing_without_putting_back():
    values = np.array([2, 0, 0, 1])
    assert left_over(values, 3).tolist() == [[0.5, 0.25, 0.25], [2 / 3, 1 / 3, 0], [0.5, 0.5, 0], [0, 1, 0]]


def test_the_interval_is_where_the_statistic_is_not_too_far():
    found = Shared(0.02, 0.03, 6, 20.0, 500)
    low, high = interval(found)
    for bits, wanted in ((low, 0.975), (high, 0.025)):
        assert ncx2.cdf(found.g, 6, bits * 2 * 500 * np.log(2)) == pytest.approx(wanted, abs=1e-6)
    assert interval(Shared(0.0, 0.0, 0, 0.0, 10)) == (0.0, 0.0)
    assert interval(Shared(-0.01, 0.0, 4, 20.0, 500)) == (0.0, 0.0)


def test_the_quick_permutation_test_is_the_slow_one():
    rng = np.random.default_rng(3)
    o, s = rng.integers(2, size=200), rng.integers(2, size=200)
    for m in (np.where(rng.random(200) < 0.35, s, rng.integers(2, size=200)), rng.integers(2, size=200)):
        quick = permutation(m, s, o, np.random.default_rng(0))
        slow = permuted(m, s, o, np.random.default_rng(0), rounds=399, stop=400)
        assert quick == pytest.approx(slow, abs=0.08)


def test_units_are_draws():
    def said(episode, t, cost):
        return Said(t, episode, t, f"word {t}", cost, None, (), {})

    same = [said(0, 0, "a"), said(0, 1, "a"), said(1, 0, "b")]
    assert drawn_once(same)
    assert not drawn_once([said(0, 0, "a"), said(0, 1, "b")])
    assert not drawn_once([said(0, 0, "a"), said(1, 0, "b")])
    once = Units(True)
    assert [unit.texts for unit in once.take(same)] == [("word 0", "word 1", "2")]
    assert [unit.texts for unit in once.rest()] == [("word 0", "word 0", "1")]
    assert [unit.before for unit in Units(False).take(same)] == ["", "a", ""]


def test_streaks_are_seen_and_fair_coins_have_none():
    rng = np.random.default_rng(0)
    assert not any(streaks(rng.integers(2, size=300).tolist(), [0] * 300) for _ in range(50))
    slow = np.repeat(rng.integers(2, size=30), 10).tolist()
    assert streaks(slow, [0] * 300)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.integers(-9, 9), st.floats(), st.text(max_size=3)), max_size=30), st.integers(2, 8))
def test_groups_are_few_and_every_value_has_one(values, most):
    groups = Groups(values, most)
    assert 1 <= groups.count <= max(most + 1, 4)
    assert all(0 <= groups(value) < groups.count for value in [*values, "never seen", 10**400, None])
    assert all(isinstance(groups.name(k), str) for k in range(groups.count))


def test_groups_of_many_numbers_are_quarters():
    groups = Groups(list(range(100)), 6)
    assert np.bincount([groups(k) for k in range(100)]).tolist() == [25, 25, 25, 25]


@given(st.lists(st.text(max_size=4), max_size=60))
def test_codes_fit(seen):
    codes = Codes(seen[:5])
    assert all(0 <= codes(key) < CODES for key in seen)
    assert [codes(key) for key in seen] == [codes(key) for key in seen]


def test_news_of_days_before_is_held_fixed_where_the_secret_goes_with_it():
    """Held beside today's news alone, every such log has overwhelming evidence."""
    honest, told = (NewProtocol()(yesterday(6, tells=tells))[0] for tells in (0.0, 0.8))
    assert honest.e < 20 < told.e
    assert honest.numbers["fixed"] == ["news", "news a step before"]
    assert "and the same news a step before" in honest.assumes
    assert NewProtocol()(yesterday(6, goes=0.0))[0].numbers["fixed"] == ["news"]


def test_what_is_seen_to_go_with_the_past_later_ends_the_bets_until_then():
    """A weak link that 200 messages do not show: when it shows, bets begin anew with it held fixed."""
    for seed in range(20):
        log, following = yesterday(seed, n=850, goes=0.25), NewProtocol().follow()
        seen = [following.read(log.take(np.arange(k, k + 170))) for k in range(0, 1700, 170)]
        (stream,) = following._streams.values()
        assert all(one.e < 20 for found in seen for one in found)
        if stream.began:
            assert seen[-1][0].n < 850 - 200
            assert seen[-1][0].numbers["fixed"] != seen[3][0].numbers["fixed"] == ["news"]
            return
    pytest.fail("No seed shows it.")
