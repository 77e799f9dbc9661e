"""Q-learning: every step against a plain loop, known answers, and what cannot be counted."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.learners import QLearning, play, train
from ostrom.learners import _joint as joint
from ostrom.learners import _states as states
from ostrom.learners._learner import Space, Track
from ostrom.worlds import Lake, MatrixWorld

PD = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=6)


def test_every_step_is_the_one_of_the_book():
    """Random tracks with masks, ends, cuts and absence, against Watkins' rule written as a loop."""
    random, learner = np.random.default_rng(0), QLearning(state=("x",), rate=0.3, discount=0.8)
    steps, copies, rows, moves = 7, 3, 4, 3
    space = Space(PD.ground, {"x": ()}, {"x": "i"}, {"act": moves}, {"x": (2, 5)}, 9)
    mind = learner.begin(jax.random.key(0), space)
    assert mind.values.shape == (rows, moves)
    table = random.normal(size=(rows, moves)).astype(np.float32)
    x, after = random.integers(2, 6, (2, steps, copies))
    then = random.random((steps, copies, moves)) < 0.6
    then[..., 1] |= ~then.any(-1)
    made = random.integers(0, moves, (steps, copies))
    payoff = random.normal(size=(steps, copies)).astype(np.float32)
    over, present = random.random((2, steps, copies)) < np.array([0.3, 0.8])[:, None, None]
    lived = {"seen": {"x": x}, "after": {"x": after}, "then": {"act": then}, "moves": {"act": made}, "over": over}
    lived |= {"mask": {"act": np.ones_like(then)}, "payoff": payoff, "present": present, "cut": over}
    track = Track(**{**dict.fromkeys(Track._fields, ()), **lived})
    learned, _ = learner.update(None, mind._replace(values=jnp.asarray(table)), jax.tree.map(jnp.asarray, track), 0.0)
    for t in range(steps):
        for e in range(copies):
            if present[t, e]:
                best = 0.0 if over[t, e] else max(table[after[t, e] - 2][then[t, e]])
                place = x[t, e] - 2, made[t, e]
                table[place] += 0.3 * (payoff[t, e] + 0.8 * best - table[place])
    assert np.allclose(learned.values, table, atol=1e-5)


def test_states_are_counted_one_by_one():
    """Every combination of values has a row of its own, and no more rows are kept."""
    seen = {"flag": (), "pair": (2,)}
    space = Space(PD.ground, seen, {"flag": "b", "pair": "i"}, {"act": 2}, {"pair": (-1, 1)}, 9)
    counted, rows = states.code("test", space, None)
    combinations = [(f, a, b) for f in (False, True) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    found = [int(states.row(counted, {"flag": f, "pair": jnp.array([a, b])}, None)) for f, a, b in combinations]
    assert sorted(found) == list(range(rows)) == list(range(18))
    assert states.code("test", space, ())[1] == 1


@pytest.mark.slow
def test_two_who_remember_nothing_defect():
    run = train(PD, QLearning(state=(), discount=0.0), 4000, seeds=4)
    assert run.minds[0].values.argmax(-1).min() == 1
    assert run.metrics["payoff"][:, -20:].mean() == pytest.approx(1, abs=0.1)
    assert run.metrics["qlearning explores"][0, -1] == pytest.approx(0.01, rel=0.05)


def test_whole_moves_are_counted_one_by_one():
    """Every combination of the labels of two parts has a number, which gives it back, and is permitted if both are."""
    mask = {"a": jnp.array([True, False, True]), "b": jnp.array([False, True])}
    space = Space(PD.ground, {}, {}, {"b": 2, "a": 3}, {}, 9)
    total, found = joint.count("test", space), []
    for a, b in np.ndindex(3, 2):
        number = int(joint.number({"a": a, "b": b}, mask))
        assert {part: int(label) for part, label in joint.moves(jnp.int32(number), mask).items()} == {"a": a, "b": b}
        assert bool(joint.permitted(mask)[number]) == bool(mask["a"][a] & mask["b"][b])
        found.append(number)
    assert sorted(found) == list(range(total))


@pytest.mark.slow
def test_it_keeps_to_what_is_permitted_and_learns_under_rules():
    """A mediator adds a move, and a ban takes one away."""
    ruled = PD.under(om.institutions.Mediator(together="C", alone="D"))
    run = train(ruled, QLearning(state=("last",)), 160, seeds=2)
    assert run.minds[0].values.shape == (2, 2, 9, 3)
    played = play(PD.under(om.institutions.Ban((("*", "D"),))), QLearning(state=("last",)), episodes=4)
    assert (played.moves["act"] == 0).all()


@pytest.mark.parametrize(
    ("world", "learner", "error", "said"),
    [
        (Lake(), QLearning(), InputError, "cannot count 'stock': it is no whole number"),
        (Lake(), QLearning(state=("boats",)), UnknownName, "view called 'boats'"),
        (MatrixWorld.of(om.games.PrisonersDilemma(), horizon=10**7), QLearning(), TooLarge, "rows"),
    ],
    ids=["a real number", "an unknown view", "too many states"],
)
def test_what_cannot_be_counted_is_refused(world, learner, error, said):
    with pytest.raises(error, match=said):
        train(world, learner, 10)
