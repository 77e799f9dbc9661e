"""Self-reporting: who pays what, how often who is condemned, and from which odds on the truth pays."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.institutions.self_reporting import SelfReporting
from ostrom.testing.check_institution import check_institution

CATCH = Fact("harvest", "tonnes", lambda profiles: np.where(np.asarray(profiles) == 0, 2.0, 0.0), "self")
FISHED = NormalForm(np.zeros((1, 1, 2)), players=("ann", "bob"), moves=("fish",), facts=[CATCH])
CHOICE = NormalForm(np.zeros((2, 2, 2)), players=("ann", "bob"), moves=("fish", "rest"), facts=[CATCH])
LEVELS = (0.0, 1.0, 2.0, 3.0)


def tells(report):
    return lambda look: {"report": report} if "report" in look.choices else {"act": "fish"}


@pytest.mark.parametrize(
    ("rule", "budget"),
    [
        (SelfReporting("harvest", (0.0, 3.0), odds=0.4, false_alarm=0.1, missed=0.2), "surplus"),
        (SelfReporting("D", (0.0, 1.0), shared=True, false_alarm=0.25), "balanced"),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, budget):
    assert rule.budget == budget
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


CHANCES = st.floats(0, 1)


@given(st.floats(0, 3), CHANCES, st.floats(0, 12), CHANCES, CHANCES)
@settings(deadline=None, max_examples=40)
@example(1.0, 0.4, 5.0, 0.0, 0.0)
@example(1.0, 0.5, 5.0, 0.1, 0.1)
def test_truth_pays_from_beckers_odds_on(rate, odds, fine, alarm, missed):
    """Leaving out all 2 tonnes gains 2 · rate and costs what more likely condemnation costs; so does leaving out 1."""
    game = FISHED.under(SelfReporting("harvest", LEVELS, rate, odds, fine, alarm, missed))
    gained = 2 * rate - odds * ((1 - missed) * fine - alarm * fine)
    assert np.allclose(game.value(tells("2")), -(2 * rate + odds * alarm * fine))
    assert np.allclose(game.value(tells("1")), -(rate + odds * (1 - missed) * fine))
    assert np.allclose(game.gains(tells("2")), max(0.0, gained))


@pytest.mark.parametrize(("error", "least"), [(0.0, 0.4), (0.1, 0.5)])
def test_the_inspection_of_the_worked_example(error, least):
    """A gain of 2 and a fine of 5: p = 2/5, and with one error in ten of either kind 2/(5 · 0.8)."""
    for odds, holds in ((least - 0.01, False), (least, True)):
        game = FISHED.under(SelfReporting("harvest", (0.0, 2.0), 1.0, odds, 5.0, error, error))
        assert bool(game.gains(tells("2")).max() <= 1e-9) is holds


def test_subgame_perfect_reports_are_true_or_nothing():
    for odds, reports in ((0.3, {"0"}), (0.5, {"2"})):
        found = FISHED.under(SelfReporting("harvest", LEVELS, 1.0, odds, 5.0)).subgame_perfect()
        assert {label for o in found.points for _, label in o.path[1]} == reports


@given(st.integers(0, 3), st.integers(0, 3), st.sampled_from("fr"), st.integers(0, 3))
@settings(deadline=None, max_examples=40)
def test_with_certain_inspection_payments_are_those_counted_by_hand(first, second, act, seed):
    rule = SelfReporting("harvest", LEVELS, 1.5, 1.0, 5.0)
    session = Session(CHOICE, [rule], seed=seed)
    acts = ("fish", "rest" if act == "r" else "fish")
    for seat in range(2):
        session.submit(seat, {"act": acts[seat]})
    for seat, report in enumerate((first, second)):
        session.submit(seat, {"report": str(report)})
    amounts = [2 if act == "fish" else 0 for act in acts]
    wanted = [-1.5 * r - 5 * (r < a) for r, a in zip((first, second), amounts, strict=True)]
    assert session.totals.tolist() == wanted


def test_shared_payments_come_back_to_all():
    session = Session(CHOICE, [SelfReporting("harvest", LEVELS, 1.0, 1.0, 5.0, shared=True)])
    session.submit(0, {"act": "fish"})
    session.submit(1, {"act": "rest"})
    session.submit(0, {"report": "1"})
    session.submit(1, {"report": "0"})
    assert session.totals.tolist() == [-3, 3]


def test_condemnations_are_as_frequent_as_said():
    """Over 600 rounds, a liar and an honest one: p (1 - missed) and p · false alarm, within four standard errors."""
    rule = SelfReporting("harvest", LEVELS, 0.0, 0.6, 1.0, 0.3, 0.2)
    session = Session(CHOICE, [rule], rounds=600, seed=3, observations=False)
    for _ in range(600):
        for seat in range(2):
            session.submit(seat, {"act": "fish"})
        session.submit(0, {"report": "0"})
        session.submit(1, {"report": "2"})
    for share, chance in zip(-session.totals / 600, (0.48, 0.18), strict=True):
        assert share == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / 600))


def test_more_than_can_be_reported_is_reported_as_the_most():
    game = FISHED.under(SelfReporting("harvest", (0.0, 1.0), 1.0, 1.0, 5.0))
    assert game.value(tells("1")).tolist() == [-1, -1]


def test_nobody_knows_of_an_inspection_before():
    session = Session(CHOICE, [SelfReporting("harvest", LEVELS)], seed=1)
    for seat in range(2):
        session.submit(seat, {"act": "fish"})
    assert set(session.look(0).sees) == {"act"}


def test_who_is_absent_reports_nothing():
    session = Session(CHOICE, [SelfReporting("harvest", LEVELS, odds=1.0)], rounds=2)
    session.leave(1)
    while session.time == 0:
        session.lapse()
    before = session.totals.copy()
    session.submit(0, {"act": "fish"})
    assert session.waiting == (0,)
    session.submit(0, {"report": "3"})
    assert (session.totals - before).tolist() == [-3, 0]


def test_in_a_lake_catches_are_reported():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    bare, key = Lake(players=2), np.zeros(2, np.uint32)
    world = bare.under(SelfReporting("harvest", LEVELS, 0.5, 1.0, 4.0))
    state, step, paid = world.reset(key), jax.jit(world.step), []
    moves = {"act": np.array([1, 1], np.int32), "report": np.array([3, 1], np.int32)}
    for _ in range(2):
        state, payoffs = step(key, state, moves)
        paid.append(np.array(payoffs))
    _, unpaid = bare.step(key, bare.reset(key), moves)
    assert np.array(bare.facts(bare.reset(key), moves, state.base)["harvest"]).min() > 3
    assert np.allclose(np.array(unpaid) - paid[1], [1.5, 0.5 + 4.0], atol=1e-5)
    assert paid[0].tolist() == [0, 0]


@pytest.mark.parametrize("levels", [(), (1.0,), (1.0, 1.0), (2.0, 1.0), (-1.0, 1.0)])
def test_reports_that_cannot_be(levels):
    with pytest.raises(InputError, match="two or more amounts"):
        SelfReporting("harvest", levels)


def test_on_the_command_line():
    text = "self_reporting:on=harvest,levels=(0,1,2,3),odds=0.6,fine=5"
    assert build("institutions", text) == SelfReporting("harvest", LEVELS, odds=0.6, fine=5.0)
