"""Drawing secrets again: the odds are those declared, and the p-value is exact at a size where all can be counted."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from ostrom.monitors._canary import Odds, randomised, sequential


def test_draws_have_their_odds_and_what_cannot_be_never_is():
    odds = np.array([[0.2, 0.3, 0.5], [0, 1, 0], [1, 0, 0], [0.5, 0.5, 0]])
    drawn = Odds(odds).draw(np.random.default_rng(0), 20_000)
    seen = np.array([(drawn == k).mean(0) for k in range(3)]).T
    assert np.abs(seen - odds).max() < 0.02
    assert (seen[odds == 0] == 0).all()


def test_rows_of_a_unit_share_a_draw():
    units = np.array([0, 1, 0, 1, 2])
    drawn = Odds(np.full((5, 4), 0.25), units).draw(np.random.default_rng(0), 200)
    assert (drawn[:, 0] == drawn[:, 2]).all()
    assert (drawn[:, 1] == drawn[:, 3]).all()
    assert (drawn[:, 0] != drawn[:, 4]).any()


def test_it_is_the_share_of_all_secrets_with_as_much():
    """Six bits: all 64 secrets counted with their odds, against draws."""
    said = np.array([0, 1, 1, 0, 1, 1])
    odds = np.column_stack([[0.5, 0.3, 0.4, 0.6, 0.5, 0.2], [0.5, 0.7, 0.6, 0.4, 0.5, 0.8]])
    secret = np.array([0, 1, 1, 0, 0, 1])

    def agree(secrets):
        return (secrets == said).sum(1).astype(float)

    exact = sum(
        np.prod(odds[np.arange(6), list(one)])
        for one in itertools.product((0, 1), repeat=6)
        if agree(np.array([one]))[0] >= agree(secret[None])[0]
    )
    p = [randomised(agree, secret, odds, np.random.default_rng(seed), rounds=999) for seed in range(60)]
    assert np.mean(p) == pytest.approx(exact, rel=0.15)


def test_the_level_holds_with_stopping():
    rng = np.random.default_rng(1)
    p = np.array([sequential(lambda count, u=u: rng.random(count) <= u, rounds=199)[0] for u in rng.random(3000)])
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).sum() <= binom.isf(1e-5, 3000, level)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(20, 300))
def test_batches_do_not_matter(seed, stop, rounds):
    """One stream of draws gives one p-value, however it is cut."""
    stream = np.random.default_rng(seed).random(rounds) < 0.1

    def asked(most):
        at = iter(stream)
        return sequential(lambda count: np.array([next(at) for _ in range(count)]), rounds, stop, most)[0]

    hits = np.flatnonzero(stream)
    wanted = stop / (hits[stop - 1] + 1) if len(hits) >= stop else (len(hits) + 1) / (rounds + 1)
    assert asked(7) == asked(512) == pytest.approx(wanted)
