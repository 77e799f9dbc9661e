"""What groups secure: by hand, by SciPy, exactly, and laws."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import ostrom as om
from ostrom.core.errors import TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import coalition_worth

SHAPES = st.sampled_from([(2, 2), (3, 2), (2, 2, 2), (2, 3, 2)])


def by_scipy(payoffs, group):
    """The most a group can count on with lots: a linear program over its joint moves, written out."""
    sizes = payoffs.shape[:-1]
    others = [i for i in range(len(sizes)) if i not in group]
    own = int(np.prod([sizes[i] for i in group]))
    matrix = payoffs[..., group].sum(-1).transpose([*group, *others]).reshape(own, -1)
    found = linprog(
        np.append(np.zeros(own), -1.0),
        A_ub=np.hstack([-matrix.T, np.ones((matrix.shape[1], 1))]),
        b_ub=np.zeros(matrix.shape[1]),
        A_eq=np.append(np.ones(own), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * own + [(None, None)],
    )
    return -found.fun


@given(SHAPES, st.integers(0, 10**6))
@settings(max_examples=20)
def test_scipy_finds_the_same(shape, seed):
    payoffs = np.random.default_rng(seed).integers(-5, 6, (*shape, len(shape)))
    game = coalition_worth(NormalForm(payoffs))
    for mask in range(1, 2 ** len(shape)):
        group = [i for i in range(len(shape)) if mask >> i & 1]
        assert game.worth[mask] == pytest.approx(by_scipy(payoffs, group), abs=1e-8)
    rounded = coalition_worth(NormalForm(payoffs), exact=False)
    assert rounded.exact is None
    assert rounded.worth == pytest.approx(game.worth, abs=1e-8)


@given(SHAPES, st.integers(0, 10**6))
@settings(max_examples=20)
def test_views_are_in_order_and_groups_are_no_worse_together(shape, seed):
    """α ≤ with lots ≤ β; what two groups secure apart, they secure together (superadditive)."""
    game = NormalForm(np.random.default_rng(seed).integers(-5, 6, (*shape, len(shape))))
    alpha, mixed, beta = (coalition_worth(game, view).worth for view in ("alpha", "mixed", "beta"))
    assert (alpha <= mixed + 1e-9).all()
    assert (mixed <= beta + 1e-9).all()
    everybody = len(mixed) - 1
    for one in range(1, everybody + 1):
        for other in range(1, everybody + 1):
            if not one & other:
                assert mixed[one] + mixed[other] <= mixed[one | other] + 1e-9
                assert alpha[one] + alpha[other] <= alpha[one | other]


def test_matching_pennies_needs_lots():
    game = om.games.MatchingPennies()
    assert coalition_worth(game).exact.tolist() == [0, 0, 0, 0]
    assert coalition_worth(game, "alpha").worth.tolist() == [0, -1, -1, 0]
    assert coalition_worth(game, "beta").worth.tolist() == [0, 1, 1, 0]
    assert coalition_worth(game, "gamma").worth == pytest.approx([0, 0, 0, 0], abs=1e-6)


def test_others_who_only_mind_themselves_do_less_harm():
    """Two of three burn what the third has; nobody gains by it, so in equilibrium nobody does."""
    payoffs = np.zeros((2, 2, 2, 3))
    for i in range(3):
        place = [slice(None)] * 3 + [i]
        payoffs[tuple(place)] = 4
    for i in range(3):
        burnt = [slice(None)] * 3 + [(i + 1) % 3]
        burnt[i] = 1
        payoffs[tuple(burnt)] -= 3
        cost = [slice(None)] * 3 + [i]
        cost[i] = 1
        payoffs[tuple(cost)] -= 1
    game = NormalForm(payoffs, moves=("keep", "burn"))
    secured, expected = coalition_worth(game), coalition_worth(game, "gamma")
    assert secured.worth_of("player 1") == 1
    assert expected.worth_of("player 1") == 4
    assert expected.worth_of(*game.players) == secured.worth_of(*game.players) == 12


def test_fractions_stay_exact():
    third = Fraction(1, 3)
    game = NormalForm([[[third, -third], [-third, third]], [[-third, third], [2 * third, -2 * third]]])
    assert coalition_worth(game).exact[1] == Fraction(1, 15)


def test_refusals():
    with pytest.raises(UnknownName, match="view"):
        coalition_worth(om.games.Chicken(), "delta")
    with pytest.raises(TooLarge):
        coalition_worth(om.games.PublicGoods(players=30))
