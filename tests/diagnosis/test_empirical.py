"""Empirical games: of fixed moves they are the game itself; margins are Student's over episodes."""

import numpy as np
import pytest
from scipy.stats import t

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, TooLarge
from ostrom.diagnosis import empirical_game
from ostrom.learners import meet
from ostrom.worlds import Lake, MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=4)


class Fixed(Policy):
    """Always the move of this number."""

    number: float = 0.0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


def test_of_fixed_moves_it_is_the_game():
    """And margins are Student's over episodes, where chance plays."""
    found = empirical_game(PD, {"C": Fixed(0), "D": Fixed(1), "random": Policy()}, symmetric=False, episodes=20)
    assert np.allclose(found.game.payoffs[:2, :2], 4 * om.games.PrisonersDilemma().dense().payoffs)
    assert found.game.moves == (("C", "D", "random"),) * 2
    assert (found.margin[:2, :2] == 0).all()
    assert found.table.splitlines()[1].split()[:7] == ["C", "12.00", "±", "0.00", "0.00", "±", "0.00"]
    points = found.meetings.points[(found.meetings.seated == [0, 2]).all(1)]
    wanted = t.ppf(0.975, 19) * points.std(0, ddof=1) / np.sqrt(20)
    assert found.margin[0, 2] == pytest.approx(wanted)
    restricted = om.NormalForm(found.game.payoffs[:2, :2], moves=("C", "D"))
    assert om.diagnose(restricted).dilemma.name == "prisoner's dilemma"


@pytest.mark.slow
def test_a_symmetric_world_is_played_out_once_for_every_set_of_players():
    both = {"fish": Fixed(1), "hard": Fixed(2)}
    lake = Lake(players=2, horizon=5)
    pooled, whole = (empirical_game(lake, both, symmetric=some, episodes=2) for some in (None, False))
    assert pooled.meetings.symmetric
    assert np.allclose(pooled.game.payoffs, whole.game.payoffs)
    assert om.verify(pooled.game, audits=[om.audits.Equilibria()]).verdict in ("proved", "refuted")


@pytest.mark.slow
def test_roles_are_seats_together():
    """Four fishers in two roles: the payoff of a role is the mean of its seats, all of which play what was chosen."""
    lake = Lake(players=4, horizon=5)
    found = empirical_game(lake, {"fish": Fixed(1), "hard": Fixed(2)}, roles=2, episodes=2)
    direct = meet(lake, [[Fixed(1), Fixed(1), Fixed(2), Fixed(2)]], episodes=2).returns[0].mean(0)
    assert found.roles == ((0, 1), (2, 3))
    assert found.game.payoffs[0, 1] == pytest.approx([direct[:2].mean(), direct[2:].mean()])


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="roles"):
        empirical_game(PD, {"C": Fixed(0)}, roles=[[0], [0, 1]])
    with pytest.raises(InputError, match="has 3 players"):
        empirical_game(PD, {"C": [Fixed(0)] * 3})
    with pytest.raises(TooLarge, match="joint choices"):
        empirical_game(Lake(players=8), {f"{k}": Fixed(0) for k in range(3)})
