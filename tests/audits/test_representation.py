"""Representation of groups: the definitions over all groups, abcvoting's verdicts, and planted failures."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from committees import STORED, SURVEY, approvals, approving, election, voters
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.representation import replay_representation, representation
from ostrom.choice import equal_shares, proportional_approval
from ostrom.core.errors import InputError, UnknownName


def groups(ballots):
    """All groups of voters."""
    own = voters(ballots)
    return [
        [own[k] for k in some]
        for size in range(1, len(own) + 1)
        for some in itertools.combinations(range(len(own)), size)
    ]


def holds(ballots, members, quota, levels):
    """EJR+ (JR where only level 1 is asked) by its definition, over all groups."""
    for group in groups(ballots):
        agreed = set.intersection(*group) - set(members)
        for level in levels:
            if agreed and len(group) >= level * quota and all(len(own & set(members)) < level for own in group):
                return False
    return True


def averages(ballots, members, quota, seats):
    """The least average of any group of `level` quotas that agrees on as many."""
    found = {}
    for group in groups(ballots):
        for level in range(1, seats + 1):
            if len(group) >= level * quota and len(set.intersection(*group)) >= level:
                average = Fraction(sum(len(own & set(members)) for own in group), len(group))
                found[str(level)] = min(found.get(str(level), average), average)
    return found


@st.composite
def elected(draw):
    ballots, seats = draw(approvals(most=4, voters=3))
    members = draw(st.permutations(ballots.alternatives))[:seats]
    return ballots, members


@settings(max_examples=60, deadline=None)
@given(elected())
def test_all_groups_by_brute_force(case):
    ballots, members = case
    seats, many = len(members), ballots.voters
    jr, ejr, degree = representation(ballots, members)
    hare = Fraction(many, seats)
    for claim, levels in ((jr, [1]), (ejr, range(1, seats + 1))):
        assert (claim.verdict == "proved") == holds(ballots, members, hare, levels)
        worst = Fraction(claim.numbers["holds above, exactly"])
        assert holds(ballots, members, worst + Fraction(1, 1_000), levels)
        if worst:
            assert not holds(ballots, members, worst, levels)
        if claim.witness:
            assert replay_representation(ballots, members, claim.witness)
    expected = averages(ballots, members, hare, seats)
    assert degree.numbers["averages"] == {level: float(expected[level]) for level in sorted(expected)}
    assert (degree.verdict == "proved") == all(2 * value >= int(level) - 1 for level, value in expected.items())
    if degree.witness:
        assert replay_representation(ballots, members, degree.witness)


def test_verdicts_are_those_of_abcvoting():
    failing = 0
    for case in [STORED["survey"], *STORED["cases"]]:
        ballots = election(case)
        members = [ballots.alternatives[k] for k in case["committee"]]
        jr, ejr, _ = representation(ballots, members)
        assert (jr.verdict == "proved", ejr.verdict == "proved") == (case["holds"]["jr"], case["holds"]["ejr+"])
        failing += ejr.verdict == "refuted"
    assert failing >= 8


def test_a_group_that_was_left_out_is_found():
    """Forty of a hundred agree on two and get none of five."""
    ballots = approving([[1, 1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1, 1]], [60, 40])
    jr, ejr, degree = representation(ballots, "abcde")
    assert [claim.verdict for claim in (jr, ejr, degree)] == ["refuted"] * 3
    assert jr.witness["voters"] == 40
    assert jr.witness["ballots"] == [1]
    assert jr.numbers["in quotas"] == 2.0
    assert degree.numbers["averages"] == {"1": 0.0, "2": 0.0, "3": 5.0}
    for claim in (jr, ejr, degree):
        assert replay_representation(ballots, "abcde", claim.witness)
        assert not replay_representation(ballots, "abcfg", claim.witness)
        assert not replay_representation(ballots, "abcde", claim.witness | {"of each": [41]})


def test_a_committee_in_proportion_is_clean():
    ballots = approving([[1, 1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1, 1]], [60, 40])
    clean = representation(ballots, "abcfg")
    assert [claim.verdict for claim in clean] == ["proved"] * 3
    assert clean[0].numbers["holds above"] == 0
    assert clean[2].numbers["averages"] == {"1": 2.0, "2": 2.0, "3": 3.0}


def test_larger_groups_deserve_more_than_one():
    """JR holds where each has one; EJR+ does not."""
    ballots = approving([[1, 1, 0, 0, 0], [0, 0, 1, 1, 1]], [20, 80])
    jr, ejr, _ = representation(ballots, "abc")
    assert (jr.verdict, ejr.verdict) == ("proved", "refuted")
    assert ejr.witness["level"] == 2
    assert ejr.numbers["holds above"] == 40


def test_quotas():
    split = approving([[1, 1, 0, 0], [0, 0, 1, 1]], [6, 4])
    assert representation(split, "ab")[0].verdict == "proved"
    assert representation(split, "ab", quota="droop")[0].verdict == "refuted"
    assert representation(split, "ab", quota=4)[0].verdict == "refuted"
    assert representation(split, "ab", quota=4.01)[0].verdict == "proved"
    even = approving([[1, 1, 0, 0], [0, 0, 1, 1]], [8, 4])
    assert representation(even, "ab", quota="droop")[0].verdict == "proved"  # a third is not more than a third


@settings(max_examples=40, deadline=None)
@given(approvals())
def test_what_theorems_promise(case):
    """PAV and equal shares are EJR+ (Brill and Peters 2023), the latter also with seats left open."""
    ballots, seats = case
    for found in (proportional_approval(ballots, seats), equal_shares(ballots, seats)):
        assert [claim.verdict for claim in representation(ballots, found)] == ["proved"] * 3
    bought = equal_shares(ballots, seats, completion="none")
    assert representation(ballots, bought, seats=seats)[1].verdict == "proved"


def test_a_search_that_is_cut_short_is_unknown():
    ballots = approving(np.ones((12, 12), int))
    degree = representation(ballots, SURVEY.alternatives[:6], most=20)[2]
    assert (degree.verdict, degree.numbers["complete"]) == ("unknown", False)


def test_what_is_no_committee_is_refused():
    for members, how in (("", {}), ("aa", {}), ("abc", {"seats": 2}), ("a", {"within": 0}), ("a", {"quota": 0})):
        with pytest.raises(InputError):
            representation(SURVEY, members, **how)
    for members, how in (("z", {}), ("a", {"quota": "imperiali"})):
        with pytest.raises(UnknownName):
            representation(SURVEY, members, **how)
