"""Duels won less duels lost, counted by a plain loop, and by pref_voting."""

from elections import CYCLE, SCHULZE, TENNESSEE, duels, elections, highest, stored
from hypothesis import given, settings

from ostrom.choice import copeland


@settings(max_examples=60, deadline=None)
@given(elections())
def test_duels_are_counted_as_by_hand(ballots):
    votes, size = duels(ballots), range(len(ballots.alternatives))
    score = {a: sum((votes[a, b] > votes[b, a]) - (votes[a, b] < votes[b, a]) for b in size) for a in size}
    decision = copeland(ballots)
    assert decision.winners == highest(ballots, score)
    assert decision.scores == tuple(score.values())


def test_published_elections():
    assert copeland(TENNESSEE).ranking == (("N",), ("C",), ("K",), ("M",))
    assert copeland(SCHULZE).winner == "E"
    assert copeland(CYCLE).winners == ("a", "b", "c")


def test_winners_are_those_of_pref_voting():
    cases = list(stored("copeland"))
    assert len(cases) == 60
    assert [copeland(ballots).winners for ballots, _ in cases] == [winners for _, winners in cases]
