"""NewName: what a name has to cost before a record deters, and what is forgotten with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Now
from ostrom.core.society import Session
from ostrom.institutions import Delayed, Fines, Gossip, GraduatedSanctions, Ostracism, Reputation, RevenueSharing
from ostrom.institutions.new_name import NewName
from ostrom.testing.check_institution import check_institution

PRISONERS = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
DISCOUNT = st.floats(0.1, 0.95)


def alone(gain):
    return NormalForm([[0.0], [gain]], moves=("C", "D"))


def honest(look):
    """Keep the name and the rule."""
    return {part: open_[0] for part, open_ in look.choices.items()}


@pytest.mark.parametrize(
    "rule",
    [
        NewName(GraduatedSanctions(fines=(0.5, 2.0)), 1.0, 0.5, 2),
        NewName(Reputation(), 0.3),
        NewName(Ostracism("D"), 0.3, 0.1, 1),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    assert (rule.memory, rule.scope, rule.budget) == ("finite", rule.rule.scope, "surplus")
    carriers = check_institution(rule, PRISONERS).carriers
    assert "states" in carriers["repeated"]
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(st.floats(0.1, 3), st.floats(0, 1), st.floats(0, 4), DISCOUNT)
@settings(deadline=None, max_examples=30)
def test_a_warning_that_can_be_left_behind(gain, first, price, discount):
    """The second fine deters; a violator who pays the first and a new name each time gains g - f - c a round."""
    first = min(first, gain)
    rule = NewName(GraduatedSanctions("D", fines=(first, gain + 1.0)), price)
    found = alone(gain).repeated(discount).under(rule).gains(honest)
    wanted = (1 - discount) * (gain - first) + discount * max(0.0, gain - first - price)
    assert found[0, 0] == pytest.approx(wanted, abs=1e-8)


@pytest.mark.parametrize(("forgotten", "discount"), [(1, 0.9), (2, 0.9), (4, 0.8), (4, 0.5)])
def test_a_name_may_cost_as_much_as_waiting_does(forgotten, discount):
    """Where records fade after T rounds a new name is worth G (1 - δ^T) / (1 - δ^(T + 1)), and no more."""
    gain, first = 2.0, 0.5
    rule = GraduatedSanctions("D", fines=(first, 9.0), forgotten=forgotten)
    game, worth = alone(gain).repeated(discount), gain - first
    patience = game.under(rule).gains(honest)[0, 0]
    price = worth * (1 - discount**forgotten) / (1 - discount ** (forgotten + 1))
    assert game.under(NewName(rule, price)).gains(honest)[0, 0] == pytest.approx(patience)
    assert game.under(NewName(rule, price - 0.1)).gains(honest)[0, 0] > patience + 1e-3


@pytest.mark.parametrize("price", [0.4, 9.0])
def test_ostracism_deters_no_more_than_a_new_name_costs(price):
    """A violator loses δ min(c, ℓ (1 - δ^T) / (1 - δ)): ℓ is what exclusion costs in a round."""
    discount, rounds, lost = 0.6, 2, 1.0
    exile = lost * (1 - discount**rounds) / (1 - discount)
    least = discount * min(price, exile)

    def strategy(look):
        options = {part: open_[0] for part, open_ in look.choices.items()}
        if "x" in look.choices.get("ostracize", ()) and look.sees["act"][0] == "D":
            options["ostracize"] = "x"
        return options

    for gain, deterred in ((least - 1e-6, True), (least + 0.05, False)):
        payoffs = np.zeros((3, 1, 1, 3))
        payoffs[:, 0, 0, 0] = lost, lost + gain, 0.0
        game = NormalForm(payoffs, players=("x", "y", "z"), moves=(("C", "D", "out"), ("watch",), ("watch",)))
        rule = NewName(Ostracism("out", rounds=rounds), price)
        found = game.repeated(discount).under(rule).gains(strategy)[0, 0]
        assert bool(found <= 1e-9) is deterred


@given(st.floats(0.1, 3), st.floats(0, 2), st.floats(0, 2), st.integers(1, 2), DISCOUNT)
@settings(deadline=None, max_examples=15)
def test_dues_make_names_dear_and_all_pay_them_once(gain, price, dues, probation, discount):
    """Honest seats pay the dues of one name; who changes it all the time, g - c - d a round, however long they last."""
    rule = NewName(GraduatedSanctions("D", fines=(0.0, gain + 1.0)), price, dues, probation)
    game = alone(gain).repeated(discount).under(rule)
    assert game.value(honest)[0, 0] == pytest.approx(-dues * (1 - discount**probation))
    (paid_up,) = [s for s, plays in enumerate(game.states) if _record(plays) == (0, 1)]
    assert game.gains(honest)[paid_up, 0] == pytest.approx(max(0.0, gain - price - dues), abs=1e-8)


def _record(plays):
    """Rounds of probation left, and strikes, of a single seat."""
    record = plays.records[0]
    return int(record["new"][0]), int(record["rule strikes"][0])


def test_only_entries_of_that_seat_are_forgotten():
    rule = NewName(Gossip(good="C"))
    ground = rule.menu(Ground(("x", "y", "z"), play=((Part("act", ("C", "D")),),)))
    record = dict(rule.found(ground)) | {"rule opinion": np.zeros((3, 3), bool)}
    names = np.array([0, 1, 0])
    kept = rule.seen(Now(ground, record, {"name": names, "act": np.zeros(3, int)})).record["opinion"]
    assert kept.tolist() == [[False, True, False]] * 3  # what y thinks of others it still thinks
    many = rule.seen(Now(ground, record, {"name": np.stack([names, 0 * names])})).record["opinion"]
    assert many[0].tolist() == kept.tolist()
    assert not many[1].any()


def played(rule, *rounds):
    session = Session(NormalForm(np.zeros((2, 2, 2)), players=("x", "y"), moves=("C", "D")), [rule], rounds=9)
    for names, acts in rounds:
        for seat in range(2):
            session.submit(seat, {"name": {"k": "keep", "n": "new"}[names[seat]]})
        for seat in range(2):
            session.submit(seat, {"act": acts[seat]})
    return session


def test_a_few_rounds():
    rule = NewName(GraduatedSanctions("D", fines=(1.0, 4.0)), 0.5)
    session = played(rule, ("kk", "DD"), ("nk", "DD"))
    assert session.totals.tolist() == [-1 - 0.5 - 1, -1 - 4]
    assert session.look(0).sees["strikes"] == [1, 2]
    session = played(
        NewName(GraduatedSanctions("D", fines=(1.0, 4.0)), 0.0, 0.25, 2), ("kk", "CC"), ("kn", "CC"), ("kk", "CC")
    )
    assert session.totals.tolist() == [-0.5, -0.75]
    assert session.look(0).sees["new"] == [0, 0]


def test_what_a_name_costs_is_no_income_of_the_round():
    """All that is earned is shared a round later: 5 and 0 from play, not what is left after a new name."""
    session = Session(PRISONERS, [NewName(Delayed(RevenueSharing(1.0)), 1.0)], rounds=2)
    for acts, names in (("DC", ("new", "keep")), ("CC", ("keep", "keep"))):
        for seat in range(2):
            session.submit(seat, {"name": names[seat]})
        for seat in range(2):
            session.submit(seat, {"act": acts[seat]})
    assert np.allclose(session.totals, [5 - 1 + 3 - 2.5, 0 + 3 + 2.5])


def test_who_is_absent_keeps_its_name():
    rule = NewName(GraduatedSanctions("D", fines=(1.0, 4.0)), 0.5, 0.25, 2)
    ground = rule.menu(Ground(("x", "y", "z"), play=((Part("act", ("C", "D")),),)))
    record = {"new": np.array([1, 0, 1], np.int32), "rule strikes": np.array([1, 1, 1], np.int32)}
    moves = {"name": np.array([1, 1, 0]), "act": np.zeros(3, int)}
    now = Now(ground, record, moves, present=np.array([False, True, True]))
    assert rule.settle(now, np.zeros(3)).tolist() == [0, -0.75, -0.25]
    kept = rule.remember(now, np.zeros(3))
    assert (kept["new"].tolist(), kept["rule strikes"].tolist()) == ([1, 1, 0], [1, 0, 1])


def test_what_cannot_be():
    with pytest.raises(InputError, match="keeps nothing"):
        PRISONERS.repeated(0.9).under(NewName(Fines((("*", "D", 1.0),))))
    with pytest.raises(InputError, match="of its own"):
        PRISONERS.repeated(0.9).under(NewName(NewName(Reputation())))
    with pytest.raises(InputError, match="cannot be paid"):
        NewName(Reputation(), np.inf)


def test_on_the_command_line():
    assert build("institutions", NewName.example) == NewName(GraduatedSanctions(fines=(0.5, 2.0)), 1.0)
