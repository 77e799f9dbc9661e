"""Allotment: turns and bids as by hand and by linear assignment, prices by leaving each out, and the truth as best."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.society import Session
from ostrom.institutions.allotment import Allotment
from ostrom.testing.check_institution import check_institution

SITES = ("A", "B", "C")
AMOUNTS = (0.0, 1.0, 3.0)


def rescue(worth):
    """Each earns what its site is worth to it, whoever else is there: `worth[seat][site]`."""
    table = np.asarray(worth, float)
    seats, sites = table.shape
    cells = np.moveaxis(np.indices((sites,) * seats), 0, -1)
    return NormalForm(np.stack([table[i][cells[..., i]] for i in range(seats)], -1), moves=SITES[:sites])


def says(wish):
    return lambda look: {"wish": wish} if "wish" in look.choices else {"act": look.choices["act"][0]}


def bid(row):
    return ", ".join(f"{site} {x:g}" for site, x in zip(SITES, row, strict=False))


def order(row):
    return ">".join(SITES[k] for k in np.argsort(-np.asarray(row), kind="stable"))


@pytest.mark.parametrize(
    "rule",
    [
        Allotment(("C", "D")),
        Allotment(("C",), "bids", (0.0, 2.0), "D"),
        pytest.param(Allotment(("D", "C"), "bids", (0.0, 1.0)), marks=pytest.mark.slow),
    ],
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert rule.budget == ("balanced" if rule.by == "turns" else "surplus")
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


BIDS = st.lists(st.lists(st.sampled_from(AMOUNTS), min_size=3, max_size=3), min_size=3, max_size=3)


@settings(max_examples=50, deadline=None)
@given(BIDS)
def test_bids_are_allotted_as_by_linear_assignment_and_priced_by_leaving_each_out(said):
    session = Session(rescue(np.zeros((3, 3))), [Allotment(SITES, "bids", AMOUNTS)])
    for seat, row in enumerate(said):
        session.submit(seat, {"wish": bid(row)})
    got = [session.look(seat).choices["act"] for seat in range(3)]
    assert sorted(got) == [("A",), ("B",), ("C",)]
    for seat in range(3):
        session.submit(seat, {"act": got[seat][0]})
    table, mine = np.array(said), [SITES.index(own[0]) for own in got]

    def best(rows):
        left = table[rows]
        return left[linear_sum_assignment(left, maximize=True)].sum()

    have = table[np.arange(3), mine]
    assert have.sum() == pytest.approx(best([0, 1, 2]))
    prices = [best([j for j in range(3) if j != i]) - (have.sum() - have[i]) for i in range(3)]
    assert np.allclose(session.totals, -np.array(prices))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.permutations(range(3)), min_size=3, max_size=3))
def test_turns_take_the_best_that_is_left(orders):
    session = Session(rescue(np.zeros((3, 3))), [Allotment(SITES)])
    left = list(range(3))
    for seat, own in enumerate(orders):
        session.submit(seat, {"wish": ">".join(SITES[k] for k in own)})
    for seat, own in enumerate(orders):
        first = next(k for k in own if k in left)
        left.remove(first)
        assert session.look(seat).choices["act"] == (SITES[first],)


@pytest.mark.parametrize("by", ["turns", "bids"])
def test_the_truth_is_best_whatever_the_others_say(by):
    rng = np.random.default_rng(0)
    rule, wish = Allotment(SITES[:2], by, AMOUNTS), order if by == "turns" else bid
    for _ in range(4):
        worth = rng.choice(AMOUNTS, (2, 2))
        game = rescue(worth).under(rule)
        for other in itertools.product(AMOUNTS, repeat=2):
            assert game.gains([says(wish(worth[0])), says(wish(other))])[0] <= 1e-9
            assert game.gains([says(wish(other)), says(wish(worth[1]))])[1] <= 1e-9


def test_bids_find_the_best_where_turns_do_not():
    """The first takes what the second needs more; who bids for it is outbid, and pays nothing for what is left."""
    worth = [[1.0, 0.0], [3.0, 0.0]]
    by_turns = rescue(worth).under(Allotment(SITES[:2])).value([says("A>B"), says("A>B")])
    by_bids = rescue(worth).under(Allotment(SITES[:2], "bids", AMOUNTS)).value([says(bid(row)) for row in worth])
    assert by_turns.tolist() == [1, 0]
    assert by_bids.tolist() == [0, 2]


def test_a_planted_externality_makes_lying_pay():
    """Where the worth of a move hangs on who gets the other, the truth about one's own is not best any more."""
    table = np.zeros((2, 2, 2))
    table[0, 1], table[1, 0] = (1.0, 0.0), (0.0, 3.0)  # at (B, A) the first has nothing, but is saved from (A, B)
    table[0, 1, 0] = -5.0
    game = NormalForm(table, moves=SITES[:2]).under(Allotment(SITES[:2]))
    assert game.gains([says("A>B"), says("A>B")])[0] > 0


def test_seats_beyond_the_moves_are_spare_and_who_is_absent_gets_none():
    rule = Allotment(("A",), "bids", AMOUNTS, "B")
    session = Session(rescue(np.zeros((3, 2))), [rule], rounds=2)
    session.leave(2)
    session.lapse()
    session.lapse()
    session.submit(0, {"wish": "A 1"})
    session.submit(1, {"wish": "A 3"})
    assert [session.look(seat).choices["act"] for seat in range(2)] == [("B",), ("A",)]


def test_on_the_command_line_and_refused():
    assert build("institutions", Allotment.example) == Allotment(("C", "D"), "bids", (0.0, 2.0))
    for how in ({"moves": ("C", "C")}, {"moves": ()}, {"amounts": (1.0, 1.0)}, {"amounts": (-1.0, 0.0)}):
        with pytest.raises(InputError):
            Allotment(**how)
    with pytest.raises(TooLarge, match="could say"):
        Allotment(tuple("ABCDEFGH"))
    with pytest.raises(TooLarge, match="could say"):
        Allotment(("A", "B"), "bids", tuple(float(k) for k in range(20)))
    many = Ground(tuple(f"team {k}" for k in range(12)), ((Part("act", tuple("ABCD")),),))
    with pytest.raises(TooLarge, match="go in"):
        Allotment(tuple("ABCD"), "bids", (0.0, 1.0)).menu(many)
    with pytest.raises(UnknownName):
        rescue(np.zeros((2, 2))).under(Allotment(("A", "Z")))


def test_sums_that_are_equal_are_so_exactly():
    rule = Allotment(("A", "B"), "bids", (0.0, 0.1, 0.2, 0.3))
    session = Session(NormalForm(np.zeros((2, 2, 2)), moves=("A", "B")), [rule])
    session.submit(0, {"wish": "A 0.3, B 0.2"})  # 0.3 + 0 the one way, 0.2 + 0.1 (in floats: more) the other
    session.submit(1, {"wish": "A 0.1, B 0"})
    assert session.look(0).choices["act"] == ("A",)
    assert session.look(1).choices["act"] == ("B",)


@pytest.mark.parametrize("by", ["turns", "bids"])
def test_fifty_moves_are_too_many(by):
    with pytest.raises(TooLarge, match="Each seat could say"):
        Allotment(tuple(f"m{k}" for k in range(50)), by)
