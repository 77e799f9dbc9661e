"""R14a: self-enforcing environmental agreements with linear benefits and quadratic costs (Barrett 1994)."""

import numpy as np
import pytest

from ostrom.games import ClimateAgreement

SHARES = ClimateAgreement.reference["share of the gap that it closes, by countries"]


def signed(count, players):
    return np.array([0] * count + [1] * (players - count))


def stable(game, count):
    """Whether no signatory would rather leave and nobody outside rather join, by payoffs at single joint moves."""
    players = len(game.players)
    here = game.payoffs_at(signed(count, players))
    leaves = game.payoffs_at(signed(count - 1, players))[count - 1] - here[0] if count else 0.0
    joins = game.payoffs_at(signed(count + 1, players))[count] - here[-1] if count < players else 0.0
    return max(leaves, joins) <= 1e-9 * abs(here).max()


@pytest.mark.parametrize("players", [5, 10, 100])
def test_no_more_than_three_hold_together_and_it_does_little(players):
    game = ClimateAgreement(players)
    sizes = [count for count in range(players + 1) if stable(game, count)]
    assert max(sizes) == 3
    welfare = [game.payoffs_at(signed(count, players)).sum() for count in (0, 3, players)]
    share = (welfare[1] - welfare[0]) / (welfare[2] - welfare[0])
    assert share == pytest.approx(SHARES[players], abs=5e-5)


@pytest.mark.parametrize("count", range(1, 9))
def test_the_condition_of_the_paper(count):
    """Nobody inside gains by leaving if and only if (k − 1)(k − 3) ≤ 0."""
    game = ClimateAgreement(players=10, benefit=2.0, cost=0.7)
    gain = game.payoffs_at(signed(count - 1, 10))[count - 1] - game.payoffs_at(signed(count, 10))[0]
    assert (gain <= 1e-9) == ((count - 1) * (count - 3) <= 0)
