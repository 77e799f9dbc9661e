"""Logit equilibria against Gambit's stored answers, their own fixed point, and numbers that theory gives."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Choice, End, ExtensiveForm
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.solvers.logit import logit, logit_branch, logit_fit, logit_through, weak_points

STORED = json.loads((Path(__file__).parent / "data" / "logit.json").read_text(encoding="utf-8"))
GAMES = STORED["games"]
PRECISIONS = (0.0, 0.1, 1.0, 4.0, 20.0)


def bimatrix(first, second):
    return NormalForm(np.stack([np.array(first, float), np.array(second, float)], -1))


COORDINATION = bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
BATTLE = bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
PENNIES = bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def residual(game, precision, mixture):
    """The largest odds by which the mixture is not the logit response to itself."""
    worst = 0.0
    for odds, worth in zip(mixture, game.deviation_payoffs(mixture), strict=True):
        answer = np.exp(precision * (worth - worth.max()))
        worst = max(worst, float(np.abs(odds - answer / answer.sum()).max()))
    return worst


def apart(one, other):
    return max(float(np.abs(np.asarray(a) - np.asarray(b)).max()) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("stored", GAMES, ids=lambda game: "x".join(map(str, np.shape(game["payoffs"])[:-1])))
def test_the_branch_is_gambits(stored):
    game = NormalForm(stored["payoffs"])
    branch = logit_branch(game)
    for precision, mixture in zip(stored["precisions"], stored["mixtures"], strict=True):
        assert apart(branch.at(precision), mixture) < 1e-9
        assert residual(game, precision, branch.at(precision)) < 1e-9
    # Gambit stops at a regret of 1e-8 of the payoffs' range, this branch at the limit itself.
    assert apart(branch.limit, stored["limit"]) < 1e-5
    assert game.regret(branch.limit) < 1e-12


@pytest.mark.oracle
def test_the_stored_answers_are_gambits():
    gambit = pytest.importorskip("pygambit")
    for stored in GAMES:
        table = np.array(stored["payoffs"])
        game = gambit.Game.from_arrays(*np.moveaxis(table, -1, 0))
        points = gambit.qre.logit_solve_lambda(game, lam=stored["precisions"], **STORED["settings"])
        for point, mixture in zip(points, stored["mixtures"], strict=True):
            found = [[point.profile[own] for own in player.strategies] for player in game.players]
            assert apart(found, mixture) < 1e-7  # Gambit hits a precision to about 1e-8


games = st.sampled_from([(2, 2), (3, 2), (4, 4), (2, 2, 2), (3, 2, 3), (2, 2, 2, 2)]).flatmap(
    lambda sizes: st.integers(0, 10**6).map(
        lambda seed: NormalForm(np.random.default_rng(seed).integers(-5, 6, (*sizes, len(sizes))))
    )
)


@settings(max_examples=40)
@given(games)
def test_every_point_is_a_fixed_point_and_the_limit_an_equilibrium(game):
    branch = logit_branch(game)
    for precision in PRECISIONS:
        assert residual(game, precision, branch.at(precision)) < 1e-9
    for precision, point in zip(branch.precisions, zip(*branch.mixtures, strict=True), strict=True):
        if precision < 1e3:
            assert residual(game, precision, point) < 1e-6
    assert branch.reached
    assert game.regret(branch.limit) < (1e-11 if branch.isolated else 1e-3)


@settings(max_examples=20)
@given(games, st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_precision_is_one_over_payoff_units(game, scale, shift):
    moved = NormalForm(scale * game.payoffs + shift)
    for precision in (0.5, 5.0):
        assert apart(logit_branch(game).at(precision), logit_branch(moved).at(precision / scale)) < 1e-7


@settings(max_examples=20)
@given(games)
def test_every_equilibrium_that_is_traced_back_is_a_fixed_point(game):
    limit = logit_branch(game)
    for precision in (1.0, 10.0):
        there = logit_through(game, limit.at(math.inf), precision) if limit.isolated else None
        if there is not None:
            assert residual(game, precision, there) < 1e-9


def test_zero_is_blind_chance():
    solution = logit(BATTLE, 0.0)
    assert apart(solution.points[0], BATTLE.uniform()) == 0
    assert solution.status == "complete"


def test_status_and_regret_are_told():
    solution = logit(BATTLE)
    assert solution.status == "complete"
    assert solution.regret < 1e-15
    assert "Turocy" in solution.method
    assert logit(BATTLE, 2.0).regret == pytest.approx(BATTLE.regret(logit(BATTLE, 2.0).points[0]))


@pytest.mark.parametrize("precision", [-1.0, math.nan])
def test_a_precision_that_is_none_is_refused(precision):
    with pytest.raises(InputError, match="precision"):
        logit(BATTLE, precision)


def test_symmetry_is_kept_through_a_bifurcation():
    """Battle of the sexes ends at its mixed equilibrium, coordination at uniform play: symmetry is never broken."""
    assert apart(logit(BATTLE).points[0], ([2 / 3, 1 / 3], [1 / 3, 2 / 3])) < 1e-12
    assert apart(logit(COORDINATION).points[0], COORDINATION.uniform()) < 1e-12
    assert apart(logit(PENNIES, 7.0).points[0], PENNIES.uniform()) < 1e-12


@pytest.mark.parametrize("tilt", [1e-3, 1e-5, 1e-7])
def test_an_almost_symmetric_game_is_followed_finely(tilt):
    """A tilt in player 1's favour decides battle of the sexes; a step that is too long would miss it."""
    game = bimatrix([[2 + tilt, 0], [0, 1]], [[1, 0], [0, 2]])
    assert apart(logit(game).points[0], game.pure((0, 0))) < 1e-12
    other = bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2 + tilt]])
    assert apart(logit(other).points[0], other.pure((1, 1))) < 1e-12


