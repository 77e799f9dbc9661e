"""Enforced: what is collected, by which odds deterrence begins, and where the money goes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Institution, Now
from ostrom.core.society import Session
from ostrom.institutions import (
    Enforced,
    Fines,
    GraduatedSanctions,
    Mistakes,
    Notice,
    Prosocial,
    Quota,
    Reputation,
    SelfReporting,
    Subsidy,
    Tax,
)
from ostrom.testing.check_institution import check_institution

GAME = NormalForm(np.random.default_rng(3).normal(size=(2, 2, 2, 3)), players=("x", "y", "z"), moves=("C", "D"))
FINE = Fines((("*", "D", 5.0),), shared=False)
GROUND = Ground(("x", "y", "z"), play=((Part("act", ("C", "D")),),))
CHANCE, MONEY = st.floats(0, 1), st.floats(0.01, 9)


def tempting(gain):
    """Two seats, each of whom gains `gain` by D whatever the other does."""
    own = np.array([0.0, gain])
    return NormalForm(np.stack(np.broadcast_arrays(own[:, None], own[None, :]), -1), moves=("C", "D"))


def left_of(gain, rule):
    """What D still gains in expectation, `float[2]`: for the first seat, against each move of the other."""
    payoffs = tempting(gain).under(rule).payoffs[..., 0]
    return payoffs[1] - payoffs[0]


def settled(rule, faces, acts=(0, 0, 0), payoffs=(0.0, 0.0, 0.0), present=(True, True, True)):
    now = Now(GROUND, rule.found(GROUND), {"act": np.array(acts)}, {"inspection": np.array(faces)})
    return rule.settle(replace(now, present=np.array(present)), np.array(payoffs))


class Pays(Institution):
    """Given payments, whatever is done; `held` says what they sum to."""

    amounts: tuple[float, ...]
    held: str = "balanced"

    @property
    def budget(self):
        return self.held

    def settle(self, now, payoffs):
        return payoffs + now.xp.asarray(self.amounts)


@pytest.mark.parametrize(
    ("rule", "scope", "budget"),
    [
        (Enforced(FINE, 0.4), "additive", "surplus"),
        (Enforced(FINE, 0.4, mistaken=0.1, wrong=5.0, cost=0.2), "profile", "surplus"),
        (Enforced(Fines((("*", "D", 2.0),)), 0.4, 0.1, 0.1, 2.0), "profile", "balanced"),
        (Enforced(Tax("harvest", 2.0, shared=True), 0.5, bribe=0.5, inspector="player 1"), "profile", "balanced"),
        (Enforced(Tax("D", 2.0, shared=True), 0.5, bribe=0.5), "profile", "surplus"),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, scope, budget):
    assert (rule.scope, rule.budget) == (scope, budget)
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]
    assert "states" in carriers["repeated"]


@given(st.sampled_from("xyz"), MONEY, MONEY, st.booleans(), st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_perfect_enforcement_is_the_bare_rule(player, fine, rate, shared, seed):
    game = NormalForm(np.random.default_rng(seed).normal(size=(2, 2, 2, 3)), players=("x", "y", "z"), moves=("C", "D"))
    for rule in (Fines((("*", "D", fine), (player, "C", rate)), shared), Tax("D", rate, shared), Subsidy("C", rate)):
        assert np.array_equal(game.under(Enforced(rule)).payoffs, game.under(rule).payoffs)
        assert np.allclose(game.under(Enforced(rule, 0.0, cost=3.0)).treasury, _outside(game, rule))


def _outside(game, rule):
    """Without inspections only money that comes from outside is paid, and none goes there."""
    return np.minimum(game.under(rule).treasury, 0.0)


@given(st.floats(0, 5), CHANCE, CHANCE, CHANCE, MONEY, MONEY, st.one_of(MONEY, st.just(np.inf)), st.floats(0, 3))
@settings(deadline=None, max_examples=40)
def test_what_is_left_of_a_gain(gain, odds, missed, mistaken, fine, wrong, bribe, cost):
    """g - p ((1 - β) min(F, b) - α min(w, b)): no more than 0 if and only if the rule deters (Becker, 1968)."""
    rule = Enforced(Fines((("*", "D", fine),), shared=False), odds, missed, mistaken, wrong, cost, bribe)
    worth = odds * ((1 - missed) * min(fine, bribe) - mistaken * min(wrong, bribe))
    assert np.allclose(left_of(gain, rule), gain - worth)


@pytest.mark.parametrize(
    ("more", "least"),
    [
        ({}, 2 / 5),
        ({"missed": 0.1, "mistaken": 0.1, "wrong": 5.0}, 2 / (5 * 0.8)),
        ({"bribe": 2.5}, 2 / 2.5),
        ({"bribe": 9.0}, 2 / 5),
        ({"cost": 1.0}, 2 / 5),
    ],
    ids=str,
)
def test_the_least_detection_that_deters(more, least):
    """The worked example: a gain of 2 and a fine of 5 need 2/5; one error in ten of either kind makes that 1/2."""
    for odds, deters in ((least - 0.01, False), (least + 1e-9, True)):
        assert bool((left_of(2.0, Enforced(FINE, odds, **more)) <= 0).all()) is deters
    assert (left_of(2.0, Enforced(FINE, 1.0, bribe=1.9)) > 0).all()  # a bribe below the gain: nothing deters


@given(st.booleans(), CHANCE, CHANCE, CHANCE, st.sampled_from(["", "y"]), MONEY)
@settings(deadline=None, max_examples=25)
def test_expected_payments_are_linear_in_detection(shared, odds, missed, mistaken, inspector, bribe):
    rule = Enforced(Fines((("*", "D", 5.0),), shared), 0.0, missed, mistaken, 3.0, 0.5, bribe, inspector)
    never, always, some = (GAME.under(replace(rule, detection=p)).payoffs for p in (0.0, 1.0, odds))
    assert np.allclose(some, (1 - odds) * never + odds * always)


@given(st.booleans(), CHANCE)
@settings(deadline=None, max_examples=15)
def test_honest_detection_scales_a_rule_on_average(shared, odds):
    rule = Fines((("*", "D", 5.0), ("x", "C", 1.0)), shared)
    paid = GAME.under(rule).payoffs - GAME.payoffs
    assert np.allclose(GAME.under(Enforced(rule, odds)).payoffs - GAME.payoffs, odds * paid)


def test_enforcement_of_enforcement_multiplies():
    fines, game = Fines((("*", "D", 5.0),)), tempting(2.0)
    twice, once = (game.under(rule).payoffs for rule in (Enforced(Enforced(fines, 0.5), 0.4), Enforced(fines, 0.2)))
    assert np.allclose(twice, once)
    nested = Enforced(Notice(Enforced(fines, 0.5, 0.1, 0.2, 1.0)), 0.4, mistaken=0.2, wrong=1.0)
    assert (nested.scope, nested.budget, nested.memory) == ("profile", "balanced", "finite")
    session = Session(game, [Notice(nested)], rounds=9)
    while session.time < 8:
        for seat in range(2):
            session.submit(seat, {"act": "DC"[seat]})
    assert session.totals.sum() == pytest.approx(16)  # D gains 2 a round, and nothing is lost


AMOUNTS = st.lists(st.sampled_from([-4.0, -1.5, 0.0, 0.5, 3.0]), min_size=3, max_size=3)
FACES = st.lists(st.integers(0, 4), min_size=3, max_size=3)


def by_hand(amounts, balanced, faces, wrong, cost, bribe, inspector):
    """The payments of one round, seat by seat."""
    paid, charged, got = [0.0] * 3, -sum(a for a in amounts if a < 0), sum(a for a in amounts if a > 0)
    collected = 0.0
    for seat, (amount, face) in enumerate(zip(amounts, faces, strict=True)):
        charge = -amount if amount < 0 else wrong
        if face not in ((2, 4) if amount < 0 else (3, 4)):
            continue
        if bribe < charge:
            paid[seat] -= bribe
            if inspector is not None:
                paid[inspector] += bribe
            continue
        paid[seat] -= charge
        if amount < 0:
            collected += charge
        for other in {0, 1, 2} - {seat} if amount >= 0 and balanced else ():
            paid[other] += charge / 2
    paid_out = got - (charged - collected) if got >= charged else got * collected / charged
    for seat, amount in enumerate(amounts):
        paid[seat] += amount / got * paid_out if amount > 0 else 0.0
        paid[seat] -= cost * sum(face > 0 for face in faces) / 3
    return paid


@given(AMOUNTS, st.booleans(), FACES, st.floats(0, 4), st.floats(0, 2), st.sampled_from([0.0, 1.0, 2.0, np.inf]))
@settings(deadline=None)
def test_payments_are_those_counted_by_hand(amounts, level, faces, wrong, cost, bribe):
    if level:
        amounts[2] = -amounts[0] - amounts[1]
    signs = {0: "balanced", -1: "surplus", 1: "deficit"}
    held = signs[int(np.sign(sum(amounts)))]
    for inspector in ("", "y"):
        rule = Enforced(Pays(tuple(amounts), held), wrong=wrong, cost=cost, bribe=bribe, inspector=inspector)
        wanted = by_hand(amounts, held == "balanced", faces, wrong, cost, bribe, 1 if inspector else None)
        paid = settled(rule, faces)
        assert np.allclose(paid, wanted)
        if cost == 0 and wrong == 0 and (inspector or np.isinf(bribe)):  # then nothing leaves on the way
            assert held != "balanced" or abs(paid.sum()) < 1e-9
            assert rule.budget == held
            assert np.sign(round(paid.sum(), 9)) in (0, np.sign(sum(amounts)))


def test_a_round_with_errors_bribes_and_costs():
    fines = Fines((("*", "D", 4.0),), shared=True)
    assert settled(Enforced(fines), (0, 2, 2), (1, 0, 0)).tolist() == [0, 0, 0]
    assert settled(Enforced(fines), (2, 0, 0), (1, 0, 0)).tolist() == [-4, 2, 2]
    assert settled(Enforced(fines, wrong=2.0), (1, 3, 0), (1, 0, 0)).tolist() == [1, -2, 1]
    assert settled(Enforced(fines, cost=0.75), (2, 1, 0), (1, 0, 0)).tolist() == [-4.5, 1.5, 1.5]
    assert settled(Enforced(fines, bribe=1.0), (2, 0, 0), (1, 0, 0)).tolist() == [-1, 0, 0]
    taker = Enforced(fines, bribe=1.0, inspector="z")
    assert settled(taker, (2, 0, 0), (1, 0, 0)).tolist() == [-1, 0, 1]
    assert settled(taker, (0, 0, 2), (0, 0, 1)).tolist() == [0, 0, 0]  # who inspects itself goes free


def test_who_is_absent_is_not_inspected_and_takes_no_bribes():
    rule = Enforced(FINE, mistaken=1.0, wrong=2.0, cost=1.5, bribe=1.0, inspector="z")
    gone = (True, True, False)
    assert settled(rule, (4, 0, 4), (1, 0, 0), present=gone).tolist() == [-5.75, -0.75, 0]
    alone = Enforced(Fines((("*", "D", 4.0),)), mistaken=1.0, wrong=2.0)
    assert settled(alone, (4, 4, 4), present=(True, False, False)).tolist() == [0, 0, 0]  # nobody could get it


def test_inspections_are_as_frequent_as_said():
    """Over 600 rounds: p (1 - β) of D pay, and p α of C, within four standard errors."""
    session = Session(tempting(0.0), [Enforced(FINE, 0.6, 0.2, 0.3, 5.0)], rounds=600, seed=4, observations=False)
    for _ in range(600):
        session.submit(0, {"act": "D"})
        session.submit(1, {"act": "C"})
    for share, chance in zip(-session.totals / 3000, (0.48, 0.18), strict=True):
        assert share == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / 600))


def test_a_rule_with_dice_of_the_same_name_keeps_its_own():
    report = SelfReporting("D", (0.0, 1.0), 0.0, odds=1.0, fine=5.0)
    for detection, fine in ((1.0, 5), (0.0, 0)):
        session = Session(tempting(0.0), [Enforced(report, detection)])
        for seat in range(2):
            session.submit(seat, {"act": "D"})
        session.submit(0, {"report": "0"})
        session.submit(1, {"report": "1"})
        assert session.totals.tolist() == [-fine, 0]


def test_a_rule_counts_also_what_was_not_found_out():
    session = Session(tempting(0.0), [Enforced(GraduatedSanctions("D"), 0.0)], rounds=2)
    for seat in range(2):
        session.submit(seat, {"act": "DC"[seat]})
    assert session.look(0).sees["strikes"] == [1, 0]
    assert session.totals.tolist() == [0, 0]


def test_a_world_pays_as_the_table(same_in_a_world):
    two = NormalForm(GAME.payoffs[0, :, :, 1:], moves=("C", "D"))
    same_in_a_world(two, Enforced(FINE, 0.4, 0.1, 0.2, 3.0, 0.5, 2.0, "player 2"))
    same_in_a_world(two, Enforced(Tax("D", 2.0, shared=True), 0.4, 0.1, 0.2, 3.0))


def test_payments_have_slopes_in_a_world():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")

    def first(rule, faces, acts):
        now = Now(GROUND, {}, {"act": jax.numpy.asarray(acts)}, {"inspection": jax.numpy.asarray(faces)}, xp=jax.numpy)
        return rule.settle(now, jax.numpy.zeros(3))[0]

    slope = jax.jit(jax.grad(first))
    tax = Tax("D", 3.0, shared=True)
    for acts, wanted in (((1, 0, 0), -2 / 3), ((0, 1, 0), 1 / 3), ((1, 1, 1), 0.0)):
        assert slope(Enforced(tax), (2, 2, 2), acts).rule.rate == pytest.approx(wanted, abs=1e-6)
    assert slope(Enforced(tax), (0, 2, 2), (1, 0, 0)).rule.rate == 0
    bribed = slope(Enforced(tax, wrong=1.0, cost=0.3, bribe=1.0), (2, 1, 0), (1, 0, 0))
    assert [float(x) for x in (bribed.rule.rate, bribed.bribe, bribed.cost)] == pytest.approx([0, -1, -2 / 3])
    wronged = slope(Enforced(tax, wrong=1.0), (3, 1, 0), (0, 0, 0))
    assert (float(wronged.wrong), float(wronged.bribe)) == (-1, 0)  # though the bribe is infinite
    odds = jax.grad(lambda p: Enforced(tax, p, 0.1, 0.2).dice(Now(GROUND, {}, {}, xp=jax.numpy))["inspection"][0, 2])
    assert float(odds(0.4)) == pytest.approx(0.9 * 0.8)


@pytest.mark.parametrize("rule", [Quota("D", 0.0), Prosocial(0.5), Notice(Quota("D", 0.0)), Mistakes(Reputation())])
def test_a_rule_that_takes_no_money_is_refused(rule):
    with pytest.raises(InputError, match="takes no money"):
        GAME.repeated(0.9).under(Enforced(rule))


def test_what_cannot_be():
    with pytest.raises(UnknownName, match="judge"):
        GAME.under(Enforced(FINE, inspector="judge"))
    with pytest.raises(InputError, match="out of range"):
        Enforced(FINE, 1.1)
    with pytest.raises(InputError, match="cannot be paid"):
        Enforced(FINE, wrong=np.inf)


def test_on_the_command_line():
    assert build("institutions", "enforced:rule=(fines:schedule=((*,D,5)),shared=no),detection=0.4") == Enforced(
        FINE, 0.4
    )
