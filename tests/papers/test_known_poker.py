"""Kuhn poker is worth −1/18, at a whole family of optimal behaviours; Leduc's curve falls to a known value."""

from fractions import Fraction
from itertools import pairwise

import pytest

from ostrom.games import KuhnPoker, LeducPoker
from ostrom.solvers.cfr import cfr


def optimal(game, alpha):
    """Kuhn (1950): what the first player bets and calls by α, and the second player's one optimal behaviour."""
    bets = {"J": alpha, "Q": 0.0, "K": 3 * alpha, "J pb": 0.0, "Q pb": alpha + 1 / 3, "K pb": 1.0}
    answers = {"J p": 1 / 3, "Q p": 0.0, "K p": 1.0, "J b": 0.0, "Q b": 1 / 3, "K b": 1.0}
    odds = {("first", place): {"bet": p, "pass": 1 - p} for place, p in bets.items()}
    return game.behaviour(odds | {("second", place): {"bet": p, "pass": 1 - p} for place, p in answers.items()})


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.2, 1 / 3])
def test_the_family_of_optimal_behaviours(alpha):
    game = KuhnPoker()
    behaviour = optimal(game, alpha)
    assert game.gains(behaviour) == pytest.approx([0, 0], abs=1e-12)
    assert game.value(behaviour)[0] == pytest.approx(-1 / 18, abs=1e-15)


def test_beyond_the_family_there_is_something_to_gain():
    game = KuhnPoker()
    assert game.gains(optimal(game, 0.0)).max() < 1e-12
    greedy = game.behaviour({("first", place): {"bet": 0.5, "pass": 0.5} for place in ("J", "K")})
    assert game.gains(greedy).max() > 0.01


def test_kuhn_poker_as_it_is_known():
    game, known = KuhnPoker(), KuhnPoker.reference
    assert (len(game.infosets), len(game.ends)) == (known["information sets"], known["ends"])
    assert sum(game.exact_chance) == Fraction(5)  # six deals, five ways to play each


def test_leduc_pokers_curve_and_value():
    game, known = LeducPoker(), LeducPoker.reference
    assert len(game.infosets) == known["information sets"]
    found = cfr(game, 300, variant="discounted")
    assert found.history[-1][1] < 0.005
    assert game.value(found.points[0])[0] == pytest.approx(known["value"], abs=1e-3)
    falls = [nash_conv for _, nash_conv in found.history]
    assert all(later < earlier for earlier, later in pairwise(falls))
