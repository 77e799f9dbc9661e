"""Best replies against all stationary plans, and equilibria against Repeated.gains-like deviations written out."""

from itertools import product

import numpy as np
import pytest

from ostrom.core.automaton import Automaton
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import best_reply, repeated_equilibrium, repeated_play
from ostrom.games import PrisonersDilemma

GAME = PrisonersDilemma()
TFT = Automaton.pure([0, 1], [[0, 1], [0, 1]], name="tit for tat")
GRIM = Automaton.memory_one(1, 0, 0, 0, name="grim")
PAVLOV = Automaton.memory_one(1, 0, 0, 1, name="win-stay lose-shift")
DEFECTOR = Automaton.pure([1], [[0, 0]])


def plans(other, own):
    """Every automaton that keeps track of the other's state and has one move for each."""
    after = np.moveaxis(other.table, 1, 2)
    for moves in product(range(own), repeat=other.states):
        yield Automaton(np.eye(own)[list(moves)], after, other.start)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("discount", [None, 0.0, 0.6, 0.95])
def test_a_best_reply_is_the_best_of_all_plans(seed, discount):
    rng = np.random.default_rng(seed)
    game = NormalForm(rng.normal(size=(2, 2, 2)))
    sharp = rng.choice([0.0, 1.0, rng.random()], size=4)
    other = Automaton(np.stack([sharp, 1 - sharp], -1), rng.integers(4, size=(4, 2, 2)))
    noise = 0.0 if seed % 2 else 0.03
    wanted = max(
        repeated_play(game, [plan, other], noise=noise, discount=discount).payoffs[0] for plan in plans(other, 2)
    )
    found = best_reply(game, [TFT, other], 0, noise=noise, discount=discount)
    assert found.payoff == pytest.approx(wanted, abs=1e-9)
    kept = repeated_play(game, [found.strategy, other], noise=noise, discount=discount)
    assert kept.payoffs[0] == pytest.approx(wanted, abs=1e-9)


def test_the_second_player_replies_too():
    """Against tit for tat with δ = 0.3 it pays to take turns: 5 / (1 + δ)."""
    found = best_reply(GAME, [TFT, DEFECTOR], 1, discount=0.3)
    assert found.payoff == pytest.approx(5 / 1.3)
    assert repeated_play(GAME, [TFT, found.strategy], discount=0.3).payoffs[1] == pytest.approx(5 / 1.3)


def test_three_players():
    """A majority game of three: the reply to two alternators who are out of step is one of eight plans at most."""
    rng = np.random.default_rng(3)
    game = NormalForm(rng.normal(size=(2, 2, 2, 3)))
    turn = Automaton([[1, 0], [0, 1]], np.array([1, 0])[:, None, None, None] * np.ones((2, 2, 2, 2), int))
    late = Automaton(turn.odds, turn.after, 1)
    found = best_reply(game, [turn, turn, late], 1)
    by_hand = np.mean([max(game.payoffs[0, a, 1, 1] for a in (0, 1)), max(game.payoffs[1, a, 0, 1] for a in (0, 1))])
    assert found.payoff == pytest.approx(by_hand)


def one_shot(game, strategies, discount):
    """Largest gain of one other move anywhere, by values that are iterated; an equilibrium has none (Blackwell)."""
    one, two = strategies
    value = np.zeros((one.states, two.states, 2))

    def worth(a, b, s, t):
        after = value[one.table[s, a, b], two.table[t, b, a]]
        return (1 - discount) * game.payoffs[a, b] + discount * after

    for _ in range(400):
        value = np.array(
            [
                [
                    sum(one.odds[s, a] * two.odds[t, b] * worth(a, b, s, t) for a, b in product(range(2), repeat=2))
                    for t in range(two.states)
                ]
                for s in range(one.states)
            ]
        )
    gain = 0.0
    for s, t in product(range(one.states), range(two.states)):
        for move in range(2):
            first = sum(two.odds[t, b] * worth(move, b, s, t)[0] for b in range(2))
            second = sum(one.odds[s, a] * worth(a, move, s, t)[1] for a in range(2))
            gain = max(gain, first - value[s, t, 0], second - value[s, t, 1])
    return gain


@pytest.mark.parametrize("pair", [(TFT, TFT), (GRIM, GRIM), (PAVLOV, PAVLOV), (DEFECTOR, DEFECTOR), (GRIM, TFT)])
@pytest.mark.parametrize("discount", [0.3, 0.49, 0.51, 0.8])
def test_subgame_perfection_is_that_no_one_shot_deviation_pays(pair, discount):
    game = PrisonersDilemma(temptation=4.5)
    found = repeated_equilibrium(game, pair, discount=discount)
    every = {tuple(row) for row in product(range(pair[0].states), range(pair[1].states))}
    if {tuple(row) for row in found.states.tolist()} == every:
        assert found.subgame_perfect == (one_shot(game, pair, discount) < 1e-9)
    else:
        assert not found.subgame_perfect or one_shot(game, pair, discount) >= 0
    assert found.nash or not found.subgame_perfect


def test_tit_for_tat_is_an_equilibrium_at_the_start_and_not_after_a_slip():
    """After one defection tit for tat with itself takes turns for ever, and forgiving would pay."""
    found = repeated_equilibrium(GAME, [TFT, TFT], discount=0.9)
    assert found.nash
    assert not found.subgame_perfect
    off = found.states.tolist().index([0, 1])
    assert found.gains[off].max() > 0.1
    assert found.regret == pytest.approx(0, abs=1e-12)
    assert not repeated_equilibrium(GAME, [TFT, TFT], discount=0.5).nash


def test_always_defecting_is_perfect_and_cooperating_is_not():
    cooperator = Automaton.pure([0], [[0, 0]])
    for discount in (0.0, 0.9, None):
        assert repeated_equilibrium(GAME, [DEFECTOR, DEFECTOR], discount=discount).subgame_perfect
        found = repeated_equilibrium(GAME, [cooperator, cooperator], discount=discount)
        assert found.regret == pytest.approx(2)


def test_with_noise_a_hand_that_trembles_does_its_best():
    """Against a noisy defector one defects, and the reply trembles as well: 1.0299 of R4c's table."""
    found = best_reply(GAME, [TFT, DEFECTOR], 0, noise=0.01)
    assert found.payoff == pytest.approx(1.0299)
    assert repeated_equilibrium(GAME, [DEFECTOR, DEFECTOR], noise=0.01).subgame_perfect


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(InputError, match="There is no player 2"):
        best_reply(GAME, [TFT, TFT], 2)
    with pytest.raises(InputError, match=r"discount factor is -0\.1"):
        repeated_equilibrium(GAME, [TFT, TFT], discount=-0.1)


def test_strategies_may_be_named():
    assert repeated_equilibrium(GAME, ["grim", "grim"], discount=0.9).subgame_perfect
    named = repeated_equilibrium(GAME, ["Pavlov", "TFT"], discount=0.9)
    assert named.gains == pytest.approx(repeated_equilibrium(GAME, [PAVLOV, TFT], discount=0.9).gains)
    reply = best_reply(GAME, ["tit for tat", "tit for tat"], 0, discount=0.3)
    assert reply.payoff == pytest.approx(best_reply(GAME, [TFT, TFT], 0, discount=0.3).payoff)
