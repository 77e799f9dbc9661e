"""Impossibility theorems on instances: programs by SciPy, brute force over rules, numbers of the continuum."""

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import TypeSpace
from ostrom.audits.impossibility import impossibility, myerson_satterthwaite, recheck_impossibility, second_best
from ostrom.audits.incentives import incentives
from ostrom.choice import bilateral_trade
from ostrom.core.errors import InputError, TooLarge

ORDERS = np.array(list(permutations([2, 1, 0])))


def uniform_trade(size):
    grid = (np.arange(size) + 0.5) / size
    return bilateral_trade(grid, grid, [[1 / size] * size] * 2)


def random_space(seed, sizes, outcomes):
    rng = np.random.default_rng(seed)
    odds = [rng.integers(1, 5, size) for size in sizes]
    return TypeSpace([rng.integers(-4, 6, (size, outcomes)) for size in sizes], [own / own.sum() for own in odds])


def programs(space, outside=0.0):
    """By SciPy, the least imbalance (dominant) and the most surplus (on average) over efficient odds of outcomes, with
    a payment at every combination of types."""
    profiles, n, count = list(np.ndindex(*space.sizes)), space.count, len(space.outcomes)
    x = {(t, o): k for k, (t, o) in enumerate(product(profiles, range(count)))}
    p = {(t, i): len(x) + k for k, (t, i) in enumerate(product(profiles, range(n)))}
    width = len(x) + len(p) + 1
    best = space.welfare >= space.welfare.max(-1, keepdims=True) - 1e-9
    equal = [[float(column in {x[t, o] for o in range(count)}) for column in range(width)] for t in profiles]
    bounds = [(0, None if best[(*t, o)] else 0) for t, o in x] + [(None, None)] * (len(p) + 1)

    def gets(row, i, kind, t, weight):
        for o in range(count):
            row[x[t, o]] += weight * space.values[i][kind, o]
        row[p[t, i]] -= weight

    dominant, mean, stay = [], [], []
    for i in range(n):
        for kind, report in product(range(space.sizes[i]), repeat=2):
            total = np.zeros(width)
            for t in profiles:
                if t[i] != kind:
                    continue
                lie, row = (*t[:i], report, *t[i + 1 :]), np.zeros(width)
                gets(row, i, kind, lie, 1)
                gets(row, i, kind, t, -1)
                if kind == report:
                    row[:] = 0
                    gets(row, i, kind, t, -1)
                else:
                    dominant.append(row)
                total += space.odds[t] / space.odds[(slice(None),) * i + (kind,)].sum() * row
            (stay if kind == report else mean).append(total)
    sums = [[float(column in {p[t, i] for i in range(n)}) for column in range(width)] for t in profiles]
    signs = [sign * np.array(row) - np.eye(width)[-1] for row in sums for sign in (1, -1)]
    least = linprog(np.eye(width)[-1], dominant + signs, np.zeros(len(dominant) + len(signs)), equal,
                    np.ones(len(equal)), bounds).fun  # fmt: skip
    goal = -sum(space.odds[t] * np.array(row) for t, row in zip(profiles, sums, strict=True))
    right = np.concatenate([np.zeros(len(mean)), np.full(len(stay), -outside)])
    most = -linprog(goal, mean + stay, right, equal, np.ones(len(equal)), bounds).fun
    return least, most


@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 3), (3, 2), (2, 2, 2), (3,)]), st.integers(2, 3))
@settings(max_examples=25)
def test_degrees_are_those_of_the_programs(seed, sizes, outcomes):
    space = random_space(seed, sizes, outcomes)
    outside = float(seed % 3)
    green, myerson = impossibility(space, outside=outside)
    least, most = programs(space, outside)
    if least > 1e-6:
        assert green.claim.verdict == "refuted"
        assert green.claim.numbers["least imbalance"] == pytest.approx(least, rel=1e-5)
        assert float(recheck_impossibility(space, green.claim.witness)) == green.claim.numbers["least imbalance"]
    else:
        assert green.claim.verdict == "proved"
        found = incentives(green.mechanism, coalitions=1, tolerance=1e-7)
        assert {found.dominant.verdict, found.balanced.verdict, found.efficient.verdict} == {"proved"}
    if most < -1e-6:
        assert myerson.claim.verdict == "refuted"
        assert myerson.claim.numbers["least deficit"] == pytest.approx(-most, rel=1e-5)
        assert float(recheck_impossibility(space, myerson.claim.witness)) == myerson.claim.numbers["least deficit"]
    else:
        assert myerson.claim.verdict == "proved"
        found = incentives(myerson.mechanism, coalitions=1, outside=outside, tolerance=1e-7)
        budget = found.no_deficit if len(sizes) > 1 else found.no_mean_deficit
        kept = (found.bayesian, found.interim, budget, found.efficient)
        assert {claim.verdict for claim in kept} == {"proved"}


