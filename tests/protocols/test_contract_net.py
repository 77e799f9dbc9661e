"""The contract net: prices, bonds, and who gains by which lie."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.core.errors import InputError
from ostrom.protocols import ContractNet

COSTS = st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=1, max_size=3).map(tuple)


@settings(max_examples=20, deadline=None)
@given(costs=COSTS)
def test_nobody_bids_falsely_for_the_second_price(costs):
    """Vickrey: the own bid decides whether one wins, and not what one is paid."""
    found = honesty(ContractNet(costs=costs, bond=10.0), kinds=("lie", "silent"))
    assert all(found.gains[(f"contractor {k + 1}",)] == 0 for k in range(len(costs)))


@settings(max_examples=20, deadline=None)
@given(costs=COSTS)
def test_what_a_bidder_gains_at_the_first_price(costs):
    """It asks for the most that still wins; of equal bids the first is taken."""
    prices = (1.0, 2.0, 3.0)
    gains = honesty(ContractNet(costs=costs, rule="first", bond=10.0), kinds=("lie",)).gains
    for k, cost in enumerate(costs):
        wins = [p for p in prices if all(p < c or (p == c and k < j) for j, c in enumerate(costs) if j != k)]
        assert gains[(f"contractor {k + 1}",)] == pytest.approx(max([p - cost for p in wins] + [0.0]))


@pytest.mark.parametrize(("prepaid", "who", "gain"), [(False, "manager", 1.5), (True, "contractor 1", 0.5)])
def test_who_moves_last_breaks_off_for_a_small_bond(prepaid, who, gain):
    """The price is 2 and the cost 1: the manager keeps 2 - 0.5, the contractor spares itself 1 - 0.5."""
    found = honesty(ContractNet(prepaid=prepaid, bond=0.5), kinds=("abort",))
    assert found.gains[(who,)] == pytest.approx(gain)
    assert honesty(ContractNet(prepaid=prepaid, bond=2.0), kinds=("abort",)).verdict == "proved"


def test_bidders_together_raise_the_price():
    found = honesty(ContractNet(), 2, kinds=("lie",))
    assert found.gains[("contractor 1", "contractor 2")] == pytest.approx(1.0)  # 3 is paid for 2


def test_all_promises_hold_among_the_honest_and_break_by_name():
    assert model_check(ContractNet()).verdict == "proved"
    _, lowest, served, settled = model_check(ContractNet(), ["manager"]).claims
    assert {lowest.verdict, served.verdict, settled.verdict} == {"refuted"}
    assert served.witness["trace"][-1] == ("manager", "do not pay")
    assert model_check(ContractNet(), ["contractor 1"], kinds=("lie",)).verdict == "proved"


def test_a_call_that_nobody_can_answer_is_closed():
    protocol = ContractNet(costs=(3.0,), prices=(3.0,), value=2.0)
    assert protocol.follow([("contractor 1", "bid 3"), ("manager", "close")]).award < 0
    assert honesty(protocol).value == {"manager": 0.0, "contractor 1": 0.0}


def test_prices_have_to_rise_and_cover_costs():
    for wrong in ({"prices": (2.0, 1.0)}, {"costs": (5.0,)}, {"costs": ()}):
        with pytest.raises(InputError, match="Prices rise"):
            ContractNet(**wrong)


@pytest.mark.parametrize("prices", [(0.0, 1.0, 2.0), (1.0, 2.0, 2.0000001)])
def test_every_price_is_a_bid_of_its_own(prices):
    net = ContractNet(costs=(0.0, 1.0), prices=prices)
    labels = [step.label for step in net.events(net.start()) if step.actor == "contractor 1"]
    assert len(set(labels)) == len(labels) == len(prices) + 1
    assert honesty(net).gains["contractor 1",] == 0
