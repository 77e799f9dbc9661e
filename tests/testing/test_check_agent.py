"""The kit for learners passes honest ones and catches every kind of failure."""

import itertools
import random
import re

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

import ostrom as om
from ostrom.core.errors import DeclarationError, InputError, UnknownName
from ostrom.learners import (
    DQN,
    IPPO,
    LOLA,
    AdvantageAlignment,
    InequityAverse,
    Learner,
    Net,
    QLearning,
    Reinforce,
    Scripted,
    SocialValue,
)
from ostrom.testing import check_agent
from ostrom.testing._agent_worlds import Gate, Later, Recall
from ostrom.worlds import Lake


class Sums(Learner):
    """Keeps what each label has paid, and mostly chooses what has paid most: as small as a learner can be."""

    length: int = 4
    copies: int = 2

    def begin(self, key, space):
        return {"sums": jnp.zeros(space.parts["act"]), "counts": jnp.ones(space.parts["act"])}

    def act(self, key, mind, memory, sight):
        means = mind["sums"] / mind["counts"] + 0.1 * jax.random.normal(key, mind["sums"].shape)
        moves = {"act": jnp.argmax(jnp.where(sight.mask["act"], means, -1e9)).astype(jnp.int32)}
        if "pace" in sight.mask:
            low, high = sight.mask["pace"]
            moves["pace"] = low + (high - low) * jax.random.uniform(key)
        return moves, memory, {}

    def update(self, key, mind, track, done):
        made = track.moves["act"].reshape(-1)
        sums = mind["sums"].at[made].add(track.payoff.reshape(-1))
        return {"sums": sums, "counts": mind["counts"].at[made].add(1.0)}, {"met": track.payoff.mean()}


class IgnoresMasks(Sums):
    def act(self, key, mind, memory, sight):
        moves, memory, notes = super().act(key, mind, memory, sight)
        return {**moves, "act": jax.random.randint(key, (), 0, 3).astype(jnp.int32)}, memory, notes


class IgnoresBounds(Sums):
    def act(self, key, mind, memory, sight):
        moves, memory, notes = super().act(key, mind, memory, sight)
        return {**moves, "pace": jnp.float32(1.0)}, memory, notes


class ForbiddenOnceLearned(Sums):
    """Keeps to the mask until something has been learned."""

    def act(self, key, mind, memory, sight):
        moves, memory, notes = super().act(key, mind, memory, sight)
        learned = jnp.argmax(mind["sums"]).astype(jnp.int32)
        return {**moves, "act": jnp.where(mind["counts"].sum() > 4, learned, moves["act"])}, memory, notes


class LeavesOut(Sums):
    def act(self, key, mind, memory, sight):
        moves, memory, notes = super().act(key, mind, memory, sight)
        return {"act": moves["act"]}, memory, notes


class Counts(Sums):
    """Reads a counter outside."""

    calls = itertools.count()

    def update(self, key, mind, track, done):
        mind, told = super().update(key, mind, track, done)
        return {**mind, "sums": mind["sums"] + float(next(self.calls))}, told


class Draws(Sums):
    """Draws from a generator of its own."""

    generator = np.random.default_rng(0)

    def act(self, key, mind, memory, sight):
        moves, memory, notes = super().act(key, mind, memory, sight)
        noise = jnp.asarray(self.generator.normal(size=3), jnp.float32)
        return {**moves, "act": jnp.argmax(jnp.where(sight.mask["act"], noise, -9.0)).astype(jnp.int32)}, memory, notes


class Divides(Sums):
    def update(self, key, mind, track, done):
        mind, told = super().update(key, mind, track, done)
        return mind, {"share": told["met"] / (mind["counts"][0] * 0)}


class LosesItsMind(Sums):
    def update(self, key, mind, track, done):
        mind, told = super().update(key, mind, track, done)
        return {**mind, "sums": jnp.full_like(mind["sums"], jnp.nan)}, told


class Grows(Sums):
    def update(self, key, mind, track, done):
        mind, told = super().update(key, mind, track, done)
        return {"sums": mind["sums"]}, told


