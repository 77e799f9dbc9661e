"""Auctions of one item: published revenues, a linear program for the optimum, and truth in ten thousand instances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import TypeSpace
from ostrom.audits.incentives import incentives
from ostrom.choice import all_pay, bidding_game, first_price, myerson, second_price, single_item, virtual_values
from ostrom.core.errors import InputError, TooLarge


def random_sale(seed, sizes):
    rng = np.random.default_rng(seed)
    odds = [rng.integers(1, 6, size) for size in sizes]
    return single_item([rng.integers(0, 9, size) for size in sizes], [own / own.sum() for own in odds])


def most_by_program(space):
    """The most that any mechanism earns: truth and free participation on average, by SciPy, variable by variable."""
    count, sizes = space.count, space.sizes
    profiles = list(np.ndindex(*sizes))
    at = {(t, i): k for k, (t, i) in enumerate((t, i) for t in profiles for i in range(count))}
    pay = {(i, k): len(at) + sum(sizes[:i]) + k for i in range(count) for k in range(sizes[i])}
    odds = [space.odds.sum(tuple(j for j in range(count) if j != i)) for i in range(count)]
    width, rows, right = len(at) + len(pay), [], []

    def gets(row, i, kind, report, sign):
        for t in profiles:
            if t[i] == report:
                share = np.prod([odds[j][t[j]] for j in range(count) if j != i])
                row[at[t, i]] += sign * share * space.values[i][kind, i + 1]
        row[pay[i, report]] -= sign

    for i in range(count):
        for kind in range(sizes[i]):
            for report in range(sizes[i]):
                row = np.zeros(width)
                gets(row, i, kind, kind, -1)
                if report != kind:
                    gets(row, i, kind, report, 1)
                rows.append(row)
                right.append(0)
    for t in profiles:
        row = np.zeros(width)
        row[[at[t, i] for i in range(count)]] = 1
        rows.append(row)
        right.append(1)
    goal = np.zeros(width)
    for (i, k), column in pay.items():
        goal[column] = -odds[i][k]
    bounds = [(0, 1)] * len(at) + [(None, None)] * len(pay)
    return -linprog(goal, np.array(rows), right, bounds=bounds).fun


@given(st.integers(0, 10_000), st.sampled_from([(4,), (3, 3), (2, 4), (2, 2, 2)]))
@settings(max_examples=25)
def test_nothing_earns_more_than_myerson(seed, sizes):
    space = random_sale(seed, sizes)
    found = myerson(space)
    assert float(space.expected(found.revenue)) == pytest.approx(most_by_program(space), abs=1e-7)
    claims = incentives(found, coalitions=1)
    assert (claims.dominant.verdict, claims.ex_post.verdict) == ("proved", "proved")
    pairs = zip(space.values, _margins(space), strict=True)
    levels = [virtual_values(own[:, i + 1], odds)[1] for i, (own, odds) in enumerate(pairs)]
    ironed = np.stack(np.meshgrid(*levels, indexing="ij"), -1)
    surplus = np.maximum(ironed.max(-1), 0)
    assert float(space.expected(found.revenue)) == pytest.approx(float(space.expected(surplus)))


def _margins(space):
    return [space.odds.sum(tuple(j for j in range(space.count) if j != i)) for i in range(space.count)]


def test_uniform_values_bring_what_is_published():
    """One bidder 1/4; two 5/12 with a reserve of 1/2, and 1/3 without (Myerson 1981)."""
    size = 200
    grid = (np.arange(size) + 0.5) / size
    one, two = (single_item([grid] * n, [[1 / size] * size] * n) for n in (1, 2))
    earned = {
        "one": (one, myerson(one)),
        "two": (two, myerson(two)),
        "reserve": (two, second_price(two, 0.5)),
        "none": (two, second_price(two)),
    }
    mean = {name: float(space.expected(found.revenue)) for name, (space, found) in earned.items()}
    assert mean == pytest.approx({"one": 1 / 4, "two": 5 / 12, "reserve": 5 / 12, "none": 1 / 3}, abs=0.005)
    sold = myerson(one).odds[:, 1]
    assert grid[sold.argmax()] == pytest.approx(0.5, abs=1 / size)


def test_ironing_by_hand():
    """The first rise as they are; of the others the first two fall, and are pooled by their odds."""
    plain, ironed = virtual_values([1, 2, 10], [0.2, 0.6, 0.2])
    assert plain == pytest.approx([-3, -2 / 3, 10])
    assert ironed == pytest.approx(plain)
    plain, ironed = virtual_values([1, 2, 3, 10], [0.4, 0.1, 0.4, 0.1])
    assert plain == pytest.approx([-0.5, -3, 1.25, 10])
    assert ironed == pytest.approx([-1, -1, 1.25, 10])  # (-.5 * .4 - 3 * .1) / .5


def test_types_of_equal_value_count_as_one():
    split, whole = virtual_values([3, 1, 1], [0.5, 0.2, 0.3]), virtual_values([3, 1], [0.5, 0.5])
    assert split[1] == pytest.approx([whole[1][0], whole[1][1], whole[1][1]])


@pytest.mark.parametrize("auction", [second_price, first_price, all_pay])
@pytest.mark.parametrize("reserve", [0.0, 2.0])
def test_who_wins_and_pays(auction, reserve):
    space = random_sale(3, (3, 3, 2))
    found = auction(space, reserve)
    for types in np.ndindex(*space.sizes):
        bids = [space.values[i][k, i + 1] for i, k in enumerate(types)]
        winner = max(range(3), key=lambda i: (bids[i], -i))
        sold = bids[winner] >= reserve
        assert found.odds[types].argmax() == (winner + 1 if sold else 0)
        second = [max(reserve, *(bid for j, bid in enumerate(bids) if j != i)) for i in range(3)]
        wins = [sold and i == winner for i in range(3)]
        pays = {
            second_price: [price * won for price, won in zip(second, wins, strict=True)],
            first_price: [bid * won for bid, won in zip(bids, wins, strict=True)],
            all_pay: [bid * (bid >= reserve) for bid in bids],
        }[auction]
        assert found.paid[types].tolist() == pays


def test_only_the_second_price_is_truthful():
    space = random_sale(5, (4, 4))
    assert incentives(second_price(space, 3.0)).dominant.verdict == "proved"
    for auction in (first_price, all_pay):
        found = incentives(auction(space))
        assert (found.dominant.verdict, found.bayesian.verdict) == ("refuted", "refuted")
        assert found.dominant.witness["gains"] == [found.dominant.numbers["violation"]]


def test_no_lie_pays_in_ten_thousand_random_instances():
    rng = np.random.default_rng(2)
    space = single_item(rng.uniform(0, 1, (2, 100)), [rng.dirichlet(np.ones(100)) for _ in range(2)])
    for found in (second_price(space), second_price(space, 0.5), myerson(space)):
        assert incentives(found, coalitions=1).dominant.verdict == "proved"


def table_of(game):
    """`[state, bid, bid, bidder]` of a bidding game."""
    return np.asarray(game.by_state, float)


def test_the_game_of_bids_by_hand():
    space = single_item([[1, 4]] * 2, [[0.5, 0.5]] * 2)
    games = {pays: table_of(bidding_game(space, [0, 2], pays)) for pays in ("first", "second", "all")}
    both = {pays: game[3] for pays, game in games.items()}  # both value it at 4
    assert both["first"].tolist() == [[[2, 2], [0, 2]], [[2, 0], [1, 1]]]
    assert both["second"].tolist() == [[[2, 2], [0, 4]], [[4, 0], [1, 1]]]
    assert both["all"].tolist() == [[[2, 2], [0, 2]], [[2, 0], [0, 0]]]
    assert table_of(bidding_game(space, [0, 2], reserve=1))[3].tolist() == [[[0, 0], [0, 2]], [[2, 0], [1, 1]]]


@pytest.mark.parametrize("size", [4, 8])
def test_half_ones_value_is_nearly_an_equilibrium_of_the_first_price(size):
    """Two bidders of uniform value bid half of it in equilibrium (Vickrey 1961); on a grid within a step's worth."""
    grid = (np.arange(size) + 0.5) / size
    game = bidding_game(single_item([grid] * 2, [[1 / size] * size] * 2), grid / 2)
    table = table_of(game).reshape(size, size, size, size, 2)[..., 0]  # [own type, other's, own bid, other's]
    mean = table[:, np.arange(size), :, np.arange(size)].mean(0)  # [own type, own bid] against half the value
    assert (mean.max(1) - mean[np.arange(size), np.arange(size)]).max() <= 0.5 / size


