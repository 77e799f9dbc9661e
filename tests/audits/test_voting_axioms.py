"""Axioms of voting rules: stored answers of pref_voting, what the literature says, planted faults, and replays."""

import json
from itertools import permutations, product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import choice
from ostrom.audits.voting_axioms import (
    axiom_failure,
    axioms_of_voting,
    property_matrix,
    replay_axiom,
    voting_axioms,
)
from ostrom.choice.cultures import impartial, mallows
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.ballots import Ballots

STORED = json.loads((Path(__file__).parent / "data" / "voting_axioms.json").read_text(encoding="utf-8"))["failing"]


def won(ballots, names):
    return SimpleNamespace(winners=tuple(names))


def dictator(ballots):
    """The first ballot decides."""
    return won(ballots, [ballots.alternatives[int(ballots.ranks[0].argmin())]])


def first_name(ballots):
    return won(ballots, ballots.alternatives[:1])


def worst(ballots):
    """Whoever has the most last places: what not to do."""
    last = ballots.counts @ (ballots.ranks == ballots.ranks.max())
    return won(ballots, [ballots.alternatives[k] for k in np.flatnonzero(last == last.max())])


def everybody(ballots):
    return won(ballots, ballots.alternatives)


@pytest.mark.parametrize("rule", STORED)
def test_as_many_elections_fail_as_in_pref_voting(rule):
    asked = getattr(choice, rule)
    for ties in ("optimistic", "pessimistic"):
        names = [name for name in STORED[rule] if " o" not in name and " pess" not in name]
        names += ["participation", "strategy-proofness"]
        for name, claim in zip(names, voting_axioms(asked, names, ties=ties), strict=True):
            assert claim.numbers["failing"] == STORED[rule][name if name in STORED[rule] else f"{name} {ties}"], name
            assert claim.numbers["elections"] == 6 + 21 + 56 + 126


def test_the_table_of_the_literature():
    """Which rules keep what (Brandt et al., Handbook of Computational Social Choice, chapters 2 to 4)."""
    rules = {name: getattr(choice, name) for name in ("plurality", "borda", "instant_runoff", "schulze")}
    asked = ["majority", "majority loser", "Condorcet winner", "reinforcement", "participation", "reversal symmetry"]
    found = property_matrix(rules, asked, voters=range(1, 5))
    fails = {rule: {axiom for axiom in asked if found.fails(rule, axiom)} for rule in rules}
    assert fails == {
        "plurality": {"majority loser", "Condorcet winner", "reversal symmetry"},
        "borda": {"majority", "Condorcet winner"},
        "instant_runoff": {"Condorcet winner", "reinforcement", "participation"},
        "schulze": {"reinforcement"},
    }
    twins = property_matrix(rules, ["independence of clones"], voters=3)
    assert [twins.fails(rule, "independence of clones") for rule in rules] == [True, True, False, False]
    assert found.markdown().splitlines()[2].startswith("| majority | yes | ")
    assert found.share("schulze", "majority") == 0


def test_instant_runoff_is_not_monotone():
    """A known election (Brams and Fishburn 2002): lifted by two voters, the winner loses."""
    ballots = Ballots.of({"a > b > c": 6, "c > a > b": 5, "b > c > a": 4, "b > a > c": 2})
    assert choice.instant_runoff(ballots).winners == ("a",)
    witness = axiom_failure(choice.instant_runoff, "monotonicity", ballots)
    assert witness["winners"]["election"] == ["a"]
    assert "a" not in witness["winners"]["other"]
    assert axiom_failure(choice.schulze, "monotonicity", ballots) is None


@pytest.mark.parametrize("rule", ["copeland", "minimax"])
def test_condorcet_rules_have_voters_who_had_better_stayed_away(rule):
    """With four alternatives and 12 voters all of them do (Moulin 1988; Brandt, Geist and Peters 2017)."""
    asked, drawn = getattr(choice, rule), {"voters": 12, "alternatives": 4, "culture": impartial, "samples": 400}
    claim = voting_axioms(asked, ["participation"], seed=1, **drawn)[0]
    assert claim.verdict == "refuted"
    low, high = claim.numbers["interval"]
    assert 0 < low < claim.numbers["share"] < high
    assert replay_axiom(asked, claim.witness) == {k: tuple(v) for k, v in claim.witness["winners"].items()}
    assert voting_axioms(choice.borda, ["participation"], seed=1, **drawn)[0].verdict == "supported"


def test_planted_faults_are_found_and_a_dictator_is_what_it_is():
    kept = {claim.statement.split(" holds")[0] for claim in voting_axioms(first_name) if claim.verdict == "proved"}
    assert {"Anonymity", "Strategy-proofness", "Participation", "Monotonicity"} <= kept
    assert not {"Neutrality", "Pareto", "Reversal symmetry"} & kept
    claims = dict(zip(axioms_of_voting(), voting_axioms(dictator, voters=(1, 2, 3), anonymous=False), strict=True))
    broken = {name for name, claim in claims.items() if claim.verdict == "refuted"}
    assert broken == {"anonymity", "majority", "majority loser", "Condorcet winner", "Condorcet loser"}
    assert claims["strategy-proofness"].verdict == "proved"
    wrong = {c.statement.split(" holds")[0] for c in voting_axioms(worst, voters=3) if c.verdict == "refuted"}
    assert {"Majority", "Pareto", "Monotonicity", "Strategy-proofness"} <= wrong
    tied = {c.statement.split(" holds")[0] for c in voting_axioms(everybody, voters=3) if c.verdict == "refuted"}
    assert {"Resoluteness", "Majority", "Pareto", "Condorcet loser"} <= tied
    assert not {"Neutrality", "Anonymity", "Independence of clones", "Reinforcement"} & tied