def test_trade_on_finer_and_finer_grids():
    """On the unit square the efficient trade is worth 1/6 and needs as much from outside; 9/64 can be had without
    (Myerson and Satterthwaite 1983)."""
    missing = []
    for size in (10, 20, 40):
        space = uniform_trade(size)
        trade = myerson_satterthwaite(space)
        assert (trade.applies, trade.claim.verdict) == (True, "refuted")
        first = float(space.expected(space.welfare.max(-1)))
        second = second_best(space)
        found = incentives(second, coalitions=1, tolerance=1e-7)
        assert {found.bayesian.verdict, found.interim.verdict, found.balanced.verdict} == {"proved"}
        deficit, kept = trade.claim.numbers["least deficit"], float(space.expected(second.welfare))
        missing.append([1 / 6 - first, 1 / 6 - deficit, kept - 9 / 64])
    table = np.array(missing)
    assert (table > 0).all()
    assert (table[1:] < 0.65 * table[:-1]).all()  # about half as much at every doubling
    assert table[-1] == pytest.approx([1e-4, 0.024, 0.0034], abs=4e-3)


def test_coarse_grids_escape_the_theorem():
    """With few types efficient trade without money from outside is possible: here is how."""
    _, trade = impossibility(uniform_trade(3))
    assert (trade.claim.verdict, trade.setting, trade.applies) == ("proved", True, False)
    assert "Possible here (the setting of Myerson–Satterthwaite): the theorem is about a continuum" in trade.sentence
    assert incentives(trade.mechanism).balanced.verdict == "proved"


def test_three_types_leave_half_a_ninth_by_virtual_values():
    """Myerson and Satterthwaite's sum by hand: what efficient trade leaves over at most is the mean, over pairs that
    trade, of the buyer's virtual value less the seller's. It is 0.5/9 on one pair of grids, and -1/9 on the other."""
    low, high = [0, 1, 2], [Fraction(1, 2), Fraction(3, 2), Fraction(5, 2)]
    for buyer, seller, surplus in ((low, high, Fraction(1, 18)), (high, low, Fraction(-1, 9))):
        # of a buyer v - (next above - v)(1 - F)/f, of a seller c + (c - next below) F(below)/f, each type 1/3
        worth = [v - (buyer[k + 1] - v) * (2 - k) if k < 2 else v for k, v in enumerate(buyer)]
        asks = [c + (c - seller[k - 1]) * k if k else c for k, c in enumerate(seller)]
        gains = [worth[i] - asks[j] for i in range(3) for j in range(3) if buyer[i] > seller[j]]
        trade = bilateral_trade([float(v) for v in buyer], [float(c) for c in seller], [[1 / 3] * 3] * 2)
        found = myerson_satterthwaite(trade)
        assert Fraction(sum(gains), 9) == surplus
        assert (found.setting, found.applies) == (True, surplus < 0)
        if surplus < 0:
            assert found.claim.numbers["least deficit"] == pytest.approx(float(-surplus))
            assert "at least 0.1111 has to come from outside on average over types" in found.sentence


def test_somebody_without_types_can_take_what_is_left_over():
    """Green and Laffont need all to matter: a bystander with one type balances the budget."""
    grid = np.arange(5)
    two = bilateral_trade(grid, grid)
    assert [one.claim.verdict for one in impossibility(two)] == ["refuted"]
    three = TypeSpace([*two.values, [[0, 0]]])
    (green,) = impossibility(three)
    assert (green.claim.verdict, green.setting) == ("proved", False)
    claims = incentives(green.mechanism, coalitions=1, tolerance=1e-7)
    assert (claims.dominant.verdict, claims.balanced.verdict) == ("proved", "proved")


