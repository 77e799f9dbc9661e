"""Fixation: closed forms, egttools' stored answers, chains written out, and selection too strong for floats."""

import json
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.dynamics import fixation, small_mutation
from ostrom.games import PrisonersDilemma, PublicGoods

STORED = json.loads((Path(__file__).parent / "data" / "egttools.json").read_text(encoding="utf-8"))
numbers = st.floats(-2, 2)


def symmetric(row):
    return NormalForm(np.stack([row, np.transpose(row)], axis=-1))


def random_game(seed, size):
    return symmetric(np.random.default_rng(seed).uniform(-0.5, 0.5, (size, size)))


@pytest.mark.parametrize("stored", STORED["games"], ids=lambda stored: f"seed {stored['seed']}")
def test_egttools_small_mutation_limit(stored):
    found = small_mutation(random_game(stored["seed"], 3), 100, strength=0.1)
    assert found.odds == pytest.approx(stored["odds"], abs=1e-10)
    off = ~np.eye(3, dtype=bool)
    assert np.exp(found.log_fixation)[off] == pytest.approx(np.array(stored["fixation"])[off], rel=1e-9)
    if stored["seed"] == 0:
        assert found.odds.round(6).tolist() == [0.160165, 0.685455, 0.154381]


def test_egttools_groups_of_four():
    (stored,) = STORED["groups"]
    worth = {tuple(group): np.array(stored["payoffs"])[:, k] for k, group in enumerate(stored["groups"])}

    def payoff(own, others):
        return np.array([worth[tuple(crowd + np.eye(2, dtype=int)[own])][own] for crowd in others])

    game = Symmetric(payoff, players=4, moves=("a", "b"))
    found = small_mutation(game, stored["population"], strength=stored["strength"])
    off = ~np.eye(2, dtype=bool)
    assert np.exp(found.log_fixation)[off] == pytest.approx(np.array(stored["fixation"])[off], rel=1e-9)
    assert found.odds == pytest.approx(stored["odds"], abs=1e-9)
    assert small_mutation(game.dense(), stored["population"], strength=1.0).odds == pytest.approx(found.odds)


@pytest.mark.parametrize(("advantage", "population"), [(2.0, 5), (1.1, 100), (0.5, 20)])
def test_constant_fitness_is_morans_closed_form(advantage, population):
    """(1 - 1/r) / (1 - 1/r^N) (Moran 1958); for exponential fitness, r = exp(strength x lead)."""
    game = symmetric(np.log(advantage) * np.array([[1.0, 1.0], [0.0, 0.0]]))
    expected = (1 - 1 / advantage) / (1 - advantage**-population)
    for process in ("Moran", "pairwise comparison"):
        assert fixation(game, 0, 1, population, process=process).odds == pytest.approx(expected, rel=1e-10)
    linear = symmetric([[advantage] * 2, [1.0] * 2])
    assert fixation(linear, 0, 1, population, process="linear Moran").odds == pytest.approx(expected, rel=1e-10)


def test_the_one_third_law():
    """Weak selection in large populations favours A if it does better where a third are A (Nowak and others 2004)."""
    for a, favoured in ((1.9, False), (2.1, True)):  # a + 2 b > c + 2 d, with b = 0, c = 0, d = 1
        game = symmetric([[a, 0.0], [0.0, 1.0]])
        found = fixation(game, 0, 1, 10_000, process="linear Moran", strength=1e-6)
        assert (found.odds > found.neutral) == favoured


