"""How much enforcement is enough: worked numbers, brute force over random rules, and refutations that replay."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits import _case
from ostrom.audits.evasion import Evasion, chance_needed
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions.ban import Ban
from ostrom.institutions.fines import Fines
from ostrom.institutions.tax import Tax
from ostrom.institutions.transfers import Transfers
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
CC = ("C", "C")
SEEDS = st.integers(0, 10_000)


def taxed(rate):
    return PD.under(Tax(on="D", rate=rate))


def paid(seed, sizes=(2, 3, 2)):
    """A random game under random payments, and a random target."""
    rng = np.random.default_rng(seed)
    shape = (*sizes, len(sizes))
    game = NormalForm(rng.integers(0, 8, shape).astype(float))
    rule = Transfers(game.moves, rng.integers(-8, 3, shape).astype(float))
    return game.under(rule), tuple(int(rng.integers(size)) for size in sizes)


def test_planted_failure_and_success():
    check_audit(Evasion(), fails=(taxed(2.0), CC), holds=(taxed(3.0), CC))
    lever = Transfers((("C", "D"), ("C", "D")), [[[0, 0], [2, -2]], [[-2, 2], [0, 0]]])
    assert [c.verdict for c in Evasion(detection=1.0)(PD.under(lever), CC)] == ["proved", "refuted", "proved"]


@pytest.mark.parametrize("rate", [2.0, 2.5, 3.0, 5.0])
def test_the_chance_that_is_enough_for_a_tax_is_gain_over_fine(rate):
    first, noisy, _ = Evasion()(taxed(rate), CC)
    assert first.numbers["smallest chance"] == pytest.approx(2 / rate)
    assert first.numbers["change of the chance per unit of fine"] == pytest.approx(-2 / rate**2)
    assert first.numbers["payments times"] == pytest.approx(2 / rate / 0.9)
    assert first.verdict == ("proved" if 2 / rate <= 0.9 else "refuted")
    assert (noisy.verdict == "proved") == (0.9 * 0.9 * rate >= 2)


def test_becker_with_and_without_mistakes():
    """Gain 2, fine 5: inspected four times in ten; with mistakes of both kinds one time in ten, every other time."""
    assert chance_needed(Fraction(2), Fraction(5)) == Fraction(2, 5)
    tenth = Fraction(1, 10)
    assert chance_needed(Fraction(2), Fraction(5), tenth, tenth) == Fraction(1, 2)
    assert chance_needed(2.0, 1.9) is None
    assert chance_needed(2.0, 5.0, 0.5, 0.5) is None
    assert chance_needed(-1.0, 5.0) == 0
    assert chance_needed(-1.0, -2.0) is None
    _, noisy, _ = Evasion(0.5, 0.1, 0.1)(taxed(5.0), CC)
    assert (noisy.verdict, noisy.numbers["smallest chance"]) == ("proved", 0.5)
    assert noisy.numbers["change of the chance per unit of fine"] == pytest.approx(-0.1)


def test_the_largest_fine_is_what_is_charged_by_mistake():
    """Somebody who keeps to C can be taken for one who did E, which costs 10: then inspecting more does not help."""
    game = NormalForm(
        np.zeros((3, 2, 2)) + np.array([0, 1, 0])[:, None, None] * [1, 0], moves=(("C", "D", "E"), ("x", "y"))
    )
    fined = game.under(Fines((("player 1", "D", 2.0), ("player 1", "E", 10.0)), shared=False))
    _, noisy, _ = Evasion(1.0, 0.2, 0.0)(fined, ("C", "x"))
    assert noisy.verdict == "refuted"
    assert noisy.witness["gain"] == 1 - (2 - Fraction(2, 10) * 10)
    assert Evasion(1.0, 0.05, 0.0)(fined, ("C", "x"))[1].verdict == "proved"


@settings(max_examples=30)
@given(SEEDS, st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]))
def test_payments_by_chance_as_by_brute_force(seed, chance):
    """Proved exactly when the target is an equilibrium under every multiple of the payments from that chance to 1."""
    game, place = paid(seed)
    target = game.labels(place)
    first = Evasion(chance)(game, target)[0]
    scaled = [game.base.payoffs + p * game.adds for p in np.linspace(chance, 1, 5)]
    regrets = [NormalForm(table).regret(game.pure(place)) for table in scaled]
    assert (first.verdict == "proved") == (max(regrets) <= 1e-12)
    if first.verdict == "refuted":
        i = game.players.index(first.witness["player"])
        there = list(place)
        there[i] = game.moves[i].index(first.witness["move"])
        table = game.base.payoffs + float(first.witness["chance"]) * game.adds
        assert table[tuple(there)][i] - table[place][i] == pytest.approx(float(first.witness["gain"]))
    least = first.numbers["smallest chance"]
    if least:
        for p, stays in ((least + 1e-6, True), (least - 1e-6, False)):
            assert (NormalForm(game.base.payoffs + p * game.adds).regret(game.pure(place)) <= 1e-12) == stays or p > 1


@settings(max_examples=30)
@given(SEEDS, st.integers(0, 2))
def test_partial_adoption_as_by_brute_force(seed, unbound):
    game, place = paid(seed, (2, 2, 2))
    claim = Evasion(unbound=unbound)(game, game.labels(place))[-1]
    assert (claim.verdict == "proved") == stands(game.payoffs, place, unbound)
    enough = [count for count in range(3) if stands(game.payoffs, place, count)]
    assert claim.numbers["smallest number bound"] == (3 - max(enough) if enough else None)


def stands(payoffs, place, unbound):
    """Nobody who is at its part gains by leaving it wherever at most so many others are not at theirs."""
    for at in np.ndindex(2, 2, 2):
        away = [i for i in range(3) if at[i] != place[i]]
        for i in set(range(3)) - set(away) if len(away) <= unbound else ():
            there = (*at[:i], 1 - at[i], *at[i + 1 :])
            if payoffs[there][i] > payoffs[at][i]:
                return False
    return True


def test_who_gains_by_not_being_bound():
    claim = Evasion()(taxed(3.0), CC)[-1]
    assert claim.numbers["gain from not being bound"] == {"player 1": 2.0, "player 2": 2.0}
    assert claim.numbers["smallest number bound"] == 1


def test_payments_that_depend_on_others_are_no_fines():
    """Who is paid only where all keep to the target cannot be fined by mistake for a move of its own."""
    pay = np.zeros((2, 2, 2))
    pay[0, 0] = 3.0
    assert len(Evasion()(PD.under(Transfers(PD.moves, pay)), CC)) == 2


def test_no_payments_are_nothing_to_evade():
    (claim,) = Evasion()(PD, CC)
    assert claim.verdict == "proved"
    assert "nothing to evade" in claim.statement
    check_audit(lambda game, target, seed: Evasion()(game, target), fails=(taxed(1.0), CC), holds=(PD, CC))


def test_a_breach_of_a_restriction_has_to_cost_its_gain_over_the_chance():
    game = PD.under(Ban((("*", "D"),)))
    (told,) = Evasion()(game, CC)
    assert told.numbers["sanction needed"] == pytest.approx(2 / 0.9)
    assert "20/9" in told.statement
    assert Evasion(sanction=2.3)(game, CC)[0].verdict == "proved"
    (broken,) = Evasion(sanction=2.0)(game, CC)
    assert (broken.verdict, broken.witness) == (
        "refuted",
        {"player": "player 1", "move": "D", "gain": pytest.approx(0.2)},
    )
    assert Evasion(detection=0.0)(game, CC)[0].verdict == "refuted"


def test_the_base_can_be_given():
    kept = NormalForm([[[3.0, 3.0]]], moves=(("C",), ("C",)))
    assert "nothing to evade" in Evasion()(kept, CC)[0].statement
    assert Evasion(base=PD)(kept, CC)[0].numbers["gain"] == 2
    harmless = NormalForm([[[3, 3], [0, 2]], [[2, 0], [1, 1]]], moves=("C", "D"))
    assert (
        Evasion(base=harmless)(kept, CC)[0].statement
        == "Nobody gains by breaking (C, C) with a move that is forbidden."
    )


def test_a_large_table_is_judged_in_float64(monkeypatch):
    monkeypatch.setattr(_case, "EXACT", 0)
    for rate, expected in ((3.0, ["proved"] * 3), (2.0, ["refuted", "refuted", "proved"])):
        claims = Evasion()(taxed(rate), CC)
        assert [claim.verdict for claim in claims] == expected
        assert all(claim.evidence is None and claim.tolerance > 0 for claim in claims)


@pytest.mark.parametrize("wrong", [{"detection": 1.1}, {"misses": -0.1}, {"unbound": -1}, {"sanction": float("nan")}])
def test_numbers_that_cannot_be(wrong):
    with pytest.raises(InputError):
        Evasion(**wrong)
