"""A company: one member for each episode, with even odds, and its own memory and mind."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError
from ostrom.learners import IPPO, Company, Trained, meet, play, train
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=5)


class Fixed(Policy):
    """Always the move of this number."""

    number: float = 0.0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


class Later(Policy):
    """Cooperates for a while, and then never again: it has to remember for how long."""

    steps: int = 2

    def begin(self):
        return {"seen": np.int32(0)}

    def act(self, sight, memory):
        over = memory["seen"] >= self.steps
        return {"act": sight.scores("act", sight.xp.where(over, 1, 0))}, {"seen": memory["seen"] + 1}


@pytest.mark.slow
def test_one_member_plays_a_whole_episode_and_each_about_as_often():
    company = Company.of(PD, [Fixed(0), Fixed(1), Later(2)])
    moves = play(PD, [company, Fixed(1)], episodes=600, seed=3).moves["act"][:, :, 0]
    kinds = {(0, 0, 0, 0, 0): 0, (1, 1, 1, 1, 1): 1, (0, 0, 1, 1, 1): 2}
    drawn = np.bincount([kinds[tuple(row)] for row in moves.tolist()], minlength=3)
    assert (abs(drawn - 200) < 4 * np.sqrt(600 * 2 / 9)).all()


@pytest.mark.slow
def test_members_bring_what_they_have_learned():
    """Two members with networks, one of which has been taught nothing: their odds are those of the networks."""
    run = train(PD, IPPO(length=5, copies=2, parts=1), 10, seeds=2)
    one, other = run.players(0)[0], run.players(1)[0]
    single = [meet(PD, [[who, Fixed(0)]], episodes=400).returns[0, :, 1].mean() for who in (one, other)]
    mixed = meet(PD, [[Company.of(PD, [one, other]), Fixed(0)]], episodes=800).returns[0, :, 1].mean()
    assert mixed == pytest.approx(np.mean(single), abs=0.4)


@pytest.mark.slow
def test_a_company_is_met_and_drawn_seat_by_seat():
    company = Company.of(PD, [Fixed(0), Fixed(1)])
    assert isinstance(company, Trained)
    met = meet(PD, [[company, company]], episodes=400)
    returns = {tuple(row) for row in met.returns[0].tolist()}
    assert returns == {(15.0, 15.0), (0.0, 25.0), (25.0, 0.0), (5.0, 5.0)}


def test_nobody_and_beginners_are_refused():
    with pytest.raises(InputError, match="no members"):
        Company.of(PD, [])
    with pytest.raises(InputError, match="learned nothing"):
        Company.of(PD, [IPPO()])
