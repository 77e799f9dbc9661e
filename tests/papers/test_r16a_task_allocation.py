"""R16a: what greed costs in task allocation (one task each)."""

import numpy as np
import pytest

from ostrom.choice.task_allocation import best_tasks, consensus_auction, greedy_tasks


@pytest.mark.parametrize("epsilon", [0.1, 0.01, 1e-6])
def test_the_tight_instance(epsilon):
    scores = [[1, 1 - epsilon], [1 - epsilon, 0]]
    assert greedy_tasks(scores).score == consensus_auction(scores).score == 1
    assert best_tasks(scores).score == pytest.approx(2 - 2 * epsilon)


@pytest.mark.parametrize(("size", "share"), [(5, 0.950), (10, 0.943), (20, 0.950), (50, 0.966)])
def test_greedy_on_uniform_scores(size, share):
    """Mean of greedy over optimal in 300 draws of U[0, 1] scores, to 0.01."""
    rng = np.random.default_rng(16)
    tables = rng.uniform(size=(300, size, size))
    ratios = [greedy_tasks(table).score / best_tasks(table).score for table in tables]
    assert np.mean(ratios) == pytest.approx(share, abs=0.01)
    assert min(ratios) >= 0.5
