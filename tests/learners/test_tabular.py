"""The kernel of tabular learners against the same learners written out in plain loops."""

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.errors import InputError
from ostrom.core.world import STEP
from ostrom.games import PrisonersDilemma
from ostrom.institutions import Ban, Mistakes, Reputation, Tax, Vote
from ostrom.learners._tabular import learn, play
from ostrom.learners._tabular_rule import Habit, Rule, counted
from ostrom.learners._tabular_step import SALTS
from ostrom.worlds import Donation, Lake, MatrixWorld, Pricing
from ostrom.worlds._noise import bits_at
from ostrom.worlds._prng import branch

TINY = Pricing(points=3)


def partners_standing(view):
    """1 where a seat meets somebody in good standing."""
    return view.public["standing"][view.seat["partner"]].astype(jnp.int32)


def their_new_standing(view, following):
    """1 where whom it met was in good standing afterwards."""
    return following.public["standing"][view.seat["partner"]].astype(jnp.int32)


def own_standing(view):
    """1 where a seat is in good standing."""
    return view.public["standing"].astype(jnp.int32)


def by_hand(world, habit, rule, seed, steps, start=0.0):
    """`[P, S, A]` after one session, seat by seat and number by number."""
    players, moves = len(world.ground.players), world.ground.part("act").width(2)
    key, one_step, observe = np.array([seed, 0], np.uint32), jax.jit(world.step), jax.jit(world.observe)
    mask_of, present_of = jax.jit(world.mask), jax.jit(world.present)
    tables = np.broadcast_to(np.float32(start), (players, habit.states, moves)).copy()
    state, kept = world.reset(key), [[] for _ in range(players)]
    numbers = np.arange(steps * players)
    luck = {name: np.asarray(bits_at(key, numbers, salt) >> 8) * 2.0**-24 for name, salt in SALTS.items()}
    for time in range(steps):
        view, mask, present = observe(state), np.asarray(mask_of(state)["act"]), np.asarray(present_of(state))
        codes, acts = np.asarray(habit.code(view)), []
        odds = rule.epsilon * np.exp(-rule.decay * time)
        drawn = {name: row[time * players : (time + 1) * players] for name, row in luck.items()}
        for seat in range(players):
            allowed = np.flatnonzero(mask[seat])
            values = tables[seat, codes[seat], allowed]
            any_of = allowed[int(drawn["which"][seat] * len(allowed))]
            acts.append(any_of if drawn["explore"][seat] < odds else allowed[values.argmax()])
        after, paid = one_step(branch(key, time, STEP), state, {"act": np.array(acts, np.int32)})
        now = observe(after)
        nexts = np.asarray(habit.code(now) if habit.follows is None else habit.follows(view, now))
        later = np.asarray(mask_of(after)["act"]) | ~np.asarray(present_of(after))[:, None]
        before = tables.copy()
        kept = [[] for _ in kept] if habit.replay and time % habit.replay == 0 else kept
        for seat in np.flatnonzero(present):
            pay = float(paid[seat])
            if habit.inward:
                at = np.asarray(habit.inward(view))[seat]
                own = int(drawn["inward which"][seat] * moves)
                own = own if drawn["inward"][seat] < odds else before[seat, at].argmax()
                pay = (1 - rule.weight) * pay + rule.weight * rule.worth[own]
            lesson = codes[seat], acts[seat], pay, nexts[seat], np.flatnonzero(later[seat])
            if habit.replay:
                kept[seat].append((*lesson[:4], np.arange(moves)))
                if len(kept[seat]) < 2:
                    continue
                lesson = kept[seat][int(drawn["sample"][seat] * len(kept[seat]))]
            state_was, act, pay, follows, open_moves = lesson
            wanted = pay + rule.discount * before[seat, follows, open_moves].max()
            tables[seat, state_was, act] += rule.alpha * (wanted - tables[seat, state_was, act])
        state = after
    return tables


@pytest.mark.parametrize("rules", [(), pytest.param((Tax(on="price", rate=0.1),), marks=pytest.mark.slow)])
def test_learning_at_once_is_what_it_is_by_hand(rules):
    world = TINY.under(*rules)
    code, states = counted(world, "last")
    habit, rule = Habit(code, states), Rule(0.2, 0.9, 1.0, 0.01)
    found = learn(world, habit, rule, 3, 300, start=1.0)
    for seed in range(3):
        assert np.allclose(found.values[seed], by_hand(world, habit, rule, seed, 300, 1.0), atol=1e-5)


