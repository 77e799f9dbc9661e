"""Who sits where: players of a world in groups that are computed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy, Sight
from ..core.errors import DeclarationError, InputError, UnknownName
from ..core.world import World
from ..worlds._seats import all_see
from ._learner import Array, Learner, Memory, Mind, Space
from ._scripted import Scripted, Trained

Players = Any
"""A player (`Learner` or `Policy`) for all seats, one for each seat in order, or by the names of the seats."""


class Group(NamedTuple):
    """Seats that are computed together: one learner, and the numbers of its seats."""

    learner: Learner
    seats: tuple[int, ...]


def seat(world: World, players: Players) -> tuple[Group, ...]:
    """The groups of a world's seats. Raises `InputError` where a seat has nobody, or somebody who cannot play."""
    chosen = _by_seat(world, players)
    groups: list[tuple[Learner, list[int]]] = []
    for number, player in enumerate(chosen):
        for known, seats in groups:
            if not isinstance(player, Trained) and known == player:
                seats.append(number)
                break
        else:
            groups.append((player, [number]))
    return tuple(Group(player, tuple(seats)) for player, seats in groups)


def _by_seat(world: World, players: Players) -> list[Learner]:
    names = world.ground.players
    if isinstance(players, Learner | Policy):
        return [_player(players)] * len(names)
    if isinstance(players, Mapping):
        for name in players:
            if name not in names:
                raise UnknownName("seat", name, names)
        players = [players.get(name) for name in names]
    if isinstance(players, Sequence) and len(players) == len(names) and all(player is not None for player in players):
        return [_player(player) for player in players]
    raise InputError(
        f"{len(names)} seats ({', '.join(names[:8])}{', …' if len(names) > 8 else ''}) are given players {players!r}.",
        "Every seat needs somebody who plays.",
        "Give one player for all, a list with one for each seat, or {name of seat: player} with all names.",
    )


def _player(player: Any) -> Learner:
    if isinstance(player, Policy):
        return Scripted(player)
    if isinstance(player, Learner):
        return player
    raise InputError(
        f"{player!r} cannot play.",
        "A player is a learner (ostrom.learners) or a policy that never learns (ostrom.core.agent.Policy).",
        "Make one, like IPPO() or world.bots()['selfish'].",
    )


def space_of(world: World) -> Space:
    """What one seat can see and do in a world."""
    state = jax.eval_shape(world.reset, np.zeros(2, np.uint32))
    seen = dict(jax.eval_shape(lambda s: all_see(world, s), state))
    parts = {
        name: 0 if part.continuous else part.width(len(world.ground.players))
        for name, part in world.ground.parts.items()
    }
    kinds = {name: np.dtype(row.dtype).kind for name, row in seen.items()}
    shapes = {name: row.shape[1:] for name, row in seen.items()}
    return Space(world.ground, shapes, kinds, parts, dict(world.ranges), world.horizon)


def begin(groups: tuple[Group, ...], key: Array, space: Space) -> tuple[Mind, ...]:
    """A mind for each seat of each group (one for the group where it is shared); `key` is a `jax.random` key."""
    minds = []
    for number, (learner, seats) in enumerate(groups):
        own = jax.random.fold_in(key, number)
        if learner.shared or not learner.learns:
            minds.append(learner.begin(own, space))
        else:
            minds.append(
                jax.vmap(lambda one, learner=learner: learner.begin(one, space))(jax.random.split(own, len(seats)))
            )
    return tuple(minds)


def recall(groups: tuple[Group, ...], minds: tuple[Mind, ...], space: Space) -> tuple[Memory, ...]:
    """What each seat has in mind as an episode begins, seats first."""

    def of(group: Group, mind: Mind) -> Memory:
        if one_mind(group):
            return jax.tree.map(
                lambda leaf: jnp.repeat(jnp.asarray(leaf)[None], len(group.seats), 0), group.learner.recall(mind, space)
            )
        return jax.vmap(lambda own: group.learner.recall(own, space))(mind)

    return tuple(map(of, groups, minds))


def one_mind(group: Group) -> bool:
    """Whether the seats of a group have one mind between them."""
    return group.learner.shared or not group.learner.learns


def act(
    groups: tuple[Group, ...],
    world: World,
    keys: Array,
    minds: tuple[Mind, ...],
    memory: tuple[Memory, ...],
    seen: Any,
    mask: Any,
) -> tuple[dict[str, Array], tuple[Memory, ...], tuple[Any, ...]]:
    """`(moves part -> [P], memory, notes)` of all seats in one copy of the world; `keys` one for each seat."""
    chosen, kept, noted = [], [], []
    for group, mind, held in zip(groups, minds, memory, strict=True):
        at = np.array(group.seats)

        def one(
            key: Array, own: Mind, mine: Memory, number: Array, row: Any, permitted: Any, learner: Any = group.learner
        ):
            return learner.act(key, own, mine, Sight(number, world.ground, row, permitted, jnp))

        rows, permits = ({name: what[name][at] for name in what} for what in (seen, mask))
        over = (0, None if one_mind(group) else 0, 0, 0, 0, 0)
        moves, after, notes = jax.vmap(one, over)(keys[at], mind, held, jnp.asarray(at, dtype=jnp.int32), rows, permits)
        if set(moves) != set(mask):
            raise DeclarationError(
                f"{type(group.learner).__name__} chooses in {sorted(moves)}, and the parts are {sorted(mask)}.",
                do="Let act return a move for every part of the world's ground, and for nothing else.",
            )
        chosen.append(moves)
        kept.append(after)
        noted.append(notes)
    order = np.argsort([number for group in groups for number in group.seats])
    joint = {part: jnp.concatenate([moves[part] for moves in chosen])[order] for part in mask}
    return joint, tuple(kept), tuple(noted)
