"""Trust scores: linear algebra, cuts tried one by one, and SciPy's flows."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

from ostrom.core.errors import InputError
from ostrom.solvers import eigentrust, max_flow_trust

SEEDS = st.integers(0, 10_000)


def sparse_ratings(seed, most=7):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, most + 1))
    return rng, rng.integers(0, 6, (count, count)) * (rng.random((count, count)) < 0.6)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_eigentrust_is_the_stationary_share_of_a_walk_that_begins_again(seed):
    rng, ratings = sparse_ratings(seed)
    count, restart = len(ratings), float(rng.choice([0.05, 0.15, 0.5, 1.0]))
    seeds = None if seed % 2 else sorted({int(k) for k in rng.integers(0, count, 2)})
    start = np.zeros(count)
    start[seeds if seeds is not None else range(count)] = 1
    start /= start.sum()
    walk = np.zeros((count, count))
    for i in range(count):
        row = ratings[i].astype(float)
        row[i] = 0
        walk[i] = row / row.sum() if row.sum() else start
    google = (1 - restart) * walk + restart * start
    values, vectors = np.linalg.eig(google.T)
    share = np.real(vectors[:, np.argmax(np.real(values))])
    assert eigentrust(ratings, seeds, restart=restart) == pytest.approx(share / share.sum(), abs=1e-9)


def test_an_example_by_hand():
    # 0 rates 1, 1 rates 0, nobody rates 2 and it rates nobody: t2 = a/3 + (1 - a) t2 / 3 at restart a
    score = eigentrust([[0, 5, 0], [1, 0, 0], [0, 0, 0]], restart=0.5)
    assert score == pytest.approx([0.4, 0.4, 0.2])
    assert eigentrust([[0, 5, 0], [1, 0, 0], [0, 0, 0]], [0], restart=0.5) == pytest.approx([2 / 3, 1 / 3, 0])


def test_large_sparse_ratings():
    rng = np.random.default_rng(0)
    row, column = rng.integers(0, 20_000, (2, 60_000))
    amount = rng.integers(1, 4, 60_000)
    score = eigentrust(coo_array((amount, (row, column)), shape=(20_000, 20_000)), [0, 1, 2])
    assert score.sum() == pytest.approx(1)
    assert score.min() >= 0
    small = coo_array((amount[:90] % 3, (row[:90] % 30, column[:90] % 30)), shape=(30, 30))
    assert eigentrust(small, [0]) == pytest.approx(eigentrust(small.toarray(), [0]))


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_flows_are_the_smallest_cuts_and_those_of_scipy(seed):
    _, ratings = sparse_ratings(seed, 6)
    np.fill_diagonal(ratings, 0)
    count, found = len(ratings), max_flow_trust(ratings, 0)
    assert found[0] == np.inf
    for sink in range(1, count):
        others = [k for k in range(1, count) if k != sink]
        sides = [{0, *some} for size in range(len(others) + 1) for some in combinations(others, size)]
        cuts = [sum(ratings[i, j] for i in side for j in set(range(count)) - side) for side in sides]
        assert found[sink] == min(cuts)
        assert found[sink] == maximum_flow(csr_array(ratings.astype(np.int32)), 0, sink).flow_value
    short = max_flow_trust(ratings, 0, hops=2)
    assert (short <= found).all()
    for sink in range(1, count):
        through = sum(min(ratings[0, k], ratings[k, sink]) for k in range(1, count) if k != sink)
        assert short[sink] == ratings[0, sink] + through


def test_a_flow_that_is_no_whole_number():
    ratings = np.zeros((4, 4))
    ratings[0, 1], ratings[0, 2], ratings[1, 3], ratings[2, 3] = 0.25, 0.5, 1.0, 0.125
    assert max_flow_trust(ratings, 0)[3] == 0.375


@pytest.mark.parametrize(
    "ratings",
    [[[0.0]], [[0, 1]], [0, 1], [[0, -1], [1, 0]], [[0, np.nan], [1, 0]], [[0, np.inf], [1, 0]], "none", [[0, 1], [1]]],
)
def test_what_are_no_ratings(ratings):
    for score in (eigentrust, lambda table: max_flow_trust(table, 0)):
        with pytest.raises(InputError, match="ratings"):
            score(ratings)


def test_what_cannot_be_asked():
    ratings = [[0, 1], [1, 0]]
    for seeds in ([], [2], [-1], [0.5]):
        with pytest.raises(InputError, match="trusted to begin with"):
            eigentrust(ratings, seeds)
    for restart in (0.0, 1.5, float("nan")):
        with pytest.raises(InputError, match="beginning again"):
            eigentrust(ratings, restart=restart)
    with pytest.raises(InputError, match="hops=3"):
        max_flow_trust(ratings, 0, hops=3)
    with pytest.raises(InputError):
        max_flow_trust(ratings, 2)
