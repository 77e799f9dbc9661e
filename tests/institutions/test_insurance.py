"""Insurance: by hand in exact numbers; nobody is pushed below the floor, ranks stay, and what it does to care."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Now
from ostrom.core.society import Session
from ostrom.institutions.insurance import Insurance
from ostrom.testing.check_institution import check_institution

TABLES = st.lists(st.integers(-5, 5), min_size=24, max_size=24).map(
    lambda values: NormalForm(np.reshape(values, (2, 2, 2, 3)), players="xyz", moves=("C", "D"))
)
EIGHTHS = st.integers(0, 8).map(lambda k: k / 8)
FLOORS = st.integers(-12, 12).map(lambda k: k / 2)


@pytest.mark.parametrize("rule", [Insurance(5.0), Insurance(6.5, 0.5)])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert "Governed" in report.carriers["table"]
    assert "GovernedCounts" in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def by_hand(payoffs, floor, cover):
    """What members end up with, in exact numbers."""
    own, floor, cover = [Fraction(float(u)) for u in payoffs], Fraction(floor), Fraction(cover)
    missing, spare = (sum(max(sign * (u - floor), Fraction(0)) for u in own) for sign in (-1, 1))
    if not missing or not spare:
        return own
    paid = min(cover * missing, spare)
    return [u + (paid * (floor - u) / missing if u < floor else -paid * (u - floor) / spare) for u in own]


@given(TABLES, FLOORS, EIGHTHS)
def test_payments_are_those_counted_by_hand(game, floor, cover):
    insured = game.under(Insurance(floor, cover)).payoffs
    for place in np.ndindex(2, 2, 2):
        assert np.allclose(insured[place], [float(u) for u in by_hand(game.payoffs[place], floor, cover)])


@given(TABLES, FLOORS, EIGHTHS)
def test_nobody_falls_below_the_floor_by_paying_and_ranks_stay(game, floor, cover):
    before, after = game.payoffs, game.under(Insurance(floor, cover)).payoffs
    assert np.allclose(after.sum(-1), before.sum(-1))
    assert (after[before >= floor] >= floor - 1e-9).all()
    assert (after[before >= floor] <= before[before >= floor] + 1e-9).all()
    assert (after[before < floor] <= floor + 1e-9).all()
    higher = before[..., :, None] >= before[..., None, :]
    assert (after[..., :, None] >= after[..., None, :] - 1e-9)[higher].all()


@given(TABLES, FLOORS)
def test_with_full_cover_nobody_is_short_where_there_is_enough(game, floor):
    enough = game.payoffs.mean(-1) >= floor
    after = game.under(Insurance(floor)).payoffs
    assert (after[enough] >= floor - 1e-9).all()
    assert (after[~enough] <= floor + 1e-9).all()


@given(TABLES, FLOORS, EIGHTHS, st.permutations(range(3)))
def test_seats_are_treated_alike(game, floor, cover, order):
    def permuted(table):
        return np.transpose(table, (*order, 3))[..., list(order)]

    moved = NormalForm(permuted(game.payoffs), moves=("C", "D")).under(Insurance(floor, cover)).payoffs
    assert np.allclose(moved, permuted(game.under(Insurance(floor, cover)).payoffs))


@given(TABLES, st.floats(-20, 20))
def test_without_cover_or_where_nobody_is_short_it_is_nothing(game, floor):
    assert np.array_equal(game.under(Insurance(floor, 0.0)).payoffs, game.payoffs)
    for out_of_reach in (-6.0, 6.0):
        assert np.array_equal(game.under(Insurance(out_of_reach)).payoffs, game.payoffs)


@pytest.mark.parametrize(("cover", "careful"), [(0.0, True), (0.49, True), (0.51, False), (1.0, False)])
def test_who_is_covered_for_more_than_half_takes_no_care(cover, careful):
    """With care 6 for sure, without it 10 or nothing at even odds; floor 8: 6 + 2 c against 5 + 4 c."""
    care, lost, kept = (Insurance(8.0, cover).settle(_now(2), np.array([own, 99.0]))[0] for own in (6.0, 0.0, 10.0))
    assert np.isclose(care, 6 + 2 * cover)
    assert np.isclose((lost + kept) / 2, 5 + 4 * cover)
    assert bool(care > (lost + kept) / 2) is careful


def _now(players):
    ground = Ground(tuple("ab"[:players]), play=((Part("act", ("C", "D")),),))
    return Now(ground, {}, ground.unknown_moves())


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(NormalForm(np.arange(24.0).reshape(2, 2, 2, 3)), Insurance(9.0, 0.75))


def test_who_is_absent_is_not_insured_and_not_called():
    game = NormalForm(np.broadcast_to(np.array([9.0, 1.0, -9.0]), (2, 2, 2, 3)), players="xyz", moves=("C", "D"))
    session = Session(game, [Insurance(4.0)], rounds=2)
    session.leave(2)
    session.lapse()
    before = session.totals
    session.lapse()
    assert np.allclose(before, (4.0, 1 + 5 * 3 / 16, -9 + 5 * 13 / 16))
    assert np.allclose(session.totals - before, (6.0, 4.0, 0))


def test_on_the_command_line_and_refused():
    assert build("institutions", "insurance:floor=2,cover=1/2") == Insurance(2.0, 0.5)
    with pytest.raises(InputError, match="out of range"):
        Insurance(0.0, 1.5)
