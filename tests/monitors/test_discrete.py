"""Information of codes: against SciPy's contingency tables, its bias, and the level of both tests."""

import numpy as np
import pytest
from scipy.stats import binom, chi2_contingency

from ostrom.monitors._discrete import chi_square, permuted, shared, shuffled_within


def _draw(seed, n=300):
    rng = np.random.default_rng(seed)
    return rng.integers(3, size=n), rng.integers(4, size=n), rng.integers(2, size=n), rng


@pytest.mark.parametrize("seed", range(5))
def test_without_strata_it_is_scipys_g_test(seed):
    m, s, _, _ = _draw(seed)
    table = np.zeros((3, 4))
    np.add.at(table, (m, s), 1)
    wanted = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    found = shared(m, s)
    assert found.g == pytest.approx(wanted.statistic)
    assert found.df == wanted.dof
    assert chi_square(found) == pytest.approx(wanted.pvalue)
    assert found.least == pytest.approx(wanted.expected_freq.min())


@pytest.mark.parametrize("seed", range(5))
def test_strata_add_up(seed):
    m, s, o, _ = _draw(seed)
    parts = [shared(m[o == k], s[o == k]) for k in range(2)]
    assert shared(m, s, o).g == pytest.approx(sum(part.g for part in parts))
    assert shared(m, s, o).df == sum(part.df for part in parts)


def test_the_bias_is_taken_off():
    found = [shared(*_draw(seed, 200)[:3]) for seed in range(400)]
    assert np.mean([one.plugin for one in found]) > 0.04
    assert abs(np.mean([one.bits for one in found])) < 0.01


def test_a_known_information():
    s = np.repeat([0, 1], 5000)
    m = np.where(np.arange(10000) % 10 == 0, 1 - s, s)
    assert shared(m, s).bits == pytest.approx(1 + 0.1 * np.log2(0.1) + 0.9 * np.log2(0.9), abs=1e-3)


def test_rows_stay_in_their_stratum():
    _, _, o, rng = _draw(0)
    order = shuffled_within(o, rng)
    assert sorted(order) == list(range(300))
    assert (o[order] == o).all()


def test_both_tests_keep_their_level():
    p = []
    for seed in range(160):
        m, s, o, rng = _draw(seed, 120)
        found = shared(m, s, o)
        p.append((chi_square(found), permuted(m, s, o, rng, rounds=99, stop=10)))
    for column in np.array(p).T:
        assert (column <= 0.05).sum() <= binom.ppf(0.9999, 160, 0.07)


def test_what_is_there_is_found():
    rng = np.random.default_rng(1)
    s, o = rng.integers(2, size=300), rng.integers(2, size=300)
    m = np.where(rng.random(300) < 0.3, s ^ o, rng.integers(2, size=300))
    assert permuted(m, s, o, rng) < 0.01
    assert chi_square(shared(m, s, o)) < 0.01
    assert chi_square(shared(m, s)) > 0.001  # hidden from who does not look at the context
