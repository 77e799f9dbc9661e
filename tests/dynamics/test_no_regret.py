"""Hedge and regret matching: first steps by hand, the regret they promise, and where play without regret ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import hedge, regret_matching
from ostrom.solvers import correlated

RULES = pytest.mark.parametrize("rule", [hedge, regret_matching])
TABLES = st.sampled_from([(2, 2), (3, 2), (2, 3, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-5, 5))
)
PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])


def starts(game, count, seed=0):
    rng = np.random.default_rng(seed)
    return tuple(rng.dirichlet(np.ones(size), size=count) for size in game.sizes)


def test_the_second_round_of_hedge_by_hand():
    start = (np.array([0.8, 0.2]), np.array([0.5, 0.5]))  # player 1 is indifferent, player 2 sees -0.6 and 0.6
    first, second = hedge(PENNIES, start, rounds=2).last
    rate = np.sqrt(np.log(2)) / 1.2
    assert first == pytest.approx([0.8, 0.2])
    assert second[1] / second[0] == pytest.approx(np.exp(rate * 1.2))


def test_the_second_round_of_regret_matching_by_hand():
    row = np.array([[2.0, 2.0], [5.0, 5.0], [0.0, 0.0]])
    game = NormalForm(np.stack([row, np.zeros((3, 2))], axis=-1))
    start = (np.array([0.5, 0.1, 0.4]), np.array([0.3, 0.7]))  # worth 2, 5, 0; earned 1.5; regrets 0.5, 3.5, none
    first, second = regret_matching(game, start, rounds=2).last
    assert first == pytest.approx([1 / 8, 7 / 8, 0])
    assert second == pytest.approx([0.3, 0.7])


@RULES
@settings(max_examples=15)
@given(TABLES, st.integers(0, 99))
def test_sums_are_those_of_a_game_played_slowly(rule, table, seed):
    game, rounds = NormalForm(table), 6
    start = starts(game, 2, seed)
    played = [rule(game, start, rounds=k + 1).last for k in range(rounds)]
    quick = rule(game, start, rounds=rounds)
    worth = np.array([np.concatenate(game.deviation_payoffs(x), axis=-1) for x in played]).mean(0)
    payoffs = np.mean([game.expected_payoffs(x) for x in played], axis=0)
    assert quick.payoffs == pytest.approx(payoffs)
    assert np.concatenate(quick.average, -1) == pytest.approx(np.mean([np.concatenate(x, -1) for x in played], 0))
    best = np.stack([own.max(-1) for own in np.split(worth, np.cumsum(game.sizes)[:-1], axis=-1)], axis=-1)
    assert quick.regrets == pytest.approx(best - payoffs)


@RULES
@settings(max_examples=15)
@given(TABLES, st.integers(0, 99), st.sampled_from([0.001, 1, 1000]))
def test_regret_falls_like_one_over_the_root_of_rounds(rule, table, seed, factor):
    game = NormalForm(factor * table)
    ranges = np.ptp(game.payoffs.reshape(-1, len(game.players)), axis=0)
    start = tuple((x + 1 / x.shape[-1]) / 2 for x in starts(game, 4, seed))  # little weight costs ln(1 / weight) more
    for rounds in (10, 200):
        regrets = rule(game, start, rounds=rounds).regrets
        assert (regrets <= 3 * ranges * np.sqrt(np.array(game.sizes) / rounds) + 1e-9 * factor).all()


@RULES
@pytest.mark.parametrize("seed", range(4))
def test_play_without_regret_stays_between_the_coarse_correlated_ends(rule, seed):
    """By weak duality, up to the regret left times the price of each incentive."""
    game = NormalForm(np.random.default_rng(seed).random((3, 3, 2)))
    play = rule(game, starts(game, 20, seed), rounds=400)
    welfare, left = play.payoffs.mean(-1), np.maximum(play.regrets, 0)
    ranges = np.ptp(game.payoffs.reshape(-1, 2), axis=0)
    for worst in (False, True):
        end = correlated(game, coarse=True, worst=worst)
        slack = (left / ranges) @ end.prices.reshape(2, 3).sum(-1)
        assert (welfare >= end.bound - slack - 1e-9).all() if worst else (welfare <= end.bound + slack + 1e-9).all()


@RULES
def test_zero_sum_averages_reach_equilibrium_while_play_circles(rule):
    """What the averages are exploitable by is the sum of the regrets, exactly, and that goes to 0."""
    game = NormalForm(np.stack([[[3, -1], [-1, 1]], [[-3, 1], [1, -1]]], axis=-1))  # value 1/3
    play = rule(game, starts(game, 10), rounds=2000)
    assert game.regrets(play.average).sum(-1) == pytest.approx(play.regrets.sum(-1), abs=1e-9)
    assert play.regrets.max() < 0.2
    assert (np.abs(play.payoffs[:, 0] - 1 / 3) <= play.regrets.max(-1) + 1e-9).all()
    assert game.regrets(play.last).max() > 0.5


@RULES
def test_a_dominant_move_is_learnt(rule):
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    play = rule(game, starts(game, 50), rounds=300)
    assert all(x[:, 1].min() > 0.99 for x in play.last)
    assert (play.last[0].shape, play.payoffs.shape, play.rounds) == ((50, 2), (50, 2), 300)


@RULES
def test_where_nothing_matters_nobody_moves(rule):
    game = NormalForm(np.full((2, 3, 2), 0.1))
    start = starts(game, 20)
    for x, y in zip(rule(game, start, rounds=50).last, start, strict=True):
        assert x == pytest.approx(y)


def test_hedge_never_plays_what_it_gives_no_weight():
    game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    play = hedge(game, (np.array([1.0, 0.0]), np.array([0.5, 0.5])), rounds=5000)
    assert play.last[0].tolist() == [1.0, 0.0]
    assert play.regrets[0] > 1


@RULES
def test_no_rounds_are_refused(rule):
    with pytest.raises(InputError, match="0 rounds"):
        rule(PENNIES, PENNIES.uniform(), rounds=0)


def test_a_start_that_is_no_mixture_is_refused():
    with pytest.raises(InputError, match=r"sums up to 1\.2"):
        hedge(PENNIES, (np.array([0.6, 0.6]), np.array([0.5, 0.5])))


@RULES
@settings(max_examples=10)
@given(TABLES, st.integers(0, 99))
def test_worth_is_the_mean_of_a_table_under_joint_play(rule, table, seed):
    game, rounds, welfare = NormalForm(table), 5, table.min(-1)
    start = tuple(x.reshape(2, 2, -1) for x in starts(game, 4, seed))
    played = [rule(game, start, rounds=k + 1).last for k in range(rounds)]
    joint = sum(np.prod(np.broadcast_arrays(*_spread(x)), axis=0) for x in played) / rounds
    play = rule(game, start, rounds=rounds, worth=welfare)
    assert play.worth == pytest.approx((joint * welfare).sum(axis=tuple(range(2, joint.ndim))))
    assert rule(game, start, rounds=rounds).worth is None
    assert rule(game, start, rounds=rounds, worth=table[..., 0]).worth == pytest.approx(play.payoffs[..., 0])


def _spread(mixture):
    """Each `[2, 2, A_i]` with an axis for every player, so that their product is the joint distribution."""
    for seat, x in enumerate(mixture):
        yield x.reshape(2, 2, *(x.shape[-1] if other == seat else 1 for other in range(len(mixture))))


@RULES
def test_a_worth_of_another_shape_is_refused(rule):
    with pytest.raises(InputError, match=r"shape \(2, 2, 2\)"):
        rule(PENNIES, PENNIES.uniform(), worth=PENNIES.payoffs)
