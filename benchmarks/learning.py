"""Learning on tables: fictitious play and replicator dynamics on 100 x 100 moves, and 100,000 runs of urns.

    PEER_PYTHON=/path/to/python python benchmarks/learning.py [--short]

Prints one JSON line per case; stops where an answer is wrong or a limit is passed. `PEER_PYTHON` is a Python with
quantecon, nashpy and open_spiel, whose figures are taken in the same run: ours may not be slower than QuantEcon's
fictitious play and OpenSpiel's replicator field, and have to say the same. Nashpy's path, by LSODA in shares, is shown
for comparison only: it is faster where shares stay away from 0. `--short` plays a hundredth of the urns.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics.fictitious_play import fictitious_play
from ostrom.dynamics.replicator import replicator, replicator_field
from ostrom.dynamics.roth_erev import Informed, roth_erev
from ostrom.games import PrisonersDilemma

MOVES, ROUNDS, FIELDS, UNTIL, POINTS = 100, 20_000, 2_000, 10.0, 1_000

PEER = r"""
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
asked = json.loads(sys.stdin.read())
a, b, x, y = (np.array(asked[name]) for name in ("a", "b", "x", "y"))
answer = {}

def clock(name, function):
    start = time.process_time()
    found = function()
    answer[name] = [found, time.process_time() - start]

import quantecon.game_theory as gt
play = gt.FictitiousPlay(gt.NormalFormGame((gt.Player(a), gt.Player(np.ascontiguousarray(b.T)))))
play.play(actions=(x, y), num_reps=3)
clock("fictitious play", lambda: [list(z) for z in play.play(actions=(x, y), num_reps=asked["rounds"] - 1)])
from open_spiel.python.egt import dynamics
field = dynamics.MultiPopulationDynamics(np.stack([a, b]), dynamics.replicator)
both = np.concatenate([x, y])
def fields():
    for _ in range(asked["fields"]):
        found = field(both)
    return list(found)
clock("replicator field", fields)
import nashpy
times = np.linspace(0, asked["until"], asked["points"])
game = nashpy.Game(a, b)
def path():
    one, two = game.asymmetric_replicator_dynamics(x0=x, y0=y, timepoints=times)
    return [list(one[-1]), list(two[-1])]
clock("replicator path", path)
print("ANSWER" + json.dumps(answer))
"""


def timed(function: Callable[[], object], repeats: int = 3) -> tuple:
    """`(answer, CPU seconds)` of the best of several runs."""
    best, answer = float("inf"), None
    for _ in range(repeats):
        start = time.process_time()
        answer = function()
        best = min(best, time.process_time() - start)
    return answer, best


def peer(asked: dict) -> dict:
    """What the other libraries say and the CPU seconds they took; nothing without them."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print("PEER_PYTHON is not set: no comparison.", file=sys.stderr)
        return {}
    done = subprocess.run([python, "-c", PEER], input=json.dumps(asked), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The other libraries could not play:\n{done.stderr[-1500:]}")
    return json.loads(done.stdout.rpartition("ANSWER")[2])


def compare(
    case: str,
    name: str,
    ours: np.ndarray,
    seconds: float,
    theirs: dict,
    close: float,
    faster: bool = True,
    **more: object,
) -> None:
    """One JSON line; stop where answers differ, and where ours is slower and should not be."""
    line: dict[str, object] = {"case": case, "ostrom_s": round(seconds, 4), **more}
    if name in theirs:
        found, slow = theirs[name]
        gap = float(np.abs(ours - np.concatenate([np.ravel(part) for part in found])).max())
        line |= {"peer_s": round(slow, 4), "ratio": round(slow / seconds, 1), "apart": gap}
        print(json.dumps(line), flush=True)
        assert gap < close, f"{case}: answers are {gap:g} apart"
        assert slow > seconds or not faster, f"{case} is slower than the peer"
    else:
        print(json.dumps(line), flush=True)


def on_a_large_table() -> None:
    """Fictitious play, the replicator field and a replicator path of two with 100 moves, from one start."""
    rng = np.random.default_rng([MOVES, 1])
    table = rng.random((MOVES, MOVES, 2))
    game, start = NormalForm(table), tuple(rng.dirichlet(np.ones(MOVES)) for _ in range(2))
    asked = {"a": table[..., 0].tolist(), "b": table[..., 1].tolist(), "x": list(start[0]), "y": list(start[1])}
    theirs = peer(asked | {"rounds": ROUNDS, "fields": FIELDS, "until": UNTIL, "points": POINTS})
    play, fast = timed(lambda: fictitious_play(game, start, ROUNDS, ties="lowest"))
    said = {"rounds_per_s": round(ROUNDS / fast)}
    compare("fictitious play", "fictitious play", np.concatenate(play.average), fast, theirs, 1e-6, **said)

    def fields() -> object:
        for _ in range(FIELDS):
            found = replicator_field(game, start)
        return found

    found, fast = timed(fields)
    said = {"fields_per_s": round(FIELDS / fast)}
    compare("replicator field", "replicator field", np.concatenate(found), fast, theirs, 1e-12, **said)
    times = np.linspace(0, UNTIL, POINTS).tolist()
    path, fast = timed(lambda: replicator(game, start, times))
    ends = np.concatenate([x[-1] for x in path])
    compare("replicator path", "replicator path", ends, fast, theirs, 1e-6, faster=False)
    many = tuple(rng.dirichlet(np.ones(MOVES), 1000) for _ in range(2))
    found, fast = timed(lambda: replicator_field(game, many))
    print(
        json.dumps({"case": "replicator field, 1,000 starts at once", "fields_per_s": round(1000 / fast)}), flush=True
    )


def urns(runs: int) -> None:
    """Roth and Erev's reinforcement in a prisoner's dilemma: 10,000 plays of each run, in at most 60 s for 100,000."""
    game, plays = PrisonersDilemma(), 10_000
    found, spent = timed(lambda: roth_erev(game, runs, rounds=plays), 1)
    defects = found.joint.sum(axis=(1, 3))[:, 1].mean()
    assert defects > 0.9, "the dominant move is not learnt"
    line = {
        "case": "urns",
        "runs": runs,
        "plays": plays,
        "cpu_s": round(spent, 1),
        "ns_a_play": spent / runs / plays * 1e9,
    }
    print(json.dumps(line | {"limit_s": 60, "plays_of_the_dominant_move": round(float(defects), 4)}), flush=True)
    if spent > 60 * runs / 100_000 + 1:
        sys.exit(f"{spent:.1f} s for {runs:,} runs of {plays:,} plays.")


def signals(plays: int) -> None:
    """Lewis's game of three states: how often a thousand runs come to a signalling system (0.891 after 1e5 plays)."""
    found, spent = timed(lambda: roth_erev(Informed.lewis(3), 1000, rounds=plays, share=1 / plays), 1)
    share = float((found.expected[:, 0] > 0.8).mean())
    print(
        json.dumps({"case": "signals, 3 states", "plays": plays, "cpu_s": round(spent, 1), "share": share}), flush=True
    )
    assert plays < 100_000 or abs(share - 0.891) < 0.045


def main() -> None:
    """Play, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="a hundredth of the urns")
    short = parser.parse_args().short
    on_a_large_table()
    urns(1000 if short else 100_000)
    signals(10_000 if short else 100_000)


if __name__ == "__main__":
    main()
