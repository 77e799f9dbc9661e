"""Signed statements: who is held to what by the checker, what lying brings, and the published test vectors."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.core.errors import InputError, MissingExtra
from ostrom.protocols import SignedStatements
from ostrom.protocols.signed_statements import contradicts, new_key, public_key, sign, signed_by

HELD, JUST = 1, 2
"""The claims on safety, behind the one on deadlock."""


def claims(protocol, *faulty):
    return {claim.statement: claim.verdict for claim in model_check(protocol, list(faulty)).claims}


@pytest.mark.parametrize("listeners", [2, 4])
def test_signatures_hold_the_guilty_and_nobody_else(listeners):
    protocol = SignedStatements(listeners)
    assert set(claims(protocol, "speaker").values()) == {"proved"}
    assert set(claims(protocol, f"listener {listeners}").values()) == {"proved"}


def test_without_them_a_judge_errs_one_way_or_the_other():
    believed, doubted = SignedStatements(signed=False), SignedStatements(signed=False, believing=False)
    wronged = claims(believed, "listener 2")
    assert wronged["Always: nobody is condemned for what it did not do."] == "refuted"
    assert claims(doubted, "speaker")["Always: who says two things is condemned."] == "refuted"
    assert claims(doubted, "listener 2")["Always: nobody is condemned for what it did not do."] == "proved"


@settings(max_examples=20, deadline=None)
@given(prize=st.floats(0.1, 3), spoils=st.floats(0.1, 3))
def test_what_it_pays_to_lie(prize, spoils):
    """The speaker gains its prize where nobody is believed, the accuser its spoils where all are; signed, neither."""
    signed = honesty(SignedStatements(prize=prize, spoils=spoils)).gains
    assert max(signed.values()) == 0
    doubted = honesty(SignedStatements(signed=False, believing=False, prize=prize, spoils=spoils)).gains
    assert doubted[("speaker",)] == pytest.approx(prize)
    believed = honesty(SignedStatements(signed=False, prize=prize, spoils=spoils)).gains
    assert believed[("listener 2",)] == pytest.approx(spoils)


def test_the_first_vectors_of_rfc_8032():
    pytest.importorskip("cryptography")
    key = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert public_key(key).hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert sign(key, b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    assert signed_by(public_key(key), b"", sign(key, b""))


@settings(max_examples=30, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=40), flip=st.integers(0, 511))
def test_signatures_hold_for_what_was_signed_and_nothing_else(seed, message, flip):
    pytest.importorskip("cryptography")
    key, public = new_key(seed), public_key(seed)
    assert key == seed
    given_ = sign(key, message)
    assert signed_by(public, message, given_)
    assert not signed_by(public, message + b"!", given_)
    bent = bytearray(given_)
    bent[flip // 8] ^= 1 << flip % 8
    assert not signed_by(public, message, bytes(bent))
    assert not signed_by(public_key(bytes(31) + b"\x01"), message, given_) or seed == bytes(31) + b"\x01"


def test_two_statements_prove_a_contradiction_and_one_does_not():
    pytest.importorskip("cryptography")
    key = new_key(bytes(32))
    a, b = ((text, sign(key, text)) for text in (b"round 1: A", b"round 1: B"))
    assert contradicts(public_key(key), a, b)
    assert not contradicts(public_key(key), a, a)
    assert not contradicts(public_key(key), a, (b"round 1: B", a[1]))
    assert len(new_key()) == 32
    assert new_key() != new_key()


def test_nonsense_is_refused_and_no_signature_is_none():
    pytest.importorskip("cryptography")
    public = public_key(bytes(32))
    assert not signed_by(public, b"x", b"")
    assert not signed_by(b"short", b"x", bytes(64))
    with pytest.raises(InputError, match="32"):
        sign(b"short", b"x")
    with pytest.raises(InputError, match="bytes"):
        sign(bytes(32), "text")
    with pytest.raises(InputError, match="bytes"):
        signed_by(public, "x", bytes(64))


def test_without_the_library_the_install_line_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    with pytest.raises(MissingExtra, match=r"ostrom\[signatures\]"):
        new_key()
