"""Stable sizes against pure equilibria listed one by one, and Barrett's three countries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ostrom as om
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.symmetric import Symmetric
from ostrom.solvers import pure_equilibria, stable_coalitions


@pytest.mark.parametrize(("players", "closed"), [(5, 0.45), (10, 0.1185), (100, 0.0012)])
def test_agreements_on_the_climate_are_small(players, closed):
    """R14a (Barrett 1994): (k − 1)(k − 3) ≤ 0 at k ≥ 2; members of a lone coalition do what all others do."""
    found = stable_coalitions(om.games.ClimateAgreement(players=players))
    assert set(found.sizes) - {0, 1} == {2, 3}
    assert found.largest == 3
    assert found.closed == pytest.approx(closed, abs=5e-5)


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2, max_size=6), st.booleans())
@settings(max_examples=40)
def test_stable_sizes_are_those_of_pure_equilibria(table, second):
    """`table[k]`: what joining and staying out are worth when k of the others join."""
    join = ("out", "in") if second else ("in", "out")
    amounts = (0, 1) if second else (1, 0)
    columns = np.array(table, float).T
    payoffs = columns[::-1] if second else columns
    game = Symmetric(payoffs, players=len(table), moves=join, amounts=amounts)
    sizes = {sum(k == join.index("in") for k in place) for place in pure_equilibria(game).profiles}
    found = stable_coalitions(game, "in")
    assert set(found.sizes) == sizes
    assert found.largest == max(sizes)


def test_where_all_joining_is_best_it_holds():
    game = Symmetric(
        lambda own, others: np.where(own == 0, others, -1.0), players=4, moves=("in", "out"), amounts=(1, 0)
    )
    found = stable_coalitions(game)
    assert (found.sizes, found.closed) == ((4,), 1.0)
    assert np.isnan(found.members[0])
    assert np.isnan(found.outsiders[-1])


def test_where_no_size_is_better_than_none_nothing_can_be_closed():
    lonely = Symmetric(np.array([[-1.0, -1.0], [0.0, 0.0]]), players=2, moves=("in", "out"), amounts=(1, 0))
    found = stable_coalitions(lonely)
    assert found.sizes == (0,)
    assert np.isnan(found.closed)


def test_refusals():
    with pytest.raises(InputError, match="alike"):
        stable_coalitions(om.games.MatchingPennies())
    with pytest.raises(UnknownName):
        stable_coalitions(om.games.ClimateAgreement(), "leave")
