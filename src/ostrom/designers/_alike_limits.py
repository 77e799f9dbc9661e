"""Limits and bans among players who are alike: the least that has to be forbidden, by counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from ..institutions.ban import Ban
from ..institutions.quota import Quota
from ._alike_crowd import Crowd
from ._alike_rule import Rule
from ._proposal import Impossible, Needs

TRIES = 2_000
"""Sets of moves looked at before the smallest ban found is only a bound."""


def quota(crowd: Crowd, target: int) -> Rule | Impossible:
    """The highest limit on a fact of the own move under which the target is the only pure equilibrium.

    Where no limit does that, the highest under which it is the only one in which all do the same; else one at all.
    """
    label = crowd.moves[target]
    if not crowd.facts:
        because = f"{crowd.game.name} has no fact of one's own move, so there is nothing to limit but single moves."
        return Impossible("quota", because, "Forbidding single moves is the restriction.")
    found = [
        (rank, len(crowd.moves) - len(kept), name, limit)
        for name in crowd.facts
        for rank, limit, kept in islice(sorted(_limits(crowd, target, name), key=_mildest), 1)
    ]
    if not found:
        because = f"No limit on {' or '.join(crowd.facts)} makes it an equilibrium that all play {label}: who stays "
        return Impossible("quota", f"{because}within it still gains by leaving.", "Forbidding single moves may.")
    rank, out, name, limit = min(found)
    said = f"No more than {limit:.6g} of {name} each makes {_standing(label, rank)}."
    needs = Needs(
        forbidden=out * crowd.count,
        share=out / len(crowd.moves),
        observed=name,
        information=1 if crowd.sees_all(name) else 2,
    )
    rule = Quota(on=name, limit=limit)
    source = "Ostrom, Governing the Commons (1990), on limits; smallest restriction after Oesterle and Sharon (2023)"
    return Rule("quota", said, rule, rule, needs, float(out), source)


def _mildest(one: tuple[int, float, list[int]]) -> tuple[int, float]:
    return one[0], -one[1]


def _limits(crowd: Crowd, target: int, name: str) -> Iterator[tuple[int, float, list[int]]]:
    """`(rank, limit, moves kept)` of every limit that forbids something and leaves the target an equilibrium.

    Rank 0: the only pure equilibrium; 1: the only one in which all do the same; 2: one of several.
    """
    amounts = crowd.facts[name]
    for limit in sorted({float(x) for x in amounts if x >= max(0.0, amounts[target])}, reverse=True):
        kept = [k for k in range(len(amounts)) if amounts[k] <= limit]
        alike = crowd.symmetric(kept)
        if len(kept) == len(amounts) or target not in alike:
            continue
        rank = 2 if alike != [target] else 1 if crowd.another(kept, target) is not None else 0
        yield rank, limit, kept
        if rank == 0:
            return


def _standing(label: str, rank: int) -> str:
    words = ("the only pure equilibrium", "the only equilibrium in which all do the same", "an equilibrium")
    return f"all playing {label} {words[rank]}" + (", though not the only one" if rank == 2 else "")


def ban(crowd: Crowd, target: int) -> Rule | Impossible:
    """The fewest moves, the same for all, without which the target is the only pure equilibrium.

    What is better than the target where all make it has to go. Any other equilibrium that is left only goes when one
    of its moves does, whatever else is forbidden: so sets are tried by size, one move of such an equilibrium at a time.
    """
    size, label = len(crowd.moves), crowd.moves[target]
    better = [k for k in range(size) if crowd.alone[target, k] > crowd.alone[target, target] + crowd.slack]
    out, complete = _smallest(crowd, frozenset(better), target)
    if not out:
        because = f"Nothing needs to be forbidden: all playing {label} is the only pure equilibrium."
        return Impossible("restriction", because)
    names = [crowd.moves[k] for k in sorted(out)]
    said = f"Forbidding {_listed(names)} to everybody makes {_standing(label, 0)}."
    said += "" if complete else " Less may do: not every smaller set was tried."
    needs = Needs(forbidden=len(out) * crowd.count, share=len(out) / size, observed="own moves", information=2)
    rule = Ban(moves=tuple(("*", name) for name in names))
    source = "Smallest restriction after Oesterle and Sharon (2023), here the same moves for all, by exhaustive search"
    return Rule("restriction", said, rule, rule, needs, float(len(out)), source)


def _listed(names: list[str]) -> str:
    """A few names in full; of many the first and the last, and how many."""
    if len(names) > 6:
        return f"{len(names)} moves ({', '.join(names[:3])}, …, {names[-1]})"
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]


def _smallest(crowd: Crowd, first: frozenset[int], target: int) -> tuple[frozenset[int], bool]:
    """The smallest set to forbid that contains `first`, and whether all smaller ones were ruled out."""
    layer, tries, complete = [first], 0, True
    while True:
        ahead: dict[frozenset[int], None] = {}
        for out in layer:
            counts = crowd.another([k for k in range(len(crowd.moves)) if k not in out], target)
            if counts is None:
                return out, complete
            ahead |= dict.fromkeys(out | {k} for k in np.flatnonzero(counts).tolist() if k != target)
        tries += len(layer)
        # Out of tries, one set is followed to its end, which is at the latest where only the target is left.
        layer = list(ahead)[: max(1, TRIES - tries)]
        complete = complete and len(layer) == len(ahead)
