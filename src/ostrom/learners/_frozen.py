"""Players who do not change any more, each seat with a mind of its own, of one or several kinds, computed together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..core.agent import Policy, Sight
from ..core.errors import InputError
from ..core.world import World
from ..worlds._outline import require_sound
from ..worlds._prng import wrap
from ._learner import Array, Learner, Memory, Mind, Space
from ._scripted import Scripted, Trained

Casting = Sequence[Any]
"""Players (learners that were trained, policies), one for each seat in order."""


class Part(NamedTuple):
    """A mind among several kinds of players: which of them it is, and a mind for each (blank for the others)."""

    which: Array
    minds: tuple[Mind, ...]


class Frozen(Learner):
    """Players of these kinds, each as its mind (`Part`) says. To the loop it is a learner: minds go by seat."""

    kinds: tuple[Learner, ...]

    def begin(self, key: Array, space: Space) -> Mind:
        """The first kind, untaught; minds are given."""
        keys = jax.random.split(key, len(self.kinds))
        minds = tuple(kind.begin(own, space) for kind, own in zip(self.kinds, keys, strict=True))
        return Part(jnp.int32(0), minds)

    def recall(self, mind: Mind, space: Space) -> Memory:
        """Every kind's."""
        return tuple(kind.recall(own, space) for kind, own in zip(self.kinds, mind.minds, strict=True))

    def act(self, key: Array, mind: Mind, memory: Memory, sight: Sight) -> tuple[Any, Memory, Any]:
        """All kinds choose; what the one that sits here chose counts."""
        keys = jax.random.split(key, len(self.kinds))
        held = zip(self.kinds, keys, mind.minds, memory, strict=True)
        each = [kind.act(own, mine, kept, sight) for kind, own, mine, kept in held]
        moves = each[0][0]
        for number, (other, _, _) in enumerate(each[1:], 1):
            moves = {part: jnp.where(mind.which == number, other[part], moves[part]) for part in moves}
        return moves, tuple(kept for _, kept, _ in each), {}

    def improve(self, key: Array, minds: Mind, tracks: Any, done: Array) -> tuple[Mind, dict[str, Array]]:
        """Nothing changes."""
        return minds, {}


def kind_of(player: Any) -> Learner:
    """What kind of player somebody is, whatever its mind."""
    if isinstance(player, Trained):
        return player.learner
    if isinstance(player, Policy):
        return Scripted(player)
    if isinstance(player, Scripted):
        return player
    raise InputError(
        f"{player!r} has learned nothing yet.",
        "Whoever is met plays as it is: a policy, or a learner that has been trained.",
        "Train it first, and give run.players().",
    )


def kinds_of(castings: Sequence[Casting]) -> tuple[Learner, ...]:
    """The different kinds of players there are, in the order in which they appear."""
    found: list[Learner] = []
    for casting in castings:
        for player in casting:
            kind = kind_of(player)
            if not any(kind == known for known in found):
                found.append(kind)
    return tuple(found)


def joined(kinds: Sequence[Learner], others: Sequence[Learner]) -> tuple[Learner, ...]:
    """`kinds`, and those of the others that are not among them."""
    return (*kinds, *(one for one in others if not any(one == known for known in kinds)))


def parts(kinds: tuple[Learner, ...], castings: Sequence[Casting], seats: Sequence[int], space: Space) -> Part:
    """The minds of these seats in every casting, `[K, S, …]` on every leaf."""
    empty = [blank(kind, space) for kind in kinds]
    chosen = [casting[seat] for casting in castings for seat in seats]
    which = [_number(kinds, player) for player in chosen]
    minds = [_minds(empty, number, player) for number, player in zip(which, chosen, strict=True)]
    shape = len(castings), len(seats)
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves).reshape(*shape, *leaves[0].shape), *minds)
    return Part(np.array(which, np.int32).reshape(shape), stacked)


def blank(kind: Learner, space: Space) -> Mind:
    """A mind of zeros."""
    like = jax.eval_shape(lambda key: kind.begin(wrap(key), space), np.zeros(2, np.uint32))
    return jax.tree.map(lambda leaf: np.zeros(leaf.shape, leaf.dtype), like)


def _number(kinds: tuple[Learner, ...], player: Any) -> int:
    kind = kind_of(player)
    return next(number for number, known in enumerate(kinds) if known == kind)


def _minds(empty: Sequence[Mind], own: int, player: Any) -> tuple[Mind, ...]:
    """A mind for every kind, blank but for one's own."""
    mine = jax.tree.map(np.asarray, player.mind if isinstance(player, Trained) else ())
    shapes = [[leaf.shape for leaf in jax.tree.leaves(mind)] for mind in (mine, empty[own])]
    if shapes[0] != shapes[1]:
        raise InputError(
            f"A trained {type(player.learner).__name__} has a mind of shapes {shapes[0][:4]}, and here it needs "
            f"{shapes[1][:4]}.",
            "What it learned to see or to choose is not what there is in this world.",
            "Let it play in the world it was trained in, or in one where as much is seen and chosen.",
        )
    return tuple(mine if number == own else other for number, other in enumerate(empty))


def check(world: World, tables: Sequence[Casting], seeds: int, episodes: int = 1) -> None:
    """Refuse tables that do not fit the world."""
    require_sound(world)
    players = len(world.ground.players)
    if not tables or episodes < 1 or seeds != len(tables):
        raise InputError(
            f"{len(tables)} tables, {seeds} seeds and {episodes} episodes were given.",
            "There has to be something to play, and each table has a seed.",
            "Give at least one table and one episode, and as many seeds as tables.",
        )
    for number, casting in enumerate(tables, 1):
        if len(casting) != players:
            raise InputError(
                f"Table {number} has {len(casting)} players, and {type(world).__name__} has {players} seats.",
                "Every seat needs somebody who plays.",
                "Give each table one player for each seat, in order.",
            )
