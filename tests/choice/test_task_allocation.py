import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.task_allocation import best_tasks, consensus_auction, greedy_tasks
from ostrom.core.errors import InputError


def tables(seed, whole=False):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 5, 2)
    return rng.integers(-2, 4, shape).astype(float) if whole else rng.normal(size=shape)


def brute(table):
    agents, tasks = table.shape
    wide = np.hstack([np.maximum(table, 0), np.zeros((agents, agents))])
    return max(wide[range(agents), list(pick)].sum() for pick in itertools.permutations(range(tasks + agents), agents))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_best_is_best_and_greedy_is_at_least_half(seed, whole):
    table = tables(seed, whole)
    best, greedy = best_tasks(table), greedy_tasks(table)
    assert best.score == pytest.approx(brute(table))
    assert best.score / 2 - 1e-9 <= greedy.score <= best.score + 1e-9
    for found in (best, greedy):
        done = [task for task in found.tasks if task >= 0]
        assert len(done) == len(set(done))
        assert found.score == pytest.approx(sum(table[k, task] for k, task in enumerate(found.tasks) if task >= 0))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_neighbours_who_talk_end_where_greed_ends(seed, whole):
    table = tables(seed, whole)
    count = len(table)
    line = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) <= 1
    assert consensus_auction(table).tasks == greedy_tasks(table).tasks
    along = consensus_auction(table, line)
    assert along.tasks == greedy_tasks(table).tasks
    assert along.rounds <= min(table.shape) * max(count - 1, 1) + 1


def test_who_never_hears_of_another_is_named():
    with pytest.raises(InputError, match="Agent 0 never hears of agent 1"):
        consensus_auction(np.ones((2, 2)), np.eye(2))


@pytest.mark.parametrize(
    "scores", [[1.0], [[np.nan]], [], [[]], [["a"]], [[10**400]], [[1], [1, 2]], np.zeros((2, 2, 2)), 7]
)
@pytest.mark.parametrize("rule", [best_tasks, greedy_tasks, consensus_auction])
def test_what_is_no_table_is_refused(rule, scores):
    with pytest.raises(InputError):
        rule(scores)
