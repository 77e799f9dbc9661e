"""Speaker consistency and causal influence against entropies by SciPy, and intervals against repeated sampling."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy

from ostrom.core.agent import Policy, Sight
from ostrom.core.errors import InputError
from ostrom.core.ground import Ground, Part
from ostrom.diagnosis.channel import causal_influence, channel, replies, speaker_consistency

TABLES = arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.floats(0, 10))


def by_entropies(joint):
    """H(rows) + H(columns) - H(both)."""
    return entropy(joint.sum(1)) + entropy(joint.sum(0)) - entropy(joint.ravel())


@given(TABLES.filter(lambda table: table.sum() > 1e-3))
def test_consistency_is_mutual_information(table):
    found = speaker_consistency(table)
    assert found == pytest.approx(by_entropies(table), abs=1e-9)
    assert found == pytest.approx(speaker_consistency(table.T), abs=1e-9)
    assert -1e-12 <= found <= math.log(min(table.shape)) + 1e-9


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_influence_is_mutual_information_of_messages_that_are_set(messages, moves, data):
    policy = data.draw(arrays(float, (messages, moves), elements=st.floats(0.01, 1)))
    policy /= policy.sum(1, keepdims=True)
    sent = data.draw(arrays(float, messages, elements=st.floats(0.01, 1)))
    assert causal_influence(policy) == pytest.approx(by_entropies(policy / messages), abs=1e-9)
    assert causal_influence(policy, sent) == pytest.approx(
        by_entropies(policy * (sent / sent.sum())[:, None]), abs=1e-9
    )
    both = causal_influence(np.stack([policy, np.full_like(policy, 1 / moves)]))
    assert both == pytest.approx(causal_influence(policy) / 2, abs=1e-9)


@pytest.mark.parametrize("wrong", [[[1, -1], [0, 1]], [[0, 0]], [1, 2], [[math.nan, 1]]], ids=repr)
def test_what_is_no_joint_table_is_refused(wrong):
    with pytest.raises(InputError, match="The joint table is"):
        speaker_consistency(wrong)


@pytest.mark.parametrize("wrong", [[[5, 3], [1, 1]], [0.5, 0.5], [[1.5, -0.5], [0, 1]]], ids=repr)
def test_what_is_no_policy_is_refused(wrong):
    with pytest.raises(InputError, match="recorded plays go to channel"):
        causal_influence(wrong)


def test_plays_have_to_fit():
    with pytest.raises(InputError, match=r"\(3, 1\), \(2, 1\)"):
        channel([0, 1, 1], [0, 1], [0, 1, 1])
    with pytest.raises(InputError, match="whole numbers"):
        channel([0.5], [0], [0])


# Recorded plays ---------------------------------------------------------------------------------------------------


def test_a_deaf_listener_is_told_from_an_obedient_one():
    said = np.arange(400) % 2
    heeded, deaf = channel(said, said, said), channel(said, said, np.zeros_like(said))
    for found in (heeded, deaf):
        assert found.consistency.value == pytest.approx(math.log(2), abs=1e-3)
        assert found.consistency.low > 0.6
    assert heeded.influence.low > 0.6
    assert deaf.influence.value == deaf.influence.high == 0
    assert "the listener heeds them" in heeded.finding.sentence
    assert "nothing shows that the listener heeds them" in deaf.finding.sentence
    assert deaf.finding.numbers["CIC"]["n"] == 400


def test_what_both_saw_is_not_taken_for_influence():
    """Speaker and listener see the same and act on it: given what was seen, messages that were set change nothing."""
    random = np.random.default_rng(1)
    saw = random.integers(0, 2, 2000)
    said = np.where(random.random(2000) < 0.2, 1 - saw, saw)
    blind, told = channel(said, said, saw), channel(said, said, saw, saw)
    assert blind.influence.low > 0.1
    assert told.influence.value == told.influence.low == 0
    never = channel(saw, saw, saw, saw).influence  # nothing was ever said that the listener did not see
    assert (never.value, never.low, never.high, never.n) == (None, 0.0, math.log(2), 0)
    assert "not known" in channel(saw, saw, saw, saw).finding.sentence


def test_plays_of_one_episode_are_not_independent():
    """Each of 40 pairs has made up its mind for good: 40 plays' worth, however long they are recorded."""
    random = np.random.default_rng(2)
    said, done = random.integers(0, 2, (40, 1)), random.integers(0, 2, (40, 1))
    once = channel(said, said, done)
    long = channel(said.repeat(50, 1), said.repeat(50, 1), done.repeat(50, 1))
    alone = channel(*[rows.repeat(50, 1).ravel() for rows in (said, said, done)])
    assert long.influence.high == pytest.approx(once.influence.high, rel=0.1)
    assert alone.influence.high < long.influence.high
    assert long.influence.n == 2000


def test_the_same_plays_and_seed_give_the_same_interval():
    random = np.random.default_rng(3)
    said, done = random.integers(0, 3, (2, 100))
    assert channel(said, said, done, seed=5) == channel(said, said, done, seed=5)
    assert channel(said, said, done, seed=5) != channel(said, said, done, seed=6)


CASES = {
    "none of two": np.full((2, 2), 1 / 4),
    "none of four": np.full((4, 4), 1 / 16),
    "a little": np.array([[0.3, 0.2], [0.2, 0.3]]),
    "some": (0.6 * np.eye(3) + 0.4 / 3) / 3,
    "nearly all": (0.9 * np.eye(3) + 0.1 / 3) / 3,
    "all": np.eye(2) / 2,
}


@pytest.mark.slow
@pytest.mark.parametrize("plays", [100, 400])
@pytest.mark.parametrize("case", CASES)
def test_intervals_hold_the_truth_as_often_as_they_say(case, plays):
    """300 samples each; 95 % less three standard errors of that share is 0.912."""
    joint, random, held, values = CASES[case], np.random.default_rng(4), 0, []
    truth = by_entropies(joint)
    for sample in range(300):
        cells = random.choice(joint.size, plays, p=joint.ravel())
        said, done = np.divmod(cells, joint.shape[1])
        found = channel(said, done, done, seed=sample).consistency
        held += found.low - 1e-9 <= truth <= found.high + 1e-9
        values.append(found.value)
    assert held / 300 > 0.912
    raw_bias = (joint.shape[0] - 1) * (joint.shape[1] - 1) / (2 * plays)
    assert abs(np.mean(values) - truth) < max(raw_bias, 0.01)


# Policies ---------------------------------------------------------------------------------------------------------


class Leaning(Policy):
    """Does act 2 the more the greater the message."""

    def act(self, sight, memory):
        return {"act": np.array([0.0, float(sight.seen["heard"])])}, memory


def test_a_policy_is_asked_what_it_would_do_with_each_message():
    ground = Ground(("one", "two"), play=((Part("act", ("a", "b")),),))
    sight = Sight(np.int32(1), ground, {"heard": np.array(0)}, {"act": np.array([True, True])})
    odds = replies(Leaning(), sight, [0, 1, -2], "heard")
    assert odds[:, 1] == pytest.approx([1 / (1 + math.exp(-heard)) for heard in (0, 1, -2)])
    bound = Sight(np.int32(1), ground, sight.seen, {"act": np.array([True, False])})
    assert replies(Leaning(), bound, [0, 1, -2], "heard").tolist() == [[1, 0]] * 3
    assert replies(Policy(), sight, [0, 1], "heard").tolist() == [[0.5, 0.5]] * 2
