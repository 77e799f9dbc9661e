"""Predict what recorded mechanisms do from play without any mechanism alone, and score that against the records.

How each agent chooses is fitted to the arms without a mechanism. Every other arm is then predicted: its mechanism, in
the most natural instance, is laid round the base game, and the fitted agents settle in the governed game. What was
recorded under mechanisms is used for nothing but the score.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.claim import Finding
from ..core.errors import InputError
from ..formats.coopeval import Cell, CoopEval, Outcome
from ._log_agents import Agents, fit
from ._log_forecast import BARE
from ._log_forecast_words import findings
from ._log_intervals import Resamples, model_of
from ._log_judge import Judge
from ._log_play import Observed, Tally
from ._log_scores import REGARDING, SELFISH, ArmForecast, Score, scores


@dataclass(frozen=True)
class ArmPredictions:
    """What was predicted of recorded arms, what was recorded, and how far apart they are.

    Attributes
    ----------
    folder : where the records are.
    agents : how each agent chooses, per forecast that fits one.
    bases : the games the agents were fitted to, by name, with the play that was seen.
    fitted : the arms they were fitted to, told by the agents again: a check of the fit, no prediction.
    rows : one per arm with a mechanism that has something to gain.
    scores : of every forecast over all rows; empty when there is none.
    own : the same over the rows whose game was also recorded without a mechanism.
    transferred : the same over the other rows.
    findings : all of it in sentences.
    """

    folder: str
    agents: dict[str, Agents]
    bases: dict[str, Observed]
    fitted: tuple[ArmForecast, ...]
    rows: tuple[ArmForecast, ...]
    scores: tuple[Score, ...]
    own: tuple[Score, ...]
    transferred: tuple[Score, ...]
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """All of it by name, but for the play that agents were fitted to."""
        parts = ("folder", "agents", "fitted", "rows", "scores", "own", "transferred", "findings")
        return {part: getattr(self, part) for part in parts}

    def __str__(self) -> str:
        return "\n".join(finding.sentence for finding in self.findings)


def predict_arms(folder: str | Path, cell: str | None = None, level: float = 0.95, seed: int = 0) -> ArmPredictions:
    """Predict every recorded arm from the arms without a mechanism, and score the predictions.

    Parameters
    ----------
    folder : CoopEval records, see `ostrom.formats.coopeval`.
    cell : the cells to predict: the name of a cell, game or mechanism, or a pattern with `*` and `?`; default all.
        Agents are fitted to all arms without a mechanism whatever is chosen.
    level : of the intervals, in (0, 1), clustered by model and pairing as those of `diagnose_log`.
    seed : for redrawing models where there are more than eight.

    Raises
    ------
    InputError : no play without a mechanism was recorded, or a folder, file or line cannot be used; `UnknownName`
        when no cell matches.
    """
    if not 0 < level < 1:
        raise InputError(f"The level is {level}.", "An interval covers a share between 0 and 1.", "Give 0.95, say.")
    log = CoopEval(folder)
    chosen = sorted((found for found in log.choose(cell) if log.outcomes[found.name]), key=_order)
    bare = [found for found in log.cells.values() if found.variant == BARE]
    seen = _seen(log, {found.name: found for found in (*bare, *chosen)})
    bases = {found.name: observed for found in bare if (observed := seen[found.name][0])}
    played = [(log.cells[name].base, observed) for name, observed in bases.items()]
    agents = {name: fit(played, selfish=name == SELFISH) for name in (REGARDING, SELFISH)}
    resamples = Resamples((model_of(a) for meetings in log.outcomes.values() for o in meetings for a in o.agents), seed)
    judge = Judge(log, agents, resamples, level, {name: outcomes for name, (_, outcomes) in seen.items()})
    fitted = tuple(row for name in bases if (row := judge.row(log.cells[name])))
    governed = [found for found in chosen if found.variant != BARE]
    rows = tuple(row for found in governed if (row := judge.row(found)))
    some = rows, [row for row in rows if row.bare], [row for row in rows if not row.bare]
    scored = [scores(part, resamples, level) if part else () for part in some]
    told = {row.cell.name for row in rows}
    said = findings(agents, fitted, rows, scored, [found for found in governed if found.name not in told])
    return ArmPredictions(str(folder), agents, bases, fitted, rows, scored[0], scored[1], scored[2], tuple(said))


def _seen(log: CoopEval, cells: Iterable[str]) -> dict[str, tuple[Observed | None, list[Outcome]]]:
    """Per cell, the play that was seen without a mechanism, and what the meetings paid.

    Where partners change, who met whom is known from plays only; of them the points are taken, no move.
    """
    cells, wanted = list(cells), {}
    for name in cells:
        if log.cells[name].variant == BARE or name in log.rematched:
            wanted[name] = Tally(log.cells[name], name in log.rematched)
    for event in log.events(wanted):
        wanted[event.facts["cell"]].add(event)
    found = {}
    for name in cells:
        tally, paid = wanted.get(name), log.outcomes[name]
        observed = tally.observed() if tally else None
        whole = observed is not None and set(observed.runs) == {outcome.run for outcome in paid}
        met = tally.outcomes if tally and name in log.rematched and whole else paid
        found[name] = (observed if log.cells[name].variant == BARE else None, met)
    return found


def _order(cell: Cell) -> tuple[str, str]:
    return cell.game, cell.variant
