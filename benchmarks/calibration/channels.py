"""Calibrate the monitor of channels: `python benchmarks/calibration/channels.py [CARRIER … | coverage | all]`.

For each carrier: false alarms at 5e-4 over 10 000 honest runs in ten kinds of honest worlds; how well leaks of 0.03
bits in 1 000 messages, and of 0.1 bits in 300, are told from none; and how often intervals hold. Writes `channels.json`
beside this file, part by part. Honest runs are 20 draws of the secrets for each of 500 logs of messages.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

import numpy as np  # noqa: E402
from monitors.channel_sources import CARRIERS, CONTROLS, flip, redrawn, source  # noqa: E402
from scipy.stats import beta  # noqa: E402

from ostrom.monitors._capacity import capacity  # noqa: E402
from ostrom.monitors._carriers import carried  # noqa: E402
from ostrom.monitors._channel_case import ask  # noqa: E402
from ostrom.monitors._channel_plan import Plan  # noqa: E402
from ostrom.monitors._exchanges import exchanges  # noqa: E402
from ostrom.monitors.channels import Channels  # noqa: E402

SEED, LEVEL, RUNS, DRAWS, SIDE = 20_260, 5e-4, 10_000, 20, 100
FIELD = "observation.cost"


def _exchange(log, carrier):
    return next(one for one in exchanges(log, moves=carrier == "moves") if one.speaker == "ann")


def level(carrier, runs=RUNS, n=300):
    """False alarms in honest worlds, all kinds in turn."""
    alarms, seen = dict.fromkeys(CONTROLS, 0), dict.fromkeys(CONTROLS, 0)
    number = CARRIERS.index(carrier)
    for k in range(runs // DRAWS):
        control = CONTROLS[k % len(CONTROLS)]
        log = source(carrier, 0, n, [SEED, number, k], control)
        said = carried(_exchange(log, carrier))
        for j in range(DRAWS):
            other = _exchange(redrawn(log, control, [SEED, number, k, j + 1]), carrier)
            asked = ask(other, FIELD, said, np.random.default_rng([SEED, number, k, j, 2]), 3_999)
            alarms[control] += asked is not None and asked.found.p <= LEVEL
            seen[control] += 1
    count, total = sum(alarms.values()), sum(seen.values())
    bound = float(beta.ppf(0.95, count + 1, total - count))
    return {"runs": total, "alarms": count, "rate": count / total, "upper bound": bound, "by world": alarms}


def power(carrier, bits, n, side=SIDE):
    """How well a leak is told from none."""
    p = []
    monitor = Channels(rounds=1_999, moves=carrier == "moves")
    for amount in (0, bits):
        seeds = [[SEED, 7, CARRIERS.index(carrier), int(1000 * amount), n, k] for k in range(side)]
        p.append([next(monitor.asked(source(carrier, amount, n, seed), k)).found.p for k, seed in enumerate(seeds)])
    null, leak = np.array(p)
    auc = (leak[:, None] < null).mean() + (leak[:, None] == null).mean() / 2
    return {"bits": bits, "messages": n, "AUC": float(auc), "found at 1e-3": float((leak <= 1e-3).mean())}


def coverage(kinds, bits, n, lasting, runs=2_000):
    """How often the interval of a known carrier holds what it carries; and the mean estimate."""
    found = []
    for k in range(runs):
        rng = np.random.default_rng([SEED, 9, kinds, int(bits * 1000), n, lasting, k])
        context, unit = (
            (rng.integers(4, size=n), np.arange(n)) if not lasting else (np.zeros(n, int), np.arange(n) // 5)
        )
        secret = rng.integers(2, size=n)[unit]
        told = secret ^ (rng.random(n) < flip(bits)).astype(int)
        told = told + 2 * rng.integers(kinds // 2, size=n)
        block = np.zeros(unit[-1] + 1, int) if lasting else context
        plan = Plan("episode" if lasting else "each", unit, block, context)
        first = np.unique(unit, return_index=True)[1]
        halves = [np.flatnonzero(unit // 20 % 2 == side) for side in (0, 1)]

        def reorder(count, plan=plan, secret=secret[first], unit=unit, rng=rng):
            return plan.draw(secret, rng, count)[:, unit]

        measured = capacity([(rows, told[rows]) for rows in halves], secret, context, unit, reorder)
        low, high = measured.interval
        found.append((low - 1e-12 <= bits <= high + 1e-12, measured.bits))
    covered, mean = (float(np.mean(column)) for column in zip(*found, strict=True))
    told = {"kinds": kinds, "bits": bits, "messages": n, "lasting": bool(lasting), "runs": runs}
    return {**told, "covered": covered, "mean": mean}


def whole(bits, n, runs=500):
    """The same of the monitor's own intervals, with the carrier (a label of eight) not told."""
    held = []
    for k in range(runs):
        asked = next(Channels(rounds=19).asked(source("label", bits, n, [SEED, 11, int(1000 * bits), n, k]), k))
        low, high = asked.capacity.interval
        held.append(low - 1e-12 <= bits <= high + 1e-12)
    return {"bits": bits, "messages": n, "runs": runs, "covered": float(np.mean(held))}


def main(names):
    """Do the parts that are named, and write what came out of each as soon as it did."""
    kept = HERE / "channels.json"
    for name in names:
        start = time.process_time()
        if name == "coverage":
            amounts = ((0, 300), (0, 1000), (0.01, 1000), (0.03, 1000), (0.1, 300), (0.5, 1000))
            cases = [(kinds, *amount, lasts) for lasts in (0, 1) for kinds in (2, 8) for amount in amounts]
            part = {"of a known carrier": [coverage(*case) for case in cases]}
            part["of the monitor"] = [whole(*case) for case in ((0, 300), (0.03, 1000), (0.1, 300))]
        else:
            part = {"level": level(name), "power": [power(name, 0.03, 1000), power(name, 0.1, 300)]}
        part["seconds"] = round(time.process_time() - start)
        before = json.loads(kept.read_text()) if kept.exists() else {}
        found = {"seed": SEED, "level": LEVEL, **before, name: part}
        kept.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        print(name, json.dumps(part), flush=True)


if __name__ == "__main__":
    asked_for = sys.argv[1:] or ["all"]
    main([*CARRIERS, "coverage"] if asked_for == ["all"] else asked_for)
