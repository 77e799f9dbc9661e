"""All stable matchings, against brute force over all matchings and published counts."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.stable_matchings import stable_matchings
from ostrom.core.errors import InputError


def brute(P, Q):
    """All matchings that no pair would leave, one after the other."""
    found = set()
    for one in itertools.product(range(-1, len(Q)), repeat=len(P)):
        used = [k for k in one if k >= 0]
        accepted = all(k < 0 or (P[i, k] >= 0 and Q[k, i] >= 0) for i, k in enumerate(one))
        if len(set(used)) == len(used) and accepted:
            holder = {k: i for i, k in enumerate(one)}
            pairs = np.argwhere((P >= 0) & (Q.T >= 0)).tolist()
            blocked = any(
                (one[i] < 0 or P[i, k] < P[i, one[i]]) and (k not in holder or Q[k, i] < Q[k, holder[k]])
                for i, k in pairs
            )
            if not blocked:
                found.add(one)
    return found


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_they_are_all_there(seed, gaps):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 6, 2)
    P, Q = (rng.random(shape).argsort(1).argsort(1) for shape in ((n, m), (m, n)))
    if gaps:
        P, Q = (np.where(rng.random(one.shape) < 0.25, -1, one) for one in (P, Q))
    found, every = stable_matchings(P, Q), brute(P, Q)
    assert {one.partners for one in found.matchings} == every
    assert len(found) == len(every)
    assert found.status == "complete"
    costs = {
        p: (sum(P[i, k] for i, k in enumerate(p) if k >= 0), sum(Q[k, i] for i, k in enumerate(p) if k >= 0))
        for p in every
    }
    assert sum(costs[found.egalitarian.partners]) == min(map(sum, costs.values()))
    assert abs(np.subtract(*costs[found.sex_equal.partners])) == min(abs(a - b) for a, b in costs.values())
    assert costs[found.receivers_best.partners][1] == min(b for _, b in costs.values())


def test_the_cycle_of_gale_and_shapley_has_three():
    """First choices of one side, first choices of the other, and everybody's second."""
    found = stable_matchings([[0, 1, 2], [2, 0, 1], [1, 2, 0]], [[2, 0, 1], [1, 2, 0], [0, 1, 2]])
    assert found.costs.tolist() == [[0, 6], [3, 3], [6, 0]]
    assert found.sex_equal.ranks == found.least_regret.ranks == (1, 1, 1)


def test_the_market_of_four_with_ten():
    """Knuth's example of 4 a side, the most there can be; pairs of pairs of 2 make 2, 10 and 268."""
    P = np.array([[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]])
    found = stable_matchings(P, 3 - P.T)
    assert len(found) == 10
    doubled = np.block([[P, 4 + P], [4 + P, P]])
    assert len(stable_matchings(doubled, 7 - doubled.T)) == 268
    some = stable_matchings(doubled, 7 - doubled.T, most=50)
    assert (len(some), some.status) == (50, "partial")
    assert len({one.partners for one in some.matchings}) == 50
    assert all(one.blocking == () for one in some.matchings)


def test_none_is_refused():
    with pytest.raises(InputError):
        stable_matchings([[0]], [[0]], most=0)


@pytest.mark.parametrize("most", [2.5, "3", None, True, float("nan"), [1]])
def test_a_number_of_matchings_that_is_not_whole_is_refused(most):
    with pytest.raises(InputError, match="number of matchings"):
        stable_matchings([[0, 1], [1, 0]], [[1, 0], [0, 1]], most=most)
