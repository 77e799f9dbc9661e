"""Delegated votes: followed one by one, circles and abstention, and weights that are used in an election."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.choice import delegated_voting, plurality
from ostrom.core.errors import InputError, UnknownName


def followed(to, k):
    """Where one vote ends, in how many steps; None in a circle, -1 with somebody who abstains."""
    seen = []
    while k not in seen:
        seen.append(k)
        if to[k] in (k, -1):
            return (k if to[k] == k else -1), len(seen) - 1
        k = to[k]
    return None, seen[seen.index(k) :]


@st.composite
def delegations(draw):
    count = draw(st.integers(1, 12))
    to = draw(st.lists(st.integers(-1, count - 1), min_size=count, max_size=count))
    return to, draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))


@settings(max_examples=150, deadline=None)
@given(delegations())
def test_votes_followed_one_by_one(case):
    to, votes = case
    found = delegated_voting(to, votes)
    weights, circles, abstained, longest = [0] * len(to), set(), 0, 0
    for k, many in enumerate(votes):
        end, how = followed(to, k)
        assert found.casts[k] == (-1 if end is None else end)
        if end is None:
            circles.add(frozenset(f"v{one + 1}" for one in how))
        elif end == -1:
            abstained += many
        else:
            weights[end] += many
            longest = max(longest, how)
    assert found.weights.tolist() == weights
    assert found.abstained == abstained
    assert found.cast + found.in_cycles + found.abstained == sum(votes)
    assert {frozenset(circle) for circle in found.cycles} == circles
    assert len(found.cycles) == len(circles)
    assert found.longest == longest
    for circle in found.cycles:
        for one, after in zip(circle, (*circle[1:], circle[0]), strict=True):
            assert to[int(one[1:]) - 1] == int(after[1:]) - 1


@settings(max_examples=80, deadline=None)
@given(delegations())
def test_power_by_the_definition(case):
    found = delegated_voting(*case)
    weights = sorted(found.weights.tolist(), reverse=True)
    if found.cast:
        assert found.concentration == Fraction(weights[0], sum(weights))
        fewest = next(k for k in range(1, len(weights) + 1) if 2 * sum(weights[:k]) > sum(weights))
        assert len(found.majority) == fewest
        assert 1 - 1e-9 <= found.effective <= len(weights) + 1e-9
    else:
        assert (found.concentration, found.majority, found.effective) == (0, (), 0.0)


def test_names_and_sentences():
    found = delegated_voting(
        {"ann": "ann", "bob": "ann", "cem": "bob", "dot": "eve", "eve": "dot", "flo": None, "gus": "flo"}
    )
    assert found.sentences() == (
        "3 votes are cast by 1 voters.",
        "ann casts most: 3, 100.0% of them.",
        "1 suffices for more than half: ann.",
        "dot and eve delegate in a circle.",
        "Lost are 2 to circles and 2 to abstention.",
    )
    assert [found.caster(name) for name in ("cem", "dot", "gus")] == ["ann", None, None]


def test_weights_are_counts_of_ballots():
    """Two experts to whom the others delegate outvote two who vote themselves."""
    found = delegated_voting([0, 1, 2, 3, 0, 0, 1])
    ranks = [[0, 1], [0, 1], [1, 0], [1, 0], [1, 0], [1, 0], [1, 0]]
    assert plurality(Ballots(ranks)).winner == "b"
    assert plurality(found.ballots(ranks)).winner == "a"
    assert found.ballots(ranks).voters == 7


def test_a_long_chain_and_a_star():
    chain = delegated_voting(np.maximum(np.arange(5_000) - 1, 0))
    assert (chain.longest, chain.cast, chain.concentration, chain.effective) == (4_999, 5_000, 1, 1.0)
    ring = delegated_voting((np.arange(4_097) + 1) % 4_097)
    assert (ring.cast, ring.in_cycles, len(ring.cycles[0])) == (0, 4_097, 4_097)
    with pytest.raises(InputError, match="lost"):
        ring.ballots(np.zeros((4_097, 2)))


@pytest.mark.parametrize("wrong", [[], {}, [1], [-2], [0.5], [[0]], ["x"], [float("nan")]])
def test_what_is_no_delegation_is_refused(wrong):
    with pytest.raises(InputError):
        delegated_voting(wrong)


def test_names_and_votes_that_do_not_fit_are_refused():
    with pytest.raises(UnknownName):
        delegated_voting({"ann": "bob"})
    with pytest.raises(UnknownName):
        delegated_voting([0]).caster("ann")
    for votes in ([1, 2], [-1], [0.5], [2**62]):
        with pytest.raises(InputError):
            delegated_voting([0], votes)
    with pytest.raises(InputError):
        delegated_voting([0, 1], voters=("a", "a"))
