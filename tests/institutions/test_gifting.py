"""Gifting: never from one's own pocket in the end, from a purse as a carrot of the size of the temptation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.gifting import Gifting
from ostrom.testing.check_institution import check_institution

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
THREE = NormalForm(np.random.default_rng(6).normal(size=(2, 2, 2, 3)), players="xyz", moves=("C", "D"))
CHOICES = [("nobody", *(f"to {other}" for other in "xyz" if other != own)) for own in "xyz"]
GIFTS = st.tuples(*map(st.sampled_from, CHOICES))


@pytest.mark.parametrize(
    ("rule", "declared"),
    [
        (Gifting(0.5), ("none", "balanced", False)),
        (Gifting(0.5, purse=1, season=1), ("none", "deficit", True)),
        (Gifting(0.5, purse=1, season=2), ("finite", "deficit", True)),
        (Gifting(0.5, purse=2), ("finite", "deficit", True)),
    ],
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, declared):
    assert (rule.memory, rule.budget, rule.central) == declared
    report = check_institution(rule)
    assert rule.memory == "finite" or "Staged" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def by_hand(gifts, amount, free):
    paid = np.zeros(3)
    for giver, gift in enumerate(gifts):
        if gift != "nobody":
            paid["xyz".index(gift[-1])] += amount
            paid[giver] -= 0 if free else amount
    return paid


@given(st.tuples(*[st.sampled_from("CD")] * 3), GIFTS, st.floats(0, 5), st.booleans())
def test_gifts_are_those_counted_by_hand(acts, gifts, amount, free):
    session = Session(THREE, [Gifting(amount, purse=int(free), season=1)])
    for stage in ({"act": act} for act in acts), ({"gift": gift} for gift in gifts):
        for seat, choice in enumerate(stage):
            session.submit(seat, choice)
    bare = THREE.payoffs[THREE.profile(acts)]
    assert np.allclose(session.totals - bare, by_hand(gifts, amount, free))
    assert free or np.isclose(session.totals.sum(), bare.sum())


def outcomes(rule):
    return {point.payoffs for point in PD.under(rule).subgame_perfect().points}


@pytest.mark.parametrize("amount", [0.5, 2.0, 4.0])
def test_what_one_gives_of_ones_own_is_never_given_in_the_end(amount):
    assert outcomes(Gifting(amount)) == {(1.0, 1.0)}


@pytest.mark.parametrize(("amount", "enough"), [(1.9, False), (2.0, True), (3.0, True)])
def test_gifts_from_a_purse_sustain_cooperation_from_the_gain_of_defecting_on(amount, enough):
    """5 - 3 = 2: who gives nothing up may thank those who cooperate, and nobody else."""
    assert ((3.0 + amount, 3.0 + amount) in outcomes(Gifting(amount, purse=1, season=1))) is enough


def test_a_purse_of_nothing_worth_changes_nothing():
    assert outcomes(Gifting(0.0, purse=1, season=1)) == {(1.0, 1.0)}


@given(st.lists(GIFTS, min_size=1, max_size=7), st.integers(1, 2), st.integers(0, 3))
def test_purses_are_emptied_and_filled(rounds, purse, season):
    session, left, got = Session(THREE, [Gifting(1.0, purse, season)], rounds=len(rounds)), [purse] * 3, np.zeros(3)
    for time, gifts in enumerate(rounds):
        left = [purse] * 3 if season and time % season == 0 else left
        for seat in range(3):
            session.submit(seat, {"act": "C"})
        made = tuple(gift if left[seat] else "nobody" for seat, gift in enumerate(gifts))
        for seat in session.waiting if any(left) else ():
            assert session.look(seat).choices["gift"] == CHOICES[seat]
            session.submit(seat, {"gift": made[seat]})
        left = [have - (gift != "nobody") for have, gift in zip(left, made, strict=True)]
        got += by_hand(made, 1.0, free=True)
    assert np.allclose(session.totals, len(rounds) * THREE.payoffs[0, 0, 0] + got)


def test_who_is_absent_neither_gives_nor_gets():
    session = Session(THREE, [Gifting(1.0)], rounds=2)
    session.leave(2)
    for _ in range(2):
        session.lapse()
    for seat in range(2):
        session.submit(seat, {"act": "C"})
    assert session.waiting == (0, 1)
    assert session.look(0).choices["gift"] == ("nobody", "to y")


def test_a_world_pays_as_the_table(same_in_a_world):
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.matrix import MatrixWorld

    world, key = MatrixWorld.of(THREE).under(Gifting(0.5)), np.zeros(2, np.uint32)
    step = jax.jit(world.step)
    for gifts in ((0, 1, 2), (2, 2, 0), (1, 1, 1)):
        moves = {"act": np.array([0, 1, 0], np.int32), "gift": np.array(gifts, np.int32)}
        state, paid = step(key, world.reset(key), moves)
        assert not paid.any()
        paid = step(key, state, moves)[1]
        labels = [CHOICES[seat][gift] for seat, gift in enumerate(gifts)]
        assert np.allclose(paid, THREE.payoffs[0, 1, 0] + by_hand(labels, 0.5, free=False), atol=1e-5)


def test_on_the_command_line_and_refused():
    assert build("institutions", "gifting:amount=1/2,purse=2,season=3") == Gifting(0.5, 2, 3)
    with pytest.raises(InputError, match="somebody to give to"):
        NormalForm(np.zeros((2, 1))).under(Gifting())
