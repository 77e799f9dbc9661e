"""Anybody's PettingZoo environment as a world, stepped outside of JAX. Needs pettingzoo or gymnasium."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from ..core.charter import clamp
from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import View
from ..core.record import Interval
from ..core.world import World
from . import _pytree as _pytree
from ._callbacks import noted
from ._guest import Frame
from ._host import Host, host_of

Array = Any
UNBOUNDED = 1e30
"""Bounds from here on are none; some environments write down the largest float."""


class State(NamedTuple):
    """`key` and `history [T, P]` say where an episode stands: all moves made in `time` steps. The rest is what the
    environment told there, its facts of the step before included."""

    key: Array
    history: Array
    time: Array
    seen: Mapping[str, Array]
    mask: Array
    present: Array
    over: Array
    facts: Array


class HostedWorld(World):
    """A PettingZoo Parallel environment as a world: it can be governed, played, learned in and audited like any other.

    The state is all moves made so far, so that every function is pure although the environment is not: it is kept alive
    where it stands, and led there again from the seed where somebody asks about another moment. It has to be
    deterministic: the same seed and moves, the same answers. Otherwise there is an error when it is led there again.
    Steps run one after the other in Python, whatever is compiled around them, and have no derivatives. What goes wrong
    in them is an `InputError` that says where; within compiled code of one's own, a `JaxRuntimeError` that quotes it.

    Seats are the `possible_agents`. Who has not come, or has left, is absent. Labels are the numbers of a `Discrete`
    action space; a `Box` of one bounded number is a continuous part. Seats see what their agents see, by the keys of
    the space ("observation" where it has none); smaller arrays are filled up with 0. An `action_mask` in the
    observation or the info is heeded. A label of -1 is a move not made yet, and nothing happens.

    Parameters
    ----------
    make : a function without arguments that gives a new environment.
    horizon : steps of an episode. Where the environment stops by itself at a time limit, give that limit.
    labels : names of the moves; by default their numbers.
    names : of the facts that rules can read. They are taken from the infos of the agents, or from `measure`.
    measure : `(environment, actions, infos) -> {fact: {agent: number}}`, asked after every step.
    ends : whether an episode can end before the horizon; False saves learners a new start at every step.
    kept : how many environments are kept alive; as many as are played side by side, or all have to be led each time.
    """

    waits: ClassVar[bool] = True
    make: Callable[[], Any]
    horizon: Annotated[int, Interval(ge=1)] = 100
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    measure: Callable[..., Mapping[str, Any]] | None = None
    ends: bool = True
    kept: Annotated[int, Interval(ge=1)] = 1024

    def __post_init__(self) -> None:
        super().__post_init__()
        if not callable(self.make):
            raise InputError(
                f"HostedWorld(make={self.make!r:.80}) makes no environment.",
                "Environments are made anew as they are needed.",
                "Give a class, or a function without arguments that makes one.",
            )
        for what, given in (("labels", self.labels), ("names", self.names)):
            if len({*given}) < len(given):
                raise InputError(f"{what}={given} has a name twice.", "Rules go by names.", "Give each its own.")
        if self.measure is not None and not callable(self.measure):
            raise InputError(
                f"measure={self.measure!r:.80} measures nothing.", do="Give a function (env, actions, infos) -> facts."
            )
        widths = self._host.form.widths
        if self.labels and len(self.labels) != max(widths):
            raise InputError(
                f"There are {len(self.labels)} labels for {max(widths)} moves.",
                "Every move needs a name, in the order of the environment's numbers.",
                "Give as many, or none.",
            )

    def __repr__(self) -> str:
        maker, given = (self.make.func, self.make.keywords) if isinstance(self.make, partial) else (self.make, {})
        made = f"{getattr(maker, '__module__', '')}.{getattr(maker, '__qualname__', type(maker).__name__)}"
        made += f"({', '.join(f'{name}={value!r}' for name, value in given.items())})" if given else ""
        return f"HostedWorld(make={made}, horizon={self.horizon}, labels={self.labels}, names={self.names})"

    @property
    def called(self) -> str:
        """The environment's own name, `pond_v0`."""
        return self._host.form.called

    @property
    def ground(self) -> Ground:
        """The agents and their moves."""
        form = self._host.form
        if form.continuous:
            bounds = form.all_moves()
            part = Part("act", low=float(bounds.min()), high=float(bounds.max()))
        else:
            labels = self.labels or tuple(map(str, range(max(form.widths))))
            alike = len(set(form.widths)) == 1
            part = Part("act", labels if alike else tuple(labels[:width] for width in form.widths))
        return Ground(form.agents, play=((part,),), facts=self.names)

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Of what is seen, where the spaces have bounds."""
        pieces = self._host.form.pieces.items()
        return {name: (p.low, p.high) for name, p in pieces if max(-p.low, p.high) < UNBOUNDED}

    def reset(self, key: Array) -> State:
        """The start of the environment's episode of this seed (of `key[0]`, where `key[1]` is 0)."""
        key, form = jnp.asarray(key, dtype=jnp.uint32), self._host.form
        told = self._ask(_all_begun, key)
        made = jnp.zeros((self.horizon, len(form.agents)), jnp.float32 if form.continuous else jnp.int32)
        return State(key, made, jnp.int32(0), told.seen, told.mask, told.present, told.over, told.facts)

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """One step, with the environment's own chance. After the end, or while a move is missing, nothing happens."""
        act = clamp(jnp.asarray(moves["act"], dtype=state.history.dtype), state.mask, jnp)
        on = ~(act < 0).any() if act.dtype == jnp.int32 else ~jnp.isnan(act).any()
        on &= state.present.any() & ~state.over & (state.time < self.horizon)
        told = self._ask(_all_played, on, act, state)
        history = jnp.asarray(state.history)
        history = jnp.where(on, history.at[state.time].set(act), history)
        after = State(state.key, history, state.time + on, told.seen, told.mask, told.present, told.over, told.facts)
        return after, told.payoffs

    def observe(self, state: State) -> View:
        """What each agent sees."""
        return View({}, dict(state.seen))

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """What the environment's infos, or the measure, said of the step."""
        return dict(zip(self.names, after.facts, strict=True))

    def over(self, state: State) -> Array:
        """Nobody is left, and not because the horizon was reached."""
        return state.over

    def present(self, state: State) -> Array:
        """The agents that are there."""
        return state.present

    def mask(self, state: State) -> dict[str, Array]:
        """What the agents may choose."""
        return {"act": state.mask}

    def close(self) -> None:
        """Close the environments that are kept alive; new ones are made when they are needed."""
        self._host.close()

    def _ask(self, question: Callable[..., Frame], *about: Any) -> Frame:
        """What the host answers: through JAX within compiled code, at once outside, where errors come as they are."""
        asked = partial(question, self._host)
        if any(isinstance(leaf, Tracer) for leaf in jax.tree.leaves(about)):
            return jax.pure_callback(noted(asked), self._shapes, *about, vmap_method="broadcast_all")
        return jax.tree.map(jnp.asarray, asked(*about))

    @property
    def _host(self) -> Host:
        return host_of(self.make, self.horizon, self.names, self.measure, self.kept)

    @property
    def _shapes(self) -> Frame:
        form, shape = self._host.form, jax.ShapeDtypeStruct
        seats, mask = len(form.agents), form.all_moves()
        seen = {name: shape((seats, *piece.shape), piece.kind) for name, piece in form.pieces.items()}
        paid, facts = shape((seats,), jnp.float32), shape((len(self.names), seats), jnp.float32)
        return Frame(seen, shape(mask.shape, mask.dtype), shape((seats,), bool), shape((), bool), paid, facts)


