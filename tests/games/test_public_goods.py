"""Public goods against their reference values, brute force, and a group of a hundred."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import PublicGoods

KNOWN = PublicGoods.reference


def test_reference_values(brute):
    game = PublicGoods()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["optimal moves"])
    assert game.payoffs_at(np.zeros(4, int)).sum() == KNOWN["welfare at equilibrium"]
    assert KNOWN["optimal welfare"] / KNOWN["welfare at equilibrium"] == KNOWN["price of anarchy"]


@pytest.mark.parametrize(
    ("profile", "what"),
    [
        ((0, 0, 0, 0), "payoff when all keep"),
        ((2, 2, 2, 2), "payoff when all give"),
        ((0, 2, 2, 2), "payoff of a lone free rider"),
        ((2, 0, 0, 0), "payoff of a lone giver"),
    ],
)
def test_what_the_first_member_gets(profile, what):
    assert PublicGoods().payoffs_at(np.array(profile))[0] == pytest.approx(KNOWN[what], abs=1e-12)


@pytest.mark.parametrize(("excess", "giving_wins"), [(-0.01, False), (0.01, True)])
def test_a_subsidy_just_above_the_least_makes_giving_dominant(tax, excess, giving_wins):
    game, rate = PublicGoods(), KNOWN["least subsidy per token that makes giving dominant"] + excess
    paid = tax(game, "contribution", -rate).reshape(3, 3, 3, 3, 4)[..., 0]
    assert bool((paid[2] > paid[:2]).all()) is giving_wins


def test_a_hundred_members_need_no_table():
    game = PublicGoods(players=100, mpcr=0.05)
    assert game.payoffs.shape == (3, 199)
    mixture = tuple(np.array([1 - p, 0, p]) for p in np.linspace(0, 1, 100))
    expected = 20 - np.array([0, 10, 20]) * 0.95 + 0.05 * 20 * (sum(np.linspace(0, 1, 100)) - 1)
    assert game.deviation_payoffs(mixture)[-1] == pytest.approx(expected, abs=1e-10)


def test_contributions_are_labelled_in_tokens():
    game = PublicGoods(players=2, endowment=5, levels=5)
    assert game.moves[0] == ("0", "1.25", "2.5", "3.75", "5")
    assert game.facts_at(np.array([1, 4]))["contribution"].tolist() == [1.25, 5]


@pytest.mark.parametrize("wrong", [{"players": 1}, {"players": 10**9}, {"mpcr": 1.5}, {"levels": 1}, {"endowment": 0}])
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(InputError, match=f"PublicGoods\\({next(iter(wrong))}"):
        PublicGoods(**wrong)
