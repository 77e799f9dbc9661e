"""Mechanisms by program: worked numbers, SciPy on programs written out by hand, brute force, Myerson's revenue."""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.choice import bilateral_trade
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.direct_mechanism import DirectMechanism
from ostrom.core.forms.type_space import TypeSpace
from ostrom.designers import _mechanism_program
from ostrom.designers._mechanism_asked import Terms
from ostrom.designers._mechanism_prices import Prices, priced, read
from ostrom.designers._mechanism_rows import one_outcome, rows
from ostrom.designers.mechanism import design_mechanism

SEEDS = st.integers(0, 10_000)


def uniform(agents, types, outcomes, seed=0):
    """Values drawn evenly from 0 to 1, the first outcome worth nothing to anybody, all types equally likely."""
    drawn = np.random.default_rng(seed).random((agents, types, outcomes))
    drawn[..., 0] = 0
    return TypeSpace(list(drawn), [np.full(types, 1 / types)] * agents)


def drawn(seed, sizes=(2, 3), outcomes=3, joint=True):
    """Values of both signs and odds of any kind."""
    rng = np.random.default_rng(seed)
    odds = rng.random(sizes) + 0.05
    values = [rng.integers(-3, 6, (size, outcomes)).astype(float) for size in sizes]
    return TypeSpace(values, odds / odds.sum() if joint else [rng.dirichlet(np.ones(size)) for size in sizes])


def written_out(space, objective, incentives, participation, payments, budget):
    """The same program by loops, one row after another, solved by SciPy: its status and its value."""
    places = list(product(*map(range, space.sizes)))
    outcomes, seats = range(len(space.outcomes)), range(space.count)
    names = [("x", p, o) for p in places for o in outcomes] + [("t", p, i) for p in places for i in seats if payments]
    number = {name: k for k, name in enumerate(names)}
    rows_of, cost = [], np.zeros(len(names))

    def add(row, agent, true, at, weight):
        for o in outcomes:
            row[number["x", at, o]] += weight * space.values[agent][true, o]
        if payments:
            row[number["t", at, agent]] -= weight

    for i in seats:
        for t in range(space.sizes[i]):
            others = [p for p in places if p[i] == t]
            likely = np.array([space.odds[p] for p in others]) / sum(space.odds[p] for p in others)
            for s in range(space.sizes[i]):
                gains = []
                for p in others:
                    row = np.zeros(len(names))
                    add(row, i, t, (*p[:i], s, *p[i + 1 :]), 1.0)
                    add(row, i, t, p, -1.0)
                    gains.append(row)
                if s != t:
                    rows_of += gains if incentives == "dominant" else [likely @ np.array(gains)]
            stays = []
            for p in others:
                row = np.zeros(len(names))
                add(row, i, t, p, -1.0)
                stays.append(row)
            if participation:
                rows_of += stays if participation == "ex post" else [likely @ np.array(stays)]
    equal, right = [], []
    for p in places:
        row = np.zeros(len(names))
        row[[number["x", p, o] for o in outcomes]] = 1
        equal.append(row)
        right.append(1.0)
        for o in outcomes:
            if objective == "welfare":
                cost[number["x", p, o]] = space.odds[p] * sum(space.values[i][p[i], o] for i in seats)
        if payments:
            till = np.zeros(len(names))
            till[[number["t", p, i] for i in seats]] = 1
            if objective == "revenue":
                cost += space.odds[p] * till
            if budget == "no deficit":
                rows_of.append(-till)
            if budget == "balanced":
                equal.append(till)
                right.append(0.0)
    bounds = [(0, 1) if name[0] == "x" else (None, None) for name in names]
    matrix = np.array(rows_of)
    return linprog(-cost, matrix, np.zeros(len(matrix)), np.array(equal), right, bounds=bounds)


@pytest.mark.parametrize(
    ("size", "terms", "value"),
    [
        ((2, 5, 5), {}, 1.451292),
        ((2, 10, 10), {}, 1.705834),
        ((3, 5, 5), {}, 2.025144),
        ((3, 5, 5), {"incentives": "bayesian"}, 2.046309),
        ((3, 5, 5), {"objective": "revenue", "payments": True}, 1.639898),
    ],
)
def test_worked_numbers(size, terms, value):
    found = design_mechanism(uniform(*size), **terms)
    assert found.status == "optimal"
    assert found.value == pytest.approx(value, abs=1e-6)
    assert 0 <= found.gap <= 1e-8
    assert [claim.verdict for claim in found.claims] == ["proved"] * 3


