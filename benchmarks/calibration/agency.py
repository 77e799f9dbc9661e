"""Level, power, coverage and labels of `monitors.agency`: `python benchmarks/calibration/agency.py [SEED]`.

Honest comparisons are those in which a component's rule is the same in both regimes, while what it sees, how runs
differ among themselves, and how much of each run is seen vary. Writes `agency.json` beside this file.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import beta

from ostrom.monitors._regimes import Contrast
from ostrom.monitors.agency import agency

HERE = Path(__file__).parent
HONEST, LEVEL = 10_000, 5e-4


def _draw(rng, runs, steps, shift=0.0, spread=0.0, tv=0.0, sights=4, chain=False):
    """Moves by sight, of `runs` runs a regime that differ by `spread`; regimes by `tv`, their sights by `shift`."""
    regime = np.arange(2 * runs) >= runs
    odds = np.array([[1.0, 1.0, 1.0, 1.0], [1 - shift, 1 - shift, 1 + shift, 1 + shift]])[:, :sights]
    odds = (odds / odds.sum(1, keepdims=True))[regime.astype(int)]
    noise = rng.normal(0, spread, (2 * runs, 1)) if spread else 0.0
    base = np.linspace(0.35, 0.65, sights)
    saw, did = np.empty((2 * runs, steps), int), np.empty((2 * runs, steps), int)
    for t in range(steps):  # in a chain the sight is pushed about by the own move, otherwise as the regime pushes it
        drawn = (rng.random((2 * runs, 1)) > odds.cumsum(1)).sum(1)
        saw[:, t] = drawn if not (chain and t) else (saw[:, t - 1] + np.where(did[:, t - 1], 1, drawn)) % sights
        own = base[saw[:, t]][:, None] + tv * regime[:, None]
        did[:, t] = rng.random(2 * runs) < 1 / (1 + np.exp(-(np.log(own / (1 - own)) + noise)))[:, 0]
    return Contrast(saw.ravel(), did.ravel(), np.repeat(np.arange(2 * runs), steps), regime)


CASES = {
    "500 runs, one sight each": {"runs": 500, "steps": 1},
    "500 runs, one sight each, regimes see other things": {"runs": 500, "steps": 1, "shift": 0.8},
    "100 runs of 5": {"runs": 100, "steps": 5},
    "100 runs of 5, runs differ": {"runs": 100, "steps": 5, "spread": 1.0},
    "100 runs of 5, regimes see other things": {"runs": 100, "steps": 5, "shift": 0.8, "chain": True},
    "100 runs of 5, both": {"runs": 100, "steps": 5, "shift": 0.8, "spread": 1.0, "chain": True},
    "25 runs of 20, runs differ": {"runs": 25, "steps": 20, "spread": 1.0},
    "25 runs of 20, both": {"runs": 25, "steps": 20, "shift": 0.8, "spread": 1.0, "chain": True},
    "10 runs of 50, both": {"runs": 10, "steps": 50, "shift": 0.8, "spread": 1.0, "chain": True},
}


def level(seed):
    """Per case: how many of the honest comparisons have p ≤ 5e-4 (and 0.05), with the 95 % upper bound."""
    found = {}
    for k, (name, given) in enumerate(CASES.items()):
        rng = np.random.default_rng([seed, k])
        p = np.array([_draw(rng, **given).p(rng) for _ in range(HONEST)])
        false = int((p <= LEVEL).sum())
        found[name] = {"false alarms at 5e-4": false, "upper bound": float(beta.ppf(0.95, false + 1, HONEST - false)),
                       "rate at 0.05": float((p <= 0.05).mean())}  # fmt: skip
        print(name, found[name], flush=True)
    return found


def power(seed, times=1_000):
    """How often a total variation of 0.1 is found, and how often the interval holds the truth."""
    found = {}
    for tv, runs, steps in ((0.1, 500, 1), (0.1, 100, 5), (0.1, 25, 20), (0.2, 500, 1), (0.3, 500, 1), (0.2, 100, 5)):
        for sights in (1, 4):
            rng = np.random.default_rng([seed, runs, sights, int(100 * tv)])
            drawn = [_draw(rng, runs, steps, tv=tv, sights=sights) for _ in range(times)]
            p = np.array([one.p(rng, 1_999) for one in drawn[: times // 4]])
            told = [one.advantage(rng) for one in drawn]
            held = float(np.mean([low <= tv <= high for _, (low, high) in told]))
            above = float(np.mean([low > tv for _, (low, _) in told]))
            name = f"TV {tv}, {runs} runs of {steps}, {sights} sights"
            found[name] = {"power at 0.05": float((p <= 0.05).mean()), "power at 0.001": float((p <= 0.001).mean()),
                           "coverage": held, "lower end above the truth": above,
                           "mean effect": float(np.mean([one for one, _ in told]))}  # fmt: skip
            print(name, found[name], flush=True)
    return found


def labels(seed, times=50):
    """How often each known mechanism gets its kind, and whether it is an agent, right; with 100 runs a regime."""
    spec = importlib.util.spec_from_file_location("known", HERE.parents[1] / "tests/monitors/test_agency.py")
    known = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(known)

    def designed(*given):
        return known.thermostat(*given, redesigned=True)

    wanted = {
        "rain": (known.rain, "rain", (0, 1), "physics", False),
        "random walk": (known.walk, "walk", (0, 1), "physics", False),
        "thermostat": (known.thermostat, "heater", (16, 20), "reactive", False),
        "reactive bot": (known.bot, "bot", (0, 1), "reactive", False),
        "learner": (known.learner, "learner", (0, 1), "adaptive", True),
        "imitator": (known.imitator, "imitator", (0, 1), "adaptive", False),
        "dial": (known.dial, "dial", (0, 1), "physics", False),
        "thermostat with its designer": (designed, "heater", (16, 21), "adaptive", True),
    }
    found = {}
    for name, (environment, part, goals, kind, agent) in wanted.items():
        got = [agency(environment, known.MINE, {part: goals}, runs=100, rounds=1_999, seed=seed + k)[part]
               for k in range(times)]  # fmt: skip
        found[name] = {"right": sum((one.kind, one.agent) == (kind, agent) for one in got), "of": times}
        print(name, found[name], flush=True)
    return found


if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    figures = {"seed": seed, "honest comparisons a case": HONEST, "labels": labels(seed), "level": level(seed),
               "power": power(seed)}  # fmt: skip
    (HERE / "agency.json").write_text(json.dumps(figures, indent=1) + "\n")
