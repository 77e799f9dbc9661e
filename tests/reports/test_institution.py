"""A rule as a picture: everything that it adds to a round is in it, and nothing that it does not."""

from xml.etree import ElementTree

import numpy as np
import pytest

from ostrom.core.errors import UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.games import Cournot, PrisonersDilemma
from ostrom.institutions import (
    Ban,
    CheapTalk,
    Contract,
    Enforced,
    Fines,
    GraduatedSanctions,
    IntervalLimit,
    Mediator,
    PeerPunishment,
    Prosocial,
    Tax,
)
from ostrom.reports._anatomy import anatomy
from ostrom.reports.institution import institution

PD = PrisonersDilemma()


def words(rule, game=PD):
    """The texts of a picture, in order, and those that are struck through."""
    root = ElementTree.fromstring(institution(rule, game))
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    return [one.text for one in texts], [one.text for one in texts if one.get("text-decoration")]


def test_a_ban_strikes_a_move_through():
    told, closed = words(Ban((("*", "D"),)))
    assert closed == ["D"]
    assert "payments" not in told


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        (Contract("C", 2.5), ["once, at the start", "play", "payments"]),
        (CheapTalk(("left", "right")), ["before play", "play"]),
        (PeerPunishment(), ["play", "after play", "payments"]),
        (Mediator(), ["play", "carried out"]),
        (Prosocial(0.5), ["play", "what is wanted"]),
    ],
    ids=lambda one: str(one)[:20],
)
def test_stages_come_in_the_order_of_time(rule, order):
    told, _ = words(rule)
    assert [word for word in told if word in set(order)] == order


def test_payments_are_those_of_the_table():
    told, _ = words(Tax("D", 2.0))
    assert [" ".join(line.split()) for line in told[-4:]] == [
        "C, C: 0, 0",
        "C, D: 0, -2",
        "D, C: -2, 0",
        "D, D: -2, -2",
    ]


def test_dice_what_is_told_and_what_is_remembered():
    told, _ = words(GraduatedSanctions("D", fines=(1.0, 2.0), forgotten=2))
    assert "told: strikes" in told
    assert "remembered: strikes, clean" in told
    told, _ = words(Enforced(Fines((("*", "D", 5.0),), shared=False), 0.4))
    assert "drawn by dice: inspection ×2" in told


def test_of_many_labels_some_are_shown_and_how_many_more():
    told, closed = words(IntervalLimit(((27.0, 54.0),)), Cournot())
    assert set(closed) & {"36", "45", "54"}
    assert "… 6 more" in told


def test_what_is_open_only_after_something_is_not_called_closed():
    seen = anatomy(Contract("C", 2.5), PD)
    assert not any(closed for stage in seen.stages for choice in stage for _, closed in choice.labels)


def test_hostile_names_stay_text():
    game = NormalForm(np.zeros((2, 2, 2)), players=("<b>", "x&y"), moves=(("</svg>", "\u202eD"), ("C", "D" * 400)))
    text = institution(Tax("D" * 400, 1.0), game)
    assert ElementTree.fromstring(text) is not None
    assert "<b>" not in text
    assert "\u202e" not in text
    assert len(text) < 6000


def test_a_rule_that_does_not_fit_is_refused():
    with pytest.raises(UnknownName):
        institution(Tax("carbon", 1.0), PD)


def test_the_same_bytes():
    assert institution(Tax("D", 2.0), PD) == institution(Tax("D", 2.0), PD)
