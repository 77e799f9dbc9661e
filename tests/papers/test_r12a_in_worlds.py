"""R12a once more, by Q-learners in a world instead of those of `dynamics`: another program, and the same shares.

Settings and reference values as in `test_r12a_absorbing_defection`. Here of equally good moves the first is made, and
before the first round nothing was played.
"""

import math

import pytest

pytest.importorskip("jax")


@pytest.fixture(scope="module")
def learned(example):
    return example("absorbing_defection")


@pytest.mark.slow
def test_r12a_in_small(learned):
    quick = learned.NONE._replace(pairs=30, rounds=10_000, decay=2e-3)
    assert learned.ends(learned.shares(quick)) == (0, 1)


@pytest.mark.slow
def test_r12a_without_memory_all_defect(learned):
    assert learned.ends(learned.shares(learned.NONE)) == (0, 1)


@pytest.mark.slow
def test_r12a_with_memory_many_cooperate(learned):
    assert learned.ends(learned.shares(learned.MEMORY)) == pytest.approx((0.46, 0.40), abs=0.05)


@pytest.mark.slow
def test_r12a_with_patience_and_slow_exploration_most_cooperate(learned):
    """100 pairs instead of 500, hence three standard errors at that number."""
    both, neither = learned.ends(learned.shares(learned.SLOW))
    assert both == pytest.approx(0.89, abs=3 * math.sqrt(0.89 * 0.11 / 100))
    assert neither == pytest.approx(0.07, abs=3 * math.sqrt(0.07 * 0.93 / 100))
