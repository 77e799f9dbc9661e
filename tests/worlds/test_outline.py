"""A slip in a method of a world is a sentence about that method, whoever asks."""

from typing import ClassVar

import pytest

pytest.importorskip("jax")
import jax.numpy as jnp

from ostrom.core.agent import Policy
from ostrom.core.errors import DeclarationError
from ostrom.core.institution import View
from ostrom.core.world import World
from ostrom.testing import check_world


class Well(World):
    """Three seats draw from a well."""

    horizon: int = 12
    measures: ClassVar = {"water": "buckets", "level": "buckets"}

    @property
    def ground(self):
        return self.plain_ground(3, "rest", "draw")

    def reset(self, key):
        return jnp.float32(9.0)

    def step(self, key, state, moves):
        drawn = self.facts(state, moves, state)["water"]
        return state - drawn.sum(), drawn

    def observe(self, state):
        return View({"level": state})

    def facts(self, before, moves, after):
        return {"water": moves["act"] * before / 10}

    def sights(self, state):
        return {"level": jnp.broadcast_to(state, (3,))}


class SeesDict(Well):
    def observe(self, state):
        return {"level": state}


class ForgetsAFact(Well):
    measures: ClassVar = {"water": "buckets", "level": "buckets", "fish": "tonnes"}


class ReadsAFact(Well):
    def step(self, key, state, moves):
        return state, self.facts(state, moves, state)["fish"]


class StepsWithThree(Well):
    def step(self, key, state, moves):
        return state, jnp.zeros(3), {}


class Branching(Well):
    def step(self, key, state, moves):
        if state < 0:
            return state, jnp.zeros(3)
        return super().step(key, state, moves)


class BeginsWithLists(Well):
    def reset(self, key):
        return {"levels": [9.0, 5]}


class PaysOne(Well):
    def step(self, key, state, moves):
        return state, jnp.float32(1)


class PaysTwoOfThree(Well):
    def step(self, key, state, moves):
        return state, jnp.zeros(2)


class Widens(Well):
    def reset(self, key):
        return {"level": jnp.zeros(3)}

    def step(self, key, state, moves):
        return {"level": jnp.append(state["level"], 0.0)}, jnp.zeros(3)

    def facts(self, before, moves, after):
        return {"water": jnp.zeros(3)}

    def sights(self, state):
        return {"level": state["level"]}

    def observe(self, state):
        return View(state)


class WidensItsRest(Widens):
    def step(self, key, state, moves):
        return {**state, "rest": jnp.zeros(1)}, jnp.zeros(3)


class OtherPartOfMoves(Well):
    def step(self, key, state, moves):
        return state, moves["action"] * 1.0


class NoGround(Well):
    ground: ClassVar = ("rest", "draw")


class HalfAHorizon(Well):
    horizon: ClassVar = 2.5


class MasksElse(Well):
    def mask(self, state):
        return {"move": jnp.ones((3, 2), bool)}


class OneRange(Well):
    ranges: ClassVar = {"level": 8}


class OtherProspects(Well):
    def prospects(self, state):
        return {"mud": jnp.zeros((3, 2))}


SLIPS = [
    (SeesDict(), "SeesDict.observe gives a dict. Give ostrom.View"),
    (ForgetsAFact(), "facts and sights do not give 'fish', which measures names; they give level, water"),
    (
        ReadsAFact(),
        r"ReadsAFact.step raises KeyError: 'fish' \(.*test_outline.py, line \d+\). Mend it. It was given",
    ),
    (StepsWithThree(), "StepsWithThree.step gives a tuple of 3. Give two things, the state and the payoffs"),
    (Branching(), r"Branching.step cannot be compiled \(.*test_outline.py, line \d+\): .*jnp.where for an if"),
    (BeginsWithLists(), r"BeginsWithLists.reset has 9.0, of type float, at state\['levels'\]\[0\]"),
    (PaysOne(), r"PaysOne.step gives payoffs of the shape \(\), where \(3,\) is expected"),
    (PaysTwoOfThree(), r"step gives payoffs of the shape \(2,\), where \(3,\) is expected. .* Its ground has 3 seats"),
    (Widens(), r"Widens.step changes its state: state\['level'\] is float32\[3\] and then float32\[4\]"),
    (WidensItsRest(), r"step changes its state from \{'level': \*\} to \{'level': \*, 'rest': \*\}"),
    (OtherPartOfMoves(), r"step raises KeyError: 'action' .* moves \{'act': int32\[3\]\}"),
    (NoGround(), "NoGround.ground is a tuple. Give self.plain_ground"),
    (HalfAHorizon(), "HalfAHorizon.horizon is 2.5. It is a whole number"),
    (MasksElse(), "MasksElse.mask is for move, and the parts of a move are act"),
    (OneRange(), "OneRange.ranges has 8 for 'level'"),
    (OtherProspects(), "OtherProspects.prospects is about 'mud', which facts does not give"),
]


@pytest.mark.parametrize(("world", "said"), SLIPS, ids=lambda value: type(value).__name__)
def test_a_slip_in_a_method_is_told_by_the_method(world, said):
    with pytest.raises(DeclarationError, match=said):
        check_world(world)


def test_training_play_and_adapters_say_the_same():
    """One place looks at a world, whoever asks; nothing is compiled before."""
    from ostrom.institutions import Tax
    from ostrom.learners import IPPO, play, train
    from ostrom.worlds import Episodes, JaxMARLWorld, rollout, uniform

    world, said = SeesDict(), "SeesDict.observe gives a dict"
    tries = [
        lambda: train(world, IPPO(), 100),
        lambda: play(world, Policy()),
        lambda: play(world.under(Tax(on="water", rate=0.5)), Policy()),
        lambda: rollout(world, uniform),
        lambda: Episodes(world).reset(1),
        lambda: JaxMARLWorld(world),
    ]
    for attempt in tries:
        with pytest.raises(DeclarationError, match=said):
            attempt()
    with pytest.raises(DeclarationError, match=r"NoGround.ground is a tuple"):
        NoGround().under(Tax(on="water", rate=0.5))