@settings(max_examples=40, deadline=None)
@given(
    SEEDS,
    st.sampled_from(["dominant", "bayesian"]),
    st.sampled_from(["ex post", "interim", None]),
    st.sampled_from([(False, None), (True, None), (True, "no deficit"), (True, "balanced")]),
    st.sampled_from(["welfare", "revenue"]),
)
def test_scipy_finds_the_same_of_the_program_written_out(seed, incentives, participation, money, objective):
    payments, budget = money
    space = drawn(seed, sizes=(2, 3) if seed % 2 else (2, 2, 2), joint=seed % 3 == 0)
    objective = objective if payments else "welfare"
    found = design_mechanism(
        space,
        objective=objective,
        incentives=incentives,
        participation=participation,
        payments=payments,
        budget=budget,
    )
    theirs = written_out(space, objective, incentives, participation, payments, budget)
    if theirs.status == 2:
        assert found.status == "infeasible"
        assert found.certificate.check(exact=True).bound < 0
    elif theirs.status == 3 or (objective == "revenue" and participation is None):
        assert found.status == "unbounded"
    else:
        assert (theirs.status, found.status) == (0, "optimal")
        assert found.value == pytest.approx(-theirs.fun, abs=1e-6)
        assert found.bound == pytest.approx(-theirs.fun, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(["dominant", "bayesian"]))
def test_brute_force_over_all_mechanisms_without_lots(seed, incentives):
    space = drawn(seed, sizes=(2, 2) if seed % 2 else (3, 2), outcomes=3)
    best = -np.inf
    for chosen in product(range(3), repeat=int(np.prod(space.sizes))):
        rule = DirectMechanism(space, np.reshape(chosen, space.sizes))
        gains = [rule.gains(i) for i in range(2)]
        if incentives == "bayesian":
            gains = [(gains[i] * space.others(i)[:, None]).sum(2) for i in range(2)]
        if max(gain.max() for gain in gains) <= 1e-9 and rule.utilities.min() >= -1e-9:
            best = max(best, float(space.expected(rule.welfare)))
    found = design_mechanism(space, incentives=incentives, deterministic=True)
    if best == -np.inf:
        assert found.status == "infeasible"
        assert found.mechanism is None
    else:
        assert found.status == "optimal"
        assert found.value == pytest.approx(best, abs=1e-6)
        assert found.mechanism.deterministic
        assert found.certificate.check().bound >= best - 1e-9


@pytest.mark.parametrize("terms", [{}, {"objective": "revenue", "payments": True}, {"incentives": "bayesian"}])
@pytest.mark.parametrize("size", [(2, 5, 5), (3, 4, 4)])
def test_writing_only_lies_that_gain_comes_to_the_same(size, terms, monkeypatch):
    whole = design_mechanism(uniform(*size, seed=3), **terms)
    monkeypatch.setattr(_mechanism_program, "MANY", 0)
    found = design_mechanism(uniform(*size, seed=3), **terms)
    assert (found.status, found.value) == ("optimal", pytest.approx(whole.value, abs=1e-8))
    assert found.gap <= 1e-8
    assert all(claim.verdict == "proved" for claim in found.claims)


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_without_lots_and_with_payments_each_rule_is_a_program_of_its_own(seed):
    space = drawn(seed, sizes=(2, 2), outcomes=2)
    best = -np.inf
    for chosen in product(range(2), repeat=4):
        only = np.eye(2, dtype=bool)[np.reshape(chosen, (2, 2))]
        one = design_mechanism(space, objective="revenue", payments=True, budget="no deficit", allowed=only)
        best = max(best, one.value if one.status == "optimal" else -np.inf)
    found = design_mechanism(space, objective="revenue", payments=True, budget="no deficit", deterministic=True)
    assert found.status == ("infeasible" if best == -np.inf else "optimal")
    if best > -np.inf:
        assert found.value == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("incentives", ["dominant", "bayesian"])
