"""Mediated single texts: replays, what hill climbers end at, and the dilemma of Klein and others (2003)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.single_text import Voter, replay_votes, single_text, voters_game
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.negotiation import Negotiation


def entangled(seed, issues=8, deadline=200):
    """Binary issues whose worth depends on each other, as in the paper: a random weight on every pair."""
    pairs = np.random.default_rng(seed).uniform(-1, 1, (2, issues, issues))
    bits = np.array(list(np.ndindex(*[2] * issues)))
    worth = np.einsum("ki,pij,kj->pk", bits, pairs, bits)
    return Negotiation({f"c{k}": (0, 1) for k in range(issues)}, worth, worth.min(1), deadline=deadline)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 9999), st.sampled_from(["hill climber", "annealer"]), st.sampled_from(["hill climber", "annealer"])
)
def test_votes_decide_and_every_trace_replays(seed, one, two):
    case = entangled(seed, 5, 40)
    found = single_text(case, (one, two), seed=seed)
    assert found == single_text(case, (one, two), seed=seed)
    assert replay_votes(case, found.trace) == found.agreement
    assert len(found.trace) == 1 + 40 * 3


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999))
def test_hill_climbers_never_lose_and_end_where_no_change_helps(seed):
    case = entangled(seed, 6, 20)
    found = single_text(case, ("hill climber", "hill climber"), seed=seed, exhaustive=True)
    worth = [case.utilities[:, case.index(found.trace[0].outcome)]]
    for k in range(1, len(found.trace), 3):
        if all(vote.act == "accepts" for vote in found.trace[k + 1 : k + 3]):
            worth.append(case.utilities[:, case.index(found.trace[k].outcome)])
    assert (np.diff(worth, axis=0) >= 0).all()
    at = case.index(found.agreement)
    for k in range(case.count):
        if (case.places[k] != case.places[at]).sum() == 1:
            gains = case.utilities[:, k] - case.utilities[:, at]
            assert not ((gains >= 0).all() and (gains > 0).any())


def test_annealing_is_cooperation_in_a_prisoners_dilemma():
    """Two annealers do better than two hill climbers, and a hill climber does best against an annealer."""
    found = voters_game([entangled(k) for k in range(10)], ("hill climber", Voter("annealer", 0.2)), seeds=3)
    (both, exploits), (exploited, together) = found.game.payoffs[..., 0]
    assert exploits > together > both > exploited
    assert found.efficient[1, 1] < found.efficient[0, 0]


def test_a_draft_that_is_worse_than_nothing_is_no_agreement():
    case = Negotiation({"a": (0, 1)}, [[1, 0], [0, 1]], [2, 2], deadline=3)
    found = single_text(case, ("hill climber", "annealer"))
    assert found.agreement is None
    assert found.utilities == (2.0, 2.0)


def test_where_nothing_can_be_changed_the_draft_stays():
    case = Negotiation({"a": ("only",)}, [[1], [1]], deadline=2)
    assert single_text(case, ("annealer", "annealer")).agreement == ("only",)


def test_forged_traces_are_refused():
    case = entangled(0, 4, 5)
    trace = list(single_text(case, ("hill climber", "hill climber")).trace)
    for forged in (
        [],
        trace[1:],
        trace[:-1],
        [trace[0], trace[1]._replace(party="party 1"), *trace[2:]],
        [trace[0], trace[2], trace[1], *trace[3:]],
        [trace[0]._replace(outcome=tuple("1" if bit == "0" else "0" for bit in trace[0].outcome)), *trace[1:]],
    ):
        with pytest.raises(InputError):
            replay_votes(case, forged)


def test_what_cannot_be_run_is_refused():
    case = entangled(0, 3, 5)
    with pytest.raises(InputError):
        single_text(case, ("hill climber",))
    with pytest.raises(UnknownName):
        single_text(case, ("hill climber", "valley climber"))
    for call in (lambda: Voter("hot", -1), lambda: voters_game(case, ("annealer", Voter("annealer", 2)))):
        with pytest.raises(InputError):
            call()
