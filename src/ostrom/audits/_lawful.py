"""The states of its rules that a constitution can be brought to by lawful votes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ..core.errors import TooLarge
from ..institutions.constitution import Constitution

RULES = 16
"""Articles up to which all states of the rules are looked at."""

Force = tuple[bool, ...]


@dataclass(frozen=True)
class Amended:
    """A state of the rules that can be reached.

    Attributes
    ----------
    steps : `(what is changed, votes that takes)`, one after the other; a shortest way that takes no more votes at once.
    votes : the most that a step takes.
    """

    force: Force
    steps: tuple[tuple[str, int], ...]

    @property
    def votes(self) -> int:
        """The most votes that a step takes: as large a group can do all of them."""
        return max((votes for _, votes in self.steps), default=0)


def amended(law: Constitution, players: int, votes: int) -> list[Amended]:
    """All states of the rules that groups of so many votes can reach, by breadth-first search, the nearest first."""
    if len(law.names) > RULES:
        raise TooLarge(
            f"A constitution of {len(law.names)} articles has {2 ** len(law.names):,} states of its rules.",
            f"All are looked at up to {RULES} articles.",
            "Leave out articles that nothing hangs on.",
        )
    start: Force = (True,) * len(law.names)
    found: dict[Force, Amended] = {start: Amended(start, ())}
    left: deque[Force] = deque([start])
    while left:
        force = left.popleft()
        for k, needed in enumerate(map(int, law.votes(force, players))):
            after = (*force[:k], not force[k], *force[k + 1 :])
            if needed <= votes and after not in found:
                found[after] = Amended(after, (*found[force].steps, (law.names[k], needed)))
                left.append(after)
    return list(found.values())


def easiest(law: Constitution, players: int) -> list[Amended]:
    """All states of the rules that can be reached at all, each by the smallest group that is able to."""
    found: dict[Force, Amended] = {}
    for votes in range(1, players + 1):
        found |= {one.force: one for one in amended(law, players, votes) if one.force not in found}
    return list(found.values())
