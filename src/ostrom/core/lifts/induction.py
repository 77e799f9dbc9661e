"""Backward induction: what a round in stages can be worth when everybody plays purely and knows the past."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..solution import Status
from .plays import Plays
from .replies import determines

OUTCOME_LIMIT = 20_000


@dataclass(frozen=True)
class Outcome:
    """One pure subgame-perfect outcome: what is chosen along the path of play, and what it pays.

    `rows` are the complete plays that it can come to, one for each way in which dice can fall.
    """

    path: tuple[tuple[tuple[str, str], ...], ...]
    payoffs: tuple[float, ...]
    rows: tuple[int, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Outcomes:
    """All pure subgame-perfect outcomes found. "complete" lists all; "partial" means some subgame has no pure
    equilibrium or the list was cut, so that nothing follows from what is missing."""

    points: tuple[Outcome, ...]
    status: Status
    note: str = ""


def subgame_perfect(plays: Plays, tolerance: float, worth: np.ndarray | None = None) -> Outcomes:
    """All pure subgame-perfect outcomes of a round whose stages are public.

    `worth` is `float[N, P]`, what each complete play is worth to the seats (their payoffs by default).
    """
    worth = plays.payoffs if worth is None else worth
    return _Induction(plays, worth, tolerance).solve(np.flatnonzero(plays.legal & (plays.chance > 0)))


def is_public(plays: Plays) -> bool:
    """Whether at every stage all seats know the same and know every earlier move (so subgames begin there)."""
    for stage, sets in enumerate(plays.info):
        if any((_relabel(sets[:, i]) != _relabel(sets[:, 0])).any() for i in range(1, sets.shape[1])):
            return False
        made = [plays.choice[s] for s in range(stage)]
        if made and not determines(sets[:, 0], np.concatenate(made, 1)):
            return False
    return True


def _relabel(sets: np.ndarray) -> np.ndarray:
    """The same partition with sets numbered by first appearance."""
    _, first, inverse = np.unique(sets, return_index=True, return_inverse=True)
    return first[inverse]


class _Induction:
    """Backward induction over public states."""

    def __init__(self, plays: Plays, worth: np.ndarray, tolerance: float) -> None:
        self.plays, self.worth, self.tolerance, self.cut = plays, worth, tolerance, False
        self.unsolved = False

    def solve(self, rows: np.ndarray) -> Outcomes:
        points = self._continue(0, rows)
        note = (
            "some subgame has no equilibrium in pure play" if self.unsolved else "the list was cut" if self.cut else ""
        )
        return Outcomes(tuple(points), "partial" if note else "complete", note)

    def _continue(self, stage: int, rows: np.ndarray) -> list[Outcome]:
        """What the plays in `rows` can be worth: chance first opens what the stage makes public."""
        plays = self.plays
        if stage == len(plays.info):
            weight = plays.chance[rows] / plays.chance[rows].sum()
            return [Outcome((), tuple((weight @ self.worth[rows]).tolist()), tuple(rows.tolist()))]
        sets = plays.info[stage][rows, 0]
        worlds = [rows[sets == k] for k in np.unique(sets)]
        total = plays.chance[rows].sum()
        results = []
        for state in worlds:
            results.append((plays.chance[state].sum() / total, self._stage(stage, state)))
        if len(results) == 1:
            return results[0][1]
        odds = np.array([chance for chance, _ in results])
        picks = itertools.islice(itertools.product(*(points for _, points in results)), OUTCOME_LIMIT)
        return self._unique(_averaged(odds, pick) for pick in picks)

    def _stage(self, stage: int, rows: np.ndarray) -> list[Outcome]:
        """Pure equilibria of one simultaneous stage, given what each joint choice can lead to."""
        plays = self.plays
        made = plays.choice[stage][rows]
        joint = {tuple(m): rows[(made == m).all(1)] for m in np.unique(made, axis=0)}
        after = {m: self._continue(stage + 1, r) for m, r in joint.items()}
        worst = {m: np.min([o.payoffs for o in points], axis=0) for m, points in after.items() if points}
        if len(worst) < len(after):
            self.unsolved = True
        points = []
        for move, outcomes in after.items():
            # the least that deviating must be worth: each deviation may be answered by its worst continuation
            least = np.array(
                [
                    max(
                        (
                            worst[d][i]
                            for d in worst
                            if d[i] != move[i] and d[:i] + d[i + 1 :] == move[:i] + move[i + 1 :]
                        ),
                        default=-np.inf,
                    )
                    for i in range(plays.players)
                ]
            )
            here = self._named(stage, rows, move)
            points += [
                Outcome((here, *o.path), o.payoffs, o.rows)
                for o in outcomes
                if (np.array(o.payoffs) >= least - self.tolerance).all()
            ]
        if not points:
            self.unsolved = True
        return self._unique(points)

    def _unique(self, points: Any) -> list[Outcome]:
        """One outcome per payoff vector and path, up to a limit."""
        kept: dict[Any, Outcome] = {}
        for point in points:
            kept.setdefault((point.path, tuple(np.round(point.payoffs, 9))), point)
            if len(kept) >= OUTCOME_LIMIT:
                self.cut = True
                break
        return list(kept.values())

    def _named(self, stage: int, rows: np.ndarray, move: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
        plays = self.plays
        row = rows[(plays.choice[stage][rows] == move).all(1)][0]
        return tuple(
            (part.name, part.labels_of(seat)[int(plays.moves[part.name][row, seat])])
            for seat in range(plays.players)
            for part in plays.parts_at(stage, seat)
        )


def _averaged(odds: np.ndarray, pick: tuple[Outcome, ...]) -> Outcome:
    """What is worth before chance opens something; what is chosen then depends on how it falls."""
    payoffs = odds @ [outcome.payoffs for outcome in pick]
    return Outcome((), tuple(payoffs.tolist()), tuple(row for outcome in pick for row in outcome.rows))
