"""Internal regret matching: balance, books, its rate, and correlated equilibria where nothing else settles."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import ostrom as om
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import internal_regret_matching
from ostrom.dynamics.internal_regret import _balanced
from ostrom.solvers import correlated

TABLES = st.sampled_from([(2, 2), (3, 2), (2, 3, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)
SHAPLEY = NormalForm(np.stack([np.eye(3), np.roll(np.eye(3), 1, axis=1)], axis=-1))


def starts(game, count, seed=0):
    rng = np.random.default_rng(seed)
    return tuple(rng.dirichlet(np.ones(size), size=count) for size in game.sizes)


def swap_gains(table, joint):
    """Per player, what the best plan of replacing moves adds, summed in plain loops over joint moves."""
    gains = []
    for i in range(joint.ndim):
        total = 0.0
        for j in range(joint.shape[i]):
            best = 0.0
            for k in range(joint.shape[i]):
                change = 0.0
                for joint_move in itertools.product(*map(range, joint.shape)):
                    if joint_move[i] == j:
                        other = (*joint_move[:i], k, *joint_move[i + 1 :])
                        change += joint[joint_move] * (table[other][i] - table[joint_move][i])
                best = max(best, change)
            total += best
        gains.append(total)
    return gains


@settings(max_examples=25)
@given(hnp.arrays(float, (3, 4, 4), elements=st.floats(-1, 1)), st.integers(0, 99))
def test_flows_balance(regret, seed):
    """Into every move as much regret flows as out of it."""
    last = np.random.default_rng(seed).dirichlet(np.ones(4), size=3)
    x = _balanced(regret, np.ones((3, 1, 1)), last)
    flow = np.maximum(regret, 0) * (1 - np.eye(4))
    assert np.einsum("sj,sjk->sk", x, flow) == pytest.approx(x * flow.sum(-1), abs=1e-5)
    assert x.sum(-1) == pytest.approx(np.ones(3))


@settings(max_examples=10)
@given(TABLES, st.integers(0, 99))
def test_the_books_are_those_of_joint_play(table, seed):
    game = NormalForm(table)
    start = starts(game, 2, seed)
    play = internal_regret_matching(game, start, rounds=12)
    for run in range(2):
        assert play.joint[run].sum() == pytest.approx(1)
        assert play.swap_regrets[run] == pytest.approx(swap_gains(table, play.joint[run]), abs=1e-9)
        paid = [(play.joint[run] * table[..., i]).sum() for i in range(len(game.players))]
        assert play.payoffs[run] == pytest.approx(paid)
    assert (play.swap_regrets >= play.regrets - 1e-9).all()


@settings(max_examples=10)
@given(TABLES, st.integers(0, 99), st.sampled_from([0.001, 1, 1000]))
def test_swap_regret_falls_like_one_over_the_root_of_rounds(table, seed, factor):
    """Blackwell's bound for all pairs of moves together: range x root of moves, at each of the moves."""
    game = NormalForm(factor * table)
    ranges = np.ptp(game.payoffs.reshape(-1, len(game.players)), axis=0)
    for rounds in (10, 200):
        left = internal_regret_matching(game, starts(game, 3, seed), rounds=rounds).swap_regrets
        assert (left <= ranges * np.array(game.sizes) / np.sqrt(rounds) + 1e-9 * factor).all()


def test_shapleys_game_settles_into_a_correlated_equilibrium():
    """Fictitious play circles for ever there (Shapley 1964); joint play here meets all incentives."""
    play = internal_regret_matching(SHAPLEY, starts(SHAPLEY, 6), rounds=4000)
    assert play.swap_regrets.max() < 0.02
    best, worst = (correlated(SHAPLEY, worst=w).bound for w in (False, True))
    welfare = play.payoffs.mean(-1)
    assert (welfare <= best + 0.05).all()
    assert (welfare >= worst - 0.05).all()


def test_chicken_is_learnt():
    game = om.games.Chicken()
    play = internal_regret_matching(game, starts(game, 30), rounds=2000)
    assert play.swap_regrets.max() < 0.02 * np.ptp(game.payoffs)
    assert play.joint.shape == (30, 2, 2)
    assert play.method == "internal regret matching"


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="0 rounds"):
        internal_regret_matching(SHAPLEY, SHAPLEY.uniform(), rounds=0)
    with pytest.raises(TooLarge, match="numbers to keep"):
        internal_regret_matching(SHAPLEY, tuple(np.broadcast_to(x, (2_000_000, 3)) for x in SHAPLEY.uniform()))
