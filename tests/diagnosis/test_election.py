"""Elections told by every rule: known ones, cycles and spoilers by hand, and what `diagnose` says of a file."""

import itertools
import sys

import numpy as np
import pytest
from elections import elections
from hypothesis import given, settings

import ostrom as om
from ostrom import Ballots, choice
from ostrom.audits import Manipulation, axiom_failure
from ostrom.diagnosis import election, voting_rules
from ostrom.reports import json, text

TENNESSEE = {"M > N > C > K": 42, "N > C > K > M": 26, "C > K > N > M": 15, "K > C > N > M": 17}
CYCLE = {"a > b > c": 4, "b > c > a": 3, "c > a > b": 2}


def test_a_capital_for_tennessee():
    found = election(Ballots.of(TENNESSEE))
    assert found.winners["plurality"] == ("M",)
    assert found.winners["instant runoff"] == ("K",)
    assert all(found.winners[rule] == ("N",) for rule in ("Borda", "Copeland", "Schulze", "ranked pairs", "Kemeny"))
    assert (found.beats_all, found.loses_to_all) == ("N", "M")
    told = om.diagnose(Ballots.of(TENNESSEE)).summary
    assert "N wins by Borda, Copeland, minimax, Schulze, ranked pairs and Kemeny; M wins by plurality" in told
    duels = found.findings[1].sentence
    assert "M most narrowly: 58 to 42. So plurality and instant runoff pass over" in duels
    assert "M loses to every other, and still wins by plurality" in duels


def test_a_cycle_is_said_to_be_one():
    found = election(Ballots.of(CYCLE))
    assert found.beats_all is None
    assert found.smith == ("a", "b", "c")
    assert "Nobody beats every other" in found.findings[1].sentence
    assert "passes over" not in found.findings[1].sentence


def test_a_planted_spoiler_is_found_and_none_where_there_is_none():
    """Two like-minded candidates split 60 votes, and the third wins with 40 (plurality)."""
    split = election(
        Ballots.of({"left > left too > right": 35, "left too > left > right": 25, "right > left > left too": 40})
    )
    assert split.spoilers["plurality"] == {"left too": ("left",), "left": ("left too",)}
    assert "without left too, left wins by plurality" in split.findings[2].sentence
    told = election(Ballots.of({"road > park > pool": 4, "park > pool > road": 3, "pool > road > park": 2}))
    assert told.findings[2].sentence == (
        "Who loses decides who wins: without park, pool wins by plurality, instant runoff, minimax, Schulze, "
        "ranked pairs and Kemeny."
    )
    clear = election(Ballots.of({"a > b > c": 90, "b > a > c": 10}))
    assert not clear.spoilers
    assert len(clear.findings) == 2


@settings(max_examples=40, deadline=None)
@given(elections(most=4))
def test_spoilers_are_those_of_the_election_without_them(ballots):
    found = election(ballots)
    for rule, count in (("Borda", choice.borda), ("Copeland", choice.copeland)):
        won = found.winners.get(rule)
        if won is None or len(won) > 1:
            continue
        for loser in set(ballots.alternatives) - set(won):
            rest = ballots.only(*(one for one in ballots.alternatives if one != loser))
            changed = tuple(count(rest).winners) != won
            assert (loser in found.spoilers.get(rule, {})) == changed


def test_single_ballots_are_gathered_and_told_as_they_are_together():
    rng = np.random.default_rng(1)
    single = Ballots(rng.random((400, 3)).argsort(1))
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        module = sys.modules[election.__module__]
        patch.setattr(module, "borda", lambda ballots: asked.append(ballots) or choice.borda(ballots))
        found, together = election(single), election(single.gathered())
    assert max(len(ballots.counts) for ballots in asked) == 6
    assert [one.sentence for one in found.findings] == [one.sentence for one in together.findings]
    assert found.ballots is single


def test_approval_ballots_are_asked_about_approval_alone():
    found = election(Ballots.of({"a = b": 3, "b": 2, "c": 4}))
    assert found.winners == {"approval": ("b",)}


def test_many_alternatives_leave_out_what_takes_too_long():
    orders = [list(itertools.islice(itertools.cycle(range(40)), k, k + 40)) for k in range(40)]
    found = election(Ballots(orders))
    assert not found.spoilers
    assert "Kemeny" not in found.winners
    assert len(found.winners["Borda"]) == 40


