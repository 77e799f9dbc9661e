import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.games import BeerQuiche, Chicken, EntryDeterrence, KuhnPoker, LeducPoker
from ostrom.solvers._lemke import lemke
from ostrom.solvers.sequence_form import sequence_form
from ostrom.solvers.tree_equilibrium import tree_equilibrium


def drawn(rng, depth=4):
    """A random tree of two players who see only some of what was done (their own moves always)."""

    def node(left, seen):
        if left == 0 or (left < depth and rng.random() < 0.15):
            return End(pays=rng.integers(-3, 4, 2).tolist())
        kind = rng.integers(5)
        if kind == 0:
            return Chance({m: (Fraction(1, 2), node(left - 1, seen)) for m in "hk"})
        mover = int(kind > 2)
        moves = {}
        for m in "lr":
            told = list(seen)
            told[mover] += m
            if open_move[left]:
                told[1 - mover] += m.upper()
            moves[m] = node(left - 1, tuple(told))
        return Choice("ab"[mover], moves, sees=f"{left}{seen[mover]}")

    open_move = rng.random(depth + 1) < 0.5
    return ExtensiveForm(node(depth, ("", "")), players=("a", "b"))


def brute_gains(game, behaviour):
    """What the best of all reduced strategies adds, over the table of the strategic form."""
    return game.dense().regrets(game.mixture_of(behaviour))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_nobody_gains_in_the_strategic_form(seed):
    game = drawn(np.random.default_rng(seed))
    if not game.perfect_recall or game.size > 3000:
        return
    found = tree_equilibrium(game)
    assert found.exact_regret == 0
    assert brute_gains(game, found.points[0]).max() < 1e-12
    assert all(sum(own) == 1 and min(own) >= 0 for own in found.exact)
    assert found.values == pytest.approx(game.dense().expected_payoffs(game.mixture_of(found.points[0])).tolist())


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_a_complementarity_problem_by_its_definition(seed):
    """A positive definite matrix: the one solution, by trying every set of places at which w is 0."""
    rng = np.random.default_rng(seed)
    n = 4
    root, constant = rng.integers(-2, 3, (n, n)), rng.integers(-4, 5, n)
    matrix = root.T @ root + np.eye(n, dtype=int)
    z = np.array([float(x) for x in lemke(matrix.astype(object), constant.astype(object), np.inf)])
    found = []
    for used in itertools.product([False, True], repeat=n):
        at, tried = np.flatnonzero(used), np.zeros(n)
        tried[at] = np.linalg.solve(matrix[np.ix_(at, at)], -constant[at])
        if min(tried) >= -1e-9 and min(matrix @ tried + constant) >= -1e-9:
            found.append(tried)
    assert any(z == pytest.approx(one, abs=1e-9) for one in found)


def test_matching_pennies_with_uneven_stakes_as_a_tree():
    """Each mixes so that the other does not care: 1/3 and 1/4 by hand."""
    pays = {"hh": (3, -1), "ht": (-1, 1), "th": (-1, 3), "tt": (0, -1)}
    second = {a: Choice("b", {m: End(pays=pays[a + m]) for m in "ht"}, sees="x") for a in "ht"}
    found = tree_equilibrium(ExtensiveForm(Choice("a", second), players=("a", "b")))
    # b: 3q - (1 - q) = -q gives q = 1/5; a: -p + 3(1 - p) = p - (1 - p) gives p = 4/6
    assert found.exact == ((Fraction(2, 3), Fraction(1, 3)), (Fraction(1, 5), Fraction(4, 5)))


def test_kuhn_poker_agrees_with_the_linear_programs():
    found = tree_equilibrium(KuhnPoker())
    assert found.exact_regret == 0
    assert found.values[0] == pytest.approx(float(sequence_form(KuhnPoker()).exact), abs=1e-15)


def test_known_general_sums():
    found = tree_equilibrium(BeerQuiche())
    assert found.regret < 1e-12
    assert found.exact_regret is None  # the odds of its chance are floats
    assert tree_equilibrium(EntryDeterrence()).regret == 0


def test_one_player_who_never_chooses():
    game = ExtensiveForm(Choice("a", {"l": End(pays=(1, 0)), "r": End(pays=(2, 5))}), players=("a", "b"))
    assert tree_equilibrium(game).values == (2.0, 5.0)


def test_out_of_time_there_is_no_point():
    found = tree_equilibrium(KuhnPoker(), seconds=0.0)
    assert (found.points, found.status) == ((), "timed out")


@pytest.mark.parametrize("game", [Chicken(), LeducPoker(), ExtensiveForm(End(pays=[1]), players=("a",))])
def test_other_and_large_games_are_refused(game):
    with pytest.raises(InputError):
        tree_equilibrium(game)
