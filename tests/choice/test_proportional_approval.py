"""Thiele's family: all committees by brute force, programs against them, and abcvoting's answers."""

from fractions import Fraction

import numpy as np
import pytest
from committees import SURVEY, approvals, approving, committees, stored, thiele
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.choice import proportional_approval, sequential_proportional_approval
from ostrom.choice._committee import Approvals
from ostrom.choice._thiele import Thiele
from ostrom.core.errors import InputError, TooLarge, UnknownName

HARMONIC = [Fraction(1, k) for k in range(1, 9)]
WEIGHTS = {"proportional": HARMONIC, "coverage": [1] + [0] * 7, "approval": [1] * 8, (5, 3, 3, 2, 0): [5, 3, 3, 2, 0]}


@pytest.mark.parametrize("weights", WEIGHTS, ids=str)
@settings(max_examples=30, deadline=None)
@given(case=approvals())
def test_all_committees_by_brute_force(weights, case):
    ballots, seats = case
    found = proportional_approval(ballots, seats, weights=weights)
    scores = {one: thiele(ballots, one, WEIGHTS[weights]) for one in committees(ballots, seats)}
    best = max(scores.values())
    assert found.score == best
    assert found.tied == tuple(one for one in scores if scores[one] == best)
    assert found.members == found.tied[0]
    for one, lost in zip(found.members, found.scores, strict=True):
        assert lost == best - thiele(ballots, [other for other in found.members if other != one], WEIGHTS[weights])


@pytest.mark.parametrize("weights", ["proportional", "coverage", "approval"])
@settings(max_examples=20, deadline=None)
@given(case=approvals())
def test_programs_find_what_looking_finds(weights, case):
    thieles = Thiele.of(Approvals.of(*case, None, 1), weights)
    found, complete = thieles.programmed(50, 60.0)
    assert complete
    assert (found, True) == thieles.looked_through(50)


def test_a_larger_program_agrees_with_looking():
    rng = np.random.default_rng(5)
    ballots = approving(rng.random((60, 14)) < 0.3, rng.integers(1, 1_000, 60))
    thieles = Thiele.of(Approvals.of(ballots, 5, None, 1), "proportional")
    found, complete = thieles.programmed(3, 60.0)
    assert complete
    assert (found, True) == thieles.looked_through(3)


def test_beyond_looking_a_program_searches():
    """Six parties of equal size with five alternatives each: any two of each are a best committee of twelve."""
    ballots = approving(np.kron(np.eye(6, dtype=int), np.ones((1, 5), int)), [50] * 6)
    found = proportional_approval(ballots, 12, most=3)
    assert found.score == 6 * 50 * Fraction(3, 2)
    assert len(set(found.tied)) == 3
    assert not found.complete
    assert not found.unique
    for committee in found.tied:
        assert np.bincount([ballots.index(one) // 5 for one in committee], minlength=6).tolist() == [2] * 6


@pytest.mark.parametrize(("weights", "rule"), [("proportional", "pav"), ("coverage", "cc"), ("approval", "av")])
def test_committees_are_those_of_abcvoting(weights, rule):
    for ballots, seats, expected in stored(rule):
        assert set(proportional_approval(ballots, seats, weights=weights).tied) == expected


def test_in_turn_committees_are_those_of_abcvoting():
    for ballots, seats, expected in stored("seqpav"):
        assert set(sequential_proportional_approval(ballots, seats).tied) == expected


def test_the_published_example():
    assert proportional_approval(SURVEY, 4).tied == (tuple("abcf"),)
    assert proportional_approval(SURVEY, 4, weights="coverage").tied == (tuple("aefg"),)
    found = sequential_proportional_approval(SURVEY, 4)
    assert found.members == tuple("abcf")
    assert found.scores == (8, Fraction(5, 2), 2, Fraction(4, 3))
    assert found.ties == 1
    assert found.unique  # however the tie of b and c is settled
    assert "c would be too, and b is the first" in found.rounds[1]
    assert sequential_proportional_approval(SURVEY, 4, order=list("hgfedcba")).members == tuple("acbf")


@settings(max_examples=40, deadline=None)
@given(approvals(), st.randoms(use_true_random=False))
def test_in_turn_is_greedy_by_any_declared_order(case, random):
    ballots, seats = case
    order = list(ballots.alternatives)
    random.shuffle(order)
    found = sequential_proportional_approval(ballots, seats, order=order)
    chosen = []
    for one, score in zip(found.members, found.scores, strict=True):
        adds = {
            other: thiele(ballots, [*chosen, other], HARMONIC) - thiele(ballots, chosen, HARMONIC)
            for other in order
            if other not in chosen
        }
        top = [other for other in order if adds.get(other) == max(adds.values())]
        assert (one, score) == (top[0], max(adds.values()))
        chosen.append(one)
    assert found.score == thiele(ballots, chosen, HARMONIC)
    assert tuple(sorted(chosen)) in found.tied
    best = proportional_approval(ballots, seats, order=order)
    assert 1 - 1 / np.e <= (found.score / best.score if best.score else 1) <= 1
    place = {name: k for k, name in enumerate(order)}
    assert best.members == min(best.tied, key=lambda one: sorted(place[name] for name in one))


def test_parties_get_seats_as_by_dhondt():
    """Thiele's rule is D'Hondt's where voters approve of parties."""
    ballots = approving(np.kron(np.eye(3, dtype=int), np.ones((1, 7), int)), [53, 24, 23])
    for rule in (proportional_approval, sequential_proportional_approval):
        members = rule(ballots, 7).members
        got = [sum(ballots.index(one) // 7 == party for one in members) for party in range(3)]
        quotients = sorted(((votes / k, p) for p, votes in enumerate([53, 24, 23]) for k in range(1, 8)), reverse=True)
        assert got == [sum(p == party for _, p in quotients[:7]) for party in range(3)]


def test_ties_that_are_not_all_listed_still_go_by_the_declared_order():
    nobody = approving(np.zeros((1, 12), int))
    found = proportional_approval(nobody, 6, order=nobody.alternatives[::-1], most=5)
    assert found.members == tuple("ghijkl")
    assert found.members in found.tied
    assert (len(found.tied), found.complete) == (5, False)


def test_ranked_ballots_can_be_read_as_approvals():
    ranked = Ballots.of({"a > b > c": 3, "c > b > a": 2})
    assert proportional_approval(ranked, 1, weights="approval", within=2).tied == (("b",),)


def test_what_cannot_be_elected_is_refused():
    for seats in (0, 9, 2.5, float("nan"), "two"):
        with pytest.raises(InputError):
            proportional_approval(SURVEY, seats)
    for weights in ([1, 2, 3, 4], [0, 0, 0, 0], [1], [1, 0, 0, -1], [1, float("nan"), 0, 0]):
        with pytest.raises(InputError):
            proportional_approval(SURVEY, 4, weights=weights)
    with pytest.raises(UnknownName):
        proportional_approval(SURVEY, 4, weights="harmony")
    with pytest.raises(UnknownName):
        proportional_approval(SURVEY, 4, order=list("abcdefgz"))
    with pytest.raises(InputError):
        sequential_proportional_approval(SURVEY, 4, order=list("abc"))
    with pytest.raises(InputError):
        proportional_approval(SURVEY, 4, most=0)
    rng = np.random.default_rng(0)
    with pytest.raises(TooLarge, match="not settled"):
        proportional_approval(approving(rng.random((300, 60)) < 0.2), 15, seconds=0.05)
