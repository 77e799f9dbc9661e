"""What a report says of predictions from play without a mechanism alone, and of what our designs would have brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..designers.for_logs import Ours, OursForLogs
from ..diagnosis._log_intervals import Estimate
from ..diagnosis._log_scores import REGARDING, UNCHANGED, ArmForecast, Score
from ..diagnosis._log_words import GAMES
from ..diagnosis.predicted_arms import ArmPredictions
from ._chart_forecast import Told, forecast_picture
from ._page import Cell, Picture, Prose, Section, Table, section, table
from ._words import listed, number, plural, spaced

VERDICTS = {True: "hit", False: "miss", None: "no interval"}

HOW = (
    "How each agent chooses was fitted to play without a mechanism alone. What it would do under a mechanism follows "
    "from that: nothing that was recorded under mechanisms went into it. All numbers are shares of the possible gain, "
    "0 for the worst outcome of the base game and 100 % for the best. A hit lies within the recorded interval; with "
    "few models that is wide and easily hit, so the errors count for more, and what two baselines get: that nothing "
    "changes, and that all do their part."
)

OURS = (
    "These are a prediction, not evidence: nobody played these institutions, and the same fitted agents missed what is "
    "marked a miss above. Ours is the line of each game in bold: unless something speaks against them, fines that let "
    "one's part lead by the whole range of payoffs. Agents as imprecise as these hardly feel a smaller lead, and the "
    "fines go to the others, so that nobody outside pays. Ours is imposed and always enforced, which recorded "
    "contracts were not."
)


def forecast_lead(made: ArmPredictions | None, ours: OursForLogs | None) -> Iterator[str]:
    """How many predictions hit, and what ours would have been, in a sentence each."""
    if made is not None and made.scores:
        yield _summary(made.scores)
    first = _first(ours)
    if first:
        least, most = min(row.share.value for row in first), max(row.share.value for row in first)
        names = dict.fromkeys(row.design for row in first)
        yield (
            f"Ours would have been {listed(list(names))}, predicted to bring {_range(least, most)} of the possible "
            "gain: a prediction, not evidence."
        )


def forecast_sections(made: ArmPredictions | None, ours: OursForLogs | None, why_not: str) -> Iterator[Section]:
    """One section on predictions and one on ours; where nothing was predicted, the reason."""
    title = "Predicted from play without a mechanism alone"
    if made is None:
        yield from section(title, Prose(why_not) if why_not else None)
        return
    if made.rows:
        parts = (_picture(made.rows), _arms(made.rows), _scores(made), Prose(HOW, aside=True))
        yield from section(title, Prose(" ".join((_summary(made.scores), *_doubt(made.scores)))), *parts)
    else:
        yield from section(title, Prose("There is no mechanism among these arms that could be predicted."))
    yield from section("What ours would have brought: a prediction, not evidence", *_ours(ours))


def _summary(scores: Sequence[Score]) -> str:
    by_name = {score.forecast: score for score in scores}
    model, usual = by_name[REGARDING], by_name[UNCHANGED]
    off = f"by {_whole(model.error.value)} of the possible gain on average, “no change” by {_whole(usual.error.value)}"
    if not model.arms:
        return f"Predictions from play without a mechanism alone are off {off}; one model leaves no interval to hit."
    hits = f"{model.hits} of {plural(model.arms, 'prediction')} from play without a mechanism alone"
    return f"{hits} hit; they are off {off} with {plural(usual.hits, 'hit')}."


def _doubt(scores: Sequence[Score]) -> Iterator[str]:
    """Whether the model surely beats "no change"."""
    gained = next(score.gained for score in scores if score.forecast == REGARDING)
    if gained.low is not None and gained.low <= 0:
        yield (
            f"That this beats “no change” among other models, too, is not sure: the difference of "
            f"{_whole(gained.value)} has the interval {_span(gained)} %."
        )


def _picture(rows: Sequence[ArmForecast]) -> Picture:
    told = [
        Told(
            game=_game(row.cell.game),
            mechanism=spaced(row.cell.variant),
            predicted=100 * row.predicted[REGARDING].value,
            recorded=100 * row.recorded.value,
            low=None if row.recorded.low is None else 100 * row.recorded.low,
            high=None if row.recorded.high is None else 100 * row.recorded.high,
            hit=row.hit(),
        )
        for row in rows
    ]
    caption = (
        "What was predicted and what was recorded. Line and tick: recorded, with its interval over models; "
        "blue circle: a prediction within it, a hit; orange diamond: one outside, a miss."
    )
    return forecast_picture(told, "share of the possible gain, %", caption)


def _arms(rows: Sequence[ArmForecast]) -> Table | None:
    level = f"{100 * rows[0].recorded.level:g} % interval"
    columns = ("game", "mechanism", "predicted, %", "recorded, %", level, "", "without mechanism, %")
    return table(
        "Predicted and recorded shares of the possible gain",
        columns,
        [
            (
                _game(row.cell.game),
                spaced(row.cell.variant),
                _tenth(row.predicted[REGARDING]),
                _tenth(row.recorded),
                _span(row.recorded, 1),
                VERDICTS[row.hit()],
                row.bare and _tenth(row.bare),
            )
            for row in rows
        ],
        note="Without mechanism: as recorded; where there is no such arm, agents fitted to other games carried over.",
        marked=frozenset(k for k, row in enumerate(rows) if row.hit() is False),
    )


def _scores(made: ArmPredictions) -> Table | None:
    parts = ("own games", made.own), ("other games", made.transferred)
    split = {name: {score.forecast: score for score in some} for name, some in parts if some}
    columns = ("forecast", "hits", "mean error, %", "interval", *(f"error in {name}, %" for name in split), "order")
    rows: list[tuple[Cell, ...]] = [
        (
            score.forecast,
            f"{score.hits} of {score.arms}",
            _percent(score.error),
            _span(score.error),
            *(_percent(some[score.forecast].error) for some in split.values()),
            f"{score.in_order} of {score.pairs}" if score.forecast in made.agents and score.pairs else None,
        )
        for score in made.scores
    ]
    note = (
        "The first is the model, the second its variant without regard for others, then two baselines. Every game and "
        "mechanism counts once. Own games were also recorded without a mechanism. Order: pairs of mechanisms of one "
        "game of which the better one is told."
    )
    return table("How far off each forecast is, all arms together", columns, rows, note=note, marked=frozenset({0}))


def _ours(ours: OursForLogs | None) -> Iterator[Prose | Table | None]:
    if ours is None or not (ours.rows or ours.none):
        return
    yield Prose(OURS)
    level = f"{100 * ours.rows[0].share.level:g} % interval" if ours.rows else "interval"
    columns = (
        "game",
        "design",
        "predicted, %",
        level,
        "without, %",
        "outside pays",
        "largest payment",
        "recorded",
    )
    rows = [
        (
            _game(row.game),
            row.design + (f" (objection: {row.objection})" if row.objection else ""),
            _percent(row.share),
            _span(row.share),
            _percent(row.without),
            round(row.paid_in, 3) + 0.0,
            row.largest,
            _best(row.best_recorded),
        )
        for row in ours.rows
    ]
    first = _first(ours)
    yield table(
        "Shares of the possible gain that the fitted agents are predicted to reach: a prediction, not evidence",
        columns,
        rows,
        note="Without: as fitted, without a mechanism. Recorded: the most under any mechanism, which is partly luck. A "
        "restriction that leaves everybody one move says nothing of agents.",
        marked=frozenset(k for k, row in enumerate(ours.rows) if any(row is one for one in first)),
    )
    none = [(_game(game), design, why) for (game, design), why in ours.none.items()]
    yield table("Of which nothing is predicted", ("game", "design", "why"), none)


def _first(ours: OursForLogs | None) -> list[Ours]:
    """Per game the first design that nothing speaks against."""
    found: dict[str, Ours] = {}
    for row in ours.rows if ours is not None else ():
        if not row.objection:
            found.setdefault(row.game, row)
    return list(found.values())


def _best(row: ArmForecast | None) -> str | None:
    return None if row is None else f"{_whole(row.recorded.value)}, {spaced(row.cell.variant)}"


def _percent(share: Estimate) -> int:
    return round(100 * share.value)


def _tenth(share: Estimate) -> float:
    return round(100 * share.value, 1) + 0.0


def _whole(share: float) -> str:
    return f"{100 * share + 0.0:.0f} %"


def _range(least: float, most: float) -> str:
    low, high = round(100 * least), round(100 * most)
    return f"{high} %" if low == high else f"{low} to {high} %"


def _span(share: Estimate, digits: int = 0) -> str:
    if share.low is None or share.high is None:
        return "one model, none"
    return f"{number(round(100 * share.low, digits))} to {number(round(100 * share.high, digits))}"


def _game(game: str) -> str:
    return GAMES.get(game, spaced(game)).removeprefix("the ")
