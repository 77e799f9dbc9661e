"""Top trading cycles: the core and efficiency by brute force, and published examples."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.serial_dictatorship import serial_dictatorship
from ostrom.choice.top_trading_cycles import top_trading_cycles
from ostrom.core.errors import InputError


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_no_group_does_better_with_what_it_owns(seed):
    """The only allocation of a house market in the strict core, by all groups and all trades in them."""
    n = int(np.random.default_rng(seed).integers(1, 5))
    P = np.random.default_rng(seed).random((n, n)).argsort(1).argsort(1)

    def in_core(houses):
        for size in range(1, n + 1):
            for group in itertools.combinations(range(n), size):
                for trade in itertools.permutations(group):
                    gains = [P[i, houses[i]] - P[i, k] for i, k in zip(group, trade, strict=True)]
                    if min(gains) >= 0 and max(gains) > 0:
                        return False
        return True

    core = [houses for houses in itertools.permutations(range(n)) if in_core(houses)]
    assert core == [top_trading_cycles(P).partners]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_with_priorities_nobody_can_gain_without_loss(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 5, 2)
    P, Q = (rng.random(shape).argsort(1).argsort(1) for shape in ((n, m), (m, n)))
    P, seats = np.where(rng.random((n, m)) < 0.2, -1, P), rng.integers(0, 3, m)
    found = top_trading_cycles(P, Q, capacities=seats)
    place = np.array([99 if k < 0 else P[i, k] for i, k in enumerate(found.partners)])
    assert all(found.partners.count(k) <= seats[k] for k in range(m))
    for other in itertools.product(range(-1, m), repeat=int(n)):
        allowed = all(k < 0 or P[i, k] >= 0 for i, k in enumerate(other))
        if allowed and all(other.count(k) <= seats[k] for k in range(m)):
            new = np.array([99 if k < 0 else P[i, k] for i, k in enumerate(other)])
            assert not ((new <= place).all() and (new < place).any())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_where_all_things_rank_alike_it_is_serial_dictatorship(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 7, 2)
    P, order = rng.random((n, m)).argsort(1), rng.permutation(n)
    alike = np.tile(np.argsort(order), (m, 1))
    assert top_trading_cycles(P, alike).partners == serial_dictatorship(P, order.tolist()).partners


def test_priorities_can_be_passed_over():
    """Abdulkadiroğlu and Sönmez (2003), example 1: schools of a seat each; what is gained costs stability."""
    students = {"i1": ["s2", "s1", "s3"], "i2": ["s1", "s2", "s3"], "i3": ["s1", "s2", "s3"]}
    schools = {"s1": ["i1", "i3", "i2"], "s2": ["i2", "i1", "i3"], "s3": ["i2", "i1", "i3"]}
    found = top_trading_cycles(students, schools)
    assert found.pairs == {"i1": "s2", "i2": "s1", "i3": "s3"}
    assert found.blocking == (("i3", "s1"),)
    assert "s1 was traded away in round 1 (i1 gets s2 → i2 gets s1)" in found.why("i3")


def test_owners_by_name_and_nobody_takes_less_than_it_owns():
    wants = {"Ann": ["hut"], "Bob": ["hut", "flat"], "Cyd": ["flat"]}
    with pytest.raises(InputError, match="owns one thing"):
        top_trading_cycles(wants)
    wants["Cyd"] = ["flat", "villa"]
    found = top_trading_cycles(wants, owners=["Bob", "Ann", "Cyd"])  # of hut, flat, villa
    assert found.pairs == {"Ann": "flat", "Bob": "hut", "Cyd": "villa"}


@pytest.mark.parametrize(
    "more", [{"owners": [0, 0]}, {"owners": [1, 0], "priorities": [[0, 1], [0, 1]]}, {"capacities": 2}]
)
def test_what_is_no_market_is_refused(more):
    with pytest.raises(InputError):
        top_trading_cycles([[0, 1], [0, 1]], **more)


def test_many_agents_in_one_long_cycle():
    n = 400
    ring = (np.arange(n)[None] - np.arange(n)[:, None] - 1) % n
    assert top_trading_cycles(ring).partners == tuple((i + 1) % n for i in range(n))
