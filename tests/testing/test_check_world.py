"""The kit for worlds passes honest ones and catches every kind of failure."""

import itertools
from typing import ClassVar

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.errors import DeclarationError
from ostrom.core.institution import View
from ostrom.core.world import World
from ostrom.testing import check_world


class Well(World):
    """Three seats draw from a well that fills up at random: as small as a world can be."""

    horizon: int = 12
    measures: ClassVar = {"water": "buckets", "level": "buckets"}

    @property
    def ground(self):
        return self.plain_ground(3, "rest", "draw")

    def reset(self, key):
        return jnp.float32(9.0)

    def step(self, key, state, moves):
        drawn = self.facts(state, moves, state)["water"]
        rain = jax.random.uniform(jax.random.wrap_key_data(key))
        return state - drawn.sum() + rain, drawn

    def observe(self, state):
        return View({"level": state}, {"own": jnp.arange(3)[:, None] * 0 + state})

    def facts(self, before, moves, after):
        return {"water": moves["act"] * before / 10}

    def sights(self, state):
        return {"level": jnp.broadcast_to(state, (3,))}

    def prospects(self, state):
        return {"water": jnp.array([0.0, 1.0]) * jnp.ones((3, 1)) * state / 10}

    def reseated(self, state, order):
        return state


class Misnames(Well):
    def facts(self, before, moves, after):
        return {"water": moves["act"] * before / 10, "mud": jnp.zeros(3)}

    def step(self, key, state, moves):
        return state, jnp.zeros(3)


class TellsTooFew(Well):
    def observe(self, state):
        return View({}, {"own": jnp.zeros(2)})


class ChangesType(Well):
    def reset(self, key):
        return jnp.int32(9)


class Overflows(Well):
    def step(self, key, state, moves):
        return state * 1e30, jnp.full(3, state * 1e30)


class LeavesNoMove(Well):
    def mask(self, state):
        return {"act": jnp.zeros((3, 2), bool)}


class AsksTheAbsent(Well):
    def present(self, state):
        return jnp.array([True, True, False])

    def mask(self, state):
        return {"act": jnp.ones((3, 2), bool)}


class PaysTheAbsent(Well):
    def present(self, state):
        return jnp.array([True, True, False])

    def step(self, key, state, moves):
        return state, jnp.ones(3)


class PromisesTooLittle(Well):
    def prospects(self, state):
        return {"water": jnp.zeros((3, 2))}


class Forgets(Well):
    calls = itertools.count()

    def step(self, key, state, moves):
        return state, jnp.full(3, float(next(self.calls)))


class Favours(Well):
    def step(self, key, state, moves):
        after, drawn = super().step(key, state, moves)
        return after, drawn * jnp.array([2.0, 1.0, 1.0])


def test_an_honest_world_passes():
    passed = check_world(Well())
    assert len(passed) == 7
    assert "seats are alike, as declared" in passed
    assert "prospects are kept: water" in passed


def test_so_does_one_under_an_institution():
    from ostrom.institutions import Quota

    assert "seats: not declared alike" in check_world(Well().under(Quota("water", 0.5)))


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (Misnames(), "fact 'mud'"),
        (TellsTooFew(), "tells 'own'"),
        (ChangesType(), "changes its state"),
        (Overflows(), "gives payoffs"),
        (LeavesNoMove(), "seat 0 without a move"),
        (AsksTheAbsent(), "absent seats"),
        (PaysTheAbsent(), "absent seats"),
        (PromisesTooLittle(), "prospects were at most 0"),
        (Forgets(), "answers otherwise"),
        (Favours(), "all seats are alike, but payoffs"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_failure_is_caught(world, said):
    with pytest.raises(DeclarationError, match=said):
        check_world(world)


def test_the_same_seed_gives_the_same_answer():
    assert check_world(Well(), seed=3) == check_world(Well(), seed=3)
    assert np.isfinite(float(Well().seated(3).state))
