"""Policed: the odds of the inspection game, who inspects when another would do, and where the money goes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Now
from ostrom.core.society import Session
from ostrom.games import VolunteersDilemma
from ostrom.institutions import Enforced, Fines, Quota, Tax
from ostrom.institutions.policed import Policed
from ostrom.solvers.vertex_enumeration import vertex_enumeration
from ostrom.testing.check_institution import check_institution

MONEY, CHANCE = st.floats(0.1, 9), st.floats(0, 1)
GROUND = Ground(("x", "y", "z"), play=((Part("act", ("C", "D")),),))


def tempted(gain):
    """One seat that gains by D, and one that has nothing to choose."""
    return NormalForm([[[0.0, 0.0]], [[gain, 0.0]]], players=("row", "column"), moves=(("C", "D"), ("watch",)))


def fine(amount, shared=False):
    return Fines((("*", "D", amount),), shared=shared)


def watching(inspectors, charge, **numbers):
    """A sure violator, and seats that can only choose whether to inspect."""
    names = tuple(f"i{k}" for k in range(inspectors))
    moves = (("D",), *[("watch",)] * inspectors)
    bare = np.zeros((*[1] * (inspectors + 1), inspectors + 1))
    return NormalForm(bare, players=("v", *names), moves=moves).under(Policed(charge, names, **numbers))


@pytest.mark.parametrize(
    ("rule", "budget"),
    [
        (Policed(fine(5.0, shared=True), ("player 1", "player 3"), 0.0, share=0.3), "balanced"),
        (Policed(fine(5.0, shared=True), ("player 1",), 0.5), "surplus"),
        (Policed(Tax("harvest", 2.0, shared=True), ("player 2",), 0.5, reward=1.0, metafine=0.5), None),
        (Policed(fine(5.0), ("player 2", "player 3"), 0.0), "surplus"),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, budget):
    assert rule.budget == budget
    carriers = check_institution(rule).carriers
    assert "joint moves" in carriers["table"]
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(MONEY, MONEY, MONEY, MONEY, CHANCE, st.floats(0, 3))
@settings(deadline=None, max_examples=30)
def test_the_only_equilibrium_is_that_of_the_inspection_game(gain, charge, cost, reward, share, metafine):
    """Violate with odds c / (r + s F + m), inspect with odds g / F (Tsebelis, 1990; Avenhaus et al., 2002)."""
    worth = reward + share * charge + metafine
    assume(gain < 0.95 * charge and cost < 0.95 * worth)
    rule = Policed(fine(charge), ("column",), cost, reward, share, metafine)
    (point,) = vertex_enumeration(tempted(gain).under(rule)).points
    assert point[0][1] == pytest.approx(cost / worth, abs=1e-6)
    assert point[1][1] == pytest.approx(gain / charge, abs=1e-6)


def odds(charge, gain=2.0, **numbers):
    (point,) = vertex_enumeration(tempted(gain).under(Policed(fine(charge), ("column",), **numbers))).points
    return float(point[0][1]), float(point[1][1])


def test_a_higher_fine_changes_the_inspector_and_not_the_violator():
    """Tsebelis's "Robinson Crusoe fallacy"; a share of the fine undoes it."""
    assert odds(4.0, cost=1.0, reward=4.0) == pytest.approx((0.25, 0.5))
    assert odds(8.0, cost=1.0, reward=4.0) == pytest.approx((0.25, 0.25))
    assert odds(4.0, gain=1.0, cost=1.0, reward=4.0) == pytest.approx((0.25, 0.25))
    assert odds(4.0, cost=2.0, reward=4.0) == pytest.approx((0.5, 0.5))
    assert [odds(f, cost=1.0, share=0.5)[0] for f in (4.0, 8.0)] == pytest.approx([0.5, 0.25])


def test_lazy_inspectors_look_away_and_weak_fines_are_paid():
    (lazy,) = vertex_enumeration(tempted(2.0).under(Policed(fine(9.0), ("column",), 1.0, 0.9))).points
    assert [mix.tolist() for mix in lazy] == [[0, 1], [1, 0]]
    (weak,) = vertex_enumeration(tempted(2.0).under(Policed(fine(1.9), ("column",), 1.0, 1.1))).points
    assert [mix.tolist() for mix in weak] == [[0, 1], [0, 1]]


@pytest.mark.parametrize("inspectors", [2, 3, 4])
def test_that_another_inspects_is_a_volunteers_dilemma(inspectors):
    """A fine that all get and one collects: each looks away with odds (c / b)^(1 / (n - 1)) (Diekmann, 1985)."""
    benefit, cost = 2.0, 0.5
    charge = fine(benefit * inspectors, shared=True)
    table = watching(inspectors, charge, cost=cost).payoffs[0]
    dilemma = VolunteersDilemma(players=inspectors, benefit=benefit, cost=cost).dense().payoffs
    assert np.allclose(table[..., 1:], np.flip(dilemma, tuple(range(inspectors))))  # "call" comes first, "inspect" last
    away = (cost / benefit) ** (1 / (inspectors - 1))
    mixture = (np.ones(1), *[np.array([away, 1 - away])] * inspectors)
    worth = watching(inspectors, charge, cost=cost).deviation_payoffs(mixture)
    assert np.allclose([values[0] for values in worth[1:]], [values[1] for values in worth[1:]])


