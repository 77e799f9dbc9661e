"""Deferred acceptance against the python package matching; answers asserted.

    PEER_PYTHON=/path/to/python python benchmarks/matching.py

Random strict preferences of 300 and 1,000 a side; at 300 the other library has to give the same matching (at 1,000 it
takes half a minute; it copies linked players by recursion, so that it is given a deep stack). Prints one JSON object a
line, in CPU seconds with the reading of preferences, the best of several runs (of the peer, one). The target is 0.5 s
for 1,000 a side. `PEER_PYTHON` is a Python with matching (1.4.3 was used); without it only our own figures are printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from ostrom.choice import deferred_acceptance

LIMIT, SIZES, PEER_SIZE = 0.5, (300, 1_000), 300
PEER = """
import importlib.metadata, json, sys, threading, time, warnings
warnings.filterwarnings("ignore")
from matching.games import StableMarriage
asked = json.load(sys.stdin)

def solve():
    suitors = {f"s{i}": [f"r{j}" for j in own] for i, own in enumerate(asked["suitors"])}
    reviewers = {f"r{i}": [f"s{j}" for j in own] for i, own in enumerate(asked["reviewers"])}
    begun = time.process_time()
    found = StableMarriage.create_from_dictionaries(suitors, reviewers).solve()
    spent = time.process_time() - begun
    partners = [0] * len(suitors)
    for suitor, reviewer in found.items():
        partners[int(str(suitor)[1:])] = int(str(reviewer)[1:])
    told = {"seconds": spent, "partners": partners, "version": importlib.metadata.version("matching")}
    print("ANSWER" + json.dumps(told))

sys.setrecursionlimit(10**6)
threading.stack_size(1 << 29)
thread = threading.Thread(target=solve)
thread.start()
thread.join()
"""


def preferences(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The lists of both sides, best first, `int[size, size]` each."""
    rng = np.random.default_rng(0)
    return rng.random((size, size)).argsort(1), rng.random((size, size)).argsort(1)


def ours(size: int, repeats: int = 5) -> tuple[float, tuple[int, ...]]:
    """`(seconds, partners)` of the best of several runs, from tables of ranks."""
    lists = preferences(size)
    ranks = [one.argsort(1) for one in lists]
    best, found = float("inf"), None
    for _ in range(repeats):
        begun = time.process_time()
        found = deferred_acceptance(*ranks)
        best = min(best, time.process_time() - begun)
    assert found is not None
    assert not found.blocking, "the matching is not stable"
    return best, found.partners


def peer() -> dict:
    """The other library's answer; nothing without it."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print("PEER_PYTHON is not set: no comparison.", file=sys.stderr)
        return {}
    suitors, reviewers = preferences(PEER_SIZE)
    asked = json.dumps({"suitors": suitors.tolist(), "reviewers": reviewers.tolist()})
    done = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True)
    if "ANSWER" not in done.stdout:
        sys.exit(f"PEER_PYTHON has no matching, or it failed:\n{done.stderr[-800:]}")
    return json.loads(done.stdout.partition("ANSWER")[2])


def main() -> None:
    """Measure, compare, and stop where an answer is wrong or the limit is passed."""
    theirs = peer()
    for size in SIZES:
        spent, partners = ours(size)
        told = {"case": f"deferred acceptance, {size:,} a side", "ostrom_s": round(spent, 4), "limit_s": LIMIT}
        if theirs and size == PEER_SIZE:
            assert tuple(theirs["partners"]) == partners, "matching says something else"
            told |= {f"matching_{theirs['version']}_s": round(theirs["seconds"], 2)}
            told |= {"ratio": round(theirs["seconds"] / spent)}
        print(json.dumps(told), flush=True)
        if spent > LIMIT:
            sys.exit(f"{size:,} a side took {spent:.2f} s; {LIMIT} s are allowed.")


if __name__ == "__main__":
    main()