@pytest.mark.parametrize("worth", [(1, 2, 3, 4), (1, 2, 4), (2, 3, 5, 8)])
def test_myersons_revenue_for_one_item(worth, incentives):
    """The mean of the highest virtual value, where that is above 0 and they rise."""
    count, prices = len(worth), np.array(worth, float)
    left = 1 - np.arange(1, count + 1) / count
    virtual = prices - np.append(np.diff(prices), 0) * left * count
    assert (np.diff(virtual) >= 0).all()
    expected = np.maximum(np.maximum.outer(virtual, virtual), 0).mean()
    own = [np.zeros((count, 3)), np.zeros((count, 3))]
    own[0][:, 1] = own[1][:, 2] = prices
    space = TypeSpace(own, [np.full(count, 1 / count)] * 2, outcomes=("kept", "first", "second"))
    stays = "ex post" if incentives == "dominant" else "interim"
    found = design_mechanism(space, objective="revenue", incentives=incentives, participation=stays, payments=True)
    assert found.value == pytest.approx(expected, abs=1e-7)


def bargain(costs, worth):
    """A seller and a buyer of one thing, each type as likely as any other; and where trade is efficient."""
    sells, buys = np.array(costs, float), np.array(worth, float)
    space = TypeSpace(
        [np.stack([0 * sells, -sells], 1), np.stack([0 * buys, buys], 1)],
        [np.full(len(sells), 1 / len(sells)), np.full(len(buys), 1 / len(buys))],
        outcomes=("keep", "trade"),
        agents=("seller", "buyer"),
    )
    return space, space.welfare == space.welfare.max(-1, keepdims=True)


COSTS, WORTH = (0.5, 1.5, 2.5, 3.5), (1.0, 2.0, 3.0, 4.0)

TRADE = {"incentives": "bayesian", "participation": "interim", "payments": True}


def test_efficient_trade_is_impossible_without_money_from_outside():
    """Myerson and Satterthwaite (1983) on four types each: shown by prices, in fractions, without the solver.

    By hand: virtual values less virtual costs, where trade is efficient, come to less than nothing.
    """
    steps = np.arange(4)
    space, efficient = bargain(COSTS, WORTH)
    virtual = np.subtract.outer(-steps - np.array(COSTS), steps[::-1] - np.array(WORTH))
    assert virtual[efficient[..., 1]].sum() < 0
    found = design_mechanism(space, **TRADE, budget="no deficit", allowed=efficient)
    assert found.status == "infeasible"
    assert found.mechanism is None
    assert "No mechanism makes the truth best" in found.sentence
    assert "budget" in found.sentence
    bound = found.certificate.check(exact=True).bound
    assert isinstance(bound, Fraction)
    assert bound < 0
    assert [claim.verdict for claim in found.claims] == ["proved"]
    assert design_mechanism(space, **TRADE, allowed=efficient).status == "optimal"
    second = design_mechanism(space, **TRADE, budget="no deficit")
    assert second.status == "optimal"
    assert second.value < space.expected(space.welfare.max(-1)) - 1e-3


def test_efficient_trade_is_possible_where_gains_are_sure():
    space, efficient = bargain((0, 1), (2, 3))
    found = design_mechanism(space, **TRADE, budget="balanced", allowed=efficient)
    assert found.status == "optimal"
    assert found.value == pytest.approx(2.0)
    checked = found.certificate.check(exact=True)
    assert float(checked.deficit) == pytest.approx(0, abs=1e-9)
    assert float(checked.least) >= -1e-9


def test_prices_of_something_possible_refute_nothing():
    """A certificate of impossibility for other terms, under which there is a mechanism, does not hold."""
    space, efficient = bargain(COSTS, WORTH)
    found = design_mechanism(space, **TRADE, budget="no deficit", allowed=efficient)
    looser = replace(found.certificate, terms=replace(found.certificate.terms, allowed=np.ones_like(efficient)))
    assert looser.check(exact=True).bound >= 0


