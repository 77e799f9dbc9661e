"""Regimes in logs: a learner beside a bot whose sights change, level over honest logs, and logs of odd kinds."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.event import Event
from ostrom.core.log import Log
from ostrom.monitors._case import NothingToRead
from ostrom.monitors.adaptive import Adaptive


def played(seed, learns=0.4, episodes=60, steps=8, shift=0.3):
    """Half of the episodes of each regime; "learner" has another rule in "late", "bot" sees other things there."""
    rng = np.random.default_rng(seed)
    for episode in range(episodes):
        late = episode % 2
        for t in range(steps):
            price = str(int(rng.random() < 0.35 + shift * late))
            own = 0.3 + learns * late
            yield Event(episode, t, "learner", "act", action="cut" if rng.random() < own else "keep",
                        observation={"price": price}, facts={"regime": "late" if late else "early"})  # fmt: skip
            yield Event(episode, t, "bot", "act", action="cut" if rng.random() < 0.2 + 0.6 * int(price) else "keep",
                        observation={"price": price})  # fmt: skip


def test_a_planted_learner_is_found_and_a_bot_that_sees_other_things_is_not():
    found = Adaptive()(Log.of(played(0)))
    told = {one.who[0]: one for one in found}
    assert found[0].who == ("learner",)
    assert told["learner"].p <= 1e-4
    assert told["learner"].interval[0] <= 0.4 <= told["learner"].interval[1]
    assert told["bot"].p > 0.05
    assert "answers the same sight otherwise in regime 'late'" in told["learner"].sentence
    assert told["bot"].sentence.startswith("Nothing shows")
    log = Log.of(played(0))
    assert told["learner"].rows
    assert all(log["action"][row - 1] == "cut" and log.episode[row - 1] % 2 for row in told["learner"].rows)


def test_without_its_sights_a_bot_is_only_said_to_move_otherwise():
    blind = Log.of(Event(e.episode, e.t, e.agent, "act", action=e.action, facts=e.facts) for e in played(1, shift=0.5))
    told = {one.who[0]: one for one in Adaptive()(blind)}
    assert told["bot"].p < 0.001
    assert "bot moves otherwise" in told["bot"].sentence


def test_the_level_holds_on_honest_logs():
    p = np.array([one.p for seed in range(40) for one in Adaptive(rounds=199)(Log.of(played(seed, learns=0.0)))])
    assert len(p) == 80
    assert (p <= 0.05).mean() < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 80)


def test_parameters_say_who_and_what_and_how_sure():
    log = Log.of(played(2))
    assert {one.who[0] for one in Adaptive(set_by=("learner",))(log)} == {"bot"}
    assert {one.basis for one in Adaptive(assigned=True)(log)} == {"randomised"}
    assert {one.basis for one in Adaptive(sees=("price",))(log)} == {"observational"}
    assert Adaptive()(log, 4) == Adaptive()(log, 4)
    with pytest.raises(InputError):
        Adaptive(rounds=3)


def test_a_log_too_large_for_a_table_is_thinned_by_episodes(monkeypatch):
    monkeypatch.setattr("ostrom.monitors.adaptive.TABLE", 16 * 2 * 40)
    found = Adaptive()(Log.of(played(3)))
    assert {one.n for one in found} == {40}
    assert found[0].who == ("learner",)


def test_a_log_that_grows_keeps_one_reading_for_each_agent():
    events, follower = list(played(4, episodes=200)), Adaptive().follow(0)
    for k in range(0, len(events), 700):  # blocks begin in either regime
        found = follower.read(Log.of(events[k : k + 700]))
    told = {one.who[0]: one.e for one in found}
    assert len(found) == len(told) == 2
    assert told["learner"] > 1e4
    assert told["bot"] < 20


def test_many_regimes_are_each_held_against_the_first():
    rows = (Event(k, 0, "a", "act", action="xy"[k % 7 % 2], facts={"regime": k % 5}) for k in range(100))
    found = Adaptive()(Log.of(rows))
    assert sorted(one.where["regimes"] for one in found) == [f"0 and {k}" for k in range(1, 5)]


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([Event(0, 0, "a", "act", action="x")], "no two regimes"),
        ([Event(k, 0, "a", "act", action="x", facts={"regime": 1}) for k in range(9)], "no two regimes"),
        ([Event(0, k, "a", "act", action="x", facts={"regime": k}) for k in range(9)], "changes within an episode"),
        ([Event(k, 0, "a", "act", action="x", facts={"regime": k}) for k in range(9)], "4 episodes of each"),
        ([Event(k, 0, "", "rolled", facts={"regime": k % 2}) for k in range(9)], "No agent"),
        (
            [Event(k, 0, "a", "act", action="x", observation=str(k), facts={"regime": k % 2}) for k in range(600)],
            "more than 256 kinds",
        ),
    ],
)
def test_logs_without_anything_to_read_say_what_it_would_take(events, said):
    with pytest.raises(NothingToRead, match=said):
        Adaptive()(Log.of(events))


ODD = {
    "same": lambda k: "same",
    "hostile": lambda k: f"<b>{k}\x00",
    "powers": lambda k: 10.0**k,
    "huge": lambda k: 10**400,
    "nested": lambda k: {"a": k},
    "truth": lambda k: k % 2 == 0,
}


@pytest.mark.parametrize("action", ODD.values(), ids=list(ODD))
def test_odd_moves_are_read(action):
    rows = (Event(k, 0, "a", "act", action=action(k), facts={"regime": ["x", k % 2]}) for k in range(60))
    assert 0 < Adaptive(rounds=199)(Log.of(rows))[0].p <= 1
