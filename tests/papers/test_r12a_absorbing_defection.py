"""R12a: independent Q-learners in the prisoner's dilemma. Without memory all defect; with it, many do not.

Settings: payoffs 3, 0, 5, 1; alpha 0.1; exploration exp(-1e-4 t); 200,000 rounds; 500 pairs. Reference values were
computed with another program: without memory (discount 0) DD 1.00; with memory one (discount 0.9) DD 0.40 and CC 0.46,
each to 0.05; slower exploration (1e-5, 2,000,000 rounds, discount 0.95) DD 0.07 and CC 0.89. A pair counts as CC when
it plays nothing else in the last tenth of its rounds. First values are 0.
"""

import math

import pytest

from ostrom.dynamics import q_learning
from ostrom.games import PrisonersDilemma

FULL = {"alpha": 0.1, "start": 0.0, "rounds": 200_000, "epsilon": (1.0, 1e-4)}


def ends(learnt):
    """The shares of pairs that end in mutual cooperation and in mutual defection."""
    return [float((learnt.joint[:, move, move] > 0.99).mean()) for move in (0, 1)]


def test_r12a_in_small():
    """Twenty times faster exploration, which the pairs without memory do not mind."""
    learnt = q_learning(PrisonersDilemma(), 30, **FULL | {"rounds": 10_000, "epsilon": (1.0, 2e-3)})
    assert ends(learnt) == [0, 1]
    assert learnt.payoffs == pytest.approx(1.0, abs=0.01)


@pytest.mark.slow
def test_r12a_without_memory_all_defect():
    assert ends(q_learning(PrisonersDilemma(), 500, **FULL)) == [0, 1]


@pytest.mark.slow
def test_r12a_with_memory_many_cooperate():
    both, neither = ends(q_learning(PrisonersDilemma(), 500, memory=1, discount=0.9, **FULL))
    assert (both, neither) == (pytest.approx(0.46, abs=0.05), pytest.approx(0.40, abs=0.05))


@pytest.mark.slow
def test_r12a_with_patience_and_slow_exploration_most_cooperate():
    """100 pairs instead of 500, hence three standard errors at that number."""
    how = FULL | {"memory": 1, "discount": 0.95, "rounds": 2_000_000, "epsilon": (1.0, 1e-5)}
    both, neither = ends(q_learning(PrisonersDilemma(), 100, **how))
    assert both == pytest.approx(0.89, abs=3 * math.sqrt(0.89 * 0.11 / 100))
    assert neither == pytest.approx(0.07, abs=3 * math.sqrt(0.07 * 0.93 / 100))
