"""The least core against SciPy on all rows, coopgame-py, and laws."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.core.errors import TooLarge
from ostrom.core.forms.coalitional import Coalitional
from ostrom.solvers import least_core

STORED = json.loads((Path(__file__).parent / "data" / "coalitions.json").read_text(encoding="utf-8"))["games"]
TABLES = st.integers(2, 5).flatmap(lambda n: st.lists(st.integers(-5, 9), min_size=2**n - 1, max_size=2**n - 1))


def by_scipy(worth, per_member):
    count = len(worth).bit_length() - 1
    masks = np.arange(1, 2**count - 1)
    bits = (masks[:, None] >> np.arange(count) & 1).astype(float)
    size = bits.sum(1) if per_member else np.ones(len(masks))
    found = linprog(
        np.append(np.zeros(count), 1.0),
        A_ub=-np.column_stack([bits, size]),
        b_ub=-np.asarray(worth, float)[masks],
        A_eq=np.append(np.ones(count), 0.0)[None],
        b_eq=[worth[-1]],
        bounds=(None, None),
    )
    assert found.status == 0
    return found.fun


@pytest.mark.parametrize("game", STORED, ids=lambda game: game["name"])
def test_coopgame_finds_the_same(game):
    assert least_core(Coalitional(game["worth"])).epsilon == pytest.approx(game["least_core"], abs=1e-9)


@given(TABLES, st.booleans())
@settings(max_examples=40)
def test_scipy_finds_the_same_on_all_rows(worths, per_member):
    worth = [0, *worths]
    found = least_core(Coalitional(worth), per_member=per_member)
    assert found.status == "complete"
    assert found.epsilon == pytest.approx(by_scipy(worth, per_member), abs=1e-8)
    assert sum(found.values) == pytest.approx(worth[-1], abs=1e-8)


@given(TABLES, st.booleans())
@settings(max_examples=25)
def test_weights_prove_it(worths, per_member):
    """They cover each player equally often, so the mean excess is the same for every division."""
    game = Coalitional([0, *worths])
    found = least_core(game, per_member=per_member)
    covers = {sum(w for group, w in found.weights.items() if player in group) for player in game.players}
    assert len(covers) == 1
    assert sum(w * (len(group) if per_member else 1) for group, w in found.weights.items()) == 1
    worth = sum(w * game.rational(game.mask(*group)) for group, w in found.weights.items())
    assert worth - covers.pop() * worths[-1] == found.exact


def test_small_games_by_hand():
    majority = Coalitional.weighted_voting(2, [1, 1, 1])
    assert least_core(majority).exact == Fraction(1, 3)
    assert least_core(majority, per_member=True).exact == Fraction(1, 6)
    assert least_core(Coalitional([0, 3])).exact == 0
    with pytest.raises(TooLarge):
        least_core(Coalitional(len, players=21))