def test_what_does_not_fit_is_refused():
    space, bare = single_item([[1, 2]] * 2, [[0.5, 0.5]] * 2), single_item([[1, 2]] * 2)
    for make in (
        lambda: second_price(space, np.nan),
        lambda: second_price(TypeSpace([[[0, 1]], [[0, 1]]])),
        lambda: second_price(TypeSpace([[[0, 1, 1]], [[0, 0, 1]]])),
        lambda: myerson(bare),
        lambda: myerson(single_item([[1, 2]] * 2, [[0.5, 0.0], [0.0, 0.5]])),
        lambda: myerson(single_item([[1, 2]], [[1.0, 0.0]])),
        lambda: bidding_game(bare, [0, 1]),
        lambda: bidding_game(space, [1, 1]),
        lambda: bidding_game(space, [0, 1], "third"),
        lambda: single_item([[1, 2], []]),
        lambda: virtual_values([1, 2], [0.5, 0.6]),
    ):
        with pytest.raises(InputError):
            make()


@pytest.mark.parametrize("reserve", [None, "1", [1, 2], 1j, np.datetime64("2020-01-01"), float("nan"), True])
def test_a_reserve_that_is_no_number_is_refused(reserve):
    space = single_item([[1, 2]], [[0.5, 0.5]])
    for made in (lambda: second_price(space, reserve), lambda: bidding_game(space, [0, 1], reserve=reserve)):
        with pytest.raises(InputError, match="reserve"):
            made()


def test_bids_that_print_alike_are_told_apart_and_too_many_refused():
    space = single_item([[1]], [[1]])
    assert bidding_game(space, [1, 1.0000001, 1.00000011]).sizes == (3,)
    with pytest.raises(InputError):
        bidding_game(space, "x")
    with pytest.raises(TooLarge, match="bids"):
        bidding_game(single_item([[1]] * 5, [[1]] * 5), range(100))


def test_more_bidders_than_a_table_has_axes_are_refused():
    with pytest.raises(TooLarge, match="60 agents"):
        single_item([[1]] * 70)


@pytest.mark.parametrize(("values", "odds"), [("x", [1]), ([1, 2], [[1, 2], [3]]), ([1], None)])
def test_virtual_values_of_what_are_no_numbers(values, odds):
    with pytest.raises(InputError):
        virtual_values(values, odds)
