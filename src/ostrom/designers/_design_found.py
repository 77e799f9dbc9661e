"""What the verb `design` hands back: what could be done about a game, the best first, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.certificate import Certificate
from ..core.claim import Claim, Finding
from ..core.errors import InputError
from ..core.institution import Institution
from ._proposal import Impossible, Proposal
from ._ranking import Ranked
from ._reasons import kind_of_problem, reason
from ._remedy import Problem


@dataclass(frozen=True, eq=False)
class Design:
    """What could be done about a game, the best first.

    Attributes
    ----------
    name : of the game.
    problem : what is to be mended.
    lines : the proposals that meet every wish, ranked; those with an objection last.
    impossible : approaches that cannot do what is asked, with why, and the nearest possible thing.
    welfare_now, welfare_best : as things are, and at the optimum.
    advised : welfare of the best advice alone; None when it was not found.
    control : what the first approach proposes to gain in the zero-sum version of the game, where nothing can be
        gained: 0 unless something is wrong; None where there is no proposal.
    because : why the first line is first, and what kind of problem it is.
    """

    name: str
    problem: Problem
    lines: tuple[Ranked, ...]
    impossible: tuple[Impossible, ...]
    welfare_now: float
    welfare_best: float
    advised: float | None
    control: float | None
    because: str

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The proposals, the best first."""
        return tuple(line.proposal for line in self.lines)

    @property
    def best(self) -> Proposal | None:
        """The first proposal that nothing speaks against; None when there is none."""
        return next((one for one in self.proposals if not one.objection), None)

    @property
    def institution(self) -> Institution:
        """The institution of the first proposal; an `InputError` says why there is none."""
        if self.best is None:
            raise InputError(f"No institution is proposed for {self.name}.", self.because, self._nearest)
        return self.best.institution

    @property
    def _nearest(self) -> str:
        return next((one.nearest for one in self.impossible if one.nearest), "Ask for less.")

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the first proposal."""
        return self.best.claims if self.best is not None else ()

    @property
    def certificate(self) -> Certificate | None:
        """The certificate of the first proposal; None when there is none, or its table is too large."""
        return self.best.certificate(self.problem) if self.best is not None else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What comes first and why, then every proposal, then what is impossible."""
        first = Finding("design", self.because, self.problem.delegation.principals)
        told = [finding for one in self.proposals for finding in one.findings]
        cannot = [
            Finding("impossible", f"{one.approach.capitalize()}: {one.because} {one.nearest}".strip(), (), one.numbers)
            for one in self.impossible
        ]
        return first, *told, *cannot

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        parts = ("name", "because", "welfare_now", "welfare_best", "advised", "control", "lines", "impossible")
        return {part: getattr(self, part) for part in parts}


def because(
    problem: Problem, lines: Sequence[Ranked], advised: float | None, target: Sequence[str] | None, wished: bool
) -> Iterator[str]:
    """What kind of problem it is, and why the first line is first; `wished` is whether anything was asked besides."""
    yield kind_of_problem(problem, advised)
    good = [line for line in lines if not line.proposal.objection]
    if good:
        yield reason(problem, good[0], good[1] if len(good) > 1 else None)
    elif lines:
        yield f"Nothing is proposed: {lines[0].proposal.objection}"
    elif float(np.ptp(problem.worth)) > 0:
        where = f"({', '.join(problem.game.labels(problem.target(target)))})"
        yield f"Nothing that was looked for {'meets every wish' if wished else f'brings {where} about'}."
