"""Negotiations: additive tables against sums by hand, efficient outcomes against brute force, and refusals."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.negotiation import Negotiation

ISSUES = {"price": ("low", "middle", "high"), "when": ("now", "later")}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_additive_utilities_are_weighted_sums(seed):
    rng = np.random.default_rng(seed)
    weights, values = rng.random((2, 2)), [[rng.random(3), rng.random(2)] for _ in range(2)]
    deal = Negotiation.additive(ISSUES, weights, values, [0.1, 0.2])
    for number, (a, b) in enumerate(product(range(3), range(2))):
        assert deal.outcome(number) == (ISSUES["price"][a], ISSUES["when"][b])
        assert deal.index(deal.outcome(number)) == number
        assert deal.places[number].tolist() == [a, b]
        for party in range(2):
            by_hand = weights[party, 0] * values[party][0][a] + weights[party, 1] * values[party][1][b]
            assert deal.utilities[party, number] == pytest.approx(by_hand, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.integers(2, 4))
def test_efficient_outcomes_are_those_nothing_dominates(seed, parties):
    """On small whole numbers, so that there are many ties."""
    table = np.random.default_rng(seed).integers(0, 5, (parties, 12))
    deal = Negotiation({"a": range(4), "b": range(3)}, table)
    for k in range(12):
        beaten = any((table[:, j] >= table[:, k]).all() and (table[:, j] > table[:, k]).any() for j in range(12))
        assert deal.efficient[k] == (not beaten)


def test_rational_outcomes_give_nobody_less():
    deal = Negotiation({"a": range(3)}, [[0, 1, 2], [2, 1, 0]], [1, 1])
    assert deal.rational.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("issues", "utilities", "more"),
    [
        ({}, [[1], [1]], {}),
        ({"a": "xy"}, [[1, 2], [1, 2]], {}),
        ({"a": ()}, np.zeros((2, 0)), {}),
        ({"a": (1, 1)}, [[1, 2], [1, 2]], {}),
        ({"a": (1, 2)}, [[1, 2]], {}),
        ({"a": (1, 2)}, [[1, 2, 3], [1, 2, 3]], {}),
        ({"a": (1, 2)}, [[1, float("nan")], [1, 2]], {}),
        ({"a": (1, 2)}, [[1, 2], [1, 2]], {"reservations": [1]}),
        ({"a": (1, 2)}, [[1, 2], [1, 2]], {"deadline": 0}),
        ({"a": (1, 2)}, [[1, 2], [1, 2]], {"deadline": 2.5}),
        ({"a": (1, 2)}, [[1, 2], [1, 2]], {"discounts": [1, 0]}),
        ({"a": (1, 2)}, [[1, 2], [1, 2]], {"parties": ["a", "a"]}),
    ],
)
def test_what_is_no_negotiation_is_refused(issues, utilities, more):
    with pytest.raises(InputError):
        Negotiation(issues, utilities, **more)


def test_other_refusals():
    with pytest.raises(TooLarge):
        Negotiation.additive({f"i{k}": range(10) for k in range(9)}, [[1] * 9] * 2, [[range(10)] * 9] * 2)
    with pytest.raises(InputError):
        Negotiation.additive(ISSUES, [(1, 1), (1, 1)], [[(1, 2, 3), (1, 2)], [(1, 2), (1, 2)]])
    deal = Negotiation({"a": ("x", "y")}, [[0, 1], [1, 0]])
    with pytest.raises(UnknownName, match="z"):
        deal.index(("z",))
    with pytest.raises(InputError):
        deal.index(("x", "y"))
