"""A log that only grows: tampering is located, forks are found, and without the chain they are not."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.core.errors import InputError
from ostrom.protocols import HashChain
from ostrom.protocols.hash_chain import chained, first_tampered, forked_at, tag, tagged

ENTRIES = st.lists(st.binary(max_size=6), min_size=1, max_size=12)


def test_a_head_is_what_it_is_said_to_be():
    assert chained([b"a"]) == [hashlib.sha256(bytes(32) + b"a").hexdigest()]


@settings(max_examples=50, deadline=None)
@given(entries=ENTRIES, data=st.data())
def test_tampering_is_detected_and_located(entries, data):
    heads = chained(entries)
    assert first_tampered(entries, heads) is None
    k = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:k], entries[k] + b"!", *entries[k + 1 :]]
    assert first_tampered(changed, heads) == k
    assert chained(changed)[-1] != heads[-1]


@settings(max_examples=50, deadline=None)
@given(one=ENTRIES, other=ENTRIES)
def test_a_fork_is_found_where_logs_part(one, other):
    common = min(len(one), len(other))
    expected = next((k for k in range(common) if one[k] != other[k]), None)
    assert forked_at(chained(one), chained(other)) == expected


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(InputError, match="2 entries and 1 heads"):
        first_tampered([b"a", b"b"], chained([b"a"]))


def test_no_fork_stays_hidden_behind_a_chain():
    assert model_check(HashChain(entries=3, readers=3), 1).verdict == "proved"
    protocol = HashChain(entries=2, chained=False)
    hidden = model_check(protocol, 1).claims[1]
    assert hidden.verdict == "refuted"
    shown, found = protocol.follow(hidden.witness["trace"])
    assert found == 1  # the same
    assert len(set(shown)) == 2
    assert model_check(HashChain(entries=1, chained=False), 1).verdict == "proved"  # the last entry is the whole log
    assert model_check(HashChain(entries=1, compared=False), 1).claims[1].verdict == "refuted"


def test_what_double_talk_brings_the_logger():
    assert honesty(HashChain()).verdict == "proved"
    assert honesty(HashChain(chained=False)).gains[("logger",)] == pytest.approx(1.0)


def test_tags_of_a_shared_key():
    """RFC 4231, test case 2."""
    known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert tag(b"Jefe", b"what do ya want for nothing?") == known
    assert tagged(b"Jefe", b"what do ya want for nothing?", known)
    assert not tagged(b"Jefe", b"what do ya want for something?", known)


def test_hostile_texts_fit_nothing():
    assert not tagged(b"key", b"message", "é\u202e")
    assert not tagged(b"key", b"message", None)
    assert first_tampered([b"x"], ["é" * 64]) == 0
    assert first_tampered([b"x"], [None]) == 0


def test_texts_are_no_bytes():
    for asked in (
        lambda: chained(["x"]),
        lambda: chained("xy"),
        lambda: chained(3),
        lambda: first_tampered(["x"], ["y"]),
        lambda: tag("key", b"message"),
        lambda: tag(b"key", 3),
        lambda: forked_at(3, []),
    ):
        with pytest.raises(InputError):
            asked()
