"""Asking again: against policies whose answers are known, the diagnosis of played worlds, and repeated sampling."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom

from ostrom import Event, InputError
from ostrom.core.agent import Agent, Look, Policy, Sight
from ostrom.core.ground import Ground, Part
from ostrom.core.log import Log
from ostrom.diagnosis.channel import causal_influence, replies
from ostrom.monitors import NothingToRead
from ostrom.monitors.replay import Checkpoint, checkpoints, hearing, replay, samples_for, value_of_being_heard

PLACES = [Checkpoint({"stock": k % 3}, ("go", "stop")[k % 2], "shop", k) for k in range(20)]


def obeys(sight, message, random):
    return "move" if message == "go" else "stay"


def deaf(sight, message, random):
    return "move" if random.random() < 0.5 else "stay"


def half_hearted(sight, message, random):
    return "move" if random.random() < (0.6 if message == "go" else 0.4) else "stay"


def by_arm(readings):
    return {one.where["arm"]: one for one in readings if one.where.get("of") is None}


# Arms --------------------------------------------------------------------------------------------------------------


def test_an_obedient_listener_changes_and_a_deaf_one_does_not():
    obedient, other = (by_arm(replay(one, PLACES, samples=4)) for one in (obeys, deaf))
    assert obedient["blank"].effect == 0.5  # every "go" becomes nothing, on which it stays; every "stop" stays
    assert obedient["blank"].p == 1e-4
    assert obedient["another run"].p == 1e-4
    assert {one.effect for one in other.values()} == {0.0}
    assert {one.p for one in other.values()} == {1.0}
    assert other["blank"].interval[0] == 0 < other["blank"].interval[1] < 0.2
    assert obedient["blank"].basis == "randomised"


def test_a_paraphrase_keeps_what_is_meant():
    def understands(sight, message, random):
        return "move" if "go" in message.lower() else "stay"

    found = by_arm(
        replay(understands, PLACES, paraphrase=lambda m: f"Please {m.upper()} now", template=lambda m: "stop")
    )
    assert (found["paraphrase"].effect, found["paraphrase"].p) == (0.0, 1.0)
    assert found["template"].p == found["blank"].p == 1e-4


def test_messages_come_from_other_episodes_in_the_same_context():
    heard = []

    def listener(sight, message, random):
        heard.append((sight, message))
        return "stay"

    places = [Checkpoint(k % 2, f"m{k}", k % 2, k // 4) for k in range(24)]
    replay(listener, places, samples=1)
    own = {f"m{k}": (k % 2, k // 4) for k in range(24)}
    for k, place in enumerate(places):
        others = {own[message] for sight, message in heard if message in own and message != f"m{k}" and sight == k % 2}
        assert {context for context, _ in others} == {place.context}
    alone = replay(listener, [Checkpoint(0, "m", 0, 0), Checkpoint(0, "n", 1, 1)], samples=1)
    assert set(by_arm(alone)) == {"blank"}  # nobody has another message in the same context


def test_the_same_random_numbers_in_every_arm():
    found = by_arm(replay(deaf, PLACES, samples=20, seed=7))
    assert found["blank"].effect == 0
    again = [repr(replay(half_hearted, PLACES, rounds=999, seed=seed)) for seed in (7, 7, 8)]
    assert again[0] == again[1] != again[2]


# Odds: computed, not sampled ---------------------------------------------------------------------------------------


def test_influence_from_odds_is_one_bit_for_an_obedient_listener():
    """R10c: ln 2 nats for a listener that obeys one of two messages; 0 for one that is deaf."""
    whole, *_ = replay(lambda s, m, r: {obeys(s, m, r): 1.0}, PLACES)
    none, *rest = replay(lambda s, m, r: {"move": 0.3, "stay": 0.7}, PLACES)
    assert (whole.effect, whole.unit, whole.p) == (pytest.approx(1.0), "bits a message", 1e-300)
    assert (none.effect, none.p) == (0.0, 1.0)
    assert {one.p for one in rest} == {1.0}


@given(arrays(float, (3, 2), elements=st.floats(0.01, 1)), arrays(int, 12, elements=st.integers(0, 2)))
def test_influence_from_odds_is_that_of_the_diagnosis(policy, sent):
    policy = policy / policy.sum(1, keepdims=True)
    places = [Checkpoint(None, int(m), 0, k) for k, m in enumerate(sent)]
    whole, *_ = replay(lambda s, m, r: {a: policy[m, a] for a in range(2)} if m != "" else {0: 1.0}, places)
    often = np.bincount(sent, minlength=3) / len(sent)
    assert whole.effect * math.log(2) == pytest.approx(causal_influence(policy, often), abs=1e-9)


def test_a_change_of_odds_is_their_total_variation():
    odds = {"go": {"move": 0.9, "stay": 0.1}, "stop": {"move": 0.9, "stay": 0.1}, "": {"move": 0.2, "run": 0.8}}
    found = by_arm(replay(lambda s, m, r: odds[m], PLACES))
    assert found["blank"].effect == pytest.approx(0.8)
    assert found["another run"].effect == 0
    assert found["another run"].p == 1


# Sampled -----------------------------------------------------------------------------------------------------------


def test_the_change_is_not_overstated():
    places = [Checkpoint(None, "go", 0, k) for k in range(8)]
    effects = [by_arm(replay(half_hearted, places, samples=25, rounds=99, seed=k))["blank"].effect for k in range(40)]
    assert 0.1 < np.mean(effects) < 0.2 + 3 * np.std(effects) / math.sqrt(40)


@pytest.mark.parametrize("same", [True, False])
def test_it_keeps_its_level_with_random_numbers_of_the_listeners_own_or_not(same):
    def listener(sight, message, random):
        source = random if same else own
        return int(source.integers(3))

    p = []
    for seed in range(60):
        own = np.random.default_rng(seed)
        places = [Checkpoint(None, f"m{k % 2}", 0, k) for k in range(6)]
        p.append(by_arm(replay(listener, places, samples=6, rounds=99, seed=seed))["blank"].p)
    assert (np.array(p) <= 0.05).sum() <= binom.isf(1e-5, 60, 0.05)


@pytest.mark.slow
def test_as_many_samples_as_are_said_find_a_change_as_often_as_is_said():
    """Nine in ten at a level of 0.05, for a change of 0.25 of two moves."""
    found, count = 0, samples_for(0.25)
    for seed in range(200):
        rng = np.random.default_rng(seed)
        said = lambda s, m, r, rng=rng: rng.random() < (0.625 if m else 0.375)  # noqa: E731
        found += by_arm(replay(said, [Checkpoint(None, "go")], samples=count, rounds=399, seed=seed))["blank"].p <= 0.05
    assert binom.isf(0.9999, 200, 0.9) <= found <= 200 * 0.97


def test_samples_by_the_formula():
    assert samples_for(0.1) == math.ceil(5.254 / 0.01)
    assert samples_for(0.3) * 9 == pytest.approx(samples_for(0.1), rel=0.02)
    with pytest.raises(InputError, match="A change is a share"):
        samples_for(0.0)


# What it is worth --------------------------------------------------------------------------------------------------


def test_the_value_of_being_heard():
    def worth(sight, move):
        return 1.0 if move == "move" else 0.0

    found = {one.where["arm"]: one for one in replay(obeys, PLACES, payoff=worth) if one.where.get("of") == "value"}
    assert found["blank"].effect == 0.5
    assert found["blank"].p < 0.01
    assert found["blank"].unit == "points"


def test_episodes_played_twice():
    rng = np.random.default_rng(0)
    heard = rng.normal(3, 1, 60)
    worth = value_of_being_heard(heard, heard - 0.5 + rng.normal(0, 0.5, 60))
    low, high = worth.interval
    assert low < worth.effect < high
    assert low > 0
    assert worth.p <= 1e-3
    assert value_of_being_heard(heard, heard).p == 1
    with pytest.raises(InputError, match="played twice"):
        value_of_being_heard([1.0, 2.0], [1.0])
    with pytest.raises(InputError, match="finite"):
        value_of_being_heard([math.nan], [1.0])


@pytest.mark.slow
def test_the_interval_of_the_value_holds_the_truth():
    held = 0
    for seed in range(400):
        apart = np.random.default_rng(seed).exponential(1.0, 40)
        low, high = value_of_being_heard(apart, np.zeros(40), rounds=99, seed=seed).interval
        held += low <= 1 <= high
    assert held >= binom.isf(1 - 1e-4, 400, 0.94)


# Agents, policies and logs -----------------------------------------------------------------------------------------


def test_an_agent_is_asked_as_it_is():
    agent = Agent.of(lambda look: {"act": look.sees["message"]})
    look = Look(0, "row", 0, {"act": ("C", "D")}, {"round": 1})
    places = [Checkpoint(look, "CD"[k % 2], 0, k) for k in range(10)]
    assert by_arm(replay(hearing(agent), places, blank="C"))["blank"].effect == 0.5


class Repeats(Policy):
    """Leans to the move that it is told."""

    def act(self, sight, memory):
        number = sight.xp.arange(2)
        return {"act": 2.0 * (number == sight.seen["message"])}, memory


def test_a_policy_answers_as_in_the_diagnosis():
    ground = Ground(("a", "b"), play=((Part("act", ("left", "right")),),))
    sight = Sight(np.int32(1), ground, {"message": np.asarray(0)}, {"act": np.array([True, True])})
    answer = hearing(Repeats())
    wanted = replies(Repeats(), sight, [0, 1])
    for message in (0, 1):
        found = answer(sight, message, np.random.default_rng(0))
        assert [found[0], found[1]] == pytest.approx(wanted[message].tolist())
    whole, *_ = replay(answer, [Checkpoint(sight, k % 2, 0, k) for k in range(8)], blank=0)
    assert whole.effect * math.log(2) == pytest.approx(causal_influence(wanted))


def test_checkpoints_of_a_log():
    rows = []
    for e in range(6):
        rows.append(Event(e, 0, "ann", "message", ("bob",), {"sky": e % 2}, message=f"m{e}"))
        rows.append(Event(e, 1, "bob", "act", (), {"sky": e % 2, "stock": e}, action="a"))
    found = checkpoints(Log.of(rows), "ann", "bob")
    assert [one.message for one in found] == [f"m{e}" for e in range(6)]
    assert found[3].sight == {"sky": 1, "stock": 3}
    assert found[3].episode == 3
    with pytest.raises(NothingToRead, match="bob never"):
        checkpoints(Log.of(rows), "bob", "bob")


# Refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listener", "words"),
    [
        (lambda s, m, r: {"a": 0.4}, "sum to 1"),
        (lambda s, m, r: {"a": -1.0, "b": 2.0}, "at least 0"),
        (lambda s, m, r: {"a": math.nan}, "at least 0"),
        (lambda s, m, r: {}, "sum to 1"),
        (lambda s, m, r: ["a"], "Answers are counted"),
        (lambda s, m, r: {"a": 1.0} if m else "a", "the same kind"),
    ],
)
def test_answers_that_cannot_be_counted(listener, words):
    with pytest.raises(InputError, match=words):
        replay(listener, PLACES)


def test_nothing_to_ask():
    with pytest.raises(InputError, match="0 checkpoints"):
        replay(deaf, [])
    with pytest.raises(InputError, match="finite number of points"):
        replay(deaf, PLACES, payoff=lambda s, m: math.inf)