def _all_begun(host: Host, key: Array) -> Frame:
    """A start for each key of a batch `[…, 2]`; who asks the same is answered once."""
    keys, told = np.asarray(key), {}
    rows = keys.reshape(-1, 2)
    for one in rows:
        if one.tobytes() not in told:
            told[one.tobytes()] = host.reset(one)
    return _side_by_side([told[one.tobytes()] for one in rows], keys.shape[:-1])


def _all_played(host: Host, on: Array, act: Array, state: State) -> Frame:
    """A step for each copy of a batch; where it is not `on`, nothing happens.

    Copies in which the same has happened are one environment, until they part: then the others are led there again,
    which takes no more steps than they would have made.
    """
    batch, copies, frames, told = np.shape(on), np.size(on), [], {}
    rows = jax.tree.map(lambda x: np.asarray(x).reshape((copies, *np.shape(x)[len(batch) :])), (on, act, state))
    for number in range(copies):
        goes, moves, at = jax.tree.map(lambda leaf, number=number: leaf[number], rows)
        if goes:
            made = at.history[: at.time]
            question = at.key.tobytes(), made.tobytes(), moves.tobytes()
            if question not in told:
                told[question] = host.step(at.key, made, moves, at.seen)
            frames.append(told[question])
        else:
            nothing = np.zeros(len(moves), np.float32)
            frames.append(Frame(at.seen, at.mask, at.present, at.over, nothing, np.zeros_like(at.facts)))
    return _side_by_side(frames, batch)


def _side_by_side(frames: list[Frame], batch: tuple[int, ...]) -> Frame:
    return jax.tree.map(lambda *leaves: np.stack(leaves).reshape((*batch, *np.shape(leaves[0]))), *frames)
