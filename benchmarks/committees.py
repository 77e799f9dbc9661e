"""Kemeny's ranking of 12 and 16 alternatives, and proportional approval voting against abcvoting.

    PEER_PYTHON=/path/to/python python benchmarks/committees.py

Prints one JSON object a line, in CPU seconds. Kemeny: 101 drawn orders whose duels run in one circle, so that nothing
can be left out; at most 50 ms for 12 alternatives and 2 s for 16. `times_floor` is against one pass of NumPy over a
number for every subset and alternative, which no dynamic programming over subsets gets around. pref_voting goes through
all orders, so it is asked for 8. Committees: 200 voters who approve of each of 24 to 30 with a chance of 0.2, one
committee each; by proportional approval the score has to be the same, by the other two, in fractions on both sides, the
committee. `PEER_PYTHON` is a Python with abcvoting (2.19.2 was used, with HiGHS by PuLP) or pref_voting (1.18.2), or
both; what it lacks is left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from ostrom import Ballots
from ostrom.choice.equal_shares import equal_shares
from ostrom.choice.kemeny import kemeny
from ostrom.choice.proportional_approval import proportional_approval
from ostrom.choice.sequential_phragmen import sequential_phragmen

LIMITS = {8: 0.05, 12: 0.05, 16: 2.0}
ELECTIONS = ((200, 24, 6), (200, 26, 7), (200, 30, 8))
PEER = """
import json, resource, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
asked, found = json.load(sys.stdin), {}
try:
    from pref_voting.profiles import Profile
    from pref_voting.voting_methods import kemeny_young_rankings
    kemeny_young_rankings(Profile([[0, 1, 2]]))
    profile = Profile(asked["orders"])
    begun = time.process_time()
    rankings, _ = kemeny_young_rankings(profile)
    found["kemeny"] = [time.process_time() - begun, [list(map(int, one)) for one in rankings]]
except ImportError:
    pass
def spent_cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
try:
    from abcvoting import abcrules
    from abcvoting.preferences import Profile
    for k, (approved, seats) in enumerate(asked["approvals"]):
        profile = Profile(asked["size"][k])
        profile.add_voters([set(row) for row in approved])
        for rule in ("pav", "seqphragmen", "equal-shares"):
            how = "pulp-highs" if rule == "pav" else "standard-fractions"
            before = spent_cpu()
            members = abcrules.compute(rule, profile, seats, resolute=True, algorithm=how)[0]
            found[f"{rule} {k}"] = [spent_cpu() - before, sorted(map(int, members))]
except ImportError:
    pass
print("ANSWER" + json.dumps(found))
"""


def best_of(what: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """The least CPU seconds, and what came of it."""
    runs = []
    for _ in range(times):
        begun = time.process_time()
        found = what()
        runs.append((time.process_time() - begun, found))
    return min(runs, key=lambda run: run[0])


def circle(size: int) -> Ballots:
    """Drawn orders whose duels run in one circle through all alternatives."""
    for seed in range(1_000):
        ballots = Ballots(np.argsort(np.random.default_rng(seed).random((101, size)).argsort(1), 1))
        wins = np.sort((ballots.margins > 0).sum(1))
        if (
            np.cumsum(wins)[:-1] > [k * (k - 1) // 2 for k in range(1, size)]
        ).all():  # Landau: no group is beaten whole
            return ballots
    raise AssertionError("one of a thousand is a circle")


def floor(size: int) -> float:
    """One pass over a number for each subset and alternative."""
    table = np.random.default_rng(0).integers(0, 1_000, (size, 2**size))
    best = np.zeros(2**size, np.int64)
    return best_of(lambda: (best + table).min(0), 5)[0]


def say(**line: object) -> None:
    """One JSON object a line."""
    print(json.dumps({key: round(value, 5) if isinstance(value, float) else value for key, value in line.items()}))


def rankings(peer: dict[str, Any]) -> None:
    """Kemeny by size; the peer's at 8."""
    for size, limit in LIMITS.items():
        ballots = circle(size)
        cpu, found = best_of(lambda ballots=ballots: kemeny(ballots))
        line = {"case": f"Kemeny {size}", "cpu_s": cpu, "limit_s": limit, "times_floor": round(cpu / floor(size), 1)}
        assert cpu <= limit, line
        if size == 8 and "kemeny" in peer:
            spent, theirs = peer["kemeny"]
            assert {tuple(ballots.alternatives[k] for k in one) for one in theirs} == set(found.rankings)
            line |= {"peer_s": spent, "times": round(spent / cpu)}
        say(**line)


def elected(peer: dict[str, Any]) -> None:
    """Committees by three rules, each beside the peer's."""
    for k, (voters, size, seats) in enumerate(ELECTIONS):
        ballots = approvals(k)
        for name, rule in (
            ("pav", lambda b, s: proportional_approval(b, s, most=1)),
            ("seqphragmen", sequential_phragmen),
            ("equal-shares", equal_shares),
        ):
            cpu, found = best_of(lambda rule=rule, ballots=ballots, seats=seats: rule(ballots, seats), 1)
            line = {"case": f"{name}: {voters} voters, {seats} of {size}", "cpu_s": cpu}
            if f"{name} {k}" in peer:
                spent, members = peer[f"{name} {k}"]
                theirs = tuple(ballots.alternatives[one] for one in members)
                assert theirs in found.tied or found.score == score(ballots, theirs), (theirs, found.tied)
                line |= {"peer_s": spent, "times": round(spent / cpu, 1)}
            say(**line)


def score(ballots: Ballots, members: tuple[str, ...]) -> Fraction:
    """What a committee is worth by proportional approval."""
    have = (ballots.ranks[:, [ballots.index(one) for one in members]] == 0).sum(1).tolist()
    return sum((Fraction(1, k + 1) for many in have for k in range(many)), Fraction(0))


def approvals(k: int) -> Ballots:
    """The election of a number."""
    voters, size, _ = ELECTIONS[k]
    return Ballots(np.where(np.random.default_rng(k).random((voters, size)) < 0.2, 0, -1))


def theirs() -> dict[str, Any]:
    """The same by the peers, or nothing where `PEER_PYTHON` names no such Python."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print(json.dumps({"peer": "PEER_PYTHON names no Python with abcvoting; only our own figures are printed"}))
        return {}
    asked = {
        "orders": np.argsort(circle(8).ranks, 1).tolist(),
        "size": [size for _, size, _ in ELECTIONS],
        "approvals": [
            [[np.flatnonzero(row == 0).tolist() for row in approvals(k).ranks], seats]
            for k, (_, _, seats) in enumerate(ELECTIONS)
        ],
    }
    answer = subprocess.run(
        [python, "-c", PEER], input=json.dumps(asked), capture_output=True, text=True, check=False
    )  # fmt: skip
    if answer.returncode:
        sys.exit(f"The peer failed: {answer.stderr[-500:]}")
    return json.loads(answer.stdout.rpartition("ANSWER")[2])


def main() -> None:
    """Ask the peers, measure, hold one against the other, print."""
    peer = theirs()
    rankings(peer)
    elected(peer)


if __name__ == "__main__":
    main()