@settings(max_examples=25, deadline=None)
@given(st.lists(numbers, min_size=4, max_size=4), st.integers(2, 9), st.floats(0, 3), st.integers(0, 2))
def test_odds_and_times_solve_the_linear_equations(table, population, strength, which):
    process = ("pairwise comparison", "Moran", "linear Moran")[which]
    a = np.array(table).reshape(2, 2)
    if which == 2:
        a, strength = np.abs(a), strength / 4
    n = np.arange(1, population)
    own = (a[0, 0] * (n - 1) + a[0, 1] * (population - n)) / (population - 1)
    other = (a[1, 0] * n + a[1, 1] * (population - n - 1)) / (population - 1)
    if which == 0:
        copy = 1 / (1 + np.exp(-strength * (own - other)))
        up = n / population * (population - n) / (population - 1) * copy
        down = n / population * (population - n) / (population - 1) * (1 - copy)
    else:
        f, g = (np.exp(strength * w) if which == 1 else 1 - strength + strength * w for w in (own, other))
        up = n * f / (n * f + (population - n) * g) * (population - n) / population
        down = (population - n) * g / (n * f + (population - n) * g) * n / population
    chain = np.diag(1 - up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
    rest = np.eye(population - 1) - chain
    odds = np.linalg.solve(rest, np.eye(population - 1)[-1] * up[-1])
    found = fixation(symmetric(a), 0, 1, population, process=process, strength=strength)
    assert found.odds == pytest.approx(odds[0], rel=1e-7)
    assert found.time == pytest.approx(np.linalg.solve(rest, np.ones(population - 1))[0], rel=1e-7)
    assert found.time_if_fixed == pytest.approx(np.linalg.solve(rest, odds)[0] / odds[0], rel=1e-7)
    for mutants in range(1, population):
        more = fixation(symmetric(a), 0, 1, population, mutants=mutants, process=process, strength=strength)
        assert more.odds == pytest.approx(odds[mutants - 1], rel=1e-7)


def test_selection_too_strong_for_floats():
    """A defector is nearly sure to take over; a cooperator has odds of exp(-…), and the long run is all defection."""
    found = fixation(PrisonersDilemma(), "C", "D", 100, strength=1000.0)
    assert found.odds == 0.0
    n = np.arange(1, 100)
    lead = (3 * (n - 1) - 5 * n - (100 - n - 1)) / 99
    assert found.log_odds == pytest.approx(1000 * lead.sum(), rel=1e-9)
    assert fixation(PrisonersDilemma(), "D", "C", 100, strength=1000.0).odds == pytest.approx(1.0)
    assert small_mutation(PrisonersDilemma(), 100, strength=1000.0).odds == pytest.approx([0, 1])


def test_ties_of_rates_beyond_floats_are_kept():
    """Four strategies in a ring, each with the same hair-thin odds to lose to the next: a quarter each."""
    row = np.zeros((4, 4))
    for k in range(4):
        row[k, (k + 1) % 4], row[(k + 1) % 4, k] = 1.0, -1.0
    assert small_mutation(symmetric(row), 50, strength=500.0).odds == pytest.approx([0.25] * 4)


def test_groups_are_drawn_without_replacement():
    """What moves earn in groups of four of nine, against all groups listed."""
    game, people = PublicGoods(), np.array([0] * 4 + [2] * 3 + [1] * 2)
    from ostrom.dynamics._groups import Groups

    counts = np.bincount(people, minlength=3)
    (found,) = Groups(game)(counts[None])
    for own in range(3):
        me = int(np.flatnonzero(people == own)[0])
        others = [k for k in range(9) if k != me]
        worths = [
            Fraction(float(game.payoffs_at(np.array([own, *people[list(rest)]]))[0]))
            for rest in combinations(others, 3)
        ]
        assert found[own] == pytest.approx(float(sum(worths) / len(worths)), rel=1e-12)


def test_a_function_of_counts_will_do():
    game = random_game(3, 3)

    def payoffs(counts):
        others = counts[:, None, :] - np.eye(3, dtype=int)
        return (others * game.payoffs[..., 0]).sum(-1) / (counts.sum(1, keepdims=True) - 1)

    mine = small_mutation(payoffs, 30, strategies=3, strength=2.0)
    assert mine.odds == pytest.approx(small_mutation(game, 30, strength=2.0).odds)
    assert (mine.favoured == (np.exp(mine.log_fixation) > 1 / 30 + 1e-9)).all()


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"process": "wright-fisher"}, UnknownName, "no process"),
        ({"strength": -1.0}, InputError, "strength from 0"),
        ({"population": 1}, InputError, "takes two"),
        ({"mutants": 11}, InputError, "no more of them than all"),
        ({"mutant": "D"}, InputError, "differ from residents"),
        ({"mutant": "E"}, InputError, "no move 'E'"),
        ({"process": "linear Moran", "strength": 3.0}, InputError, "has to stay positive"),
    ],
)
def test_nonsense_is_refused(change, error, said):
    asked = {"mutant": "C", "resident": "D", "population": 10} | change
    with pytest.raises(error, match=said):
        fixation(PrisonersDilemma(), asked.pop("mutant"), asked.pop("resident"), asked.pop("population"), **asked)


@pytest.mark.parametrize("strategies", [("m", "r"), "2", 2.0, 0, -1, True])
def test_how_many_strategies_is_a_number(strategies):
    for asked in (lambda f, **k: fixation(f, 0, 1, 10, **k), lambda f, **k: small_mutation(f, 10, **k)):
        with pytest.raises(InputError, match="Give a whole number"):
            asked(lambda counts: counts * 1.0, strategies=strategies)


def test_players_who_differ_are_no_population():
    with pytest.raises(InputError, match="more than another"):
        small_mutation(NormalForm([[[2, 1], [0, 0]], [[0, 0], [1, 2]]]))
    with pytest.raises(InputError, match="groups of 4"):
        small_mutation(PublicGoods(), 3)
    with pytest.raises(InputError, match="how many strategies"):
        small_mutation(lambda counts: counts, 3)
