"""The impact facets of small games with known answers, in sums over principals."""

import math

import numpy as np
import pytest

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.facets import facets


def symmetric(r, s, t, p):
    """The symmetric two-player game with payoffs R, S, T, P."""
    own = np.array([[r, s], [t, p]], float)
    return NormalForm(np.stack([own, own.T], -1), moves=("C", "D"))


def battle(prize):
    return NormalForm([[[prize, 1], [0, 0]], [[0, 0], [1, 2]]])


PD = symmetric(3, 0, 5, 1)
STAG = symmetric(4, 0, 3, 3)
CHICKEN = symmetric(6, 2, 7, 0)
COORDINATION = symmetric(2, 0, 0, 1)
PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])


def sums(found):
    """Gap, intent, capability, inter-agent, coordination, conflict."""
    parts = (found.gap, found.intent, found.capability, found.inter_agent, found.coordination, found.conflict)
    return pytest.approx([2 * part for part in parts], abs=1e-6)


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        pytest.param(PD, [4, 0, 0, 4, 0, 4], id="prisoner's dilemma: all conflict"),
        pytest.param(COORDINATION, [0, 0, 0, 0, 0, 0], id="pure coordination: none"),
        pytest.param(STAG, [2, 0, 0, 2, 2, 0], id="stag hunt: all coordination"),
        pytest.param(battle(2), [5 / 3, 0, 0, 5 / 3, 5 / 3, 0], id="battle of the sexes: all coordination"),
        pytest.param(battle(2.001), [0, 0, 0, 0, 0, 0], id="battle of the sexes, nearly: none when followed finely"),
        pytest.param(PENNIES, [0, 0, 0, 0, 0, 0], id="matching pennies: nothing to gain"),
    ],
)
def test_facets_of_perfect_self_acting_agents(game, expected):
    assert expected == sums(facets(game))


def test_altruists_in_a_dilemma_have_a_negative_intent():
    """Both pursue the sum: intent −2 and inter-agent +2 cancel."""
    found = facets(Delegation(PD, rewards=PD.payoffs.sum(-1, keepdims=True).repeat(2, -1)))
    assert sums(found) == [0, -2, 0, 2, 0, 2]
    assert [2 * share.value for share in found.by_agent if share.facet == "intent"] == pytest.approx([-1, -1])


@pytest.mark.parametrize(("game", "factor"), [(PD, 3.0), (CHICKEN, 10.0)], ids=["dilemma", "chicken"])
def test_a_louder_reward_is_no_other_intent(game, factor):
    found = facets(Delegation(game, rewards=game.payoffs * [factor, 1]))
    assert found.intent == pytest.approx(0, abs=1e-9)
    bare = facets(game)
    assert sums(found) == [2 * part for part in (bare.gap, 0, 0, bare.inter_agent, bare.coordination, bare.conflict)]


def test_headline_of_battle_of_the_sexes():
    """Worst and played 5/3, best 0, and fragile: a percent would decide."""
    found = facets(battle(2))
    assert [2 * gap for gap in found.headline] == pytest.approx([5 / 3, 5 / 3, 0], abs=1e-9)
    assert found.selection == "fragile"
    assert found.bifurcations
    assert found.all_equilibria


def test_a_coarse_step_would_have_lost_the_battle():
    """With 2 → 2.001 nothing is lost, but within a percent lies the exact game, in which 1.668 is."""
    found = facets(battle(2.001))
    assert [2 * gap for gap in found.headline] == pytest.approx([1.668, 0, 0], abs=1e-3)
    assert found.selection == "fragile"
    assert 2 * found.swing * found.stake == pytest.approx(5 / 3, abs=2e-2)


def test_percentages_are_of_the_best_less_the_worst_outcome():
    assert facets(PD).percent(facets(PD).gap) == pytest.approx(100)
    assert facets(STAG).percent(facets(STAG).gap) == pytest.approx(100 * 2 / 5)


def test_matching_pennies_has_nothing_to_gain():
    assert "nothing to gain" in facets(PENNIES).findings[0].sentence


def test_the_middle_of_chicken_is_its_mixed_equilibrium():
    """It pays 14/3 each, more than 9/2 at either pure one: what is left up to 6 is conflict."""
    found = facets(CHICKEN)
    assert sums(found) == [8 / 3, 0, 0, 8 / 3, 0, 8 / 3]
    assert [2 * gap for gap in found.headline] == pytest.approx([3, 8 / 3, 8 / 3])


def test_clumsiness_may_protect():
    """Imprecise players of a dilemma cooperate now and then: a negative capability facet."""
    found = facets(Delegation(PD, precision=1.0))
    assert found.capability < -0.01
    assert found.gap < facets(PD).gap
    assert found.precision == 1.0
    assert not math.isinf(found.precision)


def test_cournot_with_its_consumers():
    """Duopoly u_i = −x_i² − x_1 x_2 + 108 x_i, consumers' surplus (x_1 + x_2)² / 2: welfare at Nash is 8/9."""
    amounts = np.linspace(0, 54, 7)
    one, two = np.meshgrid(amounts, amounts, indexing="ij")
    payoffs = np.stack([x * (108 - one - two) for x in (one, two)], -1)
    surplus = (one + two)[..., None] ** 2 / 2
    market = NormalForm(payoffs, bystanders=["consumers"], bystander_payoffs=surplus)
    found = facets(market)
    assert found.played / found.optimum == pytest.approx(8 / 9)
    assert found.summed(found.optimum) == pytest.approx(5832)
    cartel = facets(NormalForm(payoffs))
    assert cartel.summed(cartel.optimum) == pytest.approx(2916)
    assert cartel.summed(cartel.played) == pytest.approx(2592)
    assert found.effects["consumers"] == pytest.approx((2592, 5832))
