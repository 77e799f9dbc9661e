"""Strong and coalition-proof equilibria: literature's examples, the audit, and brute force by the definitions."""

import itertools
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ostrom as om
from ostrom.audits import Coalitions
from ostrom.core.errors import TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import coalition_proof, pure_equilibria, strong_nash

SHAPES = st.sampled_from([(2, 2), (3, 2), (2, 2, 2), (2, 3, 2), (2, 2, 2, 2)])


def table(shape, seed, high):
    return np.random.default_rng(seed).integers(0, high, (*shape, len(shape)))


def by_definition(payoffs, lasting):
    """Bernheim, Peleg and Whinston's recursion, word for word: agreements of a group given what the others do."""
    sizes = payoffs.shape[:-1]
    players = tuple(range(len(sizes)))

    def moves(place, group):
        for own in itertools.product(*(range(sizes[i]) for i in group)):
            other = list(place)
            for i, move in zip(group, own, strict=True):
                other[i] = move
            yield tuple(other)

    def better(one, other, group):
        return all(payoffs[(*one, i)] > payoffs[(*other, i)] for i in group)

    @cache
    def enforces(place, group):
        if len(group) == 1:
            return not any(better(other, place, group) for other in moves(place, group))
        parts = [part for size in range(1, len(group)) for part in itertools.combinations(group, size)]
        if not all(enforces(place, part) for part in parts):
            return False
        able = [
            other
            for other in moves(place, group)
            if better(other, place, group) and all(enforces(other, p) for p in parts)
        ]
        return not able

    places = itertools.product(*(range(size) for size in sizes))
    if lasting:
        return {place for place in places if enforces(place, players)}
    groups = [part for size in range(1, len(players) + 1) for part in itertools.combinations(players, size)]
    return {p for p in places if not any(better(other, p, own) for own in groups for other in moves(p, own))}


@given(SHAPES, st.integers(0, 10**6), st.sampled_from([3, 5, 20]), st.booleans())
@settings(max_examples=60)
def test_they_are_what_the_definitions_say(shape, seed, high, lasting):
    payoffs = table(shape, seed, high)
    found = (coalition_proof if lasting else strong_nash)(NormalForm(payoffs))
    assert set(found.profiles) == by_definition(payoffs, lasting)
    assert found.status == "complete"


@given(SHAPES, st.integers(0, 10**6), st.booleans())
@settings(max_examples=15)
def test_the_audit_agrees(shape, seed, lasting):
    """Verdict by verdict, at every pure equilibrium: the audit asks about one joint move, in rationals."""
    game = NormalForm(table(shape, seed, 4))
    found = (coalition_proof if lasting else strong_nash)(game)
    for place in pure_equilibria(game).profiles:
        claims = Coalitions()(game, game.labels(place))
        holds = claims[-1 if lasting else 0].verdict == "proved"
        assert holds == (place in found.profiles)


@given(SHAPES, st.integers(0, 10**6), st.booleans())
@settings(max_examples=30)
def test_refuted_equilibria_come_with_a_group_that_gains(shape, seed, lasting):
    game = NormalForm(table(shape, seed, 4))
    found = (coalition_proof if lasting else strong_nash)(game)
    nash = {game.labels(place) for place in pure_equilibria(game).profiles}
    assert set(found.refuted) == nash - {game.labels(place) for place in found.profiles}
    for at, departure in found.refuted.items():
        before, after = game.profile(at), game.profile(departure.to)
        for i, player in enumerate(game.players):
            gain = game.payoffs[after][i] - game.payoffs[before][i]
            assert before[i] == after[i] or player in departure.players
            assert player not in departure.players or gain == departure.gains[player] > 0


def test_three_players_of_bernheim_peleg_and_whinston():
    """Two pure equilibria; all prefer the first, from which players 1 and 2 would leave together, and stay.

    Payoffs of their example 2 in words: C plays left or right; at left the others have a prisoner's dilemma whose end
    is worse for C, so that what all three agree upon does not hold.
    """
    left = [[[0, 0, 10], [-5, -5, 0]], [[-5, -5, 0], [1, 1, -5]]]
    right = [[[-2, -2, 0], [-5, -5, 0]], [[-5, -5, 0], [-1, -1, 5]]]
    game = NormalForm(np.stack([left, right], axis=2))
    assert set(pure_equilibria(game).profiles) == {(0, 0, 0), (1, 1, 1)}
    assert coalition_proof(game).profiles == ((1, 1, 1),)
    assert len(strong_nash(game)) == 0
    departure = coalition_proof(game).refuted[game.labels((0, 0, 0))]
    assert departure.players == ("player 1", "player 2")


def test_exact_payoffs_are_compared_exactly():
    near = Fraction(1, 10**30)
    game = NormalForm([[[Fraction(1), Fraction(1)], [0, 0]], [[0, 0], [1 + near, 1 + near]]])
    assert coalition_proof(game).profiles == ((1, 1),)
    rounded = NormalForm([[[1.0, 1.0], [0, 0]], [[0, 0], [0.1 + 0.9 + 1e-16, 1.0]]])
    assert coalition_proof(rounded).profiles == ((0, 0), (1, 1))


def test_scenarios():
    assert strong_nash(om.games.StagHunt()).profiles == coalition_proof(om.games.StagHunt()).profiles
    assert len(strong_nash(om.games.StagHunt())) == 1
    assert len(strong_nash(om.games.PublicGoods())) == 0
    assert coalition_proof(om.games.PublicGoods()).profiles == ((0, 0, 0, 0),)


def test_too_many_groups_are_refused():
    with pytest.raises(TooLarge, match="pairs"):
        coalition_proof(NormalForm(np.zeros((8, 8, 8, 8, 8, 5))))
