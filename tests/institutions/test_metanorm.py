"""Metanorm: when it holds on the path of play and off it, and that a norm without it does not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Now
from ostrom.core.society import Session
from ostrom.institutions.metanorm import Metanorm
from ostrom.testing.check_institution import check_institution


def tempting(players, gain):
    """Each gains by D, whatever the others do."""
    own = [np.array([0.0, gain]).reshape([-1 if i == j else 1 for j in range(players)]) for i in range(players)]
    return NormalForm(np.stack(np.broadcast_arrays(*own), -1), moves=("C", "D"))


def norm(look):
    """Never violate, always punish."""
    return {part: "C" if part == "act" else open_[-1] for part, open_ in look.choices.items()}


@pytest.mark.parametrize("meta", [True, False])
def test_it_keeps_what_it_declares_on_every_carrier(meta):
    carriers = check_institution(Metanorm(meta=meta)).carriers
    assert carriers["repeated"] == "8 states"
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(st.sampled_from([2, 3]), st.floats(0, 4), st.floats(0, 3), st.floats(0, 4), st.floats(0.1, 0.95), st.booleans())
@settings(deadline=None, max_examples=25)
def test_what_deviating_gains_at_every_state(players, gain, cost, harm, discount, meta):
    """Worked out by hand: a violation gains g, sparing k others k c; being guilty costs δ (n - 1) h, once a round."""
    game = tempting(players, gain).repeated(discount).under(Metanorm("D", cost, harm, meta))
    found, price = game.gains(norm), discount * (players - 1) * harm
    later = max(0.0, gain - price)
    for state, plays in enumerate(game.states):
        guilty = plays.records[0]["guilty"]
        for seat in range(players):
            spared = cost * (guilty.sum() - guilty[seat])
            first = max(0.0, gain + spared - price) if meta else spared + later
            assert found[state, seat] == pytest.approx((1 - discount) * first + discount * later, abs=1e-8)


@pytest.mark.parametrize(("players", "gain", "cost"), [(2, 1.0, 0.5), (3, 2.0, 1.0)])
def test_the_harm_that_holds_it_up(players, gain, cost):
    """δ (n - 1) h ≥ g + (n - 1) c at every state; without the metanorm no harm is enough."""
    least = (gain + (players - 1) * cost) / (0.9 * (players - 1))
    game = tempting(players, gain).repeated(0.9)
    for harm, holds in ((least + 1e-6, True), (least - 0.01, False)):
        assert bool((game.under(Metanorm("D", cost, harm)).gains(norm) <= 1e-9).all()) is holds
    assert (game.under(Metanorm("D", cost, least - 0.01)).gains(norm)[0] <= 1e-9).all()  # on the path it still holds
    alone = game.under(Metanorm("D", cost, 100.0, meta=False)).gains(norm)
    assert alone.max() >= (1 - 0.9) * cost - 1e-9


def test_to_violate_and_look_away_is_an_equilibrium_too():
    game = tempting(3, 2.0).repeated(0.9).under(Metanorm())
    careless = lambda look: {part: "D" if part == "act" else "look away" for part in look.choices}  # noqa: E731
    assert (game.gains(careless) <= 1e-9).all()


def played(rule, *rounds):
    session = Session(NormalForm(np.zeros((2, 2, 2, 3)), players=("x", "y", "z"), moves=("C", "D")), [rule], rounds=9)
    for acts, answers in rounds:
        for seat in range(3):
            session.submit(seat, {"act": acts[seat]})
        for seat in session.waiting if "answer" in session.look(session.waiting[0]).choices else ():
            session.submit(seat, {"answer": {"p": "punish", "l": "look away"}[answers[seat]]})
    return session


def test_who_spares_the_guilty_is_guilty_next():
    start = ("DCC", "lll"), ("CCC", "lpl")
    session = played(Metanorm(), *start)
    assert session.totals.tolist() == [-3, -1, 0]  # only y punishes x
    assert session.look(0).sees["guilty"] == [False, False, True]
    session = played(Metanorm(), *start, ("CCC", "pll"))
    assert session.totals.tolist() == [-4, -1, -3]
    assert session.look(0).sees["guilty"] == [False, True, False]  # z itself had nobody to punish
    assert played(Metanorm(meta=False), *start).look(0).sees["guilty"] == [False] * 3


def test_nobody_is_punished_for_nothing():
    session = played(Metanorm(), ("DDC", "---"))  # the round is over: nobody was guilty before it
    assert session.time == 1
    assert session.totals.tolist() == [0, 0, 0]
    for seat in range(3):
        session.submit(seat, {"act": "C"})
    assert session.waiting == (0, 1, 2)


def test_guilt_waits_for_who_is_absent():
    rule, ground = Metanorm(), Metanorm().menu(Ground(("x", "y", "z"), play=((Part("act", ("C", "D")),),)))
    moves = {"act": np.array([1, 0, 0]), "answer": np.array([1, 1, 0])}
    gone = Now(ground, {"guilty": np.array([True, False, False])}, moves, present=np.array([False, True, True]))
    assert rule.settle(gone, np.zeros(3)).tolist() == [0, 0, 0]
    assert rule.remember(gone, np.zeros(3))["guilty"].tolist() == [True, False, False]
    back = replace(gone, present=np.array([True, True, True]))
    assert rule.settle(back, np.zeros(3)).tolist() == [-3, -1, 0]
    assert rule.remember(back, np.zeros(3))["guilty"].tolist() == [True, False, True]


def test_labels_that_are_not_there():
    with pytest.raises(UnknownName, match="steal"):
        tempting(2, 1.0).repeated(0.9).under(Metanorm("steal"))


def test_on_the_command_line():
    assert build("institutions", "metanorm:violation=D,cost=1,harm=3") == Metanorm()
