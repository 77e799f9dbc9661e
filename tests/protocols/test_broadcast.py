"""Broadcast: closed forms under loss, certainty without a limit of tries, and double talk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.core.errors import TooLarge
from ostrom.protocols import Broadcast


@settings(max_examples=8, deadline=None)
@given(loss=st.floats(0, 1), tries=st.integers(1, 2))
def test_a_receiver_misses_it_with_odds_of_all_tries_lost(loss, tries):
    found = honesty(Broadcast(receivers=2, loss=loss, tries=tries))
    assert found.value["receiver 1"] == pytest.approx(1 - loss**tries)
    assert found.value["sender"] == pytest.approx(2 * (1 - loss**tries))


def test_what_tries_cost():
    """A second try follows unless message and receipt arrive: 1 + (1 - 0.9²) tries on average."""
    found = honesty(Broadcast(receivers=1, loss=0.1, tries=2, effort=0.5))
    assert found.value["sender"] == pytest.approx(0.99 - 0.5 * (2 - 0.81))


def test_with_a_limit_losses_may_leave_somebody_out():
    protocol = Broadcast(receivers=2, loss=0.1, tries=2)
    *_, has_it, _ = model_check(protocol).claims
    assert has_it.verdict == "refuted"
    assert protocol.follow(has_it.witness["trace"])[0].count(0) == 1
    assert model_check(Broadcast(receivers=2, loss=0.0, tries=1)).verdict == "proved"


def test_without_one_all_have_it_in_the_end_and_the_sender_knows():
    assert model_check(Broadcast(receivers=3, loss=0.99, tries=0)).verdict == "proved"
    found = model_check(Broadcast(receivers=1, loss=1.0, tries=0))
    assert found.claims[-2].witness["then"] != "nothing"
    with pytest.raises(TooLarge, match="more than 150 steps"):
        Broadcast(tries=0).play()


def test_double_talk_is_possible_and_paid():
    _, known, same, *_ = model_check(Broadcast(tries=1), 1).claims
    assert (known.verdict, same.verdict) == ("proved", "refuted")
    assert honesty(Broadcast(receivers=2, loss=0.0, tries=1, prize=3.0)).gains[("sender",)] == pytest.approx(2.0)
    assert honesty(Broadcast(receivers=2, loss=0.0, tries=1, prize=1.0)).verdict == "proved"
