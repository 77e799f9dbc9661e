"""A learner at work, for the checks to look at: how it begins, what it does, and what its lessons make of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import Sight
from ..core.errors import DeclarationError, InputError
from ..core.seeds import words
from ..core.world import World
from ..learners import _lesson, _table
from ..learners._bounds import refuse_counts, refuse_other
from ..learners._learner import Learner
from ..learners._play import play
from ..learners._scripted import Trained
from ..learners._train import train
from ..learners._unroll import unroll
from ..worlds._outline import asked
from ..worlds._prng import wrap
from ._agent_gives import require_choice, require_lesson
from ._agent_worlds import Gate
from ._episode import sampled

Array = Any
DRAWS = 16
"""How often a seat is asked at every step that is looked at."""
HINT = (
    " It was looked at in a world of the kit, where a move has a label and a number: refuse numbers in begin, by an "
    "InputError where 0 in space.parts.values(), or name a world that it can play, check_agent(learner, world=…)."
)


@dataclass(frozen=True)
class Work:
    """A learner in all seats of a world, with its group, space and the most that a lesson has.

    `hint` says in which world it was looked at, where nobody named one.
    """

    learner: Learner
    world: World
    group: _table.Group
    space: Any
    length: int
    copies: int
    hint: str = ""

    def asked(self, method: str, call: Callable[[], Any]) -> Any:
        """What a method of the learner gives; `DeclarationError` says what went wrong in it."""
        try:
            return asked(self.learner, method, call)
        except DeclarationError as error:
            bare = method == "begin" or not error.what.startswith(f"{type(self.learner).__name__}.")
            raise DeclarationError(error.what, error.why, f"{error.do}{self.hint if bare else ''}") from None

    def fail(self, what: str, do: str) -> None:
        """Say what the learner did, and what to do about it."""
        raise DeclarationError(f"{type(self.learner).__name__} {what}.", do=do)

    def trained(self, seed: int) -> Any:
        """A training of two seeds, from `seed` on, for three lessons."""
        try:
            return train(self.world, self.learner, 3 * self.length * self.copies, seed=seed, seeds=2)
        except InputError as error:
            self.fail(
                f"cannot go on learning: {error.what}", "Keep everything finite: look at divisions, logs and roots."
            )


def at_work(learner: Learner, world: World | None) -> Work:
    """The learner in `world`, or in the first of the kit's that it can play."""
    refused = None
    if not isinstance(learner, Learner):
        raise InputError(
            f"{learner!r:.80} is no learner.",
            "What is checked here learns, or plays by scores: an ostrom.learners.Learner.",
            "Give an instance, MyLearner(); policies are checked as bots of their world, by check_world.",
        )
    for name in ("length", "copies"):
        refuse_counts(type(learner).__name__, **{name: getattr(learner, name)})
    for tried in (world,) if world is not None else (Gate(), Gate(numbers=False)):
        refuse_other(tried)
        (group,), space = _table.seat(tried, learner), _table.space_of(tried)
        work = Work(learner, tried, group, space, learner.length, learner.copies, HINT if world is None else "")
        begin = partial(jax.eval_shape, lambda key, space=space: learner.begin(key, space), _key(0))
        try:
            work.asked("begin", begin)
            return work
        except InputError as error:
            refused = error
    raise DeclarationError(
        f"{type(learner).__name__} refuses the worlds it is to be checked in: {refused}",
        do="Give a world that it can play: check_agent(learner, world=…).",
    )


def _one_class(work: Work) -> Any:
    """The shapes of the start of a training of one seed."""
    return jax.tree.map(
        lambda leaf: jax.ShapeDtypeStruct(leaf.shape[1:], leaf.dtype),
        jax.eval_shape(lambda: _lesson.enrol(*_enrolment(work, 0))),
    )


def shapes(work: Work) -> dict[str, tuple[Any, Any]]:
    """What is in mind, and learned, before and after: name -> two descriptions that have to be the same."""
    start, groups = work.asked("recall", lambda: _one_class(work)), (work.group,)
    here = start.stand

    def acted(minds: Any, memory: Any, seen: Any, state: Any) -> Any:
        keys = jax.random.split(_key(1), len(work.group.seats))
        return _table.act(groups, work.world, keys, minds, memory, seen, work.world.mask(state))[1]

    def acted_once(minds: Any, memory: Any, seen: Any, state: Any) -> None:
        learner, ground, mind = work.learner, work.world.ground, minds[0]
        first = partial(jax.tree.map, lambda leaf: leaf[0])
        mask = {name: jnp.asarray(rows)[0] for name, rows in work.world.mask(state).items()}
        sight = Sight(jnp.int32(0), ground, first(seen), mask, jnp)
        mind = mind if _table.one_mind(work.group) else first(mind)
        require_choice(learner, learner.act(_key(1), mind, first(memory[0]), sight), ground)

    copy = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape[1:], leaf.dtype), here)
    about = start.minds, copy.memory, copy.seen, copy.state
    work.asked("act", lambda: jax.eval_shape(acted_once, *about))
    memory = work.asked("act", lambda: jax.eval_shape(acted, *about))
    found = {"memory": (_described(copy.memory), _described(memory))}
    if found["memory"][0] == found["memory"][1] and work.learner.learns:
        after = work.asked("update", lambda: jax.eval_shape(lambda now: _lesson_of(work, now)[0], start))
        found["mind"] = (_described(start.minds[0]), _described(after))
    return found


