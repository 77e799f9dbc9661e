"""Worse equilibria under the same rules: what is found is one, and what is proved excludes all."""

import pytest

from ostrom.audits.unravelling import Unravelling
from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions import Contract, GraduatedSanctions, Mediator, Reputation, Tax
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
CC = ("C", "C")


def asked(discount, *rules, game=PD, target=CC, floor=None):
    (claim,) = Unravelling(floor)(game.repeated(discount).under(*rules), target)
    return claim


def test_planted_failure_and_success():
    stern = PD.repeated(0.9).under(Reputation(norm="GBBG"))
    taxed = PD.repeated(0.9).under(Tax("D", 50.0))
    check_audit(Unravelling(), fails=(stern, CC), holds=(taxed, CC))


@pytest.mark.parametrize("rule", [Reputation(norm="GBBG"), Contract("C", 2.5), Mediator()], ids=str)
def test_nobody_has_to_trust(rule):
    """All D, nobody signs, nobody delegates: 1 a round."""
    claim = asked(0.9, rule)
    assert claim.verdict == "refuted"
    assert claim.witness["welfare per round"] == pytest.approx(1.0)


def test_what_patience_opens_impatience_closes():
    """With fines above every gain C is all there is for the impatient; the patient may punish each other otherwise."""
    rule = GraduatedSanctions("D", fines=(2.5, 4.0))
    assert asked(0.1, rule).verdict == "proved"
    assert asked(0.9, rule).verdict == "unknown"


def test_a_worse_convention_is_found():
    claim = asked(0.5, game=HUNT, target=("stag", "stag"))
    assert claim.verdict == "refuted"
    assert claim.witness["in the first round"] == "act hare, act hare"
    assert asked(0.5, Tax("hare", 20.0), game=HUNT, target=("stag", "stag")).verdict == "proved"


def test_the_floor_can_be_given():
    assert asked(0.9, Reputation(norm="GBBG"), floor=1.0).verdict == "unknown"
    assert asked(0.9, Reputation(norm="GBBG"), floor=1.5).verdict == "refuted"
