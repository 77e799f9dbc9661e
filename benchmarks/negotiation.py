"""Negotiations by offers in turn, ours and NegMAS's, on the same scenarios; answers asserted, milliseconds and ratios.

    PEER_PYTHON=/path/to/python python benchmarks/negotiation.py

Scenarios of 25 and 1,000 outcomes with drawn additive utilities are written to a folder, which both read. Each is
negotiated to a deadline of 20 rounds by two aspiration agents. The agents are not the same (how levels fall, and what
is offered at a level, is each library's own), so times are held against each other and agreements are not; what is
asserted is that utilities, efficient outcomes and the largest product of gains agree. `PEER_PYTHON` is a Python with
negmas (0.16.0 was used), which runs as a process of its own; without it only our figures are printed. One JSON object a
line; `run_ms` is the median over scenarios of the least of several runs, in CPU time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ostrom.choice import alternating_offers
from ostrom.choice.negotiation import negotiation_points
from ostrom.core.forms.negotiation import Negotiation
from ostrom.formats.negmas import load_negmas, save_negmas

SIZES = {25: (2, 5), 1_000: (3, 10)}
SCENARIOS, REPEATS = 10, 5
FASTER = 2.0
"""How many times faster than the peer a negotiation has to be."""

PEER = r"""
import json, logging, sys, time, warnings
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
from negmas import Scenario
from negmas.preferences import nash_points, pareto_frontier
from negmas.sao import AspirationNegotiator, SAOMechanism

def least(call, times):
    best = float("inf")
    for _ in range(times):
        begun = time.process_time()
        found = call()
        best = min(best, time.process_time() - begun)
    return best * 1e3, found

rows = []
for folder in json.load(sys.stdin):
    scenario = Scenario.load(folder)
    outcomes, ufuns = list(scenario.outcome_space.enumerate()), scenario.ufuns
    def run():
        mechanism = SAOMechanism(outcome_space=scenario.outcome_space, n_steps=20)
        for ufun in ufuns:
            mechanism.add(AspirationNegotiator(), ufun=ufun)
        return mechanism.run().agreement
    def points():
        front, _ = pareto_frontier(ufuns, outcomes, sort_by_welfare=False)
        return front, nash_points(ufuns, front, outcomes=outcomes)[0][0]
    run_ms, agreed = least(run, 5)
    points_ms, (front, nash) = least(points, 5)
    rows.append({"run_ms": run_ms, "points_ms": points_ms, "agreed": agreed is not None, "front": len(set(front)),
                 "nash": list(map(float, nash)), "total": float(sum(float(u(o)) for u in ufuns for o in outcomes))})
print("ANSWER" + json.dumps(rows))
"""


def drawn(seed: int, issues: int, options: int) -> Negotiation:
    """Additive utilities, the weights of each party summing to 1, the worst option of every issue worth nothing.

    So the worst outcome is worth as much as none: the two libraries count gains from the one and from the other.
    """
    rng = np.random.default_rng(seed)
    values = rng.random((2, issues, options))
    return Negotiation.additive(
        {f"i{k}": range(options) for k in range(issues)},
        rng.dirichlet(np.ones(issues), 2).tolist(),
        (values - values.min(-1, keepdims=True)).tolist(),
        parties=("first", "second"),
    )


def least(call: Callable[[], Any], times: int = REPEATS) -> tuple[float, Any]:
    """Milliseconds of the best run, and what it gave."""
    best, found = float("inf"), None
    for _ in range(times):
        begun = time.process_time()
        found = call()
        best = min(best, time.process_time() - begun)
    return best * 1e3, found


def ours(folder: Path) -> dict[str, Any]:
    """A negotiation and the outcomes that solutions single out, each from a scenario that nothing is known of yet."""
    case = load_negmas(folder)

    def points() -> tuple[int, tuple[str, ...]]:
        fresh = Negotiation(dict(zip(case.issues, case.options, strict=True)), case.utilities)
        return len(np.unique(fresh.utilities[:, fresh.efficient], axis=1).T), negotiation_points(fresh)["Nash"]

    def run() -> Any:
        fresh = Negotiation(dict(zip(case.issues, case.options, strict=True)), case.utilities, deadline=20)
        return alternating_offers(fresh, ("aspiration", "aspiration"))

    run_ms, agreed = least(run)
    points_ms, (front, nash) = least(points)
    return {
        "run_ms": run_ms,
        "points_ms": points_ms,
        "agreed": agreed.agreement is not None,
        "front": front,
        "nash": case.utilities[:, case.index(nash)].tolist(),
        "total": float(case.utilities.sum()),
    }


def theirs(python: str, folders: list[Path]) -> list[dict[str, Any]]:
    """The same by the peer, in a process of its own."""
    asked = json.dumps([str(folder) for folder in folders])
    done = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The peer failed: {done.stderr[-500:]}")
    return json.loads(done.stdout.rpartition("ANSWER")[2])


def summed_up(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Medians of times, and the share of agreements."""
    times = {key: round(median(row[key] for row in rows), 3) for key in ("run_ms", "points_ms")}
    return {**times, "agreed": sum(row["agreed"] for row in rows) / len(rows)}


def main() -> None:
    """Write the scenarios, measure both, hold answers and times against each other."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print("PEER_PYTHON is not set: no comparison.", file=sys.stderr)
    with tempfile.TemporaryDirectory() as place:
        for outcomes, (issues, options) in SIZES.items():
            folders = [Path(place) / f"{outcomes}-{k}" for k in range(SCENARIOS)]
            for seed, folder in enumerate(folders):
                save_negmas(drawn(seed, issues, options), folder)
            mine = [ours(folder) for folder in folders]
            print(json.dumps({"case": f"{outcomes} outcomes", "by": "ostrom", **summed_up(mine)}), flush=True)
            if not python:
                continue
            peers = theirs(python, folders)
            for one, other in zip(mine, peers, strict=True):
                assert one["front"] == other["front"], (one, other)
                assert np.allclose(one["nash"], other["nash"], atol=1e-9), (one, other)
                assert abs(one["total"] - other["total"]) < 1e-6 * outcomes, (one, other)
            found, other = summed_up(mine), summed_up(peers)
            ratios = {f"times {key[:-3]}": round(other[key] / found[key], 1) for key in ("run_ms", "points_ms")}
            print(json.dumps({"case": f"{outcomes} outcomes", "by": "negmas", **other, **ratios}), flush=True)
            if ratios["times run"] < FASTER:
                sys.exit(f"{outcomes} outcomes: {ratios['times run']} times NegMAS's speed; {FASTER} are the target.")


if __name__ == "__main__":
    main()
