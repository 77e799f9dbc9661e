"""Decisions are settled by a declared order, and say so; laws that voting rules keep."""

import numpy as np
import pytest
from elections import CYCLE, TENNESSEE, elections
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots, choice
from ostrom.core.errors import InputError, UnknownName

RULES = ("plurality", "approval", "borda", "copeland", "minimax", "schulze", "ranked_pairs", "instant_runoff")
CONDORCET = ("copeland", "minimax", "schulze", "ranked_pairs")


def test_a_tie_is_settled_by_a_declared_order_and_told():
    decision = choice.borda(CYCLE)
    settled = decision.settled(["c", "b", "a"])
    assert (settled.winner, settled.rounds[-1]) == (
        "c",
        "The tie of a, b and c is settled for c, the first of them in the declared order.",
    )
    assert settled == choice.borda(CYCLE).settled(["c", "b", "a"])
    assert choice.borda(TENNESSEE).settled(["K", "N", "C", "M"]) == choice.borda(TENNESSEE)
    with pytest.raises(InputError, match="a, b and c won"):
        _ = decision.winner
    with pytest.raises(InputError, match="leaves out c"):
        decision.settled(["a", "b"])
    with pytest.raises(UnknownName):
        decision.settled(["a", "b", "c", "d"])


@pytest.mark.parametrize(
    "rule",
    [*(getattr(choice, name) for name in RULES), choice.kemeny, choice.condorcet_winner, choice.condorcet_loser]
    + [choice.smith_set, choice.maximal_lotteries, choice.distortion, choice.metric_distortion]
    + [lambda given, rule=rule: rule(given, 1) for rule in (choice.equal_shares, choice.sequential_phragmen)]
    + [lambda given: choice.proportional_approval(given, 1), lambda given: choice.disagreements(given, "ab")]
    + [choice.strategy_proof_rules(2, 2)[0]],
)
@pytest.mark.parametrize("given_instead", [[[0, 1]], np.zeros((1, 2), int), {"a > b": 3}, None])
def test_what_is_no_election_is_refused_in_words(rule, given_instead):
    with pytest.raises(InputError, match=r"Give Ballots: Ballots\(\[\[0, 1\]\]\)"):
        rule(given_instead)


@pytest.mark.parametrize("name", [*RULES, "smith_set"])
@settings(max_examples=20, deadline=None)
@given(ballots=elections(least=2), random=st.randoms())
def test_names_and_voters_do_not_matter(name, ballots, random):
    """Neutral: alternatives in another order win all the same. Anonymous: so do they with ballots in another order."""
    rule = getattr(choice, name)
    names, order = list(ballots.alternatives), list(range(len(ballots.ranks)))
    random.shuffle(names)
    random.shuffle(order)
    other = Ballots(ballots.ranks[order], ballots.counts[order], ballots.alternatives).only(*names)
    one_by_one = Ballots(np.repeat(ballots.ranks, ballots.counts, axis=0))
    decision = rule(ballots)
    assert set(rule(other).winners) == set(decision.winners)
    assert rule(one_by_one) == decision
    assert decision.winners == tuple(one for one in ballots.alternatives if one in decision.winners)


@pytest.mark.parametrize("name", CONDORCET)
@settings(max_examples=40, deadline=None)
@given(ballots=elections(least=2))
def test_a_condorcet_winner_wins_alone(name, ballots):
    winner = choice.condorcet_winner(ballots)
    assert winner is None or getattr(choice, name)(ballots).winners == (winner,)


@pytest.mark.parametrize("name", ["borda", "copeland", "schulze", "ranked_pairs", "instant_runoff"])
@settings(max_examples=40, deadline=None)
@given(ballots=elections(least=2, strict=True))
def test_a_condorcet_loser_never_wins(name, ballots):
    assert choice.condorcet_loser(ballots) not in getattr(choice, name)(ballots).winners


@pytest.mark.parametrize("name", ["copeland", "schulze", "ranked_pairs"])
@settings(max_examples=40, deadline=None)
@given(ballots=elections(least=2))
def test_winners_are_in_the_smith_set(name, ballots):
    assert set(getattr(choice, name)(ballots).winners) <= set(choice.smith_set(ballots).winners)


@pytest.mark.parametrize("name", [rule for rule in RULES if rule != "instant_runoff"])
@settings(max_examples=40, deadline=None)
@given(ballots=elections(least=2, strict=True), which=st.integers(0, 5))
def test_who_wins_and_rises_still_wins(name, ballots, which):
    """Monotone: a winner that a ballot puts first, the rest in its order, is still a winner."""
    rule, row = getattr(choice, name), which % len(ballots.ranks)
    for winner in rule(ballots).winners:
        ranks = ballots.ranks.copy()
        ranks[row, ballots.index(winner)] = -1
        ranks[row] += 1
        assert winner in rule(Ballots(ranks, ballots.counts)).winners


@pytest.mark.parametrize("name", [*RULES, "kemeny", "smith_set"])
@settings(max_examples=40, deadline=None)
@given(ballots=elections(most=4))
def test_the_winners_are_the_first_tier_of_a_ranking(name, ballots):
    found = getattr(choice, name)(ballots)
    assert found.ranking or name in ("ranked_pairs", "instant_runoff")  # which follow several courses
    assert not found.ranking or set(found.ranking[0]) == set(found.winners)
    assert not found.ranking or sorted(sum(found.ranking, ())) == sorted(ballots.alternatives)
