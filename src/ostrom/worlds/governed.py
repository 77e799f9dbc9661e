"""A world under institutions: again a world, in which each stage of a round is one step.

The base steps in the play stage only. Dice fall face down as a round opens; payoffs are settled, and records renewed,
at the step that closes it. Everything is pure and can be jitted, batched, scanned and differentiated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..core.agent import Policy
from ..core.charter import Charter, Round, clamp
from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, View
from ..core.scene import Scene
from ..core.seeds import roll
from ..core.world import World
from . import _pytree as _pytree
from ._outline import require_ground

Array = Any


class State(NamedTuple):
    """Where a governed world stands.

    `base` is the base's state and `opened` the same as the round opened; `records` and `luck` belong to the layers,
    innermost first; `moves` are those made so far this round (-1: not yet); `facts` and `payoffs` are what the last
    play produced, not yet settled; `seed` is `uint32[2]`, what the dice come from.
    """

    base: Any
    opened: Any
    records: tuple[Mapping[str, Array], ...]
    luck: tuple[Mapping[str, Array], ...]
    moves: Mapping[str, Array]
    facts: Mapping[str, Array]
    payoffs: Array
    stage: Array
    time: Array
    seed: Array


class GovernedWorld(World):
    """`base` under `institutions`, the first one innermost; made by `base.under(…)`.

    Moves have a part for everything that can be chosen in a round; parts whose stage it is not, and seats that are
    absent, have one legal move. A move that is not permitted counts as the first that is. Absent seats are paid
    nothing and pay nothing, whatever the rules say.
    """

    base: World
    institutions: tuple[Institution, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        ground = require_ground(self.base)
        if [part.name for stage in ground.stages for part in stage] != ["act"]:
            raise InputError(
                f"The moves of {type(self.base).__name__} are {ground.stages}.",
                "Institutions are laid round worlds with one stage of play and one part, 'act'.",
                "Let the world have that part alone; whatever comes at another time is a stage of an institution.",
            )
        _ = self.charter  # so that an institution that does not fit is refused here

    @cached_property
    def charter(self) -> Charter:
        """The onion of institutions on the base's ground."""
        return Charter(self.base.ground, self.institutions)

    @property
    def ground(self) -> Ground:
        """The parts and stages of a round, as the seats see them."""
        return self.charter.ground

    @property
    def horizon(self) -> int:
        """The base's horizon in steps: openings once, then all stages of every round."""
        opening = len(self.ground.opening)
        return opening + self.base.horizon * (len(self.ground.stages) - opening)

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Those of the base, and the number of the stage where there are several."""
        last = len(self.ground.stages) - 1
        return {**self.base.ranges, **({"stage": (0, last)} if last else {})}

    @property
    def ends(self) -> bool:
        """Whether the base can end before its horizon."""
        return self.base.ends

    def over(self, state: State) -> Array:
        """Whether the base has ended; a round that is open is settled first."""
        first = self._is_at(state, len(self.ground.opening))
        return self.base.over(state.base) if first is True else first & self.base.over(state.base)

    def bots(self) -> Mapping[str, Policy]:
        """Those of the base: what the institutions add is chosen evenly."""
        return self.base.bots()

    def scene(self, state: State) -> Scene:
        """The base's."""
        return self.base.scene(state.base)

    def words(self, state: State) -> str:
        """What the base says of itself."""
        return self.base.words(state.base)

    def under(self, *institutions: Institution) -> World:
        """The same world with more institutions round it."""
        return GovernedWorld(self.base, (*self.institutions, *institutions))

    def reset(self, key: Array) -> State:
        """The base at its start, the institutions founded, the first dice rolled."""
        base, players = self.base.reset(key), len(self.ground.players)
        seed = jnp.asarray(key, dtype=jnp.uint32)
        records = jax.tree.map(jnp.asarray, self.charter.found())
        produced = set(self.base.ground.facts) - set(self.base.sights(base))
        nothing, first = jnp.zeros(players), jnp.int32(0)
        moves, facts = self.ground.unknown_moves((), jnp), dict.fromkeys(sorted(produced), nothing)
        return self._open(State(base, base, records, (), moves, facts, nothing, first, first, seed))

    def step(self, key: Array, state: State, moves: Mapping[str, Array]) -> tuple[State, Array]:
        """Play the stage that is open; payoffs are paid by the step that closes a round, and 0 before."""
        state = state._replace(moves=self._made(state, moves))
        state = _pick(self._is_at(state, self._play), self._played(key, state), state)
        closing = self._is_at(state, len(self.ground.stages) - 1)
        paid, opened = self._closed(state)
        return _pick(closing, (opened, paid), (state._replace(stage=state.stage + 1), jnp.zeros_like(paid)))

    def observe(self, state: State) -> View:
        """What the base shows, the moves of closed stages, what the rules say, and which of several stages it is."""
        stages = range(len(self.ground.stages))
        told = [self.charter.inform(self._scene(state, stage > self._play), state.moves, stage) for stage in stages]
        public, seat = (self._merged(state, [getattr(view, which) for view in told]) for which in ("public", "seat"))
        shown = View(public, seat)
        return shown.show(stage=state.stage) if len(stages) > 1 else shown

    def mask(self, state: State) -> dict[str, Array]:
        """What may be chosen in each part at the stage that is open."""
        present, masks = self.present(state), {}
        for number, stage in enumerate(self.ground.stages):
            scene = self._scene(state, number > self._play)
            permitted = self.charter.permitted(scene, state.moves, number)
            free = jnp.asarray(present) & self._is_at(state, number)
            masks |= {
                part.name: jnp.where(free[:, None], permitted[part.name], _rest(permitted[part.name])) for part in stage
            }
        return masks

    def facts(self, before: State, moves: Mapping[str, Array], after: State) -> dict[str, Array]:
        """What the base produced, at the step in which it was played."""
        playing = self._is_at(before, self._play)
        return {name: jnp.where(playing, amount, 0.0) for name, amount in after.facts.items()}

    def sights(self, state: State) -> Mapping[str, Array]:
        """What can be measured of the base."""
        return self.base.sights(state.base)

    def prospects(self, state: State) -> dict[str, Array]:
        """The base's, at the stage of play; where a rule acts for the seats, any move may bring what one could."""
        act, prospects = self.ground.parts.get("act"), self.base.prospects(state.opened)
        if act is None:
            return {}
        if self.charter.enacts:
            width = act.width(len(self.ground.players))
            prospects = {name: most.max(-1, keepdims=True).repeat(width, -1) for name, most in prospects.items()}
        playing = self._is_at(state, self._play)
        return {name: jnp.where(playing, most, 0.0) for name, most in prospects.items()}

    def present(self, state: State) -> Array:
        """`bool[P]`: who takes part in this round."""
        return self.base.present(state.opened)

    @property
    def _play(self) -> int:
        return len(self.ground.opening) + len(self.ground.before)

    def _is_at(self, state: State, stage: int) -> Any:
        """Whether `stage` is open; plain True where there is no other, so that nothing is computed twice."""
        return True if len(self.ground.stages) == 1 else state.stage == stage

    def _scene(self, state: State, played: bool = False) -> Round:
        """What the hooks get to see this round; of facts, only after play what it produced."""
        base, opened = self.base, state.opened
        facts = {**base.sights(opened), **(state.facts if played else {})}
        shown = base.prospects(opened), base.mask(opened), base.present(opened)
        return Round(state.records, state.luck, facts, *shown, state.time, jnp, base.observe(state.base))

    def _open(self, state: State) -> State:
        """Begin a round: the dice fall."""
        state = state._replace(opened=state.base, luck=())
        odds = self.charter.dice(self._scene(state))
        return state._replace(luck=roll((state.seed[0], state.seed[1]), state.time, odds, jnp))

    def _made(self, state: State, moves: Mapping[str, Array]) -> dict[str, Array]:
        """All moves of the round with those of the open stage added, each made permitted."""
        made, masks = dict(state.moves), self.mask(state)
        for number, stage in enumerate(self.ground.stages):
            for part in stage:
                has = jnp.array([part.has(seat) for seat in range(len(self.ground.players))])
                submitted = jnp.asarray(moves[part.name], dtype=made[part.name].dtype)
                chosen = clamp(submitted if part.continuous else jnp.maximum(submitted, 0), masks[part.name], jnp)
                made[part.name] = jnp.where(has & self._is_at(state, number), chosen, made[part.name])
        return made

    def _played(self, key: Array, state: State) -> State:
        """The state after the base has stepped."""
        moves = self._played_now(state, self.charter.descend(self._scene(state), state.moves)[0])
        base, payoffs = self.base.step(key, state.base, moves)
        facts = dict(self.base.facts(state.base, moves, base))
        return state._replace(base=base, payoffs=jnp.where(self.present(state), payoffs, 0.0), facts=facts)

    def _played_now(self, state: State, moves: Mapping[str, Array]) -> Mapping[str, Array]:
        """The base's moves; in another stage than play, where what it does is not kept, none, or numbers that are one.

        A base that waits is not asked to step for nothing; and a derivative through what is not kept has to be 0, which
        it is not where that is not a number.
        """
        playing, part = self._is_at(state, self._play), self.base.ground.part("act")
        if playing is True or not (self.base.waits or part.continuous):
            return moves
        nothing = (jnp.nan if part.continuous else -1) if self.base.waits else part.low
        return {**moves, part.name: jnp.where(playing, moves[part.name], nothing)}

    def _closed(self, state: State) -> tuple[Array, State]:
        """Payoffs after settlement, and the state in which the next round opens."""
        scene = self._scene(state)
        seen = self.charter.descend(scene, state.moves)
        scene = replace(scene, facts={**scene.facts, **state.facts})
        paid = jnp.where(scene.present, self.charter.settle(scene, seen, state.payoffs), 0.0)
        records = self.charter.remember(scene, seen, state.payoffs)
        opening = {part.name for stage in self.ground.opening for part in stage}
        moves = self.ground.unknown_moves((), jnp) | {name: state.moves[name] for name in opening}
        first = jnp.full_like(state.stage, len(self.ground.opening))
        return paid, self._open(state._replace(records=records, moves=moves, time=state.time + 1, stage=first))

    def _merged(self, state: State, views: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        """What the view of the open stage shows; what only other stages show is there too, but blank."""
        like = {name: jnp.asarray(value) for view in views for name, value in view.items()}
        merged = {name: _blank(value) for name, value in like.items()}
        for stage, view in enumerate(views):
            here = self._is_at(state, stage)
            merged |= {name: _pick(here, jnp.asarray(value), merged[name]) for name, value in view.items()}
        return merged


def _pick(condition: Any, yes: Any, no: Any) -> Any:
    """`yes` where the condition holds, leaf by leaf."""
    return yes if condition is True else jax.tree.map(lambda a, b: jnp.where(condition, a, b), yes, no)


def _rest(mask: Array) -> Array:
    """One legal move: the first permitted label, or the lowest number."""
    if mask.dtype != bool:
        return jnp.broadcast_to(mask[..., :1], mask.shape)
    return jnp.arange(mask.shape[-1]) == jnp.argmax(mask, -1)[..., None]


def _blank(value: Array) -> Array:
    """What is shown where there is nothing to show: -1 for whole numbers, else 0 or False."""
    return jnp.full_like(value, -1 if jnp.issubdtype(value.dtype, jnp.integer) else 0)