@pytest.mark.parametrize(("moves", "players"), [(2, 2), (3, 2), (4, 2), (2, 3)])
def test_pure_coordination_bifurcates_where_its_own_answer_doubles_back(moves, players):
    """d(logit response)/d(odds) reaches 1 at λ = A^(P−1) / (P − 1) for payoff 1 when all make the same move."""
    table = np.zeros((moves,) * players)
    table[tuple(np.arange(moves) for _ in range(players))] = 1.0
    game = NormalForm(np.stack([table] * players, -1))
    point = weak_points(logit_branch(game))[0]
    assert point.bifurcation
    assert point.precision == pytest.approx(moves ** (players - 1) / (players - 1), rel=1e-4)


def test_a_bifurcation_is_where_the_tilted_branches_part():
    point = weak_points(logit_branch(BATTLE))[0]
    assert point.bifurcation
    ends = []
    for way in (1e-6, -1e-6):
        table = BATTLE.payoffs.copy()
        for i, own in enumerate(point.tilts[0]):
            table[..., i] += way * own.reshape([-1 if axis == i else 1 for axis in range(2)])
        branch = logit_branch(NormalForm(table))
        before, after = branch.at(0.98 * point.precision), branch.at(1.1 * point.precision)
        assert apart(before, logit_branch(BATTLE).at(0.98 * point.precision)) < 1e-3
        assert apart(after, logit_branch(BATTLE).at(1.1 * point.precision)) > 0.05
        ends.append(branch.limit)
    assert apart(*ends) == pytest.approx(1.0)


def test_a_game_without_a_bifurcation_has_none():
    dilemma = bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert not any(point.bifurcation for point in weak_points(logit_branch(dilemma)))


def test_gain_is_what_a_small_tilt_does():
    """Against central differences along the tilt, at a weak point of a game in general position."""
    game = NormalForm(np.random.default_rng(8).normal(size=(3, 3, 2)))
    point = max(weak_points(logit_branch(game)), key=lambda weak: -weak.precision)
    moved = []
    for way in (1e-5, -1e-5):
        table = game.payoffs.copy()
        for i, own in enumerate(point.tilts[0]):
            table[..., i] += way * own.reshape([-1 if axis == i else 1 for axis in range(2)])
        moved.append(np.concatenate(logit_branch(NormalForm(table)).at(point.precision)))
    # The gain is measured across the branch; at fixed λ the branch also slides along itself.
    assert np.abs(moved[0] - moved[1]).max() / 2e-5 == pytest.approx(point.gain, rel=0.5)


def test_a_branch_through_a_pure_equilibrium_ends_where_it_turns_back():
    """Below the bifurcation of coordination only uniform play is left."""
    assert logit_through(COORDINATION, COORDINATION.pure((0, 0)), 1.9) is None
    above = logit_through(COORDINATION, COORDINATION.pure((0, 0)), 2.1)
    assert above is not None
    assert residual(COORDINATION, 2.1, above) < 1e-9
    assert above[0][0] > 0.6
    assert logit_through(COORDINATION, COORDINATION.pure((0, 0)), math.inf)[0][0] == 1.0


