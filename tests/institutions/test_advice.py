"""Advice: the device has to fit, and its die is in the log."""

import pytest

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.advice import Advice

CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], moves=("C", "D"))


@pytest.mark.parametrize(
    "device", [(), ((("C", "D"), 0.5),), ((("C", "D"), 1.5), (("D", "C"), -0.5)), ((("C",), 1.0),)]
)
def test_a_device_that_is_none_is_refused(device):
    with pytest.raises(InputError):
        CHICKEN.under(Advice(device))


def test_a_device_for_other_moves_is_refused():
    with pytest.raises(UnknownName):
        CHICKEN.under(Advice(((("C", "E"), 1.0),)))


def test_what_was_whispered_is_in_the_log_and_only_there():
    device = Advice(((("C", "D"), 0.5), (("D", "C"), 0.5)))
    heard = set()
    for seed in range(12):
        session = Session(CHICKEN, [device], seed=seed)
        row = next(event.action[0]["row"][0] for event in session.log if event.channel == "rolled")
        assert (session.look(0).sees["advice"], session.look(1).sees["advice"]) == ((0, 1) if row == 0 else (1, 0))
        heard.add(row)
    assert heard == {0, 1}
