"""The verb `compare`: every approach to governance that applies to one scenario, looked at in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..audits._case import Case
from ..audits.coalitions import Coalitions
from ..audits.evasion import Evasion
from ..audits.learners import Learners
from ..audits.worst_case import WorstCase
from ..core.claim import Claim, Finding
from ..core.delegation import Delegation
from ..core.game import Game
from ..core.institution import Institution
from ._design import Design, design
from ._proposal import Impossible
from ._ranking import Ranked
from ._remedy import Problem

RULES = ("hedge", "q-learning")
"""Learners that are let loose on every line: one that hears of every move, one of its own payoff only."""


@dataclass(frozen=True)
class Line:
    """An approach, and what becomes of it.

    Attributes
    ----------
    approach, sentence : its name, and what it does.
    welfare : when it works. worst : the least that learners without regret may end in; NaN where it was not found.
    learners : the lowest mean, over rules, of what learners came to; with its interval.
    coalitions : groups of up to so many players gain nothing by leaving together (0: somebody gains alone).
    chance : the smallest chance with which payments may come about; NaN where nothing is paid.
    cost, fine, promise, forbidden, observed : what it asks (see `Needs`).
    losers : players and bystanders with less than as things are.
    burden, parts : its weight in the ranking, and what that is made of.
    proposed : whether nothing speaks against it. objection : what does.
    """

    approach: str
    sentence: str
    welfare: float
    worst: float
    learners: float
    interval: tuple[float, float]
    coalitions: int
    chance: float
    cost: float
    fine: float
    promise: float
    forbidden: int
    observed: str
    losers: tuple[str, ...]
    burden: float
    parts: Mapping[str, float]
    proposed: bool
    objection: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """All lines about one scenario, the first being what is done about it now: nothing.

    Attributes
    ----------
    design : the ranking they were taken from.
    lines : one for doing nothing, then one for each approach in the order of the ranking.
    front : the numbers of the lines than which no other is at least as good in welfare, worst case and burden, and
        better in one of them.
    seed : of the learners.
    """

    design: Design
    lines: tuple[Line, ...]
    front: tuple[int, ...]
    seed: int

    @property
    def name(self) -> str:
        """Of the game."""
        return self.design.name

    @property
    def impossible(self) -> tuple[Impossible, ...]:
        """Approaches that do not apply, with why."""
        return self.design.impossible

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the first proposal."""
        return self.design.claims

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why the first is first, and every line in a sentence."""
        first = Finding("comparison", self.design.because)
        return first, *(Finding("comparison", line.sentence, line.losers) for line in self.lines)

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        parts = ("name", "lines", "front", "seed")
        return {**{part: getattr(self, part) for part in parts}, "because": self.design.because}


def compare(
    subject: Game | Delegation,
    target: Sequence[str] | None = None,
    *,
    among: Iterable[str | type[Institution]] | None = None,
    welfare: Any = None,
    played: Any = None,
    runs: int = 16,
    seconds: float = 15.0,
    seed: int = 0,
    progress: Callable[[str], object] = lambda stage: None,
) -> Comparison:
    """Run every approach to governance that applies to a scenario, and set them side by side.

    Parameters
    ----------
    target, among, welfare, played, seconds, progress : as for `design`.
    runs : of learners on each line. seed : for them. The same seed gives the same bytes.

    Raises
    ------
    InputError : fewer than two players or moves, unknown names; `TooLarge` beyond tables.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> found = compare(PrisonersDilemma(), among=["fines", "advice"], runs=4)
    >>> [(line.approach, line.welfare) for line in found.lines]
    [('doing nothing', 1.0), ('fines', 3.0), ('advice', 1.0)]
    """
    made = design(subject, target, among=among, welfare=welfare, played=played, seconds=seconds, progress=progress)
    lines = [_nothing(made.problem, runs, seed)]
    for ranked in made.lines:
        progress(f"Looking at {ranked.proposal.approach}")
        lines.append(_line(made.problem, ranked, runs, seed))
    return Comparison(made, tuple(lines), _front(lines), seed)


def _nothing(problem: Problem, runs: int, seed: int) -> Line:
    """Things as they are."""
    case = Case.of(problem.agents, worth=problem.worth, seed=seed)
    likeliest = np.unravel_index(int(np.argmax(problem.now)), problem.now.shape)
    case = case.asking(place=tuple(int(k) for k in likeliest))
    now = float((problem.now * problem.worth).sum())
    return Line(
        approach="doing nothing",
        sentence=f"With nothing done, welfare is {now:.4g}.",
        welfare=now,
        **_found(case, runs, now),
        cost=0.0,
        fine=0.0,
        promise=0.0,
        forbidden=0,
        observed="nothing",
        losers=(),
        burden=0.0,
        parts={},
        proposed=False,
    )


def _line(problem: Problem, ranked: Ranked, runs: int, seed: int) -> Line:
    proposal = ranked.proposal
    case = Case.of(proposal.governed, proposal.target, worth=proposal.worth, seed=seed)
    after, change = proposal.effects.welfare_after, proposal.effects.change
    slack = 1e-9 * problem.scale
    needs = proposal.needs
    return Line(
        approach=proposal.approach,
        sentence=proposal.sentence,
        welfare=after,
        **_found(case, runs, after, lottery=proposal.target is None),
        cost=needs.cost,
        fine=needs.fine,
        promise=needs.promise,
        forbidden=needs.forbidden,
        observed=needs.observed,
        losers=tuple(name for name, more in change.items() if more < -slack),
        burden=ranked.weight,
        parts=ranked.burden,
        proposed=not proposal.objection,
        objection=proposal.objection,
    )


def _found(case: Case, runs: int, wanted: float, lottery: bool = False) -> dict[str, Any]:
    """What the audits say, in numbers."""
    worst = WorstCase(floor=wanted).answer(case)[0].numbers.get("worst", float("nan"))
    learnt = [claim.numbers for claim in Learners(seeds=runs, rounds=400, rules=RULES).answer(case)]
    learnt = [numbers for numbers in learnt if "mean" in numbers]
    lowest = min(learnt, key=lambda numbers: numbers["mean"], default=None)
    group = Coalitions().answer(case)[0].numbers.get("holds for groups of up to", 0) if not lottery else 1
    chance = Evasion().answer(case)[0].numbers.get("smallest chance") if case.adds.any() else None
    return {
        "worst": float(worst),
        "learners": float("nan") if lowest is None else lowest["mean"],
        "interval": (float("nan"),) * 2 if lowest is None else tuple(lowest["interval"]),
        "coalitions": int(group),
        "chance": float("nan") if chance is None else float(chance),
    }


def _front(lines: list[Line]) -> tuple[int, ...]:
    """The lines that no other beats in welfare, worst case and burden at once."""
    values = np.array([[line.welfare, np.nan_to_num(line.worst, nan=-np.inf), -line.burden] for line in lines])
    span = np.ptp(np.where(np.isfinite(values), values, 0.0), axis=0)
    values = np.round(values / np.where(span > 0, span, 1.0), 9)
    beaten = [bool(((values >= own).all(1) & (values > own).any(1)).any()) for own in values]
    return tuple(k for k, lost in enumerate(beaten) if not lost)
