"""Best correlated and worst coarse correlated equilibria of random games: ours against other people's programs.

The others are SciPy's HiGHS on the same program with all rows written out (dense where that takes less than 200 MB),
and OpenSpiel's `jpsro._mwce` where it is installed (dependency group `oracle`, with cvxpy and ecos) and the game is
small enough for it. All have to find the same welfare, to 1e-6 of its range (OpenSpiel's solver to 1e-5). One JSON line
per game, in CPU seconds; SciPy's without the time to write out its rows, OpenSpiel's with it. The targets are 0.15 s
with 8 players and 3 moves each, 1.5 s with two players and 100 moves each, and 0.003 s with 64 joint moves.
"""

import itertools
import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from ostrom.core.forms.normal_form import NormalForm
from ostrom.solvers.correlated import correlated

SEEDS, REPEATS = 5, 5
DENSE, SPIEL = 2e8, 7_000
CASES = [((3,) * 8, False, 0.15), ((100, 100), False, 1.5), ((20, 20), False, None), ((4, 4, 4), True, 0.003)]


def table(shape, kind, seed):
    """Payoffs `[A_1, …, A_P, P]`: floats from 0 to 1, or integers from 0 to 9."""
    rng = np.random.default_rng([seed, *shape])
    size = (*shape, len(shape))
    return rng.random(size) if kind == "floats" else rng.integers(0, 10, size).astype(float)


def rows(payoffs, coarse):
    """All incentives, one sparse row each; dense when they are small enough."""
    sizes, found = payoffs.shape[:-1], []
    count = int(np.prod(sizes))
    for i, size in enumerate(sizes):
        own = np.indices(sizes)[i].ravel()
        for wanted in range(size):
            moved = np.broadcast_to(np.take(payoffs[..., i], [wanted], axis=i), sizes).ravel()
            gain = moved - payoffs[..., i].ravel()
            groups = np.zeros(count, int) if coarse else own
            found.append(csr_array((gain, (groups, np.arange(count))), shape=(1 if coarse else size, count)))
    matrix = vstack(found, format="csr")
    return matrix.toarray() if matrix.shape[0] * count * 8 < DENSE else matrix


def scipy_value(payoffs, matrix, worst):
    """The value of mean welfare, from SciPy."""
    goal = payoffs.mean(-1).ravel() * (1 if worst else -1)
    answer = linprog(goal, matrix, np.zeros(matrix.shape[0]), np.ones((1, len(goal))), [1.0], method="highs")
    assert answer.status == 0, answer.message
    return answer.fun * (1 if worst else -1)


def spiel_value(payoffs):
    """The value of mean welfare, from OpenSpiel's best correlated equilibrium; None where it is not installed."""
    try:
        from open_spiel.python.algorithms.jpsro import _mwce
    except ImportError:
        return None
    meta = np.moveaxis(payoffs, -1, 0)
    joint, _ = _mwce(meta, [np.ones(size) for size in payoffs.shape[:-1]])
    return float((joint * payoffs.mean(-1)).sum())


def timed(function, repeats=1):
    """`(answer, CPU seconds)`, the best of several runs, as the machine may be shared."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        answer = function()
        taken.append(time.process_time() - start)
    return answer, min(taken)


def compare(shape, kind, seed, end):
    """Solve one game by all, and say what it took."""
    payoffs = table(shape, kind, seed)
    game = NormalForm(payoffs)
    ours, fast = timed(lambda: correlated(game, coarse=end, worst=end), REPEATS)
    near = 1e-6 * np.ptp(payoffs.mean(-1))
    assert ours.status == "complete"
    matrix = rows(payoffs, end)
    theirs, slow = timed(lambda: scipy_value(payoffs, matrix, end))
    assert abs(theirs - ours.value) <= near, (theirs, ours.value)
    said = {"moves": shape, "payoffs": kind, "seed": seed, "ostrom_s": round(fast, 4), "scipy_s": round(slow, 4)}
    form = "dense" if isinstance(matrix, np.ndarray) else "sparse"
    said |= {"scipy_rows": form, "scipy_ratio": round(slow / fast, 1)}
    if not end and game.size <= SPIEL:
        spiel, spent = timed(lambda: spiel_value(payoffs))
        if spiel is not None:
            assert abs(spiel - ours.value) <= 10 * near, (spiel, ours.value)
            said |= {"open_spiel_s": round(spent, 4), "open_spiel_ratio": round(spent / fast, 1)}
    print(json.dumps(said), flush=True)
    return fast


def main():
    """Solve all games; a target that is missed makes the exit code 1."""
    correlated(NormalForm(table((2, 2), "floats", 0)))
    spiel_value(table((2, 2), "floats", 0))
    missed = False
    for (shape, end, target), kind in itertools.product(CASES, ("floats", "integers")):
        slowest = max(compare(shape, kind, seed, end) for seed in range(SEEDS))
        what = f"{'worst coarse' if end else 'best'} correlated equilibrium"
        print(json.dumps({"moves": shape, "payoffs": kind, "what": what, "slowest_s": slowest, "target_s": target}))
        missed |= target is not None and slowest > target
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
