"""Learning on: who is frozen stays as it was, who learns finds the best reply that arithmetic knows."""

import jax
import numpy as np
import pytest

pytest.importorskip("jax")

from casts import Fixed, Student

import ostrom as om
from ostrom.core.errors import InputError
from ostrom.learners import IPPO, Net, further, meet, train
from ostrom.worlds import MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=2)
QUICK = IPPO(length=16, copies=8, rate=2e-2, net=Net((8,)))


@pytest.fixture(scope="module")
def run():
    return train(PD, QUICK, 128, seeds=2)


@pytest.mark.slow
def test_a_reply_is_the_best_one_at_every_table():
    """Against one who cooperates defecting pays 5 a step, against one who defects 1."""
    tables = further(PD, [[Fixed(0), Fixed(0)], [Fixed(0), Fixed(1)]], (0,), 6000, learner=Student())
    returns = meet(PD, tables, episodes=64).returns.mean(1)[:, 0]
    assert returns == pytest.approx([10, 2], abs=0.3)
    assert [casting[1] for casting in tables] == [Fixed(0), Fixed(1)]


@pytest.mark.slow
def test_seats_can_be_named_table_by_table():
    """As good a reply as where the seat is the same at all tables; who does not learn is the same player as before."""
    before = [[Fixed(0), Fixed(0)], [Fixed(0), Fixed(1)], [Fixed(1), Fixed(0)]]
    tables = further(PD, before, [(0,), (0,), (1,)], 6000, learner=Student())
    returns = meet(PD, tables, episodes=64).returns.mean(1)
    assert [returns[0, 0], returns[1, 0], returns[2, 1]] == pytest.approx([10, 2, 2], abs=0.3)
    assert [tables[0][1], tables[1][1], tables[2][0]] == [Fixed(0), Fixed(1), Fixed(1)]
    both = further(PD, before, [(0, 1)] * 3, 6000, learner=Student())
    assert meet(PD, both, episodes=64).returns.mean(1) == pytest.approx(np.full((3, 2), 2), abs=0.3)


@pytest.mark.slow
def test_learning_on_is_the_same_however_seats_are_named(run):
    """Without a step that changes anything, minds come back as they went in, in the right seats."""
    still = train(PD, IPPO(length=16, copies=8, rate=0.0, net=Net((8,))), 128, seeds=2)
    before = [still.players(k) for k in range(2)]
    for seats in ([(0,), (1,)], [(0, 1), (0, 1)]):
        after = further(PD, before, seats, 128)
        for old, new, own in zip(before, after, seats, strict=True):
            for seat in range(2):
                assert (new[seat] is old[seat]) == (seat not in own)
                same = jax.tree.map(np.array_equal, old[seat].mind.parameters, new[seat].mind.parameters)
                assert all(jax.tree.leaves(same))


@pytest.mark.slow
def test_frozen_seats_keep_their_minds_and_pupils_do_not(run):
    before = [run.players(k) for k in range(2)]
    after = further(PD, before, (0,), 128, seed=3)
    for old, new in zip(before, after, strict=True):
        assert new[1] is old[1]
        changed = jax.tree.map(lambda a, b: bool((np.asarray(a) != np.asarray(b)).any()), old[0].mind, new[0].mind)
        assert any(jax.tree.leaves(changed))
    again = further(PD, before, (0,), 128, seed=3)
    same = jax.tree.map(np.array_equal, after[0][0].mind, again[0][0].mind)
    assert all(jax.tree.leaves(same))


@pytest.mark.slow
def test_all_learn_on_from_what_they_know(run):
    """Without a step that changes anything (rate 0), minds stay what they were."""
    still = train(PD, IPPO(length=16, copies=8, rate=0.0, net=Net((8,))), 128)
    (after,) = further(PD, [still.players()], (0, 1), 128)
    for old, new in zip(still.players(), after, strict=True):
        same = jax.tree.map(np.array_equal, old.mind.parameters, new.mind.parameters)
        assert all(jax.tree.leaves(same))


@pytest.mark.slow
def test_a_shared_mind_stays_one():
    shared = train(PD, IPPO(length=16, copies=8, shared=True, net=Net((8,))), 128, seeds=2)
    after = further(PD, [shared.players(0), shared.players(1)], (0, 1), 128)
    for one, other in after:
        assert all(jax.tree.leaves(jax.tree.map(np.array_equal, one.mind, other.mind)))


def test_nonsense_is_refused():
    pair = [Fixed(0), Fixed(1)]
    with pytest.raises(InputError, match="is to learn on is taken by"):
        further(PD, [pair], (0,), 100)
    with pytest.raises(InputError, match="no seat 2"):
        further(PD, [pair], (2,), 100)
    with pytest.raises(InputError, match="nothing to do"):
        further(PD, [pair], (), 100)
    with pytest.raises(InputError, match="at some of 2 tables"):
        further(PD, [pair, pair], [(0,)], 100, learner=QUICK)
    with pytest.raises(InputError, match="learn at different tables"):
        further(PD, [pair, pair], [(0,), (1,)], 100, learner=IPPO(shared=True))
