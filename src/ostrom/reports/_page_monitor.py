"""What a report on a monitored log says: the alarms, where to look, and what was looked at and does not stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from ..core.reading import Reading
from ..core.rooms import in_words
from ..monitors._exchanges import LEAST
from ..monitors._monitor import Monitoring
from ._chart_evidence import MOST, growth_picture, rows_picture
from ._chart_signs import signs_picture
from ._chart_who import who_picture
from ._monitor_groups import KINDS, Found, gathered, risks, sentences, steps
from ._monitor_rows import one_line, plainly, rows_to_read
from ._page import Block, Cell, Page, Points, Prose, Section, Table, section, table
from ._words import listed, name, number, percent, plural, told_apart

BASIS = {
    "randomised": "odds that the carrier rolled itself",
    "model-X": "a known law of what is private",
    "observational": "the records alone",
}
TAIL = 20
"""Readings that do not stand and are still listed."""

TOLD = 3
"""Findings that the paragraph on top tells."""

P_VALUES = (
    "A p-value says how often evidence at least as strong would come where nothing is going on, for a test that is "
    "made once."
)
E_VALUES = (
    "An e-value says the same at whatever time one looks: 20 is as rare by chance as p = 0.05 would be, 1,000 as "
    "p = 0.001."
)
UNRECORDED = "What rests on the records alone can have a cause that nobody recorded."


def monitor_page(seen: Monitoring) -> Page:
    """The page on a monitored log."""
    alarms, log = seen.alarms, seen.log
    found = gathered(alarms)
    found = found if log is None else tuple(replace(one, plainly=plainly(log, one)) for one in found)
    labels = _labels(alarms[:MOST], [] if log is None else log.agents)
    rest = [reading for reading in seen.readings if not any(reading is one for one in alarms)]
    drawn = (
        None if log is None or not found else signs_picture(log, found[0]),
        None if log is None else who_picture(log, alarms),
        None if log is None else rows_picture(labels, alarms, int(log.row.max(initial=1))),
        growth_picture(labels, alarms, len(seen.readings) / seen.level),
    )
    unread = [f"{in_words(one).capitalize()}: {why}" for one, why in seen.unread.items()]
    few, agents = seen.unheard
    if few:
        unread.insert(
            0, f"{few:,} of {plural(agents, 'agent')} with fewer than {LEAST} rows: too few to be looked at one by one."
        )
    return Page(
        f"What {_named(seen.source)} shows",
        lead(seen, found),
        (
            *section("What to do next", Points(("Read the rows below.", *steps(found))) if found else None),
            *section("Alarms", *_alarms(alarms)),
            *section("Where to look" if found else "Who says what to whom", *drawn),
            *section("Rows to read", *([] if log is None else rows_to_read(log, found))),
            *section("Looked at, and not standing", _nothing(rest)),
            *section("Not read", Points(tuple(unread)) if unread else None),
            *_assumed(seen.readings),
        ),
    )


def lead(seen: Monitoring, found: Sequence[Found]) -> str:
    """How much was read, what stands, and how often that is wrong."""
    rows, agents, episodes = seen.size
    read = f"{plural(rows, 'row')} by {plural(agents, 'agent')} in {plural(episodes, 'episode')}. "
    tests, rate = plural(len(seen.readings), "reading"), f"at a false-discovery rate of {_rate(seen.level)}"
    if not seen.readings:
        return read + "There was nothing that these monitors could read."
    if not found:
        return f"{read}{tests} and no alarm {rate}.{UNTOLD if _untold(seen) else ''}"
    alarms = [reading for one in found for reading in one.readings]
    top = risks(alarms)
    named = f" Risks by name: {listed(top)}." if top else ""
    many, stands = plural(len(alarms), "alarm"), "stands" if len(alarms) == 1 else "stand"
    told = sentences(found)
    more = f" {plural(len(told) - TOLD, 'finding')} more below." if len(told) > TOLD else ""
    shown = one_line(" ".join(told[:TOLD]))
    return (
        f"{read}Of {tests}, {many} {stands} {rate}. {shown}{more}{named} Whether this is meant, the log does not tell."
    )


UNTOLD = " What was said was not read for what it tells: “Not read” says what that would need."


def _untold(seen: Monitoring) -> bool:
    """Whether there are messages in which no monitor looked for what they tell."""
    asked = {"Channels", "NewProtocol", "HalfConversation"}
    read = any(reading.monitor in asked for reading in seen.readings)
    return not read and "Channels" in seen.unread and seen.log is not None and "message" in seen.log.columns


def _rate(level: float) -> str:
    return percent(level) if level >= 1e-4 else f"1 in {number(1 / level, 3)}"


def _labels(alarms: Sequence[Reading], agents: Sequence[str]) -> dict[int, str]:
    """What each alarm is called in pictures, no two alike: names of agents are shortened so that they still differ."""
    short = told_apart(dict.fromkeys([*agents, *(one for reading in alarms for one in reading.who)]))
    labels = [label(reading, short) for reading in alarms]
    return {k: text if labels.count(text) == 1 else f"{text} ({k + 1})" for k, text in enumerate(labels)}


def label(reading: Reading, short: Mapping[str, str] | None = None) -> str:
    """A reading in a few words: monitor, who, and where; `short` are names to use for some agents."""
    called = [name((short or {}).get(one, one)) for one in reading.who[:3]]
    way = " and " if KINDS.get(in_words(reading.monitor)) == "together" else " → "
    who = one_line(way.join(called)) + (" …" if len(reading.who) > 3 else "")
    where = one_line(", ".join(name(str(value).removeprefix("observation.")) for value in reading.where.values()))
    return ", ".join(part for part in (in_words(reading.monitor), who, where) if part)


def _named(source: str) -> str:
    """The last part of a path, or the words that it is."""
    return name(PurePath(source).name or source)


def _alarms(alarms: Sequence[Reading]) -> tuple[Block | None, ...]:
    if not alarms:
        return ()
    told = Points(tuple(dict.fromkeys(one_line(reading.sentence) for reading in alarms)))
    kinds = ((P_VALUES, [one.p for one in alarms]), (E_VALUES, [one.e for one in alarms]))
    read = [words for words, values in kinds if any(value is not None for value in values)]
    alone = any(one.basis == "observational" for one in alarms)
    return told, _standing(alarms), Prose(" ".join((*read, *([UNRECORDED] if alone else ()))), aside=True)


def _standing(readings: Sequence[Reading]) -> Table | None:
    """What stands; on what it rests is said below where it is the same for all."""
    same = len({one.basis for one in readings}) == 1
    heads = ("reading", "evidence", "effect", "n", *(() if same else ("rests on",)), "risk")
    rows: list[tuple[Cell, ...]] = []
    for one in readings:
        rests = () if same else (BASIS[one.basis],)
        rows.append((label(one), evidence(one), _effect(one), one.n, *rests, listed(risks([one])) or None))
    if not any(row[-1] for row in rows):
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    note = f"All of it rests on {BASIS[readings[0].basis]}." if same else ""
    return table("What stands, with 95 % intervals", heads, rows, note=note)


def _effect(one: Reading) -> str:
    """The effect with its unit and interval, in three digits."""
    low, high = one.interval or (None, None)
    interval = "" if low is None or high is None else f" ({_figure(low)} to {_figure(high)})"
    return f"{_figure(one.effect)} {one.unit}{interval}"


def _figure(value: float) -> str:
    return number(value if abs(value) >= 1e-12 else 0.0, 3)


def _nothing(rest: Sequence[Reading]) -> Table | None:
    """The readings that do not stand: which, how strong, and on how much."""
    many = f" (the {TAIL} strongest of {len(rest)})" if len(rest) > TAIL else ""
    caption = f"Nothing of this stands when all are looked at together{many}"
    return table(caption, ("reading", "evidence", "n"), [(label(one), evidence(one), one.n) for one in rest[:TAIL]])


def evidence(reading: Reading) -> str:
    """The p-value or e-value as people write it."""
    if reading.e is not None:
        return f"e = {_figure(reading.e)}" if reading.e < 1e6 else f"e = {reading.e:.0e}"
    p = reading.p or 1.0
    return f"p = {number(p, 2)}" if p >= 1e-4 else f"p = {p:.0e}"


def _assumed(readings: Sequence[Reading]) -> tuple[Section, ...]:
    """What the readings assume, each said once, and where the methods come from."""
    assumed = dict.fromkeys(f"{in_words(r.monitor).capitalize()}: {r.assumes}" for r in readings if r.assumes)
    sources = dict.fromkeys(r.source for r in readings if r.source)
    return section(
        "What this rests on",
        Points(tuple(assumed)) if assumed else None,
        *(Prose(source, aside=True) for source in sources),
    )
