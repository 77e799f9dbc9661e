"""Learning from neighbours: the linear theory exactly, robust averages, and graphs by brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import InputError
from ostrom.core.errors import TooLarge, UnknownName
from ostrom.dynamics import r_robust, social_learning, stubborn_weights


def _trust(rng, count):
    weights = rng.random((count, count)) * (rng.random((count, count)) < 0.7) + np.eye(count) * 0.1
    return weights / weights.sum(1, keepdims=True)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_learners_end_where_the_closed_form_says(seed, count):
    rng = np.random.default_rng(seed)
    trust, keeps, start = _trust(rng, count), rng.uniform(0.05, 1, count), rng.normal(size=(count, 2))
    weights = stubborn_weights(trust, keeps)
    path = social_learning(trust, start, stubbornness=keeps, rounds=600)
    assert np.allclose(path[-1], weights @ start, atol=1e-8)
    assert np.allclose(weights.sum(1), 1)
    assert (weights >= -1e-12).all()


def test_a_share_of_contaminated_ones_by_hand():
    """All trust all alike, nobody is stubborn but the ten teachers: three bad ones make 3/10 of everybody."""
    trust = np.zeros((12, 12))
    trust[:10, :10], trust[10:, :10] = np.eye(10), 0.1
    weights = stubborn_weights(trust, np.r_[np.ones(10), np.zeros(2)])
    assert np.allclose(weights[10:, :3].sum(1), 0.3)


def test_two_who_learn_from_each_other_alone_have_no_limit():
    with pytest.raises(InputError, match="learn from nobody who is stubborn"):
        stubborn_weights([[0, 1], [1, 0]], 0.0)
    with pytest.raises(InputError, match=r"Agents \[1, 2\]"):
        stubborn_weights([[1, 0, 0], [0, 0, 1], [0, 1, 0]], [1, 0, 0])


def test_mutual_drift_is_a_random_walk_and_an_anchor_holds_it():
    """Two who copy each other with mistakes stay alike and wander: the variance of their mean grows by σ²/2 a round."""
    trust = np.full((2, 2), 0.5)
    runs = 2000
    start = np.zeros((2, runs))
    path = social_learning(trust, start, rounds=100, noise=0.1, seed=1)
    mean = path.mean(1)
    assert np.var(mean[100]) == pytest.approx(100 * 0.01 / 2, rel=0.1)
    assert np.var(mean[100]) > 1.7 * np.var(mean[50])
    assert np.std(path[100, 0] - path[100, 1]) < 0.3 * np.std(mean[100])
    held = social_learning(trust, start, rounds=100, noise=0.1, seed=1, stubbornness=0.2)
    # x' = 0.8 (x + noise): variance of the mean settles at 0.64 (0.01 / 2) / (1 - 0.64)
    assert np.var(held[100].mean(0)) == pytest.approx(0.64 * 0.005 / 0.36, rel=0.1)


def _complete(count):
    return ~np.eye(count, dtype=bool)


def test_few_bad_ones_cannot_move_a_robust_average():
    count, bad = 9, [0, 1]
    trust = np.full((count, count), 1 / count)
    start = np.r_[50.0, -80.0, np.linspace(0, 1, count - 2)]
    assert r_robust(_complete(count), 5) is None  # 2 f + 1 with f = 2
    plain = social_learning(trust, start, fixed=bad)
    assert abs(plain[-1, 2:]).min() > 5
    for rule in ("w-msr", "trimmed mean"):
        path = social_learning(trust, start, rule=rule, trim=2, fixed=bad)
        assert path[:, 2:].min() >= 0
        assert path[:, 2:].max() <= 1
        assert np.ptp(path[-1, 2:]) < 1e-6
    assert social_learning(trust, start, rule="w-msr", trim=1, fixed=bad)[-1, 2:].min() > -1e-9  # one on each side
    both = np.r_[50.0, 80.0, start[2:]]
    assert social_learning(trust, both, rule="w-msr", trim=1, fixed=bad)[-1, 2:].max() > 5  # two on one side


def _brute(graph, r):
    count = len(graph)
    sets = [set(s) for k in range(1, count + 1) for s in combinations(range(count), k)]

    def reachable(members):
        return any(sum(graph[i, j] for j in range(count) if j not in members) >= r for i in members)

    return all(reachable(a) or reachable(b) for a, b in combinations(sets, 2) if not a & b)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 3))
def test_robust_graphs_by_brute_force(seed, count, r):
    rng = np.random.default_rng(seed)
    graph = (rng.random((count, count)) < rng.uniform(0.3, 1)) & ~np.eye(count, dtype=bool)
    found = r_robust(graph, r)
    assert (found is None) == _brute(graph, r)
    if found is not None:
        first, second = map(set, found)
        assert first
        assert second
        assert not first & second
        for members in (first, second):
            assert all(sum(graph[i, j] for j in range(count) if j not in members) < r for i in members)


@pytest.mark.parametrize("count", [3, 6, 9, 14])
def test_a_complete_graph_is_as_robust_as_a_graph_can_be(count):
    half = -(-count // 2)
    assert r_robust(_complete(count), half) is None
    assert r_robust(_complete(count), half + 1) is not None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: social_learning([[0.5, 0.4], [0, 1]], [0, 1]), "sum to 1"),
        (lambda: social_learning([[1.0]], [np.nan]), "start"),
        (lambda: social_learning(np.eye(2), [0, 1], stubbornness=1.5), "Stubbornness"),
        (lambda: social_learning(np.eye(2), [0, 1], trim=-1), "trim -1"),
        (lambda: social_learning(np.eye(2), [0, 1], fixed=[7]), r"fixed \[7\]"),
        (lambda: r_robust(np.eye(2)[:1], 1), "square"),
    ],
)
def test_what_cannot_be_is_refused_in_words(call, said):
    with pytest.raises(InputError, match=said):
        call()


def test_other_refusals():
    with pytest.raises(UnknownName, match="w-msr"):
        social_learning(np.eye(2), [0, 1], rule="wmsr")
    with pytest.raises(TooLarge):
        r_robust(_complete(30), 2)