class ForgetsShape(Sums):
    def recall(self, mind, space):
        return jnp.int32(0)

    def act(self, key, mind, memory, sight):
        moves, _, notes = super().act(key, mind, memory, sight)
        return moves, jnp.float32(1), notes


class KeepsKeys(Sums):
    def begin(self, key, space):
        return {**super().begin(key, space), "key": key}

    def update(self, key, mind, track, done):
        new, told = super().update(key, mind, track, done)
        return {**new, "key": mind["key"]}, told


class Upside(Sums):
    """Chooses what has paid least."""

    def update(self, key, mind, track, done):
        return super().update(key, mind, track._replace(payoff=-track.payoff), done)


class Refuses(Sums):
    def begin(self, key, space):
        raise InputError("No world is good enough.")


def _with(**methods):
    """A learner in which some methods go wrong."""
    return type("Slips", (Sums,), methods)()


def _updates(change):
    """One whose `update` gives `change(mind, metrics)` instead."""
    return _with(update=lambda self, key, mind, track, done: change(*Sums.update(self, key, mind, track, done)))


def _acts(change):
    """One whose `act` gives `change(moves, memory, notes)` instead."""
    return _with(act=lambda self, key, mind, memory, sight: change(*Sums.act(self, key, mind, memory, sight)))


def _branches(self, key, mind, track, done):
    return (mind, {}) if track.payoff.sum() > 0 else (mind, {"met": 0.0})


SLIPS = {
    "begin asks for another part": (
        _with(begin=lambda self, key, space: space.parts["talk"]),
        r"Slips.begin raises KeyError: 'talk' .* refuse numbers in begin, .* check_agent\(learner, world=…\)",
    ),
    "recall looks for what is not in mind": (
        _with(recall=lambda self, mind, space: mind["talk"]),
        r"Slips.recall raises KeyError: 'talk' \(.*test_check_agent.py, line \d+\)",
    ),
    "act gives two": (_acts(lambda moves, memory, notes: (moves, memory)), r"Slips.act gives a tuple of 2. Give three"),
    "act gives a number": (_acts(lambda moves, memory, notes: (0, memory, notes)), "a choice that is a int"),
    "act chooses for many": (
        _acts(lambda moves, memory, notes: ({**moves, "act": jnp.zeros(3, jnp.int32)}, memory, notes)),
        r"Slips.act gives int32\[3\] in 'act', where the number of one label",
    ),
    "act chooses half a label": (
        _acts(lambda moves, memory, notes: ({**moves, "act": jnp.float32(0.5)}, memory, notes)),
        r"Slips.act gives float32\[\] in 'act'",
    ),
    "act leaves a part out": (LeavesOut(), r"refuse numbers in begin, .* check_agent\(learner, world=…\)"),
    "act makes a forbidden move": (
        _acts(lambda moves, memory, notes: ({**moves, "act": jnp.int32(-1)}, memory, notes)),
        "chose -1 in 'act' before it has learned",
    ),
    "update gives the mind": (_updates(lambda mind, told: mind), "Slips.update gives a dict. Give two things"),
    "update lists metrics": (_updates(lambda mind, told: (mind, [0.0])), "gives metrics that are a list"),
    "update looks for what is not in mind": (
        _updates(lambda mind, told: mind["talk"]),
        r"Slips.update raises KeyError: 'talk'",
    ),
    "update branches": (_with(update=_branches), r"Slips.update cannot be compiled .* jnp.where for an if"),
    "update changes types": (
        _updates(lambda mind, told: ({**mind, "sums": mind["sums"].astype(jnp.int32)}, told)),
        "changes its mind from",
    ),
    "update draws from elsewhere": (
        _updates(lambda mind, told: ({**mind, "sums": mind["sums"] + random.random()}, told)),
        "another program when it is compiled again",
    ),
}


