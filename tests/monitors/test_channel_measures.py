"""How much is told: closed forms, SciPy's noncentral χ², and the bias by chance."""

import numpy as np
import pytest
from monitors.channel_sources import flip
from scipy.stats import chi2, ncx2, norm

from ostrom.monitors._capacity import bounds, capacity, pointwise, worth
from ostrom.monitors._channel_law import effective
from ostrom.monitors._channel_plan import Plan, centred, leaves
from ostrom.monitors._continuous import gaussian, information, locally_permuted, residual_product
from ostrom.monitors._text import usable


@pytest.mark.parametrize("noncentral", [0.0, 1.0, 10.0, 60.0])
@pytest.mark.parametrize("df", [1.0, 7.0, 56.0])
def test_the_interval_covers_95_percent_also_at_zero(noncentral, df):
    """By quantiles of SciPy's law: what is covered is exactly a range with that much of it."""
    law = chi2(df) if noncentral == 0 else ncx2(df, noncentral)
    values = law.ppf(np.linspace(0.0005, 0.9995, 1000))
    inside = [low - 1e-2 <= noncentral <= high + 1e-2 for low, high in (bounds(float(g), df) for g in values[::10])]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


def test_a_binary_symmetric_channel():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(15):
        s, o, n = rng.integers(2, size=600), rng.integers(4, size=600), 600
        m = s ^ (rng.random(n) < flip(0.2)).astype(int) ^ (o % 2)  # a code that changes with the context
        plan, s0 = Plan("each", np.arange(n), o, o), s
        told = capacity([(np.arange(n), m)], s, o, np.arange(n), lambda k, p=plan, s=s0: p.draw(s, rng, k))
        found.append(told.bits)
        assert told.interval[0] < told.bits < told.interval[1]
    assert np.mean(found) == pytest.approx(0.2, abs=0.02)


def test_leaving_each_out_is_the_jackknife():
    rng = np.random.default_rng(0)
    m, s, o = rng.integers(3, size=40), rng.integers(2, size=40), rng.integers(2, size=40)

    def plugin(rows):
        return pointwise_plugin(m[rows], s[rows], o[rows])

    every = np.arange(40)
    left = [plugin(np.delete(every, k)) for k in every]
    assert pointwise(m, s, o).mean() == pytest.approx(40 * plugin(every) - 39 * np.mean(left))


def pointwise_plugin(m, s, o):
    """Plug-in information in bits, by definition."""
    total = 0.0
    for a, b, c in set(zip(m.tolist(), s.tolist(), o.tolist(), strict=True)):
        both, left, right, own = (m == a) & (s == b) & (o == c), (m == a) & (o == c), (s == b) & (o == c), o == c
        total += both.sum() / len(m) * np.log2(both.sum() * own.sum() / (left.sum() * right.sum()))
    return total


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_normal_pairs_by_neighbours(correlation):
    rng = np.random.default_rng(1)
    x, noise = rng.normal(size=(2, 1500))
    y = correlation * x + np.sqrt(1 - correlation**2) * noise
    assert information(x, y) == pytest.approx(gaussian(correlation), abs=0.07)


def test_a_common_cause_is_taken_out():
    rng = np.random.default_rng(2)
    o = rng.normal(size=800)
    x, y = o + 0.5 * rng.normal(size=800), o + 0.5 * rng.normal(size=800)
    assert information(x, y) > 0.5
    assert abs(information(x, y, o)) < 0.1
    assert residual_product(x, y, o) > 1e-3
    assert residual_product(x, y) < 1e-6


def test_local_permutations_find_a_curve_that_covariance_does_not():
    rng = np.random.default_rng(3)
    o, x = rng.normal(size=(2, 150))
    y = x**2 + 0.3 * rng.normal(size=150)
    assert locally_permuted(x, y, o, rng, rounds=99, k=5) == 0.01
    assert locally_permuted(x, rng.permutation(y), o, rng, rounds=99, k=5) > 0.01


def test_ties_are_counted():
    """Two equal bits: one bit, by Mesner and Shalizi; many neighbours lie at distance 0."""
    bit = np.random.default_rng(4).integers(2, size=400)
    assert information(bit, bit) == pytest.approx(1.0, abs=0.05)
    assert abs(information(bit, np.random.default_rng(5).integers(2, size=400))) < 0.05


@pytest.mark.parametrize("lean", [0.0, 1.5])
def test_predictors_use_no_more_than_there_is(lean):
    rng = np.random.default_rng(6)
    s = rng.integers(2, size=800)
    x = rng.normal(size=(800, 6))
    x[:, 0] += lean * (s - 0.5)
    told = usable(x, s, np.zeros(800, int), np.arange(800) % 5, np.arange(800))
    grid = np.linspace(-8, 8, 4001)
    mixed = (norm.pdf(grid, -lean / 2) + norm.pdf(grid, lean / 2)) / 2
    entropy = -np.trapezoid(mixed * np.log2(mixed), grid)
    whole = entropy - 0.5 * np.log2(2 * np.pi * np.e)
    assert told.bits <= whole + 0.03
    assert told.bits >= 0.6 * whole - 0.02


def test_degrees_of_freedom_are_those_of_sums_of_squares():
    assert effective(np.eye(5)) == pytest.approx(5)
    assert effective(np.eye(2), 3 * np.eye(1)) == pytest.approx(25 / 11)


def test_payoff_a_bit():
    rng = np.random.default_rng(7)
    told = rng.random(200)
    slope, (low, high) = worth(told, 3 * told + rng.normal(size=200))
    assert low < 3 < high
    assert low < slope < high
    assert worth(np.ones(20), np.ones(20)) is None


def test_leaves_and_groups():
    points = np.random.default_rng(8).random((500, 2))
    found = np.bincount(leaves(points, 20))
    assert found.min() >= 20
    assert found.max() < 40
    groups = np.arange(500) % 7
    rest = centred(points, groups)
    assert np.abs([rest[groups == k].mean(0) for k in range(7)]).max() < 1e-12
