"""Serial dictatorship and its odds, against all orders and against random endowments that are traded."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.serial_dictatorship import random_serial_dictatorship, serial_dictatorship
from ostrom.choice.top_trading_cycles import top_trading_cycles
from ostrom.core.errors import InputError, TooLarge, UnknownName


def market(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 6, 2)
    P = rng.random((n, m)).argsort(1).argsort(1)
    return np.where(rng.random((n, m)) < 0.2, -1, P), rng.integers(0, 3, m)


def in_turn(P, seats, order):
    left, got = list(seats), [-1] * len(P)
    for i in order:
        open_ = [k for k in range(len(left)) if left[k] and P[i, k] >= 0]
        if open_:
            got[i] = min(open_, key=lambda k: P[i, k])
            left[got[i]] -= 1
    return tuple(got)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_each_takes_the_best_that_is_left_and_the_odds_are_those_of_all_orders(seed):
    P, seats = market(seed)
    orders = list(itertools.permutations(range(len(P))))
    taken = [in_turn(P, seats, order) for order in orders]
    assert serial_dictatorship(P, orders[-1], capacities=seats).partners == taken[-1]
    found = random_serial_dictatorship(P, capacities=seats)
    for i, row in enumerate(found.odds):
        counted = [sum(got[i] == k for got in taken) for k in (*range(P.shape[1]), -1)]
        assert row == tuple(Fraction(many, len(orders)) for many in counted)


def test_random_orders_are_random_endowments():
    """Abdulkadiroğlu and Sönmez (1998)."""
    P = np.random.default_rng(3).random((4, 4)).argsort(1).argsort(1)
    counts = np.zeros((4, 4))
    for owners in itertools.permutations(range(4)):
        counts[range(4), top_trading_cycles(P, owners=owners).partners] += 1
    assert np.allclose(random_serial_dictatorship(P).table[:, :4], counts / 24)


def test_the_example_of_bogomolnaia_and_moulin():
    """Two prefer a to b and two b to a (2001): the odds of a are 5/12 and 1/12, and all would swap the twelfths."""
    found = random_serial_dictatorship([[0, 1, 2, 3], [0, 1, 2, 3], [1, 0, 2, 3], [1, 0, 2, 3]])
    assert found.odds[0] == (Fraction(5, 12), Fraction(1, 12), Fraction(1, 4), Fraction(1, 4), 0)


def test_twelve_agents_are_counted_and_far_more_are_refused():
    P = np.tile(np.arange(12), (12, 1))
    assert random_serial_dictatorship(P).odds[0] == (*[Fraction(1, 12)] * 12, 0)
    with pytest.raises(TooLarge, match="situations"):
        random_serial_dictatorship(np.tile(np.arange(20), (20, 1)))


def test_who_chose_before_is_said():
    found = serial_dictatorship({"Ann": ["tea"], "Bob": ["tea"]}, order=["Bob", "Ann"])
    assert found.why("Ann") == "Ann is with nobody. Better, but out of reach: tea was taken by Bob, who chose before."
    with pytest.raises(UnknownName):
        serial_dictatorship({"Ann": ["tea"]}, order=["Eve"])
    with pytest.raises(InputError):
        serial_dictatorship({"Ann": ["tea"], "Bob": ["tea"]}, order=["Ann"])


@pytest.mark.parametrize("shape", [(20, 3), (1_200_000, 20), (10_000, 2_500)])
def test_too_many_choosers_are_told_before_they_are_counted(shape):
    with pytest.raises(TooLarge, match="situations"):
        random_serial_dictatorship(np.zeros(shape, int))
