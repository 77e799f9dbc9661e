"""Simple rules for goods: EF1 by its definition, and rounds by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.fair_division import envy_cycles, round_robin
from ostrom.core.errors import InputError, TooLarge

RULES = [round_robin, envy_cycles]


def up_to_one_good(values, bundles):
    """EF1, agent by agent and good by good."""
    for i, row in enumerate(values):
        for bundle in bundles:
            others = [sum(row[g] for g in bundle if g != out) for out in bundle] or [0]
            if sum(row[g] for g in bundles[i]) < min(others) - 1e-9:
                return False
    return True


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_nobody_envies_by_more_than_one_good(rule, seed):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 6), rng.integers(1, 9)
    values = rng.integers(0, 5, shape) if seed % 2 else rng.random(shape)
    order = rng.permutation(shape[0] if rule is round_robin else shape[1])
    found = rule(values, order.tolist())
    assert up_to_one_good(values, found.bundles)
    assert sorted(g for own in found.bundles for g in own) == list(range(shape[1]))
    assert np.allclose(found.utilities, [values[i, list(own)].sum() for i, own in enumerate(found.bundles)])


def test_a_planted_division_is_not_so():
    assert not up_to_one_good(np.array([[1, 1], [1, 1]]), [(0, 1), ()]) or up_to_one_good(np.ones((2, 1)), [(0,), ()])
    assert not up_to_one_good(np.ones((2, 3)), [(0, 1, 2), ()])


def test_turns_are_taken_in_the_order_given():
    values = [[9, 8, 1], [9, 8, 1]]
    assert round_robin(values).bundles == ((0, 2), (1,))
    assert round_robin(values, [1, 0]).bundles == ((1,), (0, 2))


def test_a_circle_of_envy_is_passed_on():
    """Each has what the other prefers once the third good is to be given away, so that they swap."""
    found = envy_cycles([[1, 2, 4], [2, 1, 4]], [0, 1, 2])
    assert found.utilities == (6.0, 2.0)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("values", [[1.0], [[-1.0]], [[np.nan]], [], [[]], [["a"]], [[1], [1, 2]], 7])
def test_what_is_no_table_of_goods_is_refused(rule, values):
    with pytest.raises(InputError):
        rule(values)


@pytest.mark.parametrize("rule", RULES)
def test_orders_and_sizes_are_checked(rule):
    with pytest.raises(InputError):
        rule([[1, 1], [1, 1]], [0, 0])
    with pytest.raises(TooLarge):
        rule(np.ones((1_001, 1_000)))


def test_a_division_does_not_change_with_the_table_it_was_made_from():
    table = np.array([[5.0, 4.0], [1.0, 3.0]])
    found = round_robin(table)
    before = found.utilities
    table[:] = 0
    assert found.utilities == before == (5.0, 3.0)


def test_many_agents_or_goods_fit():
    assert sum(round_robin(np.ones((100_000, 1))).utilities) == 1
    goods = np.arange(100_000.0)
    assert round_robin(goods[None]).owners == (0,) * 100_000
    with pytest.raises(TooLarge, match="agents"):
        envy_cycles(np.ones((100_000, 1)))


@pytest.mark.parametrize("rule", [round_robin, envy_cycles])
def test_values_whose_sum_is_not_finite_are_refused(rule):
    with pytest.raises(InputError, match="larger unit"):
        rule([[1e308, 1e308], [1.0, 1e308]])
