"""Reputation: norms judge, standings are public."""

import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.reputation import Reputation

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


@pytest.mark.parametrize(
    ("norm", "rounds", "standing"),
    [
        ("GBBG", [("D", "C")], [False, True]),
        ("GBBG", [("D", "C"), ("C", "D")], [True, True]),
        ("GBBG", [("D", "C"), ("C", "C")], [True, False]),
        ("GGBG", [("D", "C"), ("C", "C")], [True, True]),
        ("BBBB", [("C", "C")], [False, False]),
        ("GBBGGBBG", [("D", "C"), ("C", "C")], [True, False]),
        ("BBBGGBBG", [("D", "D")], [False, False]),
        ("BBBGGBBG", [("D", "D"), ("D", "C")], [False, False]),
        ("GBBGBBBG", [("D", "D"), ("D", "C")], [True, False]),
    ],
)
def test_the_norm_judges(norm, rounds, standing):
    session = Session(PD, [Reputation(norm)], rounds=len(rounds) + 1)
    for acts in rounds:
        for seat, act in enumerate(acts):
            session.submit(seat, {"act": act})
    assert session.look(0).sees["standing"] == standing


@pytest.mark.parametrize("norm", ["", "GB", "GBBX", "GBBGG", "GBBGGBBX", "G" * 16])
def test_a_norm_has_four_or_eight_letters(norm):
    with pytest.raises(InputError, match="four letters"):
        PD.repeated(0.9).under(Reputation(norm))
