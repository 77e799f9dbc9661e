"""Revelation: a mechanism's table at work, lotteries with the odds they have, and the audit's gains on a game."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import DirectMechanism, TypeSpace
from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.revelation import Revelation
from ostrom.testing.check_institution import check_institution

SALE = {"kept": ("stay", "keep"), "sold": ("come", "sell")}


def trade(buyer, seller):
    """Buyer and seller of one thing; worth to each where it is sold, nothing where not both act."""
    table = np.zeros((2, 2, 2))
    table[1, 1] = buyer, seller
    return NormalForm(table, players=("buyer", "seller"), moves=(("stay", "come"), ("keep", "sell")))


def reports(label):
    return lambda look: {"report": label} if "report" in look.choices else {"act": look.choices["act"][0]}


def space(prior=None):
    return TypeSpace(
        [[[0, 1], [0, 3]], [[0, -2], [0, 0]]],
        prior,
        outcomes=("kept", "sold"),
        types=(("low", "high"), ("dear", "cheap")),
    )


def test_it_keeps_what_it_declares_on_every_carrier():
    plans = tuple(((0.25, ("C", "D", "")), (0.75, ("D", "", "C"))) if k % 2 else ("C", "C", "D") for k in range(8))
    for pays, budget in (((), "balanced"), (((1.0, -1.0, 0.5),) * 8, "surplus"), (((-1.0, 0.0, 0.0),) * 8, "deficit")):
        rule = Revelation(("no", "yes"), plans, pays)
        assert rule.budget == budget
        report = check_institution(rule)
        assert "Staged" in report.carriers["table"]
        assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999))
def test_what_is_done_and_paid_is_the_mechanisms(seed):
    """On the game of any true types every pair of reports pays what the mechanism says, lots on average."""
    rng, types = np.random.default_rng(seed), space()
    mechanism = DirectMechanism(types, rng.dirichlet(np.ones(2), types.sizes), rng.integers(-3, 4, (2, 2, 2)))
    rule = Revelation.of(mechanism, SALE)
    true = tuple(rng.integers(0, 2, 2).tolist())
    game = trade(types.values[0][true[0], 1], types.values[1][true[1], 1]).under(rule)
    for told in itertools.product(range(2), repeat=2):
        value = game.value([reports(types.types[i][told[i]]) for i in range(2)])
        expected = [mechanism.worth(0)[true[0], told[0], told[1]], mechanism.worth(1)[true[1], told[1], told[0]]]
        assert value == pytest.approx(expected)


def test_a_mechanism_in_which_the_truth_is_best_is_one_on_a_game_and_a_planted_lie_pays():
    types = space()
    sold = np.array([[0, 1], [1, 1]])  # unless the buyer is low and the seller dear
    price = np.zeros((2, 2, 2))
    price[..., 0], price[..., 1] = 2 * sold, -2 * sold  # a low buyer would rather not buy at 2
    rule = Revelation.of(DirectMechanism(types, sold, price), SALE)
    honest = trade(1.0, 0.0).under(rule)
    assert honest.gains([reports("low"), reports("dear")]).tolist() == [0, 2]
    assert trade(3.0, 0.0).under(rule).gains([reports("high"), reports("cheap")]).max() == 0


def test_nothing_is_bound_while_somebody_is_absent():
    rule = Revelation(("no", "yes"), (("stay", "keep"),) * 3 + (("come", "sell"),), ((0.0, 0.0),) * 3 + ((1.0, -1.0),))
    session = Session(trade(3.0, 0.0), [rule], rounds=2)
    session.leave(1)
    session.lapse()
    session.lapse()
    before = session.totals
    session.submit(0, {"report": "yes"})
    assert session.look(0).choices["act"] == ("stay", "come")
    session.submit(0, {"act": "come"})
    assert session.totals[0] == before[0]


def test_on_the_command_line_and_refused():
    rule = build("institutions", Revelation.example)
    assert rule == Revelation(("no", "yes"), (("D", "D"),) * 3 + (("C", "C"),))
    with pytest.raises(InputError, match="odds sum to 1"):
        Revelation(plans=(((0.5, ("C", "D")),),))
    with pytest.raises(InputError, match="rows of payments"):
        Revelation(plans=(("C", "C"),) * 4, pays=((1.0, 1.0),))
    with pytest.raises(InputError, match="plans"):
        trade(1, 0).under(Revelation(plans=(("stay", "keep"),)))
    with pytest.raises(InputError, match="for 2"):
        trade(1, 0).under(Revelation((("no",),), (("stay", "keep"),)))
    with pytest.raises(UnknownName):
        trade(1, 0).under(Revelation(("no",), (("stay", "run"),)))
    with pytest.raises(TooLarge):
        trade(1, 0).under(Revelation(tuple(map(str, range(200)))))
    with pytest.raises(InputError, match="No joint move"):
        Revelation.of(DirectMechanism(space(), np.zeros((2, 2))), {"kept": ("stay", "keep")})


@pytest.mark.parametrize(
    "given",
    [
        {"plans": (((float("nan"), ("C", "C")),),) * 4},
        {"plans": (("C", "C"),) * 4, "pays": ((float("nan"), 0.0),) * 4},
        {"reports": ((), ("a",))},
    ],
)
def test_numbers_that_are_none_and_seats_without_reports_are_refused(given):
    with pytest.raises(InputError):
        Revelation(**given)
