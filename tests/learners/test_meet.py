"""Many tables at once: what is paid is what the game says, whoever sits where, and each table is by itself."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, UnknownName
from ostrom.learners import IPPO, meet, play, train
from ostrom.learners._told import Told
from ostrom.worlds import Lake, MatrixWorld, Stock

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=4)
TABLE = {(0, 0): (3, 3), (0, 1): (0, 5), (1, 0): (5, 0), (1, 1): (1, 1)}


class Fixed(Policy):
    """Always the move of this number."""

    number: float = 0.0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


def test_every_seating_of_policies_is_paid_by_the_table():
    """At more tables than are computed together."""
    choices = np.random.default_rng(0).integers(0, 2, (21, 2)).tolist()
    met = meet(PD, [[Fixed(a), Fixed(b)] for a, b in choices], episodes=2)
    assert met.returns[:, 0].tolist() == [[4.0 * one for one in TABLE[a, b]] for a, b in choices]
    assert (met.steps == 4).all()


@pytest.mark.slow
def test_a_table_does_not_depend_on_the_others_or_on_the_kinds_there_are():
    run = train(PD, IPPO(length=4, copies=2, parts=1), 8, seeds=2, seed=1)
    mine = [run.players(0)[0], run.players(1)[1]]
    alone = meet(PD, [mine], episodes=50, seed=7)
    among = meet(PD, [[Fixed(0), Fixed(0)], mine, mine], episodes=50, seeds=[3, 7, 8])
    kinds = meet(PD, [[Fixed(0), Fixed(0)], mine, mine], episodes=50, seeds=[3, 7, 8])
    assert among.returns.tolist() == kinds.returns.tolist()
    assert among.returns[1].tolist() != among.returns[2].tolist()
    error = np.sqrt((among.returns[1].var(0) + alone.returns[0].var(0)) / 50)
    assert (abs(among.returns[1].mean(0) - alone.returns[0].mean(0)) < 4.5 * error).all()


@pytest.mark.slow
def test_trained_players_play_as_they_do_elsewhere():
    """The mean over many episodes is that of `play`, within what chance allows."""
    run = train(PD, IPPO(length=4, copies=2, parts=1), 8)
    met = meet(PD, [run.players()], episodes=2000).returns[0]
    played = play(PD, run.players(), episodes=2000, seed=99).returns
    error = np.sqrt(met.var(0) / 2000 + played.var(0) / 2000)
    assert (abs(met.mean(0) - played.mean(0)) < 4.5 * error).all()


@pytest.mark.slow
def test_episodes_that_end_early_are_counted_once():
    """Three who take the most empty the stock in one month; nothing of a next episode is counted."""
    world = Stock.small()
    met = meet(world, [[world.bots()["selfish"]] * 3], episodes=2)
    assert met.returns[0].tolist() == [[20.0, 20.0, 20.0]] * 2
    assert met.steps.tolist() == [[1, 1]]


def test_a_bystander_has_what_is_a_fact():
    with pytest.raises(UnknownName, match=r"no fact for a bystander called 'harvst'.*harvest"):
        Told(Lake(players=2), outside=("harvst",))


def test_what_players_are_told_and_what_is_paid():
    """A tax of 1 on a harvest of h: paid is the bare payoff less h, and who acts as one is told the bare mean."""
    governed = Lake(players=2, horizon=6).under(om.institutions.Tax(on="harvest", rate=0.5))
    for welfare in (0.0, 1.0):
        met = meet(Told(governed, welfare), [[Fixed(2), Fixed(1)]], episodes=1)
        bare, paid, harvest = (met.facts[name][0, 0] for name in ("before rules", "paid", "harvest"))
        assert paid == pytest.approx(bare - 0.5 * harvest, rel=1e-5)
        assert met.returns[0, 0] == pytest.approx(bare.mean() if welfare else paid, rel=1e-5)


@pytest.mark.slow
def test_bystanders_count_for_who_acts_as_one():
    world = Lake(players=2, horizon=6)
    plain = meet(world, [[Fixed(2), Fixed(1)]], episodes=1).returns[0, 0]
    met = meet(Told(world, 1.0, outside=("harvest",)), [[Fixed(2), Fixed(1)]], episodes=1)
    wanted = (met.facts["before rules"][0, 0].sum() + met.facts["harvest"][0, 0].sum()) / 3
    assert met.returns[0, 0] == pytest.approx([wanted, wanted], rel=1e-5)
    assert met.facts["before rules"][0, 0] == pytest.approx(plain, rel=1e-5)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="3 players, and MatrixWorld has 2 seats"):
        meet(PD, [[Fixed(0)] * 3])
    with pytest.raises(InputError, match="0 tables"):
        meet(PD, [])
    with pytest.raises(InputError, match="learned nothing"):
        meet(PD, [[IPPO(), Fixed(0)]])
