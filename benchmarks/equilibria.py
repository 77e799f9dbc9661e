"""All equilibria of random two-player games: exact vertex enumeration here against Nashpy's in floats.

Both solve the same games in one process, and have to find the same equilibria. Prints one JSON line per game and one
for all; the target is 20 times faster at 8 x 8. Needs nashpy (dependency group `oracle`).
"""

import json
import os
import statistics
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import nashpy
import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers.vertex_enumeration import vertex_enumeration

SIZE, GAMES, REPEATS = 8, 5, 3


def bimatrix(size, seed):
    """Two tables of integers, evenly from -1000 to 1000."""
    rng = np.random.default_rng([size, size, seed])
    return rng.integers(-1000, 1001, (size, size)), rng.integers(-1000, 1001, (size, size))


def timed(function, repeats):
    """`(answer, seconds)`: the best of several runs in CPU seconds, as the machine may be shared."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        answer = function()
        best = min(best, time.process_time() - start)
    return answer, best


def same(ours, theirs):
    """Whether two lists of `[x, y]` vectors are the same set, to 1e-7."""
    gaps = np.abs(np.array(ours)[:, None] - np.array(theirs)[None]).max(-1)
    return len(ours) == len(theirs) and gaps.min(1).max() < 1e-7 and gaps.min(0).max() < 1e-7


def main():
    """Run the games and print what they took."""
    ratios = []
    vertex_enumeration(NormalForm(np.zeros((2, 2, 2))))  # imports, before the clock runs
    for seed in range(GAMES):
        row, column = bimatrix(SIZE, seed)
        game, theirs = NormalForm(np.stack([row, column], axis=-1)), nashpy.Game(row, column)
        solution, fast = timed(lambda game=game: vertex_enumeration(game), REPEATS)
        found, slow = timed(lambda theirs=theirs: list(theirs.vertex_enumeration()), 1)
        assert solution.status == "complete"
        assert same([np.concatenate(point) for point in solution.points], [np.concatenate(point) for point in found])
        ratios.append(slow / fast)
        shown = {"game": seed, "equilibria": len(solution), "ostrom_s": round(fast, 4), "nashpy_s": round(slow, 4)}
        print(json.dumps({**shown, "ratio": round(ratios[-1], 1)}))
    answer = {"size": SIZE, "games": GAMES, "median_ratio": round(statistics.median(ratios), 1), "target": 20}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
