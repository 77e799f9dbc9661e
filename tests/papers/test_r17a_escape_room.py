"""R17a: the escape room of Yang et al. (2020), as one step: ceilings 9 and 8, and nobody moves."""

import itertools

import numpy as np
import pytest

from ostrom.games import EscapeRoom


def _gain(game, profile, player):
    own = game.payoffs_at(np.array(profile))[player]
    others = [(*profile[:player], move, *profile[player + 1 :]) for move in range(3)]
    return max(game.payoffs_at(np.array(other))[player] for other in others) - own


@pytest.mark.parametrize(("players", "needed", "ceiling", "cost"), [(2, 1, 9.0, 1.0), (3, 2, 8.0, 2.0)])
def test_r17a(players, needed, ceiling, cost):
    game = EscapeRoom(players=players, needed=needed)
    every = list(itertools.product(range(3), repeat=players))
    sums = {profile: game.payoffs_at(np.array(profile)).sum() for profile in every}
    assert max(sums.values()) == ceiling
    stable = [profile for profile in every if all(_gain(game, profile, i) <= 0 for i in range(players))]
    assert [game.labels(profile) for profile in stable] == [("stay",) * players]
    assert sums[stable[0]] == 0
    best = [profile for profile in every if sums[profile] == ceiling]
    assert min(sum(_gain(game, profile, i) for i in range(players)) for profile in best) == cost


def test_r17a_reference_values():
    known = EscapeRoom.reference
    assert (known["optimal welfare"], known["cost of implementing an optimum"]) == (9, 1)
    assert known["with three players and two needed"] == {"optimal welfare": 8, "cost of implementing an optimum": 2}
