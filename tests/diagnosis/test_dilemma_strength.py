"""Dilemma strength: published parametrisations, laws of units, and intervals that cover as often as they say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis import dilemma_strength
from ostrom.diagnosis.dilemma_strength import fieller
from ostrom.diagnosis.sampled_game import sampled_game


def two(r, s, t, p):
    return NormalForm([[[r, r], [s, t]], [[t, s], [p, p]]])


@pytest.mark.parametrize(
    ("game", "greed", "fear"),
    [
        (two(1, -0.3, 1.4, 0), 0.4, 0.3),  # Tanimoto's own scale, R = 1 and P = 0
        (two(4 - 1, -1, 4, 0), 1 / 3, 1 / 3),  # a donation game: both are c / (b - c)
        (om.games.StagHunt(), -1.0, 3.0),
        (om.games.PublicGoods(players=4), 12 / 12, 12 / 12),  # all keep 20, all give 32; alone 44 and 8
    ],
)
def test_strengths_by_hand(game, greed, fear):
    found = dilemma_strength(game)
    assert [one.value for one in found.greed] == pytest.approx([greed] * len(game.players))
    assert [one.value for one in found.fear] == pytest.approx([fear] * len(game.players))
    assert all(k.value == pytest.approx(1 / (1 + greed + fear)) for k in found.index)
    assert all(one.low == one.high == one.value for one in (*found.greed, *found.fear, *found.index))
    assert found.settled


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=4, max_size=4, unique=True), st.floats(0.1, 10), st.floats(-9, 9))
def test_neither_unit_nor_zero_matters(ordered, unit, zero):
    s, p, r, t = sorted(ordered)
    one, other = dilemma_strength(two(r, s, t, p)), dilemma_strength(two(*(unit * x + zero for x in (r, s, t, p))))
    assert one.greed[0].value == pytest.approx((t - r) / (r - p))
    assert one.fear[0].value == pytest.approx((p - s) / (r - p))
    for mine, its in zip((*one.greed, *one.fear, *one.index), (*other.greed, *other.fear, *other.index), strict=True):
        assert mine.value == pytest.approx(its.value, rel=1e-6)


def test_intervals_cover_as_often_as_they_say():
    """Of 3,000 estimates of a dilemma, 95 % of the intervals have the truth inside, give or take chance."""
    rng, truth, error = np.random.default_rng(1), np.array([3.0, 0.0, 5.0, 1.0]), np.array([0.1, 0.2, 0.2, 0.1])
    wide = np.array([[[0.1, 0.1], [0.2, 0.2]], [[0.2, 0.2], [0.1, 0.1]]])
    inside = np.zeros(3)
    for r, s, t, p in (truth + error * rng.standard_normal((3000, 4))).tolist():
        found = dilemma_strength(NormalForm([[[r, 3], [s, 5]], [[t, 0], [p, 1]]]), errors=wide)
        for k, (own, right) in enumerate(((found.greed, 1.0), (found.fear, 0.5), (found.index, 0.4))):
            inside[k] += own[0].low <= right <= own[0].high
    assert inside / 3000 == pytest.approx([0.95] * 3, abs=4 * math.sqrt(0.05 * 0.95 / 3000))


def test_an_interval_is_fiellers():
    """Its ends are where the difference is as many standard errors from 0; where b may be 0 there are none."""
    over, under, variances = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.04, 0.01])
    found = fieller(2.0, 1.0, over, under, variances, 1.96)
    for end in (found.low, found.high):
        assert (2 - end) ** 2 == pytest.approx(1.96**2 * (0.04 + end**2 * 0.01))
    assert fieller(2.0, 0.1, over, under, variances, 1.96).low == -math.inf
    assert math.isnan(fieller(2.0, 0.0, over, under, variances, 1.96).value)


def test_a_planted_weak_dilemma_is_not_called_settled():
    """Greed of 0.1 with errors of 0.3 could as well be none; with errors of 0.01 it is there."""
    game = two(3, 0, 3.1, 1)
    loose = dilemma_strength(game, errors=np.full((2, 2, 2), 0.3))
    assert not loose.settled
    assert "do not settle" in loose.findings[0].sentence
    assert dilemma_strength(game, errors=np.full((2, 2, 2), 0.01)).settled


def test_a_sampled_game_brings_its_errors():
    means = np.array([[[3.0, 3], [0, 5]], [[5, 0], [1, 1]]])
    found = sampled_game(
        lambda at, seed: means[at] + np.random.default_rng(seed).normal(0, 0.5, 2), [["C", "D"]] * 2, samples=400
    )
    strength = dilemma_strength(found)
    assert strength.dilemma.name == "prisoner's dilemma"
    assert strength.greed[0].low < 1.0 < strength.greed[0].high
    assert 0 < strength.greed[0].high - strength.greed[0].low < 3


@pytest.mark.parametrize("game", [om.games.MatchingPennies(), om.games.BattleOfTheSexes()])
def test_no_dilemma_has_no_strength(game):
    found = dilemma_strength(game)
    assert not found.greed
    assert not found.settled
    assert "No dilemma" in found.findings[0].sentence


def test_many_alike_need_no_table():
    found = dilemma_strength(om.games.PublicGoods(players=300))
    assert len(found.greed) == 300
    assert found.findings[0].sentence.startswith("For each")


@pytest.mark.parametrize(
    "how", [{"errors": np.ones((2, 2))}, {"errors": -np.ones((2, 2, 2))}, {"confidence": 1.0}, {"freedom": 0}]
)
def test_bad_input_is_refused(how):
    with pytest.raises(InputError):
        dilemma_strength(two(3, 0, 5, 1), **how)


@pytest.mark.parametrize("unit", [2.0**-1000, 1e-300, 1e-150, 1e150, 1e300])
def test_intervals_do_not_depend_on_the_unit_of_payoffs(unit):
    table = np.array([[[3.0, 3.0], [0.0, 5.0]], [[5.0, 0.0], [1.0, 1.0]]])
    plain = dilemma_strength(NormalForm(table), errors=np.full((2, 2, 2), 0.1))
    other = dilemma_strength(NormalForm(table * unit), errors=np.full((2, 2, 2), 0.1 * unit))
    for one, same in zip(plain.greed + plain.index, other.greed + other.index, strict=True):
        assert np.allclose([one.low, one.high], [same.low, same.high])
        assert one.low < one.high


@pytest.mark.parametrize("given", [{"errors": "x"}, {"errors": [[1], [1, 2]]}, {"freedom": None}, {"confidence": "x"}])
def test_arguments_of_another_kind_are_refused(given):
    with pytest.raises(InputError):
        dilemma_strength(NormalForm(np.array([[[3.0, 3.0], [0.0, 5.0]], [[5.0, 0.0], [1.0, 1.0]]])), **given)
