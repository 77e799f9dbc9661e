"""Pairs with a plan, against enumeration of what a pair can do in one round and a plan worked out by hand."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits.joint_deviations import JointDeviations
from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions import Contract, Fines, GraduatedSanctions, Reputation
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
CC = ("C", "C")


def pact():
    """Two of three share 10 when they leave (C, C, C) together, and who leaves alone gets nothing."""
    table = np.full((2, 2, 2, 3), 3.0)
    for moves in product(range(2), repeat=3):
        if sum(moves) == 1:
            table[moves] = [0.0 if own else 3.0 for own in moves]
        if sum(moves) == 2:
            table[moves] = [5.0 if own else 0.0 for own in moves]
    return NormalForm(table, moves=("C", "D"))


def test_planted_failure_and_success():
    fined = pact().under(Fines((("*", "D", 2.5),), shared=False)).dense()
    three = ("C",) * 3
    check_audit(JointDeviations(), fails=(pact().repeated(0.5), three), holds=(fined.repeated(0.5), three))


@given(st.lists(st.integers(0, 6), min_size=24, max_size=24), st.sampled_from([0.0, 0.6]))
@settings(max_examples=20, deadline=None)
def test_without_memory_a_pair_can_do_what_it_can_in_one_round(numbers, discount):
    table = np.array(numbers, float).reshape(2, 2, 2, 3)
    table[0, 0, 0] = 4.0
    for i in range(3):
        alone = tuple(1 if j == i else 0 for j in range(3))
        table[(*alone, i)] = min(table[(*alone, i)], 4.0)
    game = NormalForm(table, moves=("C", "D"))
    best = max(
        table[tuple(dict(zip(pair, made, strict=True)).get(j, 0) for j in range(3))][list(pair)].sum() - 8.0
        for pair in combinations(range(3), 2)
        for made in product(range(2), repeat=2)
    )
    (claim,) = JointDeviations()(game.repeated(discount), ("C",) * 3)
    assert claim.numbers["largest gain in sum"] == pytest.approx(best, abs=1e-6)
    assert claim.verdict == ("proved" if best < 1e-6 else "refuted")


@pytest.mark.parametrize("forgotten", [1, *(pytest.param(k, marks=pytest.mark.slow) for k in (2, 4))])
def test_a_plan_over_several_rounds(forgotten):
    """A free warning is used once in `forgotten + 1` rounds: 10 instead of 6 in sum, the first time at once."""
    rule, discount = GraduatedSanctions("D", fines=(0.0, 9.0), forgotten=forgotten), 0.9
    (claim,) = JointDeviations()(pact().repeated(discount).under(rule), ("C",) * 3)
    assert claim.verdict == "refuted"
    expected = (1 - discount) * 4.0 / (1 - discount ** (forgotten + 1))
    assert claim.witness["gain in sum per round"] == pytest.approx(expected)


def test_taking_turns_is_worth_less_than_keeping_to_it():
    (claim,) = JointDeviations()(PD.repeated(0.9).under(Reputation(norm="GBBG")), CC)
    assert claim.verdict == "proved"


def test_rounds_in_stages_are_not_decided():
    (claim,) = JointDeviations()(PD.repeated(0.9).under(Contract("C", 2.5)), CC)
    assert claim.verdict == "unknown"
    assert "several stages" in claim.numbers["reason"]
