"""Long-run compositions: closed forms, chains written out, exact rationals, and egttools' stored answers."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import small_mutation
from ostrom.dynamics._elimination import Rates, stationary
from ostrom.dynamics.pairwise_comparison import pairwise_comparison

STORED = json.loads((Path(__file__).parent / "data" / "egttools.json").read_text(encoding="utf-8"))

numbers = st.floats(-2, 2)


@given(st.lists(numbers, min_size=4, max_size=4), st.integers(2, 30), st.floats(0, 3), st.floats(0.001, 1))
def test_two_strategies_are_a_birth_death_chain(table, population, strength, mutation):
    """Closed form: odds are products of ratios of the chances to go up and to come down."""
    a = np.array(table).reshape(2, 2)

    def payoffs(counts):
        others = counts[:, None, :] - np.eye(2, dtype=int)
        return (others * a).sum(-1) / (population - 1)

    found = pairwise_comparison(payoffs, 2, population, strength=strength, mutation=mutation)
    n = np.arange(population + 1)
    worth = payoffs(np.stack([n, population - n], 1))
    copy = 1 / (1 + np.exp(-strength * (worth[:, 0] - worth[:, 1])))
    up = (population - n) / population * ((1 - mutation) * n / (population - 1) * copy + mutation)
    down = n / population * ((1 - mutation) * (population - n) / (population - 1) * (1 - copy) + mutation)
    odds = np.concatenate([[1.0], np.cumprod(up[:-1] / down[1:])])
    assert np.allclose(found.odds[np.argsort(found.counts[:, 0])], odds / odds.sum(), atol=1e-9)
    assert found.residual < 1e-12


def test_three_strategies_against_a_chain_written_out():
    a, population, mutation = np.array([[0, -1, 2], [2, 0, -1], [-1, 2, 0.5]]), 5, 0.1

    def payoffs(counts):
        others = counts[:, None, :] - np.eye(3, dtype=int)
        return (others * a).sum(-1) / (population - 1)

    found = pairwise_comparison(payoffs, 3, population, strength=0.7, mutation=mutation)
    states = [tuple(row) for row in found.counts]
    assert len(set(states)) == len(states) == 21
    assert all(sum(state) == population for state in states)
    chain = np.zeros((21, 21))
    for row, state in enumerate(states):
        worth = payoffs(np.array([state]))[0]
        for i in range(3):
            for j in range(3):
                for looks in ("model", "mutant"):
                    odds = state[i] / population
                    if looks == "mutant":
                        odds *= mutation / 2 if i != j else 0
                    else:
                        odds *= (1 - mutation) * (state[j] - (i == j)) / (population - 1)
                        odds *= 1 / (1 + np.exp(-0.7 * (worth[j] - worth[i]))) if i != j else 0
                    after = list(state)
                    after[i] -= 1
                    after[j] += 1
                    if odds > 0:
                        chain[row, states.index(tuple(after))] += odds
    chain += np.diag(1 - chain.sum(1))
    assert np.allclose(found.odds, np.linalg.matrix_power(chain, 20_000)[0], atol=1e-10)


@given(st.integers(2, 4), st.integers(2, 8), st.floats(0.01, 1))
def test_without_selection_no_strategy_is_special(strategies, population, mutation):
    found = pairwise_comparison(lambda c: np.zeros(c.shape), strategies, population, strength=3.0, mutation=mutation)
    assert np.allclose(found.mean, 1 / strategies)
    odds = {tuple(row): p for row, p in zip(found.counts, found.odds, strict=True)}
    assert all(np.isclose(p, odds[tuple(reversed(state))]) for state, p in odds.items())


def test_nonsense_is_refused():
    def fine(counts):
        return np.zeros(counts.shape)

    for change in ({"mutation": 0.0}, {"mutation": float("nan")}, {"strength": -1.0, "mutation": 0.1}):
        with pytest.raises(InputError, match="takes two"):
            pairwise_comparison(fine, 2, 5, **change)
    with pytest.raises(InputError, match="takes two"):
        pairwise_comparison(fine, 1, 5, mutation=0.1)
    with pytest.raises(InputError, match="shape"):
        pairwise_comparison(lambda counts: np.zeros(3), 2, 5, mutation=0.1)
    with pytest.raises(InputError, match="finite"):
        pairwise_comparison(lambda counts: np.full(counts.shape, np.nan), 2, 5, mutation=0.1)
    with pytest.raises(TooLarge, match="80,000,000"):
        pairwise_comparison(fine, 5, 1000, mutation=0.1)


def random_game(seed, size):
    row = np.random.default_rng(seed).uniform(-0.5, 0.5, (size, size))
    return NormalForm(np.stack([row, row.T], axis=-1))


@pytest.mark.parametrize("stored", STORED["chains"], ids=lambda stored: f"seed {stored['seed']}")
def test_egttools_full_chain(stored):
    game = random_game(stored["seed"], stored["strategies"])
    found = pairwise_comparison(
        game, population=stored["population"], strength=stored["strength"], mutation=stored["mutation"]
    )
    odds = {tuple(row): p for row, p in zip(found.counts.tolist(), found.odds, strict=True)}
    assert [odds[tuple(state)] for state in stored["states"]] == pytest.approx(stored["odds"], abs=1e-10)


@pytest.mark.parametrize("block", [2, 5, 32])
def test_the_elimination_against_exact_rationals(block, monkeypatch):
    """Rates over thirty powers of ten, in a chain where every state but the first has a lower neighbour."""
    monkeypatch.setattr("ostrom.dynamics._elimination.BLOCK", block)
    rng = np.random.default_rng(block)
    count, band = 17, 4
    there = {
        (i, j): float(10 ** rng.uniform(-30, 0))
        for i in range(count)
        for j in range(max(i - band, 0), min(i + band + 1, count))
        if i != j and (rng.random() < 0.6 or j == i - 1)
    }
    tails, heads = np.array(list(there)).T
    found = stationary(Rates(count, tails, heads, np.array(list(there.values()))))
    system = [[Fraction(there.get((j, i), 0)) for j in range(count)] for i in range(count)]
    for j in range(count):
        system[j][j] = -sum(Fraction(there.get((j, i), 0)) for i in range(count))
    exact = _null_vector(system)
    for own, other in zip(found, exact, strict=True):
        assert own == pytest.approx(float(other), rel=1e-12)


def _null_vector(system):
    """The vector that sums to 1 and that a matrix of rationals takes to 0, by Gauss' elimination."""
    count = len(system)
    rows = [[*row, Fraction(0)] for row in system[:-1]] + [[Fraction(1)] * (count + 1)]
    for k in range(count):
        pivot = next(i for i in range(k, count) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [entry / rows[k][k] for entry in rows[k]]
        for i in range(count):
            if i != k and rows[i][k]:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


@pytest.mark.parametrize("strength", [0.1, 5.0, 1000.0])
def test_rare_mutation_is_the_small_mutation_limit(strength):
    """Also where selection is so strong that fixation odds are 1e-300: nothing cancels, nothing is lost."""
    game = random_game(0, 3)
    found = pairwise_comparison(game, population=20, strength=strength, mutation=1e-11)
    assert found.mean == pytest.approx(small_mutation(game, 20, strength=strength).odds, abs=1e-6)
    assert found.residual < 1e-15
