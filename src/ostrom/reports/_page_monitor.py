"""What a report on a monitored log says: the alarms, where to look, and what was looked at and does not stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from ..core.log import Log
from ..core.reading import Reading
from ..core.rooms import in_words
from ..monitors._monitor import Monitoring
from ._chart_evidence import MOST, growth_picture, rows_picture
from ._chart_who import who_picture
from ._page import Block, Cell, Page, Points, Prose, Section, Table, section, table
from ._words import listed, name, number, percent, plural

BASIS = {
    "randomised": "odds that the carrier rolled itself",
    "model-X": "a known law of what is private",
    "observational": "the records alone",
}
QUOTED = 160
"""Letters of a message that are shown."""

ROWS = 24
"""Messages that are shown."""

TAIL = 20
"""Readings that do not stand and are still listed."""

READ = (
    "A p-value says how often evidence at least as strong would come where nothing is going on, for a test that is "
    "made once. An e-value has mean at most 1 there, at any time one looks. What rests on the records alone can have a "
    "cause that nobody recorded."
)


def monitor_page(seen: Monitoring) -> Page:
    """The page on a monitored log."""
    alarms = seen.alarms
    labels = {k: label(reading) for k, reading in enumerate(alarms[:MOST])}
    labels = {k: text if list(labels.values()).count(text) == 1 else f"{text} ({k + 1})" for k, text in labels.items()}
    log = seen.log
    rest = [reading for reading in seen.readings if not any(reading is one for one in alarms)]
    drawn = (
        None if log is None else who_picture(log, alarms),
        None if log is None else rows_picture(labels, alarms, int(log.row.max(initial=1))),
        growth_picture(labels, alarms, len(seen.readings) / seen.level),
    )
    unread = [f"{in_words(one).capitalize()}: {why}" for one, why in seen.unread.items()]
    return Page(
        f"What {_named(seen.source)} shows",
        lead(seen, alarms),
        (
            *section("Alarms", *_alarms(alarms)),
            *section("Where to look", *drawn, None if log is None else _messages(log, alarms)),
            *section("Looked at, and not standing", _table(_tail(rest), rest[:TAIL])),
            *section("Not read", Points(tuple(unread)) if unread else None),
            *_assumed(seen.readings),
        ),
    )


def lead(seen: Monitoring, alarms: Sequence[Reading]) -> str:
    """How much was read, what stands, and how often that is wrong."""
    rows, agents, episodes = seen.size
    read = f"{plural(rows, 'row')} by {plural(agents, 'agent')} in {plural(episodes, 'episode')}. "
    tests = plural(len(seen.readings), "reading")
    if not seen.readings:
        return read + "There was nothing that these monitors could read."
    if not alarms:
        return f"{read}{tests} and no alarm at a false-discovery rate of {percent(seen.level)}."
    top = sorted({risk for reading in alarms for risk in reading.risks})
    risks = f" Risks by name: {listed(top)}." if top else ""
    many = plural(len(alarms), "alarm")
    stands = "stands" if len(alarms) == 1 else "stand"
    return (
        f"{read}Of {tests}, {many} {stands} at a false-discovery rate of {percent(seen.level)}. "
        f"The strongest: {alarms[0].sentence}{risks}"
    )


def label(reading: Reading) -> str:
    """A reading in a few words: monitor, who, and where."""
    who = " → ".join(map(name, reading.who[:3])) + (" …" if len(reading.who) > 3 else "")
    where = ", ".join(name(str(value)) for value in reading.where.values())
    return ", ".join(part for part in (in_words(reading.monitor), who, where) if part)


def _named(source: str) -> str:
    """The last part of a path, or the words that it is."""
    return name(PurePath(source).name or source)


def _alarms(alarms: Sequence[Reading]) -> tuple[Block | None, ...]:
    if not alarms:
        return ()
    sentences = Points(tuple(dict.fromkeys(reading.sentence for reading in alarms)))
    return sentences, _table("What stands", alarms), Prose(READ, aside=True)


def _table(caption: str, readings: Sequence[Reading]) -> Table | None:
    heads = ("reading", "effect", "95 % interval", "evidence", "n", "rests on", "risk")
    rows: list[tuple[Cell, ...]] = []
    for one in readings:
        interval = None if one.interval is None else f"{number(one.interval[0])} … {number(one.interval[1])}"
        effect = f"{number(one.effect)} {one.unit}"
        rows.append((label(one), effect, interval, evidence(one), one.n, BASIS[one.basis], listed(one.risks) or None))
    return table(caption, heads, rows)


def evidence(reading: Reading) -> str:
    """The p-value or e-value as people write it."""
    if reading.e is not None:
        return f"e = {number(reading.e)}" if reading.e < 1e6 else f"e = {reading.e:.1e}"
    p = reading.p or 1.0
    return f"p = {number(p, 2)}" if p >= 1e-3 else f"p = {p:.1e}"


def _tail(rest: Sequence[Reading]) -> str:
    return f"The {TAIL} strongest of {len(rest)}" if len(rest) > TAIL else "What else was looked at"


def _messages(log: Log, alarms: Sequence[Reading]) -> Table | None:
    """The rows that alarms point to, those of the strongest first, with what was said and known."""
    wanted = list(dict.fromkeys(row for reading in alarms for row in reading.rows[:6]))[:ROWS]
    order = np.argsort(log.row, kind="stable")
    at = np.searchsorted(log.row[order], wanted)
    rows: list[tuple[Cell, ...]] = []
    for row, place in zip(wanted, at, strict=True):
        if place < len(order) and log.row[order[place]] == row:
            rows.append(_row(log, row, int(order[place])))
    return table("Rows to read", ("row", "who", "to", "channel", "said or did", "was shown"), rows)


def _row(log: Log, number_: int, k: int) -> tuple[Cell, ...]:
    receivers = log.get("receivers")[k]
    said = log.get("message")[k]
    done = log.get("action")[k]
    words = _cut(str(said)) if said is not None else "" if done is None else _cut(str(done))
    seen = {
        n.partition(".")[2] or n: column[k]
        for n, column in log.columns.items()
        if n.startswith("observation") and column.codes[k] >= 0
    }
    shown = ", ".join(f"{field} = {value}" for field, value in seen.items())
    to = "everybody" if receivers is None and said is not None else ", ".join(receivers or ())
    return str(number_), name(log.get("agent")[k] or "the carrier"), to, log.get("channel")[k], words, _cut(shown)


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def _assumed(readings: Sequence[Reading]) -> tuple[Section, ...]:
    """What the readings assume, each said once, and where the methods come from."""
    assumed = dict.fromkeys(f"{in_words(r.monitor).capitalize()}: {r.assumes}" for r in readings if r.assumes)
    sources = dict.fromkeys(r.source for r in readings if r.source)
    return section(
        "What this rests on",
        Points(tuple(assumed)) if assumed else None,
        *(Prose(source, aside=True) for source in sources),
    )
