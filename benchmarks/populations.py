"""Evolution in finite populations: fixation, the limit of rare mutants, and exact chains, against egttools.

    PEER_PYTHON=/path/to/python python benchmarks/populations.py

Five random games of three strategies among 100, and one of eight, with the same payoffs there and here; odds have to be
equal. Then the whole chain with mutation: among 30 (496 compositions) both have to give the same odds; among 100
(5,151) egttools gets `PATIENCE` seconds, and SciPy's sparse solver is asked about our transition odds. Prints one JSON
object a line, in CPU seconds. `PEER_PYTHON` is a Python with egttools (0.1.14 was used); without it only our figures
are printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.sparse import coo_array, csc_array, eye_array
from scipy.sparse.linalg import spsolve

from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import fixation, pairwise_comparison, small_mutation
from ostrom.dynamics._groups import Groups, compositions
from ostrom.dynamics._imitation import chain_of

STRENGTH, MUTATION, POPULATION, SEEDS, PATIENCE, TARGET = 0.1, 0.01, 100, 5, 20, 0.15
PEER = """
import json, os, sys, time
import importlib.metadata as md
import numpy as np
from egttools import sample_simplex
from egttools.analytical import PairwiseComparison
from egttools.games import Matrix2PlayerGameHolder
from egttools.utils import calculate_stationary_distribution
asked = json.load(sys.stdin)
kept = []  # what its own side does not keep alive
def spent(function):
    begun = time.process_time()
    answer = function()
    return answer, time.process_time() - begun
def process(seed, size, population):
    rng = np.random.default_rng(seed)
    kept.append(Matrix2PlayerGameHolder(size, rng.uniform(-0.5, 0.5, (size, size))))
    kept.append(PairwiseComparison(population, kept[-1]))
    return kept[-1]
def limit(p):
    chain, _ = p.calculate_transition_and_fixation_matrix_sml(asked["strength"])
    return calculate_stationary_distribution(np.array(chain).T)
def full(p):
    chain = p.calculate_transition_matrix(asked["strength"], asked["mutation"])
    return calculate_stationary_distribution(chain.transpose())
answer = {"version": md.version("egttools")}
if asked["what"] == "all":
    answer["fixation"], answer["limit"] = [], []
    for size, seed in asked["games"]:
        p = process(seed, size, 100)
        odds, took = spent(lambda: p.calculate_fixation_probability(0, 1, asked["strength"]))
        answer["fixation"].append([float(odds), took])
        odds, took = spent(lambda: limit(p))
        answer["limit"].append([[float(x) for x in odds], took])
    answer["states"] = [[int(k) for k in sample_simplex(i, 30, 3)] for i in range(496)]
    p = process(0, 3, 30)
else:
    p = process(0, 3, 100)
odds, took = spent(lambda: full(p))
answer["chain"] = [[float(x) for x in odds], took]
print("ANSWER" + json.dumps(answer))
sys.stdout.flush()
os._exit(0)  # its game may be gone by the time it looks for it
"""


def game(seed: int, size: int) -> NormalForm:
    """Payoffs drawn evenly from -1/2 to 1/2."""
    row = np.random.default_rng(seed).uniform(-0.5, 0.5, (size, size))
    return NormalForm(np.stack([row, row.T], axis=-1))


def least(function, repeats: int = 5):
    """`(answer, seconds)`: CPU seconds of the best of several runs."""
    best, answer = float("inf"), None
    for _ in range(repeats):
        begun = time.process_time()
        answer = function()
        best = min(best, time.process_time() - begun)
    return answer, best


def peer(asked: dict, seconds: float) -> dict | None:
    """What the other library says; None where it does not answer in time, or is not there."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        return None
    asked |= {"strength": STRENGTH, "mutation": MUTATION}
    try:
        done = subprocess.run(
            [python, "-c", PEER], input=json.dumps(asked), capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return None
    if "ANSWER" not in done.stdout:
        sys.exit(f"{python} could not be asked with egttools:\n{done.stderr[-1500:]}")
    return json.loads(done.stdout.rpartition("ANSWER")[2])


def sparse(population: int) -> tuple[np.ndarray, float]:
    """The stationary odds of our chain by SciPy's sparse LU, one of them held fast; and its seconds."""
    counts = compositions(3, population)
    chain = chain_of(counts, Groups(game(0, 3))(counts), STRENGTH, MUTATION)
    moves = coo_array((chain.rates, (chain.tails, chain.heads)), shape=(chain.count,) * 2).tocsr()
    balance = csc_array(moves.T - eye_array(chain.count).multiply(moves.sum(1)))

    def solve():
        odds = np.concatenate([[1.0], spsolve(balance[1:, 1:], -balance[1:, [0]].toarray().ravel())])
        return odds / odds.sum()

    return least(solve, 3)


def say(case: str, **more: object) -> None:
    """One JSON object a line."""
    print(json.dumps({"case": case, **more}), flush=True)


def main() -> None:
    """Compute, compare, print; a target that is missed makes the exit code 1."""
    games = [(3, seed) for seed in range(SEEDS)] + [(8, 0)]
    if not os.environ.get("PEER_PYTHON"):
        print("PEER_PYTHON is not set: no comparison.", file=sys.stderr)
    theirs = peer({"what": "all", "games": games}, 600)
    for k, (size, seed) in enumerate(games):
        own = game(seed, size)
        one, fast = least(lambda own=own: fixation(own, 0, 1, POPULATION, strength=STRENGTH))
        limit, quick = least(lambda own=own: small_mutation(own, POPULATION, strength=STRENGTH))
        shown: dict[str, object] = {"fixation_s": round(fast, 5), "limit_s": round(quick, 5)}
        if theirs:
            (odds, slow), (shares, slower) = theirs["fixation"][k], theirs["limit"][k]
            assert abs(odds - one.odds) < 1e-9 * odds, (odds, one.odds)
            assert np.abs(np.array(shares) - limit.odds).max() < 1e-8, (shares, limit.odds)
            shown |= {"egttools_fixation_s": round(slow, 5), "egttools_limit_s": round(slower, 5)}
            shown |= {"limit_ratio": round(slower / quick, 1)}
        say(f"{size} strategies among {POPULATION}, seed {seed}", **shown)
    for population in (30, POPULATION):
        found, fast = least(
            lambda z=population: pairwise_comparison(game(0, 3), population=z, strength=STRENGTH, mutation=MUTATION)
        )
        theirs = theirs if population == 30 else peer({"what": "chain"}, PATIENCE)
        lu, spent = sparse(population)
        assert np.abs(lu - found.odds).max() < 1e-12, "SciPy finds other odds"
        shown = {"ostrom_s": round(fast, 4), "scipy_lu_s": round(spent, 4), "residual": found.residual}
        if theirs and population == 30:
            place = {tuple(row): p for row, p in zip(found.counts.tolist(), found.odds, strict=True)}
            mine = np.array([place[tuple(state)] for state in theirs["states"]])
            assert np.abs(mine - theirs["chain"][0]).max() < 1e-10, "egttools finds other odds"
        if theirs:
            shown |= {"egttools_s": round(theirs["chain"][1], 3), "ratio": round(theirs["chain"][1] / fast, 1)}
        elif os.environ.get("PEER_PYTHON"):
            shown |= {"egttools_s": f"over {PATIENCE}"}
        say(f"3 strategies among {population}, mutation {MUTATION}", states=len(found.odds), **shown)
    sys.exit(int(fast > TARGET))


if __name__ == "__main__":
    main()
