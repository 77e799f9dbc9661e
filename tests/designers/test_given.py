"""Rules that are brought along: worked numbers, what designers say of their own, and what cannot be said."""

import numpy as np
import pytest

from ostrom import InputError, NormalForm, games, institutions
from ostrom.core.catalogue import build, spelled
from ostrom.core.institution import Institution
from ostrom.designers._compare import DECIDING, _line, compare
from ostrom.designers._design import design
from ostrom.designers._given import given
from ostrom.designers._looks import Looks
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._ranking import ranked, weighed
from ostrom.designers._remedy import Problem
from ostrom.designers.allotment import allotment
from ostrom.designers.vote import vote
from ostrom.reports._page_compare import comparison_page

DILEMMA = games.PrisonersDilemma()  # 3, 0, 5, 1
PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("heads", "tails"), name="matching pennies")


def test_a_tax_by_hand():
    """5 - 3 < 3 and 1 - 3 < 0: who defects pays, so nobody does, and nobody pays."""
    found = given(Problem(DILEMMA), "tax", [institutions.Tax(on="D", rate=3.0)])
    assert found.target == ("C", "C")
    assert found.effects.welfare_after == 3
    assert found.effects.change == {"row": 2.0, "column": 2.0}
    assert (found.needs.fine, found.needs.promise, found.needs.cost) == (3, 0, 0)
    assert {claim.verdict for claim in found.claims} == {"proved"}


def test_a_subsidy_costs_what_is_paid_where_it_is_played():
    found = given(Problem(DILEMMA), "subsidy", [institutions.Subsidy(on="C", rate=2.5, levied=False)])
    assert found.target == ("C", "C")
    assert found.needs.cost == 5
    assert found.effects.welfare_after == 3  # money that changes hands is no gain
    assert found.effects.change == {"row": 4.5, "column": 4.5}


def test_layers_are_laid_one_round_the_other():
    rules = [institutions.Tax(on="D", rate=0.5), institutions.Tax(on="D", rate=2.5)]
    assert given(Problem(DILEMMA), "both", rules).target == ("C", "C")
    assert given(Problem(DILEMMA), "one", rules[:1]).target == ("D", "D")
    assert given(Problem(DILEMMA), "one", rules[:1]).objection == "What is played now is as good."


@pytest.mark.parametrize(
    ("designer", "game"), [(vote, DILEMMA), (allotment, games.Rescue()), (vote, games.PublicGoods(players=3))]
)
def test_what_a_designer_proposes_is_found_again_when_it_is_brought_along(designer, game):
    problem = Problem(game)
    own = designer(problem)
    if isinstance(own, Impossible):
        pytest.skip(own.because)
    found = given(problem, "brought", [own.institution], DECIDING)
    assert isinstance(found, Proposal)
    assert found.effects.welfare_after == pytest.approx(own.effects.welfare_after)


def test_dice_are_averaged_over():
    """A fine of 8 that comes about every other time is one of 4 on average, and enough."""
    rule = institutions.Enforced(institutions.Tax(on="D", rate=8.0), detection=0.5)
    found = given(Problem(DILEMMA), "audited", [rule])
    assert found.target == ("C", "C")
    assert found.outcome[0, 0] == pytest.approx(1)


def test_where_nothing_pure_is_played_it_is_said():
    found = given(Problem(PENNIES), "tax", [institutions.Tax(on="heads", rate=0.1)])
    assert isinstance(found, Impossible)
    assert "no pure equilibrium" in found.because


def test_a_rule_that_does_not_fit_is_told_and_stops_nothing():
    found = given(Problem(DILEMMA), "tax", [institutions.Tax(on="harvest", rate=1.0)])
    assert isinstance(found, Impossible)
    assert "harvest" in found.because


def test_lines_stand_in_order_beside_those_of_designers():
    brought = [institutions.Tax(on="D", rate=3.0), (institutions.Tax(on="D", rate=0.1),), institutions.Vote(motion="C")]
    found = compare(DILEMMA, among=["fines"], runs=4, beside=brought)
    lines = {line.approach: line for line in found.lines}
    assert set(lines) == {"doing nothing", "fines", "tax:rate=3", "tax:rate=0.1", "vote"}
    assert lines["tax:rate=3"].worst == 3
    assert not lines["tax:rate=0.1"].proposed
    assert found.lines[-1].approach == "tax:rate=0.1"
    assert np.isnan(lines["tax:rate=0.1"].learners)


def test_something_else_than_a_rule_is_refused():
    with pytest.raises((InputError, TypeError, AttributeError)):
        compare(DILEMMA, among=["fines"], runs=4, beside=[3])


LAWFUL = {
    "prisoners_dilemma": ("fines", "tax", "restriction", "vote", "contract", "prosocial", "mediator"),
    "reservoir": ("fines", "tax", "learner-proof restriction", "bargained contract", "vote", "mediator"),
    "arms_control": ("leadership",),
    "rescue": ("fines", "allotment", "learner-proof restriction", "restriction", "bargained contract"),
}
SAME = ("welfare", "coalitions", "cost", "fine", "promise", "forbidden", "observed", "losers", "burden", "proposed")


