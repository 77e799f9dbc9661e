"""Clauses and the sets of removals that satisfy them: two ways to the lightest, against each other and by counting."""

from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import TooLarge
from ostrom.designers._clauses import Clause, Listed, PureClauses, kept_moves
from ostrom.designers._fewest import Task, Tree, fewest
from ostrom.designers._learners import LearnerClauses
from ostrom.designers._odds import exact_odds, gains_of_always

MOVES = [(i, k) for i in range(3) for k in range(3)]
SETS = st.frozensets(st.sampled_from(MOVES), max_size=4)
CLAUSES = st.lists(st.builds(Clause, SETS, SETS), max_size=12).map(tuple)


def subsets(moves):
    return map(frozenset, chain.from_iterable(combinations(moves, size) for size in range(len(moves) + 1)))


def setting(seed, sizes, learners=False):
    """A random game with its best joint move as the target: the task and its clauses."""
    payoffs = np.random.default_rng(seed).integers(0, 10, (*sizes, len(sizes))).astype(float)
    worth = payoffs.mean(-1)
    place = tuple(int(k) for k in np.unravel_index(int(worth.argmax()), sizes))
    forced = set()
    for i, size in enumerate(sizes):
        own = payoffs[(*place[:i], slice(None), *place[i + 1 :], i)]
        forced |= {(i, k) for k in range(size) if own[k] > own[place[i]]}
    moves = [(i, k) for i, size in enumerate(sizes) for k in range(size) if k != place[i]]
    task = Task(tuple(m for m in moves if m not in forced), frozenset(forced), dict.fromkeys(moves, 1.0))
    if learners:
        return task, LearnerClauses(payoffs, worth, float(worth[place]), place)
    unwanted = np.ones(sizes, bool)
    unwanted[place] = False
    return task, PureClauses(payoffs, unwanted)


def test_a_clause_asks_for_a_used_move_to_go_or_a_tempting_one_to_stay():
    clause = Clause(frozenset({(0, 1), (1, 1)}), frozenset({(0, 2)}))
    assert not clause.broken(frozenset())  # the temptation is open
    assert clause.broken(frozenset({(0, 2)}))
    assert not clause.broken(frozenset({(0, 2), (1, 1)}))
    assert not Clause(frozenset({(0, 0)}), frozenset({(0, 0)})).broken(frozenset({(0, 0)}))


@settings(max_examples=40)
@given(CLAUSES, SETS, st.lists(st.integers(1, 5), min_size=9, max_size=9))
def test_both_ways_find_the_lightest_set_that_counting_finds(clauses, forced, weights):
    """Whatever the clauses; where nothing satisfies them the tree says so."""
    task = Task(tuple(m for m in MOVES if m not in forced), forced, dict(zip(MOVES, weights, strict=True)))
    fine = [out | forced for out in subsets(task.free) if not any(c.broken(out | forced) for c in clauses)]
    tree = Tree(task, Listed(clauses))
    found = tree.lightest()
    assert tree.complete
    if not fine:
        assert found is None
        return
    least = min(map(task.weight, fine))
    assert found in fine
    assert task.weight(found) == least
    assert Tree(task, Listed(clauses)).lightest(below=least) is None
    if task.forced | set(task.free) in fine:  # the programs start from there
        answer = fewest(task, Listed(clauses), 10.0)
        assert answer.removed in fine
        assert (answer.optimal, answer.at_least, task.weight(answer.removed)) == (True, least, least)


@pytest.mark.parametrize("sizes", [(4, 4), (3, 3, 2)])
@pytest.mark.parametrize("start", [0, 50])
def test_programs_and_tree_agree_on_two_hundred_games(sizes, start):
    for seed in range(start, start + 50):
        task, clauses = setting(seed, sizes)
        tree, program = Tree(task, clauses), fewest(task, clauses, 10.0)
        removed = tree.lightest()
        assert removed is not None
        assert tree.complete
        assert program.optimal
        assert len(removed) == len(program.removed) == program.at_least
        assert not clauses.broken(removed)
        assert not clauses.broken(program.removed)


def test_programs_and_tree_agree_for_learners():
    for seed in range(6):
        task, clauses = setting(seed, (3, 3, 2), learners=True)
        program = fewest(task, clauses, 10.0)
        removed = Tree(*setting(seed, (3, 3, 2), learners=True)).lightest()
        assert removed is not None
        assert program.optimal
        assert len(removed) == len(program.removed)
        assert Tree(task, Listed(program.used)).lightest(below=len(removed)) is None


