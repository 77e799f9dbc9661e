"""One equilibrium: brute force of what an equilibrium is, hard and degenerate games, games without tables, budgets."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.core.forms.congestion import Congestion
from ostrom.core.forms.network import Network
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.solvers import _paths_to_nash, nash, pure_equilibria, vertex_enumeration
from ostrom.solvers._lemke_howson import lemke_howson

SMALL = st.sampled_from([(2, 3), (3, 3), (2, 2, 2), (2, 3, 2), (2, 2, 2, 2)]).flatmap(
    lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-2, 2))
)
FOREVER = float("inf")


def gains(table, point):
    """What the best single move adds for each player, summed over every joint move in plain loops."""
    players = len(point)
    worth = [np.zeros(len(x)) for x in point]
    for joint in itertools.product(*(range(len(x)) for x in point)):
        for i in range(players):
            odds = np.prod([point[j][joint[j]] for j in range(players) if j != i])
            worth[i][joint[i]] += odds * table[joint][i]
    return [w.max() - x @ w for x, w in zip(point, worth, strict=True)]


def uniform(players, moves, seed):
    """Payoffs evenly from [0, 1), in the order that the anchors use."""
    rng = np.random.default_rng([players, moves, seed, 7])
    return NormalForm(np.stack([rng.random((moves,) * players) for _ in range(players)], axis=-1))


def without_pure(shape, high, count, seed=0):
    """Random games of few different payoffs, so that ties abound, none of which has a pure equilibrium."""
    rng, found = np.random.default_rng([seed, high, *shape]), []
    while len(found) < count:
        game = NormalForm(rng.integers(0, high, (*shape, len(shape))))
        found += [] if len(pure_equilibria(game)) else [game]
    return found


@settings(max_examples=40)
@given(SMALL)
def test_every_small_game_is_solved_to_rounding(table):
    solution = nash(NormalForm(table))
    assert solution.status == "partial"
    assert len(solution) == 1
    assert all(x.min() >= 0 and x.sum() == pytest.approx(1) for x in solution.points[0])
    assert max(gains(table, solution.points[0])) == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize("seed", [0, 4, 83, 95])
def test_five_players_with_four_moves(seed):
    game = uniform(5, 4, seed)
    solution = nash(game)
    assert solution.status == "partial"
    assert max(gains(game.payoffs, solution.points[0])) < 1e-12
    assert solution.regret < 1e-12


@pytest.mark.slow
def test_a_hundred_games_of_five_players_are_all_solved():
    assert max(nash(uniform(5, 4, seed)).regret for seed in range(100)) < 1e-12


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (2, 2, 2, 2)])
def test_degenerate_games_without_a_pure_equilibrium(shape):
    """Ties leave equilibria at the edge of where a move that is not played becomes worth playing."""
    for game in without_pure(shape, 3 if len(shape) == 3 else 2, 6):
        solution = nash(game)
        assert solution.regret < 1e-12
        assert "logit path" in solution.method


@settings(max_examples=30)
@given(st.sampled_from([(2, 2), (3, 4), (5, 5), (6, 3)]), st.sampled_from([2, 3, 1000]), st.integers(0, 999))
def test_paths_of_two_players_end_among_all_equilibria(shape, high, seed):
    """Every end is a mixture of extreme equilibria of one component; in games without ties one of the list."""
    table = np.random.default_rng([seed, high, *shape]).integers(0, high, (*shape, 2))
    game = NormalForm(table)
    known = vertex_enumeration(game)
    ends = list(lemke_howson(table[..., 0].astype(float), table[..., 1].astype(float), FOREVER))
    assert ends
    for end in ends:
        assert max(gains(table, end)) < 1e-9 * high
        if not known.degenerate:
            apart = [max(np.abs(a - b).max() for a, b in zip(end, point, strict=True)) for point in known.points]
            assert min(apart) < 1e-9


def test_a_large_game_of_two_players():
    table = np.random.default_rng(5).random((80, 80, 2))
    row = table[..., 0]
    for second in (table[..., 1], -row):
        solution = nash(NormalForm(np.stack([row, second], axis=-1)))
        assert (solution.status, solution.regret < 1e-12) == ("partial", True)


def test_zero_sum_games_have_their_value():
    from scipy.optimize import linprog

    row = np.random.default_rng(11).integers(-9, 10, (7, 9)).astype(float)
    game = NormalForm(np.stack([row, -row], axis=-1))
    bound = linprog(
        [0] * 7 + [-1],
        A_ub=np.c_[-row.T, np.ones(9)],
        b_ub=np.zeros(9),
        A_eq=[[1] * 7 + [0]],
        b_eq=[1],
        bounds=[(0, None)] * 7 + [(None, None)],
    )
    assert game.expected_payoffs(nash(game).points[0])[0] == pytest.approx(-bound.fun, abs=1e-9)


@settings(max_examples=10)
@given(st.integers(0, 99), st.permutations(range(3)))
def test_neither_seats_nor_units_matter_for_whether_one_is_found(seed, order):
    table = uniform(3, 3, seed).payoffs
    moved = np.moveaxis(table, list(order), [0, 1, 2])[..., list(order)]
    for changed in (moved, 1e6 * table - 3e5, 1e-6 * table):
        solution = nash(NormalForm(changed))
        assert solution.status == "partial"
        assert max(gains(changed, solution.points[0])) <= 1e-9 * np.ptp(changed)


def hawks(players):
    """A crowd in which two moves are worth less the more others make them, the third is a little worse anyway."""
    share = np.array([1.0, 2.0, 1.0])
    return Symmetric(
        lambda own, others: share[own] * (1 - others[:, own] / (players - 1)) - 0.1 * (own == 2),
        players=players,
        moves=("a", "b", "c"),
    )


def cycle(players):
    """Rock, paper, scissors against everybody, and a win with scissors counts double."""
    beats = np.array([[0, -1, 2], [1, 0, -1], [-1, 1, 0]])
    return Symmetric(lambda own, others: others @ beats[own] / (players - 1), players=players, moves="rps")


def test_crowds_without_a_table():
    hawk = nash(hawks(60))
    assert hawk.method == "best replies in turn"
    assert hawk.regret < 1e-9
    mixed = nash(cycle(20))
    assert mixed.status == "partial"
    assert mixed.method == "logit path of players who mix alike"
    # Indifference against one common mixture: r + p + s = 1, and the three rows of the table are worth the same.
    beats = np.array([[0, -1, 2], [1, 0, -1], [-1, 1, 0]])
    expected = np.linalg.solve([beats[0] - beats[1], beats[1] - beats[2], [1, 1, 1]], [0, 0, 1])
    assert mixed.points[0][7] == pytest.approx(expected, abs=1e-9)


def test_congestion_ends_in_a_pure_equilibrium():
    rng = np.random.default_rng(2)
    game = Congestion(rng.random((5, 6)) > 0.5, np.cumsum(rng.random((6, 25)), axis=1))
    solution = nash(game)
    assert solution.regret <= 1e-9
    assert all(x.max() == 1 for x in solution.points[0])


def test_games_under_institutions_and_of_one_player():
    taxed = om.games.PublicGoods().under(om.institutions.Tax("contribution", 0.1))
    assert nash(taxed).regret < 1e-9
    assert nash(NormalForm(np.array([[1.0], [3.0], [2.0]]))).points[0][0].tolist() == [0, 1, 0]


def test_the_budget_is_kept_and_the_best_point_comes_back():
    game = uniform(5, 4, 0)
    start = time.monotonic()
    solution = nash(game, seconds=0.002)
    assert time.monotonic() - start < 5
    assert solution.status == "timed out"
    assert 0 < solution.regret <= game.regret(game.uniform())
    assert solution.regret == pytest.approx(max(gains(game.payoffs, solution.points[0])), abs=1e-12)
    assert "regret wanted" in solution.note


def test_random_guesses_are_the_same_twice():
    logit = _paths_to_nash.LogitMap(uniform(3, 3, 1))
    one, two = (
        [end for _, end in zip(range(4), _paths_to_nash.logit_paths(logit, FOREVER, 7), strict=False)] for _ in range(2)
    )
    assert np.array_equal(one, two)
    assert max(logit.layout.split(x)[0].max() for x in one) <= 1


@pytest.mark.parametrize(
    ("how", "said"),
    [({"seconds": 0}, "for 0 seconds"), ({"tolerance": 0.0}, "tolerance of 0.0"), ({"tolerance": np.nan}, "nan")],
)
def test_bad_input_is_refused(how, said):
    with pytest.raises(InputError, match=said):
        nash(om.games.Chicken(), **how)


def test_crowds_on_roads_are_refused():
    game = om.games.Pigou()
    assert isinstance(game, Network)
    with pytest.raises(InputError, match="crowd_equilibrium"):
        nash(game)
