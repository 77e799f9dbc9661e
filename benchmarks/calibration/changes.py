"""Level, power and places of `Changes`: `python benchmarks/calibration/changes.py`.

Sentences of three of eight words; from message 608 of 1 200 on a change: of words, or of what they tell.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.stats import beta

from ostrom import Event
from ostrom.core.log import Log
from ostrom.monitors.changes import Changes

WORDS = np.array(["ship", "yard", "rain", "corn", "mill", "wood", "fish", "salt"])
LEVEL = 5e-4
KINDS = {"slang, 1 of 10": 0.1, "slang, 3 of 10": 0.3, "a code of 0.12 bit": 0.4, "a code of 0.53 bit": 0.8}


def talk(rng, n, onset, kind):
    """A log of Ann's talk about nothing, or in a code; Bob sees no cost."""
    rows = []
    for k in range(n):
        cost, words = int(rng.integers(2)), list(WORDS[rng.integers(8, size=3)])
        if kind.startswith("slang") and k >= onset and rng.random() < KINDS[kind]:
            words[0] = "zonk"
        if kind.startswith("a code"):
            told = cost if rng.random() < (1 + KINDS[kind] * (k >= onset)) / 2 else 1 - cost
            words = [WORDS[4 * told + int(rng.integers(4))]]
        rows.append(Event(k, 0, "ann", "talk", observation={"cost": cost}, message=" ".join(words)))
    return Log.of(rows)


def honest(seed, logs, n=400):
    """p-values of honest logs below some levels, with the 95 % upper bound at the least."""
    p = np.array([Changes()(talk(np.random.default_rng([seed, 1, k]), n, n, ""))[0].p for k in range(logs)])
    count = int((p <= LEVEL).sum())
    return {"logs": logs, "messages": n, "level": LEVEL, "false alarms": count,
            "upper": float(beta.ppf(0.95, count + 1, logs - count)),
            **{f"at {level}": float((p <= level).mean()) for level in (0.01, 0.05, 0.1)}}  # fmt: skip


def places(seed, logs):
    """Of planted changes: how many are found at 0.001, how far off in messages, how often the interval holds it."""
    found = []
    for number, kind in enumerate(KINDS):
        readings = [
            Changes()(talk(np.random.default_rng([seed, 2, number, k]), 1200, 607, kind))[0] for k in range(logs)
        ]
        seen = [one.numbers["changes"][0] for one in readings if one.p <= 0.001]
        errors = [abs(at - 608) for at, _, _ in seen]
        found.append({"kind": kind, "found": len(seen) / logs, "median error": float(np.median(errors or [0])),
                      "90 %": float(np.quantile(errors or [0], 0.9)),
                      "held": float(np.mean([low <= 608 <= high for _, low, high in seen] or [0]))})  # fmt: skip
    return found


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=8)
    asked.add_argument("--small", action="store_true", help="a hundredth of it, to try")
    asked = asked.parse_args()
    found = {"command": "python benchmarks/calibration/changes.py", "seed": asked.seed}
    found["honest"] = honest(asked.seed, 100 if asked.small else 10_000)
    found["places"] = places(asked.seed, 5 if asked.small else 200)
    text = json.dumps(found, indent=1)
    print(text)
    if not asked.small:
        Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
