"""Simple routes of a directed graph, and what can be reached at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import TooLarge

ROUTE_LIMIT = 5_000
"""Routes of one origin and destination beyond which they are not listed."""
STEP_LIMIT = 400_000
"""Steps of the search for them beyond which it gives up (dead ends count)."""

Graph = Sequence[Sequence[tuple[int, int]]]
"""For every node, the links that leave it as `(link, head)`."""


def reachable(leaving: Graph, origin: int, closed: frozenset[int]) -> set[int]:
    """The nodes that a trip from `origin` can end at; nodes in `closed` are never passed through."""
    seen, waiting = {origin}, [origin]
    while waiting:
        node = waiting.pop()
        if node == origin or node not in closed:
            new = {head for _, head in leaving[node]} - seen
            seen |= new
            waiting.extend(new)
    return seen


def simple_routes(leaving: Graph, origin: int, target: int, closed: frozenset[int]) -> list[tuple[int, ...]]:
    """All routes from `origin` to `target` that visit no node twice, as tuples of links, in order of links.

    Nodes in `closed` are not passed through. Raises `TooLarge` beyond `ROUTE_LIMIT` routes or `STEP_LIMIT` steps.
    """
    useful = _leading_to(leaving, target)
    found: list[tuple[int, ...]] = []
    route: list[int] = []
    visited = [origin]
    choices: list[Iterator[tuple[int, int]]] = [iter(leaving[origin])]
    for _ in range(STEP_LIMIT):
        step = next(choices[-1], None)
        if step is None:
            choices.pop()
            if not choices:
                return found
            route.pop()
            visited.pop()
            continue
        link, head = step
        if head == target:
            found.append((*route, link))
            if len(found) > ROUTE_LIMIT:
                break
        elif head in useful and head not in closed and head not in visited:
            route.append(link)
            visited.append(head)
            choices.append(iter(leaving[head]))
    raise TooLarge(
        f"There are more than {len(found) - 1:,} routes between one origin and destination.",
        "A list of all routes of a network of this size does not fit.",
        "Use ostrom.solvers.user_equilibrium, which makes routes as they are needed.",
    )


def _leading_to(leaving: Graph, target: int) -> set[int]:
    """The nodes from which `target` can be reached."""
    entering: list[list[int]] = [[] for _ in leaving]
    for node, links in enumerate(leaving):
        for _, head in links:
            entering[head].append(node)
    seen, waiting = {target}, [target]
    while waiting:
        new = set(entering[waiting.pop()]) - seen
        seen |= new
        waiting.extend(new)
    return seen
