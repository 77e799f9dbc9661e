"""The school against its rules in float64, and what it is there to show, over many seeds."""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from ostrom.agents import Loner, Prestige, Verified
from ostrom.core.agent import Sight
from ostrom.institutions import Quota
from ostrom.learners import Learner
from ostrom.testing import check_world
from ostrom.worlds import School

KEY = np.array([3, 1], np.uint32)
SEEDS = 400


def keys(count):
    return np.stack([np.arange(count), np.full(count, 5)], -1).astype(np.uint32)


start = jax.jit(lambda school, key: school.reset(key))


@jax.jit
def step(school, key, before, act):
    """State, payoffs, facts and sights after moves."""
    after, payoffs = school.step(key, before, {"act": act})
    return after, payoffs, school.facts(before, {"act": act}, after), school.sights(after)


@jax.jit
def look(school, here):
    """What the first seat sees, and may do."""
    view = school.observe(here)
    return {**view.public, **{name: jnp.asarray(rows)[0] for name, rows in view.seat.items()}}, school.mask(here)[
        "act"
    ][0]


# The rules --------------------------------------------------------------------------------------------------------


def test_steps_follow_the_rules():
    school, random = School(pace=0.3, premium=0.7), np.random.default_rng(0)
    here = start(school, KEY)
    skill, values = (np.asarray(part, float) for part in here[:2])
    for number in range(20):
        act = random.integers(0, 6, 5)
        here, payoffs, facts, sights = step(school, np.array([number, 2], np.uint32), here, act)
        model = [seat if move == 0 else move - 1 for seat, move in enumerate(act)]
        skill = skill + 0.3 * (skill[model] - skill)
        values = values + 0.3 * (values[model] - values)
        assert np.allclose(here.skill, skill, atol=1e-5)
        assert np.allclose(here.values, values, atol=1e-5)
        assert np.allclose(payoffs, skill + 0.7 * values[:, 0], atol=1e-5)
        assert np.allclose(facts["skill"], skill, atol=1e-5)
        assert np.allclose(facts["lean"], values[:, 0], atol=1e-5)
        distance = np.linalg.norm(values - np.asarray(here.wants), axis=-1)
        assert np.allclose(sights["distance"], distance, atol=1e-5)
        assert np.allclose(sights["served"], skill - 2 * distance, atol=1e-5)


def test_who_begins_where():
    school = School(pupils=2)
    began = jax.jit(jax.vmap(school.reset))(keys(3000))
    skill, values, wants = (np.asarray(part) for part in began[:3])
    assert np.allclose(np.linalg.norm(values, axis=-1), [0.25, 0.25, 0.1, 0.1, 1.5, 1.5], atol=1e-5)
    assert (wants[:, :4] == 0).all()
    assert np.array_equal(wants[:, 4:], values[:, 4:])
    assert (skill[:, :2] == np.float32(0.2)).all()
    assert ((skill[:, 2:] >= 0.8) & (skill[:, 2:] <= 1)).all()
    assert (values[:, 4:, 0] > 0.7).all()
    mean = values[:, 0].mean(0)
    assert (abs(mean) < 5 * 0.25 / np.sqrt(3 * 3000)).all()  # every direction alike


def test_a_principal_asks_about_the_distance_and_everything_tells_it():
    """The mean of squared answers is the squared distance; with `questions=0` it is so at once."""
    few, all_ = School(questions=3), School(questions=0)
    began = jax.jit(jax.vmap(few.reset))(keys(4000))
    everything = began._replace(questions=np.tile(np.sqrt(3) * np.eye(3, dtype=np.float32), (4000, 1, 1)))
    look = jax.jit(jax.vmap(lambda state: few.observe(state).seat["strayed"]))
    asked, exact = (np.asarray(look(state), float) ** 2 for state in (began, everything))
    assert np.allclose(start(all_, KEY).questions, np.sqrt(3) * np.eye(3))
    values, wants = (np.asarray(part, float)[0] for part in began[1:3])
    model = np.concatenate([values[:, None], np.broadcast_to(values, (5, 5, 3))], 1)
    after = values[:, None] + 0.1 * (model - values[:, None])
    assert np.allclose(np.sqrt(exact[0]), np.linalg.norm(after - wants[:, None], axis=-1), atol=1e-5)
    ratio = (asked[:, 0] / exact[:, 0]).mean(0)
    assert ratio == pytest.approx(1, abs=5 * np.sqrt(2 / 3 / 4000))  # chi-squared of three degrees


