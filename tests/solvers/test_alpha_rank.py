"""α-Rank: stored answers of OpenSpiel, rationals worked out independently, laws, and the limit."""

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import ostrom as om
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers import _alpha, alpha_rank
from ostrom.solvers._gth import stationary, stationary_limit, stationary_of_logs

STORED = json.loads((Path(__file__).parent / "data" / "alpha_rank.json").read_text())
SHAPES = st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2)])
TABLES = SHAPES.flatmap(lambda shape: hnp.arrays(int, (*shape, len(shape)), elements=st.integers(-3, 3)))


def symmetric(row, **names):
    row = np.asarray(row)
    return NormalForm(np.stack([row, row.T], axis=-1), **names)


def trees(rates):
    """The stationary distribution in rationals, by the Markov chain tree theorem: sums over spanning trees."""
    count, weights = len(rates), []
    for root in range(count):
        others, total = [k for k in range(count) if k != root], Fraction(0)
        for heads in itertools.product(range(count), repeat=len(others)):
            step = dict(zip(others, heads, strict=True))
            if all(reaches(step, k, root) for k in others):
                total += math.prod(Fraction(rates[k][h]) for k, h in step.items())
        weights.append(total)
    return [float(w / sum(weights)) for w in weights]


def reaches(step, node, root):
    for _ in range(len(step) + 1):
        if node == root:
            return True
        node = step[node]
    return node == root


