"""One step of many tabular Q-learners, as XLA runs it fastest on a CPU: chance is drawn for many steps at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.world import STEP, World
from ..worlds._noise import bits_at
from ..worlds._prng import branch
from ._tabular_parts import Desk, Lesson, Row, draw, held, top
from ._tabular_rule import Habit, Rule

Array = Any
SALTS = {name: 0x600 + number for number, name in enumerate(("explore", "which", "sample", "inward", "inward which"))}
"""So that what is drawn for one purpose has nothing to do with what is drawn for another."""


@dataclass(frozen=True, eq=False)
class Step:
    """A step of all sessions; the numbers of the rule are spread to `[N]`.

    `free` : whether every seat is always there and may do everything, known as this is compiled.
    """

    world: World
    habit: Habit
    rule: Rule
    keys: Array
    tally: Any
    free: bool

    @property
    def carried(self) -> bool:
        """Whether what is looked up next is known from what was learned."""
        return self.free and not self.habit.replay and self.habit.follows is None

    def __call__(self, carry: Any, given: Any) -> tuple[Any, None]:
        """Choose, let the world step, learn."""
        (desk, row, sums), (time, luck) = carry, given
        before = desk.world
        mask = None if self.free else self._mask(before)
        chosen = draw(row.move, luck["explore"] < luck["odds"], luck["which"], mask, row.values.shape[0])
        after, payoffs, live = self._world_step(desk, time, chosen)
        at, follows = self._codes(before, after)
        sums = self._counted(sums, live, before, chosen, after, payoffs)
        chosen, payoff, at, follows = held(
            time, chosen, self._valued(desk, payoffs.reshape(-1), luck, time), at, follows
        )
        learns = self._learns(before, live, len(at))
        lesson = Lesson(desk.at, chosen, payoff, follows)
        desk, lesson, learns = self._recalled(desk, lesson, learns, time, luck)
        values, changed, found = self._learned(desk, lesson, learns, time, row, mask, after)
        desk = desk._replace(world=after, at=at, values=values, changed=changed)
        return (desk, self.look(desk, time) if found is None else found, sums), None

    def chance(self, steps: Array) -> dict[str, Array]:
        """All that is drawn for T steps: numbers in [0, 1) and the odds to explore, `[T, N]` each."""
        players = len(self.world.ground.players)
        number = steps[:, None, None] * np.uint32(players) + jnp.arange(players, dtype=jnp.uint32)
        names = ["explore", "which", *(["sample"] if self.habit.replay else [])]
        names += ["inward", "inward which"] if self.habit.inward else []
        keys = self.keys[:, :1], self.keys[:, 1:]
        drawn = {name: (bits_at(keys, number, SALTS[name]) >> 8).astype(jnp.float32) for name in names}
        odds = self.rule.epsilon * jnp.exp(-self.rule.decay * steps.astype(jnp.float32)[:, None])
        numbers = {name: (row * np.float32(2**-24)).reshape(len(steps), -1) for name, row in drawn.items()}
        return numbers | {"odds": odds}

    def look(self, desk: Desk, time: Array) -> Row:
        """What the seats look up where they are now."""
        values = self._rows(desk.values, desk.at, time)
        return Row(values, *top(values, None if self.free else self._mask(desk.world)))

    def count(self, state: Any) -> dict[str, Array]:
        """What is counted of a step, as shapes."""
        moves = {"act": jnp.zeros((self.keys.shape[0], len(self.world.ground.players)), jnp.int32)}
        return self._told(state, moves, state, moves["act"].astype(jnp.float32))

    def _world_step(self, desk: Desk, time: Array, chosen: Array) -> tuple[Any, Array, Array | None]:
        """`(state, payoffs [L, P], which sessions go on or None)`; those that do not stay where they are."""
        keys = jax.vmap(lambda key: branch(key, time, STEP))(self.keys)
        moves = {"act": chosen.reshape(self.keys.shape[0], -1)}
        after, payoffs = jax.vmap(self.world.step)(keys, desk.world, moves)
        if not self.habit.patience:
            return after, payoffs, None
        live = time - desk.changed < np.uint32(self.habit.patience)
        still = lambda new, old: jnp.where(live.reshape(-1, *[1] * (new.ndim - 1)), new, old)  # noqa: E731
        return jax.tree.map(still, after, desk.world), payoffs, live

    def _codes(self, before: Any, after: Any) -> tuple[Array, Array]:
        """The states of the seats now, and those that followed for what is learned."""
        seen = jax.vmap(self.world.observe)(after)
        at = jax.vmap(self.habit.code)(seen).reshape(-1)
        if self.habit.follows is None:
            return at, at
        return at, jax.vmap(self.habit.follows)(jax.vmap(self.world.observe)(before), seen).reshape(-1)

    def _valued(self, desk: Desk, payoff: Array, luck: Mapping[str, Array], time: Array) -> Array:
        """Payoffs as they are learned from: mixed with what one's own move would bring against itself."""
        if self.habit.inward is None:
            return payoff
        at = jax.vmap(self.habit.inward)(jax.vmap(self.world.observe)(desk.world)).reshape(-1)
        values = self._rows(desk.values, at, time)
        move = draw(top(values, None)[1], luck["inward"] < luck["odds"], luck["inward which"], None, len(values))
        worth = jnp.broadcast_to(jnp.asarray(self.rule.worth, jnp.float32), (len(values),))[move]
        return (1 - self.rule.weight) * payoff + self.rule.weight * worth

    def _learns(self, before: Any, live: Array | None, seats: int) -> Array | None:
        """`bool[N]`: who learns from this step; None for everybody."""
        going = None if live is None else jnp.repeat(live, seats // len(live))
        if self.free:
            return going
        present = jax.vmap(lambda state: jnp.asarray(self.world.present(state)))(before).reshape(-1)
        return present if going is None else present & going

    def _recalled(
        self, desk: Desk, lesson: Lesson, learns: Array | None, time: Array, luck: Mapping[str, Array]
    ) -> tuple[Desk, Lesson, Array | None]:
        """What is learned from: what just happened, or one thing drawn from what is kept once there are two."""
        if not (size := self.habit.replay):
            return desk, lesson, learns
        states, moves = self.habit.states, desk.values.shape[-1]
        first = jnp.arange(len(lesson.state), dtype=jnp.uint32) * np.uint32(size)
        count = jnp.where(time % np.uint32(size) == 0, 0, desk.count)
        kept = learns if learns is not None else jnp.ones(len(first), bool)
        place = jnp.where(kept, first + count.astype(jnp.uint32), np.uint32(len(desk.payoffs)))
        number = (lesson.state * moves + lesson.move) * states + lesson.follows
        payoffs = desk.payoffs.at[place].set(lesson.payoff, mode="drop")
        record = desk.record.at[place].set(number, mode="drop")
        count = count + kept
        which = first + jnp.minimum((luck["sample"] * count).astype(jnp.uint32), np.uint32(size - 1))
        drawn, payoff = held(time, *(kept.at[which].get(mode="promise_in_bounds") for kept in (record, payoffs)))
        recalled = Lesson(drawn // (moves * states), drawn // states % moves, payoff, drawn % states)
        return desk._replace(record=record, payoffs=payoffs, count=count), recalled, kept & (count > 1)

    def _learned(
        self, desk: Desk, lesson: Lesson, learns: Array | None, time: Array, row: Row, mask: Array | None, after: Any
    ) -> tuple[Array, Array, Row | None]:
        """The tables after a lesson, when a greedy move last changed, and what is looked up next, where it is known."""
        next_row = self._rows(desk.values, lesson.follows, time)
        future, next_move = held(time, *top(next_row, self._open(after)))
        here, was = row.values, row.move
        if self.habit.replay:
            here = self._rows(desk.values, lesson.state, time)
            mask, was = None, top(here, None)[1]
        made = jnp.arange(len(here))[:, None] == lesson.move
        old = jnp.where(made, here, 0.0).sum(0)
        new = old + self.rule.alpha * (lesson.payoff + self.rule.discount * future - old)
        (new,) = held(time, new if learns is None else jnp.where(learns, new, old))
        values, changed = self._written(desk.values, lesson, new), desk.changed
        if not (self.habit.patience or self.carried):
            return values, changed, None
        here = jnp.where(made, new, here)
        best, move = held(time, *top(here, mask))
        if self.habit.patience:
            differs = (move != was).reshape(len(changed), -1).any(-1)
            changed = jnp.where(differs, time + np.uint32(1), changed)
        if not self.carried:
            return values, changed, None
        same = lesson.follows == lesson.state
        pairs = (here, next_row), (best, future), (move, next_move)
        return values, changed, Row(*(jnp.where(same, mine, theirs) for mine, theirs in pairs))

    def _open(self, after: Any) -> Array | None:
        """`bool[A, N]`: the moves whose values count for what follows; None for all, also where a state is recalled."""
        if self.free or self.habit.replay or self.habit.follows:
            return None
        present = jax.vmap(lambda state: jnp.asarray(self.world.present(state)))(after).reshape(-1)
        return self._mask(after) | ~present

    def _rows(self, values: Array, at: Array, time: Array) -> Array:
        """`[A, N]`: the rows of the tables that the seats are in."""
        rows = values.at[self._place(at)].get(mode="promise_in_bounds")
        return jax.lax.cond(time < np.uint32(2**32 - 1), lambda found: found.T, lambda found: found.T + 1, rows)

    def _written(self, values: Array, lesson: Lesson, new: Array) -> Array:
        """The tables with one number of each seat's changed."""
        how: Any = {"mode": "promise_in_bounds", "unique_indices": True, "indices_are_sorted": True}
        return values.at[self._place(lesson.state), lesson.move.astype(jnp.uint32)].set(new, **how)

    def _place(self, at: Array) -> Array:
        """The row of each seat's table in the table of all; unsigned, so that nobody asks whether it is negative."""
        first = jnp.arange(len(at), dtype=jnp.uint32) * np.uint32(self.habit.states)
        return first + at.astype(jnp.uint32)

    def _mask(self, state: Any) -> Array:
        """`bool[A, N]`: what the seats may choose."""
        mask = jax.vmap(lambda one: jnp.asarray(self.world.mask(one)["act"]))(state)
        return mask.reshape(-1, mask.shape[-1]).T

    def _told(self, before: Any, moves: Any, after: Any, payoffs: Array) -> dict[str, Array]:
        if self.tally is None:
            return {"payoffs": payoffs}
        more = jax.vmap(lambda *one: dict(self.tally(self.world, *one)))(before, moves, after)
        return {"payoffs": payoffs, **more}

    def _counted(
        self, sums: dict[str, Array], live: Array | None, before: Any, chosen: Array, after: Any, payoffs: Array
    ) -> dict[str, Array]:
        told = self._told(before, {"act": chosen.reshape(payoffs.shape)}, after, payoffs)
        if live is not None:
            told = {name: jnp.where(live.reshape(-1, *[1] * (row.ndim - 1)), row, 0) for name, row in told.items()}
        return {name: sums[name] + told[name] for name in sums}
