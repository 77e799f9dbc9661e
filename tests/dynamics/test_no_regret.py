"""Hedge and regret matching: first steps by hand, the regret they promise, and where play without regret ends."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import hedge, regret_matching
from ostrom.dynamics._play import Learner
from ostrom.dynamics.no_regret import _optimistic
from ostrom.solvers import correlated

PLAIN = pytest.mark.parametrize("rule", [hedge, regret_matching])
OPTIMISTIC = partial(hedge, optimistic=True)
PLUS, PREDICTIVE = partial(regret_matching, kind="plus"), partial(regret_matching, kind="predictive")
RULES = pytest.mark.parametrize(
    "rule",
    [hedge, OPTIMISTIC, regret_matching, PLUS, PREDICTIVE],
    ids=["hedge", "optimistic hedge", "regret matching", "plus", "predictive"],
)
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


@PLAIN
def test_zero_sum_averages_reach_equilibrium_while_play_circles(rule):
    """What the averages are exploitable by is the sum of the regrets, exactly, and that goes to 0."""
    game = NormalForm(np.stack([[[3, -1], [-1, 1]], [[-3, 1], [1, -1]]], axis=-1))  # value 1/3
    play = rule(game, starts(game, 10), rounds=2000)
    assert game.regrets(play.average).sum(-1) == pytest.approx(play.regrets.sum(-1), abs=1e-9)
    assert play.regrets.max() < 0.2
    assert (np.abs(play.payoffs[:, 0] - 1 / 3) <= play.regrets.max(-1) + 1e-9).all()
    assert game.regrets(play.last).max() > 0.5


def slowly(table, start, rounds, predictive):
    """Regret matching+ of two players in plain loops (Farina, Kroer and Sandholm 2021, algorithm 5)."""
    mixtures, regret, news = [list(x) for x in start], [[0.0] * len(x) for x in start], [[0.0] * len(x) for x in start]
    for played in range(rounds):
        if played:
            for i, own in enumerate(regret):
                ahead = [max(r + (n if predictive else 0.0), 0.0) for r, n in zip(own, news[i], strict=True)]
                if sum(ahead) > 0:
                    mixtures[i] = [a / sum(ahead) for a in ahead]
        x, y = mixtures
        worth = [
            [sum(table[a, b, 0] * y[b] for b in range(len(y))) for a in range(len(x))],
            [sum(table[a, b, 1] * x[a] for a in range(len(x))) for b in range(len(y))],
        ]
        for i in (0, 1):
            earned = sum(p * w for p, w in zip(mixtures[i], worth[i], strict=True))
            news[i] = [w - earned for w in worth[i]]
            regret[i] = [max(r + n, 0.0) for r, n in zip(regret[i], news[i], strict=True)]
    return mixtures


@pytest.mark.parametrize(("rule", "predictive"), [(PLUS, False), (PREDICTIVE, True)])
@pytest.mark.parametrize("seed", range(3))
def test_steps_of_regret_matching_plus_are_those_of_a_slow_loop(rule, predictive, seed):
    table = np.random.default_rng(seed).random((3, 4, 2))
    start = tuple(x[0] for x in starts(NormalForm(table), 1, seed))
    ours = rule(NormalForm(table), start, rounds=12).last
    theirs = slowly(table, start, 12, predictive)
    assert np.concatenate(ours) == pytest.approx(np.concatenate(theirs), abs=1e-9)


def test_the_third_round_of_optimistic_hedge_by_hand():
    """One learner who hears 1 and 0, then 0 and 2: surprises of 1 and 3, totals (1, 2) and the last round again."""
    start = np.array([0.5, 0.5])
    learner = Learner(start)
    for heard in ([1.0, 0.0], [0.0, 2.0]):
        learner.hear(np.array(heard))
    odds = _optimistic(learner)
    assert odds[1] / odds[0] == pytest.approx(np.exp(np.sqrt(np.log(2) / (1 + 9)) * (4 - 1)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_forecasts_leave_less_regret_and_optimistic_play_comes_to_rest(seed):
    """In zero-sum games regret per round falls like 1 / rounds, and optimistic hedge itself goes to equilibrium."""
    row = np.random.default_rng(seed).normal(size=(4, 4))
    game = NormalForm(np.stack([row, -row], axis=-1))
    start, unit = starts(game, 5, seed), np.ptp(row)
    for plain, ahead in ((hedge, OPTIMISTIC), (regret_matching, PREDICTIVE)):
        short, long = (ahead(game, start, rounds=rounds).regrets.max() for rounds in (300, 3000))
        assert long < plain(game, start, rounds=3000).regrets.max()
        assert long < short / 5
    assert game.regrets(OPTIMISTIC(game, start, rounds=3000).last).max() < 0.01 * unit


@RULES
@settings(max_examples=10)
@given(TABLES, st.integers(0, 99), st.data())
def test_names_of_moves_and_players_do_not_matter(rule, table, seed, data):
    game, start = NormalForm(table), starts(NormalForm(table), 3, seed)
    order = data.draw(st.permutations(range(len(game.players))))
    turned = [data.draw(st.permutations(range(size))) for size in game.sizes]
    other = table[np.ix_(*turned, range(len(order)))].transpose(*order, len(order))[..., order]
    moved = tuple(start[i][:, turned[i]] for i in order)
    one, two = rule(game, start, rounds=20), rule(NormalForm(other), moved, rounds=20)
    for k, i in enumerate(order):
        assert two.average[k] == pytest.approx(one.average[i][:, turned[i]], abs=1e-6)
        assert two.regrets[:, k] == pytest.approx(one.regrets[:, i], abs=1e-6)


def test_another_kind_is_refused():
    with pytest.raises(UnknownName, match="kind of regret matching"):
        regret_matching(PENNIES, PENNIES.uniform(), kind="minus")


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
