"""Borda, instant runoff, Schulze and Ranked Pairs on 30 alternatives and 100,000 ballots against pref_voting.

    PEER_PYTHON=/path/to/python python benchmarks/voting.py

CPU seconds from a table of orders to the winners, ballots built anew for each rule, the least of three; winners have to
be the same. Prints one JSON object a line; the targets are 0.5 s and 3 times faster than the peer. `PEER_PYTHON` is a
Python with pref_voting (1.18.2 was used; its compilation is not counted); without it, only our own figures are printed.
Ranked pairs there goes through all orders of duels that weigh the same, without end here: it is stopped after half a
minute, and its time counted as that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from ostrom import Ballots
from ostrom.choice.borda import borda
from ostrom.choice.instant_runoff import instant_runoff
from ostrom.choice.ranked_pairs import ranked_pairs
from ostrom.choice.schulze import schulze

ALTERNATIVES, BALLOTS, LIMIT, TIMES = 30, 100_000, 0.5, 3
RULES = {"borda": borda, "instant_runoff": instant_runoff, "beat_path": schulze, "ranked_pairs": ranked_pairs}
PATIENCE = 30
PEER = """
import json, signal, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
import pref_voting.voting_methods as methods
from pref_voting.profiles import Profile
asked = json.load(sys.stdin)
small = Profile([(0, 1, 2), (1, 2, 0), (2, 0, 1)])
for rule in asked["rules"]:
    getattr(methods, rule)(small)
orders = np.random.default_rng(0).random((asked["ballots"], asked["alternatives"])).argsort(axis=1)
found = {}
def stop(*_):
    raise TimeoutError
signal.signal(signal.SIGALRM, stop)
for rule in asked["rules"]:
    begun = time.process_time()
    profile = Profile(orders)
    built = time.process_time() - begun
    signal.alarm(asked["patience"])
    try:
        winners = [int(one) for one in getattr(methods, rule)(profile)]
    except TimeoutError:
        winners = None
    signal.alarm(0)
    found[rule] = {"winners": winners, "built": built, "cpu": time.process_time() - begun}
print("ANSWER" + json.dumps(found))
"""


def ours() -> dict[str, tuple[list[int], float, float]]:
    """Of each rule the winners, and the CPU seconds for the ballots alone and all in."""
    orders = np.random.default_rng(0).random((BALLOTS, ALTERNATIVES)).argsort(axis=1)
    found = {}
    for name, rule in RULES.items():
        runs = []
        for _ in range(3):
            begun = time.process_time()
            ballots = Ballots(np.argsort(orders, axis=1))
            built = time.process_time() - begun
            winners = [ballots.index(one) for one in rule(ballots).winners]
            runs.append((time.process_time() - begun, built))
        cpu, built = min(runs)
        found[name] = (winners, built, cpu)
    return found


def theirs() -> dict[str, dict]:
    """The same by pref_voting, or nothing where `PEER_PYTHON` names no such Python."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print(json.dumps({"peer": "PEER_PYTHON names no Python with pref_voting; only our own figures are printed"}))
        return {}
    asked = {"rules": list(RULES), "ballots": BALLOTS, "alternatives": ALTERNATIVES, "patience": PATIENCE}
    answer = subprocess.run(
        [python, "-c", PEER], input=json.dumps(asked), capture_output=True, text=True, check=False
    )  # fmt: skip
    if answer.returncode:
        sys.exit(f"The peer failed: {answer.stderr[-500:]}")
    return json.loads(answer.stdout.rpartition("ANSWER")[2])


def main() -> None:
    """Measure both, hold one against the other, print."""
    mine, peer = ours(), theirs()
    for name, (winners, built, cpu) in mine.items():
        line: dict[str, object] = {"case": name, "ballots_s": round(built, 3), "cpu_s": round(cpu, 3), "limit_s": LIMIT}
        assert cpu <= LIMIT, line
        if name in peer:
            other = peer[name]
            assert other["winners"] in (None, winners), (winners, other)
            own = round((other["cpu"] - other["built"]) / (cpu - built), 1)
            line |= {"peer_s": round(other["cpu"], 2), "times": round(other["cpu"] / cpu, 1), "times_rule_alone": own}
            line |= {} if other["winners"] else {"peer": "stopped before it was done"}
            assert other["cpu"] / cpu >= TIMES, line
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