def test_players_held_back_answer_at_their_own_precision():
    game = NormalForm(np.random.default_rng(3).normal(size=(3, 2, 3, 3)))
    caps = [0.7, math.inf, 2.0]
    mixture = logit_branch(game, caps=caps).at(math.inf)
    for odds, worth, cap in zip(mixture, game.deviation_payoffs(mixture), caps, strict=True):
        if math.isinf(cap):
            assert (worth.max() - worth) @ odds < 1e-12
        else:
            answer = np.exp(cap * (worth - worth.max()))
            assert np.abs(odds - answer / answer.sum()).max() < 1e-9
    everybody = logit_branch(game, caps=[0.7, 0.7, 0.7]).at(math.inf)
    assert apart(everybody, logit_branch(game).at(0.7)) < 1e-9


def test_likeness_follows_the_nearby_symmetric_game():
    game = bimatrix([[2.001, 0], [0, 1]], [[1, 0], [0, 2]])
    assert apart(logit_branch(game, likeness=0.01).at(math.inf), logit(BATTLE).points[0]) < 1e-2
    assert logit_branch(game, likeness=0.01).at(math.inf)[0][0] < 0.7


def test_games_without_a_table_are_followed_through_their_oracle():
    """By crowd counts and by the table of the same game it is the same branch."""
    crowd = Symmetric(lambda own, others: own * (3.0 - others), players=4, moves=("0", "1", "2"), amounts=(0, 1, 2))
    for precision in (0.5, 3.0):
        assert apart(logit(crowd, precision).points[0], logit(crowd.dense(), precision).points[0]) < 1e-10
    large = Symmetric(lambda own, others: own * (5.0 - others), players=30, moves=("0", "1"), amounts=(0, 1))
    point = logit(large, 1.0).points[0]
    assert residual(large, 1.0, point) < 1e-9
    assert apart(point, [point[0]] * 30) < 1e-12


def test_one_player_answers_its_own_payoffs():
    """The absent-minded driver's pure strategies pay 0 and 1, whatever anybody does (Piccione and Rubinstein 1997)."""
    second = Choice("driver", {"exit": End(pays=[4]), "go": End(pays=[1])}, sees="a crossing")
    driver = ExtensiveForm(
        Choice("driver", {"exit": End(pays=[0]), "go": second}, sees="a crossing"), players=("driver",)
    )
    for game in (driver, driver.dense()):
        assert logit(game, 2.0).points[0][0] == pytest.approx([1 / (1 + math.e**2), 1 / (1 + math.e**-2)])
        assert logit_branch(game).limit[0] == pytest.approx([0, 1])


def test_players_with_different_numbers_of_moves():
    game = NormalForm(np.random.default_rng(1).integers(0, 9, (5, 2, 3, 3)))
    assert residual(game, 1.5, logit(game, 1.5).points[0]) < 1e-9
    assert game.regret(logit(game).points[0]) < 1e-12


def test_indifferent_players_stay_at_chance():
    game = bimatrix([[1, 1], [1, 1]], [[1, 0], [0, 2]])
    assert apart(logit(game).points[0], ([0.5, 0.5], [0.0, 1.0])) < 1e-12


def test_slow_limits_are_extrapolated():
    """Both are indifferent at the end, and there odds of the last tempting move fall like log λ / λ² only."""
    game = bimatrix([[2, 0], [1, 0]], [[0, 2], [3, 1]])
    solution = logit(game)
    assert apart(solution.points[0], ([0.5, 0.5], [0.0, 1.0])) < 1e-4
    assert apart(solution.points[0], logit_branch(game, 1e6).at(1e6)) < 1e-4
    assert solution.regret < 1e-6
    assert "not an isolated" in solution.note


@pytest.mark.parametrize("stored", GAMES, ids=lambda game: "x".join(map(str, np.shape(game["payoffs"])[:-1])))
def test_the_fitted_precision_is_gambits(stored):
    branch = logit_branch(NormalForm(stored["payoffs"]))
    counts = tuple(np.array(own, float) for own in stored["counts"])
    fitted = logit_fit(branch, counts)
    if stored["log_like"] < -1e-4:  # otherwise the limit was observed, and Gambit stops on the way to it
        assert fitted == pytest.approx(stored["fitted"], rel=1e-4, abs=1e-4)
    odds, seen = np.concatenate(branch.at(fitted)), np.concatenate(counts)
    assert seen[seen > 0] @ np.log(odds[seen > 0]) >= stored["log_like"] - 1e-6


def test_blind_and_perfect_play_are_recognised():
    dilemma = bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    branch = logit_branch(dilemma)
    assert logit_fit(branch, (np.array([5, 5]), np.array([5, 5]))) == 0
    assert logit_fit(branch, (np.array([9, 1]), np.array([5, 5]))) == 0
    assert logit_fit(branch, (np.array([0, 9]), np.array([0, 9]))) == math.inf
    assert logit_fit(logit_branch(PENNIES), (np.array([9, 1]), np.array([5, 5]))) == 0
