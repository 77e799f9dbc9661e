"""Contract: in force only when all sign; breakers pay the others."""

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.contract import Contract

THREE = NormalForm(np.zeros((2, 2, 2, 3)), moves=("C", "D"))
PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


@pytest.mark.parametrize(
    ("signed", "acts", "paid"),
    [
        ("yyy", "CCD", [1.5, 1.5, -3.0]),
        ("yyn", "CCD", [0, 0, 0]),
        ("yyy", "DDD", [0, 0, 0]),
        ("yyy", "CDD", [3, -1.5, -1.5]),
    ],
)
def test_who_pays_whom(signed, acts, paid):
    session = Session(THREE, [Contract("C", damages=3.0)])
    for seat, letter in enumerate(signed):
        session.submit(seat, {"sign": "yes" if letter == "y" else "no"})
    for seat, act in enumerate(acts):
        session.submit(seat, {"act": act})
    assert session.totals.tolist() == paid


def test_two_of_the_same_contract_keep_their_own_signatures():
    game = PD.under(Contract("C", 3.0), Contract("C", 3.0))
    names = list(game.charter.ground.parts)
    assert names == ["sign2", "sign", "act"]


@pytest.mark.parametrize("each_round", [False, True])
def test_signed_once_or_every_round(each_round):
    session = Session(PD, [Contract("C", each_round=each_round)], rounds=3)
    while not session.over:
        session.lapse()
    assert sum(event.channel == "sign" for event in session.log) == (6 if each_round else 2)
