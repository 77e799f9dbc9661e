"""Moratoria: the fewest rounds of rest, against streams of payoffs summed by hand and games with planted failures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.society import Session
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers.moratorium import moratorium
from ostrom.games import PrisonersDilemma
from ostrom.institutions.graduated_sanctions import GraduatedSanctions

MOVES = ("C", "D", "rest")


def fishery(gain, worth, outside):
    """Two who may overfish or stay ashore: what one does ashore is nobody else's affair."""
    own = {"C": worth, "D": worth + gain, "rest": outside}
    return NormalForm([[[own[a], own[b]] for b in MOVES] for a in MOVES], moves=MOVES)


def worth_of(gain, worth, outside, discount, rounds, horizon=3_000):
    """What breaking the rule whenever one may is worth, summed round by round; and what keeping it is."""
    broken = kept = 0.0
    left = 0
    for t in range(horizon):
        broken += discount**t * (outside if left else worth + gain)
        left = left - 1 if left else rounds
        kept += discount**t * worth
    return broken, kept


@given(st.integers(1, 6), st.integers(1, 6), st.integers(-4, 0), st.sampled_from([0.3, 0.5, 0.6, 0.75, 0.9]))
@settings(deadline=None, max_examples=15)
def test_the_fewest_rounds_by_summing_payoffs_round_by_round(gain, worth, outside, discount):
    found = moratorium(fishery(gain, worth, outside), ("C", "C"), discount=discount, rest="rest", margin=1e-6)
    does = [k for k in range(1, 40) if (w := worth_of(gain, worth, outside, discount, k))[0] < w[1] - 1e-5]
    if isinstance(found, Impossible):
        assert not does
        assert found.numbers["least discount"] == pytest.approx(gain / (gain + worth - outside), abs=1e-5)
        assert found.numbers["least discount"] >= discount - 1e-5
        return
    assert does[0] == found.size == found.institution.exclusion  # type: ignore[attr-defined]
    assert {claim.verdict for claim in found.claims} == {"proved"}


def test_the_rule_is_graduated_sanctions_without_a_fine():
    found = moratorium(fishery(2, 3, 0), ("C", "C"), discount=0.5)
    assert isinstance(found, Proposal)
    assert found.institution == GraduatedSanctions("D", 0.0, (0.0,), exclusion=2, rest="rest")
    assert found.numbers["share of rounds"] == pytest.approx(2 / 3)
    assert found.numbers["least discount"] == pytest.approx(2 / 5)
    assert [claim.verdict for claim in found.claims] == ["proved", "proved"]
    repeated = fishery(2, 3, 0).repeated(0.5)

    def keep(look):
        return {"act": "C" if "C" in look.choices["act"] else "rest"}

    assert repeated.under(found.institution).gains(keep).max() <= 1e-9
    short = GraduatedSanctions("D", 0.0, (0.0,), exclusion=1, rest="rest")
    assert repeated.under(short).gains(keep).max() > 0.1


def test_in_a_session_the_breaker_rests_and_the_other_goes_on():
    found = moratorium(fishery(2, 3, 0), ("C", "C"), discount=0.5)
    assert isinstance(found, Proposal)
    session, open_ = Session(fishery(2, 3, 0), [found.institution], rounds=4), []
    for first in ("D", "rest", "rest", "C"):
        open_.append([session.look(seat).choices["act"] for seat in (0, 1)])
        session.submit(0, {"act": first})
        session.submit(1, {"act": "C"})
    assert open_ == [[MOVES, MOVES], [("rest",), MOVES], [("rest",), MOVES], [MOVES, MOVES]]
    assert session.totals.tolist() == [5 + 0 + 0 + 3, 12]


def test_others_who_gain_from_somebodys_rest_are_noticed():
    """The closed form holds at the first state; while one rests the other gains by D, and by more than it loses."""
    table = [
        [[3, 3], [0, 5], [3, 0]],
        [[5, 0], [1, 1], [40, 0]],
        [[0, 3], [0, 40], [0, 0]],
    ]
    found = moratorium(NormalForm(table, moves=MOVES), ("C", "C"), discount=0.8)
    assert isinstance(found, Impossible)
    assert "not stable at every state" in found.because


def test_the_resting_move_that_takes_fewest_rounds_is_taken():
    own = {"C": 3, "D": 5, "far": 2, "farther": -9}
    game = NormalForm([[[own[a], own[b]] for b in own] for a in own], moves=tuple(own))
    found = moratorium(game, ("C", "C"), discount=0.7)
    assert isinstance(found, Proposal)
    assert found.numbers["rest"] == "farther"
    assert found.size == 1
    far = moratorium(game, ("C", "C"), discount=0.6, rest="far")
    assert far.numbers["least discount"] == pytest.approx((2 + 0.14) / (2 + 0.14 + 1))


def test_why_there_is_none():
    dilemma = moratorium(PrisonersDilemma(), discount=0.9)
    assert isinstance(dilemma, Impossible)
    assert "No resting move is worse" in dilemma.because
    kept = moratorium(NormalForm([[[3, 3], [0, 0]], [[0, 0], [1, 1]]], moves=("C", "D")), discount=0.9)
    assert isinstance(kept, Impossible)
    assert "Nobody gains" in kept.because
    several = NormalForm([[[3, 3], [0, 4], [0, 5]], [[4, 0]] + [[1, 1]] * 2, [[5, 0]] + [[1, 1]] * 2])
    found = moratorium(several, ("1", "1"), discount=0.9)
    assert isinstance(found, Impossible)
    assert "more than one move" in found.because


@pytest.mark.parametrize(
    "options", [{"discount": 1.0}, {"discount": 0.0}, {"discount": 0.5, "margin": 0.0}, {"discount": 0.5, "rest": "D"}]
)
def test_what_cannot_be_used(options):
    with pytest.raises(InputError):
        moratorium(fishery(2, 3, 0), ("C", "C"), **options)
    with pytest.raises(UnknownName):
        moratorium(fishery(2, 3, 0), ("C", "C"), discount=0.5, rest="sleep")
