"""Who may leave a protocol: sets of parties, one of each kind where parties can change places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.protocol import DEVIATIONS, Protocol, Step, refused_kinds


@dataclass(frozen=True)
class Faults:
    """Who takes part, who of them may leave the protocol, how, and for how many sets that are alike this one stands."""

    parties: frozenset[str]
    who: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset(DEVIATIONS)
    stands_for: int = 1

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


def fault_sets(protocol: Protocol, faulty: int | Collection[str]) -> dict[frozenset[str], int]:
    """Every set of at most `faulty` parties, smaller ones first, or the one that is named; of sets that are alike the
    first, with how many they are."""
    if isinstance(faulty, str):
        faulty = (faulty,)
    if not isinstance(faulty, int):
        if not isinstance(faulty, Iterable) or (isinstance(faulty, np.ndarray) and not faulty.ndim):
            raise InputError(f"Faulty are {faulty!r:.80}.", do="Give a whole number, or names of parties.")
        faulty = list(faulty)
        for party in faulty:
            protocol.refuse_unknown(party)
        return {frozenset(faulty): 1}
    parties = protocol.parties
    if isinstance(faulty, bool) or not 0 <= faulty <= len(parties):
        raise InputError(f"{faulty} of {len(parties)} parties are faulty.", do=f"Give from 0 to {len(parties)}.")
    sizes = (combinations(parties, size) for size in range(faulty + 1))
    apart: dict[Any, list[frozenset[str]]] = {}
    groups = _alike(protocol)
    for group in map(frozenset, chain.from_iterable(sizes)):
        apart.setdefault((group.difference(*groups), *(len(group & own) for own in groups)), []).append(group)
    return {sets[0]: len(sets) for sets in apart.values()}


def _alike(protocol: Protocol) -> list[frozenset[str]]:
    groups = [frozenset(group) for group in protocol.alike]
    names = [party for group in groups for party in group]
    for party in names:
        protocol.refuse_unknown(party)
    if len(set(names)) < len(names):
        raise InputError(
            f"Alike in {type(protocol).__name__} are {[sorted(group) for group in groups]}.",
            "Who is alike with some is alike with all of them.",
            "Put each party into one group at most.",
        )
    return groups
