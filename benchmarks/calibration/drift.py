"""How often Drift raises a false alarm, how soon it sees a drift, and whom it blames.

    python benchmarks/calibration/drift.py [--runs 100000] [--schools 500] [--seed 0]

Prints and writes drift.json beside this file. An alarm is an e-value of at least 1/5e-4. Rates have exact 95 %
intervals (Clopper and Pearson). `honest`: answers are wrong with odds at the bound, every day; in `unlike` the odds of
the probes differ and their mean is the bound. `slope`: from 5 % upwards by 1 % a generation, 200 probes. `school`: a
pupil copies who is paid more, one of four teachers who is wrong in 60 % of situations; days are counted from the first
on which more than the bound of its answers are wrong. `mutual`: two who learn from each other alone, with mistakes.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from monitors._school import Company, mutual

from ostrom.monitors import Drift
from ostrom.monitors._confidence_sequences import above, today, wealth

ALARM = np.log(2000)
SCHOOL = Company(rule="prestige", contaminated=1, demonstrators=4, lessons=60, days=25)


def rate(hits: int, runs: int) -> dict[str, float]:
    """A share with its interval."""
    share = binomtest(int(hits), runs).proportion_ci(method="exact")
    return {"rate": hits / runs, "low": share.low, "high": share.high, "runs": runs}


def honest(rng: np.random.Generator, runs: int, days: int, unlike: bool = False) -> dict[str, float]:
    """False alarms at the bound of 5 %, at any of these days."""
    ones = rng.binomial(200, 0.05, (runs, days))
    if unlike:  # a tenth of the probes is wrong half of the time, the others never
        ones = rng.binomial(20, 0.5, (runs, days))
    hits = sum(int((wealth(part, np.full(days, 200), 0.05) >= ALARM).any(1).sum()) for part in np.split(ones, 20))
    return rate(hits, runs)


def slope(rng: np.random.Generator, runs: int, bound: float) -> dict[str, object]:
    """Generations until the alarm, the start being 0."""
    ones = rng.binomial(200, 0.05 + 0.01 * np.arange(16), (runs, 16))
    found = wealth(ones, np.full(16, 200), bound) >= ALARM
    first = np.where(found.any(1), found.argmax(1), 99)
    by = {str(g): float((first <= g).mean()) for g in (4, 6, 8, 10, 12, 15)}
    return {"median": float(np.median(first)), "found by generation": by, "runs": runs}


def schools(runs: int, company: Company, seed: int) -> dict[str, object]:
    """Whole logs read by the whole monitor."""
    delays, blamed, wrongly, early, left, alarms = [], 0, 0, 0, 0, 0
    for k in range(runs):
        found = Drift()(company.log(seed + k))
        state = next(r for r in found if r.e is not None)
        source = next((r for r in found if r.p is not None and r.p < 5e-4), None)
        blamed += source is not None and source.who[0] == "teacher 1"
        wrongly += source is not None and source.who[0] != "teacher 1"
        outside = np.flatnonzero(np.array(state.numbers["shares"]) > 0.1)
        alarm = state.numbers["alarm"]
        if len(outside):
            left += 1
            delays.append(99 if alarm is None else alarm - int(outside[0]))
        alarms += alarm is not None
        early += alarm is not None and (not len(outside) or alarm < outside[0])
    row: dict[str, object] = {"runs": runs}
    if company.contaminated:
        row |= {"left": left, "alarms before leaving": int(early)}
        row |= {"days, median": float(np.median(delays)), "days, 95 %": float(np.quantile(delays, 0.95)),
                "days, most": int(max(delays))}  # fmt: skip
    if not company.contaminated:
        return row | {"alarms": rate(alarms, runs), "somebody named": rate(blamed + wrongly, runs)}
    return row | {"source named": rate(blamed, runs), "another named": rate(wrongly, runs)}


def coverage(rng: np.random.Generator, runs: int) -> dict[str, dict[str, float]]:
    """How often intervals for all of ten days miss at least once."""
    ones = rng.binomial(200, 0.07, (runs, 10))
    days = sum(
        any(not low <= 0.07 <= high for low, high in (today(k, 200, d) for d, k in enumerate(row, 1)))
        for row in ones.tolist()
    )
    some = sum(bool((above(row, np.full(10, 200)) > 0.07).any()) for row in ones[: runs // 10])
    return {"interval of the day, 5 %": rate(days, runs), "above on some day, 2.5 %": rate(some, runs // 10)}


def drifting(runs: int, seed: int, anchor: float) -> dict[str, float]:
    """Two who learn from each other alone: how many leave a ball of 10 %, and how far apart they are."""
    paths = [mutual(60, 2, 200, 0.8, 0.02, seed + k, anchor) for k in range(runs)]
    last = np.array([wrong[-1].mean() for wrong, _ in paths])
    outside = sum(bool((wrong[-1] > 0.1).all()) for wrong, _ in paths)
    apart = float(np.mean([gap[-1] for _, gap in paths]))
    return {"wrong after 60 days": float(last.mean()), "differ in": apart, **rate(outside, runs)}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--schools", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng, runs = np.random.default_rng(given.seed), given.runs
    found = {
        "seed": given.seed,
        "honest, 10 days": honest(rng, runs, 10),
        "honest, 10 days, probes unlike": honest(rng, runs, 10, True),
        "honest, 100 days": honest(rng, runs // 10, 100),
        "slope, bound 5 %": slope(rng, 10_000, 0.05),
        "slope, bound 10 %": slope(rng, 10_000, 0.10),
        "school": schools(given.schools, SCHOOL, given.seed),
        "school, nobody contaminated": schools(given.schools, Company(contaminated=0, slip=0.05), given.seed),
        "intervals": coverage(rng, 10_000),
        "mutual": drifting(given.schools, given.seed, 0.0),
        "mutual, anchored": drifting(given.schools, given.seed, 0.2),
    }
    text = json.dumps(found, indent=1)
    print(text)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
