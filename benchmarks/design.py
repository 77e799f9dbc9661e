"""How long remedies take to find, each answer compared with SciPy's or with another method in the same run.

    python benchmarks/design.py [--games N]

Prints one JSON object a line: the median over N random games of integers from 0 to 9, in CPU seconds on one core. The
peer is the same program solved by SciPy (HiGHS) where somebody solves it; restrictions have none, and are checked by
trying every smaller set, and by SciPy's worst coarse correlated equilibrium. Stops when an answer differs or a limit is
passed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from itertools import combinations

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.optimize import linprog

from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._payments import prices, promised
from ostrom.designers.restriction import restriction

LIMITS = {
    "cheapest promises, 5 players × 4 moves": 0.001,
    "smallest restriction, 5 players × 4 moves": 0.2,
    "learner-proof restriction, 3 players × 4 moves": 5.0,
}


def main() -> None:
    """Run every case."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--games", type=int, default=5)
    games = given.parse_args().games
    restriction(table((2, 2), 0))  # imports, before the clock runs
    for case, sizes, run in (
        ("cheapest promises, 5 players × 4 moves", (4,) * 5, promises),
        ("smallest restriction, 5 players × 4 moves", (4,) * 5, unique),
        ("learner-proof restriction, 3 players × 4 moves", (4,) * 3, learner_proof),
    ):
        ours, theirs = zip(*(run(table(sizes, seed)) for seed in range(games)), strict=True)
        cpu, peer = statistics.median(ours), [x for x in theirs if x is not None]
        ratio = round(statistics.median(peer) / cpu, 1) if peer else None
        row: dict[str, object] = {"case": case, "cpu_s": round(cpu, 5), "limit_s": LIMITS[case]}
        if peer:
            row |= {"scipy_s": round(statistics.median(peer), 4), "ratio": ratio}
        print(json.dumps(row, ensure_ascii=False), flush=True)
        if cpu > LIMITS[case]:
            sys.exit(f"{case} took {cpu:.4f} s of CPU; {LIMITS[case]} s are allowed.")


def table(sizes: tuple[int, ...], seed: int) -> NormalForm:
    """A game of random integers from 0 to 9."""
    return NormalForm(np.random.default_rng(seed).integers(0, 10, (*sizes, len(sizes))))


def timed(function: Callable[[], object], repeat: int = 1) -> tuple[object, float]:
    """`(answer, seconds)`: the best of several runs in CPU seconds."""
    best, answer = float("inf"), None
    for _ in range(repeat):
        start = time.process_time()
        answer = function()
        best = min(best, time.process_time() - start)
    return answer, best


def optimum(game: NormalForm) -> tuple[int, ...]:
    """The joint move of highest mean payoff."""
    flat = int(np.argmax(game.payoffs.mean(-1)))
    return tuple(int(k) for k in np.unravel_index(flat, game.sizes))


def promises(game: NormalForm) -> tuple[float, float]:
    """Closed form, against the linear program over promises at the target and elsewhere."""
    place = optimum(game)
    paid, fast = timed(lambda: promised(game.payoffs, place, 0.0), 20)
    cost, slow = timed(lambda: program(game, place))
    assert abs(float(np.asarray(paid)[place].sum()) - float(cost)) < 1e-7  # type: ignore[arg-type]
    assert abs(float(prices(game.payoffs)[place]) - float(cost)) < 1e-7  # type: ignore[arg-type]
    return fast, slow


def program(game: NormalForm, place: tuple[int, ...]) -> float:
    """The least cost at the target of promises that make it weakly dominant, by SciPy."""
    size, count = game.size, len(game.players)
    number = np.arange(size).reshape(game.sizes)
    rows, right = [], []
    for i, part in enumerate(place):
        pay, at = np.moveaxis(game.payoffs[..., i], i, 0), np.moveaxis(number, i, 0)
        for move in range(game.sizes[i]):
            for gain, here in zip((pay[move] - pay[part]).ravel(), at[part].ravel(), strict=True):
                if move != part:
                    rows.append(here * count + i)
                    right.append(-gain)
    from scipy.sparse import coo_array

    matrix = coo_array((-np.ones(len(rows)), (np.arange(len(rows)), rows)), (len(rows), size * count))
    cost = np.zeros(size * count)
    target = int(number[place])
    cost[target * count : (target + 1) * count] = 1
    found = linprog(cost, A_ub=matrix.tocsr(), b_ub=right, bounds=(0, None), method="highs")
    assert found.status == 0
    return float(found.fun)


def unique(game: NormalForm) -> tuple[float, None]:
    """The smallest restriction; where it is small, every smaller set is tried."""
    found, fast = timed(lambda: restriction(game, played=np.full(game.sizes, 1 / game.size)))
    assert found.status == "optimal"  # type: ignore[attr-defined]
    assert all(claim.verdict != "refuted" for claim in (found.claims[0], found.claims[2]))  # type: ignore[attr-defined]
    size = found.size  # type: ignore[attr-defined]
    if size > 4:
        return fast, None
    assert not any(works(game, optimum_of(game, found), k) for k in range(size))
    return fast, None


def optimum_of(game: NormalForm, found: object) -> tuple[int, ...]:
    """The target that was aimed at."""
    return game.profile(found.target)  # type: ignore[attr-defined]


def works(game: NormalForm, place: tuple[int, ...], removals: int) -> bool:
    """Whether some set of that many removals leaves the target as the only pure equilibrium, by trying them all."""
    moves = [(i, k) for i, size in enumerate(game.sizes) for k in range(size) if k != place[i]]
    for out in combinations(moves, removals):
        kept = [[k for k in range(size) if (i, k) not in out] for i, size in enumerate(game.sizes)]
        left = game.payoffs[np.ix_(*kept)]
        stable = np.ones(left.shape[:-1], bool)
        for i in range(left.shape[-1]):
            stable &= left[..., i] >= left[..., i].max(axis=i, keepdims=True)
        at = tuple(own.index(move) for own, move in zip(kept, place, strict=True))
        if stable.sum() == 1 and stable[at]:
            return True
    return False


def learner_proof(game: NormalForm) -> tuple[float, None]:
    """The smallest learner-proof restriction; that it holds is checked by SciPy's worst coarse equilibrium."""
    played = np.full(game.sizes, 1 / game.size)
    found, fast = timed(lambda: restriction(game, goal="learner-proof", played=played))
    assert found.status == "optimal"  # type: ignore[attr-defined]
    left = found.governed  # type: ignore[attr-defined]
    wanted = float(game.payoffs[game.profile(found.target)].mean())  # type: ignore[attr-defined]
    assert worst(left) >= wanted - 1e-6
    return fast, None


def worst(game: NormalForm) -> float:
    """The least mean payoff of a coarse correlated equilibrium, by SciPy."""
    rows = []
    for i, size in enumerate(game.sizes):
        for move in range(size):
            rows.append((np.take(game.payoffs[..., i], [move], axis=i) - game.payoffs[..., i]).ravel())
    count = game.size
    found = linprog(
        game.payoffs.mean(-1).ravel(), np.array(rows), np.zeros(len(rows)), np.ones((1, count)), [1.0], method="highs"
    )
    assert found.status == 0
    return float(found.fun)


if __name__ == "__main__":
    main()