def test_every_witness_replays():
    for rule in (worst, choice.plurality):
        for claim in voting_axioms(rule, voters=(2, 3)):
            if claim.verdict == "refuted":
                again = replay_axiom(rule, claim.witness)
                assert again == {key: tuple(names) for key, names in claim.witness["winners"].items()}
                assert claim.numbers["failing"] > 0


def lie_pays(rows, points):
    """Whether one of these voters gains by another order, under a scoring rule with ties broken by number."""

    def winner(rows):
        return max(range(3), key=lambda k: (sum(points[row[k]] for row in rows), -k))

    return any(
        row[winner([*rows[:i], lie, *rows[i + 1 :]])] < row[winner(rows)]
        for i, row in enumerate(rows)
        for lie in permutations(range(3))
    )


def test_shares_are_those_of_the_impartial_culture():
    """The index of Nitzan and Kelly: the share of the 216 ways to rank at which a lie pays, ties broken by name."""
    for rule, points in ((choice.plurality, (1, 0, 0)), (choice.borda, (2, 1, 0))):
        many = sum(lie_pays(rows, points) for rows in product(permutations(range(3)), repeat=3))
        assert many == (36 if points[1] == 0 else 51)
        claim = voting_axioms(rule, ["strategy-proofness"], voters=3)[0]
        assert claim.numbers["impartial share"] == pytest.approx(many / 216)
        ordered = voting_axioms(rule, ["strategy-proofness"], voters=3, anonymous=False)[0]
        assert (ordered.numbers["failing"], ordered.numbers["elections"]) == (many, 216)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_one_election_agrees_with_plain_definitions(seed, voters):
    ballots = impartial(voters, 3, seed)
    rows, names = [tuple(row) for row in ballots.ranks.tolist()], ballots.alternatives

    def wins(rows):
        return set(choice.borda(Ballots(rows)).winners)

    here, best = wins(rows), min(wins(rows))
    lies = [
        (i, lie)
        for i, row in enumerate(rows)
        for lie in permutations(range(3))
        if row[names.index(min(wins([*rows[:i], lie, *rows[i + 1 :]])))] < row[names.index(best)]
    ]
    assert (axiom_failure(choice.borda, "strategy-proofness", ballots) is not None) == bool(lies)
    spoilt = any(
        set(choice.borda(ballots.only(*(one for one in names if one != gone))).winners) != here
        for gone in names
        if gone not in here
    )
    assert (axiom_failure(choice.borda, "independence of losers", ballots) is not None) == spoilt
    turned = wins([tuple(2 - place for place in row) for row in rows])
    assert (axiom_failure(choice.borda, "reversal symmetry", ballots) is not None) == (
        len(here) == 1 and here <= turned
    )


def test_what_was_only_looked_at_in_part_is_not_proved():
    claim = voting_axioms(choice.borda, ["reinforcement"], voters=4, most=5)[0]
    assert (claim.verdict, claim.method.endswith("in part")) == ("supported", True)
    drawn = voting_axioms(
        choice.schulze,
        ["Condorcet winner"],
        voters=9,
        culture=lambda n, m, rng: mallows(n, m, rng, dispersion=0.8),
        samples=50,
    )[0]
    assert (drawn.verdict, drawn.numbers["n"]) == ("supported", 50)


def test_more_alternatives_than_all_orders_can_be_tried_of():
    """With seven, orders are drawn: faults are found all the same, and nothing is called proved."""
    asked = ["neutrality", "strategy-proofness", "independence of irrelevant alternatives"]
    drawn = {"voters": 4, "alternatives": 7, "culture": impartial, "samples": 3, "most": 60}
    assert voting_axioms(first_name, asked, **drawn)[0].verdict == "refuted"
    steady = voting_axioms(choice.plurality, asked, **drawn)
    assert [claim.verdict for claim in steady][::2] == ["supported", "refuted"]
    assert voting_axioms(choice.borda, asked, **drawn)[1].verdict == "refuted"
    assert axiom_failure(choice.borda, "neutrality", impartial(4, 7, 0), most=60) is None


def test_what_cannot_be_is_refused():
    with pytest.raises(UnknownName, match="monotonicity"):
        voting_axioms(choice.borda, ["monotonic"])
    with pytest.raises(TooLarge, match="culture"):
        voting_axioms(choice.borda, ["majority"], voters=9, alternatives=4)
    with pytest.raises(InputError, match="at least 1"):
        voting_axioms(choice.borda, voters=0)
    with pytest.raises(InputError, match="strict order"):
        axiom_failure(choice.borda, "majority", Ballots.of(["a = b > c"]))
    with pytest.raises(InputError, match="winners"):
        voting_axioms(lambda ballots: "a", ["majority"])
    with pytest.raises(InputError, match="optimistic"):
        voting_axioms(choice.borda, ["participation"], ties="expected")
