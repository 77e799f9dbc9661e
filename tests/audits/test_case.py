"""The case that audits are asked about: the numbers that are meant, whatever floats make of them on the way."""

from fractions import Fraction

import numpy as np

from ostrom.audits._case import Case, fractions
from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions import Fines, Tax

TENTHS = NormalForm([[[0.3, 0.3], [0.0, 0.5]], [[0.5, 0.0], [0.1, 0.1]]], moves=("C", "D"))


def test_payments_and_payoffs_are_the_numbers_that_were_meant():
    """0.3 − 0.7 + 0.7 is not 0.3 in floats: with payments and without, the certificate says 3/10."""
    for amount in (0.7, 1 / 3, 12.34):
        case = Case.of(TENTHS.under(Tax(on="D", rate=amount)))
        paid = fractions(np.array([amount]))[0]
        for row, adds, bare in zip(case.exact.payoffs, case.exact.adds, [(3, 3), (0, 5), (5, 0), (1, 1)], strict=True):
            assert [a - b for a, b in zip(row, adds, strict=True)] == [Fraction(k, 10) for k in bare]
            assert set(adds) <= {0, -paid}


def test_a_fine_that_many_share_sums_to_nothing():
    """A seventh of 0.00123 for each of seven others: exact, though no short decimal."""
    game = NormalForm(1e-3 * np.random.default_rng(0).integers(0, 9, (*(2,) * 8, 8)))
    case = Case.of(game.under(Fines(schedule=(("*", "1", 0.00123),))))
    assert {sum(row) for row in case.exact.adds} == {0}


def test_without_payments_no_digit_is_touched():
    """Floats that only look like 1/3 up to twelve digits stay what they are."""
    game = NormalForm([[[0.3333333333333, 1.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 1.0]]])
    assert Case.of(game).exact.payoffs[0][0] == Fraction("0.3333333333333")
