"""A round robin of fifty strategies, and memory-one pairs, against the Axelrod library; answers asserted.

    PEER_PYTHON=/path/to/python python benchmarks/tournament.py

Fifty strategies play 200 turns, 10 repetitions, everybody against everybody, in one process each. Pairs that leave
nothing to chance have to get the same scores in both. Then pairs of memory-one strategies: exact long-run payoffs here,
held against stationary vectors by eigenvalues, and matches of 200 turns there. Prints one JSON object a line; the
targets are 50 times faster, and 100,000 pairs a second. `PEER_PYTHON` is a Python with axelrod (4.14 was used; it comes
with a large library that these strategies do not need); without it, only our own figures are printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from ostrom.dynamics import memory_one_play, strategy, tournament
from ostrom.dynamics.strategies import Rule
from ostrom.games import PrisonersDilemma

DATA = Path(__file__).parents[1] / "tests" / "dynamics" / "data"
TURNS, REPETITIONS, PAIRS, THEIR_PAIRS = 200, 10, 200_000, 200
PEER = """
import json, sys, time
import axelrod as axl
import numpy as np
asked = json.load(sys.stdin)
players = [getattr(axl, name)() for name in asked["names"]]
begun = time.process_time()
found = axl.Tournament(players, turns=asked["turns"], repetitions=asked["repetitions"], seed=1).play(progress_bar=False)
spent = time.process_time() - begun
rng = np.random.default_rng(0)
pairs = [[axl.MemoryOnePlayer(tuple(rng.random(4))) for _ in range(2)] for _ in range(asked["pairs"])]
begun = time.process_time()
for number, pair in enumerate(pairs):
    axl.Match(pair, turns=asked["turns"], seed=number).play()
print("ANSWER" + json.dumps({
    "version": axl.__version__, "tournament_s": spent, "matches_s": time.process_time() - begun,
    "scores": [[np.mean(cell) for cell in row] for row in found.payoffs]}))
"""


def entries() -> tuple[list[str], list[str]]:
    """Fifty names here and there: all that draw or count, and then others in the order of the stored histories."""
    known = {}
    for name in ("axelrod_means.json", "axelrod_histories.json"):
        known |= json.loads((DATA / name).read_text(encoding="utf-8"))["names"]
    hard = [name for name in known if isinstance(strategy(name), Rule) or not strategy(name).is_pure]
    chosen = [*hard, *(name for name in known if name not in hard)][:50]
    return chosen, [known[name] for name in chosen]


def least(function, repeats: int):
    """`(answer, seconds)`: CPU seconds of the best of several runs."""
    best, answer = float("inf"), None
    for _ in range(repeats):
        begun = time.process_time()
        answer = function()
        best = min(best, time.process_time() - begun)
    return answer, best


def peer(names: list[str]) -> dict | None:
    """What the other library says and how long it took."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print("PEER_PYTHON is not set: no comparison.", file=sys.stderr)
        return None
    asked = {"names": names, "turns": TURNS, "repetitions": REPETITIONS, "pairs": THEIR_PAIRS}
    done = subprocess.run([python, "-c", PEER], input=json.dumps(asked), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{python} could not play with axelrod:\n{done.stderr[-1500:]}")
    return json.loads(done.stdout.rpartition("ANSWER")[2])


def assert_stationary(p, q, joint) -> None:
    """The left eigenvector of eigenvalue 1 of each chain, for a hundred of the pairs."""
    for k in range(100):
        a, b = p[k] * 0.98 + 0.01, q[k, [0, 2, 1, 3]] * 0.98 + 0.01
        chain = np.stack([a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)], -1)
        values, vectors = np.linalg.eig(chain.T)
        own = np.real(vectors[:, np.argmin(np.abs(values - 1))])
        assert np.allclose(own / own.sum(), joint[k], atol=1e-9), "the long run is not the stationary vector"


def main() -> None:
    """Play, compare, print."""
    ours, theirs = entries()
    found, fast = least(lambda: tournament(ours, turns=TURNS, repetitions=REPETITIONS), 5)
    rng = np.random.default_rng(0)
    p, q = rng.random((2, PAIRS, 4))
    joint, spent = least(lambda: memory_one_play(p, q, noise=0.01), 3)
    assert_stationary(p, q, joint)
    payoffs = joint @ PrisonersDilemma().payoffs.reshape(4, 2)
    assert payoffs.shape == (PAIRS, 2)
    answer, second = peer(theirs), {"case": "memory-one pairs", "ostrom_per_s": round(PAIRS / spent), "target": 100_000}
    first: dict[str, object] = {"case": f"{len(ours)} strategies", "ostrom_s": round(fast, 4)}
    if answer:
        sure = [not (one.draws if isinstance(one, Rule) else not one.is_pure) for one in map(strategy, ours)]
        both = np.ix_(sure, sure)
        gap = np.abs(found.payoffs[..., 0][both] - np.array(answer["scores"])[both]).max()
        assert gap < 1e-9, f"pairs without chance differ by {gap:g}"
        ratio = answer["tournament_s"] / fast
        first |= {
            "axelrod": answer["version"],
            "axelrod_s": round(answer["tournament_s"], 2),
            "same_pairs": sum(sure) ** 2,
        }
        first |= {"ratio": round(ratio), "target": 50}
        second |= {"axelrod_per_s": round(THEIR_PAIRS / answer["matches_s"])}
    print(json.dumps(first))
    print(json.dumps(second))


if __name__ == "__main__":
    main()
