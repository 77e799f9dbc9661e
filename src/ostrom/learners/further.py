"""`further`: let some seats of many tables learn on, or somebody new learn there, while the others stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError
from ..core.seeds import words
from ..core.world import World
from ..worlds._prng import branch, wrap
from ._bounds import in_memory
from ._frozen import Casting, Frozen, blank, check, joined, kind_of, kinds_of, parts
from ._learner import Array, Learner, Mind, Space
from ._lesson import BLOCK, MINDS, Class, teach
from ._pupil import Both, Pupil
from ._scripted import Trained
from ._table import Group, begin, space_of
from ._unroll import stand

Seats = Sequence[int] | Sequence[Sequence[int]]
"""Seats that learn at every table, or for each table those that learn there."""


def further(
    world: World,
    tables: Sequence[Casting],
    learning: Seats,
    steps: int,
    *,
    learner: Learner | None = None,
    seed: int = 0,
    kinds: Sequence[Learner] = (),
) -> list[list[Any]]:
    """The tables after the seats in `learning` have learned for `steps` steps against (or with) the others.

    One seat that learns against others who do not is a search for a best reply: what it gains is a lower bound on the
    regret of whoever sat there. All tables are computed together, each with its own chance.

    Parameters
    ----------
    tables : for each table, players for all seats in order: policies, or trained players.
    learning : numbers of the seats that learn; or, for each table, those that learn there. The latter compiles once for
        every choice of seats, and computes more: what a seat that does not learn would have learned is thrown away.
    steps : steps of the world at each table, over all copies; rounded up to whole lessons.
    learner : somebody new, who knows nothing yet; by default each seat goes on with what it has learned.
    kinds : further kinds of players among those who do not learn; who calls twice with the same ones compiles once.

    Raises `InputError` for tables that do not fit, a seat that cannot learn, or nothing to do.
    """
    check(world, tables, len(tables))
    chosen = _chosen(world, tables, learning, steps)
    any_seat = len(learning) > 0 and not isinstance(learning[0], int | np.integer)
    seated = _anywhere if any_seat and _separate(tables, chosen, learner) else _fixed
    groups, minds = seated(world, tables, chosen, learner, kinds, seed)
    teachers = [group.learner for group in groups if not isinstance(group.learner, Frozen)]
    length, copies = max(one.length for one in teachers), max(one.copies for one in teachers)
    lessons = -(-steps // (length * copies))
    learners, seats = tuple(group.learner for group in groups), tuple(group.seats for group in groups)
    keys = np.array([words(seed + number) for number in range(len(tables))], np.uint32)
    with in_memory(f"Training at {len(tables)} tables"):
        classes = _resume(world, learners, seats, minds, keys, copies)
        for done in range(0, lessons, BLOCK):
            count = np.int32(min(BLOCK, lessons - done))
            classes, _ = teach(world, learners, seats, classes, np.uint32(done), count, np.float32(lessons), length)
        learned = jax.device_get(classes.minds)
    return [_after(*row, groups, learned, number) for number, row in enumerate(zip(tables, chosen, strict=True))]


def _chosen(world: World, tables: Sequence[Casting], learning: Seats, steps: int) -> list[tuple[int, ...]]:
    """The seats that learn at each table, rising."""
    players = len(world.ground.players)
    one = all(isinstance(seat, int | np.integer) for seat in learning)
    rows: Any = [learning] * len(tables) if one else learning
    chosen = [tuple(sorted({int(seat) for seat in row})) for row in rows]
    if len(chosen) != len(tables) or not all(chosen) or steps < 1:
        raise InputError(
            f"further(learning={list(learning)}, steps={steps}) has nothing to do at some of {len(tables)} tables.",
            do="Name at least one seat (at every table, where they differ), and give at least one step.",
        )
    wrong = [seat for row in chosen for seat in row if not 0 <= seat < players]
    if wrong:
        raise InputError(f"There is no seat {wrong[0]}: there are {players}.", do="Count from 0.")
    return chosen


def _separate(tables: Sequence[Casting], chosen: Sequence[tuple[int, ...]], learner: Learner | None) -> bool:
    """Whether all who learn are of one learner that has a mind for each seat and looks at nobody else's."""
    kinds = (
        [learner] if learner else kinds_of([[c[seat] for seat in row] for c, row in zip(tables, chosen, strict=True)])
    )
    return len(kinds) == 1 and not kinds[0].shared and type(kinds[0]).improve is Learner.improve


