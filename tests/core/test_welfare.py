"""Welfare functions: their laws on random utilities, worked numbers, and where they mean nothing."""

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.welfare import Atkinson, Custom, Egalitarian, Gini, Nash, Utilitarian, Weighted, as_welfare

BUILT_IN = [
    *(Utilitarian(), Egalitarian(), Nash(), Nash(-2.0), Gini(), Weighted((1, 2, 0.5))),
    *(Atkinson(aversion) for aversion in (0.0, 0.5, 1.0, 2.0, 40.0)),
]
SYMMETRIC = [welfare for welfare in BUILT_IN if not isinstance(welfare, Weighted)]
EQUALISING = [Egalitarian(), Nash(), Gini(), Atkinson(0.5), Atkinson(1.0), Atkinson(2.0)]

amounts = st.floats(0.01, 100)
utilities = st.lists(amounts, min_size=3, max_size=3).map(np.array)


@given(amounts, st.sampled_from(BUILT_IN))
def test_equal_utilities_are_worth_what_everybody_gets(amount, welfare):
    assert welfare(np.full((2, 3), amount)) == pytest.approx([amount] * 2)


@given(utilities, st.sampled_from(SYMMETRIC), st.permutations(range(3)))
def test_names_do_not_matter(values, welfare, order):
    assert welfare(values[order]) == pytest.approx(float(welfare(values)))


@given(utilities, st.sampled_from(BUILT_IN), st.integers(0, 2), amounts)
def test_more_for_one_is_never_worse(values, welfare, who, extra):
    more = values.copy()
    more[who] += extra
    assert welfare(more) >= welfare(values) - 1e-9 * abs(welfare(values))


@given(utilities, st.sampled_from(EQUALISING), st.floats(0, 0.5))
def test_giving_from_the_richest_to_the_poorest_is_never_worse(values, welfare, share):
    """Pigou and Dalton's principle of transfers."""
    evened = np.sort(values)
    gift = share * (evened[2] - evened[0])
    evened[[0, 2]] += gift, -gift
    assert welfare(evened) >= welfare(values) - 1e-9 * abs(welfare(values))


@given(utilities)
def test_between_the_worst_off_and_the_mean(values):
    for welfare in EQUALISING:
        assert values.min() * (1 - 1e-12) <= welfare(values) <= values.mean() * (1 + 1e-12)


def test_worked_numbers():
    values = np.array([1.0, 2.0, 4.0])
    assert Utilitarian()(values) == pytest.approx(7 / 3)
    assert Egalitarian()(values) == 1
    assert Nash()(values) == pytest.approx(2)
    assert Nash(-1.0)(values) == pytest.approx(30 ** (1 / 3) - 1)
    assert Atkinson(2.0)(values) == pytest.approx(3 / (1 + 1 / 2 + 1 / 4))  # the harmonic mean
    assert Atkinson(0.5)(values) == pytest.approx(((1 + 2**0.5 + 2) / 3) ** 2)
    assert Weighted((1, 1, 2))(values) == pytest.approx(11 / 4)


def test_gini_welfare_is_mean_times_equality():
    """Perolat et al. (2017): [10, 10, 10, 70] has equality 0.55."""
    assert Gini()(np.array([10.0, 70.0, 10.0, 10.0])) == pytest.approx(25 * 0.55)
    assert Gini()(np.array([-1.0, 1.0])) == pytest.approx(-0.5)


def test_nobody_left_with_nothing():
    for welfare in (Nash(), Atkinson(1.0), Atkinson(3.0)):
        assert welfare(np.array([0.0, 5.0])) == 0
    assert Atkinson(0.5)(np.array([0.0, 4.0])) == pytest.approx(1)


@pytest.mark.parametrize("welfare", [Nash(), Atkinson(0.5), Atkinson(1.0), Atkinson(2.0)])
def test_where_it_means_nothing_the_outcome_is_named(welfare):
    table = np.ones((2, 2, 2))
    table[1, 0, 1] = -3
    assert np.isnan(welfare(table)[1, 0])
    with pytest.raises(InputError, match=r"joint move \(1, 0\).*-3"):
        welfare.on_table(table)


def test_any_array_shape_and_lists_are_taken():
    for welfare in BUILT_IN:
        assert welfare(np.ones((4, 5, 3))).shape == (4, 5)
        assert welfare([1, 1, 1]) == pytest.approx(1)


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs JAX, the extra 'worlds'")
@pytest.mark.parametrize("welfare", BUILT_IN, ids=lambda welfare: str(welfare))
def test_the_same_inside_jit(welfare):
    import jax

    values = np.random.default_rng(0).uniform(0.1, 3, (7, 3)).astype(np.float32)
    assert np.asarray(jax.jit(welfare)(values)) == pytest.approx(welfare(values.astype(float)), rel=1e-4)
    slopes = jax.grad(lambda u: welfare(u).sum())(jax.numpy.asarray(values))
    assert np.isfinite(slopes).all()


def test_a_welfare_may_be_named_weighed_or_written():
    values = np.array([1.0, 5.0])
    assert as_welfare(None) == Utilitarian()
    assert as_welfare("Gini") == Gini()
    assert as_welfare([1, 3])(values) == pytest.approx(4)
    assert as_welfare(lambda u: u.max(-1)).on_table(values) == 5
    assert as_welfare(Nash(2.0)) == Nash(2.0)


def test_what_is_no_welfare_is_refused():
    with pytest.raises(UnknownName, match="Did you mean gini"):
        as_welfare("ginni")
    with pytest.raises(InputError, match="not a welfare"):
        as_welfare(3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="weights are"):
        Weighted((1, -1))
    with pytest.raises(InputError, match="2 welfare weights for 3"):
        Weighted((1, 1))(np.ones(3))
    with pytest.raises(InputError, match="aversion"):
        Atkinson(-1.0)
    with pytest.raises(InputError, match=r"shape \(\)"):
        Custom(np.sum).on_table(np.ones((2, 2, 2)))