@pytest.mark.parametrize(("learner", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_a_method_is_told_by_the_method(learner, said):
    with pytest.raises(DeclarationError, match=said):
        check_agent(learner, steps=800)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"learner": None}, "None is no learner"),
        ({"learner": Sums}, "is no learner"),
        ({"learner": om.core.agent.Policy()}, "policies are checked as bots"),
        ({"learner": Sums(length=10**9)}, r"Sums\(length=1000000000\) cannot be"),
        ({"learner": Sums(copies=0)}, r"Sums\(copies=0\) cannot be"),
        ({"world": 3}, "3 is no world"),
        ({"seed": -1}, "The seed is -1"),
        ({"steps": 0}, r"train\(steps=0\) cannot be"),
    ],
    ids=str,
)
def test_what_cannot_be_checked_is_refused(what, said):
    with pytest.raises(InputError, match=said):
        check_agent(**{"learner": Sums(), **what})


def test_in_a_world_that_is_named_nothing_is_said_of_another():
    with pytest.raises(DeclarationError) as error:
        check_agent(LeavesOut(), world=Gate())
    assert "world=" not in str(error.value)


def test_an_honest_learner_passes():
    passed = check_agent(Sums(), steps=800)
    assert len(passed) == 8
    assert "masks: nothing forbidden in 224 choices of act, pace after it has learned" in passed
    assert float(re.match(r"bandit: paid (\d\.\d\d) a step", passed[-1])[1]) > 0.9


def test_who_does_not_learn_is_checked_for_play_only():
    passed = check_agent(Scripted(Lake().bots().get("none") or om.core.agent.Policy()))
    assert [line.partition(":")[0] for line in passed] == [
        "mind and memory keep their structure, and are plain numbers",
        "pure",
        "masks",
    ]


@pytest.mark.parametrize(
    ("learner", "said"),
    [
        (IgnoresMasks(), r"chose \d in 'act' before it has learned, where \["),
        (IgnoresBounds(), r"chose 1.0 in 'pace' before it has learned"),
        (ForbiddenOnceLearned(), r"chose \d in 'act' after it has learned"),
        (LeavesOut(), "the parts are"),
        (Counts(), "another program when it is compiled again"),
        (Draws(), "another program when it is compiled again"),
        (Divides(), "no number in the metric 'sums share'|no number in the metric 'divides share'"),
        (LosesItsMind(), "has learned what is no number"),
        (Grows(), "changes its mind from"),
        (ForgetsShape(), "changes its memory from"),
        (KeepsKeys(), "keeps key<"),
        (Upside(), "in the task 'bandit' after 800 steps; chance is paid 0.50, the best 1.00"),
        (Refuses(), "refuses the worlds it is to be checked in: No world is good enough"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_failure_is_caught(learner, said):
    with pytest.raises(DeclarationError, match=said):
        check_agent(learner, steps=800)


def test_a_task_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="juggling"):
        check_agent(Sums(), tasks=["juggling"], steps=800)


def test_the_worlds_of_the_kit_are_worlds():
    for world in (Gate(), Gate(numbers=False), Later(), Recall()):
        assert om.testing.check_world(world)


QUICK = {"length": 16, "copies": 8, "rate": 0.02, "net": Net(hidden=(16,))}


@pytest.mark.slow
@pytest.mark.parametrize(
    "learner",
    [
        QLearning(),
        QLearning(shared=True, state=("last",)),
        DQN(net=Net(hidden=(32,))),
        DQN(net=Net(hidden=(32,)), shared=True),
        LOLA(),
        Reinforce(**QUICK),
        IPPO(**QUICK),
        IPPO(**QUICK | {"shared": True}),
        AdvantageAlignment(**QUICK),
        SocialValue(QLearning(), angle=20.0),
        InequityAverse(IPPO(**QUICK | {"shared": True})),
        InequityAverse(SocialValue(QLearning())),
    ],
    ids=repr,
)
def test_learners_that_ship_pass(learner):
    check_agent(learner)


@pytest.mark.slow
def test_a_network_with_a_memory_remembers():
    net = Net(hidden=(16,), units=16)
    learner = IPPO(length=12, copies=32, rate=0.01, net=net)
    assert check_agent(learner, steps=12 * 32 * 400)[-1].startswith("memory: paid 0.3")
    with pytest.raises(DeclarationError, match="'memory'"):
        check_agent(IPPO(length=12, copies=32, rate=0.01, net=Net(hidden=(16,))), tasks=["memory"], steps=40_000)
