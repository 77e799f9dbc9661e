"""Counterfactual regret minimisation on Leduc poker against OpenSpiel, compiled and in Python; answers asserted.

    PEER_PYTHON=/path/to/python python benchmarks/trees.py

Iterations per CPU second, both players updated in each; the average's NashConv after ten iterations has to be the same
in both. Also the value by linear programs over sequences, with its exact bounds. Prints one JSON object a line; the
targets are 15 iterations a second and 120, the compiled one's. `PEER_PYTHON` is a Python with open_spiel (2.0.2 was
used); without it, only our own figures are printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

from ostrom.games import LeducPoker
from ostrom.solvers import cfr, sequence_form

ITERATIONS, THEIRS, COMPILED = 2_000, 10, 200
PEER = """
import json, sys, time
import pyspiel
from open_spiel.python.algorithms import cfr, exploitability
asked = json.load(sys.stdin)
game = pyspiel.load_game("leduc_poker")
solver = cfr.CFRPlusSolver(game)
begun = time.process_time()
for _ in range(asked["python"]):
    solver.evaluate_and_update_policy()
slow = time.process_time() - begun
reached = float(exploitability.nash_conv(game, solver.average_policy()))
fast = pyspiel.CFRPlusSolver(game)
begun = time.process_time()
for _ in range(asked["compiled"]):
    fast.evaluate_and_update_policy()
spent = time.process_time() - begun
speeds = {"python": asked["python"] / slow, "compiled": asked["compiled"] / spent}
print("ANSWER" + json.dumps(speeds | {"reached": reached}))
"""


def ours() -> dict[str, float]:
    """Our iterations per CPU second, NashConv after ten, and the value by linear programs."""
    begun = time.process_time()
    game = LeducPoker()
    built = time.process_time() - begun
    reached = dict(cfr(game, THEIRS, every=1).history)[THEIRS]
    begun = time.process_time()
    cfr(game, ITERATIONS)
    speed = ITERATIONS / (time.process_time() - begun)
    begun = time.process_time()
    value = sequence_form(game)
    assert value.low is not None
    assert value.high is not None
    assert float(value.high - value.low) < 1e-5
    found = {"case": "leduc", "built_s": round(built, 3), "per_s": round(speed), "reached": reached}
    return found | {"value": value.value, "value_s": round(time.process_time() - begun, 3)}


def main() -> None:
    """Measure both, hold one against the other, print."""
    mine = ours()
    print(json.dumps(mine))
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print(json.dumps({"peer": "PEER_PYTHON names no Python with open_spiel; only our own figures are printed"}))
        return
    asked = json.dumps({"python": THEIRS, "compiled": COMPILED})
    answer = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"The peer failed: {answer.stderr[-500:]}")
    theirs = json.loads(answer.stdout.rpartition("ANSWER")[2])
    assert abs(theirs["reached"] - mine["reached"]) < 1e-9, (theirs["reached"], mine["reached"])
    ratios = {f"times {kind}": round(mine["per_s"] / theirs[kind], 1) for kind in ("python", "compiled")}
    print(json.dumps({"case": "open_spiel", **{k: round(v, 3) for k, v in theirs.items()}, **ratios}))


if __name__ == "__main__":
    main()
