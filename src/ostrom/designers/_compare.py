"""The verb `compare`: every approach to governance that applies to one scenario, looked at in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..audits._case import Case
from ..core.catalogue import spelled
from ..core.claim import Claim, Finding
from ..core.delegation import Delegation
from ..core.game import Game
from ..core.institution import Institution
from ..institutions.agreement import Agreement
from ..institutions.allotment import Allotment
from ..institutions.contract import Contract
from ..institutions.leader import Leader
from ..institutions.vote import Vote
from ._design import Design, design
from ._given import Settle, given
from ._looks import NAN, Looks, chance, groups
from ._proposal import Impossible
from ._ranking import Ranked, order, ranked, swayed, weighed
from ._reasons import beside_them, steady
from ._remedy import Problem
from ._weights import anyway, losers
from .allotment import allotting
from .bargained_contract import kept_agreement
from .contract import kept
from .leadership import led_by
from .vote import put_to_the_vote

DECIDING: Mapping[type[Institution], Settle] = {
    Vote: put_to_the_vote,
    Allotment: allotting,
    Contract: kept,
    Agreement: kept_agreement,
    Leader: led_by,
}
"""Rules with a stage of their own that are looked at, when brought along, as their designers look at what they propose.
"""


@dataclass(frozen=True)
class Line:
    """An approach, and what becomes of it.

    Attributes
    ----------
    approach, sentence : its name, and what it does.
    welfare : when it works. worst : the least that learners without regret may end in; NaN where it was not found.
    learners : the lowest mean, over rules, of what learners came to; with its interval. Learners hear no advice and
        sign nothing: they learn in the game that is left. NaN where a line is not proposed.
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
    front : the numbers of the lines without an objection than which no other of them is at least as good in welfare,
        worst case and burden, and better in one of them.
    seed : of the learners.
    swayed : `(part, 2 or 0.5, approach)` wherever doubling or halving the weight of a part of the burden would put
        another approach first.
    beside : what becomes of each rule that was brought along, in sentences; empty where there is none.
    """

    design: Design
    lines: tuple[Line, ...]
    front: tuple[int, ...]
    seed: int
    swayed: tuple[tuple[str, float, str], ...] = ()
    beside: str = ""

    @property
    def because(self) -> str:
        """Why the first proposal is first, and what becomes of the rules that were brought along."""
        return f"{self.design.because} {self.beside}".strip()

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
        first = Finding("comparison", self.because)
        return first, *(Finding("comparison", line.sentence, line.losers) for line in self.lines)

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        parts = ("name", "lines", "front", "impossible", "seed", "swayed")
        return {**{part: getattr(self, part) for part in parts}, "because": self.because}


def compare(
    subject: Game | Delegation,
    target: Sequence[str] | None = None,
    *,
    among: Iterable[str | type[Institution]] | None = None,
    welfare: Any = None,
    played: Any = None,
    margin: float = 0.1,
    weights: Mapping[str, float] | None = None,
    runs: int = 16,
    seconds: float = 6.0,
    seed: int = 0,
    beside: Iterable[Institution | Sequence[Institution]] = (),
    progress: Callable[[str], object] = lambda stage: None,
) -> Comparison:
    """Run every approach to governance that applies to a scenario, and set them side by side.

    Parameters
    ----------
    beside : rules of one's own that are set beside them, each an institution or several, innermost first. What is
        played under them is the best pure equilibrium, or the best subgame-perfect outcome where they add stages.
    target, among, welfare, played, margin, weights, seconds, progress : as for `design`.
    runs : of learners on each line that is proposed, at least 2; seed : for them. The same seed gives the same bytes.

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
    ways = {"among": among, "welfare": welfare, "played": played, "weights": weights}
    made = design(subject, target, **ways, margin=margin, seconds=seconds, progress=progress)
    look = Looks(runs, seed)
    own, refused = _brought(made.problem, beside, weighed(weights))
    lines = [_nothing(made.problem, look)]
    for one in sorted((*made.lines, *own), key=lambda one: order(made.problem, one)):
        progress(f"Looking at {one.proposal.approach}")
        lines.append(_line(made.problem, one, look))
    changes = swayed(made.problem, made.lines)
    if made.best is not None:
        made = replace(made, because=f"{made.because} {steady(changes)}")
    said = " ".join(beside_them(made.problem, made.lines, own, refused))
    made = replace(made, impossible=(*made.impossible, *refused))
    return Comparison(made, tuple(lines), _front(lines), seed, changes, said)


