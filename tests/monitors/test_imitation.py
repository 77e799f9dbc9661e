"""Imitation: a planted copier is found, with its model, rate and way; what only looks like it keeps the level."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import binom
from scipy.stats.contingency import crosstab

from ostrom import Event, InputError
from ostrom.core.log import Column, Log
from ostrom.monitors._case import NothingToRead
from ostrom.monitors._imitation_held import beyond
from ostrom.monitors._imitation_steps import Pair, moves, pair
from ostrom.monitors._imitation_tests import _score, _shuffled, followed
from ostrom.monitors._imitation_tests import tested as p_value
from ostrom.monitors.imitation import Imitation

NAMES = "ann", "bob", "cy", "dee"


def crowd(seed, steps=300, episodes=1, copy=0.0, stick=0.5, shock=0.0, recorded=True, way="ann", kinds=3, learn=False):
    """Four agents who repeat themselves, or take a common shock; bob copies ann, the best paid, most, or the master."""
    rng, events = np.random.default_rng(seed), []
    for episode in range(episodes):
        acts, news = rng.integers(kinds, size=4), int(rng.integers(kinds))
        pay = rng.random(4)
        for t in range(steps):
            news = int(rng.integers(kinds)) if rng.random() < 0.3 else news
            fresh = rng.integers(kinds, size=4)
            if learn:  # all come to like the last kind, each by itself
                fresh = np.where(rng.random(4) < (t + steps * episode) / steps / episodes, kinds - 1, fresh)
            new = np.where(rng.random(4) < stick, acts, fresh)
            new = np.where(rng.random(4) < shock, news, new)
            if rng.random() < copy:
                new[1] = _model(way, acts, pay)
            acts, pay = new, rng.random(4) + np.array([0, 0, 0, 0.3])
            events += [
                Event(episode, t, name, "act", action=f"m{act}", payoff=float(got),
                      observation={"news": news} if recorded else None)
                for name, act, got in zip(NAMES, acts, pay, strict=True)
            ]  # fmt: skip
    return Log.of(events, "a crowd")


def _model(way, acts, pay):
    others = [0, 2, 3]
    if way == "payoff-biased":
        return acts[others[int(np.argmax(pay[others]))]]
    if way == "conformist":
        return np.bincount(acts[others]).argmax()
    return acts[{"ann": 0, "prestige": 3}[way]]


def _about(log, name="bob", **more):
    return next(r for r in Imitation(**more)(log) if r.who[1] == name)


@pytest.mark.parametrize(("steps", "episodes"), [(300, 1), (15, 20)])
def test_a_copier_its_model_and_its_rate(steps, episodes):
    log = crowd(0, steps, episodes, copy=0.3, shock=0.2)
    reading = _about(log)
    assert reading.who == ("ann", "bob")
    assert reading.p < 5e-4
    assert reading.interval[0] < 0.3 < reading.interval[1]
    assert Imitation().graph(log).keys() == {("ann", "bob")}
    assert len(reading.rows) == 20
    for row in reading.rows:
        before = (log.episode == log.episode[row - 1]) & (log.t == log.t[row - 1] - 1)
        shown = log.take(before).get("action").values[0]  # ann comes first
        assert (log["agent"][row - 1], log["action"][row - 1]) == ("bob", shown)


def test_the_rate_is_near_and_its_interval_covers():
    found = [followed(pair(moves(crowd(seed, 350, copy=0.25), None, None, 50), 0, 1, 50)) for seed in range(30)]
    assert np.mean([one.share for one in found]) == pytest.approx(0.25, abs=0.04)
    covered = sum(one.interval[0] < 0.25 < one.interval[1] for one in found)
    assert covered >= binom.ppf(0.001, 30, 0.93)


@pytest.mark.parametrize("way", ["payoff-biased", "conformist", "prestige", "ann"])
def test_the_way_of_imitating_is_named(way):
    reading = _about(crowd(1, 700, copy=0.4, way=way, recorded=False))
    assert reading.p < 0.01
    assert reading.numbers["way"]["name"] == ("of one agent" if way == "ann" else way)


CALM = {
    "own habits": {"stick": 0.8},
    "a recorded common shock": {"shock": 0.5},
    "nothing recorded": {"recorded": False},
    "all learning the same by themselves": {"learn": True, "recorded": False, "episodes": 20, "steps": 12},
}


@pytest.mark.parametrize("kind", CALM)
def test_what_only_looks_like_imitation_keeps_the_level(kind):
    given = {"steps": 200, **CALM[kind]}
    p = [r.p for seed in range(8) for r in Imitation()(crowd(seed, **given))]
    assert (np.array(p) <= 0.05).sum() <= binom.ppf(0.999, len(p), 0.05)


def test_only_who_is_followed_is_its_model():
    """Bob copies ann; ann does not follow bob, though what bob did tells what she had done before."""
    log = crowd(3, 500, copy=0.5, stick=0.7)
    assert ("bob", "ann") not in Imitation().graph(log)


def test_matches_are_scored_as_by_all_permutations():
    rng = np.random.default_rng(0)
    strata, then, did = np.repeat([0, 1], 4), np.array([0, 1, 2, 1, 2, 2, 0, 1]), rng.integers(3, size=8)
    did[1:6] = then[1:6]
    orders = [list(a) + [4 + k for k in b] for a in permutations(range(4)) for b in permutations(range(4))]
    matches = np.array([(then == did[order]).sum() for order in orders])
    wanted = ((then == did).sum() - matches.mean()) / matches.std()
    assert _score(strata, then, did[None], 3)[0] == pytest.approx(wanted)
    nothing = np.zeros(8, int)
    rows = Pair(then, did, strata, nothing, nothing, nothing, nothing, 1)
    exact = (matches >= (then == did).sum()).mean()
    assert _shuffled(rows, rng)(20_000).mean() == pytest.approx(exact, abs=0.01)
    assert p_value(rows, (0,), 9_999, 1) >= exact - 0.02


def test_with_two_kinds_it_is_the_test_of_mantel_and_haenszel():
    rng = np.random.default_rng(1)
    strata, then, did = rng.integers(4, size=200), rng.integers(2, size=200), rng.integers(2, size=200)
    excess, variance = 0.0, 0.0
    for k in range(4):
        table = crosstab(then[strata == k], did[strata == k]).count
        n, row, column = table.sum(), table.sum(1), table.sum(0)
        excess += table[1, 1] - row[1] * column[1] / n
        variance += row.prod() * column.prod() / n**2 / (n - 1)
    assert _score(strata, then, did[None], 2)[0] == pytest.approx(excess / np.sqrt(variance))


def test_what_is_shown_of_the_others_moves_is_not_held_against_it():
    """All are shown the joint move of the step before: held constant, nothing would be left to follow."""
    rng, events = np.random.default_rng(0), []
    acts = ["C", "C", "C"]
    for t in range(400):
        shown, new = list(acts), [str(rng.choice(["C", "D"])) for _ in range(3)]
        new[1] = shown[0] if rng.random() < 0.4 else new[1]
        acts = new
        events += [Event(0, t, NAMES[k], "act", observation={"last": shown}, action=acts[k]) for k in range(3)]
    assert _about(Log.of(events)).p < 5e-4


def test_in_turns_and_with_rows_that_only_some_could_see():
    rng, events, last = np.random.default_rng(0), [], 0
    for t in range(800):
        if t % 2 == 0:
            last = int(rng.integers(2))
        act = last if t % 2 == 0 or rng.random() < 0.4 else int(rng.integers(2))
        events.append(Event(0, t, NAMES[t % 2], "act", action=act))
    reading = _about(Log.of(events))
    assert reading.who == ("ann", "bob")
    assert reading.effect == pytest.approx(0.4, abs=0.12)


def test_followed_live_evidence_is_of_the_learner_whoever_it_follows():
    log, live = crowd(5, 800, copy=0.5), Imitation().follow()
    for start in range(0, len(log), 500):
        found = live.read(log.take(np.arange(start, min(start + 500, len(log)))))
    bob = next(r for r in found if r.who == ("bob",))
    assert {r.who for r in found} == {(name,) for name in NAMES}
    assert bob.e > 500
    assert bob.numbers["model"] == "ann"
    assert all(r.e < 100 for r in found if r.who != ("bob",))


def test_the_same_seed_the_same_reading():
    log = crowd(2, 200, copy=0.2)
    assert str(Imitation()(log, 3)) == str(Imitation()(log, 3))


@pytest.mark.parametrize(
    "events",
    [
        [Event(0, 0, "a", "act", action="x")],
        [Event(0, t, "a", "act", action=t) for t in range(300)],
        [Event(t, 0, f"a{t % 2}", "act", action=t % 3) for t in range(300)],
        [Event(0, t, f"agent {t}", "act", action="x") for t in range(300)],
        [Event(0, t, "a", "message", message="x") for t in range(300)],
    ],
)
def test_a_log_in_which_nobody_could_follow_says_what_it_would_need(events):
    with pytest.raises(NothingToRead, match="moves"):
        Imitation()(Log.of(events))


def test_odd_logs_are_read():
    rng = np.random.default_rng(0)
    same = Log.of([Event(0, t, f"a{k}", "act", action="x") for t in range(100) for k in range(2)])
    assert {r.p for r in Imitation()(same)} == {1.0}
    numbers = [Event(0, t, f"a{k}", "act", observation=float(rng.normal()), action=float(rng.normal() * 1e300),
                     payoff=1e308) for t in range(200) for k in range(2)]  # fmt: skip
    assert all(r.p > 0.001 for r in Imitation()(Log.of(numbers)))
    texts = [Event(t // 100 * 10**15, t, f"\x00{k}", "act", observation={"o": f"\n{t}"}, action=[t % 2, {"x": None}])
             for t in range(200) for k in range(2)]  # fmt: skip
    found = Imitation()(Log.of(texts))
    assert found
    assert all("observation.o" in r.assumes for r in found)
    with pytest.raises(NothingToRead, match="recur"):
        Imitation()(Log.of([Event(0, t, f"a{k}", "act", action=f"{t}") for t in range(300) for k in range(2)]))


@pytest.mark.parametrize("bad", [{"least": 0}, {"width": 0}, {"rounds": 0}])
def test_numbers_out_of_range_are_refused(bad):
    with pytest.raises(InputError):
        Imitation(**bad)
    with pytest.raises(InputError):
        Imitation().graph(Log.of([]), level=0.0)


def test_those_who_follow_one_signal_at_different_delays_do_not_follow_each_other():
    for seed in range(2):
        rng, events, signal = np.random.default_rng(seed), [], [0] * 6
        for t in range(300):
            signal.append(signal[-1] if rng.random() < 0.9 else 1 - signal[-1])
            for late in range(5):
                act = signal[-1 - late] if rng.random() < 0.9 else int(rng.integers(2))
                events.append(Event(0, t, f"a{late}", "act", observation={"signal": signal[-1]}, action=f"m{act}"))
        assert min(one.p for one in Imitation(rounds=999)(Log.of(events))) > 0.01


def test_prices_that_go_by_a_cost_that_walks_do_not_follow_each_other():
    rng, events, cost = np.random.default_rng(0), [], 10.0 + np.cumsum(np.random.default_rng(1).normal(size=300))
    for t in range(300):
        for name in NAMES[:3]:
            price = cost[t] + 0.3 * float(rng.normal())
            events.append(Event(0, t, name, "act", observation={"cost": float(cost[t])}, action=price))
    log = Log.of(events)
    kind = moves(log, None, None, 50).kind
    assert all(abs(np.corrcoef(kind[:, agent], cost)[0, 1]) < 0.2 for agent in range(3))
    assert min(one.p for one in Imitation(rounds=999)(log)) > 0.01


def test_of_prices_is_left_what_a_public_cost_does_not_explain():
    rng, who = np.random.default_rng(0), np.repeat([0, 1], 200)
    cost, own = rng.normal(size=400), rng.normal(size=400)
    price = np.where(who, 1, 3) * cost + cost**2 + 0.1 * own
    column = [Column(np.arange(400, dtype=np.int32), tuple(x.tolist())) for x in (price, cost)]
    left = beyond(column[0], column[1:], who)
    assert abs(np.corrcoef(left[who == 0], own[who == 0])[0, 1]) > 0.95
    assert beyond(column[0], [], who) is column[0]


@pytest.mark.parametrize("explained", [False, True])
def test_numbers_in_the_same_group_are_not_called_copies(explained):
    rng, events, last = np.random.default_rng(0), [], 0.0
    for t in range(400):
        cost = float(rng.normal())
        own = 10 + last + 0.3 * float(rng.normal())  # goes by what ann did, and never is the same number
        shown = {"cost": cost} if explained else None
        for name, price in (("ann", 10 + (last := float(rng.normal()))), ("bob", own)):
            price += cost * explained
            events.append(Event(0, t, name, "act", observation=shown, action=price))
    reading = _about(Log.of(events))
    assert reading.p < 5e-4
    assert "copies" not in reading.sentence
    assert "bob follows ann into the same quarter of all moves" in reading.sentence
    assert ("less what public numbers explain" in reading.sentence) == explained
    assert reading.unit == "of moves in the same group"
    assert reading.numbers["groups"] == 4


def test_labels_that_are_the_same_are_called_copies():
    reading = _about(crowd(0, copy=0.4))
    assert "bob copies ann" in reading.sentence
    assert reading.unit == "of moves copied"
    assert reading.numbers["groups"] == 0