@pytest.mark.parametrize("case", STORED["alpha_rank"], ids=lambda case: f"{case['selection']}-{case['population']}")
def test_openspiel_has_the_same_answers(case):
    tables = [np.array(table) for table in case["payoffs"]]
    game = symmetric(tables[0]) if case["together"] else NormalForm(np.stack(tables, axis=-1))
    names = {"together": case["together"], "selection": case["selection"]}
    found = alpha_rank(game, case["alpha"], case["population"], **names)
    assert found.masses == pytest.approx(case["masses"], abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(hnp.arrays(int, (4, 4), elements=st.integers(0, 5)).filter(lambda m: (m.sum(1) > m.diagonal()).all()))
def test_elimination_sums_up_spanning_trees(rates):
    expected = trees(np.maximum(rates, 1).tolist())
    assert stationary(np.maximum(rates, 1)) == pytest.approx(expected, rel=1e-13)


@settings(max_examples=25, deadline=None)
@given(
    hnp.arrays(int, (4, 4), elements=st.integers(0, 4)),
    hnp.arrays(int, (4, 4), elements=st.integers(1, 5)),
)
def test_the_limit_is_that_of_spanning_trees(powers, sizes):
    """With ε = 10^-60 in rationals, what the next powers add is far below rounding."""
    epsilon = Fraction(1, 10**60)
    rates = [
        [int(size) * epsilon ** int(power) for power, size in zip(*rows, strict=True)]
        for rows in zip(powers, sizes, strict=True)
    ]
    assert stationary_limit(powers, np.log(sizes)) == pytest.approx(trees(rates), abs=1e-12)
    assert stationary_of_logs(np.log(sizes) - 60 * math.log(10) * powers) == pytest.approx(trees(rates), abs=1e-12)


def test_odds_far_below_floats_keep_their_size():
    """States in a row, each left for the next and for the one before: their weights are products of odds."""
    logs = np.full((4, 4), -np.inf)
    for k, (up, down) in enumerate([(-9000.0, -1000.0), (-20.0, -8021.0), (-5000.0, -4998.0)]):
        logs[k, k + 1], logs[k + 1, k] = up, down
    expected = np.exp(np.cumsum([0.0, -8000.0, 8001.0, -2.0]) - 1.0)
    assert stationary_of_logs(logs) == pytest.approx(expected / expected.sum(), rel=1e-11)


def test_states_that_are_left_for_good_have_nothing_and_two_classes_are_refused():
    assert stationary(np.array([[0, 1, 0], [0, 0, 1], [0, 2, 0]])).tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    with pytest.raises(InputError, match="2 closed classes"):
        stationary(np.array([[0, 1, 1], [0, 1, 0], [0, 0, 1]]))
    with pytest.raises(InputError, match="-1"):
        stationary(np.array([[0, -1], [1, 0]]))


def test_the_stag_hunt_ends_at_hare_whatever_the_intensity():
    """Rates out of (hare, hare) vanish faster; in floats all underflow, and any answer would solve the equations."""
    hunt = om.games.StagHunt()
    for alpha in (10, 100, 1e4, 1e8, math.inf):
        apart = alpha_rank(hunt, alpha)
        assert apart.joint[1, 1] == pytest.approx(1.0, abs=1e-12)
        assert alpha_rank(hunt, alpha, together=True).masses == pytest.approx([0, 1], abs=1e-12)
        assert alpha_rank(hunt, alpha, together=True, selection="mixed").masses == pytest.approx([0, 1], abs=1e-12)
    assert apart.sinks == ((0,), (3,))
    assert apart.states[apart.ranking[0]] == ("hare", "hare")


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_the_limit_is_where_large_intensities_lead(table):
    game = NormalForm(table)
    limit = alpha_rank(game, population=10)
    assert alpha_rank(game, 200.0, population=10).masses == pytest.approx(limit.masses, abs=1e-9)
    inside = sorted(state for sink in limit.sinks for state in sink)
    assert limit.masses[inside].sum() == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(hnp.arrays(int, (3, 3), elements=st.integers(-3, 3)), st.sampled_from(["local", "mixed"]))
def test_the_limit_in_one_population_too(row, selection):
    game = symmetric(row)
    limit = alpha_rank(game, population=6, together=True, selection=selection)
    large = alpha_rank(game, 400.0, population=6, together=True, selection=selection)
    assert large.masses == pytest.approx(limit.masses, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(TABLES, st.sampled_from([0.3, 2.0, math.inf]), st.integers(-5, 5))
def test_shifts_and_other_names_change_nothing(table, alpha, constant):
    expected = alpha_rank(NormalForm(table), alpha, population=8)
    assert alpha_rank(NormalForm(table + constant), alpha, population=8).joint == pytest.approx(
        expected.joint, abs=1e-9
    )
    shifted = table.copy()
    shifted[:, 0, ..., 0] += constant  # what player 1 gets, whatever it does, when player 2 makes its first move
    assert alpha_rank(NormalForm(shifted), alpha, population=8).joint == pytest.approx(expected.joint, abs=1e-9)
    assert alpha_rank(NormalForm(table[::-1]), alpha, population=8).joint == pytest.approx(
        expected.joint[::-1], abs=1e-9
    )


def test_a_scale_of_payoffs_is_a_scale_of_intensity_and_drift_is_even():
    table = np.random.default_rng(5).normal(size=(2, 3, 2))
    assert alpha_rank(NormalForm(3 * table), 1.0).masses == pytest.approx(alpha_rank(NormalForm(table), 3.0).masses)
    assert alpha_rank(NormalForm(table), 0.0).masses == pytest.approx(np.full(6, 1 / 6))


def test_the_masses_by_player():
    found = alpha_rank(om.games.PrisonersDilemma(), 0.1)
    assert found.joint.shape == (2, 2)
    assert found.marginals[0] == pytest.approx(found.joint.sum(1))
    assert alpha_rank(om.games.RockPaperScissors(), together=True).marginals[0] == pytest.approx(np.full(3, 1 / 3))


def test_a_player_without_a_choice():
    assert alpha_rank(NormalForm([[[1, 2], [3, 4]]])).masses.tolist() == [0.0, 1.0]
    assert alpha_rank(NormalForm([[[1, 2]]])).masses.tolist() == [1.0]


def test_what_is_refused(monkeypatch):
    game = om.games.StagHunt()
    with pytest.raises(InputError, match="α is -1"):
        alpha_rank(game, -1)
    with pytest.raises(InputError, match="α is nan"):
        alpha_rank(game, math.nan)
    with pytest.raises(InputError, match="population of 1"):
        alpha_rank(game, population=1)
    with pytest.raises(InputError, match="not alike"):
        alpha_rank(om.games.MatchingPennies(), together=True)
    with pytest.raises(InputError, match="3 players"):
        alpha_rank(NormalForm(np.zeros((2, 2, 2, 3))), together=True)
    with pytest.raises(UnknownName, match="selection"):
        alpha_rank(game, together=True, selection="random")
    monkeypatch.setattr(_alpha, "STATES", 3)
    with pytest.raises(TooLarge, match="4 states"):
        alpha_rank(game)


def test_masses_add_up_at_any_size_of_payoffs():
    table = np.array([[[1, 1], [0, 2]], [[2, 0], [0, 0]]]) * 1e16
    assert alpha_rank(NormalForm(table), 1.0).masses == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])
