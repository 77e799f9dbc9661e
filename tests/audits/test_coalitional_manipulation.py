"""Coalitional manipulation of scoring rules: all ballots tried, the bound on greed, and what is published."""

from fractions import Fraction
from itertools import combinations_with_replacement, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits._coalitional_ballots import greedy, wins
from ostrom.audits.coalitional_manipulation import coalitional_manipulation, manipulators_needed
from ostrom.choice.cultures import impartial
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.ballots import Ballots

POINTS = {"borda": (3, 2, 1, 0), "plurality": (1, 0, 0, 0), "veto": (1, 1, 1, 0), (5, 3, 3, 0): (5, 3, 3, 0)}


def totals(rows, points):
    return [sum(points[row[k]] for row in rows) for k in range(len(points))]


def possible(rows, points, voters, alone):
    """Whether some ballots of so many voters make the first alternative win."""
    for said in combinations_with_replacement(list(permutations(range(4))), voters):
        mine, *rest = totals([*rows, *said], points)
        if mine > max(rest) if alone else mine >= max(rest):
            return True
    return False


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(0, 2), st.sampled_from(list(POINTS)), st.booleans())
def test_agrees_with_all_ballots(seed, others, voters, scores, alone):
    ballots = impartial(others, 4, seed)
    rows = [tuple(row) for row in ballots.ranks.tolist()]
    found = coalitional_manipulation(ballots, "a", voters, scores, alone=alone)
    assert found.possible == possible(rows, POINTS[scores], voters, alone)
    if found.possible:
        said = Ballots.of(found.said, "abcd").ranks.repeat(list(found.said.values()), 0).tolist() if voters else []
        mine, *rest = totals([*rows, *said], POINTS[scores])
        assert found.lead == mine - max(rest)
        assert found.lead >= int(alone)
        assert len(said) == voters


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 6), st.integers(3, 12))
def test_greed_needs_at_most_one_voter_more(seed, size, others):
    """Zuckerman, Procaccia and Rosenschein (2009), for Borda."""
    ballots = impartial(others, size, seed)
    needed = manipulators_needed(ballots, "a", "borda")
    points = [Fraction(size - 1 - place) for place in range(size)]
    held = [Fraction(total) for total in totals(ballots.ranks.tolist(), points)]
    assert wins(held, points, greedy(held, points, 0, needed + 1), 0, False)
    assert coalitional_manipulation(ballots, "a", needed).possible is True
    if needed:
        assert coalitional_manipulation(ballots, "a", needed - 1).possible is False


def test_greed_alone_can_fail_where_the_program_does_not():
    """There are elections at which the exact answer is one voter better than greed."""
    methods = set()
    for seed in range(60):
        ballots = impartial(7, 5, seed)
        methods.add(coalitional_manipulation(ballots, "a", manipulators_needed(ballots, "a")).method)
    assert methods == {"greedy", "whole-number program"}


def test_numbers_needed_by_hand():
    """Five voters put c last. By veto each of the two others has to be put last five times; ten are needed."""
    ballots = Ballots.of({"a > b > c": 3, "b > a > c": 2})
    assert [manipulators_needed(ballots, "c", scores) for scores in ("plurality", "borda", "veto")] == [3, 5, 10]
    assert manipulators_needed(ballots, "c", "plurality", alone=True) == 4
    assert manipulators_needed(ballots, "a", "plurality") == 0
    assert manipulators_needed(ballots, "c", (1, 1, 1), alone=True, most=20) is None


def test_many_voters_and_alternatives():
    ballots = impartial(60, 12, 0)
    needed = manipulators_needed(ballots, "l")
    found = coalitional_manipulation(ballots, "l", needed)
    assert sum(found.said.values()) == needed > 0


@pytest.mark.parametrize(
    ("scores", "match"), [("bord", "borda"), ((0, 1, 2), "better place"), ((1, 0), "one number a place")]
)
def test_points_that_are_none_are_refused(scores, match):
    with pytest.raises(InputError, match=match):
        coalitional_manipulation(Ballots.of(["a > b > c"]), "a", 1, scores)


def test_ballots_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="ties or gaps"):
        coalitional_manipulation(Ballots.of(["a = b > c"]), "a", 1)
    with pytest.raises(UnknownName):
        coalitional_manipulation(Ballots.of(["a > b > c"]), "d", 1)
    with pytest.raises(InputError, match="0 or more"):
        coalitional_manipulation(Ballots.of(["a > b > c"]), "a", -1)
