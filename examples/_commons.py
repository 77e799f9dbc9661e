"""Records of a shared pool that language models harvest, and the law it follows."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ostrom.core.errors import InputError

GONE = 5.0
"""Units left below which the pool is gone: GovSim's. Of the records, one with 4 left has ended, one with 9 goes on."""


@dataclass(frozen=True)
class Run:
    """One recorded run: `pools float[T]` as rounds begin, `asks float[T, P]` and what was `got`; whether it lasted."""

    condition: str
    seed: str
    pools: np.ndarray
    asks: np.ndarray
    got: np.ndarray
    survived: bool

    @property
    def harvest(self) -> float:
        """Units that all together took in all rounds."""
        return float(self.got.sum())


@dataclass(frozen=True)
class Law:
    """What is left is multiplied by `growth`, up to `capacity`; less than `GONE` left, and it is gone."""

    growth: float
    capacity: float
    players: int
    rounds: int

    @property
    def fair(self) -> float:
        """The share of the pool that each may take if all do and it is to be as large again."""
        return (1 - 1 / self.growth) / self.players

    def after(self, pool: float, taken: float) -> float:
        """The pool of the next round."""
        left = max(pool - taken, 0.0)
        return 0.0 if left < GONE else min(self.growth * left, self.capacity)

    def replay(self, asks: np.ndarray, limited: bool) -> tuple[int, float, bool]:
        """Rounds, harvest and survival if these demands, `float[T, P]` as shares of the pool, are served.

        All are cut in proportion where they exceed the pool, and before at the fair share if `limited`.
        """
        pool, harvest = self.capacity, 0.0
        for t, shares in enumerate(asks):
            wanted = np.minimum(shares, self.fair) if limited else shares
            taken = pool * min(float(wanted.sum()), 1.0)
            pool, harvest = self.after(pool, taken), harvest + taken
            if pool <= 0:
                return t + 1, harvest, False
        return len(asks), harvest, True


def read(path: Path) -> dict[str, list[Run]]:
    """The runs of every condition; the sixth, in which harvests are recorded and no demands, as "raw_math"."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        found = {c: [_run(c, s, r["trajectories"], r) for s, r in runs.items()] for c, runs in told["results"].items()}
        raw = told["condition_6_raw_math"]["seeds"]
        found["raw_math"] = [_run("raw_math", seed, run["trajectory"], run) for seed, run in raw.items()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is not the records: {error!r}.", do="Name runs.json of llm-commons.") from error
    return found


def _run(condition: str, seed: str, rounds: list[dict[str, Any]], run: dict[str, Any]) -> Run:
    asks = np.array([list((r["wanted"] if "wanted" in r else r["harvests"]).values()) for r in rounds], float)
    pools = np.array([r["pool_before"] for r in rounds], float)
    got = asks * np.minimum(1, pools / np.maximum(asks.sum(1), 1e-9))[:, None]
    if "collected" in rounds[0]:
        got = np.array([list(r["collected"].values()) for r in rounds], float)
    return Run(condition, seed, pools, asks, got, bool(run["survived"]))


def law_of(runs: list[Run], rounds: int) -> Law:
    """The law, from runs in which the pool never grows back to what it was at first."""
    ratios = [
        after / (before - taken)
        for run in runs
        for before, taken, after in zip(run.pools, run.got.sum(1), run.pools[1:], strict=False)
    ]
    return Law(float(np.median(ratios)), float(max(run.pools.max() for run in runs)), runs[0].asks.shape[1], rounds)


def misfits(law: Law, runs: dict[str, list[Run]]) -> tuple[int, int]:
    """How many times the law tells the next pool wrong, of how many; that a pool is gone counts as one."""
    wrong = of = 0
    for run in (run for some in runs.values() for run in some):
        told = [law.after(pool, taken) for pool, taken in zip(run.pools, run.got.sum(1), strict=True)]
        follows = [*run.pools[1:], *([] if run.survived else [0.0])]
        wrong += sum(abs(a - b) > 1e-9 for a, b in zip(told, follows, strict=False))
        of += len(follows)
    return wrong, of


def greedy(law: Law, run: Run) -> np.ndarray:
    """Which demands exceed the fair share of the pool by a unit or more, `bool[T, P]`."""
    return run.asks >= law.fair * run.pools[:, None] + 1
