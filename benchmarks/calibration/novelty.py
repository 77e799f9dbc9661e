"""False alarms and delays of `Novelty`: `python benchmarks/calibration/novelty.py`.

Sentences of three of eight words, in two public contexts with words of their own; from an onset on, a share of all
sentences has one word that was never heard.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.stats import beta

from ostrom import Event
from ostrom.core.log import Log
from ostrom.monitors.novelty import Novelty

WORDS = np.array(["ship", "yard", "rain", "corn", "mill", "wood", "fish", "salt"])
LEVEL = 5e-4


def talk(rng, n, onset, share):
    """A log of Ann's talk, with Bob listening."""
    rows = []
    for k in range(n):
        sky = int(rng.integers(2))
        words = list(WORDS[rng.integers(4 if sky else 8, size=3)])
        if k >= onset and rng.random() < share:
            words[int(rng.integers(3))] = "zonk"
        rows.append(Event(k, 0, "ann", "talk", observation={"weather": sky}, message=" ".join(words)))
        if k < 30:  # Bob sees the weather too, which makes it public
            rows.append(Event(k, 0, "bob", "act", observation={"weather": sky}, action="go"))
    return Log.of(rows)


def honest(seed, logs, n=200):
    """Readings at 1/level in honest logs, with the 95 % upper bound of their share."""
    readings = [Novelty()(talk(np.random.default_rng([seed, 1, k]), n, n, 0))[0] for k in range(logs)]
    e, alarms = [one.e for one in readings], sum(one.numbers["alarm"] is not None for one in readings)
    count = sum(one >= 1 / LEVEL for one in e)
    upper = float(beta.ppf(0.95, count + 1, logs - count))
    return {"logs": logs, "messages": n, "level": LEVEL, "false alarms": count, "upper": upper,
            "at 0.05": float(np.mean(np.array(e) >= 20)), "mean": float(np.mean(e)),
            "ranked": sum(one.n for one in readings), "alarms at a run length of 1e5": alarms}  # fmt: skip


def delays(seed, logs):
    """Median messages from the onset, 1 000 messages after the reference, to the alarm at a run length of 1e5."""
    found = []
    for share in (0.1, 0.3, 1.0):
        waits = []
        for k in range(logs):
            log = talk(np.random.default_rng([seed, 2, k]), 3250, 1250, share)
            alarm = Novelty(share=250 / 3250)(log)[0].numbers["alarm"]
            waits.append(np.inf if alarm is None else alarm - 1000)
        known = [wait for wait in waits if wait > 0]
        median = float(np.median(known))
        found.append({"share": share, "median": median if np.isfinite(median) else None,
                      "within 2 000": float(np.isfinite(known).mean()), "before": len(waits) - len(known)})  # fmt: skip
    return found


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=8)
    asked.add_argument("--small", action="store_true", help="a hundredth of it, to try")
    asked = asked.parse_args()
    found = {"command": "python benchmarks/calibration/novelty.py", "seed": asked.seed}
    found["honest"] = honest(asked.seed, 100 if asked.small else 10_000)
    found["delays"] = delays(asked.seed, 3 if asked.small else 50)
    text = json.dumps(found, indent=1)
    print(text)
    if not asked.small:
        Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
