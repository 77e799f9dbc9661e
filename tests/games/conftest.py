"""What the tests of scenarios share: brute force over joint moves."""

import numpy as np
import pytest


class Brute:
    """Equilibria and optima of a small game by looking at every joint move, in payoffs alone."""

    @staticmethod
    def equilibria(game):
        """Labels of all pure Nash equilibria: nobody gains by another move of its own."""
        found = []
        for profile in game.profiles():
            own = game.payoffs_at(profile)
            others = [(i, k) for i, size in enumerate(game.sizes) for k in range(size)]
            if all(game.payoffs_at(_with(profile, i, k))[i] <= own[i] + 1e-9 for i, k in others):
                found.append(game.labels(profile))
        return found

    @staticmethod
    def optimum(game, bystanders=False):
        """The largest sum of payoffs (with bystanders: of all utilities), and the labels of the joint moves."""
        profiles = game.profiles()
        sums = (game.utilities_at(profiles) if bystanders else game.payoffs_at(profiles)).sum(-1)
        best = profiles[sums >= sums.max() - 1e-9]
        return float(sums.max()), [game.labels(profile) for profile in best]

    @staticmethod
    def implementation_cost(game, labels):
        """What it costs to make these moves an equilibrium by promises: the sum of the gains from leaving it."""
        profile = np.array(game.profile(labels))
        own, cost = game.payoffs_at(profile), 0.0
        for i, size in enumerate(game.sizes):
            cost += max(game.payoffs_at(_with(profile, i, k))[i] for k in range(size)) - own[i]
        return cost


def _with(profile, player, move):
    changed = np.array(profile)
    changed[player] = move
    return changed


@pytest.fixture(scope="session")
def brute():
    """Brute force over the joint moves of a small game."""
    return Brute


@pytest.fixture(scope="session")
def tax():
    """`tax(game, fact, rate)`: payoffs `[..., P]` by joint move when everybody pays `rate` per unit of a fact."""

    def taxed(game, fact, rate):
        profiles = game.profiles()
        return game.payoffs_at(profiles) - rate * game.facts_at(profiles)[fact]

    return taxed
