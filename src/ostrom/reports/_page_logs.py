"""What a report on recorded play says, game by game."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from ..core.claim import Finding
from ..diagnosis._log_arms import Arm, Sending
from ..diagnosis._log_intervals import Estimate
from ..diagnosis._log_words import GAMES
from ..diagnosis._log_words import name as arm_name
from ..diagnosis.logs import LogDiagnosis
from ._chart_bars import interval_picture
from ._page import Cell, Page, Picture, Prose, Section, Table, points, section, table
from ._words import listed, name, plural, spaced, tidy

LINES = ("unexplained", "intent", "capability", "coordination", "conflict")
"""The parts of what observed play loses, in the order in which they lead to the best."""

BOTH = (
    "Two games stand behind each table. The base game with the observed play says what was lost and why; the empirical "
    "game over the agents says which of them principals would send."
)


def log_page(seen: LogDiagnosis) -> Page:
    """The page on diagnosed records."""
    return Page(f"Play recorded in {Path(seen.folder).name}", log_lead(seen), log_sections(seen))


def log_lead(seen: LogDiagnosis) -> str:
    """How much was recorded, where most is lost, what helped most, and where nothing could be gained."""
    games, agents = _games(seen), {agent for arm in seen.arms for agent in arm.points.agents}
    most = max(map(len, games.values()))
    many = f"under up to {plural(most, 'mechanism')}" if most > 1 else "each under one mechanism"
    said = [f"{plural(len(games), 'game')} played by {plural(len(agents), 'agent')}, {many}."]
    lost = {arm.cell.name: 1 - arm.realised.value for arm in seen.arms if arm.realised is not None}
    if lost:
        worst = max((arm for arm in seen.arms if arm.cell.name in lost), key=lambda arm: lost[arm.cell.name])
        share = f"{100 * lost[worst.cell.name]:.0f} % of the possible gain"
        said.append(f"Most is left on the table in {arm_name(worst)}: {share}.")
    return " ".join([*said, *_helped(seen), *_constant(seen)])


def _helped(seen: LogDiagnosis) -> Iterator[str]:
    """Which mechanism mends most, among those that surely do."""
    helped = [(arm, arm.added) for arm in seen.arms if arm.added is not None and (arm.added.low or 0.0) > 0]
    if helped:
        best, more = max(helped, key=lambda pair: pair[0].closed or 0.0)
        points_ = f"{more.value:+.2f} points, interval {_span(more)}"
        closed = f"{100 * (best.closed or 0.0):.0f} %"
        yield f"Most is mended in {arm_name(best)}: {closed} of what play without any mechanism leaves ({points_})."
    elif any(arm.added for arm in seen.arms):
        yield "No mechanism surely helps: every interval includes no difference."


def _constant(seen: LogDiagnosis) -> Iterator[str]:
    """Which games nobody can gain in together."""
    games = list(dict.fromkeys(_in_words(arm.cell.game) for arm in seen.arms if arm.realised is None))
    if games:
        yield f"In {listed(games)} there is nothing to gain: whatever is played, the points add up to the same."


def log_sections(seen: LogDiagnosis) -> tuple[Section, ...]:
    """One section per game, then what was found about the records themselves."""
    sections = [found for game, arms in _games(seen).items() for found in _game(seen, game, arms)]
    records = [finding for finding in seen.findings if finding.topic == "records"]
    sources = dict.fromkeys(f.source for f in seen.findings if f.source and f.topic in ("welfare", "sending"))
    return (
        *sections,
        *section("The records", points(records), Prose(BOTH, aside=True), *(Prose(s, aside=True) for s in sources)),
    )


def _games(seen: LogDiagnosis) -> dict[str, list[Arm]]:
    return {game: list(arms) for game, arms in groupby(seen.arms, key=lambda arm: arm.cell.game)}


def _game(seen: LogDiagnosis, game: str, arms: list[Arm]) -> tuple[Section, ...]:
    cells = {arm.cell.name for arm in arms}
    told = [finding for finding in seen.findings if finding.numbers.get("cell") in cells]
    variants = {arm.cell.name: spaced(arm.cell.variant) for arm in arms}
    told = [_named(finding, variants) if finding.topic == "facets" else finding for finding in told]
    welfare, parts, sending = (
        points(f for f in told if f.topic == topic) for topic in ("welfare", "facets", "sending")
    )
    return section(
        _called(game), welfare, _picture(arms), _welfare(arms), _play(arms), parts, _facets(arms), sending, _sent(arms)
    )


def _named(finding: Finding, variants: dict[str, str]) -> Finding:
    """A finding on one of several mechanisms, with the mechanism in front."""
    variant = variants[finding.numbers["cell"]]
    return finding if len(variants) < 2 else replace(finding, sentence=f"{variant}: {finding.sentence}")


def _picture(arms: list[Arm]) -> Picture | None:
    """Mean points by mechanism; None where all outcomes have the same welfare."""
    if arms[0].realised is None:
        return None
    rows = [(spaced(arm.cell.variant), arm.points.each.value, *_ends(arm.points.each)) for arm in arms]
    marks = [("worst", arms[0].worst), ("best", arms[0].optimum)]
    caption = (
        f"Mean points in {_in_words(arms[0].cell.game)} under each mechanism, with intervals "
        "over models; dashed: the worst and the best outcome of the base game."
    )
    words = "; ".join(f"{variant} {value:.3g}" for variant, value, *_ in rows)
    return interval_picture(rows, marks, "mean points", caption, words)


def _welfare(arms: list[Arm]) -> Table | None:
    """Points with their intervals; how they compare with no mechanism, where that is known."""
    compared = any(arm.added for arm in arms)
    columns = ("mechanism", "mean points", f"{100 * arms[0].points.each.level:.0f} % interval", "of possible gain, %")
    rows = []
    for arm in arms:
        share = None if arm.realised is None else round(100 * arm.realised.value, 1)
        row: tuple[Cell, ...] = (spaced(arm.cell.variant), arm.points.each.value, _span(arm.points.each), share)
        if compared:
            more = arm.added and f"{arm.added.value:+.2f} ({_span(arm.added)})"
            row += (more, None if arm.closed is None else round(100 * arm.closed, 1))
        rows.append((*row, arm.points.each.n))
    more = ("over no mechanism", "gap closed, %") if compared else ()
    return table("What was reached", (*columns, *more, "meetings"), rows)


def _facets(arms: list[Arm]) -> Table | None:
    """The way from the points observed to the best, by cause; nothing where nothing can be gained."""
    rows = [
        (
            spaced(arm.cell.variant),
            f.precision,
            f.observed,
            *(tidy(f.lines.get(line, 0.0), f.stake) for line in LINES),
            f.optimum,
        )
        for arm in arms
        if arm.realised is not None and (f := arm.facets) is not None
    ]
    return table(
        "The base game with the observed play: from the points observed to the best, by cause",
        ("mechanism", "fitted precision", "observed", *LINES, "best"),
        rows,
        note="Precision 0 is blind chance, ∞ perfect play, each for itself. A negative part is one that helped.",
    )


def _play(arms: list[Arm]) -> Table | None:
    """How often each move was played, all agents together."""
    rows = [
        (spaced(arm.cell.variant), name(player), _shares(moves, mixture.tolist()), arm.observed.decisions)
        for arm in arms
        if arm.observed is not None
        for player, moves, mixture in _seats(arm)
    ]
    return table("What was played", ("mechanism", "seat", "share of each move", "decisions"), rows)


def _seats(arm: Arm) -> list:
    game, pooled = arm.cell.base, arm.observed.pooled if arm.observed else ()
    if arm.symmetric:
        return [("every seat", game.moves[0], sum(pooled) / len(pooled))]
    return list(zip(game.players, game.moves, pooled, strict=True))


def _shares(moves: Sequence[str], shares: list[float]) -> str:
    return ", ".join(f"{name(move)} {100 * share:.0f} %" for move, share in zip(moves, shares, strict=True))


def _sent(arms: list[Arm]) -> Table | None:
    """The empirical game: how each agent fares against all, and how often sending it is part of an equilibrium."""
    sent = [(spaced(arm.cell.variant), arm.sending) for arm in arms if arm.sending is not None]
    seats = ["every seat"] if arms[0].symmetric else list(arms[0].cell.base.players)
    agents = list(dict.fromkeys(agent for _, one in sent for agent in one.play.agents))
    return table(
        "The empirical game over the agents: mean points against all, and in brackets how often sending it is stable",
        ("agent", "seat", *(variant for variant, _ in sent)),
        [
            (agent, name(seat), *(_fares(one, k, agent) for _, one in sent))
            for k, seat in enumerate(seats)
            for agent in agents
        ],
        note="Stable: in which share of redraws of the meetings some pure equilibrium sends this agent into this seat.",
    )


def _fares(sent: Sending, seat: int, agent: str) -> str | None:
    if agent not in sent.play.agents:
        return None
    k = sent.play.agents.index(agent)
    return f"{sent.against_all[seat, k]:.2f} ({100 * sent.stable[seat, k]:.0f} %)"


def _ends(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.low, estimate.high


def _span(estimate: Estimate) -> str:
    """An interval in words."""
    if estimate.low is None or estimate.high is None:
        return "one model, no interval"
    return f"{estimate.low:.2f} to {estimate.high:.2f}"


def _in_words(game: str) -> str:
    return GAMES.get(game, spaced(game))


def _called(game: str) -> str:
    """A game by its name, with a capital."""
    words = _in_words(game).removeprefix("the ")
    return words[:1].upper() + words[1:]
