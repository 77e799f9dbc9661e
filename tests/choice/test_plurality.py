"""First places, counted by a plain loop of fractions."""

import pytest
from elections import TENNESSEE, elections, first_places, highest
from hypothesis import given, settings

from ostrom import Ballots
from ostrom.choice import plurality
from ostrom.core.errors import UnknownName


@pytest.mark.parametrize("tied", ["split", "all"])
@settings(max_examples=60, deadline=None)
@given(ballots=elections())
def test_first_places_are_counted_as_by_hand(tied, ballots):
    votes = first_places(ballots, range(len(ballots.alternatives)), tied)
    decision = plurality(ballots, tied=tied)
    assert decision.winners == highest(ballots, votes)
    assert decision.scores == pytest.approx([float(votes[k]) for k in votes], abs=1e-12)
    assert decision.ties == (len(decision.winners) > 1)
    assert sorted(sum(decision.ranking, ())) == sorted(ballots.alternatives)


def test_memphis():
    decision = plurality(TENNESSEE)
    assert (decision.winner, decision.scores) == ("M", (42, 26, 15, 17))
    assert decision.rounds == ("M has the most, with 42 votes.", "N is next, with 26 votes.")


def test_three_thirds_are_one():
    ballots = Ballots.of(["a = b = c", "a = b = c", "a = b = c", "d"])
    assert plurality(ballots).winners == ("a", "b", "c", "d")
    assert plurality(ballots, tied="all").winners == ("a", "b", "c")


def test_many_tied_alternatives_do_not_overflow():
    """A vote of sixty that are tied has more parts than 64 bits hold."""
    ballots = Ballots([[0] * 60, [1, 0, *[2] * 58]], [59, 1])
    decision = plurality(ballots)
    assert decision.winner == "a2"
    assert decision.scores[:2] == pytest.approx((59 / 60, 1 + 59 / 60))


def test_an_unknown_reading_of_ties():
    with pytest.raises(UnknownName, match="split"):
        plurality(TENNESSEE, tied="spilt")  # type: ignore[arg-type]


def test_who_says_nothing_counts_for_nobody():
    assert plurality(Ballots([[-1, -1], [0, -1]], [5, 1])).scores == (1, 0)