def test_a_planted_manipulable_mechanism_is_refuted_by_its_certificate():
    found = design_mechanism(uniform(2, 5, 5))
    planted = DirectMechanism(found.mechanism.space, found.mechanism.space.best)
    broken = replace(found, certificate=replace(found.certificate, mechanism=planted))
    gain = max(planted.gains(i).max() for i in range(2))
    assert gain > 1e-3
    assert broken.certificate.check().gain == pytest.approx(gain)
    assert broken.claims[0].verdict == "refuted"
    assert [claim.verdict for claim in found.claims] == ["proved"] * 3


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.sampled_from(["dominant", "bayesian"]), st.sampled_from(["ex post", "interim", None]))
def test_rows_and_prices_are_each_others_transpose(seed, incentives, participation):
    """Two pieces of code: the program's matrix, and the sums by which certificates are checked."""
    space = drawn(seed, sizes=(2, 3, 2))
    allowed = np.ones((*space.sizes, 3), bool)
    terms = Terms(space, incentives, participation, True, "no deficit", allowed)
    asked = rows(terms, space.values)
    matrix = np.zeros(asked.shape)
    np.add.at(matrix, (asked.row, asked.column), asked.values)
    duals = np.random.default_rng(seed).random(len(matrix))
    odds, paid = priced(terms, read(terms, duals))
    np.testing.assert_allclose(terms.joined(odds, paid), duals @ matrix, atol=1e-12)
    exact, _ = priced(terms, read(terms, duals).exact(), exact=True)
    np.testing.assert_allclose(exact.astype(float), odds, atol=1e-12)
    assert one_outcome(terms).shape == (terms.combinations, matrix.shape[1])


def test_fractions_confirm_what_floats_say():
    found = design_mechanism(uniform(2, 3, 3, seed=1), objective="revenue", payments=True)
    floats, exact = found.certificate.check(), found.certificate.check(exact=True)
    assert isinstance(exact.bound, Fraction)
    for name in ("gain", "least", "value", "bound"):
        assert float(getattr(exact, name)) == pytest.approx(getattr(floats, name), abs=1e-9)
    nothing = replace(found.certificate, prices=Prices(tuple(0 * one for one in found.certificate.prices.incentive)))
    assert nothing.check().bound > 100 * found.bound  # without prices on participation payments are only limited


@settings(max_examples=12, deadline=None)
@given(SEEDS, st.sampled_from([1e-6, 1e6]))
def test_the_unit_does_not_matter(seed, unit):
    space = drawn(seed)
    scaled = TypeSpace([unit * own for own in space.values], space.odds)
    one, other = (design_mechanism(each, payments=True, budget="balanced") for each in (space, scaled))
    assert one.status == other.status
    if one.status == "optimal":
        assert other.value / unit == pytest.approx(one.value, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_where_prices_leave_one_outcome_is_said_once_where_it_is_everywhere(seed):
    found = design_mechanism(uniform(2, 2, 3, seed))
    single, all_of = int((found.possible.sum(-1) == 1).sum()), found.possible[..., 0].size
    said = f"Its prices leave a single outcome at each of the {all_of} combinations of types."
    if single < all_of:
        said = f"Its prices leave a single outcome at {single} of {all_of} combinations of types; at the others "
    assert said in found.sentence


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_what_is_not_possible_is_in_no_other_best_mechanism(seed):
    """Ties: leaving out what the best one chose, the next best of equal value chooses among the possible only."""
    space = uniform(2, 2, 3, seed)
    found = design_mechanism(space)
    assert found.possible[found.mechanism.odds > 0].all()
    for place in np.argwhere(found.mechanism.odds > 0.5)[:3]:
        allowed = np.ones(found.possible.shape, bool)
        allowed[tuple(place)] = False
        other = design_mechanism(space, allowed=allowed)
        if other.status == "optimal" and other.value >= found.value - 1e-10:
            assert found.possible[other.mechanism.odds > 1e-6].all()
            assert "at the others another mechanism may be as good" in found.sentence


def test_lots_can_be_needed():
    """Each likes one of two outcomes twice as much as it minds the other: a coin suits both, nothing sure does."""
    space = TypeSpace([[[2.0, -1.0]], [[-1.0, 2.0]]], [[1.0], [1.0]])
    assert design_mechanism(space).value == pytest.approx(1)
    found = design_mechanism(space, deterministic=True)
    assert (found.status, found.mechanism) == ("infeasible", None)
    assert "some that draw lots do" in found.sentence


def test_an_objective_of_ones_own():
    space = uniform(2, 3, 3, seed=2)
    found = design_mechanism(space, objective=[1.0, 0.0, 0.0])
    assert found.value == pytest.approx(1)
    assert (found.mechanism.odds[..., 0] == 1).all()


def test_no_end_to_what_can_be_asked_of_those_who_may_not_leave():
    found = design_mechanism(uniform(1, 2, 2), objective="revenue", payments=True, participation=None)
    assert (found.status, found.bound, found.mechanism) == ("unbounded", np.inf, None)
    assert found.claims == ()


def test_out_of_time_is_said():
    found = design_mechanism(uniform(3, 6, 6), time_limit=1e-6)
    assert found.status == "timed out"
    assert "ran out of time" in found.sentence


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"objective": "fairness"}, UnknownName),
        ({"objective": "revenue"}, InputError),
        ({"objective": [1.0, 2.0]}, InputError),
        ({"objective": [1.0, np.nan, 0.0]}, InputError),
        ({"incentives": "nash"}, UnknownName),
        ({"participation": "ex ante"}, UnknownName),
        ({"budget": "surplus"}, UnknownName),
        ({"allowed": [False, False, False]}, InputError),
        ({"time_limit": 0}, InputError),
    ],
)
def test_what_makes_no_sense_is_refused(terms, error):
    with pytest.raises(error):
        design_mechanism(uniform(2, 2, 3), **terms)


