"""Commit and reveal: closed forms, and what goes wrong without hiding, binding or a bond."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.core.errors import InputError
from ostrom.protocols import CommitReveal
from ostrom.protocols.commit_reveal import commitment, opens


@settings(max_examples=15, deadline=None)
@given(players=st.integers(2, 3), stake=st.floats(0.1, 2), bond=st.floats(0, 3))
def test_the_last_to_reveal_walks_out_when_it_has_lost(players, stake, bond):
    """It has lost with odds (n - 1) / n, and then pays the bond in place of the stake."""
    gains = honesty(CommitReveal(players=players, stake=stake, bond=bond)).gains
    expected = (players - 1) / players * max(stake - bond, 0)
    assert gains[(f"party {players}",)] == pytest.approx(expected, abs=1e-8)
    assert all(gains[(f"party {k + 1}",)] == 0 for k in range(players - 1))


def test_without_hiding_the_last_to_commit_wins():
    found = honesty(CommitReveal(hiding=False))
    assert found.gains == {("party 1",): 0.0, ("party 2",): 1.0}
    assert CommitReveal().pays(CommitReveal().follow(found.claims[0].witness["trace"])) == (-1.0, 1.0)


def test_without_binding_the_last_to_reveal_wins():
    protocol = CommitReveal(binding=False)
    _, kept, _ = model_check(protocol, 1).claims
    assert kept.verdict == "refuted"
    coins, shown = protocol.follow(kept.witness["trace"])
    assert any(number >= 0 and number != coin for coin, number in zip(coins, shown, strict=True))
    assert honesty(protocol).gains[("party 2",)] == pytest.approx(1.0)
    assert honesty(protocol, kinds=("abort",)).verdict == "proved"


def test_with_both_and_a_bond_it_is_fair_and_ends_if_all_reveal():
    assert model_check(CommitReveal(players=3)).verdict == "proved"
    assert honesty(CommitReveal()).verdict == "proved"
    _, kept, drawn = model_check(CommitReveal(), 1).claims
    assert (kept.verdict, drawn.verdict) == ("proved", "refuted")  # anybody can leave it undrawn


def test_partners_need_a_larger_bond():
    """When the third has won, they walk out for half of the bond (the other half stays with them), and not 2 stakes."""
    found = honesty(CommitReveal(players=3, bond=1.0), 2)
    assert found.gains[("party 2", "party 3")] == pytest.approx((2 - 0.5) / 3)
    assert found.gains[("party 1", "party 2")] == 0  # both have to reveal before the third does
    assert honesty(CommitReveal(players=3, bond=4.0), 2).verdict == "proved"


def test_a_commitment_binds_and_hides():
    nonce = bytes(range(16))
    made = commitment(b"heads", nonce)
    assert len(made) == 64
    assert opens(made, b"heads", nonce)
    assert not opens(made, b"tails", nonce)
    assert commitment(b"heads", bytes(16)) != made
    assert commitment(b"b", b"a") != commitment(b"", b"ab")  # where the nonce ends is part of it


def test_hostile_texts_open_nothing_and_texts_are_no_bytes():
    assert not opens("é\u202e", b"value", b"nonce")
    assert not opens(None, b"value", b"nonce")
    with pytest.raises(InputError, match="bytes"):
        commitment("value", b"nonce")
