"""The designer of taxes: brute force over rates, published values, and what no rate can do."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import games
from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.tax import tax
from ostrom.institutions.tax import Tax

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
MARGIN = 0.01
HUNDREDS = pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 200), marks=pytest.mark.slow)])


def taxed(seed):
    """A random game of two or three players with a fact that depends on a player's own move."""
    rng = np.random.default_rng(seed)
    sizes = (2, 3) if seed % 2 else (2, 2, 2)
    amounts = [rng.integers(0, 4, size).astype(float) for size in sizes]

    def use(profiles):
        return np.stack([own[profiles[..., i]] for i, own in enumerate(amounts)], -1)

    return NormalForm(rng.integers(-4, 5, (*sizes, len(sizes))), facts=[Fact("use", "", use)])


def pairs(game, place, concept):
    """Every joint move in which a player plays its part, and the same with another move, by the slow way."""
    for i, size in enumerate(game.sizes):
        for joint in product(*map(range, game.sizes)):
            apart = [k for k in range(len(joint)) if joint[k] != place[k]]
            if joint[i] == place[i] and (concept == "dominant" or not apart):
                for move in range(size):
                    if move != place[i]:
                        yield (*joint, i), (*joint[:i], move, *joint[i + 1 :], i)


def lead_at(game, rate, place, concept, shared):
    """By how much the target is better at least at a rate, by looking at every departure."""
    owed = rate * game.facts_at(game.profiles())["use"].reshape(game.payoffs.shape)
    table = game.payoffs - owed + (owed.mean(-1, keepdims=True) if shared else 0)
    return min(table[here] - table[there] for here, there in pairs(game, place, concept))


@HUNDREDS
@pytest.mark.parametrize("concept", ["dominant", "equilibrium"])
def test_the_rate_nearest_to_zero_by_brute_force(seeds, concept):
    """A grid of rates: none nearer to 0 does it; where none is proposed, none at all does."""
    reached = 0
    for seed in seeds:
        game, shared = taxed(seed), bool(seed % 3)
        problem = Problem(game, np.full(game.sizes, 1 / game.size))
        place, lead = problem.target(), MARGIN * problem.scale
        found = tax(problem, on="use", concept=concept, shared=shared)
        grid = [sign * k / 4 for k in range(80) for sign in (1, -1)]
        fits = [rate for rate in grid if lead_at(game, rate, place, concept, shared) >= lead - 1e-9]
        if isinstance(found, Proposal):
            reached += 1
            rate = found.numbers["rate"]
            governed = game.under(Tax(on="use", rate=rate, shared=shared))
            assert found.governed.payoffs == pytest.approx(governed.payoffs)
            assert lead_at(game, rate, place, concept, shared) > 0
            if lead_at(game, rate, place, concept, shared) >= lead - 1e-9:  # the margin itself, not a part of it
                assert lead_at(game, rate - np.sign(rate) * 1e-3, place, concept, shared) < lead - 1e-9
                assert all(abs(other) >= abs(rate) - 1e-9 for other in fits)
            assert found.claims[0].verdict == "proved"
        elif "without any tax" in found.because:
            assert lead_at(game, 0, place, concept, shared) >= lead / 1000 - 1e-9
        else:
            assert fits == []
            assert "No rate on use" in found.because
    assert reached > len(seeds) / 10


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_payments_and_needs_are_those_of_the_institution(seed):
    game = taxed(seed)
    found = tax(Problem(game, np.full(game.sizes, 1 / game.size)))
    if isinstance(found, Proposal):
        assert found.governed.payoffs == pytest.approx(game.under(found.institution).payoffs)
        adds = found.governed.adds
        assert found.needs.fine == pytest.approx(max(-adds.min(), 0))
        assert found.needs.promise == pytest.approx(max(adds.max(), 0))
        assert adds.sum(-1) == pytest.approx(0, abs=1e-9)
        assert found.needs.cost == pytest.approx(0, abs=1e-9)


def test_the_prisoners_dilemma():
    """D gains 2 over C at C, and 1 at D; a shared tax t costs t/2 between two, one that is kept all of it."""
    shared, kept = tax(PD, on="D", margin=1e-9), tax(PD, on="D", shared=False, margin=1e-9)
    assert shared.numbers["rate"] == pytest.approx(4)
    assert kept.numbers["rate"] == pytest.approx(2)
    assert shared.numbers["concept"] == "dominant"
    assert kept.sentence == "A tax of 2 on D makes (C, C) the best thing to do whatever the others do."
    subsidy = tax(PD, on="C", shared=False, margin=1e-9)
    assert subsidy.numbers["rate"] == pytest.approx(-2)
    assert subsidy.needs.cost == pytest.approx(4)
    assert "subsidy of 2 on C" in subsidy.sentence


def test_the_commons():
    """The rate of the docstring, from the payoffs: a unit more costs a fisher 3/4 of a rate that four share."""
    game = games.Commons(players=4)
    found = tax(game, on="harvest", concept="equilibrium", margin=1e-9)
    place = Problem(game).target()
    table = game.dense().payoffs
    gains = []
    for move in range(game.sizes[0]):
        if move != place[0]:
            gain = table[(move, *place[1:], 0)] - table[(*place, 0)]
            gains.append((gain, float(game.moves[0][move]) - float(game.moves[0][place[0]])))
    expected = max(gain / (units * 3 / 4) for gain, units in gains if units > 0)
    assert found.numbers["rate"] == pytest.approx(expected, rel=1e-6)


def test_what_needs_no_tax_is_told_as_what_it_is():
    harmony = NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]])
    assert "is the best thing to do whatever the others do without any tax." in tax(harmony).because
    hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("C", "D"))
    said = tax(hunt, on="D", concept="equilibrium").because
    assert said == "(C, C) is an equilibrium without any tax."


def test_what_no_rate_does_is_told():
    rocks = games.RockPaperScissors()
    found = tax(rocks, ("rock", "paper"), on="scissors")
    assert isinstance(found, Impossible)
    assert "No rate on scissors" in found.because
    assert found.nearest


def test_agents_rewards_decide():
    careless = np.array(PD.payoffs)
    careless[..., 0] *= 10
    assert tax(Delegation(PD, rewards=careless), on="D", margin=1e-9).numbers["rate"] == pytest.approx(40)


def test_names_and_numbers_that_cannot_be_used():
    for margin in (0, -1, float("nan"), float("inf")):
        with pytest.raises(InputError):
            tax(PD, margin=margin)
    with pytest.raises(UnknownName):
        tax(PD, on="E")
    with pytest.raises(InputError):
        tax(PD, ("C", "E"))
