"""Who could seize, shut out or block: planted games, clean ones, votes, SciPy, and laws."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import ostrom as om
from ostrom.core.errors import TooLarge, UnknownName
from ostrom.core.forms.coalitional import Coalitional
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis import power

SHAPES = st.sampled_from([(2, 2), (2, 3), (2, 2, 2), (2, 3, 2)])


def partners():
    """Each of three names a partner. Two who name each other have 3.5 each and the third nothing; else each has 2."""
    choices, payoffs = [(1, 2), (0, 2), (0, 1)], np.full((2, 2, 2, 3), 2.0)
    for place in np.ndindex(2, 2, 2):
        named = [choices[i][k] for i, k in enumerate(place)]
        for i, j in itertools.combinations(range(3), 2):
            if named[i] == j and named[j] == i:
                payoffs[place] = 0
                payoffs[place][[i, j]] = 3.5
    return NormalForm(payoffs, players=("a", "b", "c"), moves=[("b", "c"), ("a", "c"), ("a", "b")], name="partners")


def sentences(found):
    return " ".join(finding.sentence for finding in found.findings)


def held_by_scipy(utilities, group, outsider):
    """The least that a group can hold an outsider to, by lots over its joint moves: a program written out."""
    sizes = utilities.shape[:-1]
    others = [i for i in range(len(sizes)) if i not in group]
    own = int(np.prod([sizes[i] for i in group]))
    matrix = utilities[..., outsider].transpose([*group, *others]).reshape(own, -1)
    found = linprog(
        np.append(np.zeros(own), 1.0),
        A_ub=np.hstack([matrix.T, -np.ones((matrix.shape[1], 1))]),
        b_ub=np.zeros(matrix.shape[1]),
        A_eq=np.append(np.ones(own), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * own + [(None, None)],
    )
    return found.fun


def test_two_of_three_shut_the_third_out_and_seize_its_part():
    found = power(partners(), at=("b", "c", "a"))
    assert {one.group for one in found.shut_outs} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert all((one.held, one.had) == pytest.approx((0, 2)) for one in found.shut_outs)
    assert {one.group for one in found.seizures} == {("a", "b"), ("a", "c"), ("b", "c")}
    first = found.seizures[0]
    assert (first.secured, first.had, first.left, first.they_had) == pytest.approx((7, 4, 0, 2))
    assert found.core.empty
    assert found.core.shortfall == Fraction(7, 2)
    assert found.vetoes == ()
    assert found.blockers == (("a", "b"), ("a", "c"), ("b", "c"))
    said = sentences(found)
    assert "A and b together can seize 7 whatever others do, against 4 at (b, c, a)" in said
    assert "Any 2 players together can hold any other at 0, against 2 at (b, c, a): they could shut it out." in said
    assert "The core is empty" in said


def test_where_nobody_touches_anybody_there_is_no_power():
    own = np.indices((2, 2, 2)).transpose(1, 2, 3, 0).astype(float)
    found = power(NormalForm(own))
    assert (found.shut_outs, found.seizures, found.able, found.blockers, found.leaves) == ((), (), (), (), None)
    assert found.core.empty is False
    assert "Nobody can be shut out" in sentences(found)
    assert "No agreement pays" in sentences(found)


def test_a_bystander_can_be_held_too():
    game = NormalForm(
        np.zeros((2, 2, 2)), bystanders=("the public",), bystander_payoffs=[[[4.0], [4.0]], [[4.0], [1.0]]]
    )
    found = power(game, at=("1", "1"))
    assert [(one.group, one.outsider, one.held) for one in found.shut_outs] == [
        (("player 1", "player 2"), "the public", 1.0)
    ]
    assert "it has no say in that" in sentences(found)


def test_one_who_owns_what_all_need_has_a_veto():
    """The owner opens a well or not; a worker who finds it open makes 3 for itself."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[1, 1, :, 1] += 3
    payoffs[1, :, 1, 2] += 3
    payoffs[1, :, :, 0] -= 1
    game = NormalForm(payoffs, players=("owner", "ann", "bob"), moves=("no", "yes"))
    found = power(game)
    assert found.vetoes == ("owner",)
    assert found.able == (("owner", "ann"), ("owner", "bob"))
    assert ("ann", "bob") in found.blockers
    assert "No agreement pays without owner (a veto)." in sentences(found)
    assert found.shapley.shares["owner"] > found.shapley.shares["ann"] > 0


