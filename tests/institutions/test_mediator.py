"""Mediator: acts for all, or for those who delegated."""

import numpy as np
import pytest

from ostrom.core.errors import UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.mediator import Mediator

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


def test_the_published_value():
    """Monderer and Tennenholtz (2009): "C if both delegate, else D" makes (3, 3) an equilibrium of the dilemma."""
    game = PD.under(Mediator("C", "D"))
    both = game.profile(("delegate", "delegate"))
    assert game.payoffs[both].tolist() == [3, 3]
    assert game.regret(game.pure(both)) == 0


@pytest.mark.parametrize(
    ("one", "other", "paid"), [("delegate", "C", [5, 0]), ("delegate", "D", [1, 1]), ("C", "delegate", [0, 5])]
)
def test_who_delegates_alone_is_played_for_alone(one, other, paid):
    session = Session(PD, [Mediator("C", "D")])
    session.submit(0, {"act": one})
    session.submit(1, {"act": other})
    assert session.totals.tolist() == paid


def test_who_is_absent_does_not_stop_it():
    session = Session(PD, [Mediator("D", "C")], rounds=2)
    session.leave(1)
    session.lapse()
    session.submit(0, {"act": "delegate"})
    assert np.isclose(session.totals[0], 3 + 5)


def test_labels_it_does_not_have():
    with pytest.raises(UnknownName):
        PD.under(Mediator("C", "E"))
