"""Diagnose what agents were seen to do: recorded play of games under mechanisms, with intervals.

Two games stand behind every recorded game and mechanism, and both are named. The *base game* with the observed play
says what was lost and why (its impact facets). The *empirical game* over the agents says which agent principals would
send, given what each got against each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation
from ..core.errors import InputError
from ..formats.coopeval import Cell, CoopEval, Outcome
from ..formats.cross_play import cross_play
from ._log_arms import Arm, Sending, is_symmetric, points, sending, together
from ._log_fit import refitted
from ._log_intervals import Estimate, Resamples, model_of
from ._log_play import Observed, Tally
from ._log_words import findings
from .facets import facets

BARE = "no_mechanism"
"""What the records call the arm in which the base game is played as it is."""


@dataclass(frozen=True)
class LogDiagnosis:
    """What a folder of records shows, arm by arm, and in sentences with their numbers.

    `level` is that of the intervals, `seed` that of the redraws behind `Sending.stable`.
    """

    folder: str
    arms: tuple[Arm, ...]
    findings: tuple[Finding, ...]
    level: float
    seed: int

    def __str__(self) -> str:
        return "\n".join(finding.sentence for finding in self.findings)


def diagnose_log(folder: str | Path, cell: str | None = None, level: float = 0.95, seed: int = 0) -> LogDiagnosis:
    """Diagnose a folder of CoopEval records.

    Parameters
    ----------
    folder : see `ostrom.formats.coopeval`.
    cell : the name of a cell, game or mechanism, or a pattern with `*` and `?`; default all.
    level : of the intervals, in (0, 1). They are clustered by model and by pairing.
    seed : for redrawing the meetings of empirical games (and models, where there are more than eight).

    Raises
    ------
    InputError : a folder, file or line that cannot be used; `UnknownName` when no cell matches.
    """
    if not 0 < level < 1:
        raise InputError(f"The level is {level}.", "An interval covers a share between 0 and 1.", "Give 0.95, say.")
    log = CoopEval(folder)
    chosen = [found for found in log.choose(cell) if log.outcomes[found.name]]
    if not chosen:
        raise InputError(f"{folder} records no payoffs for {cell or 'any cell'}.", do="Add its payoffs file.")
    seen = _seen(log, chosen)
    resamples = Resamples((model_of(a) for meetings in log.outcomes.values() for o in meetings for a in o.agents), seed)
    in_order = sorted(chosen, key=lambda cell: (cell.game, cell.variant != BARE, cell.variant))
    arms = tuple(_arm(log, found, *seen[found.name], resamples, level, seed) for found in in_order)
    return LogDiagnosis(str(folder), arms, tuple(findings(arms)), level, seed)


def _seen(log: CoopEval, cells: Iterable[Cell]) -> dict[str, tuple[Observed | None, list[Outcome]]]:
    """Per cell, the play that was seen, and what the meetings paid."""
    tallies = {cell.name: Tally(cell, cell.name in log.rematched) for cell in cells}
    for event in log.events(tallies):
        tallies[event.facts["cell"]].add(event)
    found = {}
    for name, tally in tallies.items():
        observed, paid = tally.observed(), log.outcomes[name]
        whole = observed is not None and set(observed.runs) == {outcome.run for outcome in paid}
        found[name] = (observed, tally.outcomes if name in log.rematched and whole else paid)
    return found


def _arm(
    log: CoopEval,
    cell: Cell,
    observed: Observed | None,
    outcomes: Sequence[Outcome],
    resamples: Resamples,
    level: float,
    seed: int,
) -> Arm:
    welfare = cell.base.payoffs.mean(-1)
    worst, optimum = float(welfare.min()), float(welfare.max())
    paid = points(outcomes, resamples, level, (worst, optimum))
    sent, not_sent = _sending(cell, outcomes, cell.name in log.rematched, seed)
    added, left = _against_bare(log, cell, outcomes, (worst, optimum), resamples, level)
    at_stake = optimum - worst > 1e-9 * max(1.0, abs(optimum))
    found = observed and facets(Delegation(cell.base, observed_joint=observed.joint))
    fit = refitted(cell.base, observed, found, resamples, level) if observed and at_stake else (None, None)
    return Arm(
        cell=cell,
        worst=worst,
        optimum=optimum,
        points=paid,
        realised=paid.each.scaled(worst, optimum) if at_stake else None,
        added=added,
        closed=added.value / left if added and left > 1e-9 else None,
        observed=observed,
        facets=found,
        precision=fit[0],
        unexplained=fit[1],
        sending=sent,
        not_sent=not_sent,
    )


def _against_bare(
    log: CoopEval,
    cell: Cell,
    outcomes: Sequence[Outcome],
    possible: tuple[float, float],
    resamples: Resamples,
    level: float,
) -> tuple[Estimate | None, float]:
    """Points above the arm of this game without a mechanism, and what that arm left to gain."""
    bare = [other for other in log.cells.values() if (other.game, other.variant) == (cell.game, BARE)]
    bare = [
        other for other in bare if log.outcomes[other.name] and np.array_equal(other.base.payoffs, cell.base.payoffs)
    ]
    if not bare or cell.variant == BARE:
        return None, 0.0
    here, there = together(outcomes), together(log.outcomes[bare[0].name])
    redrawn = resamples.means(here) - resamples.means(there)
    added = resamples.estimate(here.mean - there.mean, redrawn, here.basis, level)
    stake = possible[1] - possible[0]
    return added.within(-stake, stake), possible[1] - there.mean


def _sending(cell: Cell, outcomes: Sequence[Outcome], rematched: bool, seed: int) -> tuple[Sending | None, str]:
    if rematched:
        return None, "Partners change every round, so what two agents get depends on everybody's history."
    try:
        meetings = [(outcome.agents, outcome.points) for outcome in outcomes]
        return sending(cross_play(meetings, is_symmetric(cell.base), f"{cell.name}: which agent to send"), seed), ""
    except InputError as error:
        return None, error.what