def _fixed(
    world: World,
    tables: Sequence[Casting],
    chosen: Sequence[tuple[int, ...]],
    learner: Learner | None,
    kinds: Sequence[Learner],
    seed: int,
) -> tuple[tuple[Group, ...], tuple[Mind, ...]]:
    """Groups of seats, those who learn first, and their minds `[K, …]`; the same seats learn at all tables."""
    learning, space = chosen[0], space_of(world)
    if any(row != learning for row in chosen):
        raise InputError(
            f"Seats {sorted(set(chosen))[:3]} learn at different tables.",
            "That is for one learner with a mind of its own in each seat.",
            "Call further once for each choice of seats.",
        )
    pupils: list[tuple[Learner, list[int]]] = []
    for seat in learning:
        kind = learner or _teachable(tables, [(seat,)] * len(tables))
        known = next((seats for other, seats in pupils if other == kind), None)
        known.append(seat) if known is not None else pupils.append((kind, [seat]))
    groups = [Group(kind, tuple(seats)) for kind, seats in pupils]
    minds = [_known(group, tables) if learner is None else _new(group, tables, seed, space) for group in groups]
    rest = tuple(seat for seat in range(len(world.ground.players)) if seat not in learning)
    if rest:
        others = kinds_of([[casting[seat] for seat in rest] for casting in tables])
        known = joined(kinds, others)
        groups.append(Group(Frozen(known), rest))
        minds.append(parts(known, tables, rest, space))
    return tuple(groups), tuple(minds)


def _anywhere(
    world: World,
    tables: Sequence[Casting],
    chosen: Sequence[tuple[int, ...]],
    learner: Learner | None,
    kinds: Sequence[Learner],
    seed: int,
) -> tuple[tuple[Group, ...], tuple[Mind, ...]]:
    """One group of all seats, of whom at each table some learn."""
    every, space = tuple(range(len(world.ground.players))), space_of(world)
    kind = learner or _teachable(tables, chosen)
    known = joined(kinds, kinds_of(tables))
    learns = np.array([[seat in row for seat in every] for row in chosen])
    if learner is not None:
        own = _new(Group(kind, every), tables, seed, space)
    else:
        nothing = blank(kind, space)
        rows = [
            [casting[seat].mind if seat in row else nothing for seat in every]
            for casting, row in zip(tables, chosen, strict=True)
        ]
        stacked = [jax.tree.map(lambda *leaves: np.stack(leaves), *row) for row in rows]
        own = jax.tree.map(lambda *leaves: np.stack(leaves), *stacked)
    return (Group(Pupil(kind, Frozen(known)), every),), (Both(learns, own, parts(known, tables, every, space)),)


def _teachable(tables: Sequence[Casting], chosen: Sequence[Sequence[int]]) -> Learner:
    """The learner that sits in these seats of all tables."""
    players = [casting[seat] for casting, row in zip(tables, chosen, strict=True) for seat in row]
    kinds = [kind_of(player) for player in players]
    for player, kind in zip(players, kinds, strict=True):
        if not isinstance(player, Trained) or not kind.learns or kind != kinds[0]:
            raise InputError(
                f"A seat that is to learn on is taken by {kind!r:.100}, which cannot at every table.",
                "A policy learns nothing, and one training has one kind of learner in a seat.",
                "Say who is to learn there: further(…, learner=IPPO()).",
            )
    return kinds[0]


def _known(group: Group, tables: Sequence[Casting]) -> Mind:
    """What the seats have learned so far; of a mind that seats share, as the first has it."""
    seats = group.seats[:1] if group.learner.shared else group.seats
    rows = [jax.tree.map(lambda *own: np.stack(own), *[casting[seat].mind for seat in seats]) for casting in tables]
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *rows)
    return jax.tree.map(lambda leaf: leaf[:, 0], stacked) if group.learner.shared else stacked


def _new(group: Group, tables: Sequence[Casting], seed: int, space: Space) -> Mind:
    keys = [words(seed + number) for number in range(len(tables))]
    made = [begin((group,), wrap(branch(np.array(key, np.uint32), 0, MINDS)), space)[0] for key in keys]
    return jax.tree.map(lambda *leaves: np.stack(leaves), *made)


def _after(
    casting: Casting, learning: Sequence[int], groups: Sequence[Group], learned: Sequence[Mind], number: int
) -> list[Any]:
    """A table with what was learned at it."""
    players = list(casting)
    for group, mind in zip(groups, learned, strict=True):
        if isinstance(group.learner, Frozen):
            continue
        kind, own = (group.learner.learner, mind.own) if isinstance(group.learner, Pupil) else (group.learner, mind)
        own = jax.tree.map(lambda leaf: np.asarray(leaf)[number], own)
        for place, seat in enumerate(group.seats):
            mine = own if kind.shared else jax.tree.map(lambda leaf, place=place: leaf[place], own)
            if seat in learning:
                players[seat] = Trained(kind, mine)
    return players


@partial(jax.jit, static_argnames=("seats", "copies"))
def _resume(
    world: World,
    learners: tuple[Learner, ...],
    seats: tuple[tuple[int, ...], ...],
    minds: tuple[Mind, ...],
    keys: Array,
    copies: int,
) -> Class:
    """The start of a training with these minds, at each table."""
    groups, space, players = tuple(map(Group, learners, seats)), space_of(world), len(world.ground.players)

    def one(own: tuple[Mind, ...], key: Array) -> Class:
        here = stand(world, groups, own, key, copies, space)
        return Class(key, own, here, jnp.zeros((copies, players)), jnp.full(players, jnp.nan, jnp.float32))

    return jax.vmap(one)(minds, keys)
