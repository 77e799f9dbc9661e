"""What is looked at on every line of a comparison: learners, groups, and payments that come about by chance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..audits._amounts import along, departures
from ..audits._case import Case
from ..audits.evasion import chance_needed
from ..audits.learners import Learners

RULES = ("hedge", "q-learning")
"""Learners that are let loose on every line: one that hears of every move, one of its own payoff only."""

ROUNDS = 200
"""Rounds that the first plays; the second, who hears less, plays ten times as many."""

NAN = float("nan")


class Looks:
    """What is found about governed games: approaches that lead to the same game share it."""

    def __init__(self, runs: int, seed: int) -> None:
        self.runs, self.seed = runs, seed
        self._learnt: dict[tuple[bytes, ...], dict[str, Any]] = {}

    def learners(self, case: Case) -> dict[str, Any]:
        """The lowest mean over rules of what learners come to, and its interval."""
        key = (case.game.payoffs.tobytes(), case.worth.tobytes(), repr((case.game.sizes, case.place)).encode())
        if key not in self._learnt:
            case = case.asking(seed=self.seed)
            claims = Learners(seeds=self.runs, rounds=ROUNDS, rules=RULES).answer(case)
            told = [claim.numbers for claim in claims if "mean" in claim.numbers]
            low = min(told, key=lambda numbers: numbers["mean"], default={"mean": NAN, "interval": (NAN, NAN)})
            self._learnt[key] = {"learners": low["mean"], "interval": tuple(low["interval"])}
        return self._learnt[key]


def groups(case: Case) -> int:
    """Up to how many players no group gains, member by member, by leaving the target together."""
    moves = (case.game.profiles() != np.array(case.place)).reshape(*case.game.sizes, -1)
    gains = np.where(moves, case.game.payoffs - case.game.payoffs[case.place], np.inf).min(-1)
    leaves, count = np.isfinite(gains) & (gains > case.slack), moves.sum(-1)
    return int(count[leaves].min()) - 1 if leaves.any() else len(case.place)


def chance(case: Case) -> float:
    """The smallest chance with which payments may come about; NaN where no chance is enough."""
    needed = [0.0]
    for i, move in departures(case):
        adds, part = along(case.adds, case.place, i), case.place[i]
        bare = along(case.game.payoffs, case.place, i) - adds
        enough = chance_needed(bare[move] - bare[part] - case.slack, adds[part] - adds[move])
        needed.append(math.inf if enough is None else float(enough))
    return NAN if math.isinf(max(needed)) else max(needed)
