"""R12a once more, by Q-learners in a world instead of those of `dynamics`: another program, and the same shares.

Settings and reference values as in `test_r12a_absorbing_defection`. Here of equally good moves the first is made, and
before the first round nothing was played.
"""

import math

import numpy as np
import pytest

pytest.importorskip("jax")
from ostrom.games import PrisonersDilemma
from ostrom.learners._tabular import learn
from ostrom.learners._tabular_rule import Habit, Rule, counted
from ostrom.worlds import MatrixWorld

WORLD = MatrixWorld.of(PrisonersDilemma(), 1_000_000)


def ends(pairs, steps, decay, discount, *names):
    """The shares of pairs that do nothing but cooperate, and but defect, in the last tenth."""

    def tally(world, before, moves, after):
        return {"joint": (np.arange(4) == 2 * moves["act"][0] + moves["act"][1]) * 1.0}

    code, states = counted(WORLD, *names)
    rule = Rule(0.1, discount, 1.0, decay)
    found = learn(WORLD, Habit(code, states), rule, pairs, steps, chunk=steps // 10, tally=tally)
    last = found.means["joint"][-1]
    return [float((last[:, joint] > 0.99).mean()) for joint in (0, 3)]


def test_r12a_in_small():
    assert ends(30, 10_000, 2e-3, 0.0) == [0, 1]


@pytest.mark.slow
def test_r12a_without_memory_all_defect():
    assert ends(500, 200_000, 1e-4, 0.0) == [0, 1]


@pytest.mark.slow
def test_r12a_with_memory_many_cooperate():
    assert ends(500, 200_000, 1e-4, 0.9, "last") == pytest.approx([0.46, 0.40], abs=0.05)


@pytest.mark.slow
def test_r12a_with_patience_and_slow_exploration_most_cooperate():
    both, neither = ends(100, 2_000_000, 1e-5, 0.95, "last")
    assert both == pytest.approx(0.89, abs=3 * math.sqrt(0.89 * 0.11 / 100))
    assert neither == pytest.approx(0.07, abs=3 * math.sqrt(0.07 * 0.93 / 100))
