"""Every state that a protocol can come to, nearest first."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from ..core.errors import InputError
from ..core.protocol import Protocol, State, Trace, checked_pays, checked_steps
from ._faults import Faults

Edge = tuple[int, str]
"""The state that a step leads to (its number), and who makes it."""


ENDS = 1_000
"""Ends of a search whose payments are checked; to play a protocol checks them all."""


@dataclass
class Explored:
    """States in the order in which they were found, the shortest way to each, and what stands out.

    `explore` can go on with it: what was looked at is not looked at again.

    Attributes
    ----------
    states : all that were found. parent : for each the number of the one it was found from, -1 for the first.
    steps : how many steps were looked at. expanded : of how many states, from the first on.
    reached : property -> the first state found where it does not hold (of `watch`), by number.
    stuck : the first state without a step in which play should not end, by number; None where there is none.
    halted : states that were not gone on from, because `halt` held there.
    edges : for each expanded state its steps, where they were asked for.
    """

    states: list[State]
    parent: list[int]
    steps: int = 0
    expanded: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    stuck: int | None = None
    halted: set[int] = field(default_factory=set)
    edges: list[list[Edge]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether there is nothing more to find."""
        return self.expanded == len(self.states)


def explore(
    protocol: Protocol,
    faults: Faults,
    limit: int,
    watch: Sequence[tuple[str, Callable[[State, frozenset[str]], bool]]] = (),
    halt: Callable[[State, frozenset[str]], bool] | None = None,
    edges: bool = False,
    found: Explored | None = None,
) -> Explored:
    """Breadth-first search until more than `limit` states are known; the first break of each in `watch` is kept.

    What is paid at the first `ENDS` ends is checked where no edges are asked for, so that it is once.
    """
    with _no_collection():
        return _explored(protocol, faults, limit, watch, halt, edges, found)


@contextmanager
def _no_collection() -> Iterator[None]:
    """States hold no cycles, and looking for some among millions of tuples would take a sixth of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _explored(
    protocol: Protocol,
    faults: Faults,
    limit: int,
    watch: Sequence[tuple[str, Callable[[State, frozenset[str]], bool]]],
    halt: Callable[[State, frozenset[str]], bool] | None,
    edges: bool,
    found: Explored | None,
) -> Explored:
    events, possible, who = protocol.events_of(faults.who), faults.possible, faults.who
    found = Explored([protocol.start()], [-1]) if found is None else found
    states, parent, steps = found.states, found.parent, found.steps
    checked_steps(protocol, states[0])
    number_of, new = {state: k for k, state in enumerate(states)}.setdefault, len(states)
    watched, ends = [pair for pair in watch if pair[0] not in found.reached], 0
    for k in count(found.expanded):  # states grow while they are walked
        if k == len(states) or len(states) > limit:
            break
        state = states[k]
        if watched:
            for name, holds in watched:
                if not holds(state, who):
                    found.reached[name] = k
            watched = [pair for pair in watched if pair[0] not in found.reached]
        own: list[Edge] = []
        if halt is not None and halt(state, who):
            found.halted.add(k)
        else:
            try:
                can = possible(events(state))
                for actor, _, after, _, _ in can:
                    if (at := number_of(after, new)) == new:
                        states.append(after)
                        parent.append(k)
                        new += 1
                    if edges:
                        own.append((at, actor))
            except (TypeError, ValueError, IndexError):  # what is no step, or no state, is told in words
                checked_steps(protocol, state)
                raise
            steps += len(can)
            if not can and found.stuck is None and not protocol.ended(state):
                found.stuck = k
            elif not can and not edges and ends < ENDS:
                ends += 1
                if protocol.ended(state):
                    checked_pays(protocol, state)
        if edges:
            found.edges.append(own)
        found.expanded = k + 1
    found.steps = steps
    return found


def explore_all(protocol: Protocol, faults: Sequence[Faults], limit: int, **how: Any) -> list[Explored]:
    """One search for each set of faulty parties, of at most `limit` states together.

    Shares are even, and what small searches leave is shared out again, so that all are complete if all fit.
    """
    found: list[Explored | None] = [None] * len(faults)
    while True:
        open_ = [k for k, one in enumerate(found) if one is None or not one.complete]
        done = sum(len(one.states) for one in found if one is not None and one.complete)
        share = max((limit - done) // max(len(open_), 1), 1)
        for k in open_:
            found[k] = explore(protocol, faults[k], share, found=found[k], **how)
        left = [k for k in open_ if not (one := found[k]) or not one.complete]
        if not left or len(left) == len(open_):
            return [one for one in found if one is not None]


def way_to(protocol: Protocol, faults: Faults, found: Explored, number: int) -> list[tuple[str, str]]:
    """The shortest trace to a state that was found."""
    numbers = [number]
    while (above := found.parent[numbers[-1]]) >= 0:
        numbers.append(above)
    walk = [found.states[k] for k in reversed(numbers)]
    return [step_between(protocol, faults, a, b) for a, b in pairwise(walk)]


def step_between(
    protocol: Protocol, faults: Faults, before: State, after: State, who: str | None = None
) -> tuple[str, str]:
    """Who does what to lead from one state to the next; what `who` does, where it is named."""
    for step in faults.possible(checked_steps(protocol, before)):
        if step.after == after and who in (None, step.actor):
            return (step.actor, step.label)
    raise InputError(
        f"{type(protocol).__name__} had a step from {before!r:.80} before, and has none now.",
        "A protocol answers the same about the same state.",
        "Make its methods pure.",
    )


def in_words(trace: Trace) -> str:
    """A trace in a line."""
    return "; ".join(f"{actor}: {label}" for actor, label in trace) or "nothing has to happen"