def traced(work: Work) -> tuple[str, list[Any]]:
    """A whole lesson as it would be compiled, traced anew: the program, and the constants in it."""
    program = jax.make_jaxpr(lambda now: _lesson_of(work, now))(_one_class(work))
    return re.sub(r"0x[0-9a-f]+", "0x", str(program.jaxpr)), program.consts


def fresh(work: Work, seed: int) -> Any:
    """The minds of the seats that have learned nothing."""
    return row(_lesson.enrol(*_enrolment(work, seed)).minds[0], 0)


def row(tree: Any, number: int) -> Any:
    """One seed of what has seeds on its first axis."""
    return jax.tree.map(lambda leaf: np.asarray(leaf)[number], tree)


class Rows:
    """Everything that seats saw in an episode played at random, and what the learner does there."""

    def __init__(self, work: Work, seed: int) -> None:
        played, seats = sampled(work.world, seed, min(work.world.horizon, 12)), work.group.seats
        shown = [(step, seat) for step in played.steps for seat in seats for _ in range(DRAWS)]
        self.work, self.seat = work, np.array([seat for _, seat in shown], np.int32)
        self.seen = _stacked([_told(step.seen, seat) for step, seat in shown])
        self.mask = _stacked([{name: row[seat] for name, row in step.seen["mask"].items()} for step, seat in shown])
        self.keys = jax.random.split(_key(seed), len(shown))
        self.act = jax.jit(self._act)

    def minds(self, minds: Any) -> Any:
        """The mind of every row, from those of the seats (one for all where it is shared)."""
        if _table.one_mind(self.work.group):
            return jax.tree.map(lambda leaf: np.repeat(np.asarray(leaf)[None], len(self.seat), 0), minds)
        return jax.tree.map(lambda leaf: np.asarray(leaf)[self.seat], minds)

    def _act(self, learner: Learner, minds: Any) -> Any:
        def one(key: Array, mind: Any, seat: Array, seen: Any, mask: Any) -> Any:
            memory = learner.recall(mind, self.work.space)
            return learner.act(key, mind, memory, Sight(seat, self.work.world.ground, seen, mask, jnp))[0]

        return jax.vmap(one)(self.keys, minds, self.seat, self.seen, self.mask)


def played(work: Work, players: list[Any], seed: int) -> dict[str, np.ndarray]:
    """The moves of a few episodes."""
    return play(work.world, players, seed=seed, episodes=4).moves  # type: ignore[return-value]


def read_again(players: list[Any]) -> list[Any]:
    """Trained players whose minds were written to a file of arrays and read."""
    again = []
    for player in players:
        leaves, structure = jax.tree.flatten(player.mind)
        held = io.BytesIO()
        np.savez(held, *leaves)
        with np.load(io.BytesIO(held.getvalue()), allow_pickle=False) as kept:
            read = [kept[f"arr_{number}"] for number in range(len(leaves))]
        again.append(Trained(player.learner, structure.unflatten(read)))
    return again


def _enrolment(work: Work, seed: int) -> tuple[Any, ...]:
    keys = np.array([words(seed)], np.uint32)
    return work.world, (work.learner,), (work.group.seats,), keys, work.copies


def _lesson_of(work: Work, now: Any) -> Any:
    """What is in mind after a lesson, and what was told."""
    lived = unroll(work.world, (work.group,), now.minds, now.stand, jnp.uint32(0), work.length, work.space)[1]
    if not work.learner.learns:
        return now.minds[0], lived.moves
    track = _lesson.track_of(work.group, lived, 0)
    return require_lesson(work.learner, work.learner.improve(_key(2), now.minds[0], track, jnp.float32(0)))


def _described(tree: Any) -> tuple[str, list[str]]:
    leaves, structure = jax.tree.flatten(tree)
    return str(structure), [f"{leaf.dtype}{list(leaf.shape)}" for leaf in leaves]


def _told(seen: Mapping[str, Any], seat: int) -> dict[str, Any]:
    return {**seen["public"], **{name: row[seat] for name, row in seen["seat"].items()}}


def _stacked(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def _key(seed: int) -> Array:
    return wrap(np.array(words(seed), np.uint32))
