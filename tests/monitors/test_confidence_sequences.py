"""Betting on means: wealth has mean one exactly, bounds cover, and pairs that differ are judged fairly at any time."""

from itertools import product
from math import comb, exp, log

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom

from ostrom.monitors._confidence_sequences import ODDS, above, below, sign, today, wealth


def _by_hand(ones, asked, bound):
    """Wealth with its stakes and days of beginning, written out."""
    total = 0.0
    for odds in ODDS:
        mean = odds * bound / (1 - bound + odds * bound)
        stake = (mean - bound) / (bound * (1 - bound))
        for begin in range(len(ones)):
            grown = 1.0
            for k, n in zip(ones[begin:], asked[begin:], strict=True):
                grown *= (1 + stake * (1 - bound)) ** k * (1 - stake * bound) ** (n - k)
            total += grown / len(ODDS) / ((begin + 1) * (begin + 2))
    return total + 1 / (len(ones) + 1)


@pytest.mark.parametrize("bound", [0.05, 0.4])
def test_wealth_is_the_product_of_the_bets(bound):
    ones, asked = [1, 0, 4, 3], [5, 2, 6, 9]
    assert exp(wealth(ones, asked, bound)[-1]) == pytest.approx(_by_hand(ones, asked, bound))


@pytest.mark.parametrize("bound", [0.05, 0.3])
def test_at_the_bound_the_mean_of_wealth_is_one_at_every_day(bound):
    total = np.zeros(3)
    for ones in product(range(5), repeat=3):
        chance = np.prod([comb(4, k) * bound**k * (1 - bound) ** (4 - k) for k in ones])
        total += chance * np.exp(wealth(ones, [4] * 3, bound))
    assert total == pytest.approx(1, abs=1e-12)


def test_probes_with_odds_of_their_own_make_it_no_larger():
    """All 2^6 answers of two days to three probes that are wrong with odds 0, 0.1 and 0.8: 0.3 in the mean."""
    odds, total = np.array([0.0, 0.1, 0.8]), np.zeros(2)
    for answers in product((0, 1), repeat=6):
        table = np.array(answers).reshape(2, 3)
        total += np.where(table, odds, 1 - odds).prod() * np.exp(wealth(table.sum(1), [3, 3], 0.3))
    assert (total <= 1).all()
    assert total[1] > 0.5


def test_wealth_seldom_passes_whenever_one_looks_and_finds_a_late_drift():
    rng = np.random.default_rng(0)
    calm = rng.binomial(200, 0.05, (4000, 40))
    passed = (wealth(calm, np.full(40, 200), 0.05) >= log(20)).any(1).sum()
    assert passed <= binom.ppf(0.9999, 4000, 0.05)
    late = np.full(40, 0.02)
    late[30:] = 0.12
    found = wealth(rng.binomial(200, late, (200, 40)), np.full(40, 200), 0.05) >= log(2000)
    assert found[:, :30].sum() == 0
    assert found[:, 35].mean() > 0.95


def test_shares_between_0_and_1_are_careful():
    whole = wealth([8.0], [10], 0.3)
    half = np.log(np.mean([(1 + (m - 0.3) / 0.21 * 0.5) ** 16 for m in ODDS * 0.3 / (0.7 + ODDS * 0.3)]))
    assert wealth([8.0], [16], 0.3)[0] <= np.logaddexp(half - log(2), -log(2)) + 1e-12
    assert whole[0] > 0


def test_bounds_cover_at_all_days_together():
    rng = np.random.default_rng(1)
    missed = np.zeros(3, int)
    for _ in range(100):
        ones = rng.binomial(60, 0.15, 8)
        missed[0] += (above(ones, np.full(8, 60)) > 0.15).any()
        missed[1] += (below(ones, np.full(8, 60)) < 0.15).any()
        inside = [today(k, 60, day) for day, k in enumerate(ones.tolist(), 1)]
        missed[2] += any(not low <= 0.15 <= high for low, high in inside)
    assert (missed[:2] <= binom.ppf(0.9999, 100, 0.025)).all()
    assert missed[2] <= binom.ppf(0.9999, 100, 0.05)


def test_bounds_close_in_and_do_not_turn_back():
    ones = np.array([30, 30, 30, 30, 2])
    low = above(ones, np.full(5, 100))
    assert (np.diff(low) >= 0).all()
    assert 0.2 < low[3] < 0.3
    assert below(100 - ones, np.full(5, 100)) == pytest.approx(1 - low)
    assert today(0, 50, 1)[0] == 0
    assert today(50, 50, 3)[1] == 1


def test_signs_by_integration_and_in_the_mean():
    for more, less in [(0, 0), (5, 0), (3, 4), (40, 12)]:
        wanted = 2 * quad(lambda t, a=more, b=less: (2 * t) ** a * (2 * (1 - t)) ** b, 0.5, 1)[0]
        assert np.exp(sign(more, less)) == pytest.approx(wanted, rel=1e-6)
    total = sum(comb(9, k) / 2**9 * exp(sign(k, 9 - k)) for k in range(10))
    assert total == pytest.approx(1)
