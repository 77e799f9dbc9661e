"""The common-pool resource: payoffs, facts and refusals; its published numbers are in tests/papers."""

import numpy as np
import pytest

from ostrom.core.errors import InputError, TooLarge
from ostrom.games import CommonPool


def test_payoffs_are_wages_plus_the_share_of_the_yield():
    game, tokens = CommonPool(), np.array([8, 8, 8, 8, 8, 8, 8, 3])
    total = tokens.sum()
    group_yield = 23 * total - 0.25 * total**2
    expected = 5 * (10 - tokens) + tokens / total * group_yield
    assert game.payoffs_at(tokens) == pytest.approx(expected, abs=1e-12)
    facts = game.facts_at(tokens)
    assert facts["appropriation"].tolist() == tokens.tolist()
    assert facts["harvest"].sum() == pytest.approx(group_yield, abs=1e-12)


def test_a_small_pool_by_brute_force(brute):
    game = CommonPool(players=2, endowment=4, congestion=3)
    assert ("2", "2") in brute.equilibria(game)
    best, where = brute.optimum(game)
    assert {sum(map(int, labels)) for labels in where} == {3}
    assert best == 5 * 8 + 18 * 3 - 3 * 9


def test_it_never_becomes_a_table():
    game = CommonPool(endowment=25)
    assert game.payoffs.shape == (26, 176)
    with pytest.raises(TooLarge):
        game.dense()


@pytest.mark.parametrize("wrong", [{"players": 1}, {"endowment": 0}, {"endowment": 2.5}, {"wage": -1}])
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(InputError, match=f"CommonPool\\({next(iter(wrong))}"):
        CommonPool(**wrong)
