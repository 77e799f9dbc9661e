"""Immediate acceptance: the rounds by hand, efficiency by brute force, and stability that it lacks."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.immediate_acceptance import immediate_acceptance


def market(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 5, 2)
    P = rng.random((n, m)).argsort(1).argsort(1)
    return P, rng.random((m, n)).argsort(1).argsort(1), rng.integers(1, 3, m)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_as_many_as_can_get_their_first_choice_and_nobody_can_gain_without_loss(seed):
    P, Q, seats = market(seed)
    found = immediate_acceptance(P, Q, capacities=seats)
    firsts = [min(seats[k], (P[:, k] == 0).sum()) for k in range(len(Q))]
    assert sum(place == 0 for place in found.ranks) == sum(firsts)
    place = [99 if k < 0 else P[i, k] for i, k in enumerate(found.partners)]
    for other in itertools.product(range(-1, len(Q)), repeat=len(P)):
        if all(other.count(k) <= seats[k] for k in range(len(Q))):
            new = [99 if k < 0 else P[i, k] for i, k in enumerate(other)]
            assert not (all(np.array(new) <= place) and new != place)


def test_a_seat_once_given_stays_given():
    wants = {"Ann": ["X", "Y", "Z"], "Bob": ["X", "Y", "Z"], "Cyd": ["Y", "X", "Z"]}
    schools = {"X": ["Ann", "Bob", "Cyd"], "Y": ["Bob", "Ann", "Cyd"], "Z": ["Ann", "Bob", "Cyd"]}
    found = immediate_acceptance(wants, schools)
    assert found.pairs == {"Ann": "X", "Bob": "Z", "Cyd": "Y"}
    assert found.rounds == 3
    assert found.blocking == (("Bob", "Y"),)  # it ranks Bob first, and he asked too late
    assert found.why("Bob").endswith("Y was full after round 1, and it asked only in round 2.")


def test_lists_may_leave_somebody_out():
    found = immediate_acceptance({"Ann": ["X", "Y"], "Bob": []}, {"X": [], "Y": ["Ann"]})
    assert found.pairs == {"Ann": "Y", "Bob": None}
    assert found.why("Ann").endswith("X does not accept Ann.")


def test_ties_are_broken_as_declared():
    wants = {"Ann": ["X"], "Bob": ["X"]}
    found = immediate_acceptance(wants, {"X": [["Ann", "Bob"]]}, ties=(["Bob", "Ann"], None))
    assert found.unmatched == ("Ann",)
    assert "the declared order decided" in found.why("Ann")
