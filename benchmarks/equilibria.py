"""Equilibria of random games: all of two players with 8 and 12 moves, and one of five players with four.

    PEER_PYTHON=/path/to/python python benchmarks/equilibria.py [--all]

Games are those of the anchors: integers from -1000 to 1000, and payoffs evenly from [0, 1). Prints one JSON line per
case; stops where an answer is wrong or a limit is passed. `PEER_PYTHON` is a Python with nashpy, quantecon and, if
there, pygambit: their figures are taken in the same run (8 x 8: Nashpy's equilibria have to be ours; 12 x 12:
QuantEcon's have to be as many; five players: Gambit's logit path). `--all` runs a hundred games of five players.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers.nash import nash
from ostrom.solvers.vertex_enumeration import vertex_enumeration

PEER = r"""
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
what, tables = json.loads(sys.stdin.read())
tables = [np.array(table) for table in tables]
answers = []
if what == "nashpy":
    import nashpy
    solve = lambda t: [[*map(float, x), *map(float, y)] for x, y in nashpy.Game(t[0], t[1]).vertex_enumeration()]
elif what == "quantecon":
    import quantecon.game_theory as gt
    solve = lambda t: len(gt.vertex_enumeration(
        gt.NormalFormGame((gt.Player(t[0].astype(float)), gt.Player(t[1].T.astype(float))))))
    solve(np.random.default_rng(0).integers(0, 99, (2, 4, 4)))  # compiles
else:
    import pygambit as gbt
    def solve(t):
        found = gbt.nash.logit_solve(gbt.Game.from_arrays(*t), use_strategic=True).equilibria[0]
        return [[float(found[s]) for s in player.strategies] for player in found.game.players]
for table in tables:
    start = time.process_time()
    found = solve(table)
    answers.append((found, time.process_time() - start))
print(json.dumps(answers))
"""


def bimatrix(size: int, seed: int) -> np.ndarray:
    """Two tables of integers, `[2, size, size]`, evenly from -1000 to 1000."""
    rng = np.random.default_rng([size, size, seed])
    return np.stack([rng.integers(-1000, 1001, (size, size)) for _ in range(2)])


def tensors(players: int, moves: int, seed: int) -> np.ndarray:
    """A table for each player, payoffs evenly from [0, 1)."""
    rng = np.random.default_rng([players, moves, seed, 7])
    return np.stack([rng.random((moves,) * players) for _ in range(players)])


def tied(size: int, seed: int) -> np.ndarray:
    """Two tables of very few different payoffs: degenerate games."""
    return np.random.default_rng([size, seed, 5]).integers(0, 2 + seed % 4 * 2, (2, size, size))


def timed(function: Callable[[], object], repeats: int) -> tuple:
    """`(answer, seconds)`: the best of several runs in CPU seconds, as the machine may be shared."""
    best, answer = float("inf"), None
    for _ in range(repeats):
        start = time.process_time()
        answer = function()
        best = min(best, time.process_time() - start)
    return answer, best


def peer(what: str, tables: list) -> list | None:
    """What the peer answers to these games and the CPU seconds it took each; None where it is not there."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        return None
    asked = json.dumps([what, [table.tolist() for table in tables]])
    done = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True)
    if done.returncode:
        print(f"{what}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads(done.stdout)


def same(ours: list, theirs: list) -> bool:
    """Whether two lists of `[x, y]` vectors are the same set, to 1e-7."""
    gaps = np.abs(np.array(ours)[:, None] - np.array(theirs)[None]).max(-1)
    return len(ours) == len(theirs) and gaps.min(1).max() < 1e-7 and gaps.min(0).max() < 1e-7


def worst_gain(tables: np.ndarray, point: list) -> float:
    """The largest gain from a move of one's own, by plain tensor products."""
    worst = 0.0
    for i, table in enumerate(tables):
        worth = np.moveaxis(np.asarray(table, float), i, 0)
        for j in reversed([k for k in range(len(point)) if k != i]):
            worth = worth @ np.asarray(point[j])
        worst = max(worst, float(worth.max() - worth @ np.asarray(point[i])))
    return worst


def say(case: str, ours: list[float], limit: float, name: str, theirs: list | None, **more: object) -> None:
    """Print one JSON line, with the median of the ratios where there is a peer; stop when the limit is passed."""
    line = {"case": case, "median_s": round(statistics.median(ours), 5), "max_s": round(max(ours), 5), "limit_s": limit}
    if theirs:
        ratios = [slow / fast for (_, slow), fast in zip(theirs, ours, strict=True)]
        line |= {f"{name}_s": round(statistics.median(slow for _, slow in theirs), 5)}
        line |= {"ratio": round(statistics.median(ratios), 2)}
    print(json.dumps(line | more), flush=True)
    if statistics.median(ours) > limit:
        sys.exit(f"{case}: a median of {statistics.median(ours):.3f} s; {limit} s are allowed.")


def all_equilibria(case: str, tables: list, limit: float, name: str) -> None:
    """All equilibria of two players; those that a peer finds have to be the same."""
    found, taken = [], []
    for table in tables:
        solution, seconds = timed(lambda table=table: vertex_enumeration(NormalForm(np.moveaxis(table, 0, -1))), 3)
        assert solution.status == "complete"
        assert all(worst_gain(table, point) < 1e-9 * 1000 for point in solution.points)
        found.append(solution)
        taken.append(seconds)
    theirs = peer(name, tables) if name else None
    for ours, (other, _) in zip(found, theirs or [], strict=bool(theirs)):
        points = [np.concatenate(point) for point in ours.points]
        assert other == len(points) if isinstance(other, int) else same(points, other)
    say(case, taken, limit, name, theirs, equilibria=[len(solution) for solution in found])


def one_equilibrium(count: int) -> None:
    """One equilibrium of five players with four moves, pure or not."""
    tables = [tensors(5, 4, seed) for seed in range(count)]
    taken, worst = [], 0.0
    for table in tables:
        solution, seconds = timed(lambda table=table: nash(NormalForm(np.moveaxis(table, 0, -1))), 1)
        worst = max(worst, worst_gain(table, solution.points[0]))
        assert solution.status == "partial"
        assert worst <= 1e-6
        taken.append(seconds)
    theirs = peer("gambit", tables[:5])
    say("one equilibrium, 5 players x 4 moves", taken, 0.6, "", None, games=count, worst_regret=worst)
    if theirs:
        regrets = [worst_gain(table, point) for table, (point, _) in zip(tables, theirs, strict=False)]
        seconds = [round(slow, 3) for _, slow in theirs]
        print(json.dumps({"case": "the first five by Gambit's logit path", "s": seconds, "worst_regret": max(regrets)}))


def main() -> None:
    """Run the games and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="a hundred games of five players instead of twenty")
    more = parser.parse_args().all
    vertex_enumeration(NormalForm(np.zeros((2, 2, 2))))  # imports, before the clock runs
    all_equilibria("all equilibria, 8 x 8", [bimatrix(8, seed) for seed in range(5)], 0.05, "nashpy")
    all_equilibria("all equilibria, 12 x 12", [bimatrix(12, seed) for seed in range(5)], 0.2, "quantecon")
    all_equilibria("all extreme equilibria, 12 x 12 with ties", [tied(12, seed) for seed in range(8)], 0.5, "")
    one_equilibrium(100 if more else 20)


if __name__ == "__main__":
    main()