def test_a_witness_that_was_tampered_with_proves_less_or_is_refused():
    space = uniform_trade(10)
    green, myerson = impossibility(space)
    honest = recheck_impossibility(space, myerson.claim.witness)
    assert isinstance(honest, Fraction)
    halved = [(*row[:-1], str(Fraction(row[-1]) / 2)) for row in myerson.claim.witness["multipliers"]]
    assert recheck_impossibility(space, {**myerson.claim.witness, "multipliers": halved}) < honest
    assert recheck_impossibility(space, {**myerson.claim.witness, "multipliers": []}) < 0
    missing = green.claim.witness["multipliers"][1:]
    with pytest.raises(ValueError, match="differently"):
        recheck_impossibility(space, {**green.claim.witness, "multipliers": missing})
    first, *rest = myerson.claim.witness["multipliers"]
    with pytest.raises(ValueError, match="below 0"):
        recheck_impossibility(space, {**myerson.claim.witness, "multipliers": [(*first[:-1], "-1"), *rest]})


@pytest.mark.parametrize("count", [2, 3])
def test_every_truthful_rule_for_all_orders_is_a_dictatorship(count):
    space = TypeSpace([ORDERS] * count, agents=tuple("abc"[:count]))
    (found,) = impossibility(space, money=False)
    assert (found.theorem, found.applies, found.claim.verdict) == ("Gibbard–Satterthwaite", True, "refuted")
    assert sorted(found.claim.witness["dictators of all rules"]) == sorted("abc"[:count])


def test_single_peaks_and_two_outcomes_escape():
    peaked = ORDERS[[row[1] > 0 for row in ORDERS]]  # the middle is nobody's worst
    for space in (TypeSpace([peaked] * 2), TypeSpace([[[1, 0], [0, 1]]] * 3)):
        (found,) = impossibility(space, money=False)
        assert (found.setting, found.claim.verdict) == (False, "proved")
        assert incentives(found.mechanism, coalitions=1).dominant.verdict == "proved"
        assert len(np.unique(found.mechanism.odds.argmax(-1))) == len(space.outcomes)


@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (2, 3), (3, 2), (1, 3)]), st.integers(2, 3))
@settings(max_examples=25)
def test_all_rules_are_found(seed, sizes, outcomes):
    """Against every table there is: onto, truthful, and whether one is without a dictator."""
    space = TypeSpace(
        [np.random.default_rng(seed + i).integers(0, 4, (size, outcomes)) for i, size in enumerate(sizes)]
    )
    good = []
    for flat in product(range(outcomes), repeat=int(np.prod(sizes))):
        rule = np.array(flat).reshape(sizes)
        if len(set(flat)) < outcomes:
            continue
        turns = (rule, rule.T)
        truthful = all(
            own[t, turns[i][t, other]] >= own[t, turns[i][r, other]]
            for i, own in enumerate(space.values)
            for t, r, other in product(range(sizes[i]), range(sizes[i]), range(sizes[1 - i]))
        )
        if truthful:
            rules = all(
                any(own[t, turns[i][t, other]] < own[t].max() for t, other in product(*map(range, turns[i].shape)))
                for i, own in enumerate(space.values)
            )
            good.append(rules)
    (found,) = impossibility(space, money=False)
    assert found.claim.verdict == ("proved" if any(good) else "refuted")
    if found.claim.verdict == "refuted":
        assert found.claim.numbers["rules"] == len(good)


def test_a_search_cut_short_says_so():
    (found,) = impossibility(TypeSpace([ORDERS] * 2), money=False, steps=1)
    assert found.claim.verdict == "unknown"


def test_what_does_not_fit_is_refused():
    space = bilateral_trade([1, 2], [1, 2])
    assert [one.theorem for one in impossibility(space)] == ["Green–Laffont"]  # nothing is known of types
    with pytest.raises(InputError):
        second_best(space)
    with pytest.raises(InputError):
        second_best(uniform_trade(2), outside=9.0)
    with pytest.raises(InputError):
        impossibility(uniform_trade(2), outside=[1, 2, 3])
    with pytest.raises(TooLarge):
        impossibility(TypeSpace([np.zeros((300, 2))] * 2))


@pytest.mark.parametrize("steps", [0, None, 1.5, "x"])
def test_steps_that_are_not_whole_are_refused(steps):
    with pytest.raises(InputError, match="steps"):
        impossibility(TypeSpace([[[0, 1]]]), money=False, steps=steps)
