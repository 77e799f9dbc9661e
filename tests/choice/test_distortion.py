"""Distortion: linear programs written here, closed forms, published bounds, and witnesses that are added up again."""

import math
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import choice
from ostrom.choice.cultures import impartial
from ostrom.choice.distortion import distortion, metric_distortion, welfare_share
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.ballots import Ballots


def tiers(row, free):
    """`(before, same)`: pairs of alternatives of which the first is at least, or exactly, as good."""
    size = len(row)
    place = [size if rank < 0 else rank for rank in row]
    before = [(x, y) for x, y in product(range(size), repeat=2) if place[x] < place[y]]
    same = [(x, y) for x, y in product(range(size), repeat=2) if x < y and place[x] == place[y] < size and not free]
    return before, same


def utilitarian_program(ballots, chosen, other, free):
    """By Charnes and Cooper's scaling: utilities times t, the chosen one's welfare 1."""
    voters, size = ballots.ranks.shape
    columns = voters * size + 1
    A, equal, right = [], [], []
    for b, row in enumerate(ballots.ranks.tolist()):
        before, same = tiers(row, free)
        for pairs, into in ((before, A), (same, equal)):
            for x, y in pairs:
                line = np.zeros(columns)
                line[b * size + y], line[b * size + x] = 1, -1
                into.append(line)
        total = np.zeros(columns)
        total[b * size : (b + 1) * size], total[-1] = 1, -1
        equal.append(total)
    right = [0.0] * len(equal)
    mine, theirs = np.zeros(columns), np.zeros(columns)
    for b, many in enumerate(ballots.counts):
        mine[b * size + chosen], theirs[b * size + other] = many, many
    found = linprog(-theirs, A or None, [0.0] * len(A) or None, [*equal, mine], [*right, 1.0])
    return math.inf if found.status in (2, 3) else -found.fun


def some_ballots(seed, voters, size):
    """Ballots with ties and gaps."""
    rng = np.random.default_rng(seed)
    ranks = rng.integers(-1, size, (voters, size))
    ranks[ranks.max(1) < 0, 0] = 0
    return Ballots(ranks, rng.integers(1, 4, voters))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(2, 4), st.booleans())
def test_utilitarian_distortion_is_that_of_the_program(seed, voters, size, free):
    ballots = some_ballots(seed, voters, size)
    found = distortion(ballots, tied="free" if free else "equal")
    for k in range(size):
        best = max(utilitarian_program(ballots, k, other, free) for other in range(size))
        assert float(found.values[k]) == pytest.approx(best, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(2, 4), st.booleans())
def test_utilities_of_the_witness_fit_and_add_up(seed, voters, size, free):
    ballots = some_ballots(seed, voters, size)
    found = distortion(ballots, tied="free" if free else "equal")
    for k, table in enumerate(found.witnesses):
        for row, values in zip(ballots.ranks.tolist(), table, strict=True):
            before, same = tiers(row, free)
            assert sum(values) == 1
            assert min(values) >= 0
            assert all(values[x] >= values[y] for x, y in before)
            assert all(values[x] == values[y] for x, y in same)
        sums = [sum(int(c) * row[x] for c, row in zip(ballots.counts, table, strict=True)) for x in range(size)]
        rival = sums[ballots.index(found.rivals[k])]
        assert (math.inf if sums[k] == 0 else Fraction(rival) / sums[k]) == found.values[k]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(2, 4))
def test_distances_of_the_witness_are_a_metric_and_no_more_than_three_is_lost(seed, voters, size):
    """Gkatzelis, Halpern and Shah (2020): some alternative's metric distortion is at most 3."""
    ballots = impartial(voters, size, seed)
    found = metric_distortion(ballots)
    assert min(found.values) <= 3 + 1e-6
    for k, table in enumerate(found.witnesses):
        far = np.array(table)
        for row, line in zip(ballots.ranks, far, strict=True):
            assert (np.diff(line[np.argsort(row)]) > -1e-7).all()
        for (b, c), (x, y) in product(product(range(voters), repeat=2), product(range(size), repeat=2)):
            assert far[b, x] <= far[b, y] + far[c, y] + far[c, x] + 1e-6  # else nothing makes it a metric
        sums = far.sum(0)
        rival = sums[ballots.index(found.rivals[k])]
        assert (math.inf if rival < 1e-8 else sums[k] / rival) == pytest.approx(found.values[k], rel=1e-5)


