"""Ballots: written and read, counted by pairs against a plain loop, and what is refused."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots
from ostrom.core.errors import InputError, UnknownName

TENNESSEE = {"M > N > C > K": 42, "N > C > K > M": 26, "C > K > N > M": 15, "K > C > N > M": 17}


@st.composite
def elections(draw):
    size, count = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    ranks = draw(st.lists(st.lists(st.integers(-1, 3), min_size=size, max_size=size), min_size=count, max_size=count))
    return Ballots(ranks, draw(st.lists(st.integers(1, 5), min_size=count, max_size=count)))


@settings(max_examples=60, deadline=None)
@given(elections())
def test_pairs_are_counted_as_by_hand(ballots):
    size = len(ballots.alternatives)
    for one, other in itertools.product(range(size), repeat=2):
        count = 0
        for row, many in zip(ballots.ranks.tolist(), ballots.counts.tolist(), strict=True):
            mine, its = row[one], row[other]
            count += many * (mine >= 0 and (its < 0 or mine < its))
        assert ballots.pairwise[one, other] == count


@settings(max_examples=60, deadline=None)
@given(elections())
def test_written_ballots_are_read_back(ballots):
    lines = [ballots.written(k) for k in range(len(ballots.ranks))]
    again = [Ballots.of([line], ballots.alternatives).ranks[0].tolist() for line in lines]
    assert again == ballots.ranks.tolist()


@settings(max_examples=60, deadline=None)
@given(elections())
def test_gathering_changes_nobodys_vote(ballots):
    gathered = ballots.gathered()
    assert (gathered.pairwise == ballots.pairwise).all()
    assert gathered.voters == ballots.voters
    assert len({tuple(row) for row in gathered.ranks.tolist()}) == len(gathered.ranks)


def test_gaps_are_closed_and_what_is_not_mentioned_is_last():
    ballots = Ballots([[0, 2, 2], [5, -1, 3]])
    assert ballots.ranks.tolist() == [[0, 1, 1], [1, -1, 0]]
    assert ballots.places.tolist() == [[0, 1, 1], [1, 2, 0]]
    assert (ballots.complete, ballots.strict) == (False, False)


def test_a_capital_for_tennessee():
    capital = Ballots.of(TENNESSEE)
    assert capital.voters == 100
    assert [capital.prefer("N", other) for other in "MCK"] == [58, 68, 68]
    assert (capital.margins == -capital.margins.T).all()
    assert capital.only("K", "M").pairwise.tolist() == [[0, 58], [42, 0]]
    assert capital.complete
    assert capital.strict


def test_many_ballots_are_counted_in_parts():
    rng = np.random.default_rng(0)
    orders = np.argsort(rng.random((10_000, 5)), axis=1)
    ballots = Ballots(orders)
    whole = (orders[:, :, None] < orders[:, None, :]).sum(0)
    assert (ballots.pairwise == whole).all()


def test_sincere_ballots_of_utilities():
    ballots = Ballots.from_utilities([[1.0, 3.0, 3.0], [0.5, 0.2, 0.1]], [2, 1], ("x", "y", "z"))
    assert [ballots.written(k) for k in range(2)] == ["y = z > x", "x > y > z"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ballots([]),
        lambda: Ballots([[0, 1], [0]]),
        lambda: Ballots([[0.5, 1]]),
        lambda: Ballots([[0, -2]]),
        lambda: Ballots([[0, 1]], [0]),
        lambda: Ballots([[0, 1]], [-1]),
        lambda: Ballots([[0, 1]], [2**62]),
        lambda: Ballots([[0, 1]], [1, 1]),
        lambda: Ballots([["a", "b"]]),
        lambda: Ballots([[np.nan, 1]]),
        lambda: Ballots([[0, 1]], alternatives=("x", "x")),
        lambda: Ballots.of(["a > a"]),
        lambda: Ballots.from_utilities([[np.inf, 0]]),
        lambda: Ballots.from_utilities(["x"]),
    ],
)
def test_bad_input_is_refused(make):
    with pytest.raises(InputError):
        make()


def test_unknown_alternatives_are_named():
    with pytest.raises(UnknownName, match="'d'"):
        Ballots.of(["a > d"], "abc")
    with pytest.raises(UnknownName):
        Ballots.of(["a"]).prefer("a", "b")


def test_weights_are_scaled_up():
    with pytest.raises(InputError, match=r"counts are not whole numbers. .*scale weights up"):
        Ballots.of({"a > b": 1.5, "b > a": 2})
    assert Ballots.of({"a > b": 3.0, "b > a": 4}).voters == 7


@pytest.mark.parametrize(
    ("count", "said"),
    [
        *((10**19, "64 bits.*Divide all"), (float("nan"), "hold nan"), (float("inf"), "hold inf")),
        *((2**62, "voters in all"), (0, "Somebody votes"), (-1, "cast by -1")),
    ],
)
def test_each_mistake_in_a_count_has_its_own_way_out(count, said):
    with pytest.raises(InputError, match=said) as refused:
        Ballots.of({"a > b": count})
    assert "scale weights up" not in str(refused.value)


@pytest.mark.parametrize("size", [1, 2, 5, 18, 260])
def test_gathered_is_the_same_election_in_lexicographic_order(size):
    rng = np.random.default_rng(size)
    ballots = Ballots(rng.integers(-1, 2, (60, size)) * (rng.random((60, 1)) < 0.5), rng.integers(0, 3, 60))
    tally = {}
    for row, many in zip(ballots.ranks.tolist(), ballots.counts.tolist(), strict=True):
        tally[tuple(row)] = tally.get(tuple(row), 0) + many
    found = ballots.gathered()
    assert [tuple(row) for row in found.ranks.tolist()] == sorted(row for row in tally if tally[row])
    assert found.counts.tolist() == [tally[tuple(row)] for row in found.ranks.tolist()]


@pytest.mark.parametrize("order", ["A >", "> A", "A = ", "A >> B", " > "])
def test_an_alternative_has_a_name(order):
    with pytest.raises(InputError, match="without a name"):
        Ballots.of({order: 1})
    assert Ballots.of({"A": 1, "": 2}).voters == 3


@pytest.mark.parametrize("orders", ["a > b", 3, [1, 2], {1: 2}, ["a > > b"], ["a >"], ["= a"], np.array(1)])
def test_what_is_no_ballot_is_refused(orders):
    with pytest.raises(InputError):
        Ballots.of(orders)


def test_numbers_beyond_64_bits_are_not_taken_for_others():
    with pytest.raises(InputError):
        Ballots(np.array([[2**64 - 1, 0]], np.uint64))
    with pytest.raises(InputError):
        Ballots([[0, 1]], alternatives=3)


def test_there_is_no_such_alternative_or_ballot():
    cast = Ballots.of(["a > b"])
    for other in (3, None, np.ones((2, 2))):
        with pytest.raises(UnknownName):
            cast.index(other)
    for number in (1.0, "0", 7, True):
        with pytest.raises(InputError):
            cast.written(number)
