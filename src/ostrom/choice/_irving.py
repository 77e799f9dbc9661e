"""Irving's algorithm for roommates, carried on past odd parties as Tan does: it ends in a stable partition."""

from __future__ import annotations

from collections.abc import Sequence


class Lists:
    """The lists of all who are left for each, best first; a pair is always on both lists or on none."""

    def __init__(self, lines: Sequence[Sequence[int]]) -> None:
        sets = [set(own) for own in lines]
        self.own = [[k for k in line if i in sets[k]] for i, line in enumerate(lines)]
        self.place = [{k: at for at, k in enumerate(own)} for own in self.own]
        self.size = [len(own) for own in self.own]
        self.first, self.last = [0] * len(lines), [len(own) - 1 for own in self.own]

    def best(self, i: int) -> int:
        """The first on a list that is not empty."""
        while self.own[i][self.first[i]] not in self.place[i]:
            self.first[i] += 1
        return self.own[i][self.first[i]]

    def worst(self, i: int) -> int:
        """The last on a list that is not empty."""
        while self.own[i][self.last[i]] not in self.place[i]:
            self.last[i] -= 1
        return self.own[i][self.last[i]]

    def second(self, i: int) -> int:
        """The second on a list of two or more."""
        at = self.place[i][self.best(i)] + 1
        while self.own[i][at] not in self.place[i]:
            at += 1
        return self.own[i][at]

    def strike(self, i: int, k: int) -> None:
        """Take a pair off both lists."""
        for one, other in ((i, k), (k, i)):
            del self.place[one][other]
            self.size[one] -= 1

    def no_worse_than(self, i: int, k: int) -> list[int]:
        """Strike everybody whom `i` likes less than `k`; who was struck."""
        gone = []
        while (last := self.worst(i)) != k:
            self.strike(i, last)
            gone.append(last)
        return gone


def stable_partition(lines: Sequence[Sequence[int]]) -> tuple[list[tuple[int, ...]], int]:
    """The parties of a stable partition (Tan 1991), and how many proposals and rotations it took.

    A party of one is single, of two a pair; in a longer one, of odd length, each likes the next better than the one
    before. Every stable partition has the same odd parties, so that one of three or more leaves no stable matching.
    """
    lists = Lists(lines)
    steps = _propose(lists)
    parties: list[tuple[int, ...]] = [(i,) for i, size in enumerate(lists.size) if not size]
    done = {party[0] for party in parties}
    for start in range(len(lines)):
        while start not in done and lists.size[start] > 1:
            steps += 1
            cycle = _rotation(lists, start)
            if party := _odd(lists, cycle):
                parties.append(party)
                done |= set(party)
            else:
                for i, k in [(i, lists.second(i)) for i in cycle]:
                    lists.no_worse_than(k, i)
    rest = [i for i in range(len(lines)) if i not in done]
    return sorted(parties + [(i, lists.best(i)) for i in rest if i < lists.best(i)]), steps


def _propose(lists: Lists) -> int:
    """Each asks the best on its list until it is held; whoever is asked strikes all that are worse."""
    free, steps = list(range(len(lists.own))), 0
    holds: dict[int, int] = {}
    while free:
        i = free.pop()
        if lists.size[i]:
            k = lists.best(i)
            steps += 1
            before = holds.get(k)
            holds[k] = i
            lists.no_worse_than(k, i)
            if before is not None and before != i:
                free.append(before)
    return steps


def _rotation(lists: Lists, start: int) -> list[int]:
    """Who moves on to its second choice: from anybody with two or more, the last on the second's list is next."""
    path, at = [], dict[int, int]()
    while start not in at:
        at[start] = len(path)
        path.append(start)
        start = lists.worst(lists.second(start))
    return path[at[start] :]


def _odd(lists: Lists, cycle: list[int]) -> tuple[int, ...]:
    """The party, where the cycle is one: lists of two, each other's, in a ring of odd length; else empty."""
    if any(lists.size[i] != 2 for i in cycle) or len(cycle) % 2 == 0:
        return ()
    ring = [cycle[0]]
    while (after := lists.best(ring[-1])) != ring[0]:
        if after not in cycle or len(ring) > len(cycle):
            return ()
        ring.append(after)
    return tuple(ring) if len(ring) == len(cycle) else ()
