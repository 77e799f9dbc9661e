"""The designer of regard for others: brute force over weights, and the published numbers."""

from itertools import product

import numpy as np
import pytest

from ostrom import games
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.prosocial import prosocial
from ostrom.institutions.prosocial import Prosocial

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
MARGIN = 0.01
HUNDREDS = pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 200), marks=pytest.mark.slow)])


def lead_at(game, weights, place):
    """By how much leaving is worse at least, at each of the weights."""
    total, losses = game.payoffs.sum(-1), []
    for i, size in enumerate(game.sizes):
        for move in range(size):
            if move != place[i]:
                there = (*place[:i], move, *place[i + 1 :])
                own, all_ = (x[place] - x[there] for x in (game.payoffs[..., i], total))
                losses.append((1 - weights) * own + weights * (all_ - own))
    return np.min(losses, axis=0)


@HUNDREDS
def test_the_least_weight_by_brute_force(seeds):
    """Any joint move as the target, welfare optimum or not: more regard may undo what some brings about."""
    reached, undone = 0, 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        sizes = (2, 3) if seed % 2 else (2, 2, 2)
        game = NormalForm(rng.integers(-4, 5, (*sizes, len(sizes))))
        problem = Problem(game, np.full(game.sizes, 1 / game.size))
        for place in list(product(*map(range, sizes)))[:3]:
            lead, weights = MARGIN * problem.scale, np.linspace(0, 1, 401)
            fits = weights[lead_at(game, weights, place) >= lead - 1e-9]
            found = prosocial(problem, game.labels(place))
            if isinstance(found, Proposal):
                reached += 1
                weight = found.numbers["weight"]
                assert found.governed.payoffs == pytest.approx(game.under(Prosocial(weight=weight)).payoffs)
                assert lead_at(game, weight, place) >= lead - 1e-9
                assert lead_at(game, weight - 1e-4, place) < lead
                assert (fits >= weight - 1e-9).all()
                assert found.claims[0].verdict == "proved"
                least = found.numbers["least weight"]
                assert least <= weight
                assert lead_at(game, least, place) >= -1e-9
            elif "without any regard" in found.because:
                assert fits[0] == 0
            else:
                assert len(fits) == 0
                undone += "makes that worth doing" in found.because
    assert reached > 10
    assert undone > 0


def test_the_prisoners_dilemma():
    found = prosocial(PD, ("C", "C"), margin=1e-9)
    assert found.numbers["least weight"] == 0.4  # 2/5
    assert prosocial(PD).numbers["weight"] == pytest.approx(0.4 + 0.05 / 5)
    assert found.needs.cost == found.needs.information == 0


def test_public_goods():
    """With marginal return m = 2/5 and n = 4 a unit kept gains 1 − m and costs the others 3m: w = 0.6 / 1.8."""
    assert prosocial(games.PublicGoods(), margin=1e-9).numbers["least weight"] == pytest.approx(1 / 3)


def test_what_no_regard_does_is_told():
    helps = NormalForm([[[3, 0], [3, 1]], [[5, 1], [0, 0]]])
    found = prosocial(helps, ("1", "1"))
    assert isinstance(found, Impossible)
    assert "gains 2 and costs the others -1" in found.because
    rocks = prosocial(games.RockPaperScissors(), ("rock", "rock"))
    assert "makes that worth doing" in rocks.because


def test_numbers_that_cannot_be_used():
    for margin in (0, -1, float("nan")):
        with pytest.raises(InputError):
            prosocial(PD, margin=margin)
    with pytest.raises(InputError):
        prosocial(PD, ("C",))
