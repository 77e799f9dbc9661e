"""R8a: forbidding quantities in Cournot competition raises profits, and what it does to everybody else.

Firms' payoffs are λx − x² − x·y on [0, λ]. The published restriction raises the firms' welfare from 2λ²/9 to λ²/4
(+12.5 %). With the consumers in the welfare the same restriction is a loss.
"""

import numpy as np
import pytest

from ostrom.games import Cournot

GAME = Cournot(demand=108.0, step=1.0)
EVERY = np.arange(109)


def _equilibria(allowed):
    """Pure equilibria of the game in which only these quantities are allowed, by looking at every pair."""
    own = GAME.payoffs_at(np.stack(np.meshgrid(allowed, allowed, indexing="ij"), -1))[..., 0]
    best = own >= own.max(0) - 1e-9
    return [(int(allowed[i]), int(allowed[j])) for i, j in np.argwhere(best & best.T)]


def _firms(profile):
    return float(GAME.payoffs_at(np.array(profile)).sum())


def test_the_payoffs_are_the_published_ones():
    pairs = np.stack(np.meshgrid(EVERY, EVERY, indexing="ij"), -1)
    x, y = pairs[..., 0], pairs[..., 1]
    assert np.array_equal(GAME.payoffs_at(pairs)[..., 0], -(x**2) - x * y + 108 * x)


def test_without_a_rule_each_sells_a_third():
    found = _equilibria(EVERY)
    assert (36, 36) in found
    # Two neighbours of the grid tie with it, and sell as much together.
    assert {sum(profile) for profile in found} == {72}
    assert {_firms(profile) for profile in found} == {2592.0}


def test_the_restriction_raises_profits_by_an_eighth():
    allowed = EVERY[(EVERY < 28) | (EVERY > 55)]
    assert _equilibria(allowed) == [(27, 27)]
    assert _firms((27, 27)) == 2916.0
    assert _firms((27, 27)) / _firms((36, 36)) == 1.125


def test_one_step_less_leaves_a_worse_equilibrium():
    """Forbidding the open interval only, (27, 54) stays an equilibrium, with less for the firms than before."""
    allowed = EVERY[(EVERY <= 27) | (EVERY >= 54)]
    found = _equilibria(allowed)
    assert set(found) == {(27, 27), (27, 54), (54, 27)}
    assert min(map(_firms, found)) == 2187.0 == 3 * 108**2 / 16
    assert min(map(_firms, found)) < 2592.0


@pytest.mark.parametrize(
    ("profile", "profits", "consumers", "total"), [((36, 36), 2592, 2592, 5184), ((27, 27), 2916, 1458, 4374)]
)
def test_with_consumers_it_is_a_loss(profile, profits, consumers, total):
    *firms, public = GAME.utilities_at(np.array(profile))
    assert (sum(firms), public, sum(firms) + public) == (profits, consumers, total)


def test_the_gain_is_an_eighth_at_every_size_of_the_market():
    for demand in (12.0, 60.0, 108.0, 240.0):
        game = Cournot(demand=demand, step=demand / 12)
        third, quarter = (np.array(game.profile([f"{demand / k:g}"] * 2)) for k in (3, 4))
        assert game.payoffs_at(quarter).sum() / game.payoffs_at(third).sum() == pytest.approx(1.125, abs=1e-12)
