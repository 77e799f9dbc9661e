"""Games in stages under `verify`: the outcomes of a vote by hand, which plans are asked about, and tables too large."""

import numpy as np
import pytest

from ostrom import NormalForm, games, verify
from ostrom.audits._case import Case
from ostrom.audits._stages import Stages, stages
from ostrom.audits.equilibria import Equilibria
from ostrom.core.errors import TooLarge
from ostrom.institutions import Advice, Allotment, Tax, Unheard, Vote

PD = games.PrisonersDilemma()


def verdicts(claims):
    return [claim.verdict for claim in claims]


def test_a_vote_may_lead_to_the_best_and_need_not():
    """All voting for it is one outcome, nobody voting for it another; beyond 3 there is none, and 1 is the least."""
    voted = PD.under(Vote("C", needed=2))
    assert verdicts(stages(voted, 3.0)) == ["proved", "refuted"]
    assert verdicts(stages(voted, 1.0)) == ["proved", "proved"]
    (claim,) = stages(voted, 3.1)
    assert claim.verdict == "refuted"
    assert claim.witness["welfare"] == 3  # the best there is
    assert stages(voted, 3.0)[1].witness["path"] == ["vote no; vote no", "act D; act D"]


@pytest.mark.parametrize("needed", [1, 2])
def test_the_plans_that_are_asked_about_are_ones_that_nobody_leaves(needed):
    voted = PD.under(Vote("C", needed=needed))
    case = Case.of(voted)
    assert case.wanted == 3
    for i, place in enumerate(case.place):
        own = case.game.payoffs[(*case.place[:i], slice(None), *case.place[i + 1 :], i)]
        assert own[place] == own.max()
    assert Equilibria().answer(case)[0].verdict == "proved"


def test_stages_are_asked_about_where_there_are_any():
    assert verdicts(verify(PD.under(Vote("C", needed=2))).answers["Stages"]) == ["proved", "refuted"]
    assert "Stages" not in verify(PD.under(Tax("D", 5.0))).answers


def test_without_stages_the_target_is_the_first_of_the_best():
    assert Case.of(NormalForm([[[2, 2], [0, 0]], [[0, 0], [2, 2]]])).place == (0, 0)


def test_too_many_plans_for_a_table_are_looked_at_by_stages_alone():
    rule = Vote(("A", "B", "C"), needed=2)
    with pytest.raises(TooLarge):
        games.Rescue().under(rule).dense()
    seen = verify(games.Rescue().under(rule))
    assert (seen.target, list(seen.answers), seen.certificate) == (("A", "B", "C"), ["Stages"], None)
    assert verdicts(seen.claims) == ["proved", "refuted"]
    every = seen.claims[1].witness
    assert every["welfare"] == pytest.approx(45)  # 90 are saved, and count with what the three are credited with
    with pytest.raises(TooLarge):
        verify(games.Rescue().under(rule), ("A", "B", "C"))


def test_bystanders_count_as_the_game_says():
    """By turns all sites are searched: what is saved, and credited, divided by three agencies and the stricken."""
    saved = games.Rescue.reference["saved at the optimum"]
    turns = games.Rescue().under(Allotment(("A", "B", "C")))
    assert verdicts(stages(turns, 2 * saved / 4)) == ["proved", "proved"]
    assert verdicts(stages(turns, saved, welfare=[0, 0, 0, 1])) == ["proved", "proved"]
    assert verdicts(stages(turns, saved + 0.01, welfare=[0, 0, 0, 1])) == ["refuted"]


def test_what_cannot_be_said_is_said():
    lost = games.Rescue().under(Unheard(Allotment(("A", "B", "C")), 0.2))
    (claim,) = stages(lost, 1.0)
    assert (claim.verdict, claim.numbers["reason"]) == ("unknown", "views are private")
    told = PD.under(Advice(device=((("C", "C"), 0.5), (("C", "D"), 0.25), (("D", "C"), 0.25))))
    assert Stages(told).answer(Case.of(told))[0].verdict == "unknown"
    pennies = games.MatchingPennies().under(Vote("heads", needed=2))
    (claim,) = stages(pennies, np.inf)
    assert (claim.verdict, claim.numbers["status"]) == ("unknown", "partial")  # lost, it has no pure equilibrium
