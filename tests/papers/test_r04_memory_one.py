"""R4: memory-one strategies of the prisoner's dilemma (5, 3, 1, 0), and Axelrod's first tournament."""

from fractions import Fraction

import numpy as np
import pytest

from ostrom.core.automaton import Automaton
from ostrom.dynamics import critical_discount, memory_one_play, repeated_play, strategy, tournament
from ostrom.dynamics.strategies import FIRST_TOURNAMENT
from ostrom.games import PrisonersDilemma

GAME = PrisonersDilemma()


@pytest.mark.parametrize(
    ("other", "wanted"),
    [("cooperator", (3.5, 2.25)), ("random", (2.470588, 1.735294)), ("win-stay lose-shift", (2.25, 1.625))],
)
def test_r4a_extort_2(other, wanted):
    assert repeated_play(GAME, [strategy("extort-2"), strategy(other)]).payoffs == pytest.approx(wanted, abs=1e-6)


def test_r4a_twice_the_surplus_from_everybody():
    q = np.random.default_rng(0).random((1000, 4))
    own, other = (memory_one_play([8 / 9, 1 / 2, 1 / 3, 0], q) @ GAME.payoffs.reshape(4, 2)).T
    assert own - 1 == pytest.approx(2 * (other - 1), abs=1e-9)


def test_r4b_the_equaliser_gives_two_to_everybody():
    q = np.random.default_rng(0).random((1000, 4))
    other = memory_one_play([2 / 3, 0, 2 / 3, 1 / 3], q) @ GAME.payoffs[..., 1].ravel()
    assert other == pytest.approx(2, abs=1e-9)


@pytest.mark.parametrize(
    ("pair", "wanted"),
    [
        (("tit for tat", "tit for tat"), 2.25),
        (("win-stay lose-shift", "win-stay lose-shift"), 2.9511),
        (("generous tit for tat", "generous tit for tat"), 2.9703),
        (("defector", "defector"), 1.0299),
        (("grim", "grim"), 1.0397),
        (("win-stay lose-shift", "defector"), 0.5350),
    ],
)
def test_r4c_with_noise_of_one_per_cent(pair, wanted):
    found = repeated_play(GAME, [strategy(name) for name in pair], noise=0.01)
    assert found.payoffs[0] == pytest.approx(wanted, abs=1e-4)


def test_r4d_grim_needs_a_half_and_tit_for_tat_two_thirds():
    grim, tft = strategy("grim"), strategy("tit for tat")
    assert critical_discount(GAME, [grim, grim]).threshold == Fraction(1, 2)
    assert critical_discount(GAME, [tft, tft], subgame_perfect=False).threshold == Fraction(2, 3)


@pytest.mark.parametrize(("temptation", "wanted"), [(4, Fraction(1, 2)), (4.5, Fraction(3, 4)), (5, None), (5.5, None)])
def test_r4d_win_stay_lose_shift_is_marginal(temptation, wanted):
    """(T - R) / (R - P) ≤ δ: with 5, 3, 1, 0 that is 1, which no δ below 1 reaches."""
    pavlov = strategy("win-stay lose-shift")
    game = PrisonersDilemma(temptation=temptation)
    assert critical_discount(game, [pavlov, pavlov]).threshold == wanted


def test_r4e_the_eight_nice_rules_fill_the_first_eight_places():
    found = tournament(FIRST_TOURNAMENT, turns=200, repetitions=30)
    assert set(found.ranking[:8]) == set(FIRST_TOURNAMENT[:8])
    assert isinstance(strategy(FIRST_TOURNAMENT[0]), Automaton)
