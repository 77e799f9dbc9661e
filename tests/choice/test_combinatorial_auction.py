"""Auctions of bundles: worked numbers, brute force over allocations and coalitions, SciPy for the nearest payments."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from ostrom.choice._bundles import Bid, bids_of
from ostrom.choice._winners import price_bound
from ostrom.choice.combinatorial_auction import combinatorial_auction, core_violation
from ostrom.core.errors import InputError, TooLarge, UnknownName

SEEDS = st.integers(0, 10_000)
LANGUAGES = st.sampled_from(["xor", "or"])
PACKAGE = {"A": {("x", "y"): 2}, "B": {"x": 2}, "C": {"y": 2}}


def drawn(seed, bidders=4, items=4, each=2):
    """Random bids: whole prices, with ties, for even seeds."""
    rng, bids = np.random.default_rng(seed), {}
    for i in range(bidders):
        own = {}
        for _ in range(each):
            bundle = tuple(f"i{j}" for j in sorted(rng.choice(items, rng.integers(1, items), replace=False)))
            own[bundle] = float(rng.integers(1, 9) if seed % 2 == 0 else rng.random())
        bids[f"b{i}"] = own
    return bids


def flat(bids):
    return [(who, set(bundle), price) for who, own in bids.items() for bundle, price in own.items()]


def allocations(bids, language):
    """Every choice of bids that can be met, as sets of their numbers."""
    listed = flat(bids)

    def fits(some):
        sold = [item for k in some for item in listed[k][1]]
        owners = [listed[k][0] for k in some]
        return len(sold) == len(set(sold)) and (language == "or" or len(owners) == len(set(owners)))

    every = chain.from_iterable(combinations(range(len(listed)), size) for size in range(len(listed) + 1))
    return [some for some in every if fits(some)]


def value(bids, some):
    return sum(flat(bids)[k][2] for k in some)


def most(bids, language, group):
    """What a group of bidders offers at most, by brute force."""
    listed = flat(bids)
    return max(value(bids, some) for some in allocations(bids, language) if all(listed[k][0] in group for k in some))


def groups(bids):
    return chain.from_iterable(combinations(bids, size) for size in range(len(bids) + 1))


def offered(bids, found):
    return {who: sum(bid.price for bid in found.accepted if bid.bidder == who) for who in bids}


def test_the_package_bidder_leaves_vcg_without_revenue():
    """Worked example: by VCG both winners pay nothing, although a loser offers 2; in the core they pay 2."""
    vcg = combinatorial_auction(PACKAGE, payments="vcg")
    assert vcg.won == {"B": ("x",), "C": ("y",)}
    assert (vcg.value, vcg.revenue) == (4, 0)
    assert vcg.violation.coalition == ("A",)
    assert vcg.violation.gain == pytest.approx(2)
    core = combinatorial_auction(PACKAGE)
    assert core.revenue == pytest.approx(2)
    assert core.paid == pytest.approx({"A": 0, "B": 1, "C": 1})
    assert core.violation is None
    assert core.vcg == vcg.paid


def test_the_example_of_day_and_cramton_with_two_winning_singles_and_unequal_bids():
    """A offers 10 for both; B 8 and C 6 for one each: VCG asks 4 and 2, and the core 2 more from each."""
    found = combinatorial_auction({"A": {("x", "y"): 10}, "B": {"x": 8}, "C": {"y": 6}})
    assert found.vcg == pytest.approx({"A": 0, "B": 4, "C": 2})
    assert found.paid == pytest.approx({"A": 0, "B": 6, "C": 4})


@settings(max_examples=30, deadline=None)
@given(SEEDS, LANGUAGES)
def test_allocation_ties_and_vcg_by_brute_force(seed, language):
    bids = drawn(seed)
    found, listed = combinatorial_auction(bids, language=language, payments="vcg"), flat(bids)
    best = most(bids, language, tuple(bids))
    assert found.status == "optimal"
    assert found.value == pytest.approx(best)
    assert best - 1e-9 <= found.bound <= best + 1e-6
    assert found.price_bound >= best - 1e-9
    as_good = [some for some in allocations(bids, language) if value(bids, some) > best - 1e-9]
    first = max(as_good, key=lambda some: [k in some for k in range(len(listed))])
    assert [(bid.bidder, set(bid.bundle)) for bid in found.accepted] == [listed[k][:2] for k in first]
    assert (found.also is not None) == (len(as_good) > 1)
    if found.also:
        assert sum(bid.price for bid in found.also) == pytest.approx(best)
        assert set(found.also) != set(found.accepted)
        assert "offers as much" in found.sentence
    for who, bid in offered(bids, found).items():
        others = most(bids, language, tuple(other for other in bids if other != who))
        assert found.paid[who] == pytest.approx(others - (best - bid), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(SEEDS, LANGUAGES)
def test_core_payments_against_all_coalitions_written_out(seed, language):
    bids = drawn(seed, bidders=5, items=4)
    found = combinatorial_auction(bids, language=language)
    won, names = offered(bids, found), list(bids)
    rows, least = [], []
    for group in groups(bids):
        rows.append([0.0 if who in group else 1.0 for who in names])
        least.append(most(bids, language, group) - sum(won[who] for who in group))
    rows, least = np.array(rows), np.array(least)
    paid, vcg, high = (np.array([table[who] for who in names]) for table in (found.paid, found.vcg, won))
    assert (rows @ paid >= least - 1e-6).all()
    assert (paid <= high + 1e-9).all()
    bounds = [(0, top) for top in high]
    cheapest = linprog(np.ones(len(names)), -rows, -least, bounds=bounds)
    assert paid.sum() == pytest.approx(cheapest.fun, abs=1e-6)
    asked = [
        {"type": "ineq", "fun": lambda p: rows @ p - least + 1e-9},
        {"type": "ineq", "fun": lambda p: cheapest.fun + 1e-9 - p.sum()},
    ]
    theirs = minimize(
        lambda p: ((p - vcg) ** 2).sum(), cheapest.x, jac=lambda p: 2 * (p - vcg), bounds=bounds, constraints=asked
    )
    assert ((paid - vcg) ** 2).sum() <= theirs.fun + 1e-5
    assert found.violation is None


@settings(max_examples=25, deadline=None)
@given(SEEDS, LANGUAGES)
def test_violations_are_the_largest_and_replay(seed, language):
    bids = drawn(seed, bidders=4)
    found = combinatorial_auction(bids, language=language, payments="vcg")
    won = offered(bids, found)
    gain = max(
        most(bids, language, group) - sum(won[who] - found.paid[who] for who in group) - found.revenue
        for group in groups(bids)
    )
    if found.violation is None:
        assert gain <= 1e-6
    else:
        group, sold = found.violation.coalition, found.violation.bids
        items = [item for bid in sold for item in bid.bundle]
        assert len(items) == len(set(items))
        assert found.violation.gain == pytest.approx(gain, abs=1e-6)
        keep = sum(won[who] - found.paid[who] for who in group)
        assert sum(bid.price for bid in sold) - keep - found.revenue == pytest.approx(gain, abs=1e-6)
    again = core_violation(bids, found.accepted, found.paid, language=language)
    assert again == found.violation


def test_or_bids_of_one_bidder_can_both_win():
    bids = {"A": {"x": 1, "y": 2}, "B": {("x", "y"): 2.5}}
    assert combinatorial_auction(bids, language="or").won == {"A": ("x", "y")}
    assert combinatorial_auction(bids, language="xor").won == {"B": ("x", "y")}


def test_one_item_is_a_second_price_auction_by_both_rules():
    for rule in ("vcg", "core"):
        found = combinatorial_auction({"A": {"x": 3}, "B": {"x": 7}, "C": {"x": 5}}, payments=rule)
        assert found.paid == pytest.approx({"A": 0, "B": 5, "C": 0})
    assert combinatorial_auction({"A": {"x": 3}, "B": {"x": 7}}, payments="bid").paid == {"A": 0, "B": 7}


def test_prices_bound_the_value_without_the_solver():
    bids = {f"{k}": {pair: 1.0} for k, pair in enumerate([("x", "y"), ("y", "z"), ("x", "z")])}
    found = combinatorial_auction(bids)
    assert (found.value, found.bound) == (1, pytest.approx(1))
    assert found.price_bound == pytest.approx(1.5)  # no prices of items clear this market
    assert price_bound(bids_of(bids), np.zeros(3)) == 3
    assert found.also is not None


def test_nothing_is_sold_where_nobody_offers_anything():
    found = combinatorial_auction({"A": {"x": 0}, "B": {}})
    assert (found.won, found.paid, found.value, found.also) == ({}, {"A": 0, "B": 0}, 0, None)
    assert found.sentence == "Nothing is sold."


def test_out_of_time_is_said():
    found = combinatorial_auction(drawn(1, bidders=60, items=20, each=6), time_limit=1e-9)
    assert found.status in ("timed out", "bound gap")
    assert found.paid == {}
    assert found.bound >= found.value


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.sampled_from([1e-6, 1e6]))
def test_the_unit_does_not_matter(seed, unit):
    bids = drawn(seed)
    scaled = {who: {bundle: unit * price for bundle, price in own.items()} for who, own in bids.items()}
    one, other = combinatorial_auction(bids), combinatorial_auction(scaled)
    assert one.won == other.won
    assert {who: paid / unit for who, paid in other.paid.items()} == pytest.approx(one.paid, abs=1e-6)


@pytest.mark.parametrize(
    ("bids", "more", "error"),
    [
        ({}, {}, InputError),
        ([("x", 1)], {}, InputError),
        ({"A": {"x": -1}}, {}, InputError),
        ({"A": {"x": float("nan")}}, {}, InputError),
        ({"A": {"x": "much"}}, {}, InputError),
        ({"A": {(): 1}}, {}, InputError),
        ({"A": {("x", "y"): 1, ("y", "x"): 2}}, {}, InputError),
        ({"A": {"x": 1}}, {"items": ("y",)}, UnknownName),
        ({"A": {"x": 1}}, {"language": "and"}, UnknownName),
        ({"A": {"x": 1}}, {"payments": "fair"}, UnknownName),
        ({"A": {"x": 1}}, {"time_limit": 0}, InputError),
        ({"A": {f"{k}": 1 for k in range(10_001)}}, {}, TooLarge),
    ],
)
def test_what_makes_no_sense_is_refused(bids, more, error):
    with pytest.raises(error):
        combinatorial_auction(bids, **more)


def test_bids_that_nobody_made_are_refused():
    with pytest.raises(InputError, match="none of the bids"):
        core_violation(PACKAGE, [Bid("A", ("x",), 1.0)], {})


@pytest.mark.parametrize("large", [1e6, 1e9, 1e10])
def test_small_bids_beside_large_ones_count(large):
    found = combinatorial_auction({"A": {"x": large}, "B": {"y": 1}, "C": {"y": 2}})
    assert found.won == {"A": ("x",), "C": ("y",)}
    assert found.bound >= large + 2
    apart = combinatorial_auction({"A": {("x", "z"): large}, "D": {"x": large - 1}, "B": {"z": 2}})
    assert apart.won == {"D": ("x",), "B": ("z",)}
    assert apart.also is None


@pytest.mark.parametrize(("low", "high"), [(1, 1e12), (1e-300, 1.0), (1e308, 1e308)])
def test_prices_that_cannot_be_told_apart_or_added_are_refused(low, high):
    with pytest.raises(InputError, match="Prices"):
        combinatorial_auction({"A": {"x": low}, "B": {"y": high}})


def test_the_smallest_prices_there_are_decide():
    found = combinatorial_auction({"A": {"x": 1e-310}, "B": {"x": 2e-310}})
    assert found.won == {"B": ("x",)}
    assert found.status == "optimal"


def test_many_bidders_and_bids_fit():
    found = combinatorial_auction(
        {f"b{i}": {f"x{i % 50}": 1.0 + i} for i in range(4_000)}, payments="bid", time_limit=20
    )
    assert len(found.accepted) == 50
    with pytest.raises(TooLarge, match="items"):
        combinatorial_auction({"a": {tuple(map(str, range(5_000))): 1}, **{f"b{i}": {"0": 1} for i in range(6_000)}})


@pytest.mark.parametrize(
    "given",
    [{"time_limit": "x"}, {"time_limit": None}, {"items": 3}, {"items": [1, 2]}, {"payments": np.ones((2, 2))}],
)
def test_arguments_of_another_kind_are_refused(given):
    with pytest.raises(InputError):
        combinatorial_auction({"A": {"x": 1}}, **given)


def test_no_core_violation_of_what_is_no_outcome():
    bids = {"A": {"x": 2}, "B": {"x": 1}}
    both = [Bid("A", ("x",), 2.0), Bid("B", ("x",), 1.0)]
    for accepted, paid in ((both, {}), (3, {}), ([[1]], {}), (both[:1], {"Z": 1}), (both[:1], {"A": np.nan}), ([], 3)):
        with pytest.raises(InputError):
            core_violation(bids, accepted, paid)


def test_bundles_given_as_sets_have_one_order():
    found = combinatorial_auction({"A": {frozenset("zyxwv"): 2}, "B": {"q": 1}})
    assert found.won["A"] == tuple("vwxyz")
    assert list(found.prices) == list("vwxyzq")
