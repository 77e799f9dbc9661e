"""Cultures: chances against closed forms, what each promises of its orders, and the same seed twice."""

from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.cultures import euclidean, impartial, mallows, single_peaked, urn
from ostrom.core.errors import InputError, UnknownName

DRAWS = 20_000
CULTURES = {
    "impartial": impartial,
    "urn": lambda n, m, seed: urn(n, m, seed, contagion=0.2),
    "mallows": lambda n, m, seed: mallows(n, m, seed, dispersion=0.6),
    "orders": single_peaked,
    "peaks": lambda n, m, seed: single_peaked(n, m, seed, how="peaks"),
    "euclidean": euclidean,
}


def shares(ballots):
    """The share of each order, best first."""
    counts = Counter(tuple(np.argsort(row).tolist()) for row in ballots.ranks)
    return {order: many / len(ballots.ranks) for order, many in counts.items()}


def agrees(found, chances):
    """Within five standard deviations, and nothing else is drawn."""
    assert set(found) <= set(chances)
    for order, chance in chances.items():
        assert abs(found.get(order, 0) - chance) < 5 * np.sqrt(chance * (1 - chance) / DRAWS) + 1e-12


def distance(one, other):
    return sum(
        (one.index(x) < one.index(y)) != (other.index(x) < other.index(y)) for x, y in combinations(range(len(one)), 2)
    )


def peaked(order):
    """Whether the best so many always lie side by side."""
    return all(max(order[:k]) - min(order[:k]) == k - 1 for k in range(1, len(order) + 1))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(list(CULTURES)), st.integers(1, 30), st.integers(1, 6), st.integers(0, 99))
def test_strict_orders_one_a_voter_and_the_same_twice(name, voters, size, seed):
    ballots = CULTURES[name](voters, size, seed)
    assert ballots.ranks.shape == (voters, size)
    assert ballots.strict
    assert ballots.complete
    assert (ballots.counts == 1).all()
    assert (CULTURES[name](voters, size, seed).ranks == ballots.ranks).all()
    if name in ("orders", "peaks"):
        assert all(peaked(np.argsort(row).tolist()) for row in ballots.ranks)


def test_impartial_and_mallows_by_their_chances():
    agrees(shares(impartial(DRAWS, 4, 0)), dict.fromkeys(permutations(range(4)), 1 / 24))
    centre = (2, 0, 1, 3)
    for dispersion in (0.0, 0.3, 1.0):
        weights = {order: dispersion ** distance(order, centre) for order in permutations(range(4))}
        total = sum(weights.values())
        found = mallows(DRAWS, "abcd", 1, dispersion=dispersion, centre=list("cabd"))
        agrees(shares(found), {order: weight / total for order, weight in weights.items()})


def test_single_peaked_orders_by_their_chances():
    all_of_them = [order for order in permutations(range(4)) if peaked(order)]
    assert len(all_of_them) == 8
    agrees(shares(single_peaked(DRAWS, 4, 2)), dict.fromkeys(all_of_them, 1 / 8))
    found = shares(single_peaked(DRAWS, 4, 3, how="peaks"))
    tops = {top: sum(share for order, share in found.items() if order[0] == top) for top in range(4)}
    agrees(tops, dict.fromkeys(range(4), 1 / 4))
    assert abs(found[1, 2, 3, 0] - 1 / 16) < 0.01  # right, then right


def test_an_urn_of_one_over_the_orders_makes_all_counts_as_likely():
    """Three voters about two alternatives: 3, 2, 1 or 0 put a first, a quarter of the time each (Berg 1985)."""
    drawn = np.random.default_rng(4)
    counts = Counter(int((urn(3, 2, drawn, contagion=0.5).ranks[:, 0] == 0).sum()) for _ in range(4_000))
    assert all(abs(counts[k] / 4_000 - 1 / 4) < 0.035 for k in range(4))
    assert len(urn(50, 5, 0, contagion=1e9).gathered().ranks) == 1


def test_points_on_a_line_are_single_peaked_along_it():
    """In one dimension there is an order of the alternatives along which all ballots are."""
    ballots = euclidean(200, 5, 5, dimensions=1)
    orders = [np.argsort(row).tolist() for row in ballots.ranks]
    assert any(all(peaked([axis.index(k) for k in order]) for order in orders) for axis in permutations(range(5)))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: impartial(0, 3, 0),
        lambda: impartial(3, 0, 0),
        lambda: impartial(10**9, 3, 0),
        lambda: urn(3, 3, 0, contagion=-1),
        lambda: urn(3, 3, 0, contagion=float("nan")),
        lambda: mallows(3, 3, 0, dispersion=1.5),
        lambda: single_peaked(3, 3, 0, how="axis"),
        lambda: euclidean(3, 3, 0, dimensions=0),
        lambda: mallows(3, "abc", 0, dispersion=0.5, centre=["a", "b"]),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()


def test_a_centre_of_other_names_is_refused():
    with pytest.raises(UnknownName):
        mallows(3, "abc", 0, dispersion=0.5, centre=["a", "b", "d"])