def test_no_prior_and_too_much():
    with pytest.raises(InputError, match="no prior"):
        design_mechanism(TypeSpace([[[0.0, 1.0]]]))
    with pytest.raises(TooLarge):
        design_mechanism(uniform(2, 100, 20))


@pytest.mark.parametrize(
    "given",
    [
        {"time_limit": None},
        {"time_limit": "x"},
        {"deterministic": "no"},
        {"incentives": np.ones((2, 2))},
        {"budget": 3},
    ],
)
def test_arguments_of_another_kind_are_refused(given):
    with pytest.raises(InputError):
        design_mechanism(TypeSpace([[[0, 1]]], [[1.0]]), **given)


def _two_things(k):
    """One buyer of two things, each worth (i + 1/2) / k with equal odds, both together worth the sum."""
    one, other = (axis.ravel() for axis in np.meshgrid(*[(np.arange(k) + 0.5) / k] * 2, indexing="ij"))
    values = np.stack([0 * one, one, other, one + other], 1)
    return TypeSpace([values], [np.full(k * k, 1 / k**2)], outcomes=("neither", "one", "other", "both"))


def test_two_things_for_one_buyer_approach_manelli_and_vincent():
    """Uniform on [0, 1] the best is (12 + 2√2) / 27: 2/3 for one, (4 - √2) / 3 for both (Manelli and Vincent 2006).

    On a grid of k values it is higher by about c / k, which two grids take off.
    """
    coarse, fine = (design_mechanism(_two_things(k), objective="revenue", payments=True) for k in (6, 12))
    assert coarse.status == fine.status == "optimal"
    assert 2 * fine.value - coarse.value == pytest.approx((12 + 2 * 2**0.5) / 27, abs=0.01)


@pytest.mark.parametrize("k", [3, 4, 5])
def test_two_things_for_one_buyer_are_sold_no_worse_than_by_any_prices(k):
    """Against every pair of prices for one and for both: a menu is one way of selling, and here none is better."""
    space = _two_things(k)
    values = space.values[0]
    prices = np.unique(values)
    best = 0.0
    for one in prices:
        for both in prices:
            paid = np.array([0.0, one, one, both])
            chosen = (values - paid + 1e-9 * paid).argmax(1)  # where it is all one, the dearer
            best = max(best, float(paid[chosen].mean()))
    found = design_mechanism(space, objective="revenue", payments=True)
    assert found.value >= best - 1e-9
    assert found.value <= best * 1.02


def test_the_theorem_is_named_where_it_is_the_reason():
    """Efficient trade of three types each lacks 1/9, by virtual values; on the other grids it can be had."""
    grids = [0.5, 1.5, 2.5], [0, 1, 2]
    terms = {"payments": True, "incentives": "bayesian", "participation": "interim"}
    for buyer, seller, found in (
        (*grids, r"Myerson–Satterthwaite: .* at least 0\.1111 has to come"),
        (*grids[::-1], None),
    ):
        trade = bilateral_trade(buyer, seller, [[1 / 3] * 3] * 2)
        efficient = trade.welfare == trade.welfare.max(-1, keepdims=True)
        for more in ({}, {"incentives": "dominant", "participation": "ex post"}):
            said = design_mechanism(trade, **(terms | more), budget="no deficit", allowed=efficient)
            if found:
                assert re.search(found, said.sentence)
            else:
                assert "Myerson" not in said.sentence
        free = design_mechanism(trade, **terms, budget=None, allowed=efficient)
        assert free.status == "optimal"
