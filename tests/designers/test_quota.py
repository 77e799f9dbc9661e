"""The designer of limits: brute force over limits with the institution itself."""

from itertools import product

import numpy as np
import pytest

from ostrom import games
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.designers._proposal import Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.quota import quota
from ostrom.institutions.quota import Quota

HUNDREDS = pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 200), marks=pytest.mark.slow)])


def limited(seed, low=0):
    """A random game with a fact of one's own move."""
    rng = np.random.default_rng(seed)
    sizes = (3, 4) if seed % 2 else (3, 2, 2)
    amounts = [rng.integers(low, 5, size).astype(float) for size in sizes]

    def use(profiles):
        return np.stack([own[profiles[..., i]] for i, own in enumerate(amounts)], -1)

    return NormalForm(rng.integers(-3, 6, (*sizes, len(sizes))), facts=[Fact("use", "", use)])


def stable(table):
    """The labels of all pure equilibria, the slow way."""
    found = []
    for joint in product(*map(range, table.sizes)):
        own = [table.payoffs[(*joint[:i], slice(None), *joint[i + 1 :], i)] for i in range(len(joint))]
        if all(column[k] >= column.max() for column, k in zip(own, joint, strict=True)):
            found.append(table.labels(joint))
    return found


@HUNDREDS
def test_the_highest_limit_by_trying_all(seeds):
    only = some = 0
    for seed in seeds:
        game = limited(seed)
        problem = Problem(game, np.full(game.sizes, 1 / game.size))
        target = game.labels(problem.target())
        outcome = {}
        for limit in np.arange(0, 5, 0.5):
            governed = game.under(Quota(on="use", limit=float(limit)))
            if governed.size < game.size and all(a in own for a, own in zip(target, governed.moves, strict=True)):
                within = game.facts_at(np.array(problem.target()))["use"].max() <= limit
                outcome[float(limit)] = stable(governed) if within else []
        alone = [limit for limit, points in outcome.items() if points == [target]]
        among = [limit for limit, points in outcome.items() if target in points]
        found = quota(problem, on="use")
        if not among:
            assert not isinstance(found, Proposal)
            continue
        best = max(alone or among)
        assert np.floor(best) == found.numbers["limit"] or outcome[best] == outcome[found.numbers["limit"]]
        assert stable(game.under(found.institution)) == outcome[best]
        assert ("only pure" in found.sentence) == bool(alone)
        assert found.size == sum(game.sizes) - sum(found.governed.sizes)
        assert found.claims[0].verdict == "proved"
        only, some = only + bool(alone), some + (not alone)
    assert only > 0
    assert some > 0


def test_amounts_below_nothing_do_not_crash():
    for seed in range(10):
        game = limited(seed, low=-4)
        quota(Problem(game, np.full(game.sizes, 1 / game.size)))


def test_the_commons():
    found = quota(games.Commons(players=4))
    assert found.numbers == {"limit": 2.0, "on": "harvest"}
    assert found.needs.forbidden == 8
    assert found.needs.share == 0.4
    assert {claim.verdict for claim in found.claims} == {"proved"}


def test_a_game_without_facts():
    found = quota(games.PrisonersDilemma())
    assert "has no facts" in found.because
    assert "restriction" in found.nearest


def test_names_that_cannot_be_used():
    with pytest.raises(UnknownName):
        quota(games.Commons(players=2), on="catch")
    with pytest.raises(InputError):
        quota(games.Commons(players=2), ("1", "7"))
