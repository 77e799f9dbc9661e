"""R6: the common-pool resource of Ostrom, Gardner and Walker (1994), and the linear public goods game."""

import numpy as np
import pytest

from ostrom.games import CommonPool, PublicGoods

KNOWN = CommonPool.reference
TOKENS = {
    "nash": np.full(8, KNOWN["appropriation at the symmetric equilibrium"]),
    "optimum": np.array([4, 4, 4, 4, 5, 5, 5, 5]),
}


def _rent(total):
    return 23 * total - 0.25 * total**2 - 5 * total


def test_r6a_eight_tokens_each_is_an_equilibrium():
    game = CommonPool()
    assert game.regret(game.pure(TOKENS["nash"])) == 0
    assert game.facts_at(TOKENS["nash"])["appropriation"].sum() == KNOWN["total appropriation at equilibrium"] == 64


def test_r6a_it_is_the_only_symmetric_one_in_pure_moves():
    game = CommonPool()
    stable = [k for k in range(11) if game.regret(game.pure(np.full(8, k))) == 0]
    assert stable == [8]


@pytest.mark.parametrize(("endowment", "nash", "best"), [(10, 66.0, 90.5), (25, 141.0, 165.5)])
def test_r6a_payoffs_per_head(endowment, nash, best):
    game = CommonPool(endowment=endowment)
    assert game.payoffs_at(TOKENS["nash"]).tolist() == [nash] * 8
    assert game.payoffs_at(TOKENS["optimum"]).mean() == best


def test_r6a_the_optimum_is_thirty_six_tokens_together():
    """The sum of payoffs depends on the total alone, so every total is looked at once."""
    game = CommonPool()
    sums = {}
    for total in range(81):
        spread = np.full(8, total // 8) + (np.arange(8) < total % 8)
        sums[total] = game.payoffs_at(spread).sum()
    assert max(sums, key=sums.__getitem__) == KNOWN["total appropriation at the optimum"] == 36
    assert sums[36] / 8 == KNOWN["mean payoff at the optimum"]


def test_r6a_share_of_the_rent():
    game, wages = CommonPool(), 8 * 10 * 5
    kept = (game.payoffs_at(TOKENS["nash"]).sum() - wages) / (game.payoffs_at(TOKENS["optimum"]).sum() - wages)
    assert kept == pytest.approx(KNOWN["share of the rent kept at equilibrium"], abs=1e-15)
    assert kept == pytest.approx(4 * 8 / 9**2, abs=1e-15)
    assert round(100 * kept, 3) == 39.506
    assert _rent(KNOWN["total appropriation without rent"]) == 0


def test_r6a_a_tax_at_the_marginal_damage_restores_the_optimum():
    """Each token at the optimum costs the others (n−1)·congestion·4.5 = 7.875; with it 4.5 each is best."""
    game, rate = CommonPool(endowment=10), 7 * 0.25 * 4.5
    worth = [game.payoffs_at(np.array([k, *TOKENS["optimum"][1:]]))[0] - rate * k for k in range(11)]
    assert int(np.argmax(worth)) in (4, 5)


@pytest.mark.parametrize(
    ("given", "paid"), [((0, 0, 0, 0), 20), ((20, 20, 20, 20), 32), ((0, 20, 20, 20), 44), ((20, 0, 0, 0), 8)]
)
def test_r6c_public_goods(given, paid):
    game = PublicGoods(players=4, endowment=20, mpcr=0.4)
    profile = np.array(game.profile([str(tokens) for tokens in given]))
    assert game.payoffs_at(profile)[0] == pytest.approx(paid, abs=1e-12)