def test_names_may_change_places():
    """Seats in another order, and moves that name the same seats: the same happens to the same."""
    school, random = School(), np.random.default_rng(1)
    here, order = start(school, KEY), random.permutation(5)
    place = np.argsort(order)
    for number in range(5):
        act = random.integers(0, 6, 5)
        turned = here._replace(
            **{name: np.asarray(getattr(here, name))[order] for name in ("skill", "values", "wants")}
        )
        moves = np.array([0 if move == 0 else place[move - 1] + 1 for move in act[order]])
        key = np.array([number, 2], np.uint32)
        (after, paid, *_), (other, same, *_) = step(school, key, here, act), step(school, key, turned, moves)
        assert np.allclose(np.asarray(after.values)[order], other.values, atol=1e-6)
        assert np.allclose(np.asarray(paid)[order], same, atol=1e-6)
        here = after


def test_it_is_a_world():
    assert check_world(School(), steps=6)


@pytest.mark.slow
def test_under_institutions_it_is_a_world_too():
    assert check_world(School.small().under(Quota("lean", 0.3)), steps=6)


def test_a_state_can_be_drawn_and_said():
    school = School()
    scene = school.scene(jax.tree.map(np.asarray, step(school, KEY, start(school, KEY), np.array([5, 0, 0, 0, 0]))[0]))
    assert scene.links == (("pupil 1", "influence 2", 1.0),)
    assert tuple(scene.points) == ("pupil 1", "expert 1", "expert 2", "influence 1", "influence 2")
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in scene.points.values())
    assert scene.words().endswith("1 of 1 pupils are inside the ball.")


# What it is there to show -----------------------------------------------------------------------------------------

PUPILS = ("random", "alone", "prestige", "conformist", "verified")


@pytest.fixture(scope="module")
def learned(cast):
    """All ways to be a pupil, over the same seeds; everybody else goes on as before."""
    school = School()
    bots = school.bots()
    who = np.concatenate([np.full((SEEDS, 5), 1) for _ in PUPILS])
    who[:, 0] = np.repeat(np.arange(len(PUPILS)), SEEDS)
    played = cast(school, [bots[name] for name in PUPILS], who)
    return {name: (slice(k * SEEDS, (k + 1) * SEEDS), played) for k, name in enumerate(PUPILS)}


def distance(learned, name):
    rows, played = learned[name]
    return played.sights["distance"][rows, :, 0]


def share(outside):
    """The 95 % interval of a share (Wilson), from SciPy."""
    interval = binomtest(int(outside.sum()), len(outside)).proportion_ci(method="wilson")
    return interval.low, interval.high


def test_all_begin_inside_the_ball(learned):
    assert all((distance(learned, name)[:, 0] < School().ball).all() for name in PUPILS)


def test_who_imitates_the_best_paid_leaves_the_ball_and_who_verifies_stays(learned):
    ever = {name: (distance(learned, name) > School().ball).any(1) for name in PUPILS}
    assert share(ever["prestige"])[0] > 0.98
    assert share(ever["verified"])[1] < 0.02
    assert not ever["alone"].any()