def test_the_prisoners_leave_together_but_would_not_stay():
    found = power(om.games.PrisonersDilemma())
    assert found.at == ("D", "D")
    assert found.leaves is not None
    assert found.leaves.to == ("C", "C")
    assert found.stays is None
    assert "it would not last" in sentences(found)
    hunters = power(om.games.StagHunt(), at=("hare", "hare"))
    assert hunters.stays is not None
    assert hunters.stays.to == ("stag", "stag")
    alone = power(om.games.PrisonersDilemma(), at=("C", "C"))
    assert len(alone.leaves.players) == 1
    assert "No group would leave (stag, stag)" in sentences(power(om.games.StagHunt(), at=("stag", "stag")))


@given(SHAPES, st.integers(0, 10**6))
@settings(max_examples=20)
def test_who_can_be_shut_out_is_what_scipy_says(shape, seed):
    payoffs = np.random.default_rng(seed).integers(0, 9, (*shape, len(shape))).astype(float)
    game = NormalForm(payoffs)
    at = game.labels([0] * len(shape))
    found = power(game, at=at)
    listed = {(one.outsider, one.group): one.held for one in found.shut_outs}
    for outsider, name in enumerate(game.players):
        had, players = payoffs[(0,) * len(shape)][outsider], [i for i in range(len(shape)) if i != outsider]
        able = {}
        for size in range(1, len(shape)):
            for group in itertools.combinations(players, size):
                held = held_by_scipy(payoffs, list(group), outsider)
                if held < had - 1e-4 and not any(set(one) < set(group) for one in able):
                    able[group] = held
        named = {(name, tuple(game.players[i] for i in group)): held for group, held in able.items()}
        assert {key for key in listed if key[0] == name} == set(named)
        assert all(listed[key] == pytest.approx(named[key], abs=1e-7) for key in named)


@given(SHAPES, st.integers(0, 10**6))
@settings(max_examples=20)
def test_units_make_no_difference(shape, seed):
    payoffs = np.random.default_rng(seed).integers(0, 9, (*shape, len(shape))).astype(float)
    one, other = (power(NormalForm(table), at=("1",) * len(shape)) for table in (payoffs, 1e6 * payoffs - 3e6))
    assert one.able == other.able
    assert [(s.group, s.outsider) for s in one.shut_outs] == [(s.group, s.outsider) for s in other.shut_outs]
    assert [s.group for s in one.seizures] == [s.group for s in other.seizures]


def test_votes():
    council = power(Coalitional.weighted_voting(39, [7] * 5 + [1] * 10))
    assert council.vetoes == tuple(f"player {i}" for i in range(1, 6))
    assert council.core.empty is False
    assert council.shapley.exact[0] == Fraction(421, 2145)
    assert "each has a veto" in sentences(council)
    nassau = power(Coalitional.weighted_voting(58, [31, 31, 28, 21, 2, 2], list("abcdef")))
    assert nassau.dummies == ("d", "e", "f")
    assert nassau.vetoes == ()
    assert nassau.core.empty
    assert nassau.able == (("a", "b"), ("a", "c"), ("b", "c"))
    assert "D, e and f never decide." in sentences(nassau)
    many = power(Coalitional.weighted_voting(101, [1] * 200))
    assert many.core.empty
    assert many.vetoes == ()


def test_worths():
    gloves = Coalitional(
        lambda group: min(len({0} & {*group}), len({1, 2} & {*group})), ["left", "right 1", "right 2"], name="gloves"
    )
    found = power(gloves)
    assert (found.kind, found.vetoes, found.dummies) == ("worths", ("left",), ())
    assert found.core.exact == (1, 0, 0)
    assert "No agreement pays without left (a veto)." in sentences(found)
    assert power(Coalitional([0, 1, 2, 3, 0, 1, 2, 3])).dummies == ("player 1", "player 2", "player 3")


def test_findings_hold_plain_numbers():
    import json

    for subject in (partners(), om.games.Cournot(), Coalitional.weighted_voting(2, [1, 1, 1])):
        for finding in power(subject).findings:
            json.dumps(dict(finding.numbers))


def test_refusals():
    with pytest.raises(TooLarge, match="groups"):
        power(om.games.CommonPool())
    with pytest.raises(UnknownName):
        power(partners(), at=("b", "c", "d"))