def _brought(
    problem: Problem, beside: Iterable[Institution | Sequence[Institution]], weights: Mapping[str, float]
) -> tuple[list[Ranked], list[Impossible]]:
    """What becomes of rules that are brought along, and why of some nothing can be said."""
    kept: list[Ranked] = []
    refused: list[Impossible] = []
    for rules in beside:
        layers = (rules,) if isinstance(rules, Institution) else tuple(rules)
        name = " + ".join(spelled("institutions", rule) or type(rule).__name__ for rule in layers)
        found = given(problem, name, layers, DECIDING)
        if isinstance(found, Impossible):
            refused.append(found)
        else:
            kept.append(ranked(problem, found, weights))
    return kept, refused


def _nothing(problem: Problem, look: Looks) -> Line:
    """Things as they are."""
    likeliest = tuple(int(k) for k in np.unravel_index(int(np.argmax(problem.now)), problem.now.shape))
    case = Case.of(problem.agents, problem.game.labels(likeliest), worth=problem.worth)
    now = float((problem.now * problem.worth).sum())
    return Line(
        approach="doing nothing",
        sentence=f"With nothing done, welfare is {now:.4g}.",
        welfare=now,
        worst=anyway(problem),
        **look.learners(case),
        coalitions=groups(case),
        chance=NAN,
        **dict.fromkeys(("cost", "fine", "promise", "forbidden"), 0),
        observed="nothing",
        losers=(),
        burden=0.0,
        parts={},
        proposed=False,
    )


def _line(problem: Problem, ranked: Ranked, look: Looks) -> Line:
    """One approach. Learners are let loose where it is proposed; elsewhere they are not looked at."""
    proposal, needs = ranked.proposal, ranked.proposal.needs
    case = Case.of(proposal.governed, proposal.target, worth=proposal.worth) if proposal.worth.size else None
    silent = {"learners": NAN, "interval": (NAN, NAN)}
    learnt = silent if proposal.objection or case is None else look.learners(case)
    return Line(
        approach=proposal.approach,
        sentence=proposal.sentence,
        welfare=proposal.effects.welfare_after,
        worst=ranked.worst,
        **learnt,
        coalitions=1 if proposal.target is None or case is None else groups(case),
        chance=NAN if case is None or max(needs.fine, needs.promise) == 0 else chance(case),
        cost=needs.cost,
        fine=needs.fine,
        promise=needs.promise,
        forbidden=needs.forbidden,
        observed=needs.observed,
        losers=losers(problem, proposal),
        burden=ranked.weight,
        parts=ranked.burden,
        proposed=not proposal.objection,
        objection=proposal.objection,
    )


def _front(lines: Sequence[Line]) -> tuple[int, ...]:
    """The lines to which nothing is objected and that no other of them beats in welfare, worst case and burden."""
    values = np.array([[line.welfare, np.nan_to_num(line.worst, nan=-np.inf), -line.burden] for line in lines])
    span = np.ptp(np.where(np.isfinite(values), values, 0.0), axis=0)
    values = np.round(values / np.where(span > 0, span, 1.0), 9)
    values[[bool(line.objection) for line in lines]] = -np.inf
    beaten = [bool(((values >= own).all(1) & (values > own).any(1)).any()) for own in values]
    return tuple(k for k, lost in enumerate(beaten) if not lost)