def test_the_best_paid_is_an_influence_and_the_pupil_becomes_like_it(learned):
    """With a pace of 0.1 it has gone 1 - 0.9^t of the way to the best paid after t steps: no more is behind it."""
    rows, played = learned["prestige"]
    values = np.asarray(played.states.values[rows], float)
    skill = np.asarray(played.states.skill[rows], float)
    pay = skill[:, 0] + 0.4 * values[:, 0, :, 0]
    best = pay.argmax(1)
    assert (best >= 3).all()
    model = values[np.arange(SEEDS), 0, best]
    left = 0.9 ** np.arange(50)[:, None]
    expected = left * values[:, 0, 0][:, None] + (1 - left) * model[:, None]
    assert np.allclose(values[:, :, 0], expected, atol=1e-4)


def test_nobody_learns():
    seats = School().attended(Prestige())
    assert not any(isinstance(policy, Learner) for policy in seats)
    assert all(policy.begin() == {} for policy in seats)


def test_verified_imitation_serves_the_principal_best_and_prestige_worst(learned):
    """Means of the principal's utility at the end, each clearly above the one before; by pay the order is another."""
    ends = [
        learned[name][1].sights["served"][learned[name][0], -1, 0]
        for name in ("prestige", "random", "alone", "verified")
    ]
    for worse, better in pairwise(ends):
        gain = better - worse
        assert gain.mean() > 4 * gain.std() / np.sqrt(SEEDS)
    paid = {name: learned[name][1].returns[learned[name][0], 0] for name in PUPILS}
    assert paid["alone"].max() < paid["verified"].mean() < paid["prestige"].min()


def test_verified_imitation_learns_what_can_be_learned(learned):
    rows, played = learned["verified"]
    assert played.states.skill[rows][:, -1, 0].min() > 0.75


@settings(max_examples=15)
@given(
    begins=st.floats(0, 1),
    pace=st.floats(0, 1),
    gap=st.floats(0, 5),
    premium=st.floats(-2, 2),
    harm=st.floats(0, 3),
    novice=st.floats(0, 1),
    seed=st.integers(0, 1000),
)
def test_whose_principal_asks_everything_never_leaves(begins, pace, gap, premium, harm, novice, seed):
    school = School(1, 2, 2, 50, 3, 0, start=begins, pace=pace, gap=gap, premium=premium, harm=harm, novice=novice)
    pupil, here = Verified(ball=school.ball), start(school, np.array([seed, 4], np.uint32))
    for _ in range(15):
        seen, mask = look(school, here)
        sight = Sight(np.int32(0), school.ground, jax.tree.map(np.asarray, seen), {"act": np.asarray(mask)})
        move = int(np.argmax(pupil.act(sight, {})[0]["act"]))
        here, *_, sights = step(school, KEY, here, np.array([move, 0, 0, 0, 0]))
        assert sights["distance"][0] <= school.ball * (1 + 1e-5)


@pytest.mark.slow
def test_where_nothing_is_paid_for_leaning_the_best_paid_do_no_harm(cast):
    school = School(premium=-0.4)
    played = cast(school, [Prestige(), Loner()], [[0, 1, 1, 1, 1]] * SEEDS)
    assert (played.sights["distance"][:, :, 0] < school.ball).all()


@pytest.mark.slow
def test_the_more_questions_the_fewer_leave(cast):
    """Shares that ever leave, in 400 seeds each: nearly all with one question, hardly any with eight."""
    shares = []
    for questions in (1, 2, 8):
        school = School(questions=questions)
        played = cast(school, [Verified(ball=school.ball), Loner()], [[0, 1, 1, 1, 1]] * SEEDS)
        shares.append(share((played.sights["distance"][:, :, 0] > school.ball).any(1)))
    assert all(less[1] < more[0] for more, less in pairwise(shares))
    assert shares[0][0] > 0.8
    assert shares[-1][1] < 0.03


@pytest.mark.slow
def test_a_quota_on_leaning_keeps_imitators_inside(cast):
    school = School()
    played = cast(school.under(Quota("lean", 0.3)), [Prestige(), Loner()], [[0, 1, 1, 1, 1]] * 200)
    assert (played.sights["distance"][:, :, 0] <= school.ball).all()
