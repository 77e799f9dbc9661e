"""All equilibria of two-player games: published answers, brute force in rationals, and laws."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import _filtered, _vertices, vertex_enumeration
from ostrom.solvers._vertices import vertices

TABLES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=3).flatmap(
    lambda shape: hnp.arrays(int, (*shape, 2), elements=st.integers(-2, 2))
)


def bimatrix(row, column):
    return NormalForm(np.stack([row, column], axis=-1))


def found(table):
    solution = vertex_enumeration(NormalForm(table))
    assert solution.status == "complete"
    assert len(set(solution.exact)) == len(solution)
    return set(solution.exact)


def rational(*points):
    return {tuple(tuple(map(Fraction, mixture.split())) for mixture in point) for point in points}


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        pytest.param(
            [[2, 0], [0, 1]],
            [[1, 0], [0, 2]],
            rational(("1 0", "1 0"), ("0 1", "0 1"), ("2/3 1/3", "1/3 2/3")),
            id="battle of the sexes",
        ),
        pytest.param(
            [[6, 2], [7, 0]],
            [[6, 7], [2, 0]],
            rational(("1 0", "0 1"), ("0 1", "1 0"), ("2/3 1/3", "2/3 1/3")),
            id="chicken (Aumann)",
        ),
        pytest.param(
            [[4, 0], [3, 3]],
            [[4, 3], [0, 3]],
            rational(("1 0", "1 0"), ("0 1", "0 1"), ("3/4 1/4", "3/4 1/4")),
            id="stag hunt",
        ),
        pytest.param(
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
            rational(("1/3 1/3 1/3", "1/3 1/3 1/3")),
            id="Shapley 1964",
        ),
        pytest.param(
            [[3, 3], [2, 5], [0, 6]],
            [[3, 2], [2, 6], [3, 1]],
            rational(("1 0 0", "1 0"), ("4/5 1/5 0", "2/3 1/3"), ("0 1/3 2/3", "1/3 2/3")),
            id="von Stengel 2007",
        ),
        pytest.param([[3, 0], [5, 1]], [[3, 5], [0, 1]], rational(("0 1", "0 1")), id="prisoner's dilemma"),
    ],
)
def test_published_answers(row, column, expected):
    assert found(np.stack([row, column], axis=-1)) == expected


def test_payoffs_of_the_published_mixtures():
    chicken = vertex_enumeration(bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]]))
    mixed = next(p for p, exact in zip(chicken.points, chicken.exact, strict=True) if exact[0][0] == Fraction(2, 3))
    assert bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]]).expected_payoffs(mixed) == pytest.approx([14 / 3, 14 / 3])


@settings(max_examples=60)
@given(TABLES)
def test_brute_force_finds_the_same(table):
    assert found(table) == brute_force(table[..., 0], table[..., 1])


@settings(max_examples=40)
@given(TABLES)
def test_every_point_is_an_equilibrium_in_rationals(table):
    for x, y in found(table):
        rows, columns = table[..., 0] @ np.array(y, dtype=object), np.array(x, dtype=object) @ table[..., 1]
        assert sum(x) == sum(y) == 1
        assert all(p == 0 or worth == max(rows) for p, worth in zip(x, rows, strict=True))
        assert all(p == 0 or worth == max(columns) for p, worth in zip(y, columns, strict=True))


@settings(max_examples=40)
@given(TABLES, st.integers(-9, 9), st.integers(1, 9))
def test_other_names_and_units_change_nothing(table, constant, factor):
    expected = found(table)
    assert found(np.swapaxes(table, 0, 1)[..., ::-1]) == {(y, x) for x, y in expected}
    assert found(table[::-1]) == {(x[::-1], y) for x, y in expected}
    changed = table.copy()
    changed[..., 0] = factor * changed[..., 0] + constant
    changed[0, :, 1] += constant  # what player 2 gets whenever player 1 makes its first move
    assert found(changed) == expected


def test_degenerate_games_say_so():
    flat = vertex_enumeration(bimatrix(np.ones((2, 2)), np.ones((2, 2))))
    assert (len(flat), flat.degenerate, set(flat.components)) == (4, True, {0})
    assert "4 extreme equilibria are the corners of 1 connected set" in flat.note
    two = vertex_enumeration(bimatrix([[1, 1, 0], [0, 0, 1]], [[1, 1, 0], [0, 0, 1]]))
    assert len(set(two.components)) == 3
    assert sorted(map(two.components.count, set(two.components))) == [1, 2, 2]
    plain = vertex_enumeration(bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    assert (plain.degenerate, plain.note, plain.components) == (False, "", (0, 1, 2))


def test_any_mixture_of_corners_that_share_a_mixture_is_an_equilibrium():
    game = bimatrix([[1, 1, 0], [0, 0, 1]], [[1, 1, 0], [0, 0, 1]])
    solution = vertex_enumeration(game)
    pairs = [
        (p, q)
        for (p, a), (q, b) in itertools.combinations(zip(solution.points, solution.exact, strict=True), 2)
        if a[0] == b[0]
    ]
    assert pairs
    for p, q in pairs:
        assert game.regret((p[0], 0.3 * p[1] + 0.7 * q[1])) == pytest.approx(0, abs=1e-12)


def test_decimals_tie_where_their_author_meant_them_to():
    assert 0.1 + 0.2 != 0.3
    sums = vertex_enumeration(bimatrix([[0.1 + 0.2, 1], [0.3, 0]], [[1, 0], [1, 0]]))
    exact = vertex_enumeration(bimatrix([[3, 10], [3, 0]], [[1, 0], [1, 0]]))
    assert sums.exact == exact.exact
    assert len(sums) == 2


def test_fractions_are_taken_exactly_however_long():
    huge = Fraction(10**400 + 1, 10**400)
    table = np.array([[[huge, 1], [0, 0]], [[1, 0], [1, huge]]], dtype=object)
    expected = {
        (F("1 0"), F("1 0")),
        (F("0 1"), F("0 1")),
        ((huge / (1 + huge), 1 / (1 + huge)), (1 / huge, 1 - 1 / huge)),
    }
    assert found(table) == expected


def F(text):
    return tuple(map(Fraction, text.split()))


def test_the_regret_is_that_of_the_points():
    game = bimatrix(*np.random.default_rng(3).integers(-1000, 1001, (2, 5, 5)))
    solution = vertex_enumeration(game)
    assert solution.regret == max(map(game.regret, solution.points))
    assert solution.regret < 1e-12 * 1000


def test_out_of_time_is_a_status_and_what_was_found_holds():
    game = bimatrix(*np.random.default_rng(4).integers(-1000, 1001, (2, 9, 9)))
    solution = vertex_enumeration(game, seconds=0)
    assert (solution.status, solution.regret) == ("timed out", 0.0)
    assert "ran out of time" in solution.note


def test_out_of_memory_is_a_status_and_what_was_found_holds(monkeypatch):
    table = np.random.default_rng(4).integers(-1000, 1001, (9, 9, 2))
    everything = found(table)
    monkeypatch.setattr(_vertices, "ENTRIES", 40_000)
    solution = vertex_enumeration(NormalForm(table))
    assert solution.status == "partial"
    assert set(solution.exact) < everything
    assert "ran out of memory" in solution.note


def test_dominated_moves_do_not_cost_time():
    give = np.arange(41)
    row = 0.4 * (give[:, None] + give[None, :]) - give[:, None]
    solution = vertex_enumeration(bimatrix(row, row.T))
    assert solution.status == "complete"
    assert [tuple(x.argmax() for x in point) for point in solution.points] == [(0, 0)]


def test_players_with_one_move():
    assert found(np.array([[[0, 1], [0, 2], [0, 2]]])) == rational(("1", "0 1 0"), ("1", "0 0 1"))
    assert found(np.array([[[5, 5]]])) == rational(("1", "1"))


def test_three_players_are_refused():
    with pytest.raises(InputError, match="3 players"):
        vertex_enumeration(NormalForm(np.zeros((2, 2, 2, 3))))


def brute_force(row, column):
    """Every pair of vertices of the best-reply polytopes whose labels cover all moves, by solving every system."""
    m, n = row.shape
    xs = corners((column - column.min() + 1).T)
    ys = corners(row - row.min() + 1)
    pairs = set()
    for (x, tight_x), (y, tight_y) in itertools.product(xs, ys):
        labels = {(k + m if k < n else k - n) for k in tight_x} | set(tight_y)
        if labels == set(range(m + n)):
            pairs.add((x, y))
    return pairs


def corners(matrix):
    """Vertices other than 0 of {z >= 0 : matrix z <= 1}, as probabilities, with the numbers of their tight rows."""
    size = matrix.shape[1]
    rows = [[*map(Fraction, map(int, row)), Fraction(1)] for row in matrix]
    rows += [[*(Fraction(-int(j == k)) for k in range(size)), Fraction(0)] for j in range(size)]
    answer = {}
    for chosen in itertools.combinations(rows, size):
        z = solve(chosen)
        if z is None or not any(z):
            continue
        slack = [row[-1] - sum(a * b for a, b in zip(row, z, strict=False)) for row in rows]
        if min(slack) >= 0:
            answer[tuple(p / sum(z) for p in z)] = {k for k, s in enumerate(slack) if s == 0}
    return answer.items()


def solve(rows):
    """The solution of a square system in Fractions, or None."""
    rows = [list(row) for row in rows]
    for k in range(len(rows)):
        pivot = next((r for r in range(k, len(rows)) if rows[r][k] != 0), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for r in range(len(rows)):
            if r != k:
                rows[r] = [v - rows[r][k] * w for v, w in zip(rows[r], rows[k], strict=True)]
    return [row[-1] for row in rows]


def by_integers_alone(monkeypatch):
    """Floats prove nothing: every dictionary is asked in integers, from nothing, until pivots take over."""
    monkeypatch.setattr(
        _filtered, "_leaving", lambda *asked: (np.zeros(SHAPE(asked), int), np.zeros(len(asked[0]), bool))
    )
    monkeypatch.setattr(_filtered, "EXACT", 0)


def SHAPE(asked):
    return asked[0].shape[0], asked[0].shape[2]


@pytest.mark.parametrize("slow", [0, 10_000])
@pytest.mark.parametrize("high", [2, 4, 1000])
def test_floats_and_integers_see_the_same_vertices(monkeypatch, slow, high):
    """Three ways to every dictionary: floats with a bound, integers from its basis, and pivots from its neighbour."""
    matrix = np.random.default_rng([6, high]).integers(1, high + 1, (6, 5)).astype(object)
    fast = vertices(matrix, float("inf"))
    by_integers_alone(monkeypatch)
    monkeypatch.setattr(_filtered, "SLOW", slow)
    exact = vertices(matrix, float("inf"))
    assert fast.status == exact.status == "complete"
    seen = [
        {(tuple(z), tuple(t)) for z, t in zip(v.directions(np.arange(len(v.tight))), v.tight, strict=True)}
        for v in (fast, exact)
    ]
    assert seen[0] == seen[1]


def test_a_near_tie_is_not_a_tie_and_a_tie_is():
    """Two rows that differ in the 15th digit, below what floats prove; and the same two when they do not differ."""
    unit = 10**15
    row = np.array([[unit, 3 * unit], [unit + 1, 3 * unit - 1], [2 * unit, 0]], dtype=object)
    column = np.array([[0, 1], [1, 0], [1, 1]], dtype=object)
    fractions = np.vectorize(Fraction, otypes=[object])
    for table in (row, np.where(row == unit + 1, unit, np.where(row == 3 * unit - 1, 3 * unit, row))):
        game = NormalForm(np.stack([fractions(table), fractions(column)], axis=-1))
        assert set(vertex_enumeration(game).exact) == brute_force(table, column)


def test_error_bounds_hold_where_matrices_are_ill_conditioned():
    """Bounds against the dictionaries in rationals, on a matrix whose rows are almost alike."""
    rng = np.random.default_rng(8)
    matrix = (10**9 + rng.integers(0, 1000, (5, 5))).astype(object)
    asked = _filtered.Filter(matrix)
    checked = 0
    for chosen in itertools.islice(itertools.combinations(range(10), 5), 0, None, 5):
        basic = np.array([chosen])
        if abs(np.linalg.det(asked.full.T[basic][0])) < 1e-300:
            continue
        inverse = np.swapaxes(np.linalg.inv(asked.full.T[basic]), 1, 2)
        every = inverse @ asked.full
        error = asked._error(inverse, every, basic)[0]
        if not np.isfinite(error[-1]):
            continue
        scaled = [
            [Fraction(int(i == j)) for j in range(5)] + [Fraction(v, asked.unit) for v in matrix[i]] for i in range(5)
        ]
        value = solve([[*(scaled[i][j] for j in chosen), Fraction(1)] for i in range(5)])
        assert all(abs(float(v) - w) <= error[-1] for v, w in zip(value, every[0, :, -1], strict=True))
        checked += 1
    assert checked > 5


@pytest.mark.parametrize("seed", range(3))
def test_twelve_moves_each_are_searched_completely(seed):
    """Random games have an odd number of equilibria (Wilson 1971); each is checked in rationals."""
    table = np.random.default_rng([12, 12, seed]).integers(-(10**6), 10**6, (2, 12, 12))
    solution = vertex_enumeration(bimatrix(*table))
    assert (solution.status, len(solution) % 2, solution.degenerate) == ("complete", 1, False)
    for x, y in solution.exact:
        rows, columns = table[0].astype(object) @ np.array(y), np.array(x) @ table[1].astype(object)
        assert all(p == 0 or worth == max(rows) for p, worth in zip(x, rows, strict=True))
        assert all(p == 0 or worth == max(columns) for p, worth in zip(y, columns, strict=True))


def test_more_than_sixty_four_inequalities():
    """Masks take two words: a game of 3 x 70 moves, against the same game with its columns in another order."""
    table = np.random.default_rng(9).integers(0, 50, (3, 70, 2))
    order = np.random.default_rng(10).permutation(70)
    assert {(x, tuple(np.array(y)[order])) for x, y in found(table)} == found(table[:, order])


LRSNASH = {10: [3, 21, 11, 9, 15], 12: [11, 5, 7, 13, 23]}
"""How many extreme equilibria lrsnash 0.71b finds, exactly, in random games of integers from -1000 to 1000."""


@pytest.mark.parametrize(("size", "seed"), [(size, seed) for size in LRSNASH for seed in range(5)])
def test_large_games_have_as_many_equilibria_as_lrsnash_finds(size, seed):
    rng = np.random.default_rng([size, size, seed])
    row, column = (rng.integers(-1000, 1001, (size, size)) for _ in range(2))
    solution = vertex_enumeration(bimatrix(row, column))
    assert (solution.status, len(solution)) == ("complete", LRSNASH[size][seed])
    assert solution.regret < 1e-9
