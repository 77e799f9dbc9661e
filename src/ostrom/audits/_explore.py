"""Every state that a protocol can come to, nearest first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, pairwise

import numpy as np

from ..core.errors import InputError
from ..core.protocol import DEVIATIONS, Protocol, State, Step, Trace, checked_steps, refused_kinds

Edge = tuple[int, str]
"""The state that a step leads to (its number), and who makes it."""


@dataclass(frozen=True)
class Faults:
    """Who takes part, who of them may leave the protocol, and how."""

    parties: frozenset[str]
    who: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset(DEVIATIONS)

    def possible(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Honest steps (those of chance with odds above 0), and deviations of the faulty."""
        parties, who, kinds = self.parties, self.who, self.kinds
        kept = [
            step
            for step in steps
            if (step[3] == "honest" and (step[4] is None or step[4] != 0 or step[0] in parties))
            or (step[0] in who and step[3] in kinds)
        ]
        if len(kept) < len(steps):
            refused_kinds({step.kind for step in steps} - {"honest"})
        return kept

    @property
    def idle(self) -> frozenset[str]:
        """Who may stop for good at any time."""
        return self.who if "silent" in self.kinds else frozenset()


@dataclass
class Explored:
    """States in the order in which they were found, the shortest way to each, and what stands out.

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
) -> Explored:
    """Breadth-first search through at most `limit` states; the first break of each property in `watch` is kept."""
    events, possible, who = protocol.events_of(faults.who), faults.possible, faults.who
    first = protocol.start()
    found = Explored([first], [-1])
    states, parent = found.states, found.parent
    checked_steps(protocol, first)
    number, watched, steps = {first: 0}, list(watch), 0
    for k, state in enumerate(states):  # grows while it is walked
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
                reached = [(actor, after, number.get(after)) for actor, _, after, _, _ in can]
            except (TypeError, ValueError, IndexError):  # what is no step, or no state, is told in words
                checked_steps(protocol, state)
                raise
            steps += len(can)
            for actor, after, at in reached:
                at = number.get(after) if at is None else at
                if at is None:
                    at = number[after] = len(states)
                    states.append(after)
                    parent.append(k)
                if edges:
                    own.append((at, actor))
            if not can and found.stuck is None and not protocol.ended(state):
                found.stuck = k
        if edges:
            found.edges.append(own)
        found.expanded = k + 1
        if len(states) > limit:
            break
    found.steps = steps
    return found


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


def fault_sets(protocol: Protocol, faulty: int | Collection[str]) -> list[frozenset[str]]:
    """Every set of at most `faulty` parties, smaller ones first; or the one set that is named."""
    if isinstance(faulty, str):
        faulty = (faulty,)
    if not isinstance(faulty, int):
        if not isinstance(faulty, Iterable) or (isinstance(faulty, np.ndarray) and not faulty.ndim):
            raise InputError(f"Faulty are {faulty!r:.80}.", do="Give a whole number, or names of parties.")
        faulty = list(faulty)
        for party in faulty:
            protocol.refuse_unknown(party)
        return [frozenset(faulty)]
    parties = protocol.parties
    if isinstance(faulty, bool) or not 0 <= faulty <= len(parties):
        raise InputError(f"{faulty} of {len(parties)} parties are faulty.", do=f"Give from 0 to {len(parties)}.")
    sizes = (combinations(parties, size) for size in range(faulty + 1))
    return [frozenset(group) for group in chain.from_iterable(sizes)]
