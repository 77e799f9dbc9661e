import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.dynamics.pairwise_comparison import pairwise_comparison

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
    with pytest.raises(TooLarge, match="60,000"):
        pairwise_comparison(fine, 5, 1000, mutation=0.1)
