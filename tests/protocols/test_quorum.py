"""Votes by quorum: safe and live from n = 3f + 1 on, and a counterexample to either below."""

from itertools import product

import pytest

from ostrom.audits.honesty import honesty
from ostrom.audits.model_check import model_check
from ostrom.core.errors import InputError
from ostrom.protocols import Quorum


def splits(n, q, f):
    """Whether f faulty members, the dealer among them, can make two honest ones decide differently: by counting."""
    others = n - f
    return any(told.count(0) + f >= q and told.count(1) + f >= q for told in product((0, 1), repeat=others))


@pytest.mark.parametrize(("n", "q", "f"), [(3, 2, 1), (3, 3, 1), (4, 2, 1), (4, 3, 1), (4, 4, 1), (5, 3, 1)])
def test_agreement_is_broken_where_counting_says_so(n, q, f):
    _, agree, valid, _ = model_check(Quorum(members=n, votes=q), f).claims
    assert (agree.verdict == "refuted") == splits(n, q, f) == (2 * q <= n + f)
    assert valid.verdict == ("proved" if q > f else "refuted")


@pytest.mark.parametrize(("n", "q"), [(3, 2), (3, 3), (4, 3), (4, 4)])
def test_members_decide_where_enough_are_honest(n, q):
    *_, live = model_check(Quorum(members=n, votes=q), 1).claims
    assert (live.verdict == "proved") == (q <= n - 1)


def test_four_are_enough_for_one_traitor_and_three_are_not():
    assert model_check(Quorum(members=4, votes=3), 1).verdict == "proved"
    assert all(model_check(Quorum(members=3, votes=q), 1).verdict == "refuted" for q in (1, 2, 3))


def test_the_counterexample_replays():
    protocol = Quorum(members=3, votes=2)
    witness = model_check(protocol, 1).claims[1].witness
    assert witness["faulty"] == ["dealer"]
    state = protocol.follow(witness["trace"])
    assert {protocol.decided(state, 1), protocol.decided(state, 2)} == {(True, False), (False, True)}
    assert len(witness["trace"]) == 6


def test_more_states_than_the_budget_prove_nothing():
    """A dealer and an accomplice among five."""
    found = model_check(Quorum(members=5, votes=3), ["dealer", "member 2"], limit=20_000)
    assert found.status == "partial"
    assert found.claims[0].verdict == "unknown"
    assert "budget" in found.claims[0].numbers["reason"]


def test_the_dealer_gains_by_double_talk_only_where_it_can_split():
    three, four = honesty(Quorum(members=3, votes=2)), honesty(Quorum(members=4, votes=3))
    assert three.gains[("dealer",)] == pytest.approx(1.0)  # the prize of 2 for what agreement is worth
    assert four.verdict == "proved"
    assert honesty(Quorum(members=3, votes=2), kinds=("silent",)).verdict == "proved"


def test_more_votes_than_members_are_refused():
    with pytest.raises(InputError, match="5 votes of 4 members"):
        Quorum(members=4, votes=5)
