"""Tax: on a label, a number, a fact; shared or not."""

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.institutions.tax import Tax

GAME = NormalForm(
    [[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), facts=[Fact.of_own_move("harvest", "fish", (1.0, 4.0))]
)


def test_a_tax_on_a_fact_charges_by_the_unit():
    assert GAME.under(Tax("harvest", 0.5)).payoffs[1, 0].tolist() == [5 - 2.0, 0 - 0.5]


def test_shared_revenue_comes_back_in_equal_parts():
    paid = GAME.under(Tax("D", 2.0, shared=True)).payoffs - GAME.payoffs
    assert paid[1, 0].tolist() == [-1.0, 1.0]


def test_a_negative_rate_is_a_subsidy():
    assert GAME.under(Tax("C", -1.0)).payoffs[0, 0].tolist() == [4, 4]


def test_the_pigouvian_rate_makes_cooperation_dominant_from_two_on():
    for rate, dominant in ((1.9, False), (2.1, True)):
        table = GAME.under(Tax("D", rate)).payoffs[..., 0]
        assert bool((table[0] > table[1]).all()) is dominant


@pytest.mark.parametrize("shared", [False, True])
def test_what_it_declares(shared):
    tax = Tax("D", 1.0, shared=shared)
    assert (tax.scope, tax.budget) == (("counts", "balanced") if shared else ("additive", None))
    assert np.isclose(GAME.under(tax).treasury[1, 1], 0.0 if shared else 2.0)
