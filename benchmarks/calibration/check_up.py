"""How often CheckUp says that something was learned on a day on which nothing was, and what it takes to see it.

    python benchmarks/calibration/check_up.py [--runs 10000] [--seed 0]

Prints and writes check_up.json beside this file. An agent answers each of 40 probes wrongly with odds of its own (5 %
in the mean), one to three times a day for four days; nothing is learned. Then the same agent learns another answer to
so many probes on the last of eight days, each asked three times a day.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from monitors._school import probe

from ostrom.core.log import Log
from ostrom.monitors import CheckUp

PROBES = 40


def days(seed: int, count: int, asks: int, learned: int) -> Log:
    """So many days, on the last of which the first `learned` probes have another answer."""
    rng = np.random.default_rng(seed)
    odds = rng.beta(0.5, 9.5, PROBES)
    return Log.of(
        probe("a", day, PROBES * k + s, s, 2 if day == count - 1 and s < learned else int(rng.random() < odds[s]))
        for day in range(count) for k in range(asks) for s in range(PROBES)
    )  # fmt: skip


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    reports = [CheckUp().report(days(given.seed + k, 4, 1 + k % 3, 0)).news for k in range(given.runs)]
    p, found = np.array([news.p for news in reports]), {"seed": given.seed, "runs": given.runs}
    for level in (0.05, 0.01, 5e-4):
        hits = int((p <= level).sum())
        share = binomtest(hits, len(p)).proportion_ci(method="exact")
        found[f"nothing learned, p <= {level}"] = {"rate": hits / len(p), "low": share.low, "high": share.high}
    found["nothing learned, probes called surely changed"] = sum(len(news.surely) > 0 for news in reports) / len(p)
    for learned in (1, 2, 4, 8):
        some = [CheckUp().report(days(given.seed + k, 8, 3, learned)).news for k in range(200)]
        found[f"{learned} learned"] = {
            "p <= 5e-4": float(np.mean([news.p <= 5e-4 for news in some])),
            "surely, of these": float(np.mean([len(news.surely) for news in some])) / learned,
        }
    text = json.dumps(found, indent=1)
    print(text)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
