"""What rules that remember can sustain, against thresholds in closed form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits import Equilibria
from ostrom.audits._verify import verify
from ostrom.audits.sustained import Sustained
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.games import Commons, PublicGoods
from ostrom.institutions import Contract, GraduatedSanctions, Ostracism, PeerPunishment, Quota, Reputation, Tax
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
CC = ("C", "C")


def asked(discount, *rules, target=CC, game=PD):
    (claim,) = Sustained(other_discounts=False)(game.repeated(discount).under(*rules), target)
    return claim


def test_planted_failure_and_success():
    impatient = PD.repeated(0.1).under(Reputation(norm="GBBG"))
    patient = PD.repeated(0.9).under(Reputation(norm="GBBG"))
    check_audit(Sustained(), fails=(impatient, CC), holds=(patient, CC))


@given(st.floats(0.05, 0.95))
@settings(max_examples=25, deadline=None)
def test_stern_judging_needs_a_discount_of_two_thirds(discount):
    """Who defects gets 5, is punished once with 0, and is good again: 5(1 - δ) + 3δ² ≤ 3 from δ = 2/3 on."""
    assert (asked(discount, Reputation(norm="GBBG")).verdict == "proved") == (discount >= 2 / 3)


@pytest.mark.parametrize(("fine", "holds"), [(1.99, False), (2.0, True)])
def test_a_first_fine_as_large_as_the_gain_is_enough_at_any_discount(fine, holds):
    for discount in (0.0, 0.5):
        assert (asked(discount, GraduatedSanctions("D", fines=(fine, fine))).verdict == "proved") is holds


def test_a_free_warning_is_used_by_the_impatient_and_makes_up_for_it_later():
    """The second fine has to take, after a round, what the first let go: 2 ≤ δ · 2 never, but C can be kept by those
    who would lose what all keep to: the claim is proved where such an equilibrium is found, and its least δ is told."""
    warned = GraduatedSanctions("D", fines=(0.0, 3.0), forgotten=2)
    assert asked(0.1, warned).verdict == "refuted"
    (claim,) = Sustained()(PD.repeated(0.9).under(warned), CC)
    assert claim.verdict == "proved"
    assert 0.1 < claim.numbers["least discount of those tried"] <= 0.9


def test_without_memory_and_without_patience_it_is_refuted_and_else_not_decided():
    claim = asked(0.1)
    assert (claim.verdict, claim.witness["move"]) == ("refuted", "C")
    assert asked(0.9).verdict == "unknown"  # players who remember by themselves can keep it: grim trigger, δ ≥ 1/2


@pytest.mark.parametrize("rule", [Tax("D", 2.5), Contract("C", 2.5)], ids=str)
def test_rules_without_memory_are_asked_too(rule):
    claim = asked(0.4, rule)
    assert claim.verdict == "proved"
    assert claim.numbers["payoffs per round"] == pytest.approx([3.0, 3.0])


def test_several_layers_at_once():
    both = asked(0.5, Reputation(norm="GBBG"), Tax("D", 1.0))
    assert both.verdict == "proved"
    assert asked(0.5, Reputation(norm="GBBG")).verdict != "proved"
    assert asked(0.0, Tax("D", 1.0)).verdict != "proved"


def test_ostracism_in_a_public_goods_game():
    game = PublicGoods(players=3)
    top = game.moves[0][-1]
    claim = asked(0.9, GraduatedSanctions("0", fines=(50.0,)), target=(top,) * 3, game=game)
    assert claim.verdict in ("unknown", "refuted")  # 10 of 20 is no violation, and keeping 10 pays
    assert asked(0.9, Tax("contribution", -1.0), target=(top,) * 3, game=game).verdict == "proved"
    assert (
        asked(0.5, Ostracism(rest="D", rounds=2)).verdict == "unknown"
    )  # nobody is left to exclude anybody but oneself


def test_punishment_that_costs_is_not_carried_out():
    assert asked(0.9, PeerPunishment()).verdict == "unknown"


def test_the_verb_asks_all_three():
    found = verify(PD.repeated(0.9).under(Reputation(norm="GBBG")), CC)
    assert list(found.answers) == ["Sustained", "Unravelling", "JointDeviations"]
    assert found.verdict == "refuted"  # all D is an equilibrium as well
    assert found.name == "game, repeated, under Reputation"


def test_audits_of_one_round_are_refused():
    with pytest.raises(InputError, match="does not ask about repeated games"):
        verify(PD.repeated(0.9), CC, audits=[Equilibria()])
    with pytest.raises(InputError, match="does not ask about games of one round"):
        verify(PD, CC, audits=[Sustained()])
    with pytest.raises(InputError, match="is no repeated game"):
        Sustained()(PD, CC)
    with pytest.raises(InputError, match="worth"):
        verify(PD.repeated(0.5), CC, worth=[[1, 2], [3, 4]])


def test_the_target_is_by_default_the_best_that_the_rules_let_happen():
    """Under a quota of two tonnes all land two; without one several joint moves are as good, and that is the even."""
    game = Commons(players=3)
    for rules in ((), (Quota("harvest", 2.0),)):
        assert verify(game.repeated(0.5).under(*rules), audits=[Sustained(False)]).target == ("2", "2", "2")
