"""Equilibria: known games, what they are worth, and the measure that means something."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis import equilibria as room_member
from ostrom.diagnosis.equilibria import MOVES, equilibria

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
BOS = NormalForm([[[2, 1], [0, 0]], [[0, 0], [1, 2]]], moves=("opera", "match"))
CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], moves=("C", "D"))
STAG = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
SHAPLEY = NormalForm([[[0, 0], [0, 1], [1, 0]], [[1, 0], [0, 0], [0, 1]], [[0, 1], [1, 0], [0, 0]]])


def sentences(game):
    return [finding.sentence for finding in equilibria(game).findings]


def test_the_member_is_the_function():
    assert room_member is equilibria


@pytest.mark.parametrize(
    ("game", "count", "anarchy", "stability"),
    [
        (PD, 1, 3, 3),
        (BOS, 3, 9 / 4, 1),
        (STAG, 3, 4 / 3, 1),
        (CHICKEN, 3, 12 / 9, 12 / (28 / 3)),
        (SHAPLEY, 1, 3 / 2, 3 / 2),
    ],
)
def test_known_games(game, count, anarchy, stability):
    found = equilibria(game)
    assert (len(found.nash), found.nash.status, found.listed_all) == (count, "complete", True)
    assert found.efficiency.measure == "price of anarchy"
    assert found.efficiency.worst == pytest.approx(anarchy)
    assert found.efficiency.best == pytest.approx(stability)


def test_correlated_equilibria_of_chicken():
    """Aumann (1974): the best is worth 21/2 in sum, the worst 36/5."""
    values = {bound.concept: 2 * bound.value for bound in equilibria(CHICKEN).bounds}
    assert values["best correlated equilibrium"] == pytest.approx(21 / 2)
    assert values["worst correlated equilibrium"] == pytest.approx(36 / 5)
    assert values["worst coarse correlated equilibrium"] <= 36 / 5 + 1e-9


def test_costs_have_a_price_of_anarchy_the_other_way_round():
    found = equilibria(NormalForm([[[-2, -2], [-5, -1]], [[-1, -5], [-4, -4]]])).efficiency
    assert (found.measure, found.worst, found.best) == ("price of anarchy", 2, 2)


@pytest.mark.parametrize("shift", [-2.0, -100.0, 7.0])
def test_prices_change_with_the_zero_and_efficiency_does_not(shift):
    mixed = equilibria(NormalForm(PD.payoffs - 2)).efficiency
    assert mixed.measure == "normalised efficiency"
    assert (mixed.worst, mixed.best) == (0, 0)
    other = equilibria(NormalForm(PD.payoffs + shift)).efficiency
    assert (other.measure == "price of anarchy") == (shift != -2.0)


def test_an_equilibrium_worth_nothing_has_an_infinite_price():
    game = NormalForm([[[3, 3], [0, 4]], [[4, 0], [0, 0]]])
    assert equilibria(game).efficiency.worst == np.inf


def test_nothing_at_stake_has_no_measure():
    found = equilibria(PENNIES)
    assert found.efficiency is None
    assert not any("anarchy" in said or "advice" in said for said in sentences(PENNIES))


def test_no_pure_equilibrium_is_said_of_many_moves():
    cycle = NormalForm.from_function(lambda a, b: [(a - b) % 13 % 2, 1 - (a - b) % 13 % 2], [range(MOVES + 1)] * 2)
    found = equilibria(cycle)
    assert not found.listed_all
    assert found.findings[0].sentence == "There is no pure equilibrium: from every joint move somebody wants to leave."
    assert "There is no" not in sentences(PD)[0]


def test_sentences_name_what_there_is():
    assert sentences(PD)[0] == "There is one equilibrium, (D, D)."
    assert sentences(BOS)[0].startswith("There are 3 equilibria, 2 of them pure: ")
    assert "5.25, and no further" in sentences(CHICKEN)[-1]
    assert "brings nothing beyond the best equilibrium" in sentences(PD)[-1]


def test_rewards_settle_and_utilities_count():
    summed = PD.payoffs.sum(-1, keepdims=True).repeat(2, -1)
    found = equilibria(Delegation(PD, rewards=summed))
    assert [point.profile for point in found.points] == [(0, 0)]
    assert (found.points[0].welfare, found.points[0].utilities) == (3, (3, 3))


def test_bystanders_are_part_of_what_it_is_worth():
    game = NormalForm(PD.payoffs, bystanders=["town"], bystander_payoffs=np.full((2, 2, 1), 4.0))
    assert equilibria(game).limit.utilities == (1, 1, 4)
    assert equilibria(game).limit.welfare == 2


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_every_point_is_an_equilibrium_and_worst_and_best_are_ends(seed):
    game = NormalForm(np.random.default_rng(seed).integers(0, 6, (3, 3, 2)))
    found = equilibria(game)
    for point in (*found.points, found.limit):
        assert game.regret(point.mixture) <= 1e-6
        assert found.worst - 1e-9 <= point.welfare <= found.best + 1e-9
        assert point.welfare == pytest.approx(game.expected_payoffs(point.mixture).mean())
    assert found.worst_outcome - 1e-9 <= found.bounds[3].value <= found.bounds[1].value + 1e-6
    assert found.bounds[1].value <= found.worst + 1e-6
    assert found.best <= found.bounds[0].value + 1e-6 <= found.bounds[2].value + 2e-6


@settings(max_examples=30)
@given(st.integers(0, 5_000), st.floats(0.05, 30))
def test_normalised_efficiency_does_not_depend_on_scale(seed, scale):
    payoffs = np.random.default_rng(seed).integers(-5, 6, (2, 3, 2)).astype(float)
    payoffs[0, 0], payoffs[1, 1] = [-6, 1], [6, -1]
    before, after = (equilibria(NormalForm(table)).efficiency for table in (payoffs, payoffs * scale))
    assert before.measure == after.measure == "normalised efficiency"
    assert (after.worst, after.best) == pytest.approx((before.worst, before.best), abs=1e-6)