@pytest.mark.parametrize("name", LAWFUL)
def test_a_rule_weighs_the_same_whether_it_is_proposed_or_brought_along(name):
    """Whatever `design` prints to be laid round the game, and what it could have printed: `compare` may not differ."""
    made = design(build("games", name), seconds=2.0)
    problem, look, seen = made.problem, Looks(4, 0), set()
    for one in made.lines:
        text = spelled("institutions", one.proposal.institution)
        if not text or len(text) > 200:
            continue
        rule = build("institutions", text, Institution)
        found = given(problem, text, [rule], DECIDING)
        if isinstance(found, Impossible):  # nothing is said of it, and so nothing else
            continue
        brought = ranked(problem, found, weighed(None))
        mine, theirs = (_line(problem, line, look) for line in (one, brought))
        for part in SAME:
            assert getattr(theirs, part) == pytest.approx(getattr(mine, part)), (one.proposal.approach, part)
        for part in ("worst", "learners", "chance"):
            both = np.array([getattr(mine, part), getattr(theirs, part)])
            assert np.isnan(both).any() or both[0] == pytest.approx(both[1]), (one.proposal.approach, part)
        seen.add(one.proposal.approach)
    assert set(LAWFUL[name]) <= seen


def test_what_has_to_be_seen_of_a_rule_does_not_hang_on_its_rate():
    """Whatever the rate, a tax on a fact that all see takes one step of information."""
    for rate in (0.5, 2.0, 3.0):
        rule = institutions.Tax(on="withdrawal", rate=rate)
        needs = given(Problem(games.Reservoir()), "tax", [rule]).needs
        assert (needs.observed, needs.information) == ("withdrawal", 1)


def test_a_vote_that_those_asked_would_lose_by_is_not_credited_with_its_best_outcome():
    """All voting for it is an equilibrium, as no vote alone decides; 2 of 3 would have 6.96 and 24.1 less by it."""
    found = compare(games.Rescue(), among=["tax"], runs=2, beside=[institutions.Vote(motion=("A", "B", "C"))])
    line = found.lines[-1]
    assert (line.welfare, line.worst, line.proposed) == (45.0, 45.0, False)
    assert len(found.lines) - 1 not in found.front
    assert "welfare is 45 at the worst of them, and 59.47 at the best" in line.sentence
    assert "Only agency 1 would vote for (A, B, C)" in line.objection


def test_outcomes_that_differ_only_in_what_is_overridden_are_one():
    """By hand: carried or lost, whatever would have been done otherwise; an allotment settles everything."""
    rescue, motion = Problem(games.Rescue()), institutions.Vote(motion=("A", "B", "C"))
    assert given(rescue, "vote", [motion]).numbers["equilibria"] == 2
    assert given(Problem(DILEMMA), "vote", [institutions.Vote(motion="C")]).numbers["equilibria"] == 2
    alone = given(rescue, "allotment", [institutions.Allotment(moves=("A", "B", "C"))])
    assert alone.numbers["equilibria"] == 1
    assert "may come" not in alone.sentence


def test_of_several_equilibria_the_worst_is_named():
    hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"), name="hunt")
    found = given(Problem(hunt), "tax", [institutions.Tax(on="hare", rate=0.5, shared=False)])
    assert "2 equilibria" in found.sentence
    assert "welfare is 3 at the worst of them, and 4 at the best" in found.sentence


def test_plans_too_many_for_learners_are_no_worse_than_what_may_happen_anyway():
    """125 joint moves after each of 8 joint ballots are too many: what is filled in is 7.33, as without the vote."""
    found = given(Problem(games.Reservoir()), "vote", [institutions.Vote(motion=("1", "1", "4"))])
    worst = [claim.numbers["worst"] for claim in found.claims if "worst" in claim.numbers]
    assert worst == [pytest.approx(7.3333, abs=1e-3)]


def test_who_would_want_something_else_is_weighed_in_every_layer():
    rules = [institutions.Prosocial(weight=0.5), institutions.Tax(on="D", rate=1.0)]
    found = given(Problem(DILEMMA), "both", rules)
    assert ranked(Problem(DILEMMA), found, weighed(None)).burden["wishes"] == 1.5


def test_a_vote_that_can_never_be_carried_is_refused():
    with pytest.raises(InputError, match="never could be"):
        compare(games.Rescue(), among=["tax"], runs=2, beside=[institutions.Vote(motion=("A", "B", "C"), needed=9)])


def test_the_summary_speaks_of_what_was_brought_along():
    """Fines close the gap at 0.75; a tax of 3 does as much at the burden of its kind, and 0.1 changes nothing."""
    taxes = [institutions.Tax(on="D", rate=rate) for rate in (3.0, 0.1)]
    told = compare(DILEMMA, among=["fines"], runs=2, beside=[*taxes, institutions.Tax(on="harvest")])
    lead = comparison_page(told).lead
    assert lead.endswith(told.beside)  # after what is said of the first proposal
    assert "tax:rate=3, brought along, comes after fines, closing 100 % of the gap at a burden of 0.8." in lead
    assert "tax:rate=0.1, brought along, would not be proposed: What is played now is as good." in lead
    assert "tax:on=harvest, brought along, cannot be looked at" in lead


def test_where_no_wish_was_given_none_is_said_to_be_missed():
    told = compare(games.Rescue(), among=["tax"], runs=2, beside=[institutions.Allotment(moves=("A", "B", "C"))])
    assert "Nothing that was looked for brings (A, B, C) about." in told.because
    assert "allotment:moves=(A,B,C), brought along, comes first, closing 100 % of the gap" in told.because
    wished = design(games.Rescue(), among=["fines"], fine=1.0)
    assert "meets every wish" in wished.because


def test_a_rule_is_brought_along_beside_those_that_are_there():
    """Moves that are closed already are no longer the game's: a tax on top closes none, and 4 is not made by farms."""
    game = games.Reservoir().under(institutions.Ban(moves=(("farms", "4"),)))
    found = given(Problem(game), "tax", [institutions.Tax(on="withdrawal", rate=3.0)])
    assert found.needs.forbidden == 0
    assert found.outcome.shape == (4, 5, 5)
    assert found.outcome.sum() == pytest.approx(1)
