"""Chicken against its reference values, brute force, and a linear program for correlated equilibria."""

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import Chicken

KNOWN = Chicken.reference


def test_reference_values(brute):
    game = Chicken()
    assert brute.equilibria(game) == KNOWN["pure equilibria"]
    assert brute.optimum(game) == (KNOWN["optimal welfare"], KNOWN["optimal moves"])


def test_the_mixed_equilibrium():
    game, mixture = Chicken(), (np.array(KNOWN["mixed equilibrium"]),) * 2
    assert game.regret(mixture) < 1e-14
    assert game.expected_payoffs(mixture) == pytest.approx(KNOWN["payoff at the mixed equilibrium"], abs=1e-14)


@pytest.mark.parametrize(("which", "sign"), [("best correlated equilibrium", -1), ("worst correlated equilibrium", 1)])
def test_correlated_equilibria_by_linear_programming(which, sign):
    from scipy.optimize import linprog

    table = Chicken().payoffs
    obey = []
    for told, other in [(0, 1), (1, 0)]:
        row, column = np.zeros((2, 2)), np.zeros((2, 2))
        row[told] = table[other, :, 0] - table[told, :, 0]
        column[:, told] = table[:, other, 1] - table[:, told, 1]
        obey += [row.ravel(), column.ravel()]
    answer = linprog(sign * table.sum(-1).ravel(), A_ub=obey, b_ub=np.zeros(4), A_eq=np.ones((1, 4)), b_eq=[1])
    assert sign * answer.fun == pytest.approx(KNOWN[which], abs=1e-9)


def test_what_is_no_chicken_is_refused():
    with pytest.raises(InputError, match="Chicken"):
        Chicken(crash=3)
