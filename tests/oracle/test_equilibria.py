"""Equilibria against programs that are not ours: stored answers always, the programs themselves with `make oracle`."""

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import correlated, pure_equilibria, vertex_enumeration

STORED = json.loads((Path(__file__).parent / "data" / "equilibria.json").read_text(encoding="utf-8"))["games"]


def tables(entry):
    return np.array(entry["row"]), np.array(entry["column"])


def rationals(text):
    return tuple(map(Fraction, text.split()))


def ours(row, column):
    solution = vertex_enumeration(NormalForm(np.stack([row, column], axis=-1)))
    assert solution.status == "complete"
    assert len(set(solution.exact)) == len(solution)
    return set(solution.exact)


@pytest.mark.parametrize("number", range(len(STORED)))
def test_all_equilibria_are_those_of_lrsnash_and_gambit(number):
    stored = {tuple(map(rationals, point)) for point in STORED[number]["equilibria"]}
    assert ours(*tables(STORED[number])) == stored


def test_the_stored_games_are_of_every_kind():
    counts = [len(entry["equilibria"]) for entry in STORED]
    shapes = {tables(entry)[0].shape for entry in STORED}
    solutions = [vertex_enumeration(NormalForm(np.stack(tables(entry), axis=-1))) for entry in STORED]
    assert len(STORED) == 62
    assert max(counts) > 10
    assert any(rows > columns for rows, columns in shapes)
    assert any(rows < columns for rows, columns in shapes)
    assert 15 < sum(solution.degenerate for solution in solutions) < 50


def random_bimatrix(seed, sizes=6):
    rng = np.random.default_rng([7, seed])
    shape = rng.integers(1, sizes + 1, 2)
    return rng.integers(0, rng.choice([2, 3, 5, 1000]), (2, *shape))


@pytest.mark.oracle
def test_lrsnash_finds_the_same_equilibria(tmp_path):
    if not shutil.which("lrsnash"):
        pytest.skip("needs the program lrsnash (Debian package lrslib)")
    for row, column in [*map(tables, STORED), *map(random_bimatrix, range(200))]:
        assert ours(row, column) == lrsnash(row, column, tmp_path / "game")


def lrsnash(row, column, file):
    """The equilibria that the program prints: lines "2 y… value" of player 2 before the "1 x… value" they go with."""
    lines = [" ".join(map(str, line)) for table in (row, column) for line in ([], *table.tolist())]
    file.write_text("\n".join([f"{row.shape[0]} {row.shape[1]}", *lines, ""]), encoding="utf-8")
    printed = subprocess.run(["lrsnash", str(file)], capture_output=True, text=True, check=True).stdout
    found, waiting, before = set(), [], "1"
    for words in map(str.split, printed.splitlines()):
        if not words or words[0] not in ("1", "2"):
            continue
        mixture = tuple(map(Fraction, words[1:-1]))
        if words[0] == "1":
            found |= {(mixture, other) for other in waiting}
        else:
            waiting = [*(waiting if before == "2" else []), mixture]
        before = words[0]
    return found


@pytest.mark.oracle
def test_gambit_finds_the_same_equilibria():
    gambit = pytest.importorskip("pygambit")
    for row, column in map(random_bimatrix, range(200)):
        game = gambit.Game.from_arrays(row, column)
        theirs = {
            tuple(tuple(Fraction(str(point[move])) for move in player.strategies) for player in game.players)
            for point in gambit.nash.enummixed_solve(game, rational=True).equilibria
        }
        assert ours(row, column) == theirs


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_quantecon_finds_the_same_equilibria_in_floats():
    theory = pytest.importorskip("quantecon.game_theory")
    for seed in range(60):
        row, column = np.random.default_rng([8, seed]).integers(-1000, 1001, (2, 6, 6))
        game = theory.NormalFormGame((theory.Player(row.astype(float)), theory.Player(column.T.astype(float))))
        theirs = [np.concatenate(point) for point in theory.vertex_enumeration(game)]
        mine = [np.concatenate(point) for point in ours_in_floats(row, column)]
        assert len(mine) == len(theirs)
        for point in mine:
            assert min(np.abs(point - other).max() for other in theirs) < 1e-9


def ours_in_floats(row, column):
    return vertex_enumeration(NormalForm(np.stack([row, column], axis=-1))).points


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("shape", [(4, 4, 4), (3, 2, 4), (3, 3, 3, 3), (2, 2, 2, 2, 2)])
def test_quantecon_finds_the_same_pure_equilibria(shape):
    theory = pytest.importorskip("quantecon.game_theory")
    rng = np.random.default_rng(shape)
    for _ in range(30):
        table = rng.integers(0, 5, (*shape, len(shape)))
        theirs = theory.pure_nash_brute(theory.NormalFormGame(table.astype(float)))
        assert set(pure_equilibria(NormalForm(table)).profiles) == {tuple(map(int, profile)) for profile in theirs}


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("shape", [(3, 3), (3, 3, 3), (2, 2, 2, 2)])
def test_open_spiel_finds_no_gain_in_leaving_our_correlated_equilibria(shape, coarse):
    spiel = pytest.importorskip("pyspiel")
    table = np.random.default_rng(shape).random((*shape, len(shape)))
    flat = [table[..., i].ravel().tolist() for i in range(len(shape))]
    game = spiel.convert_to_turn_based(spiel.create_tensor_game(flat, list(shape)))
    distance = spiel.cce_dist if coarse else spiel.ce_dist
    for worst in (False, True):
        joint = correlated(NormalForm(table), coarse=coarse, worst=worst).joint
        assert distance(game, advice(spiel, game, joint)).dist_value < 1e-9
    even = np.full(shape, 1 / joint.size)
    assert distance(game, advice(spiel, game, even)).dist_value > 1e-3


def advice(spiel, game, joint):
    """A distribution over joint moves as OpenSpiel has it: weights and policies of the game played in turns."""
    told = []
    for moves in map(tuple, np.argwhere(joint > 0)):
        state, policy = game.new_initial_state(), {}
        for player, move in enumerate(moves):
            chances = [(other, float(other == move)) for other in range(joint.shape[player])]
            policy[state.information_state_string(player)] = chances
            state = state.child(int(move))
        told.append((float(joint[moves]), spiel.TabularPolicy(policy)))
    return told


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("shape", [(3, 3), (3, 3, 3), (2, 3, 2, 2)])
def test_open_spiel_reaches_the_same_welfare(shape):
    jpsro = pytest.importorskip(
        "open_spiel.python.algorithms.jpsro", exc_type=ImportError
    )  # it needs cvxpy and matplotlib
    table = np.random.default_rng([*shape, 5]).random((*shape, len(shape)))
    meta, counts = np.moveaxis(table, -1, 0), [np.ones(size) for size in shape]
    for coarse, solve in ((False, jpsro._mwce), (True, jpsro._mwcce)):
        theirs = (solve(meta, counts)[0] * table.mean(-1)).sum()
        assert correlated(NormalForm(table), coarse=coarse).value == pytest.approx(theirs, abs=1e-6)
