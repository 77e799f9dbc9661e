"""States per CPU second of exploring the shipped protocols, safety properties included, on one core.

    python benchmarks/protocols.py [--limit STATES]

Prints one JSON object a line. `states_per_s` is of the search for safety and deadlocks alone (target: 100,000);
`liveness_per_s` of the search until something has come about, with the circles looked at.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

from ostrom import protocols
from ostrom.audits._end_components import circle, stop
from ostrom.audits._explore import explore
from ostrom.audits._faults import Faults
from ostrom.core.protocol import DEVIATIONS, Protocol

TARGET = 100_000
NET = protocols.ContractNet(costs=(1.0, 2.0, 3.0, 3.0, 4.0), prices=(1.0, 2.0, 3.0, 4.0))
CASES: list[tuple[Protocol, tuple[str, ...]]] = [
    (protocols.TwoPhaseCommit(participants=7), ()),
    (protocols.TwoPhaseCommit(participants=7), ("coordinator",)),
    (protocols.Quorum(members=5, votes=4), ("dealer",)),
    (protocols.CommitReveal(players=4, binding=False), ("party 1", "party 2")),
    (NET, NET.parties),
    (protocols.Gossip(agents=5), ()),
    (protocols.Gossip(agents=5, loss=0.1), ()),
    (protocols.Broadcast(receivers=4, tries=4), ()),
    (protocols.SamplingAudit(claimants=8), ("claimant 1", "claimant 2", "claimant 3")),
    (protocols.HashChain(entries=5, readers=3), ("logger",)),
]


def spent(run: Callable[..., object], *given: object) -> float:
    """The least CPU seconds of three runs."""
    best = float("inf")
    for _ in range(3):
        before = time.process_time()
        run(*given)
        best = min(best, time.process_time() - before)
    return best


def live(protocol: Protocol, faults: Faults, limit: int, holds: Callable[..., bool]) -> int:
    """How many states were gone through until something had come about, stops and circles looked for."""
    graph = explore(protocol, faults, limit, halt=holds, edges=True)
    _ = stop(graph, faults.idle), circle(graph, faults.parties, faults.idle)
    return graph.expanded


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--limit", type=int, default=300_000, help="states of one search")
    limit = options.parse_args().limit
    for protocol, who in CASES:
        faults = Faults(frozenset(protocol.parties), frozenset(who), frozenset(DEVIATIONS))
        safety, holds = list(protocol.safety().items()), next(iter(protocol.liveness().values()))
        found = explore(protocol, faults, limit, safety)
        row = {
            "case": str(protocol),
            "faulty": list(who),
            "states": found.expanded,
            "steps": found.steps,
            "complete": found.complete,
            "states_per_s": round(found.expanded / spent(explore, protocol, faults, limit, safety)),
        }
        if (until := live(protocol, faults, limit, holds)) > 1_000:
            row["liveness_per_s"] = round(until / spent(live, protocol, faults, limit, holds))
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
