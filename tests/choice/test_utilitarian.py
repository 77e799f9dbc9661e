"""Sums and minima of utilities against exact fractions, and what is refused."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice import maximin, utilitarian
from ostrom.core.errors import InputError

TABLES = st.integers(1, 4).flatmap(
    lambda size: st.lists(st.lists(st.integers(-3, 3), min_size=size, max_size=size), min_size=1, max_size=4)
)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.randoms())
def test_sums_and_minima_by_fractions(table, random):
    """In tenths, which floats do not hold exactly: ties have to be found all the same."""
    weights = [random.randint(1, 3) for _ in table]
    size = range(len(table[0]))
    sums = [sum(Fraction(many * row[k], 10) for many, row in zip(weights, table, strict=True)) for k in size]
    found = utilitarian(np.array(table) * 0.1, weights=weights)
    assert found.winners == tuple("abcd"[k] for k in size if sums[k] == max(sums))
    assert found.scores == pytest.approx([float(one) for one in sums])
    least = [sorted(row[k] for row in table) for k in size]
    assert maximin(np.array(table) * 0.1).winners == tuple("abcd"[k] for k in size if least[k][0] == max(least)[0])
    assert maximin(np.array(table) * 0.1, lexical=True).winners == tuple(
        "abcd"[k] for k in size if least[k] == max(least)
    )


def test_sums_and_minima_may_disagree():
    table = [[3, 1], [0, 1], [0, 0.5]]
    assert utilitarian(table, ["rich", "fair"]).winner == "rich"
    assert maximin(table, ["rich", "fair"]).winner == "fair"
    assert utilitarian(table, weights=[1, 2, 0]).winners == ("a", "b")


@pytest.mark.parametrize(
    ("table", "weights"), [([[1, float("nan")]], None), ([1, 2], None), ([[1, 2]], [-1]), ([[1, 2]], [0]), ([], None)]
)
def test_what_is_refused(table, weights):
    with pytest.raises(InputError):
        utilitarian(table, weights=weights)
