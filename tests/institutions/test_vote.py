"""Vote: majorities bind."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.vote import Vote

THREE = NormalForm(np.zeros((2, 2, 2, 3)), moves=("C", "D"))


def played(needed, ballots):
    session = Session(THREE, [Vote("C", needed)])
    for seat, ballot in enumerate(ballots):
        session.submit(seat, {"vote": ballot})
    for seat in range(3):
        session.submit(seat, {"act": "D"})
    seen = session.charter.descend(session._scene(), session.moves)
    return seen[0]["act"].tolist()


@pytest.mark.parametrize(
    ("needed", "ballots", "bound"),
    [
        (0, ("yes", "yes", "no"), True),
        (0, ("yes", "no", "no"), False),
        (3, ("yes", "yes", "no"), False),
        (3, ("yes", "yes", "yes"), True),
        (1, ("no", "no", "yes"), True),
    ],
)
def test_enough_votes_bind_everybody(needed, ballots, bound):
    assert played(needed, ballots) == ([0, 0, 0] if bound else [1, 1, 1])


def test_the_ballot_is_public_at_play():
    session = Session(THREE, [Vote("C")])
    for seat, ballot in enumerate(("yes", "no", "no")):
        session.submit(seat, {"vote": ballot})
    assert session.look(2).sees["vote"] == ("yes", "no", "no")


def test_a_motion_may_ask_different_things_of_different_seats():
    session = Session(THREE, [Vote(("C", "D", "C"))])
    for seat in range(3):
        session.submit(seat, {"vote": "yes"})
    for seat in range(3):
        session.submit(seat, {"act": "D"})
    assert session.charter.descend(session._scene(), session.moves)[0]["act"].tolist() == [0, 1, 0]
    with pytest.raises(InputError, match="The motion"):
        Session(THREE, [Vote(("C", "D"))])


def test_fewer_votes_than_none_are_refused():
    with pytest.raises(InputError, match="needed"):
        Vote(needed=-3)


def test_more_votes_than_seats_are_refused_where_the_game_is_known():
    game = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], moves=[("C", "D")] * 2)
    with pytest.raises(InputError, match="2 seats"):
        game.under(Vote("C", needed=3))