def test_learning_what_is_permitted_is_what_it_is_by_hand():
    world = MatrixWorld.of(PrisonersDilemma(), 400).under(Ban((("row", "D"),)))
    code, states = counted(world, "last")
    habit, rule = Habit(code, states), Rule(0.2, 0.9, 0.3)
    found = learn(world, habit, rule, 2, 300, start=9.0)
    assert np.allclose(found.values[1], by_hand(world, habit, rule, 1, 300, 9.0), atol=1e-5)
    assert (found.values[:, 0, :, 1] == 9.0).all()


@pytest.mark.parametrize("weight", [0.0, 0.5])
@pytest.mark.slow
def test_learning_from_what_is_kept_is_what_it_is_by_hand(weight):
    world = Donation(players=3).under(Mistakes(Reputation(), 0.1))
    inward = own_standing if weight else None
    habit = Habit(partners_standing, 2, their_new_standing, replay=50, inward=inward)
    rule = Rule(0.1, 0.9, 0.3, 0.0, weight, np.array([0.0, 4.0], np.float32))
    found = learn(world, habit, rule, 2, 200)
    assert np.allclose(found.values[1], by_hand(world, habit, rule, 1, 200), atol=1e-5)


def test_the_quick_way_gives_the_same_bytes_as_the_general_one():
    code, states = counted(TINY, "last")
    ways = [Habit(code, states, follows) for follows in (None, lambda view, following: code(following))]
    quick, general = (learn(TINY, habit, Rule(0.2, 0.9, 1.0, 0.01), 4, 1000) for habit in ways)
    assert np.array_equal(quick.values, general.values)


def test_a_rule_that_changes_nothing_changes_nothing():
    code, states = counted(TINY, "last")
    worlds = TINY, TINY.under(Tax(on="price", rate=0.0))
    bare, governed = (learn(world, Habit(code, states), Rule(0.2, 0.9, 1.0, 0.01), 4, 1000) for world in worlds)
    assert np.allclose(bare.values, governed.values, atol=1e-6)


def test_a_session_is_the_same_whatever_others_there_are():
    code, states = counted(TINY, "last")
    how = TINY, Habit(code, states, patience=200), Rule(0.2, 0.5, 1.0, 0.02)
    many, few = learn(*how, 7, 5000, block=3, chunk=500), learn(*how, [4], 5000, chunk=1000)
    assert np.array_equal(many.values[4], few.values[0])
    assert many.steps[4] == few.steps[0]


@pytest.mark.slow
def test_who_is_settled_stands_still():
    code, states = counted(TINY, "last")
    habit, rule = Habit(code, states, patience=300), Rule(0.2, 0.5, 1.0, 0.02)
    short, long = (learn(TINY, habit, rule, 5, 20_000, chunk=chunk) for chunk in (500, 20_000))
    assert short.settled.all()
    assert (short.steps == long.steps).all()
    assert np.array_equal(short.values, long.values)
    assert (short.steps >= 300).all()
    at, paid = play(TINY, habit, short, 50)
    assert at.shape == paid.shape == (50, 5, 2)
    moves = np.take_along_axis(short.greedy, np.asarray(at)[0][..., None], -1)[..., 0]
    price = TINY.grid[moves]
    assert np.allclose(np.asarray(paid)[0], (price - 1) * TINY.market.sold(price), rtol=1e-5)


@pytest.mark.slow
def test_means_count_what_is_asked_for():
    world = Donation(players=4)
    habit = Habit(lambda view: jnp.zeros(4, jnp.int32), 1)
    tally = lambda world, before, moves, after: {"gifts": world.facts(before, moves, after)["gift"].sum()}  # noqa: E731
    found = learn(world, habit, Rule(0.1, 0.0, 0.5), 3, 1000, chunk=500, tally=tally)
    assert found.means["gifts"].shape == (2, 3)
    assert np.allclose(found.means["payoffs"].sum(-1), 4 * found.means["gifts"], rtol=1e-5)


def test_what_a_table_cannot_hold_is_refused():
    with pytest.raises(InputError, match="in one part"):
        learn(Donation().under(Vote("C")), Habit(own_standing, 2), Rule(), 1, 100)
    with pytest.raises(InputError, match="without a range"):
        counted(Lake(), "time")
