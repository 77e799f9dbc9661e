"""Exchange: without an agent who moves last keeps both, with one it is the agent who has to be trusted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.protocols import Escrow


@settings(max_examples=20, deadline=None)
@given(cost=st.floats(0.1, 1.9), price=st.floats(2, 3))
def test_without_an_agent_the_seller_gains_its_cost(cost, price):
    found = honesty(Escrow(agent=False, cost=cost, price=price, value=4.0))
    assert found.gains == {("buyer",): 0.0, ("seller",): pytest.approx(cost)}
    assert found.claims[0].witness["trace"] == [("buyer", "pay"), ("seller", "walk out")]


@settings(max_examples=20, deadline=None)
@given(bond=st.floats(0, 5), fee=st.floats(0, 0.5))
def test_with_one_only_the_agent_could_gain(bond, fee):
    """It makes off with price and goods (2 + 1) for its bond and its fee."""
    found = honesty(Escrow(bond=bond, fee=fee))
    assert found.gains[("agent",)] == pytest.approx(max(3 - bond - fee, 0), abs=1e-8)
    assert found.gains[("buyer",)] == found.gains[("seller",)] == 0


def test_nobody_gains_together_against_a_bonded_agent():
    assert honesty(Escrow(), 2).verdict == "proved"


def test_fairness():
    assert model_check(Escrow()).verdict == model_check(Escrow(agent=False)).verdict == "proved"
    assert all(model_check(Escrow(), [who]).claims[1].verdict == "proved" for who in ("buyer", "seller"))
    protocol = Escrow(agent=False)
    unfair = model_check(protocol, 1).claims[1]
    assert unfair.verdict == "refuted"
    assert protocol.pays(protocol.follow(unfair.witness["trace"])) == (-2.0, 2.0)
    assert model_check(Escrow(), ["agent"]).claims[1].witness["trace"][-1] == ("agent", "make off")


def test_with_a_deadline_instead_of_silence_it_ends():
    assert model_check(Escrow(), ["buyer"], kinds=("abort",)).verdict == "proved"
    assert model_check(Escrow(), ["buyer"]).claims[-1].verdict == "refuted"
