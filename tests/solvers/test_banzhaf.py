"""The Banzhaf value against coalitions listed one by one, published indices, and coopgame-py."""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.coalitional import Coalitional
from ostrom.solvers import banzhaf

STORED = json.loads((Path(__file__).parent / "data" / "coalitions.json").read_text(encoding="utf-8"))["games"]
TABLES = st.integers(1, 5).flatmap(lambda n: st.lists(st.integers(-9, 9), min_size=2**n - 1, max_size=2**n - 1))


def by_listing(worth):
    count = len(worth).bit_length() - 1
    without = [[mask for mask in range(2**count) if not mask >> i & 1] for i in range(count)]
    return tuple(
        Fraction(sum(worth[mask | 1 << i] - worth[mask] for mask in own), len(own)) for i, own in enumerate(without)
    )


@given(TABLES)
@settings(max_examples=30)
def test_it_is_the_mean_over_all_coalitions(worths):
    assert banzhaf(Coalitional([0, *worths])).exact == by_listing([0, *worths])


def test_whole_numbers_of_any_length():
    worth = [0, 3**50, 5**40, 7**40, -(2**90), 1, 11**30, 13**30]
    assert banzhaf(Coalitional(worth)).exact == by_listing(worth)


@pytest.mark.parametrize("game", STORED, ids=lambda game: game["name"])
def test_coopgame_finds_the_same(game):
    assert banzhaf(Coalitional(game["worth"])).values == pytest.approx(game["banzhaf"], abs=1e-11)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=7).filter(any), st.floats(0.01, 1))
@settings(max_examples=30)
def test_counting_votes_is_listing_them(weights, share):
    voting = Coalitional.weighted_voting(max(1, math.ceil(share * sum(weights))), weights)
    assert banzhaf(voting).exact == by_listing([int(one) for one in voting.worth])


def test_published_indices():
    """Nassau County 1964 (Banzhaf 1965): three districts decide everything; and the council of six of 1958."""
    nassau = banzhaf(Coalitional.weighted_voting(58, [31, 31, 28, 21, 2, 2]))
    assert nassau.normalised == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0, 0, 0])
    six = banzhaf(Coalitional.weighted_voting(12, [4, 4, 4, 2, 2, 1]))
    assert [str(one) for one in six.exact] == ["5/16", "5/16", "5/16", "3/16", "3/16", "0"]
    assert six.normalised == pytest.approx([5 / 21, 5 / 21, 5 / 21, 1 / 7, 1 / 7, 0])


def test_who_adds_nothing_has_no_share():
    assert banzhaf(Coalitional([0, 0, 0, 0])).normalised == (0.0, 0.0)


def test_long_tables_of_floats_are_summed_in_floats():
    own = np.random.default_rng(0).random(14)
    bits = (np.arange(2**14)[:, None] >> np.arange(14) & 1).astype(float)
    found = banzhaf(Coalitional(bits @ own))
    assert found.exact is None
    assert found.values == pytest.approx(own, abs=1e-13)


def test_samples_come_with_intervals():
    voting = Coalitional.weighted_voting(12, [4, 4, 4, 2, 2, 1])
    found, exact = banzhaf(voting, samples=1000, seed=1), banzhaf(voting).values
    assert found.status == "partial"
    assert sum(low <= one <= high for (low, high), one in zip(found.intervals, exact, strict=True)) >= 5
    assert found.intervals[5][1] > 0, "a share of none in 1000 is not known to be none"
    general = banzhaf(Coalitional([0, 1, 1, 5]), samples=400, seed=1)
    assert all(low <= 2.5 <= high for low, high in general.intervals)
    with pytest.raises(InputError):
        banzhaf(voting, samples=0)
