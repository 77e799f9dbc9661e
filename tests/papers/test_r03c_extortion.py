"""R3c: the ceiling of extortion in the prisoner's dilemma (-1, -3, 0, -2), by formula and by exact best replies."""

import math

import pytest

from ostrom.dynamics import best_reply, extortion_ceiling, repeated_play, zero_determinant
from ostrom.games import PrisonersDilemma

GAME = PrisonersDilemma(reward=-1, sucker=-3, temptation=0, punishment=-2)


@pytest.mark.parametrize(("slope", "wanted"), [(2, -0.8), (3, -5 / 7), (math.inf, -0.5)])
def test_the_ceiling(slope, wanted):
    assert extortion_ceiling(slope, GAME)[0] == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("slope", [2, 3, 1000])
def test_who_learns_its_best_reply_leaves_the_extortioner_there(slope):
    extortioner = zero_determinant(slope, -2, GAME)
    reply = best_reply(GAME, [extortioner, extortioner], 1)
    own, _ = repeated_play(GAME, [extortioner, reply.strategy]).payoffs
    assert own == pytest.approx((-slope - 2) / (1 + 2 * slope), abs=1e-9)
