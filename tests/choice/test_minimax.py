"""The lightest heaviest defeat, by a plain loop, and by pref_voting."""

import pytest
from elections import CYCLE, TENNESSEE, duels, elections, highest, stored
from hypothesis import given, settings

from ostrom import Ballots
from ostrom.choice import minimax
from ostrom.core.errors import UnknownName


@pytest.mark.parametrize("measure", ["margins", "winning"])
@settings(max_examples=60, deadline=None)
@given(ballots=elections())
def test_defeats_are_weighed_as_by_hand(measure, ballots):
    votes, size = duels(ballots), range(len(ballots.alternatives))
    weigh = {(a, b): votes[a, b] - (votes[b, a] if measure == "margins" else 0) for a in size for b in size}
    score = {a: -max([weigh[b, a] for b in size if votes[b, a] > votes[a, b]], default=0) for a in size}
    decision = minimax(ballots, measure=measure)
    assert decision.winners == highest(ballots, score)
    assert decision.scores == tuple(score.values())


def test_published_elections():
    assert minimax(TENNESSEE).winner == "N"
    assert minimax(CYCLE).scores == (-1, -1, -1)


def test_what_a_defeat_weighs_matters_where_ballots_are_cut_short():
    ballots = Ballots.of({"a > b": 6, "b > c > a": 5, "b": 7, "c > a > b": 8}, "abc")
    margins, winning = minimax(ballots), minimax(ballots, measure="winning")
    assert (margins.winner, margins.scores) == ("b", (-7, -2, -10))
    assert (winning.winner, winning.scores) == ("a", (-13, -14, -18))


def test_winners_are_those_of_pref_voting():
    cases = list(stored("minimax"))
    assert len(cases) == 60
    assert [minimax(ballots).winners for ballots, _ in cases] == [winners for _, winners in cases]


def test_an_unknown_measure():
    with pytest.raises(UnknownName, match="winning"):
        minimax(TENNESSEE, measure="wining")  # type: ignore[arg-type]
