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
    assert len(claims) == 8 * 3
    assert found.design is found.verification is None
    for name, rule in voting_rules(ballots).items():
        lie, away = Manipulation(names=0)(rule, ballots)
        assert claims[f"By {name} no voter gains by casting another ballot, at these ballots."].verdict == lie.verdict
        assert claims[f"By {name} no voter gains by staying away, at these ballots."].verdict == away.verdict
        (kept,) = [claim for said, claim in claims.items() if said.startswith(f"By {name} these axioms hold")]
        for axiom in kept.statement.rpartition(": ")[2].rstrip(".").split(", "):
            failure = axiom_failure(rule, axiom, ballots)
            assert (failure is not None) == (axiom in kept.numbers.get("failing", {}))
    lie = claims["By instant runoff no voter gains by casting another ballot, at these ballots."]
    assert Manipulation().replay(choice.instant_runoff, lie.witness) == (1,)
    assert "REFUTED    By instant runoff no voter gains" in text(found)
    assert json(found) == json(om.audit(ballots))


@pytest.mark.parametrize(
    ("ballots", "count"),
    [
        *((Ballots.of({"a = b": 3, "b": 2, "c": 4}), 2), (Ballots.of({"a > b": 3, "c > a": 2}), 16)),
        *((Ballots.of({"a = b > c": 3, "c > a": 2}), 16), (Ballots([list(range(13))] * 3), 0)),
    ],
)
def test_an_audit_fits_the_form_of_the_ballots(ballots, count):
    """Approvals, incomplete ballots and ties are answered by ballots like them, and axioms are for strict orders."""
    found = om.audit(ballots)
    assert len(found.claims) == count
    assert found.unsought in text(found).replace("\n", " ")
    assert not any("axioms" in claim.statement for claim in found.claims)
