"""Rules that did nothing in what was played, told from those that did, by moves and amounts counted by hand."""

import numpy as np
import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.institutions import Contract, Mistakes, Quota, Tax, Vote
from ostrom.learners import _felt, play
from ostrom.learners._felt import Felt, idle, play_under
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=3)


class Always(Policy):
    """Always the move of this number, and always signs."""

    number: float = 1.0

    def act(self, sight, memory):
        scores = {"act": sight.scores("act", self.number)}
        return scores | ({"sign": sight.only("sign", "yes")} if "sign" in sight.mask else {}), memory


def felt(world, players):
    """What rules did in two episodes."""
    return play_under(world, players, seed=1, episodes=2)[1]


def test_what_is_played_is_what_play_plays():
    world = PD.under(Tax(on="D", rate=2.0))
    played, same = (how(world, Policy(), seed=1, episodes=2, states=True) for how in (play_under, play))
    np.testing.assert_array_equal(played[0].payoffs, same.payoffs)
    assert played[0].facts.keys() == same.facts.keys()
    assert type(played[0].states) is type(same.states)
    assert played[1].changed == pytest.approx(2.0 * same.moves["act"].sum())


@pytest.mark.parametrize(
    ("rules", "did"),
    [
        ([Quota(on="D", limit=1)], Felt(0, 12, 0.0)),  # two seats in three rounds of two episodes
        ([Quota(on="D", limit=0)], Felt(12, 12, 0.0)),
        ([Quota(on="D", limit=2, season=3)], Felt(4, 12, 0.0)),  # used up in the third round
        ([Tax(on="C", rate=1.0)], Felt(0, 12, 0.0)),
        ([Tax(on="D", rate=2.0)], Felt(0, 12, 24.0)),
        ([Quota(on="D", limit=1), Tax(on="C")], Felt(0, 12, 0.0)),
    ],
    ids=str,
)
def test_what_rules_do_to_those_who_defect(rules, did):
    world = PD.under(*rules)
    assert felt(world, Always()) == did
    assert bool(idle(world, did, "Here")) == (did == Felt(0, 12, 0.0))


@pytest.mark.slow
def test_what_is_settled_later_is_counted_by_rounds():
    """A contract is signed in a stage of its own; whoever breaks it pays 3 to the other in each round."""
    world = PD.under(Contract(promise="C", damages=3.0, each_round=True))
    assert felt(world, [Always(), Always(number=0.0)]) == Felt(0, 12, 36.0)
    assert felt(world, Always(number=0.0)) == Felt(0, 12, 0.0)


def test_words_name_the_one_rule_and_what_it_could_have_done():
    nothing = Felt(0, 12, 0.0)
    told = "Here the quota never forbade anything: without it the same moves would have been open, and paid the same."
    assert idle(PD.under(Quota(on="D", limit=1)), nothing, "Here") == told
    assert "Here the tax never took or gave anything" in idle(PD.under(Mistakes(Tax(on="C"))), nothing, "Here")
    both = idle(PD.under(Quota(on="D", limit=1), Tax(on="C")), nothing, "Here")
    assert "Here the rules never forbade or took or gave anything: without them" in both


def test_nothing_is_said_without_rules_of_those_that_act_and_of_too_much_play(monkeypatch):
    assert play_under(PD, Always())[1] is None
    assert play_under(PD.under(Vote(motion="C")), Policy())[1] is None
    monkeypatch.setattr(_felt, "MOST", 5)
    assert play_under(PD.under(Tax(on="C")), Always(), episodes=2)[1] is None
    assert idle(PD.under(Tax(on="C")), None, "Here") == ""
