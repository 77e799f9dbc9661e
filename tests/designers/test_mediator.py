"""The designer of mediators: how far somebody can be held down, by another solver; delegating, by brute force."""

import numpy as np
import pytest
from scipy.optimize import linprog

from ostrom import games
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers._remedy import Problem
from ostrom.designers.mediator import mediator

HUNDREDS = pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 200), marks=pytest.mark.slow)])


def held_down(payoffs, i):
    """The correlated minimax value of a player: the others' joint odds that leave it least, by SciPy."""
    own = np.moveaxis(payoffs[..., i], i, 0).reshape(payoffs.shape[i], -1)
    rows = np.hstack([own, -np.ones((len(own), 1))])
    cost = np.append(np.zeros(own.shape[1]), 1)
    equal = np.append(np.ones(own.shape[1]), 0)[None]
    bounds = [(0, None)] * own.shape[1] + [(None, None)]
    return linprog(cost, rows, np.zeros(len(own)), equal, [1], bounds=bounds, method="highs-ipm").fun


@HUNDREDS
def test_there_is_a_mediator_just_when_everybody_can_be_held_down(seeds):
    refused = made = lotteries = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        sizes = [(3, 3), (2, 2, 2), (2, 3)][seed % 3]
        game = NormalForm(rng.integers(-4, 5, (*sizes, len(sizes))))
        problem = Problem(game, np.full(sizes, 1 / game.size))
        place = tuple(int(k) for k in rng.integers(0, sizes))
        values = np.array([held_down(game.payoffs, i) for i in range(len(sizes))])
        found = mediator(problem, game.labels(place))
        if (values > game.payoffs[place] + 1e-7).any():
            assert isinstance(found, Impossible)
            assert "would stay out" in found.because
            refused += 1
            continue
        assert isinstance(found, Proposal)
        table, made = found.governed, made + 1
        lotteries += any(len(row) == 3 for row in found.institution.against)
        all_in = tuple(own.index("delegate") for own in table.moves)
        assert table.payoffs[all_in] == pytest.approx(game.payoffs[place])
        for i in range(len(sizes)):
            own = table.payoffs[(*all_in[:i], slice(None), *all_in[i + 1 :], i)]
            assert own.max() <= own[all_in[i]] + 1e-7
            assert np.delete(own, all_in[i]).max() >= values[i] - 1e-7
        assert found.claims[0].verdict == "proved"
        assert found.effects.welfare_after == pytest.approx(game.payoffs[place].mean())
        assert found.worth[all_in] == pytest.approx(problem.worth[place])
    assert refused > 0
    assert made > 0
    assert lotteries > 0


def test_the_prisoners_dilemma():
    found = mediator(games.PrisonersDilemma())
    assert found.governed.payoffs[2, 2].tolist() == [3, 3]
    assert found.needs.cost == found.needs.fine == 0
    assert found.claims[0].verdict == "proved"


def test_thirds_are_thirds():
    """At the value of the game nobody gains by staying out, in fractions that no decimal is."""
    found = mediator(games.RockPaperScissors(), ("rock", "rock"))
    assert isinstance(found, Proposal)
    assert found.claims[0].verdict == "proved"
    odds = [row[2] for row in found.institution.against if row[0] == "row"]
    assert odds == [1 / 3] * 3


def test_who_cannot_be_held_down_stays_out():
    found = mediator(games.EscapeRoom())
    assert "person 1 has -1" in found.because
    assert "held down to 0 only" in found.because


def test_too_many_joint_moves_and_bad_margins():
    many = NormalForm(np.random.default_rng(0).normal(size=(2,) * 10 + (10,)))
    assert "more than 20,000 joint moves" in mediator(many, ("1",) * 10).because
    for margin in (0, -1, float("nan")):
        with pytest.raises(InputError):
            mediator(games.PrisonersDilemma(), margin=margin)
