"""What was predicted of recorded arms and what came of it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from ..core.claim import Finding
from ..formats.coopeval import Cell
from ._log_agents import Agents
from ._log_intervals import Estimate
from ._log_scores import FORECASTS, REGARDING, ArmForecast, Score
from ._log_words import CLUSTERED, GAMES, MECHANISMS

SOURCE = (
    "Agents with logit odds of their own, fitted to play without a mechanism alone (McKelvey and Palfrey 1995). "
    f"Shares of what lies between the worst and the best outcome of the base game. {CLUSTERED}"
)


def findings(
    agents: Mapping[str, Agents],
    fitted: Sequence[ArmForecast],
    rows: Sequence[ArmForecast],
    scored: Sequence[Sequence[Score]],
    skipped: Sequence[Cell],
) -> Iterator[Finding]:
    """How agents choose, how well that tells what they were fitted to, every prediction, and the scores."""
    yield _agents(agents[REGARDING])
    yield from map(_refitted, fitted)
    yield from map(_predicted, rows)
    names = ("all predicted arms", "games also recorded without a mechanism", "games recorded with mechanisms only")
    for name, some in zip(names, scored, strict=True):
        if some:
            yield _score(name, some)
    if skipped:
        said = "; ".join(map(_name, skipped))
        sentence = f"Nothing is predicted of {said}: there is nothing to gain, or the mechanism is not modelled."
        yield Finding("records", sentence, numbers={"cells": [cell.name for cell in skipped]}, source=SOURCE)


def _agents(agents: Agents) -> Finding:
    each = zip(agents.names, agents.precision.tolist(), agents.regard.tolist(), strict=True)
    said = "; ".join(f"{name.rpartition('/')[2]} λ {precision:.2g}, w {regard:.2f}" for name, precision, regard in each)
    sentence = f"Fitted to play without a mechanism, agents choose with precision λ and regard w for others: {said}."
    numbers = {"precision": agents.precision.tolist(), "regard": agents.regard.tolist()}
    return Finding("agents", sentence, agents.names, numbers, SOURCE)


def _refitted(row: ArmForecast) -> Finding:
    told, seen = row.predicted[REGARDING], row.recorded
    sentence = (
        f"Of {_name(row.cell)}, to which they were fitted, they tell {_percent(told)}; recorded are {_percent(seen)} "
        f"({_interval(seen)}). This is no prediction."
    )
    return Finding("fit", sentence, numbers=_numbers(row), source=SOURCE)


def _predicted(row: ArmForecast) -> Finding:
    told, seen, hit = row.predicted[REGARDING], row.recorded, row.hit()
    verdict = {True: "A hit", False: "A miss", None: "Neither hit nor miss, as one model gives no interval"}[hit]
    doubt = "" if row.bare else ", from agents fitted to other games"
    sentence = (
        f"{verdict}: of {_name(row.cell)}, {_percent(told)} of the possible gain was predicted{doubt}; recorded are "
        f"{_percent(seen)} ({_interval(seen)})"
    )
    if row.bare is not None and row.right_way() is not None:
        way = "the same" if row.right_way() else "the other"
        sentence += f"; it went {way} way from {_percent(row.bare)} without a mechanism"
    return Finding("forecast", f"{sentence}.", numbers=_numbers(row), source=SOURCE)


def _score(name: str, some: Sequence[Score]) -> Finding:
    said = "; ".join(
        f"{score.forecast}: {score.hits} of {score.arms} hit, off by {_percent(score.error)} "
        f"({_interval(score.error)}), {score.in_order} of {score.pairs} pairs of mechanisms in the right order"
        for score in some
    )
    numbers = {score.forecast: asdict(score) for score in some}
    return Finding("score", f"Over {name}, {said}.", numbers=numbers, source=SOURCE)


def _numbers(row: ArmForecast) -> dict[str, object]:
    return {
        "cell": row.cell.name,
        "worst": row.worst,
        "optimum": row.optimum,
        "recorded": asdict(row.recorded),
        "predicted": {name: asdict(row.predicted[name]) for name in FORECASTS},
        "hit": {name: row.hit(name) for name in FORECASTS},
        "own arm without mechanism": row.bare is not None,
        "right way": row.right_way(),
        "moved": dict(row.moved),
    }


def _name(cell: Cell) -> str:
    words = MECHANISMS.get(cell.mechanism, f"under {cell.mechanism.replace('_', ' ')}")
    more = "" if cell.variant == cell.mechanism else f" ({cell.variant})"
    return f"{GAMES.get(cell.game, cell.game.replace('_', ' '))} {words}{more}"


def _percent(share: Estimate) -> str:
    return f"{100 * share.value + 0.0:.0f} %"


def _interval(share: Estimate) -> str:
    if share.low is None or share.high is None:
        return "one model, so no interval"
    return f"{100 * share.level:g} % interval {100 * share.low + 0.0:.0f} to {100 * share.high + 0.0:.0f} %"