@given(st.integers(1, 3), MONEY, st.floats(0, 9), st.floats(0, 3))
@settings(deadline=None, max_examples=30)
def test_when_a_fine_for_looking_away_makes_inspecting_dominant(inspectors, cost, metafine, reward):
    """Inspecting is worth m - c, and r divided by all who inspect: least where all do, so m ≥ c - r / n."""
    table = watching(inspectors, fine(5.0), cost=cost, metafine=metafine, reward=reward).payoffs[0]
    own = np.moveaxis(table[..., 1], 0, -1)
    gained = own[..., 1] - own[..., 0]
    others = np.indices(gained.shape).sum(0) if gained.shape else 0
    assert np.allclose(gained, metafine - cost + reward / (1 + others))


def test_inspections_that_miss_some():
    """Laid round Enforced: what can be found is found with odds 1 - β, which counts for both."""
    rule = Policed(Enforced(fine(4.0), missed=0.2), ("column",), 1.0, reward=4.0)
    (point,) = vertex_enumeration(tempted(2.0).under(rule)).points
    assert (point[0][1], point[1][1]) == pytest.approx((1 / (4 * 0.8), 2 / (4 * 0.8)))


def by_hand(acts, looks, charge, shared, offices, numbers, present):
    """Everybody's payments, counted one seat at a time."""
    here, paid = [i for i in range(3) if present[i]], np.zeros(3)
    if shared and len(here) < 2:
        charge = 0.0
    net = np.zeros(3)
    for i in here:
        if acts[i]:
            net[i] -= charge
            for j in here:
                net[j] += charge / (len(here) - 1) if shared and j != i else 0.0
    collected, owed = 0.0, sum(max(0.0, -x) for x in net)
    finders = {i: [j for j in offices if j != i and looks[j] and present[j]] for i in here}
    for i in here:
        if net[i] < -1e-4 and finders[i]:
            collected += -net[i] * (1 - numbers["share"])
            paid[i] += net[i]
            for j in finders[i]:
                paid[j] += (numbers["reward"] - net[i] * numbers["share"]) / len(finders[i])
    for j in offices:
        if present[j]:
            missed = any(net[i] < -1e-4 and i != j for i in here) and not looks[j]
            paid[j] -= numbers["cost"] * looks[j] + numbers["metafine"] * missed
    for j in here:
        paid[j] += max(0.0, net[j]) * collected / owed if owed else 0.0
    return paid


BITS = st.tuples(st.booleans(), st.booleans(), st.booleans())
NUMBERS = st.fixed_dictionaries({"cost": MONEY, "reward": MONEY, "share": CHANCE, "metafine": MONEY})


@given(BITS, BITS, MONEY, st.booleans(), st.sampled_from(["x", "yz", "xyz"]), NUMBERS, BITS)
@settings(deadline=None, max_examples=80)
def test_payments_are_those_counted_by_hand(acts, looks, charge, shared, names, numbers, present):
    rule = Policed(fine(charge, shared), tuple(names), **numbers)
    ground, offices = rule.menu(GROUND), ["xyz".index(name) for name in names]
    choice = np.where(np.isin(np.arange(3), offices), np.array(looks, int), -1)
    now = Now(ground, {}, {"act": np.array(acts, int), "inspect": choice}, present=np.array(present))
    paid = rule.settle(now, np.zeros(3))
    assert np.allclose(paid, by_hand(acts, looks, charge, shared, offices, numbers, present))
    kept = replace(rule, cost=0.0, reward=0.0, metafine=0.0)
    assert not shared or abs(kept.settle(now, np.zeros(3)).sum()) < 1e-9


def test_a_round_of_it():
    game = NormalForm(np.zeros((2, 2, 2, 3)), players=("x", "y", "z"), moves=("C", "D"))
    session = Session(game, [Policed(fine(4.0), ("x", "y"), 1.0, reward=2.0, metafine=0.5)])
    assert session.look(0).choices == {"act": ("C", "D"), "inspect": ("look away", "inspect")}
    assert session.look(2).choices == {"act": ("C", "D")}
    session.submit(0, {"act": "D", "inspect": "inspect"})
    assert "inspect" not in session.look(1).sees  # nobody knows before having chosen
    session.submit(1, {"act": "C", "inspect": "look away"})
    session.submit(2, {"act": "D"})
    assert session.totals.tolist() == [-1 + 2, -0.5, -4]  # x finds z, and nobody finds x


def test_a_world_pays_as_the_table(same_in_a_world):
    game = NormalForm(np.random.default_rng(3).normal(size=(2, 2, 2)), moves=("C", "D"))
    same_in_a_world(game, Policed(Tax("D", 2.0, shared=True), ("player 1", "player 2"), 0.3, 0.5, 0.2, 0.4))


@pytest.mark.parametrize(
    ("made", "error", "said"),
    [
        (lambda: Policed(Quota("D", 0.0), ("row",)), InputError, "takes no money"),
        (lambda: Policed(fine(1.0), ("judge",)), UnknownName, "judge"),
        (lambda: Policed(fine(1.0), ()), InputError, "Somebody inspects"),
        (lambda: Policed(fine(1.0), ("row", "row")), InputError, "each once"),
        (lambda: Policed(fine(1.0), ("row",), np.inf), InputError, "cannot be paid"),
        (lambda: Policed(Policed(fine(1.0), ("row",)), ("column",)), InputError, "of its own"),
    ],
)
def test_what_cannot_be(made, error, said):
    with pytest.raises(error, match=said):
        tempted(1.0).under(made())


def test_nobody_inspects_itself():
    with pytest.raises(InputError, match="Nobody inspects itself"):
        NormalForm([[0.0], [1.0]], moves=("C", "D")).under(Policed(fine(1.0), ("player 1",)))


def test_on_the_command_line():
    wanted = Policed(Fines((("row", "D", 5.0),), shared=False), ("column",), reward=2.0)
    assert build("institutions", Policed.example) == wanted
