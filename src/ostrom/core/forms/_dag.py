"""Directed graphs without cycles, by the parents of each node: order, ancestors, and what is separate given what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import InputError

Dag = Mapping[str, tuple[str, ...]]
"""Node -> its parents; every parent is a node."""


def ordered(dag: Dag) -> tuple[str, ...]:
    """The nodes, parents first, otherwise in the order given. `InputError` names a cycle."""
    placed: dict[str, None] = {}
    waiting = list(dag)
    while waiting:
        ready = next((node for node in waiting if all(parent in placed for parent in dag[node])), None)
        if ready is None:
            around = " > ".join(_cycle(dag, waiting))
            raise InputError(
                f"The arrows run in a circle: {around}.",
                "What comes later cannot cause what comes before.",
                "Leave an arrow of it out, or make two nodes of one at two times.",
            )
        placed[ready] = None
        waiting.remove(ready)
    return tuple(placed)


def _cycle(dag: Dag, left: list[str]) -> list[str]:
    walked = [left[0]]
    while True:
        back = next(parent for parent in dag[walked[-1]] if parent in left)
        if back in walked:
            return [back, *reversed(walked[walked.index(back) :])]
        walked.append(back)


def children(dag: Dag) -> dict[str, list[str]]:
    """Node -> its children."""
    found: dict[str, list[str]] = {node: [] for node in dag}
    for node, parents in dag.items():
        for parent in parents:
            found[parent].append(node)
    return found


def reached(steps: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    """Everything that is reached from `starts` by steps, with the starts themselves."""
    waiting = list(starts)
    seen = set(waiting)
    while waiting:
        fresh = [node for node in steps[waiting.pop()] if node not in seen]
        seen.update(fresh)
        waiting += fresh
    return seen


def separated(dag: Dag, one: Iterable[str], other: Iterable[str], given: Iterable[str]) -> bool:
    """Whether every trail between `one` and `other` is blocked by `given` (d-separation).

    A trail is walked with the direction in which each node is entered: through a node that is not given one passes on,
    but for two arrows that meet; those open where the node, or something that follows from it, is given. Nodes of
    `given` are nobody's ends. Pearl (1988); the walk is Shachter's (1998).
    """
    known = set(given)
    ends, below = set(other) - known, children(dag)
    opened = reached(dag, known)
    waiting = [(node, True) for node in one if node not in known]
    seen = set(waiting)
    while waiting:
        node, from_below = waiting.pop()
        if node in ends:
            return False
        steps: list[tuple[str, bool]] = []
        if node not in known:
            steps += [(child, False) for child in below[node]]
        if (from_below and node not in known) or (not from_below and node in opened):
            steps += [(parent, True) for parent in dag[node]]
        fresh = [step for step in steps if step not in seen]
        seen.update(fresh)
        waiting += fresh
    return True
