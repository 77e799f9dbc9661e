"""How often the monitors of feedback are wrong, and how early they are right.

    python benchmarks/calibration/loops.py            # everything, some half an hour
    python benchmarks/calibration/loops.py level r9a  # parts of it

Writes `loops.json` beside itself, part by part. Everything is drawn from `SEED`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))

import numpy as np
from _loop_worlds import HONEST, cascade, honest, log_of, responses
from _order_book import CALM, traded
from scipy.stats import beta

from ostrom.monitors.branching import branching_ratio
from ostrom.monitors.early_warning import EarlyWarning
from ostrom.monitors.feedback import Feedback
from ostrom.monitors.probe_gain import probe_gain

SEED, LEVEL, OUT = 8, 5e-4, Path(__file__).with_suffix(".json")
STABLE = {
    "two who answer": np.array([[0.5, 0.3], [0.2, 0.5]]),
    "near the edge": np.array([[0.6, 0.35], [0.3, 0.6]]),
    "from side to side": np.array([[0.1, -0.8], [0.8, 0.1]]),
    "reluctant": np.array([[0.7, 2.0], [0.0, 0.6]]),
}
PROBED = {
    **STABLE,
    "at the edge": np.array([[0.6, 0.4], [0.4, 0.6]]),
    "very reluctant": np.array([[0.9, 12], [0, 0.8]]),
}
FLY = np.array([[1730045.91, 2198177.95], [2194443.04, 2788233.00], [2783493.00, 3536675.57], [3530663.65, 4486021.69],
                [4478395.76, 5690199.43]])  # fmt: skip


def upper(wrong: int, runs: int) -> float:
    """The 95 % upper bound of a rate (Clopper and Pearson 1934)."""
    return float(beta.ppf(0.95, wrong + 1, runs - wrong)) if wrong < runs else 1.0


def largest(answers: np.ndarray) -> float:
    """The spectral radius."""
    return float(np.abs(np.linalg.eigvals(answers)).max())


def level(runs: int = 10_000) -> dict[str, Any]:
    """Alarms of each test of `Feedback` over honest logs of 60 rounds, at 5e-4 and at 0.01, kind by kind."""
    wrong: dict[str, dict[str, list[int]]] = {}
    for k in range(runs):
        kind = HONEST[k % len(HONEST)]
        values = honest(kind, 60, np.random.default_rng([SEED, k]))
        names = ("ann", "bob", "cat")[: values.shape[1]]
        for reading in Feedback()(log_of(values, names, turns=k % 3 == 0), k):
            strength = reading.p if reading.p is not None else 1 / max(reading.e or 0.0, 1e-9)
            counted = wrong.setdefault(reading.where["test"], {}).setdefault(kind, [0, 0])
            counted[0] += strength <= LEVEL
            counted[1] += strength <= 0.01
    made: dict[str, Any] = {"runs": runs}
    for test, kinds in wrong.items():
        total = sum(one[0] for one in kinds.values())
        made[test] = {"at 5e-4": total, "95 % upper bound": upper(total, runs), "by kind, at 5e-4 and 0.01": kinds}
        made[test]["share at 0.01"] = sum(one[1] for one in kinds.values()) / runs
    return made


def coverage(runs: int = 2000) -> dict[str, float]:
    """How often the interval of the radius in `Feedback` holds it, with 100 rounds."""
    made = {}
    for place, (name, answers) in enumerate(STABLE.items()):
        for heavy in (False, True):
            inside = 0
            for k in range(runs):
                values = responses(answers, 100, heavy, np.random.default_rng([SEED, 1, place, k]))
                found = next(one for one in Feedback()(log_of(values, "ab"), k) if one.where["test"] == "response")
                assert found.interval is not None
                inside += found.interval[0] <= largest(answers) <= found.interval[1]
            made[f"{name}, {'heavy' if heavy else 'normal'}"] = inside / runs
    return made


def power(runs: int = 300) -> dict[str, float]:
    """The share of loops that run away of which each test says so at 5e-4, in 60 rounds."""
    loops = {"radius 1.05": np.array([[0.5, 0.55], [0.55, 0.5]]), "radius 1.1": np.array([[0.5, 0.6], [0.6, 0.5]]),
             "radius 1.1, from side to side": np.array([[0.0, -1.1], [1.1, 0.0]])}  # fmt: skip
    made = {}
    for name, answers in loops.items():
        hits = 0
        for k in range(runs):
            values = responses(answers, 60, True, np.random.default_rng([SEED, 2, k]))
            found = [one for one in Feedback()(log_of(values, "ab"), k) if one.where["test"] == "response"]
            hits += bool(found) and found[0].p <= LEVEL
        made[f"response, {name}"] = hits / runs
    for rate, noise in ((0.05, 0.05), (0.05, 0.1), (0.238, 0.1)):
        hits = 0
        for k in range(runs):
            rng = np.random.default_rng([SEED, 3, k])
            values = np.exp(np.cumsum(rate + noise * rng.standard_t(4, (60, 2)) / 2**0.5, axis=0))
            hits += min(one.p for one in Feedback()(log_of(values, "ab"), k) if one.where["test"] == "growth") <= LEVEL
        made[f"growth, {rate} a round with noise {noise}"] = hits / runs
    return made


def r9a() -> dict[str, Any]:
    """The e-value after each cycle of the prices that were written down in April 2011."""
    made = {}
    for cycles in range(2, 5):
        found = Feedback()(log_of(FLY[: cycles + 1], ("profnath", "bordeebook"), turns=True), SEED)[0]
        made[f"{cycles} cycles"] = {"e": found.e, "factor": found.effect, "sentence": found.sentence}
    return made


def order_book(calm: int = 1000, crashes: int = 300, first: tuple[int, int] = (0, 10**6)) -> dict[str, Any]:
    """Warnings ten steps before trading is halted, and over calm runs as long.

    At capital 100, and at what fewer than 0.5 % of 999 other calm runs reach, as with `reference`. `first` are the
    seeds of the first calm run and the first crash. Up to a hundred runs from the default ones were seen while it was
    chosen when a number is an order and how long a window is; `order_book_unseen` is of others.
    """
    watch = EarlyWarning()
    others = np.sort([watch.worth(traded(10**7 + k, CALM)[0], k).max() for k in range(999)])
    bars, made = {"capital 100": 100.0, "reference runs": float(np.nextafter(others[-5], np.inf))}, {}
    made["bars"] = bars
    for name, rate in (("calm, small programme", CALM), ("calm, no programme", 0.0)):
        most = np.array([watch.worth(traded(first[0] + k, rate)[0], k).max() for k in range(calm)])
        for bar, least in bars.items():
            false = int((most >= least).sum())
            made[f"{name}, {bar}"] = {"runs": calm, "false": false, "95 % upper bound": upper(false, calm)}
    for name, shown in (("all rows", True), ("without the rows of the programme", False)):
        leads: dict[str, list[int]] = {bar: [] for bar in bars}
        ended = ((log, halted) for log, halted in map(traded, count(first[1])) if halted is not None)
        for k, (log, halted) in enumerate(islice(ended, crashes)):
            log = log if shown else log.take(log["agent"].codes != log["agent"].code("programme"))
            worth = watch.worth(log, k)
            for bar, least in bars.items():
                leads[bar].append(halted - int(np.argmax(worth >= least)) if (worth >= least).any() else -1)
        for bar, early in leads.items():
            made[f"crash, {name}, {bar}"] = {"runs": crashes, "ten steps ahead": float((np.array(early) >= 10).mean()),
                                             "median lead": float(np.median(early))}  # fmt: skip
    return made


def order_book_unseen() -> dict[str, Any]:
    """The same over runs that nobody has looked at before."""
    return order_book(first=(3 * 10**6, 2 * 10**6))


def windows(runs: int = 300) -> dict[str, Any]:
    """False alarms of `EarlyWarning` at capital 100 over honest logs of 400 rounds, looked at in each round."""
    made = {}
    for kind in HONEST:
        false = 0
        for k in range(runs):
            values = honest(kind, 400, np.random.default_rng([SEED, 5, k]))
            false += bool(
                EarlyWarning().worth(log_of(values, ("ann", "bob", "cat")[: values.shape[1]]), k).max() >= 100
            )
        made[kind] = {"runs": runs, "false": false, "95 % upper bound": upper(false, runs)}
    return made


def probes(runs: int = 2000) -> dict[str, Any]:
    """How often the interval of `probe_gain` holds the radius, and p-values where it is 1, with 10 pairs a number."""
    made = {}
    for name, answers in PROBED.items():
        inside, small, d = 0, 0, len(answers)
        tried = runs if largest(answers) != largest(PROBED["very reluctant"]) else runs // 5  # many times the work
        for k in range(tried):
            rng = np.random.default_rng([SEED, 6, k])
            ask = lambda x, rng=rng, answers=answers: answers @ x + 0.02 * rng.standard_normal(d)  # noqa: B023, E731
            found = probe_gain(ask, np.zeros(d), delta=0.1, seed=k)
            assert found.interval is not None
            assert found.p is not None
            inside += found.interval[0] <= largest(answers) <= found.interval[1]
            small += found.p <= 0.05
        made[name] = {
            "radius": largest(answers),
            "covered": inside / tried,
            "p up to 0.05": small / tried,
            "runs": tried,
        }
    return made


def events(runs: int = 300) -> dict[str, Any]:
    """How often the interval of `branching_ratio` holds it, and p-values of its being at most 0.8."""
    made = {}
    for ratio, end in ((0.0, 600), (0.3, 600), (0.8, 600), (0.8, 2000), (0.95, 2000)):
        found = []
        for k in range(runs):
            times = cascade(1 - ratio, ratio, 1.0, end, np.random.default_rng([SEED, 7, k]))
            if len(times) >= 50:
                found.append(branching_ratio(times, end))
        inside = [one.interval[0] <= ratio <= one.interval[1] for one in found]
        made[f"ratio {ratio}, {end} events"] = {
            "covered": float(np.mean(inside)), "mean": float(np.mean([one.effect for one in found])),
            "mean of 1 - base / rate": float(np.mean([one.numbers["1 - base / rate"] for one in found])),
            "p up to 0.05": float(np.mean([one.p <= 0.05 for one in found])),
        }  # fmt: skip
    return made


PARTS: dict[str, Callable[[], Any]] = {
    one.__name__: one for one in (level, coverage, power, r9a, order_book, order_book_unseen, windows, probes, events)
}


def main(asked: list[str]) -> None:
    """Run parts and write them down."""
    for name in asked or PARTS:
        begun = time.process_time()
        found = PARTS[name]()
        known = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {"seed": SEED}
        known[name] = found
        OUT.write_text(json.dumps(known, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        print(name, json.dumps(found, ensure_ascii=False), f"{time.process_time() - begun:.0f} CPU seconds", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
