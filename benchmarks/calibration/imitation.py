"""How often Imitation says that somebody copies where nobody does, and how much copying it finds.

    python benchmarks/calibration/imitation.py [--runs 650] [--seed 0]

Prints and writes imitation.json beside this file. Four agents, 200 steps (or 20 episodes of 12). Nobody copies: each
goes on with its habits; all take over a recorded shock; nothing is recorded; all learn the same by themselves; and, as
what the monitor cannot tell from copying, a shock that lasts and is not recorded. Rates of readings (four a log) at
levels, with exact 95 % intervals as if they were independent. Power: 400 steps, bob copies ann so often.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from monitors.test_imitation import CALM, crowd

from ostrom.monitors import Imitation

LEVELS = (0.05, 0.01, 5e-4)
HIDDEN = {"a lasting shock that is not recorded": {"shock": 0.5, "recorded": False}}


def rates(p: np.ndarray) -> dict[str, dict[str, float]]:
    """Shares of p-values below levels, with intervals."""
    found = {}
    for level in LEVELS:
        hits = int((p <= level).sum())
        share = binomtest(hits, len(p)).proportion_ci(method="exact")
        found[str(level)] = {"rate": hits / len(p), "low": share.low, "high": share.high}
    return found


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=650)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found: dict[str, object] = {"seed": given.seed, "logs": given.runs, "readings": 4 * given.runs}
    for kind, settings in (CALM | HIDDEN).items():
        runs = given.runs if kind in CALM else given.runs // 10
        logs = (crowd(given.seed + k, **{"steps": 200, **settings}) for k in range(runs))
        found[kind] = rates(np.array([r.p for log in logs for r in Imitation()(log)]))
    for share in (0.05, 0.1, 0.2, 0.3):
        hits, model, shares, wrong, covered = 0, 0, [], 0, 0
        for k in range(given.runs // 5):
            log = crowd(given.seed + k, 400, copy=share)
            bob = next(r for r in Imitation()(log) if r.who[1] == "bob")
            hits, model = hits + (bob.p <= 5e-4), model + (bob.who[0] == "ann")
            one = bob.numbers["models"]["ann"]
            shares.append(one["share"])
            covered += one["interval"][0] < share < one["interval"][1]
            wrong += bool(Imitation().graph(log).keys() - {("ann", "bob")})
        runs = given.runs // 5
        found[f"bob copies {share:.0%}"] = {
            "runs": runs, "found at 5e-4": hits / runs, "model named": model / runs,
            "share, mean": float(np.mean(shares)), "intervals that cover": covered / runs,
            "graphs with a false link": wrong / runs,
        }  # fmt: skip
    text = json.dumps(found, indent=1)
    print(text)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
