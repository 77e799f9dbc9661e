"""Remedies: one that closes a channel, one that does not, and what is left of the log."""

import numpy as np
import pytest
from monitors.channel_sources import source

from ostrom import InputError
from ostrom.monitors.mitigation import mitigated, mute, paraphrase, rate_limit, shuffle_roles
from ostrom.testing import planted_log

LEAK = source("punctuation", 0.3, 200, 1)
PLAIN = paraphrase(lambda text: text.replace("!", "."))


def taken(remedy, log=LEAK):
    (found,) = mitigated(log, remedy, rounds=199)
    return found


def test_a_paraphrase_that_takes_the_carrier_away_closes_the_channel():
    found = taken(PLAIN)
    assert found.p < 1e-3
    assert found.interval[0] > 0
    assert found.numbers["p before"] == 1 / 200
    assert found.numbers["p after"] > 0.01
    assert found.numbers["after"] < 0.2 * found.numbers["before"]


def test_a_paraphrase_that_leaves_the_carrier_takes_nothing():
    found = taken(paraphrase(lambda text: text.replace("We should", "Let us")))
    assert found.interval[0] <= 0
    assert found.numbers["p after"] == 1 / 200


def test_where_nothing_is_told_nothing_is_taken():
    found = taken(PLAIN, source("punctuation", 0.0, 200, 3))
    low, high = found.interval
    assert low <= 0 <= high


def test_silence_takes_all_and_a_limit_a_part():
    whole, part = taken(mute()), taken(rate_limit(2))
    assert whole.numbers["after"] == 0
    assert whole.effect == pytest.approx(whole.numbers["before"])
    assert 0 < part.effect < whole.effect
    assert part.n == 40  # episodes


@pytest.mark.parametrize("messages", [1, 3])
def test_a_limit_keeps_the_first_messages(messages):
    after = rate_limit(messages)(LEAK, np.random.default_rng(0))
    spoken = after.get("message").present
    assert len(after) == len(LEAK)
    assert after.row.tolist() == LEAK.row.tolist()
    assert np.bincount(after.episode[spoken]).tolist() == [messages] * 40
    assert (after.t[spoken] < 2 * messages).all()


def test_roles_change_hands_within_an_episode():
    rng = np.random.default_rng(0)
    log = source("label", 0.5, 100, 2)
    both = type(log).of(
        event if event.channel == "message" else type(event)(event.episode, event.t, "ben", "message", message="ben's")
        for event in log.events()
    )
    after = shuffle_roles()(both, rng)
    for number in range(20):
        before, now = (
            sorted(log["message"][k] for k in np.flatnonzero(log.episode == number)) for log in (both, after)
        )
        assert before == now
    by_ann = {after["message"][k] for k in after.by("ann")}
    assert "ben's" in by_ann


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="limit"):
        rate_limit(0)
    with pytest.raises(InputError, match="zoe"):
        taken(mute("zoe"))
    with pytest.raises(InputError, match="text for a text"):
        taken(paraphrase(len))
    with pytest.raises(InputError, match="rows"):
        taken(lambda log, rng: log.take(np.arange(10)))


@pytest.mark.parametrize("remedy", [None, "mute", mute, [mute()]])
def test_what_is_no_remedy_is_refused(remedy):
    with pytest.raises(InputError, match="Give one, made"):
        mitigated(planted_log(messages=50).log, remedy)


@pytest.mark.parametrize("messages", [0, None, float("nan"), 2.5])
def test_what_is_no_limit_is_refused(messages):
    with pytest.raises(InputError, match="mute"):
        rate_limit(messages)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, True, "a"])
def test_what_is_no_seed_is_refused_by_functions_too(seed):
    with pytest.raises(InputError, match="seed"):
        mitigated(planted_log(messages=50).log, mute(), seed=seed)
    with pytest.raises(InputError, match="seed"):
        planted_log(messages=50, seed=seed)
