"""What never comes about: stops, and circles in which nobody honest is held up for ever.

Chance draws again and again, so that with certainty it does not stay in a circle that a draw can leave: what is left
are end components (de Alfaro 1997). Of these one counts if every actor who may not idle either acts in it or cannot at
some place of it (weak fairness).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from ._explore import Edge, Explored

Move = tuple[int, str, int]
"""A step from one state to another: numbers of the states, and who makes it."""


@dataclass(frozen=True)
class Circle:
    """States to go round in, and the steps within them by number of the state."""

    states: frozenset[int]
    steps: dict[int, list[Edge]]


def stop(found: Explored, idle: Collection[str]) -> int | None:
    """The first state, by number, in which nobody has a step but who may idle; None where there is none."""
    for k in range(found.expanded):
        if k not in found.halted and all(actor in idle for _, actor in found.edges[k]):
            return k
    return None


def circle(found: Explored, parties: Collection[str], idle: Collection[str]) -> Circle | None:
    """A fair circle among states that were not halted; None where there is none among those expanded."""
    inside = {k for k in range(found.expanded) if k not in found.halted}
    for states in _end_components(found, inside, parties):
        steps = {k: _within(found.edges[k], states, parties) for k in states}
        if all(_served(found, states, steps, actor) for actor in _busy(found, states, idle)):
            return Circle(frozenset(states), steps)
    return None


def round_trip(found: Explored, ring: Circle, idle: Collection[str]) -> list[Move]:
    """A walk through a circle that comes back to where it began and is fair."""
    begin = here = min(ring.states)
    walk: list[Move] = []
    for actor in sorted(_busy(found, ring.states, idle)):
        there, moves = _service(found, ring, actor)
        walk += [*_path(ring, here, there), *moves]
        here = walk[-1][2] if walk else begin
    if not walk:
        at, actor = ring.steps[begin][0]
        walk, here = [(begin, actor, at)], at
    return walk + _path(ring, here, begin)


def _end_components(found: Explored, inside: set[int], parties: Collection[str]) -> Iterable[set[int]]:
    """Largest sets of states in which play can stay for ever, whatever chance draws."""
    waiting = _rounds({k: found.edges[k] for k in inside})
    while waiting:
        states = waiting.pop()
        steps = {k: _within(found.edges[k], states, parties) for k in states}
        parts = _rounds(steps)
        if parts == [states]:
            yield states
        else:
            waiting += parts


def _within(own: list[Edge], states: Collection[int], parties: Collection[str]) -> list[Edge]:
    """The steps that stay: a party's one by one, those of chance only where all of them stay."""
    left = {actor for at, actor in own if actor not in parties and at not in states}
    return [edge for edge in own if edge[0] in states and edge[1] not in left]


def _rounds(steps: dict[int, list[Edge]]) -> list[set[int]]:
    """Strongly connected sets of states with at least one step within."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    place = {k: i for i, k in enumerate(steps)}
    pairs = [(i, place[at]) for k, i in place.items() for at, _ in steps[k] if at in place]
    if not pairs:
        return []
    rows, columns = np.array(pairs).T
    matrix = csr_array((np.ones(len(pairs), bool), (rows, columns)), shape=(len(place), len(place)))
    _, label = connected_components(matrix, directed=True, connection="strong")
    going = np.unique(label[rows[label[rows] == label[columns]]])
    parts: dict[int, set[int]] = {int(part): set() for part in going}
    for k, part in zip(place, label.tolist(), strict=True):
        if part in parts:
            parts[part].add(k)
    return list(parts.values())


def _busy(found: Explored, states: Collection[int], idle: Collection[str]) -> set[str]:
    """Who has a step at some of these states, and may not idle."""
    return {actor for k in states for _, actor in found.edges[k] if actor not in idle}


def _served(found: Explored, states: Collection[int], steps: dict[int, list[Edge]], actor: str) -> bool:
    """Whether an actor acts within a circle, or cannot at some place of it."""
    acts = any(who == actor for own in steps.values() for _, who in own)
    return acts or any(not _can(found, k, actor) for k in states)


def _can(found: Explored, k: int, actor: str) -> bool:
    return any(who == actor for _, who in found.edges[k])


def _service(found: Explored, ring: Circle, actor: str) -> tuple[int, list[Move]]:
    """Where an actor cannot act; or where it acts, and its step there."""
    for k in sorted(ring.states):
        if not _can(found, k, actor):
            return k, []
    return next((k, [(k, actor, at)]) for k in sorted(ring.states) for at, who in ring.steps[k] if who == actor)


def _path(ring: Circle, start: int, target: int) -> list[Move]:
    """A shortest way within a circle."""
    before: dict[int, Move] = {start: (start, "", start)}
    waiting = [start]
    for k in waiting:  # grows while it is walked
        if k == target:
            break
        for at, actor in ring.steps[k]:
            if at not in before:
                before[at] = (k, actor, at)
                waiting.append(at)
    path: list[Move] = []
    while target != start:
        path.append(before[target])
        target = path[-1][0]
    return path[::-1]
