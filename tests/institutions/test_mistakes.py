"""Mistakes: entries about seats come out as their opposite, with the odds that are given."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.mistakes import Mistakes
from ostrom.institutions.reputation import Reputation
from ostrom.institutions.tax import Tax
from ostrom.testing import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


def standings(rule, rounds, seed=0):
    """`bool[rounds, 2]`: the standings after each round in which both cooperate."""
    session, seen = Session(PD, [rule], rounds=rounds + 1, seed=seed), []
    for _ in range(rounds):
        for seat in range(2):
            session.submit(seat, {"act": "C"})
        seen.append(session.look(0).sees["standing"])
    return np.array(seen)


def test_it_keeps_what_it_declares_on_every_carrier():
    carriers = check_institution(Mistakes(Reputation(), 0.1)).carriers
    assert "compiled steps pay as live" in carriers["world"]


@pytest.mark.parametrize(("norm", "good"), [("GGGG", True), ("BBBB", False)])
def test_without_error_nothing_and_with_certainty_everything_is_wrong(norm, good):
    assert (standings(Mistakes(Reputation(norm), 0.0), 5) == good).all()
    assert (standings(Mistakes(Reputation(norm), 1.0), 5) != good).all()


def test_mistakes_are_as_frequent_as_said():
    wrong = 1 - standings(Mistakes(Reputation("GGGG"), 0.2), 1000).mean()
    assert wrong == pytest.approx(0.2, abs=4 * np.sqrt(0.2 * 0.8 / 2000))


def test_a_rule_that_keeps_nothing_of_seats_is_refused():
    with pytest.raises(InputError, match="keeps nothing"):
        Session(PD, [Mistakes(Tax("D", 1.0))])
