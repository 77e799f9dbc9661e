"""R13c: what commitment is worth, by Conitzer and Sandholm, Computing the optimal strategy to commit to (2006).

The row player has [[2, 4], [1, 3]], the column player [[1, 0], [0, 1]]. The only equilibrium is worth 2 to the row
player, a pure commitment 3 and a mixed one 3.5: half and half leaves the column player indifferent.
"""

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions import Leader
from ostrom.solvers import pure_equilibria

GAME = NormalForm(
    np.stack([[[2, 4], [1, 3]], [[1, 0], [0, 1]]], -1), players=("row", "column"), moves=(("u", "d"), ("l", "r"))
)


def leading(parts):
    return sorted({o.payoffs[0] for o in GAME.under(Leader("row", parts)).subgame_perfect().points})


def test_without_commitment_the_row_player_gets_two():
    assert [GAME.payoffs[profile][0] for profile in pure_equilibria(GAME).profiles] == [2.0]


def test_a_pure_commitment_is_worth_three():
    assert leading(1) == [3.0]


def test_a_mixed_commitment_is_worth_three_and_a_half():
    """The column player, indifferent, may answer either way; that it answers well is what the paper assumes."""
    assert leading(2) == [3.0, 3.5]


@pytest.mark.parametrize("parts", [3, 5, 21, 101 - 2])
def test_without_the_assumption_it_comes_as_close_as_the_parts_allow(parts):
    """A little more than half on the second row decides the column player; odds of half are out of reach here."""
    share = (parts // 2 + 1) / parts
    assert leading(parts) == [pytest.approx(4 * (1 - share) + 3 * share)]
