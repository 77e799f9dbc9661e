"""R5: sellers whose prices are set by Q-learning (Calvano, Calzolari, Denicolò and Pastorello, 2020).

Settings: two firms, quality 2, cost 1, spread 0.25, 15 prices, memory one, alpha 0.15, exploration exp(-4e-6 t), until
no greedy price changes for 100,000 periods. Reference values were computed with another program: share of the gain from
collusion 0.844 at a discount factor of 0.95 (the paper: about 0.85), 0.22 without patience.
"""

import pytest

pytest.importorskip("jax")
from ostrom.worlds import Pricing


@pytest.fixture(scope="module")
def learned(example):
    return example("algorithmic_pricing")


def test_r5a_prices_and_profits():
    market, grid = Pricing().market, Pricing().grid
    assert market.competitive == pytest.approx(1.472927, abs=1e-6)
    assert market.monopoly == pytest.approx(1.924981, abs=1e-6)
    assert market.profit(market.competitive) == pytest.approx(0.222927, abs=1e-6)
    assert market.profit(market.monopoly) == pytest.approx(0.337490, abs=1e-6)
    assert grid[[0, -1]] == pytest.approx([1.427721, 1.970186], abs=1e-6)


@pytest.mark.slow
def test_r5_in_small(learned):
    """Exploration that ends 25 times earlier: the patient still collude far more than those who look at today only."""
    found = {discount: learned.settle(8, discount, decay=1e-4, patience=20_000) for discount in (0.0, 0.95)}
    assert all(rows["settled"].all() for rows in found.values())
    assert found[0.95]["gain"].mean() > 1.5 * found[0.0]["gain"].mean()
    assert found[0.95]["lost"].mean() > 1.5 * found[0.0]["lost"].mean()
    assert found[0.95]["gain"].min() > 0.5


@pytest.mark.slow
def test_r5b_the_patient_collude(learned):
    rows = learned.settle(100, 0.95)
    assert rows["settled"].all()
    assert rows["gain"].mean() == pytest.approx(0.844, abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize(("discount", "gain", "slack"), [(0.0, 0.22, 0.04), (0.5, 0.18, 0.07)])
def test_r5c_collusion_needs_patience(learned, discount, gain, slack):
    """Three standard errors of the reference and of ours together."""
    rows = learned.settle(100, discount)
    assert rows["gain"].mean() == pytest.approx(gain, abs=slack)
