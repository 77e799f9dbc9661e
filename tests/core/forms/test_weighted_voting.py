"""Votes with weights: who wins, lazily, and refusals."""

import itertools

import numpy as np
import pytest

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.coalitional import Coalitional
from ostrom.core.forms.weighted_voting import WeightedVoting


def test_its_table_says_who_wins():
    game = WeightedVoting(8, [4, 3, 3, 2, 2])
    for mask in range(32):
        group = [i for i in range(5) if mask >> i & 1]
        assert game.worth[mask] == game.wins(group) == (sum((4, 3, 3, 2, 2)[i] for i in group) >= 8)


def test_decimals_are_taken_as_written():
    """0.1 + 0.2 reaches a quota of 0.3, though not in binary fractions."""
    assert WeightedVoting(0.3, [0.1, 0.2, 0.25]).wins([0, 1])
    assert Coalitional.weighted_voting("1/2", ["1/4", "1/4", "1/3"]).wins([0, 1])
    assert WeightedVoting(np.float64(2), np.array([1, 1, 1])).worth_of("player 1", "player 2") == 1


def test_hundreds_of_voters_are_not_listed():
    game = WeightedVoting(300, [1] * 500)
    assert game.wins(range(300))
    assert not game.wins(itertools.chain(range(299), [0]))
    with pytest.raises(TooLarge):
        _ = game.worth


@pytest.mark.parametrize(("quota", "weights"), [(0, [1, 2]), (4, [1, 2]), (1, [-1, 3]), (1, []), (float("nan"), [1])])
def test_what_is_no_vote_is_refused(quota, weights):
    with pytest.raises(InputError):
        WeightedVoting(quota, weights)
