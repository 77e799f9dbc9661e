"""R15: α-Rank on a commitment dilemma and on rock, paper, scissors, even and biased; ratings and Nash averages."""

import math

import numpy as np
import pytest

import ostrom as om
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis import cycles
from ostrom.solvers import alpha_rank, nash_averaging, vertex_enumeration

INTENSITIES = (0.0, 0.1, 1.0, 10.0, 100.0, 1e6, math.inf)
BIASED = np.array([[0, -0.5, 1], [0.5, 0, -0.1], [-1, 0.1, 0]])


def zero_sum(row):
    return NormalForm(np.stack([row, np.transpose(row)], axis=-1))


def test_r15a_commitment_dilemma():
    r, t, p, s, fine, fee = 1.0, 2.0, 0.0, -1.0, 4.0, 0.25
    row = [
        [r - fee / 2, r - fee, 0, s + fine - fee, r - fee],
        [r, r, s, s, s],
        [0, t, p, p, p],
        [t - fine, t, p, p, p],
        [r, t, p, p, p],
    ]
    found = alpha_rank(zero_sum(row), 0.1, 20, together=True, selection="mixed")
    assert found.masses == pytest.approx([0.40966787, 0.07959841, 0.20506998, 0.08505983, 0.2206039], abs=1e-4)


def test_r15b_rock_paper_scissors_is_even_at_any_intensity():
    game = om.games.RockPaperScissors()
    for alpha in INTENSITIES:
        for selection in ("local", "mixed"):
            found = alpha_rank(game, alpha, together=True, selection=selection)
            assert found.masses == pytest.approx(np.full(3, 1 / 3), abs=1e-12)
    assert found.sinks == ((0, 1, 2),)
    assert cycles(game).tournament.ratings == pytest.approx(np.zeros(3), abs=1e-15)


def test_r15c_biased_rock_paper_scissors():
    game = zero_sum(BIASED)
    nash = [1 / 16, 5 / 8, 5 / 16]
    assert nash_averaging(BIASED).agents == pytest.approx(nash, abs=1e-12)
    assert vertex_enumeration(game).points[0][0] == pytest.approx(nash, abs=1e-12)
    assert alpha_rank(game, together=True).masses == pytest.approx(np.full(3, 1 / 3), abs=1e-12)
    assert cycles(game).tournament.ratings == pytest.approx([0.1667, 0.1333, -0.3], abs=1e-4)


def test_r15_trap_the_stag_hunt_is_hare():
    """Where rates underflow, a dense eigenvector gave stag 1.0; the limit is hare."""
    for alpha in (50.0, 1e3, 1e6, math.inf):
        found = alpha_rank(om.games.StagHunt(), alpha)
        assert found.joint == pytest.approx(np.array([[0, 0], [0, 1]]), abs=1e-12)
