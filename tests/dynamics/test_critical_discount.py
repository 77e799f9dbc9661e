"""Thresholds in closed form, and on both sides of every threshold the equilibrium that is computed in floats."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import critical_discount, repeated_equilibrium
from ostrom.dynamics._polynomials import at, roots, times
from ostrom.games import PrisonersDilemma

few = settings(max_examples=20, deadline=None)
TFT = Automaton.pure([0, 1], [[0, 1], [0, 1]], name="tit for tat")
GRIM = Automaton.memory_one(1, 0, 0, 0, name="grim")
PAVLOV = Automaton.memory_one(1, 0, 0, 1, name="win-stay lose-shift")


@few
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_grim_needs_what_the_textbook_says(low, middle, high):
    """(T - R) / (T - P), from every state."""
    reward, temptation = 0 + low + middle, 0 + low + middle + high
    game = PrisonersDilemma(reward=reward, sucker=-1, temptation=temptation, punishment=low)
    wanted = Fraction(temptation - reward, temptation - low)
    for perfect in (True, False):
        assert critical_discount(game, [GRIM, GRIM], subgame_perfect=perfect).threshold == wanted


def test_tit_for_tat_needs_two_thirds_and_is_never_perfect():
    """max((T - R) / (T - P), (T - R) / (R - S)); the second one is about taking turns."""
    found = critical_discount(PrisonersDilemma(), [TFT, TFT], subgame_perfect=False)
    assert found.threshold == Fraction(2, 3)
    assert found.binding == "row plays D, C for ever"
    assert critical_discount(PrisonersDilemma(), [TFT, TFT]).threshold is None


def test_tit_for_tat_is_perfect_at_a_single_discount_factor():
    """Where R + P = T + S both ways of answering pay the same at δ = (T - R) / (R - S) (Kalai and others 1988)."""
    game = PrisonersDilemma(reward=3, sucker=0, temptation=4, punishment=1)
    found = critical_discount(game, [TFT, TFT])
    assert found.threshold is None
    assert found.intervals == ((Fraction(1, 3), Fraction(1, 3)),)


def test_an_irrational_threshold():
    """Punish twice and come back: T + δ P + δ² P ≤ R (1 + δ + δ²) with T 5, R 3, P 1 is δ² + δ = 1."""
    after = [[[0, 1], [1, 1]], [[2, 2], [2, 2]], [[0, 0], [0, 0]]]
    twice = Automaton([[1, 0], [0, 1], [0, 1]], after, name="two punishments")
    found = critical_discount(PrisonersDilemma(), [twice, twice])
    assert float(found.threshold) == pytest.approx((5**0.5 - 1) / 2, abs=1e-15)


def any_pure(rng, states, sizes=(2, 2)):
    return Automaton(np.eye(2)[rng.integers(2, size=states)], rng.integers(states, size=(states, *sizes)))


@pytest.mark.parametrize("perfect", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_both_sides_of_every_interval(seed, perfect):
    """Payoffs in fifths are not exact in floats; between the ends it is an equilibrium and outside it is none."""
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.integers(-10, 11, size=(2, 2, 2)) / 5)
    pair = [any_pure(rng, 2), any_pure(rng, 2)] if seed < 8 else [GRIM, [TFT, PAVLOV][seed % 2]]
    found = critical_discount(game, pair, subgame_perfect=perfect)
    for delta in np.linspace(0.0, 0.97, 40):
        inside = any(low <= delta <= high for low, high in found.intervals)
        near = any(abs(delta - float(end)) < 1e-3 for span in found.intervals for end in span)
        checked = repeated_equilibrium(game, pair, discount=float(delta))
        assert near or inside == (checked.subgame_perfect if perfect else checked.nash)


def test_three_players_punish_whoever_leaves():
    """Grim of three in a game where leaving pays T once: (T - R) / (T - P) = 1/2."""
    payoffs = np.zeros((2, 2, 2, 3))
    for joint in np.ndindex(2, 2, 2):
        payoffs[joint] = [2 * joint.count(0) - 3 * (move == 0) for move in joint]
    game = NormalForm(payoffs)
    after = np.ones((2, 2, 2, 2), int)
    after[0, 0, 0, 0] = 0
    grim = Automaton(np.eye(2), after)
    temptation, reward, punishment = 4, 3, 0
    found = critical_discount(game, [grim] * 3)
    assert found.threshold == Fraction(temptation - reward, temptation - punishment)


def test_what_draws_its_moves_is_refused():
    with pytest.raises(InputError, match=r"coin draws its moves.*repeated_equilibrium"):
        critical_discount(PrisonersDilemma(), [Automaton([[0.5, 0.5]], [[[0, 0], [0, 0]]], name="coin")] * 2)


@few
@given(st.lists(st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=40), min_size=1, max_size=4))
def test_roots_are_all_found(wanted):
    terms = (Fraction(1), Fraction(0), Fraction(1))  # and a factor without real roots
    for root in wanted:
        terms = times(terms, (-root, Fraction(1)))
    assert roots(terms) == sorted(set(wanted))
    assert all(at(terms, root) == 0 for root in wanted)
    assert roots(times(terms, (Fraction(-1), Fraction(1)))) == sorted(set(wanted))  # an end does not count
    assert roots(times(terms, (Fraction(0), Fraction(1)))) == sorted(set(wanted))


def test_strategies_may_be_named():
    game = PrisonersDilemma()
    assert critical_discount(game, ["grim", "Grim trigger"]).threshold == Fraction(1, 2)
    found = critical_discount(game, ["TFT", "tit for tat"], subgame_perfect=False)
    assert found == critical_discount(game, [TFT, TFT], subgame_perfect=False)
    with pytest.raises(InputError, match="gradual counts"):
        critical_discount(game, ["grim", "gradual"])