def test_an_audit_of_an_election_asks_each_rule_who_gains_and_what_fails():
    """Against what the audits say by themselves; all strict orders of three alternatives are tried."""
    ballots = Ballots.of({"road > park > pool": 4, "park > pool > road": 3, "pool > road > park": 2})
    found = om.audit(ballots)
    claims = {claim.statement: claim for claim in found.claims}
    assert len(claims) == 8 * 5
    assert found.design is found.verification is None
    ways = ["no voter gains by casting another ballot", "no voter gains by staying away"]
    ways += [f"no 2 to 4 voters with one ballot gain by {how}" for how in ("all casting another", "staying away")]
    axioms = ("majority", "majority loser", "Condorcet winner", "Condorcet loser", "Pareto", "reversal symmetry")
    for name, rule in voting_rules(ballots).items():
        alone = Manipulation(names=0)(rule, ballots)
        together = Manipulation(names=0, up_to=4, least=2, equal=True)(rule, ballots)
        for way, claim in zip(ways, (*alone, *together), strict=True):
            assert claims[f"By {name} {way}, at these ballots."].verdict == claim.verdict
        (asked,) = [claim for said, claim in claims.items() if said.startswith(f"By {name} ") and "axioms" in said]
        failing = {one for one in (*axioms, "monotonicity") if axiom_failure(rule, one, ballots) is not None}
        assert failing == set(asked.numbers.get("failing", {}))
        assert (asked.verdict == "refuted") == bool(failing)
    lie = claims["By instant runoff no voter gains by casting another ballot, at these ballots."]
    assert Manipulation().replay(choice.instant_runoff, lie.witness) == (1,)
    assert "REFUTED    By instant runoff no voter gains" in text(found)
    assert json(found) == json(om.audit(ballots))


def test_an_audit_says_by_which_lie_a_group_gains_most_and_which_axioms_fail():
    found = om.audit(Ballots.of(TENNESSEE))
    said = (
        "What was found to pay most by voting otherwise: by instant runoff, if 6 of the 42 who cast M > N > C > K cast "
        "N > M > C > K instead, N (first in the order of the alternatives, tied with K) wins where K did, 2 places "
        "higher on the sincere ballot."
    )
    assert said in text(found).replace("\n", " ")
    assert said in [one.sentence for one in found.findings]
    assert Manipulation().replay(choice.instant_runoff, found.strongest.numbers) == (2,)
    assert [claim.statement for claim in found.claims if "failing" in claim.numbers] == [
        "By plurality all axioms that were asked hold at these ballots. Majority loser, Condorcet winner, Condorcet "
        "loser and reversal symmetry fail; majority, Pareto and monotonicity hold.",
        "By instant runoff all axioms that were asked hold at these ballots. Condorcet winner and "
        "monotonicity fail; majority, majority loser, Condorcet loser, Pareto and reversal symmetry hold.",
    ]


def test_an_audit_in_which_nobody_gains_names_no_strongest_lie():
    found = om.audit(Ballots.of({"a > b": 3, "b > a": 2}))
    assert found.strongest is None
    assert "pay most" not in text(found)


def test_an_audit_of_many_voters_asks_few_questions_about_groups():
    found = om.audit(Ballots.of({"a > b > c": 4_000_000, "b > a > c": 3_000_000, "c > b > a": 2_000_000}))
    groups = [one for one in found.claims if "with one ballot gain by all casting another" in one.statement]
    assert 0 < max(one.numbers["n"] for one in groups) <= 2_500
    assert "up to 2,500" in found.unsought
    assert "if 1,000,000 of the 4,000,000 who cast a > b > c cast c > b > a instead, a (" in found.strongest.sentence


@pytest.mark.parametrize(
    ("ballots", "count"),
    [
        *((Ballots.of({"a = b": 3, "b": 2, "c": 4}), 4), (Ballots.of({"a > b": 3, "c > a": 2}), 32)),
        *((Ballots.of({"a = b > c": 3, "c > a": 2}), 32), (Ballots([list(range(13))] * 3), 0)),
    ],
)
def test_an_audit_fits_the_form_of_the_ballots(ballots, count):
    """Approvals, incomplete ballots and ties are answered by ballots like them, and axioms are for strict orders."""
    found = om.audit(ballots)
    assert len(found.claims) == count
    assert found.unsought in text(found).replace("\n", " ")
    assert not any("axioms" in claim.statement for claim in found.claims)
