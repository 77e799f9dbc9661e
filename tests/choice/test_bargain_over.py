"""Bargains over games: the worked example, SciPy over lotteries, and the play that reaches what is agreed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import NormalForm, games
from ostrom.choice.bargain_over import SOLUTIONS, bargain_over
from ostrom.choice.bargaining import egalitarian, kalai_smorodinsky, nash_bargain
from ostrom.core.errors import InputError, UnknownName

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


def drawn(seed, sizes):
    table = np.random.default_rng(seed).integers(0, 10, (*sizes, len(sizes))).astype(float)
    return NormalForm(table)


def held_to(table, player):
    """Minimax by SciPy: the others choose a joint distribution."""
    own = np.moveaxis(table[..., player], player, 0).reshape(table.shape[player], -1)
    moves, others = own.shape
    found = linprog(
        np.append(np.zeros(others), 1.0),
        np.hstack([own, -np.ones((moves, 1))]),
        np.zeros(moves),
        [[*np.ones(others), 0]],
        [1],
        bounds=[(0, None)] * others + [(None, None)],
    )
    return found.fun


def test_the_dilemma_is_settled_by_mutual_cooperation():
    for solution in SOLUTIONS:
        found = bargain_over(DILEMMA, solution, disagreement=("D", "D"))
        assert found.payoffs == pytest.approx((3, 3))
        assert found.play == {("C", "C"): pytest.approx(1)}
        assert found.tempted == pytest.approx((2, 2))


def test_the_battle_is_settled_by_a_coin_that_tempts_nobody():
    found = bargain_over(games.BattleOfTheSexes())
    assert len(found.play) == 2
    assert found.payoffs[0] == pytest.approx(found.payoffs[1])
    assert found.tempted == (0.0, 0.0)


def test_the_disagreement_can_be_said_in_four_ways():
    by_move = bargain_over(DILEMMA, disagreement=("D", "D"))
    by_mixture = bargain_over(DILEMMA, disagreement=DILEMMA.pure((1, 1)))
    by_payoffs = bargain_over(DILEMMA, disagreement=(1, 1))
    by_threat = bargain_over(DILEMMA)
    assert by_move == by_mixture == by_payoffs
    assert by_threat.disagreement == pytest.approx((1, 1))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), st.sampled_from([(2, 2), (3, 4), (2, 2, 2), (2, 3, 2)]))
def test_play_reaches_what_the_points_allow(seed, sizes):
    game = drawn(seed, sizes)
    d = [held_to(game.payoffs, i) for i in range(len(sizes))]
    points = game.payoffs.reshape(-1, len(sizes))
    for solution, over_points in zip(SOLUTIONS, (nash_bargain, kalai_smorodinsky, egalitarian), strict=True):
        try:
            wanted = over_points(points, d)
        except InputError:
            with pytest.raises(InputError):
                bargain_over(game, solution)
            continue
        found = bargain_over(game, solution)
        assert found.disagreement == pytest.approx(d, abs=1e-7)
        assert (np.array(found.payoffs) >= np.array(wanted.payoffs) - 1e-4).all()
        assert sum(found.play.values()) == pytest.approx(1)
        assert len(found.play) <= len(sizes)
        reached = sum(odds * game.payoffs[game.profile(moves)] for moves, odds in found.play.items())
        assert found.payoffs == pytest.approx(reached.tolist())
        assert found.gains == pytest.approx((reached - d).tolist(), abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999))
def test_a_correlated_equilibrium_tempts_nobody_and_others_do(seed):
    """Temptation by its definition: one fixed move against what the others do on average."""
    game = drawn(seed, (3, 3))
    try:
        found = bargain_over(game, disagreement=(-1, -1))
    except InputError:
        return
    for i in range(2):
        best = max(
            sum(
                odds * game.payoffs[tuple(move if j == i else k for j, k in enumerate(game.profile(at)))][i]
                for at, odds in found.play.items()
            )
            for move in range(3)
        )
        assert found.tempted[i] == pytest.approx(max(best - found.payoffs[i], 0), abs=1e-9)


def test_what_is_no_bargain_is_refused():
    with pytest.raises(UnknownName):
        bargain_over(DILEMMA, "fair")
    for disagreement in ("maximin", (5, 5), (1,), ("C", "X"), ((0.5, 0.4), (1, 0)), ((1, 0, 0), (1, 0)), (np.nan, 0)):
        with pytest.raises(InputError):
            bargain_over(DILEMMA, disagreement=disagreement)
    with pytest.raises(InputError):
        bargain_over(DILEMMA, weights=(1, 0))
    with pytest.raises(InputError):
        bargain_over(NormalForm([[1.0], [2.0]]))
    with pytest.raises(InputError, match="no game of one round"):
        bargain_over(DILEMMA.repeated(0.9))
