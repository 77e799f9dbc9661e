"""Lies in auctions of bundles: a planted false name, a clean case, and theorems about both rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits._bid_attacks import partitions
from ostrom.audits.bidding import bidding
from ostrom.choice.combinatorial_auction import combinatorial_auction
from ostrom.core.errors import InputError, TooLarge

SEEDS = st.integers(0, 10_000)
SHILLS = {"A": {("x", "y"): 3}, "B": {("y", "x"): 2}}
PACKAGE = {"A": {("x", "y"): 2}, "B": {"x": 2}, "C": {"y": 2}}


def drawn(seed):
    """Three bidders for three items, one or two bundles each."""
    rng, values = np.random.default_rng(seed), {}
    for i in range(3):
        own = {}
        for _ in range(rng.integers(1, 3)):
            own[tuple(f"i{j}" for j in sorted(rng.choice(3, rng.integers(1, 4), replace=False)))] = float(rng.random())
        values[f"b{i}"] = own
    return values


def replayed(values, claim, payments, language="xor"):
    """What the witness's bidder gets by its bids, and by the truth, from two auctions and its values alone."""
    bidder, got = claim.witness["bidder"], []
    for bids, names in ((values, (bidder,)), (claim.witness["bids"], claim.witness["names"])):
        found = combinatorial_auction(bids, payments=payments, language=language)
        items = {item for name in names for item in found.won.get(name, ())}
        worth = max((x for b, x in values[bidder].items() if set([b] if isinstance(b, str) else b) <= items), default=0)
        got.append(worth - sum(found.paid[name] for name in names))
    return got


def test_a_planted_false_name_is_found_and_replays():
    """Alone A pays 2 for both items; as two bidders who outbid B for one item each, it pays nothing."""
    stable, prices, names = bidding(SHILLS)
    assert (stable.verdict, prices.verdict, names.verdict) == ("proved", "supported", "refuted")
    assert names.witness["bidder"] == "A"
    assert len(names.witness["names"]) == 2
    before, after = replayed(SHILLS, names, "vcg")
    assert (before, after) == (1, 3)
    assert names.witness["gain"] == after - before
    assert (names.witness["before"], names.numbers["most gained"]) == (1, 2)


def test_core_payments_leave_nothing_to_that_false_name():
    assert [claim.verdict for claim in bidding(SHILLS, payments="core")] == ["proved", "supported", "supported"]


def test_nothing_is_found_in_a_second_price_auction():
    values = {"A": {"x": 3}, "B": {"x": 7}, "C": {"x": 5}}
    claims = bidding(values)
    assert [claim.verdict for claim in claims] == ["proved", "supported", "unknown"]  # one item cannot be split
    assert claims[1].numbers["most gained"] == 0
    assert claims[1].numbers["n"] > 20


def test_who_pays_as_bid_bids_less():
    claim = bidding({"A": {"x": 3}, "B": {"x": 7}}, payments="bid")[1]
    assert claim.verdict == "refuted"
    before, after = replayed({"A": {"x": 3}, "B": {"x": 7}}, claim, "bid")
    assert (before, after) == (0, pytest.approx(3.93))  # just above the other's 3, by 1 % of its own 7


def test_vcg_out_of_the_core_names_the_group():
    claim = bidding(PACKAGE)[0]
    assert claim.verdict == "refuted"
    assert claim.witness == {"coalition": ("A",), "bundles": {"A": ["x", "y"]}, "gain": 2.0}


def test_core_payments_invite_to_bid_less():
    """The price of the core: B leaves the burden of beating A to C."""
    claim = bidding(PACKAGE, payments="core")[1]
    assert claim.verdict == "refuted"
    before, after = replayed(PACKAGE, claim, "core")
    assert claim.witness["gain"] == pytest.approx(after - before)
    assert before == pytest.approx(1)


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_under_vcg_no_other_prices_help(seed):
    """Vickrey, Clarke and Groves: the truth is dominant, so that nothing may be found."""
    assert bidding(drawn(seed))[1].verdict == "supported"


@settings(max_examples=4, deadline=None)
@given(SEEDS)
def test_in_the_core_false_names_bring_no_more_than_vcg_does(seed):
    """Day and Milgrom (2008): whoever bids under however many names gets at most its VCG payoff."""
    values = drawn(seed)
    truth = combinatorial_auction(values, payments="core")
    stable, _, names = bidding(values, payments="core")
    assert stable.verdict == "proved"
    if names.verdict == "refuted":
        who = names.witness["bidder"]
        assert names.witness["gain"] <= truth.paid[who] - truth.vcg[who] + 1e-6


def test_or_bids_are_worth_what_packs_best():
    values = {"A": {"x": 1, "y": 2}, "B": {("x", "y"): 2.5}}
    claims = bidding(values, language="or")
    assert claims[1].verdict == "supported"
    assert claims[2].numbers["n"] == 3


def test_every_way_to_cut_a_bundle_comes_once():
    """Bell's and Stirling's numbers."""
    assert [len(list(partitions(tuple("abcde")[:k], k))) for k in (2, 3, 4, 5)] == [1, 4, 14, 51]
    assert len(list(partitions(tuple("abcd"), 2))) == 7
    cuts = [frozenset(map(frozenset, cut)) for cut in partitions(tuple("abcd"), 4)]
    assert len(set(cuts)) == len(cuts)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(InputError, match="no false name"):
        bidding(SHILLS, names=1)
    with pytest.raises(TooLarge, match="statements"):
        bidding(SHILLS, limit=3)
    with pytest.raises(InputError):
        bidding({"A": {"x": -1}})


def test_tiny_values_are_audited_in_their_own_unit():
    large = bidding({"A": {("x", "y"): 3}, "B": {("x", "y"): 2}})
    small = bidding({"A": {("x", "y"): 3e-13}, "B": {("x", "y"): 2e-13}})
    assert [claim.verdict for claim in small] == [claim.verdict for claim in large]


@pytest.mark.parametrize("given", [{"names": "x"}, {"names": 2.5}, {"limit": None}])
def test_numbers_that_are_not_whole_are_refused(given):
    with pytest.raises(InputError, match="whole"):
        bidding({"A": {"x": 1}}, **given)