def metric_program(ballots, chosen, other):
    """All distances from voters to alternatives, with a row for each way round of two voters and two alternatives."""
    voters, size = ballots.ranks.shape
    A = []
    for b, row in enumerate(ballots.ranks):
        order = np.argsort(row)
        for x, y in pairwise(order):
            line = np.zeros(voters * size)
            line[b * size + x], line[b * size + y] = 1, -1
            A.append(line)
    for b, c, x, y in product(range(voters), range(voters), range(size), range(size)):
        if b != c and x != y:
            line = np.zeros(voters * size)
            line[b * size + x] = 1
            line[[b * size + y, c * size + y, c * size + x]] = -1
            A.append(line)
    mine, theirs = np.zeros(voters * size), np.zeros(voters * size)
    mine[chosen::size], theirs[other::size] = ballots.counts, ballots.counts
    least = linprog(theirs, A, np.zeros(len(A)), [mine], [1.0]).fun
    return math.inf if least < 1e-9 else 1 / least


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(2, 4))
def test_metric_distortion_is_that_of_a_program_without_distances_between_alternatives(seed, voters, size):
    ballots = impartial(voters, size, seed)
    found = metric_distortion(ballots)
    for k in range(size):
        assert found.values[k] == pytest.approx(
            max(metric_program(ballots, k, other) for other in range(size)), rel=1e-5
        )


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 30), st.integers(0, 30))
def test_two_alternatives_in_closed_form(ahead, behind):
    """An alternative that p put first and q last loses 1 + 2 q / p at worst, in welfare as in distance."""
    ballots = Ballots([[0, 1], [1, 0]], [ahead, behind])
    bound = 1 + Fraction(2 * behind, ahead)
    assert distortion(ballots).values[0] == bound
    assert metric_distortion(ballots).values[0] == pytest.approx(float(bound))


def test_published_bounds_are_reached():
    """Four groups, each of which puts another first, and b second where it is not first, and a last where it is not.

    In a metric a winner by plurality is 2 m - 1 times as far as the best (Anshelevich et al. 2015); its welfare can be
    of the order of m² times less (Caragiannis and Procaccia 2011), here m² / 2 + 1 times.
    """
    m, ballots = 4, Ballots.of(["a > b > c > d", "b > c > d > a", "c > b > d > a", "d > b > c > a"])
    assert "a" in choice.plurality(ballots).winners
    assert metric_distortion(ballots).of("a") == pytest.approx(2 * m - 1)
    assert distortion(ballots).of("a") == m**2 / 2 + 1


def test_the_instance_optimal_choice_is_a_rule():
    unanimous = Ballots.of({"b > a > c": 5})
    for rule in (distortion, metric_distortion):
        found = rule(unanimous)
        assert found.winners == ("b",)
        assert float(found.of("b")) == pytest.approx(1)
        assert found.of("b", "c") == found.of("c") == math.inf
    cycle = Ballots.of(["a > b > c", "b > c > a", "c > a > b"])
    assert distortion(cycle).winners == metric_distortion(cycle).winners == ("a", "b", "c")


def test_unmentioned_and_tied_alternatives():
    """Approval of a alone: b may be worth as much, but no more; tied and free, either of two may be worth nothing."""
    assert distortion(Ballots.of(["a"], "abc")).values == (1, math.inf, math.inf)
    assert distortion(Ballots.of(["a = b"], "ab")).values == (1, 1)
    assert distortion(Ballots.of(["a = b"], "ab"), tied="free").values == (math.inf, math.inf)
    assert metric_distortion(Ballots.of(["a = b"], "ab")).values == pytest.approx((1, 1))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["plurality", "borda", "schulze"]))
def test_no_rule_loses_more_than_its_distortion(seed, name):
    table = np.random.default_rng(seed).dirichlet(np.ones(4), 5)
    rule, ballots = getattr(choice, name), Ballots.from_utilities(table)
    reached = welfare_share(rule, table)
    assert reached.winners == rule(ballots).winners
    assert reached.best == pytest.approx(table.sum(0).max())
    assert reached.least <= reached.welfare <= reached.best + 1e-9
    assert reached.best / reached.least <= float(distortion(ballots).of(*reached.winners)) + 1e-9
    assert welfare_share(choice.distortion, table).share > 0


def test_shares_of_welfare_by_hand():
    found = welfare_share(choice.plurality, [[6, 4, 0], [0, 5, 5]], counts=[3, 2])
    assert (found.winners, found.optimal, found.welfare, found.best) == (("a",), ("b",), 18, 22)
    assert welfare_share(choice.plurality, [[0, 0], [0, 0]]).share == 1


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="equal"):
        distortion(Ballots.of(["a > b"]), tied="unequal")
    with pytest.raises(InputError, match="0 or more"):
        welfare_share(choice.plurality, [[-1, 2]])
    with pytest.raises(TooLarge, match="gathered"):
        metric_distortion(impartial(5_000, 6, 0))