def test_a_tree_that_was_cut_short_says_so():
    task, clauses = setting(3, (4, 4, 4))
    tree = Tree(task, clauses, nodes=1)
    assert tree.lightest() is None
    assert not tree.complete


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.data())
def test_pure_clauses_are_those_of_the_equilibria_that_are_left(seed, data):
    """Each broken clause by its definition: the joint move is left, and all that gains against it is removed."""
    sizes = (3, 2, 3)
    payoffs = np.random.default_rng(seed).integers(0, 4, (*sizes, 3)).astype(float)
    moves = [(i, k) for i, size in enumerate(sizes) for k in range(1, size)]
    removed = data.draw(st.frozensets(st.sampled_from(moves)))
    expected = set()
    for place in np.ndindex(*sizes):
        tempting = {
            (i, k)
            for i, size in enumerate(sizes)
            for k in range(size)
            if payoffs[(*place[:i], k, *place[i + 1 :])][i] > payoffs[place][i]
        }
        if tempting <= removed and not removed & set(enumerate(place)):
            expected.add(Clause(frozenset(enumerate(place)), frozenset(tempting)))
    found = PureClauses(payoffs, np.ones(sizes, bool)).broken(removed)
    assert set(found) == expected
    assert all(clause.broken(removed) for clause in found)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.data())
def test_odds_of_learners_are_exact_and_bad_and_stable(seed, data):
    task, clauses = setting(seed, (3, 3, 2), learners=True)
    removed = task.forced | data.draw(st.frozensets(st.sampled_from(task.free)) if task.free else st.just(frozenset()))
    for clause in clauses.broken(removed, 10.0):
        witness = clauses.witnesses[clause]
        places, odds = np.array([p for p, _ in witness.odds]), np.array([q for _, q in witness.odds])
        gains = gains_of_always(clauses.payoffs, places, exactly=True) @ odds
        kept = {(i, k) for i, own in enumerate(kept_moves((3, 3, 2), removed)) for k in own}
        every = [(i, k) for i, size in enumerate((3, 3, 2)) for k in range(size)]
        assert witness.exact
        assert odds.sum() == 1
        assert odds.min() > 0
        assert all(gain <= 0 for move, gain in zip(every, gains, strict=True) if move in kept)
        assert clause.profitable == {move for move, gain in zip(every, gains, strict=True) if gain > 0}
        assert clause.support == {move for place in places.tolist() for move in enumerate(place)} <= kept
        assert sum(q * clauses.worth[tuple(p)] for p, q in witness.odds) < clauses.floor
        assert clause.broken(removed)


def test_odds_become_rational_only_where_incentives_pin_them_down():
    pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    places, kept, units = np.argwhere(np.ones((2, 2))), np.ones(4, bool), np.full(4, 2.0)
    assert exact_odds(pennies, places, np.full(4, 0.25 + 1e-12), kept, units) == [Fraction(1, 4)] * 4
    assert exact_odds(np.zeros((2, 2, 2)), places, np.full(4, 0.25), kept, units) is None
    assert exact_odds(pennies, places[:1], np.ones(1), kept, units) is None  # the second player gains
    assert exact_odds(pennies, places[:1], np.ones(1), ~kept, units) == [1]


def test_rounding_counts_against_what_is_unwanted():
    """A gain by rounding does not make a joint move unstable, unless payoffs are whole numbers."""
    payoffs = np.zeros((2, 2, 2))
    payoffs[0, 1, 1] = 1e-12
    payoffs[1, 1, 1] = 0.5
    place = np.array([[0, 0]])
    assert PureClauses(payoffs, np.ones((2, 2), bool)).of(place)[0].profitable == frozenset()
    assert PureClauses(2e12 * payoffs, np.ones((2, 2), bool)).of(place)[0].profitable == {(1, 1)}


def test_what_is_too_large_is_refused():
    huge = np.broadcast_to(np.zeros(2), (4000, 4000, 2))
    with pytest.raises(TooLarge):
        PureClauses(huge, np.ones((1, 1), bool))
    with pytest.raises(TooLarge):
        LearnerClauses(np.zeros((300, 300, 2)), np.zeros((300, 300)), 0.0, (0, 0))
